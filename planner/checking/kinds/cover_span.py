"""cover_span: something that must be there the whole time another treatment runs."""

from collections.abc import Iterator

from planner.checking.context import Context
from planner.checking.hits import Hit, named, plural, spoken
from planner.model.civil import clinical_date
from planner.model.rule import SequencingRule
from planner.model.rule_kinds import CoverSpan


def find(rule: SequencingRule, wanted: CoverSpan, context: Context) -> Iterator[Hit]:
    """One hit for each gap in the cover from the first to the last dose."""
    doses = context.series(wanted.agents, rule.protocols)
    if not doses.events:
        return
    first, last = doses.days[0], doses.days[-1]
    what = spoken(wanted.needs)
    for start, end in _gaps(first, last, _cover(wanted, context), wanted.max_gap_days):
        event = next((one for one in doses.between(start, end)), doses.events[0])
        whole = (start, end) == (first, last)
        span = f"{clinical_date(start)} to {clinical_date(end)}"
        yield Hit(
            f"No {what} from {span}{', the whole course' if whole else ''}.",
            (event,),
            (
                ("runs", f"{clinical_date(first)} to {clinical_date(last)}"),
                ("first dose without", named(event)),
                ("needed", what),
            ),
            f"{span} = {plural(end - start + 1, 'day')} without; at most {wanted.max_gap_days}",
            key="course",
            days=(start, end),
        )


def _cover(wanted: CoverSpan, context: Context) -> list[tuple[int, int]]:
    """Days covered, first and last included, in order: co-medications and the days of planned doses."""
    covered = [(span.start, span.end) for span in context.spans(wanted.needs)]
    return sorted([*covered, *((day, day) for day in set(context.series(wanted.needs).days))])


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
