"""cover_span: something that must be there the whole time another treatment runs."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from planner.checking.context import Context
from planner.checking.hits import FEW_DAYS, Hit, named, on_day, plural, spoken
from planner.checking.known import NO_END, Span
from planner.model.results import in_its_unit
from planner.model.rule import SequencingRule
from planner.model.rule_kinds import CoverSpan
from planner.model.schedule import Event


def find(rule: SequencingRule, wanted: CoverSpan, context: Context) -> Iterator[Hit]:
    """One hit for each gap in the cover from the first to the last dose, or of each long run of doses."""
    found = list(gaps(rule, wanted, context))
    for number, (gap, run) in enumerate(found):
        others = [] if number else [other for other, _ in found[1:]]
        yield _hit(gap, run, others, _first_dose(gap, run, rule, wanted, context), wanted)


def gaps(
    rule: SequencingRule, wanted: CoverSpan, context: Context
) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Each gap in the cover, with the run it lies in, as first and last day."""
    days = context.days(wanted.agents, rule.protocols)
    covered = None
    for run in _runs(days, wanted, context):
        covered = _cover(rule, wanted, context) if covered is None else covered
        first, last = _begin(run[0], wanted, context) - wanted.ahead, run[1] + wanted.beyond
        for gap in _gaps(first, last, covered, _allowed(first, last, covered, wanted, context)):
            yield gap, run


def _allowed(first: int, last: int, covered: list[tuple[int, int]], wanted: CoverSpan, context: Context) -> int:
    """How many days a gap is let pass; none where nothing covers these days, nor came so many days before them."""
    since = first - wanted.max_gap_days
    if not wanted.none_in or any(start <= last and since <= end for start, end in covered):
        return wanted.max_gap_days
    short_too = any(first <= day <= last for day in context.days(wanted.agents, wanted.none_in))
    return 0 if short_too else wanted.max_gap_days


def _begin(first: int, wanted: CoverSpan, context: Context) -> int:
    """The day on which the cover begins: that of the first dose, or of what is given ahead of it as a part of it."""
    ahead = (day for day in context.days(wanted.since) if first - wanted.since_days <= day) if wanted.since else ()
    return min(next(iter(ahead), first), first)


def _first_dose(
    gap: tuple[int, int], run: tuple[int, int], rule: SequencingRule, wanted: CoverSpan, context: Context
) -> Event | None:
    """The first dose in the gap, else in the run."""
    for start, end in (gap, run):
        event = context.first(wanted.agents, rule.protocols, start)
        if event is not None and event.day <= end:
            return event
    return None


def _runs(days: Sequence[int], wanted: CoverSpan, context: Context) -> Iterator[tuple[int, int]]:
    """What is to be covered, as first and last day: the whole course, courses apart, or runs of so many days."""
    if not wanted.from_days:
        begins = [n for n, day in enumerate(days) if not n or 0 < wanted.apart_days < day - days[n - 1]]
        yield from ((days[n], days[end - 1]) for n, end in pairwise([*begins, len(days)]))
        return
    runs: list[tuple[int, int]] = []
    taken = [(span.start, min(span.end, _last_day(span, context))) for span in context.spans(wanted.agents)]
    for start, end in sorted([*((day, day) for day in days), *taken]):
        if runs and start <= runs[-1][1] + 1:
            runs[-1] = runs[-1][0], max(runs[-1][1], end)
        else:
            runs.append((start, end))
    yield from ((start, end) for start, end in runs if end - start + 1 > wanted.from_days)


def _last_day(span: Span, context: Context) -> int:
    """Where a co-medication without an end is looked at no longer: the end of the plan."""
    return span.end if span.end < NO_END else max(span.start, context.schedule.events[-1].day)


def _within(days: tuple[int, int]) -> str:
    first, last = days
    return f"on {on_day(first)}" if first == last else f"from {on_day(first)} to {on_day(last)}"


def _hit(
    gap: tuple[int, int],
    run: tuple[int, int],
    others: Sequence[tuple[int, int]],
    event: Event | None,
    wanted: CoverSpan,
) -> Hit:
    """The first gap of a series names the next ones too: whoever reads of it may stand in one of those."""
    (start, end), (first, last) = gap, run
    whole = start <= first and last <= end
    span, what = f"{on_day(start)} to {on_day(end)}", spoken(wanted.needs)
    also = "".join(f", nor {_within(one)}" for one in others[: FEW_DAYS - 1])
    return Hit(
        f"No {what} {_within(gap)}{also}{', none at all' if whole else ''}{_rhythm(wanted)}.",
        (event,) if event else (),
        (
            ("runs", f"{on_day(first)} to {on_day(last)}{_edges(wanted)}"),
            ("first dose without", named(event) if event else "another medicine"),
            ("needed", what),
        ),
        f"{span} = {plural(end - start + 1, 'day')} without; at most {wanted.max_gap_days}",
        key="course",
        days=(start, end),
    )


def _rhythm(wanted: CoverSpan) -> str:
    """How often an examination is asked for, where the source gives a rhythm."""
    return f"; asked for every {plural(wanted.every_days, 'day')}" if wanted.every_days > 1 else ""


def _edges(wanted: CoverSpan) -> str:
    """What is asked for around the course."""
    parts = [
        f"{plural(days, 'day')} {side}" for days, side in ((wanted.ahead, "before"), (wanted.beyond, "after")) if days
    ]
    begin = f"; cover from {spoken(wanted.since)} on" if wanted.since else ""
    return f"{begin}; cover also {' and '.join(parts)}" if parts else begin


def _cover(rule: SequencingRule, wanted: CoverSpan, context: Context) -> list[tuple[int, int]]:
    """Days covered, first and last included, in order: co-medications, days of planned doses and of recorded values.

    What is on hold covers no day on which treatment goes on, after which it does, or on which it is still covered.
    """
    covered = [(span.start, span.end) for span in context.spans(wanted.needs)]
    days, planned = set(context.days(wanted.needs, standing=True)), context.days(wanted.needs)
    if len(days) < len(planned):
        going = max(context.days(wanted.agents, rule.protocols, standing=True), default=0)
        days.update(day for day in planned if day > going + wanted.beyond)
    if wanted.results:
        read = ((one.date.toordinal(), in_its_unit(one)) for one in context.labs)
        days.update(day for day, value in read if value and value[0] in wanted.results)
    return sorted([*covered, *((day, day) for day in days)])


def _gaps(first: int, last: int, covered: list[tuple[int, int]], allowed: int) -> Iterator[tuple[int, int]]:
    reached = first - 1
    for start, end in covered:
        if start > last:
            break
        if start - reached - 1 > allowed:
            yield reached + 1, start - 1
        reached = max(reached, end)
    if last - reached > allowed:
        yield reached + 1, last
