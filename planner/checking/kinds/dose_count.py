"""dose_count: at most so many doses, in the whole plan or within a length of time."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from planner.checking.context import Context
from planner.checking.elapsed import at_minute
from planner.checking.hits import Hit, named, plural
from planner.checking.known import Known
from planner.checking.pieces import BY_CLOCK, no_amount
from planner.checking.reach import Gate, Reach
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_span import DoseCount
from planner.model.schedule import Event


def reach(wanted: DoseCount, known: Known) -> Reach | None:
    """As far back as doses are counted; the whole plan where all of them are."""
    if wanted.within is None:
        return None
    return Reach(wanted.agents, (wanted.agents,), back=wanted.within.days, doses=False, gate=gate(wanted, known))


def gate(wanted: DoseCount, known: Known) -> Gate:  # noqa: ARG001 all gates alike
    """As many doses as are allowed are never too many."""
    return Gate(wanted.agents, lambda runs: sum(len(run.offsets) for run in runs), wanted.at_most)


def find(rule: SequencingRule, wanted: DoseCount, context: Context) -> Iterator[Hit]:
    """One hit for each dose with which a time holds too many, or one for all doses beyond the limit of the plan."""
    times = context.column(wanted.agents, rule.protocols, None, no_amount).times
    if len(times) <= wanted.at_most:
        return
    if wanted.within is None:
        series = context.series(wanted.agents, rule.protocols).events
        beyond = series[bisect_left(series, series[wanted.at_most][:2], key=BY_CLOCK) :]
        yield _hit(beyond, len(series), wanted)
        return
    counts = {}
    for at in context.judged_column(wanted.agents, rule.protocols, None, no_amount).times:
        count = bisect_right(times, at) - bisect_right(times, at - wanted.within.minutes)
        if count > wanted.at_most:
            counts[at] = count
    for event in context.judged_at(counts, wanted.agents, rule.protocols) if counts else ():
        yield _hit((event,), counts[at_minute(event)], wanted)


def _hit(beyond: Sequence[Event], count: int, wanted: DoseCount) -> Hit:
    span = f"within {wanted.within}" if wanted.within else "in the plan"
    first = beyond[0]
    return Hit(
        f"{plural(count, 'dose')} of {first.placed.agent_name} {span}, at most {wanted.at_most}: {named(first)} is "
        "beyond the limit.",
        tuple(beyond),
        (("doses", str(count)), ("counted", span), ("at most", str(wanted.at_most))),
        f"{count}, above {wanted.at_most}",
        key="" if wanted.within else "plan",
    )
