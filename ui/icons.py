"""The few icons of the window, drawn as lines in the theme's own colour so that they stay sharp at every scale."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPainterPath, QPen, QPixmap

from ui.theme import Theme, qcolor

SIDE = 18
"""Side in px at 100 %."""
Shape = Callable[[QPainterPath], None]


def make_icon(name: str, theme: Theme, ratio: float) -> QIcon:
    """The icon of that name for a screen with so many pixels to the px, with a paler one for disabled actions."""
    icon = QIcon()
    icon.addPixmap(_draw(name, ratio, theme.text), QIcon.Mode.Normal)
    icon.addPixmap(_draw(name, ratio, theme.muted), QIcon.Mode.Disabled)
    return icon


def _draw(name: str, ratio: float, color: str) -> QPixmap:
    size = round(SIDE * ratio)
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    path = QPainterPath()
    SHAPES[name](path)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(size / SIDE, size / SIDE)
    painter.setPen(QPen(qcolor(color), 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.drawPath(path)
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def _lines(path: QPainterPath, *points: tuple[float, float]) -> None:
    path.moveTo(QPointF(*points[0]))
    for point in points[1:]:
        path.lineTo(QPointF(*point))


def _person(path: QPainterPath) -> None:
    path.addEllipse(QRectF(5, 2.5, 6, 6))
    path.moveTo(2.5, 15.5)
    path.cubicTo(2.5, 11, 13.5, 11, 13.5, 15.5)
    _lines(path, (14.5, 3.5), (14.5, 7.5))
    _lines(path, (12.5, 5.5), (16.5, 5.5))


def _plus(path: QPainterPath) -> None:
    path.addRoundedRect(QRectF(2.5, 2.5, 13, 13), 2, 2)
    _lines(path, (9, 6), (9, 12))
    _lines(path, (6, 9), (12, 9))


def _print(path: QPainterPath) -> None:
    _lines(path, (5, 6.5), (5, 2.5), (13, 2.5), (13, 6.5))
    _lines(path, (5, 12.5), (2.5, 12.5), (2.5, 6.5), (15.5, 6.5), (15.5, 12.5), (13, 12.5))
    path.addRect(QRectF(5, 10.5, 8, 5))


def _undo(path: QPainterPath) -> None:
    _lines(path, (6.5, 3), (3, 6.5), (6.5, 10))
    path.moveTo(3.5, 6.5)
    path.lineTo(10.5, 6.5)
    path.cubicTo(16.5, 6.5, 16.5, 15, 10.5, 15)
    path.lineTo(7, 15)


def _redo(path: QPainterPath) -> None:
    _lines(path, (11.5, 3), (15, 6.5), (11.5, 10))
    path.moveTo(14.5, 6.5)
    path.lineTo(7.5, 6.5)
    path.cubicTo(1.5, 6.5, 1.5, 15, 7.5, 15)
    path.lineTo(11, 15)


def _move(path: QPainterPath) -> None:
    _lines(path, (2.5, 9), (15.5, 9))
    _lines(path, (5, 6.5), (2.5, 9), (5, 11.5))
    _lines(path, (13, 6.5), (15.5, 9), (13, 11.5))
    _lines(path, (9, 3), (9, 5.5))
    _lines(path, (9, 12.5), (9, 15))


def _theme(path: QPainterPath) -> None:
    path.moveTo(11, 2.8)
    path.cubicTo(4, 3, 1.5, 9, 4, 13)
    path.cubicTo(6.5, 16.8, 13.5, 16.5, 15.3, 11)
    path.cubicTo(10, 13, 7.5, 8, 11, 2.8)


def _find(path: QPainterPath) -> None:
    path.addEllipse(QRectF(2.5, 2.5, 9, 9))
    _lines(path, (10.2, 10.2), (15.5, 15.5))


SHAPES: dict[str, Shape] = {
    "person": _person,
    "plus": _plus,
    "print": _print,
    "undo": _undo,
    "redo": _redo,
    "move": _move,
    "theme": _theme,
    "find": _find,
}
