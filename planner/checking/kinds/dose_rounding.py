"""dose_rounding: how far a dose lies from what it was rounded from, or from the protocol's own dose."""

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from planner.checking.alike import Alike
from planner.checking.context import Context, begins
from planner.checking.hits import Hit, named
from planner.checking.known import Known
from planner.checking.reach import Reach
from planner.model.body import dosing_weight
from planner.model.cycle_content import BY_TIME, ComputedDose
from planner.model.fact_words import names_of
from planner.model.patient import Measurement
from planner.model.protocol import TemplateOrder
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
    hits, depends = [], any(limit.when for limit in wanted.percent)
    for alike in context.judged_alike(wanted.agents, rule.protocols):
        dose = alike.dose
        if dose is None or dose.value is None:
            continue
        exact = dose.full if wanted.against == "protocol" else _computed(alike, dose, context)
        if exact:
            away = abs(dose.value - exact) / exact * 100
            parts = context.by_era(alike, context.known.answers(wanted.percent).subjects) if depends else (alike,)
            hits += [hit for some in parts for hit in _far(some, dose, exact, away, wanted, context)]
    yield from sorted(hits, key=lambda hit: BY_TIME(hit.events[0]))


def _far(
    alike: Alike, dose: ComputedDose, exact: Decimal, away: Decimal, wanted: DoseRounding, context: Context
) -> list[Hit]:
    """One hit for each of doses that lie too far away, or of which nobody can tell; the same limit holds for all."""
    limit, missing = context.limit_on(alike.first_day, wanted.percent)
    if missing:
        return [_untold(event, missing) for event in alike.events]
    if limit is None or away <= limit:
        return []
    return [_hit(event, dose, exact, away, limit) for event in alike.events]


def _computed(alike: Alike, dose: ComputedDose, context: Context) -> Decimal | None:
    """The single dose by weight or surface before rounding; None where it was not computed so."""
    if dose.capped or dose.full is not None or not ("/m2" in dose.protocol_dose or "/kg" in dose.protocol_dose):
        return None
    measured = context.measurement_on(begins(alike.piece.block, alike.piece.placed.cycle))
    if measured is None:
        return None
    amount, per, parts = _protocol_dose(dose.protocol_dose)
    size = measured.surface(context.known.formula) if per == "m2" else _kilograms(alike, measured, context)
    return None if size is None else amount * size / parts


def _kilograms(alike: Alike, measured: Measurement, context: Context) -> Decimal | None:
    """The weight that the order is dosed on, which is not always the one measured."""
    order = alike.run.line.order
    rule = order.weight if isinstance(order, TemplateOrder) else "actual"
    return dosing_weight(rule, measured.height_cm, measured.weight_kg, context.known.patient.sex).kg


@lru_cache(maxsize=1024)
def _protocol_dose(text: str) -> tuple[Decimal, str, int]:
    """The amount of a protocol's dose, what it is per, and the number of doses it is given in."""
    parts = _PARTS.search(text)
    rule = parse_dose(_PARTS.sub("", text).replace(",", ""))
    return rule.base_amount.value, rule.per, int(parts[1]) if parts else 1


def _untold(event: Event, missing: tuple[str, ...]) -> Hit:
    return Hit(
        f"{named(event)}: the limit of rounding cannot be told ({names_of(missing)} not recorded).",
        (event,),
        (("dose", named(event)),),
        missing=missing,
        key="not recorded",
    )


def _hit(event: Event, dose: ComputedDose, exact: Decimal, away: Decimal, limit: Decimal) -> Hit:
    planned = format_amount(dose.value or Decimal(0), dose.unit)
    wanted = format_amount(exact.quantize(Decimal("0.001"), rounding=ROUND_HALF_UP), dose.unit)
    percent = format_number(away.quantize(TENTH, rounding=ROUND_HALF_UP))
    return Hit(
        f"{named(event)}: {planned} is {percent} % away from {wanted}.",
        (event,),
        (("dose", planned), ("compared with", wanted), ("limit", f"{format_number(limit)} %")),
        f"{planned} against {wanted} = {percent} %, above {format_number(limit)} %",
    )
