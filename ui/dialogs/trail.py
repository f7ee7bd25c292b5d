"""The audit trail: everything that was done to the store, in the order it was done, and whether it is whole."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from planner.model.civil import clinical_date
from planner.model.revision import TrailLine
from planner.services.sheet_titles import SHEET_TITLES
from ui.edit_names import edit_words
from ui.models.rows_model import Column, RowsModel
from ui.rows.table import RowTable
from ui.rows.words import plain_label
from ui.tongue import say

WORDS = (
    "Each line is chained to the one before it: one that is changed, taken out or put in is found. None can be edited."
)


def when_text(one: TrailLine) -> str:
    """Moment in UTC with the offset of the clock that wrote it."""
    try:
        at = datetime.fromisoformat(one.at)
        moment = f"{clinical_date(at.date())} {at:%H:%M:%S}"
    except ValueError:
        moment = one.at  # a damaged line shows what it holds
    return f"{moment}{f' ({one.zone})' if one.zone else ''}"


def state_text(one: TrailLine) -> str:
    """Damaged, erased, or nothing to say."""
    return say("DAMAGED") if one.damaged else say("erased") if one.erased else ""


ACTS = {
    "save": "saved",
    "elsewhere": "changed elsewhere before",
    "print": "printed",
    "export": "exported",
    "void": "deleted",
    "unvoid": "taken back",
    "erase": "patient erased",
    "restore": "backup put back",
    "upgrade": "store upgraded",
    "passphrase": "protection",
}
"""The acts that the store keeps, in words."""


def act_text(one: TrailLine) -> str:
    """What kind of thing was done."""
    return say(ACTS.get(one.kind, one.kind))


def what_text(one: TrailLine) -> str:
    """What was done: an edit, a sheet; a reason is somebody's own words."""
    return edit_words(SHEET_TITLES.get(one.what, one.what) if one.kind == "print" else one.what)


TRAIL_COLUMNS = (
    Column("No.", lambda one: str(one.number), figures=True),
    Column("UTC (offset)", when_text),
    Column("By", lambda one: one.who or say("nobody named")),
    Column("Act", act_text, tip=lambda one: one.kind),
    Column("Plan", lambda one: one.plan_id, tip=lambda one: one.plan_id),
    Column("State", lambda one: str(one.counter or ""), figures=True),
    Column("What", what_text, tip=what_text),
    Column("Found", state_text),
)
WIDTHS = (48, 216, 128, 168, 80, 48, 0, 72)


class TrailDoors(NamedTuple):
    """What the page asks: lines of the trail (of one plan or of all), a check of everything, a table as a file.

    `check` and `export` answer later, with sentences.
    """

    lines: Callable[[bool], Sequence[TrailLine]]
    check: Callable[[Callable[..., None]], None]
    export: Callable[[str, bool], str]


class TrailDialog(QDialog):
    """Shows the newest lines first. `exported` carries the file."""

    exported = Signal(str)

    def __init__(self, doors: TrailDoors, *, has_plan: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Audit trail")
        self._doors = doors
        self.table = RowTable(RowsModel(TRAIL_COLUMNS, lambda one: one.number, self), "Audit trail")
        self.only = QCheckBox("Only the open plan")
        self.only.setEnabled(has_plan)
        self.check, self.export = QPushButton("Compare everything"), QPushButton("Export…")
        self.check.setToolTip(say("Read every plan and every line and compare them with their checksums"))
        self.told = plain_label()
        self.told.setAccessibleName("What the comparison found")
        self.told.hide()
        self._lay_out()
        self.only.toggled.connect(self._show)
        self.check.clicked.connect(self._check)
        self.export.clicked.connect(self._ask_file)
        self.resize(1160, 600)
        self._show()

    def export_to(self, file: str) -> None:
        """Write the lines that are asked for as a table."""
        self._tell(self._doors.export(file, self.only.isChecked()), wrong=False)
        self.exported.emit(file)
        self._show()

    def _lay_out(self) -> None:
        self.table.set_widths(WIDTHS)
        row = QHBoxLayout()
        row.addWidget(self.only)
        row.addStretch(1)
        for button in (self.check, self.export):
            row.addWidget(button)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        self.told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(12)
        column.addWidget(plain_label("Audit trail", "title"))
        column.addWidget(plain_label(WORDS, "muted"))
        column.addLayout(row)
        column.addWidget(self.table, 1)
        column.addWidget(self.told)
        column.addWidget(buttons)
        buttons.button(QDialogButtonBox.StandardButton.Close).setDefault(True)  # once it stands in the dialog

    def _show(self) -> None:
        self.table.show_rows(tuple(self._doors.lines(self.only.isChecked())))

    def _check(self) -> None:
        self.check.setEnabled(False)
        self._tell(say("Comparing …"), wrong=False)
        self._doors.check(self._found)

    def _found(self, words: str, *, wrong: bool) -> None:
        if not isValid(self):
            return  # closed while everything was being compared
        self.check.setEnabled(True)
        self._tell(words, wrong=wrong)

    def _tell(self, words: str, *, wrong: bool) -> None:
        self.told.setText(words)
        self.told.setProperty("tone", "wrong" if wrong else "")
        self.told.style().polish(self.told)
        self.told.show()

    def _ask_file(self) -> None:
        dialog = QFileDialog(self, say("Export the audit trail"), "audit-trail.csv", "CSV (*.csv)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.fileSelected.connect(self.export_to)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
