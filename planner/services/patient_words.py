"""What differs between two states of what is known of a patient, in words: person, body, results, medicines."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TypeVar

from msgspec.structs import replace

from planner.model.civil import clinical_date
from planner.model.fact_words import fact_name
from planner.model.patient import CoMedication, LabResult, Measurement, Patient, PriorExposure
from planner.model.quantity import format_amount, format_number

Item = TypeVar("Item")
MEASURED = "measured: "
"""How a line about a new height and weight begins."""
WHO = ("name", "born", "sex", "diagnosis")
"""What was set right about the person, as the lines about it begin."""


def patient_words(before: Patient, after: Patient, formula: str) -> Iterator[str]:
    """Who the patient is, what was measured and found, and other medicines."""
    if before == after:
        return
    for what, was, is_now in zip(WHO, _who(before), _who(after), strict=True):
        if was != is_now:
            yield f"{what}: {was or 'not recorded'} -> {is_now or 'not recorded'}"
    for measured in only_in(after.measurements, before.measurements):
        yield f"{MEASURED}{_body_words(measured, before, formula)}"
    for measured in only_in(before.measurements, after.measurements):
        if measured.date not in {one.date for one in after.measurements}:
            yield f"measurement taken back: {_body_words(measured, None, formula)}"
    for what, were, are in _facts(_but_for_ends(before, after), after):
        yield from (f"{what}: {words}" for words in only_in(are, were))
        yield from (f"{what} taken back: {words}" for words in only_in(were, are))


def _but_for_ends(before: Patient, after: Patient) -> Patient:
    """Without the medicines that only end on another day: they are told with their new end, and not taken back."""
    known = {(one.agent, one.start) for one in after.co_medications}
    kept = (one for one in before.co_medications if one in after.co_medications or (one.agent, one.start) not in known)
    return replace(before, co_medications=tuple(kept))


def _who(one: Patient) -> tuple[str, str, str, str]:
    return one.display_name, clinical_date(one.birth_date), one.sex, one.diagnosis


def _facts(before: Patient, after: Patient) -> Iterator[tuple[str, Sequence[str], Sequence[str]]]:
    """What else is known of a person: its kind, and the lines before and after."""

    def lines(one: Patient) -> tuple[tuple[str, Sequence[str]], ...]:
        return (
            ("result", [_result_words(lab) for lab in one.labs]),
            ("medicine", [_medicine_words(medicine) for medicine in one.co_medications]),
            ("marker", [f"{name} {value}" for name, value in one.markers]),
            ("allergy", one.allergies),
            ("given before", [_exposure_words(past) for past in one.prior_exposures]),
        )

    for (what, were), (_, are) in zip(lines(before), lines(after), strict=True):
        yield what, were, are


def _body_words(one: Measurement, before: Patient | None, formula: str) -> str:
    """The body on its day, and how far its surface is from the one that doses of that day followed before."""
    surface = one.surface(formula)
    was = before.measurement_on(one.date) if before and before.measurements else None
    size = f"{format_number(surface)} m2"
    if was and (old := was.surface(formula)) != surface:
        percent = ((surface - old) * 100 / old).quantize(Decimal("0.1"))
        size = f"{format_number(old)} -> {size}, {percent:+} %"
    stay = "" if one.for_doses else "; doses do not follow it"
    body = f"{format_number(one.height_cm)} cm, {format_number(one.weight_kg)} kg"
    return f"{body} on {clinical_date(one.date)} ({size}){stay}"


def _result_words(one: LabResult) -> str:
    amount = format_amount(one.value, one.unit)
    if one.unit == "grade":
        amount = f"grade {format_number(one.value)}"
    return f"{fact_name(one.code)} {amount} on {clinical_date(one.date)}"


def _exposure_words(one: PriorExposure) -> str:
    until = f" until {clinical_date(one.until)}" if one.until else ""
    return f"{one.agent} {format_amount(one.dose, one.unit)}{until}"


def _medicine_words(one: CoMedication) -> str:
    until = f" to {clinical_date(one.end)}" if one.end else ", no end yet"
    return f"{one.agent} from {clinical_date(one.start)}{until}"


def only_in(some: Sequence[Item], others: Sequence[Item]) -> Iterator[Item]:
    """What only the first has, in its order."""
    known = set(others)
    return (one for one in some if one not in known)
