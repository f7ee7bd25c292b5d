"""What an edit would do, before anybody says yes: in few words, and under them every single change as a table."""

from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from planner.model.difference import Difference
from planner.model.evaluated_plan import EvaluatedPlan
from planner.services.differences import differences, first_differences
from ui.dialogs.change_text import summary_lines
from ui.dialogs.form import plain_label
from ui.models.rows_model import Column, Index, RowsModel
from ui.rows.table import RowTable
from ui.tongue import say

AT_FIRST = 30
"""Changes looked for at once; the others when somebody scrolls to them."""
ROWS = 4
"""Rows that are seen in the smallest window."""
ROW_HEIGHT = 22
MOST_WORDS = 168
"""Px the words may take before they scroll."""


def _nothing(text: str) -> str:
    return text or say("nothing")


CHANGE_COLUMNS = (
    Column("Item", lambda one: one.label),
    Column("Until now", lambda one: _nothing(one.before)),
    Column("From now on", lambda one: _nothing(one.after)),
)


class ChangeRows(RowsModel):
    """Every difference between two evaluations in order of time; the later ones are looked for when they are wanted."""

    def __init__(self) -> None:
        super().__init__(CHANGE_COLUMNS, key=id)
        self._rest: tuple[EvaluatedPlan, EvaluatedPlan] | None = None

    def compare(self, before: EvaluatedPlan, after: EvaluatedPlan) -> None:
        """Show what differs."""
        first = first_differences(before.schedule, after.schedule, AT_FIRST)
        self._rest = (before, after) if len(first) == AT_FIRST else None
        self.show(first)

    def clear(self) -> None:
        """Show nothing."""
        self._rest = None
        self.show(())

    def canFetchMore(self, parent: Index) -> bool:
        return self._rest is not None and not parent.isValid()

    def fetchMore(self, parent: Index) -> None:
        if self._rest is None or parent.isValid():
            return
        before, after = self._rest
        self._rest = None
        every: tuple[Difference, ...] = differences(before.schedule, after.schedule)
        self.add(every[len(self.rows) :])


class ChangeView(QWidget):
    """Shows what would change, or the sentence that refuses it."""

    def __init__(self) -> None:
        super().__init__()
        self.words = plain_label()
        self.words.setAccessibleName("What would change")
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.area = _AsHighAsItsWords(self.words)
        self.rows = ChangeRows()
        self.table = RowTable(self.rows, "Every change", ROW_HEIGHT)
        self.table.setMinimumHeight((ROWS + 1) * ROW_HEIGHT + 8)
        self.table.horizontalHeader().setResizeContentsPrecision(0)  # the rows in sight say how wide a column is
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.area)
        column.addWidget(self.table, 1)
        column.addStretch(0)
        self.clear("")

    def compare(self, before: EvaluatedPlan, after: EvaluatedPlan) -> None:
        """Tell what differs."""
        self._say("\n".join(summary_lines(before, after)), "")
        self.rows.compare(before, after)
        self.table.setVisible(bool(self.rows.rows))
        self._fit_columns()

    def clear(self, words: str, tone: str = "") -> None:
        """Say only those words."""
        self._say(words, tone)
        self.rows.clear()
        self.table.hide()

    def _say(self, words: str, tone: str) -> None:
        self.words.setText(words)
        if self.words.property("tone") != tone:
            self.words.setProperty("tone", tone)
            self.words.style().polish(self.words)
        self.area.fit()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), 240)

    def _fit_columns(self) -> None:
        """Nothing is cut: the last column takes the rest, and where that is too little, the table scrolls."""
        self.table.resizeColumnToContents(0)
        self.table.resizeColumnToContents(1)
        self.table.give_rest(2, self.table.sizeHintForColumn(2))


class _AsHighAsItsWords(QScrollArea):
    """Holds a wrapped label: as high as the words are at this width, up to a bound from which they scroll."""

    def __init__(self, words: Any) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._words = words
        self.setWidget(words)

    def fit(self) -> None:
        """Take the height of the words."""
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        height = self._words.heightForWidth(self.viewport().width()) + 2
        return QSize(super().sizeHint().width(), min(height, MOST_WORDS))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()
