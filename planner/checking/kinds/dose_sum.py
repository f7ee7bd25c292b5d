"""dose_sum: the doses of a length of time together stay below a limit per m2."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import accumulate

from planner.checking.context import Context
from planner.checking.elapsed import at_minute
from planner.checking.hits import Hit, named
from planner.checking.known import Known
from planner.checking.reach import Gate, Reach
from planner.model.cycle_content import ComputedDose, EventRun
from planner.model.quantity import format_number
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_span import DoseSum
from planner.model.schedule import Event

ZERO = Decimal(0)


def reach(wanted: DoseSum, known: Known) -> Reach:  # noqa: ARG001 all reaches alike
    """As far back as doses are added up."""
    factors = dict(wanted.factors)

    def total(runs: Sequence[EventRun]) -> Decimal | None:
        parts = [(_amount(run.dose, run.line.agent, factors), len(run.offsets)) for run in runs]
        return sum((part * doses for part, doses in parts if part is not None), Decimal(0)) if _known(parts) else None

    gate = Gate(wanted.agents, total, wanted.at_most)
    return Reach(wanted.agents, (wanted.agents,), back=wanted.within.days, gate=gate)


def _known(parts: Sequence[tuple[Decimal | None, int]]) -> bool:
    return all(part is not None for part, _ in parts)


def find(rule: SequencingRule, wanted: DoseSum, context: Context) -> Iterator[Hit]:
    """One hit for each dose with which the sum passes the limit, and for each whose sum has an unknown part."""
    factors = dict(wanted.factors)

    def amount(run: EventRun) -> Decimal | None:
        return _amount(run.dose, run.line.agent, factors)

    asked = wanted.agents, rule.protocols, wanted.factors, amount
    times, amounts, _ = context.column(*asked)
    sums = [ZERO, *accumulate(one or ZERO for one in amounts)]
    # Told by identity: to compare a Decimal with None costs as much as all the rest.
    unknown, minutes = any(one is None for one in amounts), wanted.within.minutes
    sums_at: dict[int, tuple[Decimal, bool]] = {}
    for at in context.judged_column(*asked).times:
        first, last = bisect_right(times, at - minutes), bisect_right(times, at)
        total = sums[last] - sums[first]
        if total > wanted.at_most:
            sums_at[at] = total, False
        elif unknown and any(one is None for one in amounts[first:last]):
            sums_at[at] = total, True
    if not sums_at:
        return
    bound, within = format_number(wanted.at_most), str(wanted.within)
    for event in context.judged_at(sums_at, wanted.agents, rule.protocols):
        total, lacks = sums_at[at_minute(event)]
        yield _unknown(event, total, within) if lacks else _hit(event, total, bound, within)


def _amount(dose: ComputedDose | None, agent: str, factors: dict[str, Decimal]) -> Decimal | None:
    if dose is None or dose.per_m2 is None or dose.unit != "mg":
        return None
    factor = factors.get(agent)
    return dose.per_m2 if factor is None else dose.per_m2 * factor


def _hit(event: Event, total: Decimal, bound: str, within: str) -> Hit:
    text = f"{format_number(total)} mg/m2"
    return Hit(
        f"With {named(event)} the sum of {within} passes {bound} mg/m2.",
        (event,),
        (("sum", text), ("within", within)),
        f"{text}, above {bound} mg/m2",
    )


def _unknown(event: Event, total: Decimal, within: str) -> Hit:
    return Hit(
        f"The sum of {within} up to {named(event)} is not complete; known so far: {format_number(total)} mg/m2.",
        (event,),
        (("known", f"{format_number(total)} mg/m2"), ("within", within)),
        f"{format_number(total)} mg/m2 + unknown",
        (f"dose per m2 of {event.placed.agent_name}",),
    )
