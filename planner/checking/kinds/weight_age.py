"""weight_age: doses by weight or surface rest on a measurement that is not too old."""

from collections.abc import Iterator
from datetime import date

from planner.checking.context import Context, begins
from planner.checking.hits import Hit, named, on_day, plural
from planner.model.civil import clinical_date
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_state import WeightAge


def find(rule: SequencingRule, wanted: WeightAge, context: Context) -> Iterator[Hit]:
    """One hit for each cycle that would be dosed by an old measurement, or by none."""
    for dose in context.first_measured(rule.protocols):
        event = dose.first
        start = begins(event.placed.block, event.placed.cycle)
        measurement = context.patient.measurement_on(date.fromordinal(start))
        where = f"{event.placed.block.title}, cycle {event.placed.cycle}"
        if measurement is None:
            yield Hit(
                f"{where}: no height and weight recorded.",
                (event,),
                (("first dose", named(event)),),
                missing=("height and weight",),
                key=event.placed.block.id,
            )
            continue
        age = start - measurement.date.toordinal()
        taken = clinical_date(measurement.date)
        if age > wanted.max_age_days:
            yield Hit(
                f"{where} starts {plural(age, 'day')} after the weight was taken ({taken}).",
                (event,),
                (
                    ("weight", f"{measurement.weight_kg} kg on {taken}"),
                    ("first dose", named(event)),
                ),
                f"{on_day(start)} − {taken} = {plural(age, 'day')}, above {wanted.max_age_days} days",
                key=event.placed.block.id,
            )
