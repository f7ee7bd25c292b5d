"""The hands of a person on the timeline: presses, moves, wheels, and where a bar is."""

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from tests.courses import COURSE_START

TODAY = COURSE_START.toordinal() + 33
LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier


def mouse(view, kind, at: QPointF, button=LEFT):
    held = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseButtonRelease else button
    place = view.viewport().mapToGlobal(at)
    QApplication.sendEvent(view.viewport(), QMouseEvent(kind, at, place, button, held, NONE))


def press(view, at):
    mouse(view, QEvent.Type.MouseButtonPress, at)


def move(view, at):
    mouse(view, QEvent.Type.MouseMove, at)


def release(view, at):
    mouse(view, QEvent.Type.MouseButtonRelease, at)


def wheel(view, at: QPointF, notches: float, held=NONE):
    turned = QPoint(0, round(notches * 120))
    event = QWheelEvent(
        at,
        view.viewport().mapToGlobal(at),
        QPoint(),
        turned,
        Qt.MouseButton.NoButton,
        held,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view.viewport(), event)


def spot(view, name: str, days: float = 0.5, down: float = 10) -> QPointF:
    """The point on a bar so many days after its beginning."""
    place = view.scene.find(name)
    frame = view.frame
    return QPointF(frame.header + view.scale.x(place.bar.start + days), frame.y(place.row) + down)


def seen(view, days: float, name: str = "consolidation") -> QPointF:
    return spot(view, name, days)
