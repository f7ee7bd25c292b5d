"""What the mouse does on the timeline: hover, select, drag a block, move the overview's box."""

from msgspec.structs import replace
from PySide6.QtCore import QPointF, QRect, Qt, QTimer

from planner.model.timeline import Bar
from ui.timeline.drag import BlockDrag, Preview, Verdict, allowed, landing_lines, refusal, worst
from ui.timeline.picking import on_fold_line, pick, row_at
from ui.timeline.picks import Band, within
from ui.timeline.places import Place
from ui.timeline.readout import Readout
from ui.timeline.selection import SelectableTimeline, told
from ui.tongue import say

AHEAD = 10
"""Days to either side of a dragged block that the rules are asked about while the pointer rests."""
TAKEN = 8
"""Blocks whose verdicts are kept while the plan stays as it is: a hand that takes one again waits for none."""
HOLD = 90
"""Milliseconds a block is held, longer than a click, until the rules are asked about the days around it."""
EDGE = 24
"""Px from the left and right edge within which a drag scrolls."""


class Pointer:
    """The pointer on one view. `preview`, where set, is asked during a drag which rules speak at the new place."""

    def __init__(self, view: SelectableTimeline) -> None:
        self._view = view
        self._verdicts: dict[int, tuple[Verdict, ...]] = {}
        self._asked: dict[tuple[str, frozenset[str]], dict[int, tuple[Verdict, ...]]] = {}
        self._ahead = QTimer(view)
        self._ahead.setSingleShot(True)
        self._ahead.timeout.connect(self._look_ahead)
        self._box_grip: float | None = None
        self.preview: Preview | None = None
        self.readout = Readout(view.viewport())

    def press(self, at: QPointF, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Select what lies there; a block or the overview's box can then be dragged, a field drawn over free ground.

        With Ctrl the bar comes to what is selected or leaves it, with Shift all up to it is selected.
        """
        view = self._view
        if at.y() < view.frame.strip:
            self._grip_box(at.x() - view.frame.header)
            return
        if on_fold_line(view.frame, at.y()):
            view.switch_folds()
            return
        place = pick(view.scene, view.frame, view.scale, at.x(), at.y())
        adds = bool(held & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier))
        if place is None and _is_free_ground(view, at):
            view.band = Band(at.x(), at.y(), at.x(), at.y(), view.chosen_bars() if adds else frozenset())
        if adds:
            self._add(place, held)
            return
        # What is dragged takes along what is selected with it.
        together = view.picked if place is not None and place.bar.id in view.picked else frozenset()
        view.choose_by_hand(place, together, int(view.scale.day(at.x() - view.frame.header)))
        if place is not None and place.bar.form in ("ribbon", "cycle"):
            block = view.scene.bars[place.bar.block].bar
            bars = [view.scene.bars[one].bar for one in together]
            others = tuple(bar for bar in bars if bar.form == "ribbon" and bar.block != block.block)
            view.drag = BlockDrag(block, view.scale.day(at.x() - view.frame.header), at.x(), others=others)
            self._recall(view.drag)
            if self.preview is not None:
                self._ahead.start(HOLD)  # a hand that takes hold of a block needs longer than that to move it by a day

    def point_out(self, at: QPointF) -> None:
        """Select what lies there and take hold of nothing; a part of what is selected keeps all of it selected."""
        view = self._view
        if view.drag is not None or view.band is not None:
            return
        self.readout.hide()
        place = pick(view.scene, view.frame, view.scale, at.x(), at.y())
        if place is None or place.bar.id not in view.picked:
            view.choose_by_hand(place, frozenset(), int(view.scale.day(at.x() - view.frame.header)))

    def move(self, at: QPointF, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Go on with what was pressed, or tell what lies there. With Shift a block lands on allowed days only."""
        if self._box_grip is not None:
            self._drag_box(at.x() - self._view.frame.header)
        elif self._view.drag is not None:
            self._drag_block(self._view.drag, at, only_allowed=bool(held & Qt.KeyboardModifier.ShiftModifier))
        elif self._view.band is not None:
            self._draw_band(self._view.band, at)
        else:
            self._hover(at)

    def settle(self, at: QPointF) -> None:
        """Tell what lies there now that all of it has moved under the pointer."""
        if self._view.drag is None and self._view.band is None:
            self._hover(at)

    def release(self, at: QPointF) -> None:
        """End a drag: inside the view it asks for the move, or says why the block goes back; outside it is given up."""
        self._box_grip = None
        drag, band = self._view.drag, self._view.band
        broken = refusal(self._verdicts.get(drag.delta, ())) if drag is not None else ""
        if drag is None and band is None:
            return
        self.give_up()
        if band is not None and band.is_drawn:
            self._view.pick(within(self._view.scene, self._view.frame, self._view.scale, band))
        if drag is None:
            return
        if not drag.delta or not self._view.viewport().rect().contains(at.toPoint()):
            return
        if broken:
            self._view.moveRefused.emit(broken)
        else:
            self._view.moveRequested.emit(drag.block.block, drag.delta)

    def leave(self) -> None:
        """Nothing is under the pointer any more."""
        if self._view.drag is None:
            self.readout.hide()
            self._view.pointed = None
            self._view.focus_on(replace(self._view.focus, hovered="", hovered_block="", lane=""))
            self._view.viewport().update()

    def give_up(self) -> None:
        """Everything as before the drag."""
        self._view.drag = self._view.band = None
        self._ahead.stop()
        self._view.outlook = {}
        self.readout.hide()
        self._view.viewport().unsetCursor()
        self._view.focus_on(replace(self._view.focus, dragged=frozenset()))
        self._view.viewport().update()

    def forget(self) -> None:
        """Another plan, or other rules: what they said counts no more."""
        self._asked.clear()

    def _recall(self, drag: BlockDrag) -> None:
        """What the rules said when that block was held before."""
        if len(self._asked) >= TAKEN:
            self._asked.clear()
        self._verdicts = self._asked.setdefault((drag.block.block, self._view.picked), {})
        self._view.outlook = {days: worst(told) for days, told in self._verdicts.items()}

    def _hover(self, at: QPointF) -> None:
        view = self._view
        place = pick(view.scene, view.frame, view.scale, at.x(), at.y())
        row = row_at(view.scene, view.frame, at.y())
        header = view.frame.header
        pointed = view.scale.day_at(at.x() - header) if at.x() >= header else None
        if pointed != view.pointed:
            view.pointed = pointed
            view.viewport().update()
        bar = place.bar if place is not None else None
        lane = row.lane.id if row is not None and row.part == "body" else ""
        focus = replace(view.focus, hovered=bar.id if bar else "", hovered_block=bar.block if bar else "", lane=lane)
        view.focus_on(focus)
        if bar is not None and bar.form not in ("ribbon", "cycle"):
            view.look_at(bar)
        view.viewport().setCursor(_cursor(bar, at.y() < view.frame.strip or on_fold_line(view.frame, at.y())))
        if bar is None:
            self.readout.hide()
        else:
            self.readout.tell(view.kit, told(bar), at.toPoint())

    def _add(self, place: Place | None, held: Qt.KeyboardModifier) -> None:
        """Take what lies there into the selection, with Shift all up to it."""
        if place is not None and held & Qt.KeyboardModifier.ShiftModifier:
            self._view.pick_through(place)
        elif place is not None:
            self._view.toggle(place)

    def _draw_band(self, band: Band, at: QPointF) -> None:
        view = self._view
        view.band = band = replace(band, to_x=at.x(), to_y=at.y())
        if band.is_drawn:
            count = len(within(view.scene, view.frame, view.scale, band))
            words = say("1 item") if count == 1 else say("{count} items", count=count)
            self.readout.tell(view.kit, [("", words), ("", say("Release to select, Esc to cancel"))], at.toPoint())
        view.viewport().update()

    def _drag_block(self, drag: BlockDrag, at: QPointF, *, only_allowed: bool = False) -> None:
        view, header = self._view, self._view.frame.header
        for near, step in ((at.x() < header + EDGE, -EDGE), (at.x() > view.frame.width - EDGE, EDGE)):
            if near and drag.active:
                view.set_scale(view.scale.moved(step))
        drag = view.drag = drag.to(view.scale.day(at.x() - header), at.x())
        if not drag.active:
            return
        if only_allowed:
            drag = view.drag = replace(drag, delta=allowed(view.outlook, drag.delta))
        view.focus_on(replace(view.focus, dragged=drag.blocks, hovered="", lane=""))
        view.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        known = self._verdict(drag) if self.preview is not None else None
        if self.preview is not None:
            self._ahead.start(0)
        self.readout.tell(view.kit, landing_lines(drag.block, drag.delta, known), at.toPoint(), view.frame.blocks_top)
        self._repaint_drag()

    def _verdict(self, drag: BlockDrag) -> tuple[Verdict, ...]:
        """What the rules say where the block would land; they are asked once for each day."""
        found = self._verdicts.get(drag.delta)
        if found is None:
            asked = self.preview(drag.block.block, drag.delta) if self.preview is not None and drag.delta else ()
            found = self._verdicts[drag.delta] = tuple(asked)
            self._view.outlook[drag.delta] = worst(found)
        return found

    def _look_ahead(self) -> None:
        """While the pointer rests, ask the rules about the days around it, the nearest first, one at a time."""
        drag = self._view.drag
        if drag is None:
            return
        near = sorted(range(drag.delta - AHEAD, drag.delta + AHEAD + 1), key=lambda days: abs(days - drag.delta))
        unknown = next((days for days in near if days not in self._verdicts), None)
        if unknown is not None:
            self._verdict(replace(drag, delta=unknown))
            self._repaint_drag()
            self._ahead.start(0)

    def _repaint_drag(self) -> None:
        """Where a dragged block and the readout are drawn; the names and what stands below the lanes stay."""
        frame = self._view.frame
        self._view.viewport().update(QRect(frame.header, 0, frame.plot_width, frame.body_bottom))

    def _grip_box(self, x: float) -> None:
        """Take hold of the overview's box, or bring it under the pointer first."""
        overview, view = self._view.overview, self._view
        box = overview.box(view.scale)
        if not box.left() <= x <= box.right():
            view.go_to(overview.scale.day(x))
        self._box_grip = overview.scale.day(x) - view.scale.left

    def _drag_box(self, x: float) -> None:
        if self._box_grip is not None:
            view = self._view
            view.set_scale(replace(view.scale, left=view.overview.scale.day(x) - self._box_grip))


def _is_free_ground(view: SelectableTimeline, at: QPointF) -> bool:
    """Whether a field may be drawn from there: within the lanes that scroll."""
    return at.x() >= view.frame.header and view.frame.body_top <= at.y() < view.frame.body_bottom


def _cursor(bar: Bar | None, takes_click: bool) -> Qt.CursorShape:
    if takes_click:
        return Qt.CursorShape.PointingHandCursor
    if bar is None:
        return Qt.CursorShape.ArrowCursor
    return Qt.CursorShape.OpenHandCursor if bar.form in ("ribbon", "cycle") else Qt.CursorShape.PointingHandCursor
