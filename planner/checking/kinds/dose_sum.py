"""dose_sum: the doses of a length of time together stay below a limit per m2."""

from bisect import bisect_right
from collections.abc import Iterator
from decimal import Decimal
from itertools import accumulate

from planner.checking.context import Context
from planner.checking.elapsed import at_minute
from planner.checking.hits import Hit, named
from planner.checking.known import Known
from planner.checking.reach import Reach
from planner.model.quantity import format_number
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_span import DoseSum
from planner.model.schedule import Event


def reach(wanted: DoseSum, known: Known) -> Reach:  # noqa: ARG001 all reaches alike
    """As far back as doses are added up."""
    return Reach(wanted.agents, (wanted.agents,), back=wanted.within.days)


def find(rule: SequencingRule, wanted: DoseSum, context: Context) -> Iterator[Hit]:
    """One hit for each dose with which the sum passes the limit, and for each whose sum has an unknown part."""
    series = context.series(wanted.agents, rule.protocols).events
    factors = dict(wanted.factors)
    amounts = [_amount(event, factors) for event in series]
    unknown = any(amount is None for amount in amounts)
    if not unknown and sum(amount or 0 for amount in amounts) <= wanted.at_most:
        return
    times = [at_minute(event) for event in series]
    sums = [Decimal(0), *accumulate(amount or Decimal(0) for amount in amounts)]
    for event in context.judged_events(wanted.agents, rule.protocols):
        at = at_minute(event)
        first, last = bisect_right(times, at - wanted.within.minutes), bisect_right(times, at)
        total = sums[last] - sums[first]
        if total > wanted.at_most:
            yield _hit(event, total, wanted)
        elif unknown and None in amounts[first:last]:
            yield _unknown(event, total, wanted)


def _amount(event: Event, factors: dict[str, Decimal]) -> Decimal | None:
    dose = event.dose
    if dose is None or dose.per_m2 is None or dose.unit != "mg":
        return None
    factor = factors.get(event.placed.agent)
    return dose.per_m2 if factor is None else dose.per_m2 * factor


def _hit(event: Event, total: Decimal, wanted: DoseSum) -> Hit:
    return Hit(
        f"With {named(event)} the sum of {wanted.within} passes {format_number(wanted.at_most)} mg/m2.",
        (event,),
        (("sum", f"{format_number(total)} mg/m2"), ("within", str(wanted.within))),
        f"{format_number(total)} mg/m2 > {format_number(wanted.at_most)} mg/m2",
    )


def _unknown(event: Event, total: Decimal, wanted: DoseSum) -> Hit:
    return Hit(
        f"The sum of {wanted.within} up to {named(event)} is not complete; known so far: {format_number(total)} mg/m2.",
        (event,),
        (("known", f"{format_number(total)} mg/m2"), ("within", str(wanted.within))),
        f"{format_number(total)} mg/m2 + unknown",
        (f"dose per m2 of {event.placed.agent_name}",),
    )
