"""The timeline a person works with: mouse, wheel and keys on the painted area."""

from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from planner.model.timeline import Timeline
from ui.theme import Theme
from ui.timeline.canvas import STEP
from ui.timeline.drag import Preview
from ui.timeline.pointer import Pointer
from ui.timeline.selection import SelectableTimeline
from ui.timeline.steps import beside, on_day

SPANS = {"1 week": 7, "1 cycle": 28, "3 months": 91, "1 year": 365, "All": 0}
"""Named spans in days; 0 is the whole course."""
NOTCH = 120
"""Units of one notch of a mouse wheel."""
WHEEL_DOWN, WHEEL_ACROSS = 66, 90
"""Px one notch scrolls."""

_PLAIN = Qt.KeyboardModifier.NoModifier
_ALT = Qt.KeyboardModifier.AltModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_CONTROL = Qt.KeyboardModifier.ControlModifier
_BY_KEYS = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)
_KEYPAD = Qt.KeyboardModifier.KeypadModifier


class TimelineView(SelectableTimeline):
    """Shows a plan's timeline, tells what a person asks for (`selected`, `moveRequested`) and changes nothing itself.

    Wheel scrolls, with Shift across, with Ctrl it zooms about the pointer. Keys: arrows, Home and End go from bar to
    bar, + and - zoom about the selection, F shows all, T goes to today, Alt+Left and Alt+Right ask to move the selected
    block by a day, with Shift by a week, Esc gives up a drag. Several bars are selected with Ctrl and Shift and the
    pointer, by a field drawn over free ground, with Shift and the arrows, or with Ctrl and the arrows and Ctrl+Space.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.pointer = Pointer(self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)

    @property
    def preview(self) -> Preview | None:
        """Asked during a drag for (severity, rule title) of what would speak: preview(block id, days)."""
        return self.pointer.preview

    @preview.setter
    def preview(self, preview: Preview | None) -> None:
        self.pointer.preview = preview
        self.pointer.forget()

    def show_plan(self, timeline: Timeline, today: int, *, fresh: bool = False) -> None:
        """Show that timeline; a drag under way is given up."""
        self.pointer.give_up()
        self.pointer.forget()
        super().show_plan(timeline, today, fresh=fresh)

    def go_to_today(self) -> None:
        """Bring today to the middle; the next arrow key takes what stands there."""
        self.go_to(self.today + 0.5)
        self.leapt = True

    def show_span(self, name: str) -> None:
        """Show a named span (see `SPANS`)."""
        days = SPANS[name]
        if days:
            factor = self.scale.width / days / self.scale.per_day
            self.zoom(factor, self._still_at(factor))
            self.fold_now()
        else:
            self.fit_all()

    def switch_axis(self) -> None:
        """Show the blocks' day numbers on the axis in place of the dates, or the dates again."""
        self.by_day_numbers = not self.by_day_numbers
        self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and not self.scene.is_empty:
            self.pointer.press(event.position(), event.modifiers())
        elif event.button() == Qt.MouseButton.RightButton and not self.scene.is_empty:
            self.pointer.point_out(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not self.scene.is_empty:
            self.pointer.move(event.position(), event.modifiers())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.pointer.release(event.position())

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self.pointer.leave()
        return super().viewportEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta()
        steps = (turned.y() or turned.x()) / NOTCH
        if self.scene.is_empty or not steps:
            return
        if event.modifiers() & _CONTROL:
            self.zoom(STEP**steps, event.position().x() - self.frame.header)
        elif event.modifiers() & _SHIFT or not turned.y():
            self.set_scale(self.scale.moved(-steps * WHEEL_ACROSS))
        else:
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() - round(steps * WHEEL_DOWN))
        self.pointer.settle(event.position())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.scene.is_empty and (self._act(event) or self._step(event)):
            event.accept()
        else:
            event.ignore()

    def _act(self, event: QKeyEvent) -> bool:
        """Keys that zoom, jump, give up or move a block."""
        key, held = event.key(), event.modifiers() & ~_KEYPAD
        sign = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(key), 0)
        if sign and held in (_ALT, _ALT | _SHIFT):
            self.request_move(sign * (7 if held & _SHIFT else 1))
        elif key == Qt.Key.Key_Escape and (self.drag is not None or self.band is not None):
            self.pointer.give_up()
        elif key == Qt.Key.Key_Escape and (self.picked or self.selection is not None):
            self.choose_by_hand(self.selection if self.picked else None)
        elif key == Qt.Key.Key_Space and held == _CONTROL and self.selection is not None:
            self.toggle(self.selection)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus) and not held & (_ALT | _CONTROL):
            self.zoom(1 / STEP if key == Qt.Key.Key_Minus else STEP, self._zoom_centre())
        elif key == Qt.Key.Key_F and held == _PLAIN:
            self.fit_all()
        elif key == Qt.Key.Key_T and held == _PLAIN:
            self.go_to_today()
        else:
            return False
        return True

    def _step(self, event: QKeyEvent) -> bool:
        """Keys that go from bar to bar: with Shift they select all on the way, with Ctrl they leave the selection."""
        held = event.modifiers() & ~_KEYPAD
        if held not in (_PLAIN, _SHIFT, _CONTROL):
            return False
        name = Qt.Key(event.key()).name.removeprefix("Key_")
        place = beside(self.scene, self.selection, name, self.visible_days())
        if self.leapt and place is not None:
            place = on_day(self.scene, self.selection, self.today)
        if place is None:
            return False
        if held == _SHIFT:
            self.pick_through(place)
        else:
            self.choose_by_hand(place, self.chosen_bars() if held == _CONTROL else frozenset())
        self.bring_into_sight(place)
        return True

    def _zoom_centre(self) -> float | None:
        """The px of the middle of what is in sight of the selected bar."""
        if self.selection is None:
            return None
        bar = self.selection.bar
        left, right = max(self.scale.x(bar.start), 0.0), min(self.scale.x(bar.end), self.scale.width)
        return (left + right) / 2 if left < right else None

    def _still_at(self, factor: float) -> float:
        """The px that a named span leaves where it is: today's where it is in sight, else the middle.

        Where what is selected would go out of sight thereby, its own.
        """
        today, chosen, width = self.scale.x(self.today), self._zoom_centre(), self.scale.width
        still = today if 0 <= today <= width else width / 2
        if chosen is None or 0 <= still + (chosen - still) * factor <= width:
            return still
        return chosen

    def inputMethodQuery(self, query: Qt.InputMethodQuery) -> object:
        """Where the selected bar is: a menu that is asked for by a key opens there."""
        if query != Qt.InputMethodQuery.ImCursorRectangle or self.selection is None:
            return super().inputMethodQuery(query)
        frame, row = self.frame, self.selection.row
        x = round(frame.header + (self._zoom_centre() or 0.0))
        return QRect(x, round(frame.y(row)), 1, row.height)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """A frame shows the focus that came by keys; the mouse needs none."""
        super().focusInEvent(event)
        self.framed = event.reason() in _BY_KEYS
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.framed = False
        self.viewport().update()
