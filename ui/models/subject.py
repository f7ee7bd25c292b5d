"""What a bar of the timeline stands for: a block, a cycle, events of an order, a decision, a finding."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.finding import Finding
from planner.model.schedule import Event, PlacedBlock
from planner.model.timeline import Bar, Timeline
from ui.models.schedule_table import EventKey, event_key


class Subject(NamedTuple):
    """One selected thing. `events` are those the bar draws, in order of time; `findings` those that speak about it.

    A finding may have no bar: what could not be checked stands in the panel only. `others` are selected with it. `day`
    is the one of its days that somebody pointed at (an ordinal), 0 where nobody did. `cycles` (block/cycle) are those
    that were selected as a whole: of bars that run over several, only the events in these are meant.
    """

    id: str
    bar: Bar | None
    block: PlacedBlock | None
    events: tuple[Event, ...]
    findings: tuple[Finding, ...]
    finding: Finding | None = None
    others: tuple["Subject", ...] = ()
    day: int = 0
    cycles: frozenset[str] = frozenset()

    @property
    def several(self) -> tuple["Subject", ...]:
        """All that is selected, where it is more than one thing."""
        return (self._replace(others=()), *self.others) if self.others else ()

    @property
    def all_events(self) -> tuple[Event, ...]:
        """The events of everything that is selected, each once, in order of time."""
        found = {event_key(event): event for one in (self, *self.others) for event in one.events}
        return tuple(sorted(found.values(), key=lambda event: (event.day, event.minute)))


def marked_row(subject: Subject | None) -> EventKey | None:
    """The row of the table for what is selected: of a bar of many days the one that was pointed at, else its first."""
    if subject is None or not subject.events:
        return None
    return event_key(next((one for one in subject.events if one.day == subject.day), subject.events[0]))


def subject_of(evaluated: EvaluatedPlan, bar_id: str) -> Subject | None:
    """What the bar or finding of that id stands for; None where there is none (any more)."""
    bar = _bar(evaluated.timeline, bar_id)
    finding = next((one for one in evaluated.findings if one.id == bar_id), None)
    if finding:
        return Subject(finding.id, bar, None, _spoken_about(evaluated, finding), (), finding)
    if bar is None:
        return None
    block = next((one for one in evaluated.schedule.blocks if one.id == bar.block), None)
    orders = set(bar.orders)
    events = tuple(event for event in evaluated.due if event.placed.id in orders and bar.start <= event.day < bar.end)
    return Subject(bar.id, bar, block, events, _about(evaluated, bar, orders))


def subjects_of(evaluated: EvaluatedPlan, thing: str, picked: Collection[str]) -> Subject | None:
    """What is selected: that thing, and where several are picked, all of them with it or else their first."""
    if not picked:
        return subject_of(evaluated, thing)
    marked = [bar for lane in evaluated.timeline.lanes for bar in lane.bars if bar.id in picked]
    cycles = frozenset(bar.id for bar in marked if bar.form == "cycle")
    bars = sorted((bar for bar in marked if bar.form != "cycle"), key=lambda bar: (bar.id != thing, bar.start, bar.id))
    of_order: dict[str, list[Event]] = {}
    for event in evaluated.due:
        of_order.setdefault(event.placed.id, []).append(event)
    blocks = {block.id: block for block in evaluated.schedule.blocks}
    found = [
        Subject(bar.id, bar, blocks.get(bar.block), _within(cycles, drawn), _about(evaluated, bar, set(bar.orders)))
        for bar, drawn in ((bar, _drawn_by(bar, of_order)) for bar in bars)
    ]
    return found[0]._replace(others=tuple(found[1:]), cycles=cycles) if found else None


def _within(cycles: Collection[str], events: tuple[Event, ...]) -> tuple[Event, ...]:
    """The events in those cycles; all of a bar that has none there, which was selected by itself."""
    inside = tuple(one for one in events if f"{one.placed.block.id}/{one.placed.cycle}" in cycles) if cycles else ()
    return inside or events


def _drawn_by(bar: Bar, of_order: Mapping[str, list[Event]]) -> tuple[Event, ...]:
    return tuple(event for order in bar.orders for event in of_order.get(order, ()) if bar.start <= event.day < bar.end)


def follow(evaluated: EvaluatedPlan, subject: Subject) -> str:
    """The id under which the same thing stands in a newer evaluation; the old id where it cannot be followed.

    A bar's id holds its day, so an item that moved has another id than before: its first event tells where it went.
    """
    if subject.finding or not subject.events:
        return subject.id
    key = event_key(subject.events[0])
    moved = next((event for event in evaluated.due if event_key(event) == key), None)
    return bar_of_event(evaluated.timeline, moved) if moved else ""


def follow_all(evaluated: EvaluatedPlan, subject: Subject) -> frozenset[str]:
    """The ids under which several things that are selected together stand now; those that are gone are left out."""
    if not subject.several:
        return frozenset()
    events = {event_key(event): event for event in evaluated.due}
    bars: dict[str, list[Bar]] = {}
    for lane in evaluated.timeline.lanes:
        for bar in lane.bars:
            for order in bar.orders if bar.form != "mark" else ():
                bars.setdefault(order, []).append(bar)
    blocks = {block.id for block in evaluated.schedule.blocks}
    found = {one.id for one in subject.several if one.id in blocks} | subject.cycles
    for one in subject.several:
        event = events.get(event_key(one.events[0])) if one.events else None
        if event:
            found |= {bar.id for bar in bars.get(event.placed.id, ()) if bar.start <= event.day < bar.end}
    return frozenset(found)


def bar_of_event(timeline: Timeline, event: Event) -> str:
    """The id of the bar that draws the event, or an empty text."""
    for lane in timeline.lanes:
        for bar in lane.bars:
            if bar.form != "mark" and event.placed.id in bar.orders and bar.start <= event.day < bar.end:
                return bar.id
    return ""


def _bar(timeline: Timeline, bar_id: str) -> Bar | None:
    return next((bar for lane in timeline.lanes for bar in lane.bars if bar.id == bar_id), None)


def _about(evaluated: EvaluatedPlan, bar: Bar, orders: set[str]) -> tuple[Finding, ...]:
    if bar.form in ("ribbon", "cycle"):
        return tuple(
            finding for finding in evaluated.findings if any(order.startswith(f"{bar.id}/") for order in finding.orders)
        )
    return tuple(
        finding
        for finding in evaluated.findings
        if orders & set(finding.orders) and any(bar.start <= day < bar.end for day in finding.days)
    )


def _spoken_about(evaluated: EvaluatedPlan, finding: Finding) -> tuple[Event, ...]:
    orders, days = set(finding.orders), set(finding.days)
    return tuple(event for event in evaluated.due if event.placed.id in orders and event.day in days)
