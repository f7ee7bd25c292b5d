"""Where the events of a cycle fall once deferrals moved them, or what they hang on was given on another day.

What a protocol times by another order moves with it: premedication with its infusion, rescue with its methotrexate. A
dose that a deferral brings to a weekday its order excludes goes on to the nearest day the protocol accepts.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from planner.assembly.changes import shift_of, taken_along
from planner.assembly.days import DAYS_A_WEEK, other_days
from planner.model.civil import WEEKDAYS
from planner.model.cycle_content import CycleEvent
from planner.model.plan import Deferral
from planner.model.protocol import Phase, TemplateDecision, TemplateOrder, TimeAnchor

DAY = 24 * 60
Given = Mapping[tuple[str, int, int], int]
"""By order, day number and number on that day, from 0, the offset of the day on which a dose was given."""


class Moved(NamedTuple):
    """The day an event falls on, in days from the cycle's first, and why where its order had a say in it."""

    offset: int
    note: str = ""


class Room(NamedTuple):
    """The cycle the events move in: `weekday` of its first day (0: Monday), `length` its days as they are now."""

    phase: Phase
    weekday: int
    length: int


def moved_lines(
    lines: Sequence[Sequence[CycleEvent]], deferrals: Sequence[Deferral], given: Given, room: Room
) -> list[Sequence[Moved]]:
    """The days all events are planned on, in the order of the lines. `deferrals` are those of the cycle.

    What was given on another day takes along what hangs on it: leucovorin of methotrexate that ran a day late stood on
    its old hours, within the infusion.
    """
    if not (deferrals or given):
        return [[Moved(event.offset) for event in events] for events in lines]
    cycle = _Cycle(lines, deferrals, given, room)
    return [cycle.line(events) for events in lines]


def leader(anchor: TimeAnchor, at: int, starts: Sequence[int], length: int = 0) -> int:
    """Which of the doses that an order hangs on leads a moment: the next one where it comes before, else the last one.

    Moments are minutes, `starts` (not empty) stand in order of time, `length` are the minutes that one of them takes.
    """
    after = anchor.minutes + (length if anchor.edge == "end" else 0)
    if after < 0:
        return next((number for number, start in enumerate(starts) if start + after >= at), len(starts) - 1)
    return max((number for number, start in enumerate(starts) if start + after <= at), default=0)


def settled(order: TemplateOrder, day: int, shift: int, room: Room, taken: set[int]) -> Moved:
    """Day number `day` of an order, moved by `shift` days, off the weekdays that the order excludes.

    `taken` are the offsets at which the order has other doses. Where no accepted day is free the dose stays there.
    """
    offset = room.phase.offset(day) + shift
    name = _barred(order, offset, room)
    if not name:
        return Moved(offset)
    home = _home(order, day, room.phase)
    for other in (home, *other_days(order, home, room.phase)):
        found = room.phase.offset(other) + shift
        if other != day and found not in taken and found < room.length and not _barred(order, found, room):
            return Moved(found, f"Day {day} would be a {name}, which the protocol excludes")
    return Moved(offset, f"Day {day} is a {name}, which the protocol excludes, and no other day is accepted")


def _barred(order: TemplateOrder, offset: int, room: Room) -> str:
    """The name of the weekday where the order excludes it."""
    weekday = (room.weekday + offset) % DAYS_A_WEEK
    return WEEKDAYS[weekday] if weekday in order.not_on else ""


def _home(order: TemplateOrder, day: int, phase: Phase) -> int:
    """The protocol's own day of a dose that may have made way for a weekday already."""
    numbers = order.days.numbers
    if day in numbers or (order.days.to_end and day > numbers[-1]):
        return day
    return next((home for home in numbers if day in other_days(order, home, phase)), day)


class _Cycle:
    """The lines of one cycle, moved one after the other. Made for one content and then dropped."""

    def __init__(
        self, lines: Sequence[Sequence[CycleEvent]], deferrals: Sequence[Deferral], given: Given, room: Room
    ) -> None:
        self._deferrals, self._given, self._room = deferrals, given, room
        orders = ((events[0].line.order, events) for events in lines)
        self._of_order = {order.id: events for order, events in orders if isinstance(order, TemplateOrder)}
        self._done: dict[int, Sequence[Moved]] = {}

    def line(self, events: Sequence[CycleEvent]) -> Sequence[Moved]:
        """The days of one line's events."""
        key = id(events[0].line)
        if key not in self._done:
            self._done[key] = self._alone(events)  # stands in for a circle, which protocols cannot have
            self._done[key] = self._moved(events)
        return self._done[key]

    def _went(self, events: Sequence[CycleEvent]) -> list[tuple[CycleEvent, int]]:
        """One line's events, each with the day on which it was given, or is planned where that is not recorded."""
        name = events[0].line.order.id
        planned = zip(_numbered(events), self.line(events), strict=True)
        return [(event, self._given.get((name, event.cycle_day, number), to.offset)) for (event, number), to in planned]

    def _moved(self, events: Sequence[CycleEvent]) -> Sequence[Moved]:
        order = events[0].line.order
        names = () if isinstance(order, TemplateDecision) else order.goes_with
        if here := [self._of_order[name] for name in names if name in self._of_order]:
            return self._together(events, here)
        if not isinstance(order, TemplateOrder) or order.keeps_its_days:
            return self._alone(events)
        shifts = list(self._shifts(events, order))
        if not (order.not_on and any(shifts)):
            moved = [Moved(event.offset + shift) for event, shift in zip(events, shifts, strict=True)]
        else:
            moved = self._settled(events, order, shifts)
        partly = [one for one in self._deferrals if one.kept]
        return [*self._told(events, moved, partly)] if partly else moved

    def _together(self, events: Sequence[CycleEvent], others: Sequence[Sequence[CycleEvent]]) -> Sequence[Moved]:
        """Each event by the days that the last of the others up to its day moves; ahead of all, by those of the first.

        What was asked for the line alone comes on top.
        """
        name = events[0].line.order.id
        moves = sorted(move for line in others for move in self._days_moved(line))
        mine = [one for one in self._deferrals if one.order == name]
        found = []
        for event, number in _numbered(events):
            before = [days for offset, days in moves if offset <= event.offset]
            own = shift_of(mine, event.cycle_day, dose=(name, number))
            found.append(Moved(event.offset + (before[-1] if before else moves[0][1]) + own))
        return found

    def _days_moved(self, events: Sequence[CycleEvent]) -> Iterator[tuple[int, int]]:
        """Each day of a line with the days it moves: as it was put off, and with all of its doses given elsewhere.

        Mesna stays where one of two doses of cyclophosphamide was given after midnight: the first had its day.
        """
        doses: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for (event, given), to in zip(self._went(events), self.line(events), strict=True):
            doses[event.offset].append((to.offset - event.offset, given - to.offset))
        for offset, here in doses.items():
            put_off = [one for one in here if one[0]] or here
            days = max(put_off)[0]
            yield offset, days + min((late for off, late in put_off if off == days), key=abs)

    def _told(
        self, events: Sequence[CycleEvent], moved: Sequence[Moved], partly: Sequence[Deferral]
    ) -> Iterator[Moved]:
        """Says of a dose that moved which ones timed by it had been given before: they are not planned once more."""
        name = events[0].line.order.id
        followers = {
            order: line[0].line.agent_name
            for order, line in self._of_order.items()
            if isinstance(line[0].line.order, TemplateOrder)
            and line[0].line.order.anchor
            and line[0].line.order.anchor.order_id == name
        }
        for (event, number), to in zip(_numbered(events), moved, strict=True):
            given = [
                followers[order]
                for one in partly
                if one.day == event.cycle_day and (name, number) not in one.kept and to.offset != event.offset
                for order, _ in one.kept
                if order in followers
            ]
            words = f"{' and '.join(dict.fromkeys(given))}, timed by it, was given before it moved" if given else ""
            yield Moved(to.offset, "; ".join(filter(None, (to.note, words))))

    def _alone(self, events: Sequence[CycleEvent]) -> Sequence[Moved]:
        """Events that no other order leads: examinations, questions, and drugs that keep their days."""
        order = events[0].line.order
        if isinstance(order, TemplateOrder) and order.keeps_its_days:
            along = taken_along(order, self._deferrals)
            return [Moved(event.offset + along) for event in events]
        return [Moved(event.offset + shift) for event, shift in self._own(events)]

    def _own(self, events: Sequence[CycleEvent]) -> Iterator[tuple[CycleEvent, int]]:
        """Each event with the days it moves by itself.

        A deferral of one day leaves a line that also falls on the day before or after: it runs through that day.
        """
        name = events[0].line.order.id
        reaching = [one for one in self._deferrals if one.order in ("", name)]
        planned = {event.due_offset for event in events}
        for event, number in _numbered(events):
            alone = event.due_offset - 1 not in planned and event.due_offset + 1 not in planned
            yield event, shift_of(reaching, event.cycle_day, alone, (name, number))

    def _shifts(self, events: Sequence[CycleEvent], order: TemplateOrder) -> Iterator[int]:
        """The days each event moves by: those of the dose it hangs on, and what was asked for it alone."""
        target = self._of_order.get(order.anchor.order_id) if order.anchor else None
        if order.anchor is None or target is None:
            yield from (shift for _, shift in self._own(events))
            return
        timed = [(event, to) for event, to in self._went(target) if event.minute >= 0]
        starts = [event.offset * DAY + event.minute for event, _ in timed]
        mine = [one for one in self._deferrals if one.order == order.id]
        for (event, own), (_, number) in zip(self._own(events), _numbered(events), strict=True):
            at = event.offset * DAY + event.minute
            if event.minute < 0 or not timed:
                yield own
                continue
            led, to = timed[leader(order.anchor, at, starts, max(0, timed[0][0].length))]
            yield to - led.offset + shift_of(mine, event.cycle_day, dose=(order.id, number))

    def _settled(self, events: Sequence[CycleEvent], order: TemplateOrder, shifts: Sequence[int]) -> list[Moved]:
        """The doses of a day stay together; none falls on a day that another one of the order has."""
        taken = {event.offset + shift for event, shift in zip(events, shifts, strict=True)}
        found: dict[tuple[int, int], Moved] = {}
        for event, shift in zip(events, shifts, strict=True):
            place = event.cycle_day, event.offset + shift
            if shift and place not in found:
                found[place] = settled(order, event.cycle_day, shift, self._room, taken)
                taken.add(found[place].offset)
        return [
            found.get((event.cycle_day, event.offset + shift), Moved(event.offset + shift))
            if shift
            else Moved(event.offset)
            for event, shift in zip(events, shifts, strict=True)
        ]


def _numbered(events: Sequence[CycleEvent]) -> Iterator[tuple[CycleEvent, int]]:
    """Each event of a line with its number among those of its day number, from 0, as records count them."""
    seen: dict[int, int] = {}
    for event in events:
        number = seen.get(event.cycle_day, 0)
        seen[event.cycle_day] = number + 1
        yield event, number
