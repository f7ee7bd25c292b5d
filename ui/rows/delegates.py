"""How the rows of the lists are drawn: in two lines."""

from collections.abc import Iterable

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from ui.models.rows_model import DETAIL_ROLE, MARK_ROLE, isolated
from ui.style import selection
from ui.theme import SIZE_LABEL, Theme, qcolor

Index = QModelIndex | QPersistentModelIndex
ROW_HEIGHT = 44
SECOND_LINE = 16
"""Px more for a name of two lines."""
LEFT, RIGHT = 12, 8
"""Px beside the words of a row."""


class ThemedDelegate(QStyledItemDelegate):
    """A delegate that knows the theme."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.theme = theme

    def ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        """The row's background: selected, under the pointer, or plain; a bar at the left marks the selection."""
        # Imported at the first row that is painted: its many enumerations take longer than the rest of this file.
        from PySide6.QtWidgets import QStyle

        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        plain = self.theme.hover if hovered else self.theme.ground
        painter.fillRect(option.rect, qcolor(selection(self.theme) if selected else plain))
        if selected:
            mark = QRect(option.rect.left(), option.rect.top(), 3, option.rect.height())
            painter.fillRect(mark, qcolor(self.theme.accent))


class TwoLines(ThemedDelegate):
    """A name and, smaller under it, what tells it from the others. What does not fit ends in "…"."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As high as its words: a line for the name, or two where it is longer than the list is wide, and the rest."""
        font = QFont(option.font)
        font.setBold(True)
        wide = self._width() - LEFT - RIGHT
        long = QFontMetrics(font).horizontalAdvance(_plain(index.data())) > wide > 0
        more = str(index.data(DETAIL_ROLE) or "").count("\n") + long
        return QSize(120, ROW_HEIGHT + more * SECOND_LINE)

    def cut(self, names: Iterable[str], font: QFont) -> list[bool]:
        """Of each of these names whether it needs a second line."""
        bold = QFont(font)
        bold.setBold(True)
        measure, wide = QFontMetrics(bold), self._width() - LEFT - RIGHT
        return [measure.horizontalAdvance(name) > wide > 0 for name in names]

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        self.ground(painter, option)
        inside = option.rect.adjusted(LEFT, 5, -RIGHT, -5)
        half = (ROW_HEIGHT - 10) // 2
        font = QFont(option.font)
        font.setBold(True)
        details = str(index.data(DETAIL_ROLE) or "").split("\n")
        two = inside.height() > half + len(details) * half + 2
        names = _in_lines(_plain(index.data()), QFontMetrics(font), inside.width(), two)
        for number, name in enumerate(names):
            place = QRect(inside.left(), inside.top() + number * SECOND_LINE, inside.width(), half)
            self._line(painter, place, font, self.theme.text, name)
        small = QFont(option.font)
        small.setPixelSize(SIZE_LABEL)
        below = QRect(inside.left(), inside.bottom() + 1 - half, inside.width(), half)
        if index.data(MARK_ROLE):
            self._badges(painter, below, small, details[0].split(" · "))
        else:
            for number, line in enumerate(reversed(details)):
                place = below.translated(0, -number * (SECOND_LINE - 1))
                self._line(painter, place, small, self.theme.muted, line)
        painter.setPen(QPen(qcolor(self.theme.panel)))
        painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())
        painter.restore()

    def _badges(self, painter: QPainter, box: QRect, font: QFont, words: list[str]) -> None:
        """Each word in a frame of its own, as far as there is room."""
        from PySide6.QtWidgets import QStyle

        painter.setFont(font)
        left, measure = box.left(), QFontMetrics(font)
        for word in words:
            width = measure.horizontalAdvance(word) + 10
            if left + width > box.right():
                return
            place = QRect(left, box.top(), width, box.height())
            place = QStyle.visualRect(painter.layoutDirection(), box, place)  # under the words, also where mirrored
            painter.setPen(QPen(qcolor(self.theme.muted)))
            painter.drawRoundedRect(place.adjusted(0, 1, 0, -1), 3, 3)
            painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), word)
            left += width + 4

    def _width(self) -> int:
        """Px of a row; 0 where no list is there yet."""
        from PySide6.QtWidgets import QAbstractItemView

        above = self.parent()
        view = above if isinstance(above, QAbstractItemView) else getattr(above, "table", None)
        return view.viewport().width() if isinstance(view, QAbstractItemView) else 0

    @staticmethod
    def _line(painter: QPainter, box: QRect, font: QFont, color: str, text: str | None) -> None:
        painter.setFont(font)
        painter.setPen(qcolor(color))
        shown = QFontMetrics(font).elidedText(_plain(text), Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), isolated(shown))


def _plain(text: str | None) -> str:
    """The words without their marks of direction, which belong around each line that is drawn, and take room."""
    return (text or "").strip("\u2068\u2069")


def _in_lines(name: str, measure: QFontMetrics, width: int, two: bool) -> list[str]:
    """The name in one line, or broken so that the first line is as full as can be: between two words where one fits."""
    if not two or measure.horizontalAdvance(name) <= width:
        return [name]
    fitting = [at for at in range(1, len(name)) if measure.horizontalAdvance(name[:at]) <= width]
    at = max((at for at in fitting if name[at] == " "), default=max(fitting, default=1))
    return [name[:at].rstrip(), name[at:].lstrip()]
