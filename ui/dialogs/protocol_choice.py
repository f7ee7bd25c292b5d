"""Which protocol goes on the plan, when it starts, and what was chosen where sources or sites differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QScrollArea,
    QSpinBox,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from planner.model.library import Library, ShelvedProtocol
from planner.model.patient import Patient
from planner.model.plan import BlockStart
from planner.model.protocol import Protocol
from planner.services.catalogue import search
from ui.dialogs.date_field import DateField
from ui.dialogs.form import Question, form_layout, line, plain_label
from ui.models.catalogue_list import CATALOGUE_COLUMNS
from ui.models.rows_model import RowsModel

WHOLE = "Whole course"


@dataclass(frozen=True, slots=True)
class Placement:
    """The answer: a protocol, whole or one phase of it, its start, its choices."""

    shelved: ShelvedProtocol
    phase: str
    start: BlockStart
    choices: Mapping[str, str]


class ProtocolDialog(Question):
    """Asks what to place. `blocks` are (id, title) of the plan's blocks, the last one first offered to start after."""

    def __init__(
        self,
        library: Library,
        chosen: str,
        patient: Patient,
        blocks: Sequence[tuple[str, str]],
        today: date,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("Add a protocol to the plan", "Add to plan", parent)
        self._patient, self._today = patient, today
        self._library = library
        self._blocks = tuple(blocks)
        self._variants: dict[str, QComboBox] = {}
        self.search = line("Search protocols", hint="Search by name, disease or drug")
        self.model = RowsModel(CATALOGUE_COLUMNS, key=lambda one: one.protocol.id, parent=self)
        self.list = self._list()
        self.details = plain_label()
        self.phase, self.after = QComboBox(), QComboBox()
        self.day = DateField("Start date", today)
        self.gap = QSpinBox()
        self.options = form_layout()
        self._lay_out()
        self.search.textChanged.connect(self._filter)
        self.list.selectionModel().currentRowChanged.connect(self._show_choice)
        self.after.currentIndexChanged.connect(self._show_start)
        self._filter("")
        self._choose(chosen)
        self._show_start()
        self.resize(860, 560)
        (self.day if chosen else self.search).setFocus()

    def chosen(self) -> ShelvedProtocol | None:
        """The selected protocol."""
        row = self.list.currentIndex().row()
        return self.model.rows[row] if 0 <= row < len(self.model.rows) else None

    def placement(self) -> Placement | None:
        """The answer; None while it is not complete."""
        shelved = self.chosen()
        if shelved is None or self.find_problems():
            return None
        return Placement(shelved, self.phase.currentData() or "", self._start(), self._choices())

    def find_problems(self) -> tuple[str, ...]:
        if self.chosen() is None:
            return ("Choose a protocol in the list.",)
        if self.after.currentIndex() == 0 and self.day.problem:
            return (f"Start date: {self.day.problem}.",)
        return ()

    def _start(self) -> BlockStart:
        if self.after.currentIndex() == 0:
            return BlockStart(on=self.day.day)
        return BlockStart(after=self.after.currentData(), gap_days=self.gap.value())

    def _choices(self) -> dict[str, str]:
        return {variant: box.currentData() for variant, box in self._variants.items()}

    def _list(self) -> QTableView:
        view = QTableView()
        view.setModel(self.model)
        view.setAccessibleName("Protocols")
        view.horizontalHeader().hide()
        view.verticalHeader().hide()
        view.horizontalHeader().setStretchLastSection(True)
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setTabKeyNavigation(False)
        return view

    def _lay_out(self) -> None:
        self.phase.setAccessibleName("Whole course or one phase")
        self.after.setAccessibleName("Starts")
        self.after.addItem("on a date", "")
        for block, title in self._blocks:
            self.after.addItem(f"after {title}", block)
        self.gap.setAccessibleName("Days between")
        self.gap.setRange(-60, 730)
        self.gap.setSuffix(" days later")
        starts = QHBoxLayout()
        for part in (self.after, self.day, self.gap):
            starts.addWidget(part)
        starts.addStretch(1)
        self.options.addRow("&Place", self.phase)
        self.options.addRow("&Starts", starts)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(self.details)
        self.details.setAlignment(Qt.AlignmentFlag.AlignTop)
        left, right = QVBoxLayout(), QVBoxLayout()
        left.addWidget(self.search)
        left.addWidget(self.list, 1)
        right.addWidget(area, 1)
        right.addLayout(self.options)
        columns = QHBoxLayout()
        columns.setSpacing(24)
        columns.addLayout(left, 2)
        columns.addLayout(right, 3)
        self.body.addLayout(columns)

    def _filter(self, text: str) -> None:
        before = self.chosen()
        self.model.show(search(self._library, text))
        self._choose(before.protocol.id if before else "")

    def _choose(self, protocol_id: str) -> None:
        row = max(0, self.model.row_of(protocol_id))
        if self.model.rows:
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.list.selectionModel().setCurrentIndex(self.model.index(row, 0), flags)
        self._show_choice()

    def _show_start(self) -> None:
        dated = self.after.currentIndex() == 0
        self.day.setVisible(dated)
        self.gap.setVisible(not dated)

    def _show_choice(self) -> None:
        shelved = self.chosen()
        while self.options.rowCount() > 2:
            self.options.removeRow(2)
        self._variants = {}
        self.phase.clear()
        self.ok.setEnabled(shelved is not None)
        if shelved is None:
            self.details.setText("No protocol is found by these words.")
            return
        self.details.setText(protocol_text(shelved, self._patient, self._today))
        self.phase.addItem(WHOLE, "")
        for phase in shelved.protocol.phases:
            self.phase.addItem(f"only {phase.title}", phase.id)
        self._add_variants(shelved.protocol, self.options)

    def _add_variants(self, protocol: Protocol, form: QFormLayout) -> None:
        for variant in protocol.variants:
            box = QComboBox()
            box.setAccessibleName(variant.question)
            for choice in variant.choices:
                sources = f" [{', '.join(choice.references)}]" if choice.references else ""
                box.addItem(f"{choice.title}{sources}", choice.id)
            box.setCurrentIndex(max(0, box.findData(variant.default)))
            label = plain_label(variant.question)
            label.setMaximumWidth(180)
            form.addRow(label, box)
            self._variants[variant.id] = box


def protocol_text(shelved: ShelvedProtocol, patient: Patient, today: date) -> str:
    """What has to be known before choosing: for whom, how well supported, and whether this patient meets the entry."""
    protocol = shelved.protocol
    lines = [protocol.title, f"Version {protocol.version}, {protocol.status.value}. {protocol.summary}".strip(), ""]
    lines += [f"For: {protocol.disease}. {protocol.population}"]
    lines += [f"Use: {protocol.use}"] if protocol.use else []
    lines += [f"Weakest evidence of any item: {protocol.weakest_evidence.value}"]
    facts = patient.facts_on(today)
    words = {True: "meets", False: "DOES NOT MEET", None: "cannot tell"}
    if protocol.entry:
        lines += ["", "Entry, for this patient:"]
        lines += [f"  {words[condition.holds(facts)]}: {text}" for condition, text in protocol.entry]
    lines += ["", "Course:"]
    lines += [f"  {phase.title}, {phase.cycles} × {phase.cycle_days} days" for phase in protocol.phases]
    lines += ["", "Sources:"]
    lines += [f"  {reference.id}: {reference.text}" for reference in protocol.references]
    return "\n".join(lines)
