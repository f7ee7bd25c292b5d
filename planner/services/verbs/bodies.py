"""Heights and weights that can be and are seldom: inches, pounds, a point one place off. Asked about, never refused."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from planner.model.patient import Measurement, Patient

_SLIPS = ((Decimal(100), "metres"), (Decimal("2.54"), "inches"), (Decimal(10), "with the decimal point one place off"))
"""By what a height in the wrong unit is multiplied to become centimetres."""
GROWN = 16
"""Years from which the heights of adults are looked for. Regimap's own, as all bounds here: wide, against slips."""


def body_doubt(measurement: Measurement, age: int, fill: Callable[..., str] = str.format) -> str:
    """Why somebody should look at a height and weight again, a question; empty where nothing speaks against them.

    `fill` may say the patterns in another language.
    """
    height, weight = measurement.height_cm, measurement.weight_kg
    adult = age >= GROWN
    if adult and height < weight and 130 <= weight <= 220:
        return fill("{height} cm and {weight} kg: are height and weight swapped?", height=height, weight=weight)
    low, high = (Decimal(120), Decimal(220)) if adult else (Decimal(40), Decimal(210))
    if not low <= height <= high:
        meant = [f"{height} {slip}" for factor, slip in _SLIPS if low <= height * factor <= high]
        asked = fill("Was it {height}?", height=meant[0]) if meant else fill("Is it right?")
        return f"{fill('{height} cm is an unusual height.', height=height)} {asked}"
    if Decimal(12) <= weight / (height / 100) ** 2 <= Decimal(60):
        return ""
    pattern = "{weight} kg at {height} cm: is the weight right, or ten times too large or too small?"
    return fill(pattern, weight=weight, height=height)


def newest_body_doubt(patient: Patient, today: date) -> str:
    """The same of the newest height and weight of a patient."""
    newest = max(patient.measurements, key=lambda one: one.date, default=None)
    return body_doubt(newest, patient.age_on(today)) if newest else ""
