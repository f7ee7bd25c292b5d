"""Heights and weights that can be and are seldom: inches, pounds, a point one place off. Asked about, never refused."""

from collections.abc import Callable
from decimal import Decimal

from planner.model.civil import clinical_date
from planner.model.patient import Measurement, Patient

_SLIPS = ((Decimal(100), "metres"), (Decimal("2.54"), "inches"), (Decimal(10), "with the decimal point one place off"))
"""By what a height in the wrong unit is multiplied to become centimetres."""
POUND = Decimal("0.45359237")
"""kg."""
GROWN = 16
"""Years from which the heights of adults are looked for. Regimap's own, as all bounds here: wide, against slips."""
THIN, HEAVY = Decimal(12), Decimal(40)
"""kg/m2 outside which a weight is asked about: the pounds of nearly everybody are more than that many kg."""
HEAVY_CHILD = ((10, Decimal(25)), (GROWN, Decimal(29)))
"""The same below an age in years: children are lighter for their height."""
LEAP, LEAP_DAYS, INFANT = Decimal("1.8"), 365, 2
"""So many times the weight of so many days before, or so little of it, is asked about, but not in the first years."""
STEADY, GROWN_UP, SHRUNK = Decimal(4), 18, Decimal(2)
"""cm by which another height of a grown person (18 years) is asked about, and by which a lesser one of a child."""

Fill = Callable[..., str]


def body_doubt(patient: Patient, measurement: Measurement, fill: Fill = str.format) -> str:
    """Why somebody should look at a height and weight again, a question; empty where nothing speaks against them.

    `fill` may say the patterns in another language.
    """
    height, weight = measurement.height_cm, measurement.weight_kg
    age = patient.age_on(measurement.date)
    adult = age >= GROWN
    if adult and height < weight and 130 <= weight <= 220 and THIN <= _index(weight, height) <= HEAVY:
        return fill("{height} cm and {weight} kg: are height and weight swapped?", height=height, weight=weight)
    low, high = (Decimal(120), Decimal(220)) if adult else (Decimal(40), Decimal(210))
    if not low <= height <= high:
        meant = [f"{height} {slip}" for factor, slip in _SLIPS if low <= height * factor <= high]
        asked = fill("Was it {height}?", height=meant[0]) if meant else fill("Is it right?")
        return f"{fill('{height} cm is an unusual height.', height=height)} {asked}"
    heaviest = next((most for below, most in HEAVY_CHILD if age < below), HEAVY)
    leap = _leap(patient, measurement, fill) if age >= INFANT else ""
    return _mass_doubt(measurement, heaviest, fill) or leap or _other_height(patient, measurement, fill)


def newest_body_doubt(patient: Patient, fill: Callable[..., str] = str.format) -> str:
    """The same of the newest height and weight of a patient."""
    newest = max(patient.measurements, key=lambda one: one.date, default=None)
    return body_doubt(patient, newest, fill) if newest else ""


def _index(height: Decimal, weight: Decimal) -> Decimal:
    return weight / (height / 100) ** 2


def _mass_doubt(measurement: Measurement, heaviest: Decimal, fill: Fill) -> str:
    """A weight that hardly goes with its height."""
    height, weight = measurement.height_cm, measurement.weight_kg
    index = _index(height, weight)
    if THIN <= index <= heaviest:
        return ""
    if THIN <= index * POUND <= heaviest:
        pattern = "{weight} kg at {height} cm: were these pounds? {weight} lb are {kilograms} kg."
        return fill(pattern, weight=weight, height=height, kilograms=f"{weight * POUND:.1f}")
    pattern = "{weight} kg at {height} cm: is the weight right, or ten times too large or too small?"
    return fill(pattern, weight=weight, height=height)


def _leap(patient: Patient, measurement: Measurement, fill: Fill) -> str:
    """A weight that was quite another one not long before."""
    earlier = [one for one in patient.measurements if 0 < (measurement.date - one.date).days <= LEAP_DAYS]
    if not earlier:
        return ""
    before = max(earlier, key=lambda one: one.date)
    if before.weight_kg / LEAP < measurement.weight_kg < before.weight_kg * LEAP:
        return ""
    pattern = "{weight} kg, and {before} kg on {day}: is the weight right?"
    return fill(pattern, weight=measurement.weight_kg, before=before.weight_kg, day=clinical_date(before.date))


def _other_height(patient: Patient, measurement: Measurement, fill: Fill) -> str:
    """An adult's height that was quite another one before, or a child's that was more: two figures in wrong order."""
    before = max(
        (one for one in patient.measurements if one.date < measurement.date), key=lambda one: one.date, default=None
    )
    if before is None:
        return ""
    more = measurement.height_cm - before.height_cm
    if -STEADY < more < STEADY if patient.age_on(before.date) >= GROWN_UP else more > -SHRUNK:
        return ""
    pattern = "{height} cm, and {before} cm on {day}: is the height right?"
    return fill(pattern, height=measurement.height_cm, before=before.height_cm, day=clinical_date(before.date))
