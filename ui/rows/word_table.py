"""A table that writes its rows itself, in one stroke each: an edit waits until its findings are written.

Qt's own way asks model, style sheet and delegate a dozen times for every cell, which takes four times as long.
"""

from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent

from ui.models.rows_model import Column, RowsModel, isolated
from ui.rows.signs import paint_sign
from ui.rows.table import RowTable
from ui.style import selection
from ui.theme import Theme, qcolor
from ui.timeline.paint import Kit

PAD = 9
"""Px beside the words of a cell, as the style sheet has them in all other tables."""
SIGN_AT, AFTER_SIGN = 18, 32
"""Px from the edge of a row to the middle of its sign, and to the word beside it."""


class WordTable(RowTable):
    """Shows words in one line a cell. With `signed` the sign of its mark stands before the first word of a row."""

    def __init__(self, model: RowsModel, name: str, theme: Theme, *, signed: bool = False) -> None:
        super().__init__(model, name)
        self._kit, self._signed = Kit(theme), signed
        # All of it is painted here: Qt has not to paint what lies behind it first.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    @property
    def theme(self) -> Theme:
        """What it is drawn in."""
        return self._kit.theme

    def set_theme(self, theme: Theme) -> None:
        """Draw in that theme from now on."""
        self._kit = Kit(theme)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), qcolor(self.theme.ground))
        painter.setLayoutDirection(self.layoutDirection())
        painter.setFont(self.font())
        painter.setPen(qcolor(self.theme.text))
        columns, chosen = list(self._columns_in(event.rect())), self.currentIndex().row()
        measure, width = self.fontMetrics(), self.viewport().width()
        for number in self._rows_in(event.rect()):
            row, shown = (
                QRect(0, self.rowViewportPosition(number), width, self.rowHeight(number)),
                self._rows.rows[number],
            )
            self._ground(painter, row, chosen=number == chosen and self.selectionModel().hasSelection())
            base = row.top() + (row.height() - measure.height()) // 2 + measure.ascent()
            for column, left, room in columns:
                self._cell(painter, (left, room, base), column, shown, measure)

    def _columns_in(self, seen: QRect) -> Iterator[tuple[Column, int, int]]:
        """The columns that touch that part of the view, with their left edge and their width."""
        for number, column in enumerate(self._rows.columns):
            left, width = self.columnViewportPosition(number), self.columnWidth(number)
            if left <= seen.right() and left + width > seen.left():
                yield column, left, width

    def _rows_in(self, seen: QRect) -> range:
        """The numbers of the rows that touch that part of the view."""
        first, last = self.rowAt(seen.top()), self.rowAt(seen.bottom())
        return range(first, last + 1 if last >= 0 else len(self._rows.rows)) if first >= 0 else range(0)

    def _ground(self, painter: QPainter, row: QRect, *, chosen: bool) -> None:
        """What is selected has another ground and, where there are signs, a bar at its beginning."""
        theme = self.theme
        painter.fillRect(row, qcolor(selection(theme) if chosen else theme.ground))
        painter.fillRect(QRect(row.left(), row.bottom(), row.width(), 1), qcolor(theme.panel))
        if chosen and self._signed:
            painter.fillRect(
                QRect(row.right() - 2 if self._mirrored else 0, row.top(), 3, row.height()), qcolor(theme.accent)
            )

    @property
    def _mirrored(self) -> bool:
        return self.layoutDirection() is Qt.LayoutDirection.RightToLeft

    def _cell(
        self, painter: QPainter, place: tuple[int, int, int], column: Column, row: Any, measure: QFontMetrics
    ) -> None:
        """Write one cell at its left edge, in its width, on its baseline."""
        left, width, base = place
        before = PAD
        if self._signed and column is self._rows.columns[0] and column.mark:
            before, at = AFTER_SIGN, left + (width - SIGN_AT if self._mirrored else SIGN_AT)
            paint_sign(
                painter, self._kit, QPointF(at, base - measure.ascent() + measure.height() / 2), column.mark(row)
            )
        words = measure.elidedText(isolated(column.text(row)), Qt.TextElideMode.ElideRight, width - before - PAD)
        x = left + before
        if column.figures is not self._mirrored:
            x = left + width - (PAD if column.figures else before) - measure.horizontalAdvance(words)
        painter.drawText(x, base, words)
