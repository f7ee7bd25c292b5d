"""How often a day another agent is given in place of a drug, where somebody said so."""

from collections.abc import Sequence

from msgspec.structs import replace

from planner.assembly.marks import Mark, reaches
from planner.assembly.moving import Moved
from planner.assembly.times import NO_TIME
from planner.model.cycle_content import CycleEvent
from planner.model.plan import Replacement
from planner.model.protocol import TemplateOrder

Doses = list[tuple[CycleEvent, Moved]]
"""A line's events, each with the day it falls on."""


def given_as_often(order: TemplateOrder, change: Replacement) -> TemplateOrder:
    """The order, given as often a day as the change says. Its hours were the other drug's."""
    if not _is_otherwise(order, change):
        return order
    return replace(order, doses_per_day=change.doses_per_day, every_hours=None, dose_count=1, at=())


def as_often(doses: Doses, marks: Sequence[Mark]) -> Doses:
    """The events of a line, on each day as many as its last replacement to reach them says, in order of time."""
    swaps = [(mark, mark.change) for mark in reversed(marks) if isinstance(mark.change, Replacement)]
    if not any(change.doses_per_day for _, change in swaps):
        return doses
    of_days: dict[tuple[int, Replacement | None], Doses] = {}
    for event, to in doses:
        swap = next((change for mark, change in swaps if reaches(mark, event, to.offset)), None)
        of_days.setdefault((event.cycle_day, swap), []).append((event, to))
    return [one for (_, swap), of_day in of_days.items() for one in _so_many(of_day, swap)]


def _so_many(doses: Doses, change: Replacement | None) -> Doses:
    """The doses of one day as many as wanted. One dose keeps the hour of the first; nobody gave hours to several."""
    event, to = doses[0]
    order = event.line.order
    if change is None or not isinstance(order, TemplateOrder) or not _is_otherwise(order, change):
        return doses
    minute = event.minute if change.doses_per_day == 1 else NO_TIME
    return [(event._replace(minute=minute), to)] * change.doses_per_day


def _is_otherwise(order: TemplateOrder, change: Replacement) -> bool:
    """Whether the change gives a drug more or less often than its order. A continuous infusion runs all day."""
    return bool(change.doses_per_day) and not order.continuous and change.doses_per_day != order.doses_of_day
