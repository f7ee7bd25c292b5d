"""Whether the store knows a new plan's patient: under another name or birth date, or under another number."""

from collections.abc import Callable, Iterable

from planner.model.civil import clinical_date
from planner.model.patient import Patient
from planner.model.revision import PlanSummary
from planner.model.words import fold

ANOTHER_PERSON = "number {number} is {name}, born {born}, in plan {plan} of the store: is it the same person?"
ANOTHER_NUMBER = (
    "plan {plan} of the store is of {name}, born {born}, too, under number {number}: is it the same person?"
)


def person_doubts(
    patient: Patient, listed: Iterable[PlanSummary], fill: Callable[..., str] = str.format
) -> tuple[str, ...]:
    """A question for each plan under this number of somebody else, and each of this person under another number.

    One number for two people made every sheet of each speak of the other's plan; two numbers for one hid it.
    """
    person = _person(patient.family_name, patient.given_name, patient.birth_date)
    found = []
    for one in _kept(listed):
        same_number = one.patient_id == patient.id
        if same_number is not (_person(one.family_name, one.given_name, one.birth_date) == person):
            found.append(_asked(ANOTHER_PERSON if same_number else ANOTHER_NUMBER, one, fill))
    return tuple(dict.fromkeys(found))


def _kept(listed: Iterable[PlanSummary]) -> Iterable[PlanSummary]:
    return (one for one in listed if not one.damaged and not one.void)


def _person(family: str, given: str, born: object) -> tuple[object, ...]:
    return fold(family), fold(given), born


def _asked(pattern: str, one: PlanSummary, fill: Callable[..., str]) -> str:
    name = f"{one.family_name}, {one.given_name}".rstrip(", ")
    born = clinical_date(one.birth_date) if one.birth_date else ""
    return fill(pattern, number=one.patient_id, name=name, born=born, plan=one.plan_id)
