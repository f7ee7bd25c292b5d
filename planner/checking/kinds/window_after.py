"""window_after: a dose not sooner and not later than so long after the last dose of something else."""

from collections.abc import Iterator, Sequence

from planner.checking.context import Context
from planner.checking.elapsed import DAY
from planner.checking.hits import Hit, named, on_day, plural
from planner.checking.pieces import Series
from planner.checking.view import NEVER
from planner.model.plan import BlockChange
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_course import WindowAfter
from planner.model.schedule import Event


def find(rule: SequencingRule, wanted: WindowAfter, context: Context) -> Iterator[Hit]:
    """One hit for each dose outside the window. What nothing comes before is passed over."""
    doses: Sequence[Event] = context.series(wanted.agents, rule.protocols).events
    before = context.series(wanted.after, rule.protocols)
    for event in doses[:1] if wanted.first_only else doses:
        last = _last_before(event, before)
        if last is None:
            continue
        days = event.day - last.day
        if not wanted.at_least.minutes // DAY <= days <= wanted.at_most.minutes // DAY:
            yield from _outside(event, last, days, wanted, context)


def _last_before(event: Event, before: Series) -> Event | None:
    """The last dose before the event, however long ago; what shares its day counts unless a clock time puts it behind.

    A bound on how far back is looked would let the latest doses of all pass, as if nothing had come before them.
    """
    earlier = before.between(-NEVER, event.day)
    behind = (
        one for one in reversed(earlier) if one is not event and not (one.day == event.day and _behind(one, event))
    )
    return next(behind, None)


def _behind(other: Event, event: Event) -> bool:
    return other.minute > event.minute >= 0


def _is_moved(event: Event, context: Context) -> bool:
    """Whether a deferral moved the dose, or somebody its block, and the reason is kept."""
    block = event.placed.block.id
    moves = (one for one in context.plan.course_changes if isinstance(one, BlockChange) and one.block == block)
    return event.due_day != event.day or any(one.was and one.now for one in moves)


def _outside(event: Event, last: Event, days: int, wanted: WindowAfter, context: Context) -> Iterator[Hit]:
    """A dose that was moved, with its reason, may come until `moved_at_most`."""
    end = wanted.moved_at_most
    too_late = end is not None and days > end.minutes // DAY
    if end is not None and not too_late and days > wanted.at_most.minutes // DAY and _is_moved(event, context):
        return
    window = f"{wanted.at_least.days} to {wanted.at_most.days} days"
    if wanted.at_least.days == wanted.at_most.days:
        window = plural(wanted.at_least.days, "day")
    until = f"; with a reason recorded until {plural(end.days, 'day')}" if end else ""
    yield Hit(
        f"{named(event)} comes {plural(days, 'day')} after {named(last)}: {window} asked for{until}.",
        (last, event),
        (("last before", named(last)), ("dose", named(event)), ("window", f"{window} after{until}")),
        f"{on_day(event.day)} − {on_day(last.day)} = {plural(days, 'day')}; {window}{until}",
        severity="contraindicated" if too_late else "",
    )
