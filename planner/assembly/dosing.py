"""Protocol dose to single dose: basis, division over the day, cap, rounding; every step in words."""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from planner.assembly.calculators import calvert
from planner.assembly.rounding import Habits, round_dose, with_pieces
from planner.model.agent import Agent
from planner.model.body import SURFACES, dosing_weight
from planner.model.civil import clinical_date
from planner.model.condition import Fact
from planner.model.cycle_content import ComputedDose
from planner.model.patient import Measurement
from planner.model.protocol import DoseBand, TemplateOrder
from planner.model.quantity import Amount, DoseRule, format_amount, format_number


class DosingBasis(Struct, frozen=True):
    """What doses of one cycle are computed from: the facts and the measurement in force on its first day."""

    facts: Mapping[str, Fact]
    measurement: Measurement | None
    habits: Habits = Habits()


class Size(Struct, frozen=True):
    """What a dose is multiplied by: height and weight, sex for an ideal weight, for AUC the clearance in mL/min."""

    measurement: Measurement | None
    clearance: Decimal | None = None
    sex: str = ""


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
    sex = str(basis.facts.get("sex", "")) if order.weight != "actual" else ""
    size = Size(basis.measurement, clearance if isinstance(clearance, Decimal) else None, sex)
    return _single_dose(_Question(order, band, band.dose, size, agent, basis.habits), number if order.varies else 0)


class _Question(Struct, frozen=True):
    """All that a single dose depends on besides its number in the cycle."""

    order: TemplateOrder
    band: DoseBand
    dose: DoseRule
    size: Size
    agent: Agent | None
    habits: Habits


@lru_cache(maxsize=4096)
def _single_dose(asked: _Question, number: int) -> ComputedDose:
    """Remembered, because an edit leaves nearly every dose of a course as it was."""
    order, habits = asked.order, asked.habits
    rule, steps = _escalated(asked.dose, order, number)
    text = protocol_text(rule, order)
    unit = rule.base_amount.unit
    amount, factor_steps, missing = _multiply(rule, asked.size, order.weight, habits.surface)
    if amount is None:
        return ComputedDose(None, unit, text, tuple(steps), missing)
    steps += factor_steps
    if rule.most is not None:
        return _range(asked, rule, amount, steps)
    amount = _divide(amount, rule, order, unit, steps)
    amount, capped = _capped(amount, asked.band.cap, steps)
    if not capped and (rule.per or (rule.per_day and doses_of_day(order) > 1)):
        amount, words = round_dose(amount, unit, asked.agent, habits)
        steps += words
    amount, left_capped = _within_course(asked, number, amount, steps)
    if not amount:
        return ComputedDose(None, unit, text, tuple(steps), f"no dose: the {order.course_cap} of a course are used up")
    measured = asked.size.measurement
    bsa = measured.surface(habits.surface) if measured else None
    per_m2 = amount / bsa if bsa else None
    found = ComputedDose(amount, unit, text, tuple(steps), per_m2=per_m2, capped=capped or left_capped)
    # An infusion that runs for days is prepared bag by bag, not day by day.
    return found if order.continuous else with_pieces(found, order.route, asked.agent)


def _range(asked: _Question, rule: DoseRule, least: Decimal, steps: list[str]) -> ComputedDose:
    """The bounds of a range; the dose within them is for the site to enter."""
    upper = replace(rule, amount=rule.most or rule.amount, most=None)
    most, more, _ = _multiply(upper, asked.size, asked.order.weight, asked.habits.surface)
    unit, bounds = rule.base_amount.unit, []
    for amount in (least, most or least):
        single = _divide(amount, rule, asked.order, unit, [])
        bounds.append(_capped(single, asked.band.cap, [])[0])
    words = f"a range: enter a dose from {format_amount(bounds[0], unit)} to {format_amount(bounds[1], unit)}"
    text = protocol_text(rule, asked.order)
    return ComputedDose(None, unit, text, (*steps, *more), words, least=bounds[0], most=bounds[1])


def _capped(amount: Decimal, cap: Amount | None, steps: list[str]) -> tuple[Decimal, bool]:
    if cap is None or amount <= cap.value:
        return amount, False
    steps.append(f"more than the cap: {cap}")
    return cap.value, True


def _within_course(asked: _Question, number: int, amount: Decimal, steps: list[str]) -> tuple[Decimal, bool]:
    """What the cap of the whole course leaves for this dose; 0 where the doses before have used it up."""
    most = asked.order.course_cap
    if most is None:
        return amount, False
    used = sum((_single_dose(asked, before).value or Decimal(0) for before in range(number)), Decimal(0))
    left = max(most.value - used, Decimal(0))
    if amount <= left:
        return amount, False
    steps.append(f"at most {most} in a course, {format_amount(used, most.unit)} given before")
    return left, True


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


def _multiply(rule: DoseRule, size: Size, weight: str, formula: str) -> tuple[Decimal | None, list[str], str]:
    base, found = rule.base_amount, size.measurement
    lower = replace(rule, most=None)
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
        factor = found.surface(formula)
        size_of = f"{format_number(found.height_cm)} cm, {format_number(found.weight_kg)} kg on {on}"
        words = f"BSA {format_number(factor)} m2 ({SURFACES[formula].name}, {size_of})"
    else:
        kilograms, how = dosing_weight(weight, found.height_cm, found.weight_kg, size.sex)
        if kilograms is None:
            return None, [], how
        factor = kilograms
        words = f"{format_number(factor)} kg ({'' if weight == 'actual' else f'{how}, '}on {on})"
    value = base.value * factor
    return value, [f"{lower} × {words} = {format_amount(value, base.unit)}"], ""


def _divide(amount: Decimal, rule: DoseRule, order: TemplateOrder, unit: str, steps: list[str]) -> Decimal:
    doses = doses_of_day(order)
    if not rule.per_day or doses == 1:
        return amount
    single = amount / doses
    steps.append(f"in {doses} doses a day: {format_amount(single.quantize(Decimal('0.001')), unit)} each")
    return single
