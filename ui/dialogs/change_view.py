"""What an edit would do, before anybody says yes: in few words, and under them all that changes as a table."""

from collections.abc import Sequence
from math import ceil
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from planner.model.evaluated_plan import EvaluatedPlan
from planner.services.telling.differences import differences
from planner.services.telling.preview import first_runs, runs_of
from ui.dialogs.change_text import Run, run_name, run_side, summary_line, summary_lines
from ui.models.rows_model import Column, Index, RowsModel
from ui.rows.one_line import OneLine
from ui.rows.table import RowTable
from ui.rows.words import plain_label, unbroken

AT_FIRST = 30
"""Changes looked for at once; the others when somebody scrolls to them."""
ROWS = 4
"""Rows that are seen in the smallest window."""
ROW_HEIGHT = 22
LEAST = 150
"""Px of the columns for old and new: a date, or a dose with its drug."""
NAMES = 3
"""Eighths of the width that the names have at most: what was and what will be is longer."""
PADDING = 18
"""Px of a cell that its words do not have."""
MOST_WORDS = 168
"""Px the words may take beside a list before they scroll."""
GAP = 8


def _side(run: Run, *, new: bool) -> str:
    """One side of a change. Where it wraps, no date and no dose breaks in two."""
    return unbroken(run_side(run, new=new))


CHANGE_COLUMNS = (
    Column("Item", run_name),
    Column("Until now", lambda run: _side(run, new=False)),
    Column("From now on", lambda run: _side(run, new=True)),
)


class ChangeRows(RowsModel):
    """All differences between two evaluations in order of time; the later ones are looked for when they are wanted."""

    def __init__(self) -> None:
        super().__init__(CHANGE_COLUMNS, key=id)
        self._rest: tuple[EvaluatedPlan, EvaluatedPlan] | None = None

    def compare(self, before: EvaluatedPlan, after: EvaluatedPlan) -> None:
        """Show what differs."""
        first, is_all = first_runs(before.schedule, after.schedule, AT_FIRST)
        self._rest = None if is_all else (before, after)
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
        self.add(runs_of(differences(before.schedule, after.schedule))[len(self.rows) :])


class ChangeView(QWidget):
    """Shows what would change, or the sentence that refuses it."""

    def __init__(self) -> None:
        super().__init__()
        self.words = plain_label()
        self.words.setAccessibleName("What would change")
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.area = _AsHighAsItsWords(self.words)
        self.area.setAccessibleName("What would change")
        self.brief = OneLine()
        self.brief.setProperty("tone", "muted")
        self.brief.setParent(self)
        self.brief.hide()
        self.rows = ChangeRows()
        self.table = RowTable(self.rows, "Every change", ROW_HEIGHT)
        self.table.setWordWrap(True)
        self.table.setMinimumHeight((ROWS + 1) * ROW_HEIGHT + 8)
        self.table.horizontalHeader().setResizeContentsPrecision(0)  # the rows in sight say how wide a column is
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        column.addWidget(self.area)
        column.addWidget(self.table, 1)
        column.addStretch(0)
        self.rows.rowsInserted.connect(self._fit_rows)
        self.table.horizontalHeader().sectionResized.connect(self._fit_rows)
        self._fitted = 0
        self.table.roomChanged.connect(lambda: QTimer.singleShot(0, self, self._fit_again))
        self.clear("")

    def compare(self, before: EvaluatedPlan, after: EvaluatedPlan, said: Sequence[str] = ()) -> None:
        """Tell what differs, below what the edit itself has to say."""
        lines = (*said, *summary_lines(before, after))
        self._say("\n".join(lines), "")
        self.brief.setText(" ".join((summary_line(before, after), *said)).strip() or lines[0])
        self.rows.compare(before, after)
        self._share()
        self._fit_columns()

    def clear(self, words: str, tone: str = "") -> None:
        """Say only those words; the list stays and is empty."""
        self._say(words, tone)
        self.brief.setText(words)
        self.rows.clear()
        self._share()
        self._fit_columns()

    def _say(self, words: str, tone: str) -> None:
        self.words.setText(words)
        if self.words.property("tone") != tone:
            self.words.setProperty("tone", tone)
            self.words.style().polish(self.words)

    def _share(self) -> None:
        """Give the words what an empty list does not need, so that they scroll as late as can be."""
        spare = self.height() - self.table.minimumHeight() - GAP
        self.area.fit(MOST_WORDS if self.rows.rows else max(MOST_WORDS, spare))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().height() != event.size().height():
            self._share()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), 240)

    def _fit_again(self) -> None:
        """Once the table has another width: the bar of a long list comes after its rows and takes of theirs."""
        if self.table.viewport().width() != self._fitted:
            self._fit_columns()

    def _fit_columns(self) -> None:
        """Old and new stand beside each other, whatever they say: they share what the names leave."""
        table = self.table
        self._fitted = wide = table.viewport().width()
        least = min(LEAST, wide // 3)  # beside the fields of a form there may be less
        table.resizeColumnToContents(0)
        table.setColumnWidth(0, min(table.columnWidth(0), wide * NAMES // 8, wide - 2 * least))
        table.setColumnWidth(1, max(least, (wide - table.columnWidth(0)) // 2))
        table.give_rest(2, least)
        self._fit_rows()

    def _fit_rows(self) -> None:
        """Long words wrap, and the row is as high as they are at the width their cell leaves them."""
        # With fractions of a px, as the rows are written: words that fit by the rounded width end in dots.
        metrics, wrapped = QFontMetricsF(self.table.font()), int(Qt.TextFlag.TextWordWrap)
        widths = [self.table.columnWidth(column) - PADDING for column in range(len(CHANGE_COLUMNS))]
        for number, run in enumerate(self.rows.rows):
            told = ((width, column.text(run)) for width, column in zip(widths, CHANGE_COLUMNS, strict=True))
            rooms = (
                (QRectF(0, 0, width, 0), words) for width, words in told if metrics.horizontalAdvance(words) > width
            )
            highest = max((metrics.boundingRect(room, wrapped, words).height() for room, words in rooms), default=0.0)
            if (height := max(ROW_HEIGHT, ceil(highest) + 6)) != self.table.rowHeight(number):
                self.table.setRowHeight(number, height)


class _AsHighAsItsWords(QScrollArea):
    """Holds a wrapped label: as high as the words are at this width, up to a bound from which they scroll."""

    def __init__(self, words: Any) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._words = words
        self._most = MOST_WORDS
        self.setWidget(words)

    def fit(self, most: int) -> None:
        """Take the height of the words, up to so many px."""
        self._most = most
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        height = self._words.heightForWidth(self.viewport().width()) + 2
        return QSize(super().sizeHint().width(), min(height, self._most))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()
