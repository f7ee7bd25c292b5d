"""weight_band: doses that stayed while the weight passed the bound at which the label doses otherwise."""

from collections.abc import Iterator
from itertools import pairwise

from planner.checking.alike import Alike, by_moment
from planner.checking.context import Context
from planner.checking.hits import Hit, named
from planner.checking.view import NEVER
from planner.model.civil import clinical_date
from planner.model.patient import Measurement
from planner.model.quantity import format_number, parse_dose
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_state import WeightBand


def find(rule: SequencingRule, wanted: WeightBand, context: Context) -> Iterator[Hit]:
    """One hit for the first such dose of each order and cycle after a weight on the other side of the bound."""
    measured = context.measurements()
    if all(one.for_doses for one in measured):
        return
    stretches = [(one, until) for one, until in pairwise((*measured, None)) if one and not one.for_doses]
    met: set[object] = set()
    for doses in by_moment(context.alike(wanted.agents, rule.protocols)):
        for newest, after in stretches:
            until = after.date.toordinal() - 1 if after else NEVER
            since = doses.between(newest.date.toordinal(), until)
            place = doses.piece.place, doses.run.line, newest
            if since is None or place in met or _suits(since, newest, wanted, context):
                continue
            met.add(place)
            yield from _kept(since, newest, wanted, context)


def _suits(doses: Alike, newest: Measurement, wanted: WeightBand, context: Context) -> bool:
    """Whether the dose is one that the label gives at the newest weight, as where somebody typed it for that."""
    dose = doses.dose
    if dose is None or dose.value is None:
        return False
    for order in wanted.doses_from if newest.weight_kg >= wanted.from_kg else wanted.doses_below:
        rule = parse_dose(order.dose)
        size = newest.surface(context.known.formula) if rule.per == "m2" else 1
        asked = rule.base_amount.value * size
        alike = (order.agent, rule.base_amount.unit) == (doses.run.line.agent, dose.unit)
        if alike and abs(dose.value - asked) * 100 <= asked * wanted.rounding_percent:
            return True
    return False


def _kept(doses: Alike, newest: Measurement, wanted: WeightBand, context: Context) -> Iterator[Hit]:
    followed = context.measurement_on(doses.first_day)
    if followed is None or (followed.weight_kg < wanted.from_kg) == (newest.weight_kg < wanted.from_kg):
        return
    event, bound = doses.first, f"{format_number(wanted.from_kg)} kg"
    old, new = _weighed(followed), _weighed(newest)
    yield Hit(
        f"{named(event)} follows {old}, because doses were to stay; {new} lies on the other side of {bound}, where the "
        "label doses otherwise.",
        (event,),
        (("dosed with", old), ("newest weight", new), ("the dose changes at", bound)),
        f"{old}, {new}; {bound} lies between",
        days=(newest.date.toordinal(), event.day),
    )


def _weighed(one: Measurement) -> str:
    return f"{format_number(one.weight_kg)} kg of {clinical_date(one.date)}"
