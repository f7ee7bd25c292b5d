"""Which protocol goes on the plan, when it starts, and what was chosen where sources or sites differ."""

from collections.abc import Mapping
from datetime import date

from msgspec import Struct
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from planner.model.condition import Condition, Fact
from planner.model.library import Library, ShelvedProtocol
from planner.model.patient import Patient
from planner.model.plan import BlockStart
from planner.model.protocol import Protocol
from planner.model.schedule import Schedule
from planner.services.catalogue import search
from planner.services.telling.placed_after import after_what_was_stopped, far_from_the_rest, one_day_zero
from planner.services.verbs.reasons import Why
from ui.dialogs.choice_box import ChoiceBox, StillSpin
from ui.dialogs.date_field import DateField
from ui.dialogs.form import Question, count_days, form_layout, room_on, sentence
from ui.dialogs.why_row import WhyRow
from ui.models.catalogue_list import CATALOGUE_COLUMNS
from ui.rows.searched_list import SearchedList
from ui.rows.words import plain_label
from ui.theme import Theme
from ui.tongue import say, sentence_words, weekday_date

WHOLE = "Whole course"

LETTERS = 10
"""That a choice shows at least; the whole of it in its tip."""
TWO_LINES = 38
"""Px of a title of two lines: the fields under it stay where they are, whichever protocol is chosen."""


class Placement(Struct, frozen=True):
    """The answer: a protocol, whole or one phase of it, its start, its choices, and why, where somebody said so."""

    shelved: ShelvedProtocol
    phase: str
    start: BlockStart
    choices: Mapping[str, str]
    why: Why | None


ON_A_DATE = 136
"""Px of the choice how a start is given, where it names no block: behind the date its weekday needs the room."""
AMID = "It starts today, while {block} goes on to {day}. Is it meant so?"


class ProtocolDialog(Question):
    """Asks what to place, and where in the course: on a day, or after one of its blocks, the last of them first."""

    _dated = False
    """Whether somebody gave the day, or left it as offered."""

    def __init__(
        self,
        library: Library,
        chosen: str,
        patient: Patient,
        course: Schedule,
        *,
        today: date,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("Add a protocol to the plan", "Add to plan", parent)
        self._patient, self._today = patient, today
        self._library = library
        self._course = course
        self._blocks = tuple(reversed(course.blocks))
        self._variants: dict[str, QComboBox] = {}
        self.list = SearchedList(
            "Protocols", "Name, disease or drug", CATALOGUE_COLUMNS, key=_protocol_id, take="Choose", theme=theme
        )
        self.list.button.hide()
        self.list.fit_each()
        self.headline = plain_label(tone="title")
        self.headline.setMinimumHeight(TWO_LINES)
        self.headline.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.details = plain_label()
        self.phase, self.after = _choice(LETTERS), _choice(LETTERS)
        self.day = DateField("Start date", today)
        self.gap = StillSpin(-60, 730, "Days between")
        self._offered = 0
        """The days between that stand there until somebody changes them."""
        self.falls_on, self.beside = plain_label(tone="muted"), plain_label(tone="muted")
        self.why = WhyRow()
        self.options = form_layout()
        self.variants = QVBoxLayout()
        self.variants.setSpacing(4)
        self.differ = plain_label("Where sources or sites differ", "heading")
        self._lay_out()
        self.list.table.chosen.connect(self._show_choice)
        self.list.search.textChanged.connect(self._keep_choice)
        self.list.taken.connect(self._take)
        self.after.currentIndexChanged.connect(self._offer_gap)
        self.phase.currentIndexChanged.connect(self._offer_gap)
        self.gap.valueChanged.connect(self._show_start)
        self.list.show_found(lambda words: search(library, words), "There is no protocol.")
        self.list.table.select_key(chosen or self.list.model.key_at(0))
        self._show_choice()
        self._show_start()
        self.resize(860, 560)
        (self.day if chosen else self.list.search).setFocus()

    def chosen(self) -> ShelvedProtocol | None:
        """The selected protocol."""
        row: ShelvedProtocol | None = self.list.table.row()
        return row

    def placement(self) -> Placement | None:
        """The answer; None while it is not complete."""
        shelved = self.chosen()
        if shelved is None or self.find_problems():
            return None
        return Placement(shelved, self.phase.currentData() or "", self._start(), self._choices(), self.why.why())

    def find_problems(self) -> tuple[str, ...]:
        if self.chosen() is None:
            return ("Choose a protocol in the list.",)
        if self.after.currentIndex() == 0 and self.day.problem:
            return (say("Start date: {problem}.", problem=self.day.problem),)
        if self.after.currentIndex() > 0 and (problem := self.gap.problem()):
            return (problem,)
        return ()

    def find_doubts(self) -> tuple[str, ...]:
        day = self.day.day if self.after.currentIndex() == 0 else None
        doubt = far_from_the_rest(self._course, day) if day and self._blocks else ""
        return tuple(sentence_words(one) for one in (doubt, self._amid(day)) if one)

    def _amid(self, day: date | None) -> str:
        """That it starts today, as offered, while the course goes on: Enter twice put a graft into an induction."""
        goes_on = [one for one in self._blocks if day and one.start <= day.toordinal() < one.end - 1]
        if not goes_on or self._dated:
            return ""
        block = max(goes_on, key=lambda one: one.end)
        return say(AMID, block=block.title, day=weekday_date(block.end - 1))

    def _note_day(self) -> None:
        self._dated = True

    def _start(self) -> BlockStart:
        if self.after.currentIndex() == 0:
            return BlockStart(on=self.day.day)
        return BlockStart(after=self.after.currentData(), gap_days=self.gap.value())

    def _choices(self) -> dict[str, str]:
        return {variant: box.currentData() for variant, box in self._variants.items()}

    def _lay_out(self) -> None:
        self.day.changed.connect(self._note_day)
        self.phase.setAccessibleName(say("Whole course or one phase"))
        self.after.setAccessibleName("Starts")
        self.after.addItem("on a date", "")
        for block in self._blocks:
            self.after.addItem(say("after {what}", what=block.title), block.id)
        count_days(self.gap, "day later", "days later")
        starts = QHBoxLayout()
        starts.setSpacing(8)
        for part in (self.after, self.day, self.gap):
            starts.addWidget(part, 1 if part is self.after else 0)
        starts.addStretch(0)
        self.options.addRow("&Place", self.phase)
        self.options.addRow("Starts", starts)
        self.options.addRow("", self.falls_on)
        self.options.addRow("", self.beside)
        self.options.addRow("&Reason", self.why)
        self.options.setRowVisible(self.why, bool(self._blocks))  # nobody asks why a course begins
        self.headline.setContentsMargins(8, 0, 0, 0)
        self.options.setContentsMargins(8, 0, 24, 0)  # in line with what scrolls below, beside its bar
        right = QVBoxLayout()
        right.setSpacing(12)
        right.addWidget(self.headline)
        right.addLayout(self.options)
        right.addWidget(self._scrolled(), 1)
        columns = QHBoxLayout()
        columns.setSpacing(24)
        self.list.setFixedWidth(min(280, room_on(self.screen()).width() * 3 // 10))
        self.list.layout_column.setContentsMargins(0, 0, 0, 0)
        columns.addWidget(self.list)
        columns.addLayout(right, 1)
        self.body.addLayout(columns)

    def _scrolled(self) -> QScrollArea:
        """What may be long: the points to choose, then all about the protocol."""
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(8, 4, 12, 4)  # clear of the frame it has while it has the keys
        column.setSpacing(8)
        column.addWidget(self.differ)
        column.addLayout(self.variants)
        column.addWidget(plain_label("About this protocol", "heading"))
        column.addWidget(self.details)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(page)
        area.setAccessibleName(say("About this protocol"))
        return area

    def _keep_choice(self) -> None:
        """After a search: the chosen protocol where it is still in the list, else the first."""
        if self.chosen() is None:
            self.list.table.select_key(self.list.model.key_at(0))
        self._show_choice()

    def _take(self, shelved: ShelvedProtocol) -> None:
        """Enter in the list chooses and goes on to the start date."""
        self.list.table.select_key(shelved.protocol.id)
        self._show_choice()
        self.day.line.selectAll()
        self.day.setFocus()

    def _show_start(self) -> None:
        dated = self.after.currentIndex() == 0
        self.day.setVisible(dated)
        self.gap.setVisible(not dated)
        self.after.setMaximumWidth(ON_A_DATE if dated else self.maximumWidth())
        ends = 0 if dated else self._blocks[self.after.currentIndex() - 1].end
        self.falls_on.setText("" if dated else weekday_date(ends + self.gap.value()))
        self.options.setRowVisible(self.falls_on, not dated)
        told = () if dated else (self._one_day_zero() if self.gap.value() < 0 else "", self._behind_a_stop())
        self.beside.setText("\n".join(sentence(sentence_words(one)) for one in told if one))
        self.options.setRowVisible(self.beside, bool(self.beside.text()))

    def _offer_gap(self) -> None:
        """Right behind that block, but on its last day where both count from one Day 0, as from a graft."""
        offer, before = -1 if self._one_day_zero() else 0, self._offered
        self._offered = offer
        if self.gap.value() == before:
            self.gap.setValue(offer)
        self._show_start()

    def _one_day_zero(self) -> str:
        shelved, name = self.chosen(), self.phase.currentData()
        phases = shelved.protocol.phases if shelved else ()
        first = next((one for one in phases if name in ("", one.id)), None)
        return one_day_zero(self._course, BlockStart(after=self.after.currentData()), first) if first else ""

    def _behind_a_stop(self) -> str:
        return after_what_was_stopped(self._course, self._start())

    def _show_choice(self) -> None:
        shelved = self.chosen()
        while (item := self.variants.takeAt(0)) is not None:
            widget = item.widget()
            if widget:
                widget.hide()
                widget.deleteLater()
        self._variants = {}
        self.phase.clear()
        self.ok.setEnabled(shelved is not None)
        if shelved is None:
            self.headline.setText("")
            self.details.setText(say("No protocol is found by these words."))
            return
        self.headline.setText(shelved.protocol.title)
        self.details.setText(protocol_text(shelved, self._patient, self._today))
        self.phase.addItem(say(WHOLE), "")
        for phase in shelved.protocol.phases:
            self.phase.addItem(say("only {what}", what=phase.title), phase.id)
        self.differ.setVisible(bool(shelved.protocol.variants))
        self._add_variants(shelved.protocol)

    def _add_variants(self, protocol: Protocol) -> None:
        for variant in protocol.variants:
            box = _choice()
            box.setAccessibleName(variant.question)
            for choice in variant.choices:
                sources = f" [{', '.join(choice.references)}]" if choice.references else ""
                box.addItem(f"{choice.title}{sources}", choice.id)
            box.setCurrentIndex(max(0, box.findData(variant.default)))
            self.variants.addWidget(plain_label(variant.question))
            self.variants.addWidget(box)
            self._variants[variant.id] = box


def _choice(letters: int = 0) -> ChoiceBox:
    """A box that makes the dialog no wider than a small screen, however long what it offers is called."""
    box = ChoiceBox()
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(letters)
    return box


def protocol_text(shelved: ShelvedProtocol, patient: Patient, today: date) -> str:
    """What has to be known before choosing: for whom, how well supported, and whether this patient meets the entry."""
    protocol = shelved.protocol
    version = say("Version {version}, {status}", version=protocol.version, status=say(protocol.status.value))
    lines = [f"{version}. {protocol.summary}".strip(), ""]
    lines += [say("For: {whom}", whom=f"{protocol.disease}. {protocol.population}")]
    lines += [say("Use: {use}", use=protocol.use)] if protocol.use else []
    lines += [say("Weakest evidence of any item: {evidence}", evidence=say(protocol.weakest_evidence.value))]
    facts = patient.facts_on(today)
    if protocol.entry:
        lines += ["", say("Entry, for this patient:")]
        lines += [f"  {_entry_word(condition, facts)}: {text}" for condition, text in protocol.entry]
    lines += ["", say("Course:")]
    lines += [
        f"  {phase.title}, {say('{cycles} × {days} days', cycles=phase.cycles, days=phase.cycle_days)}"
        for phase in protocol.phases
    ]
    lines += ["", say("Sources:")]
    lines += [f"  {reference.id}: {reference.text}" for reference in protocol.references]
    return "\n".join(lines)


def _entry_word(condition: Condition, facts: Mapping[str, Fact]) -> str:
    """What the recorded facts say about a criterion; one without a condition is for people to judge."""
    if not condition:
        return say("for you to check")
    return say({True: "met", False: "NOT MET", None: "cannot tell, not recorded"}[condition.holds(facts)])


def _protocol_id(shelved: ShelvedProtocol) -> str:
    return shelved.protocol.id
