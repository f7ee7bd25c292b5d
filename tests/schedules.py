"""Schedules made of given events, for tests that need one which no plan gives."""

from collections.abc import Iterable

from planner.model.cycle_content import CycleContent, CycleEvent, OrderLine
from planner.model.schedule import Event, OpenDecision, PlacedBlock, PlacedContent, PlacedOrder, Schedule


def schedule_of(
    events: Iterable[Event], blocks: tuple[PlacedBlock, ...], decisions: tuple[OpenDecision, ...] = ()
) -> Schedule:
    """A schedule whose pieces give exactly these events."""
    cycles: dict[tuple[str, int], dict[int, list[Event]]] = {}
    for event in events:
        orders = cycles.setdefault((event.placed.block.id, event.placed.cycle), {})
        orders.setdefault(id(event.placed), []).append(event)
    return Schedule(tuple(_piece(list(orders.values())) for orders in cycles.values()), blocks, decisions)


def with_events(schedule: Schedule, events: Iterable[Event]) -> Schedule:
    """The schedule with other events in it."""
    return schedule_of(events, schedule.blocks, schedule.decisions)


def _piece(orders: list[list[Event]]) -> PlacedContent:
    first = orders[0][0].placed
    start = next((one.start for one in first.block.cycles if one.number == first.cycle), orders[0][0].day)
    content = CycleContent.of_events(_relative(events, start) for events in orders)
    return PlacedContent(content, start, first.block, first.cycle, 0)


def _relative(events: list[Event], start: int) -> list[CycleEvent]:
    line = _line(events[0].placed)
    return [
        CycleEvent(
            event.day - start,
            event.minute,
            event.sequence,
            line,
            event.cycle_day,
            event.state,
            event.dose,
            event.due_day - start,
            (event.end_day - event.day) * 1440 + event.end_minute - event.minute if event.end_day >= 0 else -1,
            event.notes,
        )
        for event in sorted(events, key=lambda event: event[:3])
    ]


def _line(placed: PlacedOrder) -> OrderLine:
    return OrderLine(*(getattr(placed, name) for name in OrderLine.__struct_fields__))
