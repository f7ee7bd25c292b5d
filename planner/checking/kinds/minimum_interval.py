"""minimum_interval: a dose not sooner than so long after the one before it, or after what was given before the plan."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from planner.checking.context import Context, Series, Span, first_of_cycles, takes_part
from planner.checking.elapsed import DAY, minutes_between, sum_text
from planner.checking.exposures import exposures_to
from planner.checking.hits import Hit, named
from planner.model.civil import clinical_date
from planner.model.patient import PriorExposure
from planner.model.rule import SequencingRule
from planner.model.rule_kinds import MinimumInterval
from planner.model.schedule import Event


class _Before(NamedTuple):
    """What came before: its moment, its name, and its event unless it is a co-medication or an earlier treatment."""

    at: tuple[int, int]
    name: str
    events: tuple[Event, ...] = ()


def find(rule: SequencingRule, wanted: MinimumInterval, context: Context) -> Iterator[Hit]:
    """One hit for each dose that comes too soon, one for an earlier treatment whose last day nobody recorded."""
    doses = context.series(wanted.agents)
    subjects: Sequence[Event] = first_of_cycles(doses) if wanted.between == "cycles" else doses.events
    if not subjects:
        return
    earlier = exposures_to(wanted.after or wanted.agents, context)
    dated = tuple(_exposed(one, one.until) for one in earlier if one.until)
    limit = wanted.at_least.minutes
    for before, event in _pairs(subjects, dated, wanted, context):
        if before is None or (event.day - before.at[0]) * DAY >= limit + DAY:
            continue
        minutes = minutes_between(before.at, (event.day, event.minute), wanted.at_least)
        if (minutes is None or minutes < limit) and takes_part(event.placed.block.protocol_id, rule.protocols):
            yield _hit(before, event, wanted, known=minutes is not None)
    undated = [one.agent for one in earlier if not one.until]
    if undated and takes_part(subjects[0].placed.block.protocol_id, rule.protocols):
        yield _undated(", ".join(dict.fromkeys(undated)), subjects[0], wanted)


def _exposed(earlier: PriorExposure, until: date) -> Span:
    day = until.toordinal()
    return Span(earlier.agent, f"earlier {earlier.agent}", day, day)


def _pairs(
    subjects: Sequence[Event], dated: tuple[Span, ...], wanted: MinimumInterval, context: Context
) -> Iterator[tuple[_Before | None, Event]]:
    """Each dose with the last thing before it that it must keep away from."""
    if not wanted.after:
        yield max(_before_spans(subjects[0], dated), key=_moment, default=None), subjects[0]
        yield from ((_as_before(one), event) for one, event in pairwise(subjects))
        return
    others, spans = context.series(wanted.after), (*dated, *context.spans(wanted.after))
    if others.events or spans:
        yield from ((_before(event, others, spans, wanted.outside_block), event) for event in subjects)


def _as_before(event: Event) -> _Before:
    return _Before((event.day, event.minute), "", (event,))


def _moment(before: _Before) -> tuple[int, int]:
    return before.at


def _before_spans(event: Event, spans: tuple[Span, ...]) -> Iterator[_Before]:
    """What was taken or given outside the plan and is not later than the event; what still runs ends with it."""
    for span in spans:
        if span.start <= event.day:
            last = min(span.end, event.day)
            yield _Before((last, -1), f"{span.name} (until {clinical_date(last)})")


def _before(event: Event, others: Series, spans: tuple[Span, ...], outside_block: bool) -> _Before | None:
    """The last dose, co-medication or earlier treatment that is not later than the event."""
    found: list[_Before] = []
    for at in range(bisect_right(others.days, event.day) - 1, -1, -1):
        other = others.events[at]
        if outside_block and other.placed.block is event.placed.block:
            continue
        if other is not event and (other.day < event.day or other.minute <= event.minute or event.minute < 0):
            found.append(_as_before(other))
            break
    found += _before_spans(event, spans)
    return max(found, key=_moment, default=None)


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
        key=_key(event),
    )


def _undated(agents: str, event: Event, wanted: MinimumInterval) -> Hit:
    return Hit(
        f"{agents} was given before this plan, but until when is not recorded; {named(event)} comes "
        f"{wanted.at_least} after at the earliest.",
        (event,),
        (("earlier", agents), ("later", named(event)), ("least interval", str(wanted.at_least))),
        f"{clinical_date(event.day)} − unknown day; at least {wanted.at_least}",
        missing=(f"last day of earlier {agents}",),
        key=_key(event),
    )


def _key(event: Event) -> str:
    return f"{event.placed.block.id}/{event.placed.agent or event.placed.order.id}"
