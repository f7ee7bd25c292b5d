"""Protocol dose to single dose: basis, division over the day, cap, rounding; every step in words."""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from planner.assembly.calculators import calvert
from planner.model.agent import Agent
from planner.model.civil import clinical_date
from planner.model.condition import Fact
from planner.model.cycle_content import ComputedDose
from planner.model.patient import Measurement
from planner.model.protocol import DoseBand, TemplateOrder
from planner.model.quantity import DoseRule, default_step, format_amount, format_number, round_to


class DosingBasis(Struct, frozen=True):
    """What doses of one cycle are computed from: the facts and the measurement in force on its first day."""

    facts: Mapping[str, Fact]
    measurement: Measurement | None


class Size(Struct, frozen=True):
    """What a dose is multiplied by: height and weight, and for AUC the clearance in mL/min."""

    measurement: Measurement | None
    clearance: Decimal | None = None


def compute_dose(order: TemplateOrder, basis: DosingBasis, agent: Agent | None, number: int = 0) -> ComputedDose:
    """The single dose of the administration with that number (from 0) in its cycle.

    The value is None where no source gives a dose or an input is missing; nothing is guessed.
    """
    band, missing = choose_band(order, basis.facts)
    if band is None:
        return ComputedDose(None, "", "", missing=missing)
    if band.dose is None:
        return ComputedDose(None, "", "", missing=band.note or "no sourced dose: enter the site's own")
    clearance = basis.facts.get("crcl") if band.dose.per == "AUC" else None
    size = Size(basis.measurement, clearance if isinstance(clearance, Decimal) else None)
    return _single_dose(order, band, band.dose, size, agent, number if order.escalation else 0)


@lru_cache(maxsize=4096)
def _single_dose(
    order: TemplateOrder,
    band: DoseBand,
    dose: DoseRule,
    size: Size,
    agent: Agent | None,
    number: int,
) -> ComputedDose:
    """Remembered, because an edit leaves nearly every dose of a course as it was."""
    rule, steps = _escalated(dose, order, number)
    text = protocol_text(rule, order)
    unit = rule.base_amount.unit
    amount, factor_steps, missing = _multiply(rule, size)
    if amount is None:
        return ComputedDose(None, unit, text, tuple(steps), missing)
    steps += factor_steps
    amount = _divide(amount, rule, order, unit, steps)
    capped = band.cap is not None and amount > band.cap.value
    if band.cap is not None and capped:
        amount = band.cap.value
        steps.append(f"more than the cap: {band.cap}")
    if not capped and (rule.per or (rule.per_day and doses_of_day(order) > 1)):
        amount = _rounded(amount, unit, agent, steps)
    bsa = size.measurement.bsa if size.measurement else None
    return ComputedDose(amount, unit, text, tuple(steps), per_m2=amount / bsa if bsa else None, capped=capped)


def choose_band(order: TemplateOrder, facts: Mapping[str, Fact]) -> tuple[DoseBand | None, str]:
    """The first band whose condition holds; otherwise None and what is missing or why no band fits."""
    for band in order.bands:
        verdict = band.when.holds(facts)
        if verdict:
            return band, ""
        if verdict is None:
            return None, f"not recorded: {', '.join(band.when.unknown(facts))}"
    return None, "the protocol gives no dose for this patient"


def protocol_text(rule: DoseRule, order: TemplateOrder) -> str:
    """The dose as the protocol says it, with the division of a daily total made explicit."""
    if rule.per_day and doses_of_day(order) > 1:
        return f"{rule} in {doses_of_day(order)} doses"
    return str(rule)


def doses_of_day(order: TemplateOrder) -> int:
    """Single doses on one day, by frequency, by hours between them or by clock times."""
    if order.every_hours:
        return 24 // order.every_hours
    return len(order.at) or order.doses_per_day


def _escalated(rule: DoseRule, order: TemplateOrder, number: int) -> tuple[DoseRule, list[str]]:
    if order.escalation is None or number == 0:
        return rule, []
    amount = rule.amount + order.escalation.amount * number
    raised = replace(rule, amount=amount)
    return raised, [f"{rule} + {number} × {order.escalation}, if each dose before was tolerated = {raised}"]


def _multiply(rule: DoseRule, size: Size) -> tuple[Decimal | None, list[str], str]:
    base, found = rule.base_amount, size.measurement
    if not rule.per:
        return base.value, [], ""
    if rule.per == "AUC":
        if size.clearance is None:
            return None, [], "creatinine, weight or sex not recorded"
        carboplatin = calvert(rule.amount, size.clearance)
        return carboplatin.value, [f"{carboplatin.formula} = {format_amount(carboplatin.value, 'mg')}"], ""
    if found is None:
        return None, [], "height and weight not recorded" if rule.per == "m2" else "weight not recorded"
    on = clinical_date(found.date)
    if rule.per == "m2":
        value = base.value * found.bsa
        factor = (
            f"BSA {format_number(found.bsa)} m2 "
            f"(Mosteller, {format_number(found.height_cm)} cm, {format_number(found.weight_kg)} kg on {on})"
        )
    else:
        value = base.value * found.weight_kg
        factor = f"{format_number(found.weight_kg)} kg (on {on})"
    return value, [f"{rule} × {factor} = {format_amount(value, base.unit)}"], ""


def _divide(amount: Decimal, rule: DoseRule, order: TemplateOrder, unit: str, steps: list[str]) -> Decimal:
    doses = doses_of_day(order)
    if not rule.per_day or doses == 1:
        return amount
    single = amount / doses
    steps.append(f"in {doses} doses a day: {format_amount(single.quantize(Decimal('0.001')), unit)} each")
    return single


def _rounded(amount: Decimal, unit: str, agent: Agent | None, steps: list[str]) -> Decimal:
    step = agent.round_to if agent and agent.round_to else default_step(amount)
    rounded = round_to(amount, step)
    if rounded != amount:
        steps.append(f"rounded to {format_amount(step, unit)}: {format_amount(rounded, unit)}")
    return rounded
