"""dose_count: at most so many doses, in the whole plan or within a length of time."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from planner.checking.context import Context
from planner.checking.elapsed import at_minute
from planner.checking.hits import Hit, named, plural
from planner.checking.known import Known
from planner.checking.pieces import no_amount
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
    if _is_fine(rule, wanted, context):
        return
    series = context.series(wanted.agents, rule.protocols).events
    if wanted.within is None:
        first = series[wanted.at_most]
        beyond = tuple(event for event in series if event[:2] >= first[:2])
        yield _hit(beyond, len(series), wanted)
        return
    times = [at_minute(event) for event in series]
    for event in context.judged_events(wanted.agents, rule.protocols):
        at = at_minute(event)
        count = bisect_right(times, at) - bisect_right(times, at - wanted.within.minutes)
        if count > wanted.at_most:
            yield _hit((event,), count, wanted)


def _is_fine(rule: SequencingRule, wanted: DoseCount, context: Context) -> bool:
    """Whether the bare times tell already that there are nowhere too many."""
    times, most = context.column(wanted.agents, rule.protocols, None, no_amount).times, wanted.at_most
    if len(times) <= most or wanted.within is None:
        return len(times) <= most
    for at in context.judged_column(wanted.agents, rule.protocols, None, no_amount).times:
        first = bisect_right(times, at) - most - 1
        if first >= 0 and times[first] > at - wanted.within.minutes:
            return False
    return True


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
