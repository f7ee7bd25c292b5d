"""One number for two people, and two numbers for one, are asked about before a plan is made."""

from datetime import date

import pytest
from msgspec.structs import replace

from planner.model.patient import Patient
from planner.model.revision import PlanSummary
from planner.services.store.persons import person_doubts

TORRES = Patient("K3", "Torres", "Ivan", date(1995, 3, 2), "male")
IN_STORE = PlanSummary("P1", "K3", "Torres", "Ivan", date(1995, 3, 2), "pomp")


@pytest.mark.parametrize(
    "other",
    [replace(TORRES, birth_date=date(1959, 3, 2)), replace(TORRES, family_name="Torrez")],
)
def test_a_number_of_somebody_else_is_asked_about(other: Patient) -> None:
    """Every sheet of each of two people said that the other's plan is in the store."""
    (asked,) = person_doubts(other, [IN_STORE])
    assert asked == "number K3 is Torres, Ivan, born 02-Mar-1995, in plan P1 of the store: is it the same person?"


@pytest.mark.parametrize("number", ["k3", "K33"])
def test_a_person_under_another_number_is_asked_about(number: str) -> None:
    """A slip of the number switched off the only warning of two plans."""
    (asked,) = person_doubts(replace(TORRES, id=number, family_name="TORRES"), [IN_STORE])
    assert (
        asked
        == "plan P1 of the store is of Torres, Ivan, born 02-Mar-1995, too, under number K3: is it the same person?"
    )


def test_the_same_patient_is_no_question() -> None:
    assert person_doubts(TORRES, [IN_STORE]) == ()
    stranger = Patient("K4", "Ruiz", "Ana", date(1990, 1, 1), "female")
    assert person_doubts(stranger, [IN_STORE]) == ()


def test_deleted_and_damaged_plans_ask_nothing() -> None:
    gone = replace(IN_STORE, void="made for the wrong patient"), PlanSummary("P9", damaged=True)
    other = replace(TORRES, family_name="Torrez")
    assert person_doubts(other, gone) == ()
