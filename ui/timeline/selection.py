"""What is selected on the timeline, and how others hear of it."""

from msgspec.structs import replace
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from planner.model.timeline import Bar, Timeline
from ui.plan_words import plan_words
from ui.theme import Theme
from ui.timeline.folding import FoldingTimeline
from ui.timeline.geometry import DayScale
from ui.timeline.lanes import Focus
from ui.timeline.picks import between, cycle_of, everything, may_be_picked, of_cycle
from ui.timeline.places import Place
from ui.timeline.readout import Line
from ui.timeline.scene import Scene
from ui.tongue import say, weekday_date

IN_SIGHT = 28
"""Days of a long bar that are brought into sight when it is selected."""


class SelectableTimeline(FoldingTimeline):
    """A timeline on which one bar may be selected, or several (`picked`), of which one is the current one.

    `selected` gives the id of the block, order (block/cycle/order), co-medication or finding a person chose, "" for
    none. `moveRequested` gives a block's id and the days it should move by, `moveRefused` why a
    dragged block went back.
    """

    selected = Signal(str)
    moveRequested = Signal(str, int)
    moveRefused = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.selection: Place | None = None
        self._range_from: Place | None = None
        self.clicked_day = 0
        """The day of the selected bar that was clicked (an ordinal); 0 where it was selected otherwise."""
        self.leapt = False
        """Whether somebody went to today since something was selected: the arrow keys go on from there."""
        self._seen: set[tuple[str, int]] | None = None
        """Ids and days of what was looked at; None as long as the plan is the one that was opened."""
        self.setAccessibleName(say("Timeline"))
        self._describe()

    def show_plan(self, timeline: Timeline, today: int, *, fresh: bool = False) -> None:
        """Show that timeline and keep the selection where its bar is still there.

        Somebody who moves what they look at goes along with it, where it would go out of sight.
        """
        chosen = self.selection.bar if self.selection is not None and not fresh else None
        if fresh:
            self._seen = None
        elif self._seen is None and not self.scene.is_empty:
            self._seen = drawn_in(self.scene)  # now, because most plans are opened and looked at, and not changed
        super().show_plan(timeline, today, fresh=fresh)
        moved = frozenset() if self._seen is None else self.scene.bars.not_among(self._seen)
        kept = frozenset() if fresh else frozenset(one for one in self.picked if one in self.scene.bars)
        self.focus = replace(self.focus, unseen=moved)
        self._range_from = None
        self.choose(self._again(chosen) if chosen is not None else None, kept)
        was_shown = chosen is not None and _is_shown(chosen, self.scale)
        if self.selection is not None and was_shown and not _is_shown(self.selection.bar, self.scale):
            self.bring_into_sight(self.selection)

    @property
    def picked(self) -> frozenset[str]:
        """The ids of the selected bars where several are; empty where one or none is."""
        return self.focus.picked

    def _again(self, bar: Bar) -> Place | None:
        """The bar's place now, or that of its order where the bar itself is another one by now."""
        return self.scene.find(bar.id) or self.scene.find(chosen_id(bar))

    @property
    def cursor_day(self) -> int:
        """Where somebody is: the first day of what is selected, else the first day in sight."""
        return self.selection.bar.start if self.selection is not None else self.visible_days()[0]

    def select(self, name: str, picked: frozenset[str] = frozenset()) -> None:
        """Select a block, bar, order or finding by its id and bring it into sight, "" for none. Emits nothing."""
        place = self.scene.find(name) if name else None
        self.choose(place, picked)
        self.look_at(place.bar if place is not None else None)
        if place is not None:
            self.bring_into_sight(place)

    def look_at(self, bar: Bar | None) -> None:
        """Somebody looks at that bar: it is no longer marked as moved; a block stands for all its bars."""
        if bar is None or not self.focus.unseen:
            return
        bars = self.scene.bars
        block = bar.block if bar.form in ("ribbon", "cycle") else None
        seen = {one for one in self.focus.unseen if one == bar.id or bars[one].bar.block == block}
        if seen and self._seen is not None:
            self._seen.update((one, bars[one].bar.start) for one in seen)
            self.focus_on(replace(self.focus, unseen=self.focus.unseen - seen))

    def choose(self, place: Place | None, picked: frozenset[str] = frozenset()) -> None:
        """Mark that place as selected, and with it the bars of those ids where they are several."""
        self.selection, self.leapt = place, False
        bar = place.bar if place is not None else None
        name, block = (bar.id, bar.block) if bar else ("", "")
        several = picked if picked - {name} else frozenset()
        self.focus_on(replace(self.focus, bar=name, block=block, picked=several, hovered=""))
        self._describe()

    def choose_by_hand(self, place: Place | None, picked: frozenset[str] = frozenset(), day: int = 0) -> None:
        """Mark that place as selected, or several bars with it as the current one, and tell so; `day` was clicked."""
        self._range_from = None
        self.clicked_day = day
        self.choose(place, picked)
        self.look_at(place.bar if place is not None else None)
        self.selected.emit("" if place is None else chosen_id(place.bar))

    def bring_into_sight(self, place: Place) -> None:
        """Scroll no more than needed to see the place."""
        place = self.unfolded(place)
        bar, row = place.bar, place.row
        rows = (row.top, row.bottom) if row.part == "body" else (self.frame.scroll, self.frame.scroll)
        self.reveal((bar.start, min(bar.end, bar.start + IN_SIGHT)), rows)

    def _fold(self, vacant: frozenset[str]) -> None:
        super()._fold(vacant)
        self.selection, self._range_from = (
            self.scene.again(place) if place is not None else None for place in (self.selection, self._range_from)
        )

    def focus_on(self, focus: Focus) -> None:
        """Paint with that focus from now on."""
        if focus != self.focus:
            self.focus = focus
            self.viewport().update()

    def toggle(self, place: Place) -> None:
        """Take the bar into the selection, or out of it."""
        if may_be_picked(place.row, place.bar):
            self.pick(self.chosen_bars() ^ {place.bar.id}, place)

    def pick_through(self, place: Place) -> None:
        """Select all from the bar that was chosen before to that one."""
        if not may_be_picked(place.row, place.bar):
            return
        one = self._range_from if self._range_from and self.picked else self.selection
        if one is None or not may_be_picked(one.row, one.bar):
            self.choose_by_hand(place)
            return
        self.choose_by_hand(place, between(self.scene, one, place))
        self._range_from = one

    def pick_cycle(self) -> None:
        """Select all doses and assessments of the cycle in which the selected bar stands."""
        if self.selection is not None:
            self.pick(of_cycle(self.scene, cycle_of(self.scene, self.selection.bar)))

    def pick_all(self) -> None:
        """Select everything in the lanes."""
        self.pick(everything(self.scene))

    def pick(self, picked: frozenset[str], current: Place | None = None) -> None:
        """Select those bars; the current one stays what it is where it is among them, else it is the first of them."""
        place = current or self.selection
        if place is None or place.bar.id not in picked:
            places = [place for one in picked if (place := self.scene.bars[one]).bar.form != "cycle"]
            place = min(places, key=lambda one: (one.bar.start, one.row.top), default=None)
        self.choose_by_hand(place, picked)

    def chosen_bars(self) -> frozenset[str]:
        """The ids of the bars that count as selected, one or several; none where it is a cycle or a finding."""
        one = self.selection
        single = frozenset((one.bar.id,)) if one is not None and may_be_picked(one.row, one.bar) else frozenset()
        return self.picked or single

    def request_move(self, days: int) -> None:
        """Ask to move the selected bar's block; nothing where none is selected."""
        if self.selection is not None and self.selection.bar.block:
            self.moveRequested.emit(self.selection.bar.block, days)

    def _describe(self) -> None:
        """Tell screen readers what is selected."""
        words = (
            say("Nothing selected")
            if self.selection is None
            else ". ".join(text for _, text in told(self.selection.bar))
        )
        if self.picked:
            bars = [one for one in self.picked if one in self.scene.bars and self.scene.bars[one].bar.form != "cycle"]
            words = say("{count} items selected. {current}", count=len(bars), current=words)
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words)
            if not self.isVisible():
                return
            from PySide6.QtGui import QAccessible, QAccessibleEvent

            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))


def chosen_id(bar: Bar) -> str:
    """The id a bar is selected by: its block, its first order, or its own."""
    if bar.form in ("ribbon", "cycle"):
        return bar.block
    return bar.orders[0] if bar.orders and bar.form != "mark" else bar.id


def told(bar: Bar) -> list[Line]:
    """What the readout tells of a bar: its own lines with the dates after the first."""
    first, *more = plan_words(bar.detail).split("\n")
    days = weekday_date(bar.start)
    if bar.form == "dots":
        days += " " + say("and {count} more days", count=len(bar.ticks) - 1) if len(bar.ticks) > 1 else ""
    elif bar.end - bar.start > 1:
        days += " " + say("to {day}", day=weekday_date(bar.end - 1))
    lines = [(bar.finding if bar.form == "mark" else "", first), ("", days)]
    return lines + [("", line) for line in more]


def drawn_in(scene: Scene) -> set[tuple[str, int]]:
    """The ids and first days of all bars but the marks of findings."""
    return {(name, place.bar.start) for name, place in scene.bars.named() if place.bar.form != "mark"}


def _is_shown(bar: Bar, scale: DayScale) -> bool:
    """Whether any day of it is in sight."""
    return scale.left < bar.end and bar.start < scale.right
