"""interruption: days without a dose inside a cycle of a daily treatment or an infusion."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from planner.checking.context import Context
from planner.checking.hits import Hit, named, on_day, plural
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_course import Interruption
from planner.model.schedule import Event


def find(rule: SequencingRule, wanted: Interruption, context: Context) -> Iterator[Hit]:
    """One hit for each interruption of that length; with `days_in_all`, for each such cycle of other days in all."""
    cycles: dict[tuple[str, int, str], list[Event]] = {}
    for event in context.series(wanted.agents, rule.protocols).events:
        agent = event.placed.agent if wanted.each_agent else ""
        cycles.setdefault((event.placed.block.id, event.placed.cycle, agent), []).append(event)
    for events in cycles.values():
        gaps = [(one, two) for one, two in pairwise(events) if _is_gap(two.day - one.day - 1, wanted)]
        days, alone = len({event.day for event in events}), len({event.placed.agent for event in events}) == 1
        if wanted.days_in_all is None:
            yield from (_hit(one, two, "", wanted, alone) for one, two in gaps)
        elif gaps and days != wanted.days_in_all:
            yield _hit(*gaps[0], f"; {days} days in all, not {wanted.days_in_all}", wanted, alone, events[-1:])


def _is_gap(days: int, wanted: Interruption) -> bool:
    return days >= wanted.gap_from and (wanted.gap_to is None or days <= wanted.gap_to)


def _hit(one: Event, two: Event, further: str, wanted: Interruption, alone: bool, last: Sequence[Event] = ()) -> Hit:
    gap = two.day - one.day - 1
    span = f"{on_day(one.day + 1)} to {on_day(two.day - 1)} = {plural(gap, 'day')} without"
    bounds = f"from {wanted.gap_from}" + (f" to {wanted.gap_to}" if wanted.gap_to is not None else "") + " days"
    what = f"{one.placed.agent_name} of cycle {one.placed.cycle}" if alone else one.placed.block.title
    free = range(one.day + 1, two.day)
    days = " to ".join(map(on_day, dict.fromkeys((free[0], free[-1]))))
    return Hit(
        f"{what} is interrupted for {plural(gap, 'day')}, {days}, before {named(two)}{further}.",
        (one, two, *(event for event in last if event is not two)),
        (("last before", named(one)), ("goes on", named(two)), ("interruptions looked at", bounds)),
        f"{span}{further}",
        days=(one.day, *free, two.day),
    )
