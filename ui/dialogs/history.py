"""The saved states of a plan: when, who, what; what differs from the plan as it stands; and the way back."""

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QScrollArea, QSplitter, QWidget

from planner.errors import KnownError
from planner.model.civil import clinical_date
from planner.model.revision import Revision
from ui.dialogs.form import Question
from ui.edit_names import edit_words
from ui.models.rows_model import Column, RowsModel
from ui.problem_words import error_words
from ui.rows.table import RowTable
from ui.rows.words import plain_label
from ui.tongue import say


def saved_text(revision: Revision) -> str:
    """Date and time by the clock of the computer that saved it, as far as the store kept its offset."""
    day, clock = clinical_date(date.fromisoformat(revision.at[:10])), revision.at[11:16]
    return f"{day} {clock}" + (" UTC" if "+00:00" in revision.at or "Z" in revision.at else "")


REVISION_COLUMNS = (
    Column("No.", lambda revision: str(revision.counter), figures=True),
    Column("Saved", saved_text),
    Column("By", lambda revision: revision.who or say("nobody named")),
    Column("Edit", lambda revision: edit_words(revision.what), tip=lambda revision: edit_words(revision.what)),
)


PATIENT_TOO = "Take back the patient's data too: measurements, results, markers, allergies, medicines"
KEPT = (
    "Going back makes the old state the newest one; nothing between is lost. What was given, signed and handed out "
    "stays, and so does what is known of the patient unless it is ticked."
)


class HistoryDialog(Question):
    """Shows the states newest first. Accepted, `counter` is the state that becomes the newest again.

    `patient_too` is ticked where what is known of the patient goes back as well. `compare` tells what changed from a
    state to the plan as it stands now, the patient's data with it or not; it may raise KnownError. `lost` are the
    allergies recorded since, which nobody takes back without being asked.
    """

    def __init__(
        self,
        revisions: Sequence[Revision],
        compare: Callable[[int, bool], Sequence[str]],
        lost: Callable[[int], Sequence[str]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("History of this plan", "Go back to this state", parent)
        self._compare, self._lost = compare, lost
        self._newest = max((revision.counter for revision in revisions), default=0)
        self.table = RowTable(RowsModel(REVISION_COLUMNS, lambda one: one.counter, self), "Saved states")
        self.told = plain_label("Choose a state to see what changed since.")
        self.told.setAccessibleName(say("What changed since"))
        self.told.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.told.setContentsMargins(0, 12, 8, 0)
        self.patient_too = QCheckBox(PATIENT_TOO)
        self._lay_out()
        self.table.show_rows(tuple(sorted(revisions, key=lambda one: -one.counter)))
        self.table.chosen.connect(self._show)
        self.patient_too.toggled.connect(lambda _: self._show_chosen())
        self.ok.setEnabled(False)
        self.leave_by_enter()
        self.resize(900, 560)
        self.table.setFocus()

    def counter(self) -> int:
        """The chosen state; 0 where none is."""
        row: Revision | None = self.table.row()
        return row.counter if row else 0

    def _lay_out(self) -> None:
        self.table.set_widths((52, 184, 140, 0))
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(self.told)
        area.setAccessibleName(self.told.accessibleName())
        halves = QSplitter(Qt.Orientation.Vertical)
        halves.setChildrenCollapsible(False)
        halves.addWidget(self.table)
        halves.addWidget(area)
        halves.setSizes([300, 160])
        self.body.addWidget(halves, 1)
        self.body.addWidget(self.patient_too)
        self.body.addWidget(plain_label(KEPT, "muted"))

    def find_doubts(self) -> tuple[str, ...]:
        lost = self._lost(self.counter()) if self.patient_too.isChecked() else ()
        return tuple(say("The allergy {allergy} was recorded since and would be gone.", allergy=one) for one in lost)

    def _show_chosen(self) -> None:
        row: Revision | None = self.table.row()
        if row is not None:
            self._show(row)

    def _show(self, revision: Revision) -> None:
        if revision.counter == self._newest:
            self.told.setText(say("This is the plan as it stands now."))
            self.ok.setEnabled(False)
            return
        try:
            lines = tuple(self._compare(revision.counter, self.patient_too.isChecked()))
        except KnownError as error:
            self.told.setText(say("This state cannot be read: {error}", error=error_words(error)))
            self.ok.setEnabled(False)
            return
        self.told.setText("\n".join((say("From this state to the plan as it stands now:"), *lines)))
        self.ok.setEnabled(True)
