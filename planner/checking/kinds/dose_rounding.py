"""dose_rounding: how far a dose lies from what it was rounded from, or from the protocol's own dose."""

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from planner.checking.context import Context
from planner.checking.hits import Hit, named
from planner.checking.known import Known
from planner.checking.reach import Reach
from planner.model.cycle_content import ComputedDose
from planner.model.fact_words import names_of
from planner.model.quantity import format_amount, format_number, parse_dose
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_doses import DoseRounding
from planner.model.schedule import Event

_PARTS = re.compile(r" in (\d+) doses$")
TENTH = Decimal("0.1")


def reach(wanted: DoseRounding, known: Known) -> Reach:  # noqa: ARG001 all reaches alike
    """The dose itself."""
    return Reach(wanted.agents)


def find(rule: SequencingRule, wanted: DoseRounding, context: Context) -> Iterator[Hit]:
    """One hit for each dose that lies too far away; a dose by nothing, or at a cap, is not rounded."""
    for event in context.judged_events(wanted.agents, rule.protocols):
        dose = event.dose
        if dose is None or dose.value is None:
            continue
        exact = dose.full if wanted.against == "protocol" else _computed(event, dose, context)
        limit, missing = context.limit_on(event.day, wanted.percent)
        if not exact:
            continue
        away = abs(dose.value - exact) / exact * 100
        if missing:
            yield Hit(
                f"{named(event)}: the limit of rounding cannot be told ({names_of(missing)} not recorded).",
                (event,),
                (("dose", named(event)),),
                missing=missing,
                key="not recorded",
            )
        elif limit is not None and away > limit:
            yield _hit(event, dose, exact, away, limit)


def _computed(event: Event, dose: ComputedDose, context: Context) -> Decimal | None:
    """The single dose by weight or surface before rounding; None where it was not computed so."""
    if dose.capped or dose.full is not None or not ("/m2" in dose.protocol_dose or "/kg" in dose.protocol_dose):
        return None
    cycle = next(one for one in event.placed.block.cycles if one.number == event.placed.cycle)
    measured = context.measurement_on(cycle.start)
    if measured is None:
        return None
    parts = _PARTS.search(dose.protocol_dose)
    rule = parse_dose(_PARTS.sub("", dose.protocol_dose).replace(",", ""))
    size = measured.bsa if rule.per == "m2" else measured.weight_kg
    return rule.base_amount.value * size / (int(parts[1]) if parts else 1)


def _hit(event: Event, dose: ComputedDose, exact: Decimal, away: Decimal, limit: Decimal) -> Hit:
    planned = format_amount(dose.value or Decimal(0), dose.unit)
    wanted = format_amount(exact.quantize(Decimal("0.001"), rounding=ROUND_HALF_UP), dose.unit)
    percent = format_number(away.quantize(TENTH, rounding=ROUND_HALF_UP))
    return Hit(
        f"{named(event)}: {planned} is {percent} % away from {wanted}.",
        (event,),
        (("dose", planned), ("compared with", wanted), ("limit", f"{format_number(limit)} %")),
        f"{planned} against {wanted} = {percent} % > {format_number(limit)} %",
    )
