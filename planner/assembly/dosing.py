"""Protocol dose to single dose: basis, division over the day, cap, rounding; every step in words."""

from collections.abc import Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import cached_property, lru_cache

from msgspec import Struct
from msgspec.structs import replace

from planner.assembly.calculators import calvert
from planner.assembly.rounding import Habits, bound_dose, round_dose, rounded_dose, with_pieces
from planner.model.agent import Agent
from planner.model.body import SURFACES, dosing_weight
from planner.model.civil import clinical_date
from planner.model.condition import ALWAYS, Fact
from planner.model.cycle_content import ComputedDose, Working
from planner.model.fact_words import names_of
from planner.model.patient import Measurement
from planner.model.protocol import DoseBand, TemplateOrder
from planner.model.quantity import Amount, DoseRule, format_amount, format_number, parse_dose, round_by_default

NO_BAND = "the protocol gives no dose for this patient"
USED_UP = "no dose: the"
"""How it is said of a dose that the doses before have used the course's cap up."""


class Size(Struct, frozen=True, cache_hash=True, dict=True):
    """What doses of one patient are computed on: height and weight as measured, and the habits of the site."""

    measurement: Measurement | None
    habits: Habits = Habits()

    @cached_property
    def surface(self) -> Decimal | None:
        """Body surface in m2 by the site's formula."""
        return self.measurement.surface(self.habits.surface) if self.measurement else None

    @cached_property
    def factors(self) -> Mapping[str, Decimal | None]:
        """What doses per m2 and per kg are multiplied by; None where that is not known, and for flat doses."""
        return {"": None, "m2": self.surface, "kg": self.measurement.weight_kg if self.measurement else None}


class DosingBasis(Struct, frozen=True):
    """What doses of one cycle are computed from: the facts of its first day, and the size in force on it."""

    facts: Mapping[str, Fact]
    size: Size


class Question(Struct, frozen=True):
    """All that a single dose depends on besides the size of the patient.

    `clearance` (mL/min) is asked for by AUC only, `sex` by an ideal weight; `number` is that of the administration in
    its cycle, 0 where all doses are alike.
    """

    order: TemplateOrder
    band: DoseBand
    dose: DoseRule
    agent: Agent | None
    clearance: Decimal | None = None
    sex: str = ""
    number: int = 0


class Reckoned(Struct, frozen=True, gc=False):
    """Tells how a dose came about when somebody asks, by computing it once more with every step in words."""

    asked: Question
    size: Size

    def working(self) -> Working:
        """The steps from the protocol's dose to the single dose."""
        return single_dose(self.asked, self.size).working


class Plain(Struct, frozen=True):
    """A question whose dose is one product, kept ready for every patient: `base` in `unit`, times m2 or kg, in `parts`.

    `most` caps it; `rounds` tells that what is not capped is rounded.
    """

    asked: Question
    text: str
    unit: str
    base: Decimal
    per: str
    parts: int
    most: Decimal | None
    rounds: bool

    def dose(self, size: Size) -> ComputedDose | None:
        """The single dose for that size; None where only the whole computation tells it."""
        value, most, capped = self.base, self.most, False
        if self.per:
            factor = size.factors[self.per]
            if factor is None:
                return None
            value *= factor
        if self.parts > 1:
            value /= self.parts
        if most is not None and value > most:
            value, capped = most, True
        elif self.rounds:
            agent = self.asked.agent
            value = (
                rounded_dose(value, self.unit, agent, size.habits, self.asked.order.route)
                if agent
                else round_by_default(value)
            )
            if most is not None and value > most:  # rounding lifts no dose above the protocol's cap
                value, capped = most, True
        if not value:
            return None
        return ComputedDose(value, self.unit, self.text, "", capped, Reckoned(self.asked, size))


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
    asked = Question(
        order,
        band,
        band.dose,
        agent,
        clearance if isinstance(clearance, Decimal) else None,
        sex,
        number if order.varies else 0,
    )
    plain = plain_question(asked)
    found = plain.dose(basis.size) if plain else None
    return found or single_dose(asked, basis.size)


def plain_question(asked: Question) -> Plain | None:
    """The question as one product; None where it takes more: a range, a clearance, another weight, a course cap."""
    order = asked.order
    if asked.dose.most is not None or asked.dose.per == "AUC" or order.weight != "actual" or order.course_cap:
        return None
    rule, _ = _escalated(asked.dose, order, asked.number)
    base, doses = rule.base_amount, order.doses_of_day
    divided = rule.per_day and doses > 1
    cap = asked.band.cap.value if asked.band.cap else None
    text, rounds = protocol_text(rule, order), bool(rule.per) or divided
    return Plain(asked, text, base.unit, base.value, rule.per, doses if divided else 1, cap, rounds)


@lru_cache(maxsize=4096)
def single_dose(asked: Question, size: Size) -> ComputedDose:
    """The dose with its working. Remembered, because an edit leaves nearly every dose of a course as it was."""
    order, habits, number = asked.order, size.habits, asked.number
    rule, steps = _escalated(asked.dose, order, number)
    text = protocol_text(rule, order)
    unit = rule.base_amount.unit
    amount, factor_steps, missing = _multiply(rule, asked, size)
    if amount is None:
        return ComputedDose(None, unit, text, missing, how=Working(tuple(steps)))
    steps += factor_steps
    if rule.most is not None:
        return _range(asked, size, rule, amount, steps)
    amount = _divide(amount, rule, order, unit, steps)
    amount, capped = _capped(amount, asked.band.cap, steps)
    meant = amount
    if not capped and (rule.per or (rule.per_day and order.doses_of_day > 1)):
        amount, words = round_dose(amount, unit, asked.agent, habits, order.route)
        steps += words
        amount, capped = _capped(amount, asked.band.cap, steps)  # rounding lifts no dose above it
    amount, left_capped = _within_course(asked, size, amount, steps)
    if not amount:
        used_up = f"{USED_UP} {order.course_cap} of a course are used up" if left_capped else "rounds to nothing"
        return ComputedDose(None, unit, text, used_up, how=Working(tuple(steps)))
    bsa = size.surface
    meant = amount if left_capped else meant
    working = Working(tuple(steps), amount / bsa, meant / bsa) if bsa else Working(tuple(steps))
    found = ComputedDose(amount, unit, text, capped=capped or left_capped, how=working)
    # An infusion that runs for days is prepared bag by bag, not day by day.
    return found if order.continuous else with_pieces(found, order.route, asked.agent)


def _range(asked: Question, size: Size, rule: DoseRule, least: Decimal, steps: list[str]) -> ComputedDose:
    """The bounds of a range; the dose within them is for the site to enter."""
    upper = replace(rule, amount=rule.most or rule.amount, most=None)
    most, more, _ = _multiply(upper, asked, size)
    unit, bounds = rule.base_amount.unit, []
    computed = bool(rule.per) or (rule.per_day and asked.order.doses_of_day > 1)
    for amount, direction in ((least, ROUND_CEILING), (most or least, ROUND_FLOOR)):
        single, capped = _capped(_divide(amount, rule, asked.order, unit, []), asked.band.cap, [])
        bounds.append(
            single if capped or not computed else bound_dose(single, unit, asked.agent, asked.order.route, direction)
        )
    if bounds[0] > bounds[1]:  # narrower than a step: no dose of the agent's steps lies within, so none is hidden
        ends = [_divide(one, rule, asked.order, unit, []) for one in (least, most or least)]
        bounds = [_capped(one, asked.band.cap, [])[0] for one in ends]
    whole = " a day" if rule.per_day and asked.order.doses_of_day == 1 else ""
    words = f"a range: enter a dose from {format_amount(bounds[0], unit)} to {format_amount(bounds[1], unit)}{whole}"
    text = protocol_text(rule, asked.order)
    working = Working((*steps, *more))
    return ComputedDose(None, unit, text, words, least=bounds[0], most=bounds[1], how=working)


def _capped(amount: Decimal, cap: Amount | None, steps: list[str]) -> tuple[Decimal, bool]:
    if cap is None or amount <= cap.value:
        return amount, False
    steps.append(f"more than the cap: {cap}")
    return cap.value, True


def _within_course(asked: Question, size: Size, amount: Decimal, steps: list[str]) -> tuple[Decimal, bool]:
    """What the cap of the whole course leaves for this dose; 0 where the doses before have used it up."""
    most = asked.order.course_cap
    if most is None:
        return amount, False
    used = Decimal(0)
    for number in range(asked.number):
        if used == most.value:  # the doses after that are nothing, and a day tablet has hundreds
            break
        used += single_dose(replace(asked, number=number), size).value or Decimal(0)
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
            return None, f"not recorded: {names_of(band.when.unknown(facts))}"
    return None, NO_BAND


def at_dose(order: TemplateOrder, dose: str, basis: DosingBasis) -> TemplateOrder:
    """The order at a typed dose in place of its own.

    A dose by surface or weight stays under the protocol's cap: nobody who reduces it means to lift that, and who gains
    weight later would get more than the full dose.
    """
    band, typed = choose_band(order, basis.facts)[0], DoseBand(ALWAYS, parse_dose(dose))
    cap = band.cap if band else None
    if cap and typed.dose and typed.dose.per and typed.dose.base_amount.unit == cap.unit:
        typed = replace(typed, cap=cap)
    return replace(order, bands=(typed,), escalation=None)


def protocol_text(rule: DoseRule, order: TemplateOrder) -> str:
    """The dose as the protocol says it, with the division of a daily total made explicit."""
    if rule.per_day and order.doses_of_day > 1:
        return f"{rule} in {order.doses_of_day} doses"
    return str(rule)


def _escalated(rule: DoseRule, order: TemplateOrder, number: int) -> tuple[DoseRule, list[str]]:
    if order.escalation is None or number == 0:
        return rule, []
    amount = rule.amount + order.escalation.amount * number
    raised = replace(rule, amount=amount)
    return raised, [f"{rule} + {number} × {order.escalation}, if each dose before was tolerated = {raised}"]


def _multiply(rule: DoseRule, asked: Question, size: Size) -> tuple[Decimal | None, list[str], str]:
    base, found, weight, formula = rule.base_amount, size.measurement, asked.order.weight, size.habits.surface
    lower = replace(rule, most=None)
    if not rule.per:
        return base.value, [], ""
    if rule.per == "AUC":
        if asked.clearance is None:
            return None, [], "creatinine, weight or sex not recorded"
        carboplatin = calvert(rule.amount, asked.clearance)
        return carboplatin.value, [f"{carboplatin.formula} = {format_amount(carboplatin.value, 'mg')}"], ""
    if found is None:
        return None, [], "height and weight not recorded" if rule.per == "m2" else "weight not recorded"
    on = clinical_date(found.date)
    if rule.per == "m2":
        factor = found.surface(formula)
        size_of = f"{format_number(found.height_cm)} cm, {format_number(found.weight_kg)} kg on {on}"
        words = f"BSA {format_number(factor)} m2 ({SURFACES[formula].name}, {size_of})"
    else:
        kilograms, how = dosing_weight(weight, found.height_cm, found.weight_kg, asked.sex)
        if kilograms is None:
            return None, [], how
        factor = kilograms
        words = f"{format_number(factor)} kg ({'' if weight == 'actual' else f'{how}, '}on {on})"
    value = base.value * factor
    return value, [f"{lower} × {words} = {format_amount(value, base.unit)}"], ""


def _divide(amount: Decimal, rule: DoseRule, order: TemplateOrder, unit: str, steps: list[str]) -> Decimal:
    doses = order.doses_of_day
    if not rule.per_day or doses == 1:
        return amount
    single = amount / doses
    steps.append(f"in {doses} doses a day: {format_amount(single.quantize(Decimal('0.001')), unit)} each")
    return single
