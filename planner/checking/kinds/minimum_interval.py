"""minimum_interval: a dose not sooner than so long after the one before it."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from planner.checking.context import Context, Series, Span, first_of_cycles, takes_part
from planner.checking.elapsed import DAY, minutes_between, sum_text
from planner.checking.hits import Hit, named
from planner.model.civil import clinical_date
from planner.model.rule import SequencingRule
from planner.model.rule_kinds import MinimumInterval
from planner.model.schedule import Event


class _Before(NamedTuple):
    """What came before: its moment, its name, and its event unless it is a co-medication."""

    at: tuple[int, int]
    name: str
    events: tuple[Event, ...] = ()


def find(rule: SequencingRule, wanted: MinimumInterval, context: Context) -> Iterator[Hit]:
    """One hit for each dose that comes too soon."""
    doses = context.series(wanted.agents)
    subjects: Sequence[Event] = first_of_cycles(doses) if wanted.between == "cycles" else doses.events
    if wanted.after:
        others, spans = context.series(wanted.after), context.spans(wanted.after)
        pairs = ((_before(event, others, spans), event) for event in subjects) if others.events or spans else iter(())
    else:
        pairs = ((_as_before(earlier), event) for earlier, event in pairwise(subjects))
    limit = wanted.at_least.minutes
    for before, event in pairs:
        if before is None or (event.day - before.at[0]) * DAY >= limit + DAY:
            continue
        minutes = minutes_between(before.at, (event.day, event.minute), wanted.at_least)
        if (minutes is None or minutes < limit) and takes_part(event.placed.block.protocol_id, rule.protocols):
            yield _hit(before, event, wanted, known=minutes is not None)


def _as_before(event: Event) -> _Before:
    return _Before((event.day, event.minute), "", (event,))


def _before(event: Event, others: Series, spans: tuple[Span, ...]) -> _Before | None:
    """The last dose or co-medication that is not later than the event."""
    found: list[_Before] = []
    for at in range(bisect_right(others.days, event.day) - 1, -1, -1):
        other = others.events[at]
        if other is not event and (other.day < event.day or other.minute <= event.minute or event.minute < 0):
            found.append(_as_before(other))
            break
    found += [
        _Before((min(span.end, event.day), -1), f"{span.name} (until {clinical_date(min(span.end, event.day))})")
        for span in spans
        if span.start <= event.day
    ]
    return max(found, key=lambda one: one.at, default=None)


def _hit(before: _Before, event: Event, wanted: MinimumInterval, known: bool) -> Hit:
    earlier = before.name or named(before.events[0])
    at = (event.day, event.minute)
    start = "starts" if wanted.between == "cycles" else "comes"
    message = f"{named(event)} {start} less than {wanted.at_least} after {earlier}."
    if not known:
        message = f"{named(event)} and {earlier} share a day and have no clock times; {wanted.at_least} between them."
    return Hit(
        message,
        (*before.events, event),
        (("earlier", earlier), ("later", named(event)), ("least interval", str(wanted.at_least))),
        sum_text(before.at, at, wanted.at_least),
        missing=() if known else ("clock times",),
        key=f"{event.placed.block.id}/{event.placed.agent}",
    )
