"""minimum_interval: a dose not sooner than so long after the one before it, or after what was given before the plan."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from planner.checking.context import Context
from planner.checking.elapsed import DAY, minutes_between, sum_text
from planner.checking.exposures import exposures_to, known_exposures
from planner.checking.hits import Hit, named, on_day, plural
from planner.checking.known import Known, Span
from planner.checking.pieces import Series, no_amount
from planner.checking.reach import Reach
from planner.checking.stops import begins_anew
from planner.checking.view import first_of_cycles
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


def reach(wanted: MinimumInterval, known: Known) -> Reach | None:
    """As far back as the interval; the whole plan where treatment before it, or why a cycle ended, has to be seen."""
    before = wanted.after or wanted.agents
    if wanted.new_cycle_after_days is not None or known_exposures(before, known):
        return None
    return Reach(wanted.agents, (before,), back=wanted.least.days, doses=False)


def find(rule: SequencingRule, wanted: MinimumInterval, context: Context) -> Iterator[Hit]:
    """One hit for each dose that comes too soon, one for an earlier treatment whose last day nobody recorded."""
    if _is_fine(rule, wanted, context):
        return
    by_cycle = wanted.between == "cycles"
    ask = context.first_judged if by_cycle else context.judged_events
    subjects = ask(wanted.agents, rule.protocols)
    if not subjects:
        return
    earlier = exposures_to(wanted.after or wanted.agents, context)
    spans = (*(_exposed(one, one.until) for one in earlier if one.until), *context.spans(wanted.after))
    others = context.series(wanted.after or wanted.agents)
    if by_cycle and not wanted.after:
        firsts = first_of_cycles(others)
        others = Series(firsts, [event[0] for event in firsts])
    limit = wanted.least.minutes
    for event in subjects:
        before = _before(event, others, spans, wanted)
        if before is None or (event[0] - before.at[0]) * DAY >= limit + DAY:
            continue
        minutes = minutes_between(before.at, (event.day, event.minute), wanted.at_least)
        if (minutes is None or minutes < limit) and not _is_new_cycle(before, event, wanted, context):
            yield _hit(before, event, wanted, known=minutes is not None)
    undated = [one.agent for one in earlier if not one.until]
    if undated:
        yield _undated(", ".join(dict.fromkeys(undated)), subjects[0], wanted)


def _is_new_cycle(before: _Before, event: Event, wanted: MinimumInterval, context: Context) -> bool:
    """Whether the dose begins a new cycle in place of one that was cut short."""
    days = wanted.new_cycle_after_days
    return days is not None and any(begins_anew(event, one, wanted.agents, days, context) for one in before.events)


def _is_fine(rule: SequencingRule, wanted: MinimumInterval, context: Context) -> bool:
    """Whether the bare times tell already that no dose comes too soon; where more than times matters, they do not."""
    before = wanted.after or wanted.agents
    if wanted.between == "cycles" or wanted.outside_block or exposures_to(before, context) or context.spans(before):
        return False
    times, _, clocked = context.column(before, (), None, no_amount)
    judged = context.judged_column(wanted.agents, rule.protocols, None, no_amount)
    if not clocked or not judged.clocked:
        return False
    unit, limit, own = DAY if wanted.at_least.in_days else 1, wanted.least.minutes, not wanted.after
    apart = wanted.one_moment == "one dose"
    for at in judged.times:
        number = bisect_left(times, at)
        if not apart and number + own < len(times) and times[number + own] == at:
            return False
        if number and (at // unit - times[number - 1] // unit) * unit < limit:
            return False
    return True


def _exposed(earlier: PriorExposure, until: date) -> Span:
    day = until.toordinal()
    return Span(earlier.agent, f"earlier {earlier.agent}", day, day)


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


def _before(event: Event, others: Series, spans: tuple[Span, ...], wanted: MinimumInterval) -> _Before | None:
    """The last dose, co-medication or earlier treatment that is not later than the event."""
    found = None
    events, passed = others.events, bool(wanted.after)
    for at in range(bisect_right(others.days, event[0]) - 1, -1, -1):
        other = events[at]
        # Two days of one order may meet: a dose moved or given on the day of another is not that other one.
        itself = other[:3] == event[:3] and other.placed is event.placed and other.cycle_day == event.cycle_day
        passed = passed or itself
        if itself or (wanted.outside_block and other.placed.block.id == event.placed.block.id):
            continue
        if other[0] < event[0] or (passed and _is_before(other, event, wanted)):
            found = other
            break
    if not spans:
        return None if found is None else _as_before(found)
    all_found = [*([] if found is None else [_as_before(found)]), *_before_spans(event, spans)]
    return max(all_found, key=_moment, default=None)


def _is_before(other: Event, event: Event, wanted: MinimumInterval) -> bool:
    """Whether a dose of the same day counts as one before the event; of the same agents, their order has told it."""
    if wanted.one_moment == "one dose" and other.minute == event.minute:
        return False
    return not wanted.after or other.minute <= event.minute or event.minute < 0


def _hit(before: _Before, event: Event, wanted: MinimumInterval, known: bool) -> Hit:
    earlier = before.name or named(before.events[0])
    at = (event.day, event.minute)
    start = "starts" if wanted.between == "cycles" else "comes"
    message = f"{named(event)} {start} {_too_soon(wanted)} after {earlier}."
    if wanted.counted == "between":
        gap = plural(max(0, event.day - before.at[0] - 1), "day")
        message = f"{gap} without between {earlier} and {named(event)}; {wanted.at_least} are asked for."
    if not known:
        message = f"{named(event)} and {earlier} share a day and have no clock times; {wanted.at_least} between them."
    return Hit(
        message,
        (*before.events, event),
        (("earlier", earlier), ("later", named(event)), ("least interval", _least(wanted))),
        sum_text(before.at, at, wanted.at_least, wanted.counted),
        missing=() if known else ("clock times",),
        key=_key(event),
    )


def _too_soon(wanted: MinimumInterval) -> str:
    return f"{'not more' if wanted.counted == 'more' else 'less'} than {wanted.at_least}"


def _least(wanted: MinimumInterval) -> str:
    """The interval as the rule counts it."""
    words = {"to the dose": "", "between": " between", "more": ", and more"}
    return f"{wanted.at_least}{words[wanted.counted]}"


def _undated(agents: str, event: Event, wanted: MinimumInterval) -> Hit:
    return Hit(
        f"{agents} was given before this plan, but until when is not recorded; {named(event)} comes "
        f"{wanted.at_least} after at the earliest.",
        (event,),
        (("earlier", agents), ("later", named(event)), ("least interval", _least(wanted))),
        f"{on_day(event.day)} − unknown day; at least {_least(wanted)}",
        missing=(f"last day of earlier {agents}",),
        key=_key(event),
    )


def _key(event: Event) -> str:
    return f"{event.placed.block.id}/{event.placed.agent or event.placed.order.id}"
