"""The hands of a person on the timeline: presses, moves, wheels, and where a bar is."""

from unittest.mock import patch

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from tests.courses import COURSE_START
from ui.timeline.area import paint_lanes, paint_names
from ui.timeline.board import Board

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


def frame_of(view) -> QImage:
    return view.viewport().grab().toImage()


def painted_anew(view) -> QImage:
    """The same frame with nothing kept."""
    lanes = patch.object(Board, "paint", lambda _board, painter, picture: paint_lanes(painter, picture))
    names = patch.object(Board, "paint_names", lambda _board, painter, picture: paint_names(painter, picture))
    with lanes, names:
        return frame_of(view)


def painted_whole(view) -> QImage:
    """The same frame after every kept picture was thrown away."""
    view.board._resting.deleteLater()
    view.board = Board(view.viewport())
    return frame_of(view)


def alike(one: QImage, other: QImage) -> bool:
    """Whether two frames are the same to the eye: at the edge of a clip Qt rounds the half covered pixels otherwise."""
    if one == other:
        return True
    if one.size() != other.size():
        return False
    raw = zip(one.constBits().tobytes(), other.constBits().tobytes(), strict=True)
    return all(abs(first - second) <= 2 for first, second in raw)
