"""Doses of what goes on behind its drawn days, on the days on which somebody pauses, changes or resumes it."""

from collections.abc import Iterator, Sequence

from planner.assembly.marks import NEVER, Mark
from planner.model.cycle_content import CycleEvent
from planner.model.plan import DoseChange, Hold, Replacement
from planner.model.protocol import Phase, TemplateOrder


def drawn_where_changed(
    events: Sequence[CycleEvent], marks: Sequence[Mark], phase: Phase, length: int
) -> Sequence[CycleEvent]:
    """One line's events with those of the days on which a change of it begins or a hold of it ends, behind the others.

    Ciclosporin goes on until somebody says when it ends, and is drawn on one day: held on Day 22, all sheets went on.
    """
    order = events[0].line.order
    if not (isinstance(order, TemplateOrder) and order.until and not order.days.to_end):
        return events
    last = max(event.offset for event in events)
    again = [event for event in events if event.offset == last]
    found: list[CycleEvent] = []
    for offset in sorted(set(_days(marks, order, phase))):
        if last < offset < length:
            day = phase.day_at(offset)
            found += [one._replace(offset=offset, due_offset=offset, cycle_day=day) for one in again]
    return [*events, *found]


def _days(marks: Sequence[Mark], order: TemplateOrder, phase: Phase) -> Iterator[int]:
    for mark in marks:
        change = mark.change
        if isinstance(change, Hold | DoseChange | Replacement) and change.order == order.id and not mark.moved:
            if mark.first == phase.offset(change.day):
                yield mark.first
            if isinstance(change, Hold) and mark.last != NEVER:
                yield mark.last
