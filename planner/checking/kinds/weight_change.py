"""weight_change: the weight has moved away from the one first dosed with, or from the one that doses were kept at."""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from planner.checking.context import Context
from planner.checking.hits import Hit, named
from planner.model.civil import clinical_date
from planner.model.patient import Measurement
from planner.model.quantity import format_number
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_state import WeightChange


def find(rule: SequencingRule, wanted: WeightChange, context: Context) -> Iterator[Hit]:
    """One hit for each later weight that differs by the limit or more and still has doses ahead of it."""
    if len(context.measurements()) == 1:
        return  # no later weight, so the doses need not be looked at
    doses = context.first_measured(rule.protocols)
    if not doses:
        return
    base = context.measurement_on(doses[0].first_day)
    if base is None:
        dose = doses[0].first
        yield Hit("No weight recorded.", (dose,), (("first dose", named(dose)),), missing=("weight",), key="course")
        return
    for later in context.measurements():
        day = later.date.toordinal()
        ahead = next((dose for dose in doses if dose.first_day >= day), None) if later.date > base.date else None
        if ahead is None:
            continue
        limit, missing = context.limit_on(day, wanted.percent)
        dosed = context.measurement_on(ahead.first_day)
        kept = dosed if dosed and base.date < dosed.date < later.date else base
        against = max((base, kept), key=lambda one: abs(_change(one, later)))
        change = _change(against, later)
        what, whose = ("dosed with at the start", "the start of the plan")
        if against is not base:
            what, whose = "dosed with", f"the weight of {clinical_date(against.date)}, which doses follow"
        first, second = (f"{one.weight_kg} kg on {clinical_date(one.date)}" for one in (against, later))
        running = next((one.piece for one in doses if one.first_day < day <= one.piece.last), None)
        keeps = (("goes on as it began", running.block.title),) if running else ()
        inputs = ((what, first), ("measured", second), *keeps, ("next doses by weight", named(ahead.first)))
        if limit is None:
            yield Hit(
                "The limit cannot be told.",
                (ahead.first,),
                inputs,
                missing=missing or ("a limit for this patient",),
                key="course",
                days=(day,),
            )
        elif abs(change) >= limit:
            percent = format_number(change.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP).copy_abs())
            sign = "up" if change > 0 else "down"
            yield Hit(
                f"Weight {sign} by {percent} % on {clinical_date(later.date)} against {whose}.",
                (ahead.first,),
                inputs,
                f"{later.weight_kg} kg against {against.weight_kg} kg = {percent} % {sign} ≥ {format_number(limit)} %",
                key="course" if against is base else "kept",
                days=(day,),
            )


def _change(before: Measurement, later: Measurement) -> Decimal:
    return (later.weight_kg - before.weight_kg) / before.weight_kg * 100
