"""maximum_interval: a dose not later than so long after the one before it."""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise

from planner.checking.context import Context
from planner.checking.elapsed import DAY, length_text, minutes_between
from planner.checking.hits import Hit, moment, named
from planner.checking.known import Known
from planner.checking.pieces import Series, no_amount
from planner.checking.reach import Reach
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_span import MaximumInterval
from planner.model.schedule import Event


def reach(wanted: MaximumInterval, known: Known) -> Reach:  # noqa: ARG001 all reaches alike
    """As far back as the interval; and whether the course had begun at all before that."""
    return Reach(wanted.agents, (wanted.agents,), back=wanted.at_most.days, since_first=True, doses=False)


def find(rule: SequencingRule, wanted: MaximumInterval, context: Context) -> Iterator[Hit]:
    """One hit for each dose that comes too late after the one before it."""
    if _is_fine(rule, wanted, context):
        return
    doses = context.judged_events(wanted.agents, rule.protocols)
    series = context.series(wanted.agents)
    limit = wanted.at_most.minutes
    for event in doses:
        before = _before(event, series)
        if before is None:
            if context.opened:
                yield _hit(event, None, wanted, f"none in the {wanted.at_most} before {moment(event)}")
        elif (event[0] - before[0] + 1) * DAY > limit:
            minutes = minutes_between((before.day, before.minute), (event.day, event.minute), wanted.at_most)
            if minutes is not None and minutes > limit:
                clocks = not wanted.at_most.in_days and before.minute >= 0 and event.minute >= 0
                gap = length_text(minutes, days=not clocks)
                yield _hit(event, before, wanted, f"{moment(event)} − {moment(before)} = {gap}, above {wanted.at_most}")


def _is_fine(rule: SequencingRule, wanted: MaximumInterval, context: Context) -> bool:
    """Whether the bare times tell already that no dose is late: they do not where clock times are missing."""
    judged = context.judged_column(wanted.agents, rule.protocols, None, no_amount).times
    if not judged:
        return True
    before, clocked = context.last_before(judged[0], wanted.agents)
    if not clocked or (before is None and context.opened):
        return False
    unit, limit = DAY if wanted.at_most.in_days else 1, wanted.at_most.minutes
    known = judged if before is None else (before, *judged)
    return all((later // unit - earlier // unit) * unit <= limit for earlier, later in pairwise(known))


def _before(event: Event, series: Series) -> Event | None:
    """The last dose at an earlier moment."""
    at = bisect_left(series.days, event[0])
    events = series.events
    while at < len(events) and events[at][:2] < event[:2]:
        at += 1
    return events[at - 1] if at else None


def _hit(event: Event, before: Event | None, wanted: MaximumInterval, arithmetic: str) -> Hit:
    earlier = named(before) if before else "the dose before it"
    return Hit(
        f"{named(event)} comes more than {wanted.at_most} after {earlier}.",
        (before, event) if before else (event,),
        (("earlier", earlier), ("later", named(event)), ("longest interval", str(wanted.at_most))),
        arithmetic,
        key=f"{event.placed.block.id}/{event.placed.agent or event.placed.order.id}",
    )
