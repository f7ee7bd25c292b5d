"""The saved states of a plan: when, who, what; what differs from the plan as it stands; and the way back."""

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QScrollArea, QSplitter, QWidget

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
    Column("By", lambda revision: revision.who or "nobody named"),
    Column("Edit", lambda revision: edit_words(revision.what), tip=lambda revision: edit_words(revision.what)),
)


class HistoryDialog(Question):
    """Shows the states newest first. Accepted, `counter` is the state that becomes the newest again.

    `compare` tells what changed from a state to the plan as it stands now; it may raise KnownError.
    """

    def __init__(
        self,
        revisions: Sequence[Revision],
        compare: Callable[[int], Sequence[str]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("History of this plan", "Go back to this state", parent)
        self._compare = compare
        self._newest = max((revision.counter for revision in revisions), default=0)
        self.table = RowTable(RowsModel(REVISION_COLUMNS, lambda one: one.counter, self), "Saved states")
        self.told = plain_label("Choose a state to see what changed since.")
        self.told.setAccessibleName(say("What changed since"))
        self.told.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.told.setContentsMargins(0, 12, 8, 0)
        self._lay_out()
        self.table.show_rows(tuple(sorted(revisions, key=lambda one: -one.counter)))
        self.table.chosen.connect(self._show)
        self.ok.setEnabled(False)
        self.ok.setDefault(False)
        self.resize(760, 560)
        self.table.setFocus()

    def counter(self) -> int:
        """The chosen state; 0 where none is."""
        row: Revision | None = self.table.row()
        return row.counter if row else 0

    def _lay_out(self) -> None:
        header = self.table.horizontalHeader()
        for column, width in enumerate((52, 184, 140, 0)):
            if width:
                self.table.setColumnWidth(column, width)
            else:
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(self.told)
        halves = QSplitter(Qt.Orientation.Vertical)
        halves.setChildrenCollapsible(False)
        halves.addWidget(self.table)
        halves.addWidget(area)
        halves.setSizes([300, 160])
        self.body.addWidget(halves, 1)
        self.body.addWidget(
            plain_label("Going back makes the old state the newest one; nothing between is lost.", "muted")
        )

    def _show(self, revision: Revision) -> None:
        if revision.counter == self._newest:
            self.told.setText(say("This is the plan as it stands now."))
            self.ok.setEnabled(False)
            return
        try:
            lines = tuple(self._compare(revision.counter))
        except KnownError as error:
            self.told.setText(say("This state cannot be read: {error}", error=error_words(error)))
            self.ok.setEnabled(False)
            return
        self.told.setText("\n".join(("From this state to the plan as it stands now:", *lines)))
        self.ok.setEnabled(True)
