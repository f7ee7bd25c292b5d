"""A rescue given otherwise from an hour on, as a level of the drug asks for it: in the place of what was drawn."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from planner.assembly.times import DAY, NO_TIME
from planner.model.agent import Agent
from planner.model.cycle_content import CycleEvent, State
from planner.model.going_on import hung_on
from planner.model.kept import IN_ITS_PLACE
from planner.model.plan import Addition
from planner.model.protocol import Days, Phase, TemplateOrder
from planner.model.quantity import format_amount

Agents = Mapping[str, Agent | None]
Lines = Sequence[Sequence[CycleEvent]]
ADDED_PLACE = 9_000
"""Where added orders stand among the lines of a cycle: after the protocol's own, before its decisions."""
REPLACED = (State.PLANNED, State.DEFERRED, State.PROVISIONAL, State.HELD, State.STOPPED)
"""What another rescue takes the place of; what was given or left out stays as it is."""


def takes_place(change: object) -> bool:
    """Whether an order was added as a rescue of some hours on, in the place of what its drug has there."""
    return isinstance(change, Addition) and change.role == "rescue" and bool(change.timed_by)


def is_alike(one: str, other: str, agents: Agents) -> bool:
    """Whether two agents are the same drug or, as levoleucovorin and leucovorin, of one class."""
    here, there = agents.get(one), agents.get(other)
    return one == other or bool(here and there and not set(here.classes).isdisjoint(there.classes))


class Reach(NamedTuple):
    """From when to when a rescue takes the place of another, in minutes of the cycle.

    From its first dose (`begins`) to the next dose of what it rescues from (`ends`); it is timed by the one at `since`.
    """

    since: int
    begins: int
    ends: int


class Hours(NamedTuple):
    """What the hours of a cycle are told by: its phase, and the minute at which a treatment day begins."""

    phase: Phase
    day_starts: int

    def starts(self, events: Sequence[CycleEvent]) -> list[int]:
        """When doses begin, in minutes of the cycle; one without a clock time with its treatment day."""
        return sorted(one.offset * DAY + (one.minute if one.minute >= 0 else self.day_starts) for one in events)

    def doses_of(self, order: TemplateOrder, led: Sequence[CycleEvent]) -> list[int]:
        """When the doses of an added rescue fall, in minutes of the cycle: to the end of its last day.

        `led` are the doses of the order by which it is timed, of which that is taken which leads to its first day.
        Where that falls on another day than when the rescue was added (an order of weekdays in a cycle that was put
        off), all of it does: counted by its last day alone there was nothing left of it, and the plan did not open.
        """
        first, last = (self.phase.offset(order.days.numbers[place]) for place in (0, -1))
        minutes = order.anchor.minutes if order.anchor else 0
        begins = [start + minutes for start in self.starts(led)]
        at = min(begins, key=lambda one: abs(one // DAY - first), default=first * DAY + self.day_starts)
        return [*range(at, (at // DAY + last - first + 1) * DAY, 60 * (order.every_hours or 24))]


def by_the_hour(order: TemplateOrder, count: int) -> TemplateOrder:
    """The added order as protocols write such a rescue: from its first day on every so many hours, so many times."""
    return replace(order, days=Days(order.days.numbers[:1]), doses_per_day=1, dose_count=count)


def own_rescue(lines: Lines, lead: str, phase: Phase) -> Iterator[Sequence[CycleEvent]]:
    """The lines of the cycle that rescue from the doses of an order, or that people added as a rescue."""
    for events in lines:
        order = events[0].line.order
        if isinstance(order, TemplateOrder) and order.role == "rescue":
            hangs_on = hung_on(order, phase)
            if lead in hangs_on or not hangs_on:
                yield events


def drawn_up_to(lines: Lines, hours: Hours, length: int, agents: Agents) -> list[Sequence[CycleEvent]]:
    """The lines, where what goes on behind its drawn days is drawn on the day on which another takes its place.

    So it is seen what is given on that day before the hour.
    """
    drawn = [*lines]
    replaced: set[tuple[int, int]] = set()
    for new in _in_place(lines):
        reach = _reach(new, lines, hours)
        for place, old in enumerate(drawn):
            if _makes_way(old, new, hours.phase, agents) and (place, reach.ends) not in replaced:
                drawn[place] = _drawn_on(old, reach, hours, length)
                replaced.add((place, reach.ends))
    return drawn


def _drawn_on(old: Sequence[CycleEvent], reach: Reach, hours: Hours, length: int) -> Sequence[CycleEvent]:
    order, begins, ends = old[0].line.order, reach.begins, reach.ends
    before = [one for one in old if one.offset * DAY + max(one.minute, 0) < ends]
    if not before or not isinstance(order, TemplateOrder) or not order.until or order.days.to_end:
        return old
    last = max(one.offset for one in before)
    again = sorted((one for one in before if one.offset == last), key=lambda one: one.minute)
    minutes = [one.minute for one in again]
    if order.every_hours and again[0].minute >= 0:
        minutes = sorted((again[0].minute + 60 * step) % DAY for step in range(0, 24, order.every_hours))
    offset = begins // DAY
    more = [
        again[0]._replace(offset=offset, due_offset=offset, cycle_day=hours.phase.day_at(offset), minute=minute)
        for minute in minutes
        if last < offset < length and offset * DAY + max(minute, 0) < begins
    ]
    return sorted([*old, *more], key=lambda one: (one.offset, one.minute))


def in_its_place(lines: Sequence[list[CycleEvent]], hours: Hours, agents: Agents) -> list[list[CycleEvent]]:
    """The lines of a cycle in which a rescue that takes the place of another has stopped that from its hour on."""
    found = [*lines]
    for new in _in_place(lines):
        reach = _reach(new, lines, hours)
        for place, old in enumerate(found):
            if _makes_way(old, new, hours.phase, agents):
                found[place] = [_replaced(one, new[0], reach) for one in old]
    return found


def _replaced(event: CycleEvent, by: CycleEvent, reach: Reach) -> CycleEvent:
    """A dose where another rescue takes its place: stopped from its hour on; before it, given up to then.

    Each dose every 3 h said "until methotrexate is below 0.1 micromol/L", and the next line went on every 6 h.
    """
    begins, at = reach.begins, event.offset * DAY + max(event.minute, 0)
    if event.state not in REPLACED or at >= reach.ends:
        return event
    told = f"{by.line.agent_name} {_often(by)}"
    hour = f"{begins % DAY // 60:02}:{begins % 60:02}"
    if event.minute == NO_TIME and event.offset == begins // DAY and begins % DAY:
        if event.dose and event.dose.value is not None:
            return event._replace(notes=(f"up to {hour}, then {told}", *_without_end(event)))
    elif at < begins:
        notes = _without_end(event)
        if event.offset < reach.since // DAY or notes == event.notes:
            return event
        day = "" if event.offset == begins // DAY else f" on D{by.cycle_day}"
        return event._replace(notes=(f"up to {hour}{day}, then {told}", *notes))
    return event._replace(state=State.STOPPED, notes=(f"stopped: {told} {IN_ITS_PLACE}", *event.notes))


def _without_end(event: CycleEvent) -> tuple[str, ...]:
    """What is said of a dose without until when its protocol gives it."""
    end = f"until {getattr(event.line.order, 'until', '')}: "
    return tuple(note for note in event.notes if not note.startswith(end))


def _often(event: CycleEvent) -> str:
    order, dose = event.line.order, event.dose
    amount = format_amount(dose.value, dose.unit) if dose and dose.value is not None else "at its dose"
    return f"{amount} every {order.every_hours} h" if isinstance(order, TemplateOrder) else amount


def _in_place(lines: Lines) -> Iterator[Sequence[CycleEvent]]:
    """The lines of orders that somebody added as a rescue of some hours on, in the order they were added."""
    added = (events for events in lines if events and _is_in_place(events[0]))
    yield from sorted(added, key=lambda events: events[0].place)


def _is_in_place(event: CycleEvent) -> bool:
    order = event.line.order
    return isinstance(order, TemplateOrder) and _is_added(event) and order.role == "rescue" and bool(order.anchor)


def _is_added(event: CycleEvent) -> bool:
    return event.place >= ADDED_PLACE


def _makes_way(old: Sequence[CycleEvent], new: Sequence[CycleEvent], phase: Phase, agents: Agents) -> bool:
    """Whether a line is a rescue in whose place the other was added: of one drug and one dose, and before it."""
    if not old or old[0].place >= new[0].place or not is_alike(old[0].line.agent, new[0].line.agent, agents):
        return False
    order = new[0].line.order
    lead = order.anchor.order_id if isinstance(order, TemplateOrder) and order.anchor else ""
    return any(True for _ in own_rescue([old], lead, phase))


def _reach(new: Sequence[CycleEvent], lines: Lines, hours: Hours) -> Reach:
    order = new[0].line.order
    lead = order.anchor.order_id if isinstance(order, TemplateOrder) and order.anchor else ""
    begins = min(hours.starts(new))
    led = hours.starts([one for events in lines for one in events if one.line.order.id == lead])
    since = max((at for at in led if at <= begins), default=0)
    return Reach(since, begins, min((at for at in led if at > begins), default=10**9))
