"""What an agent's file says to who takes it by mouth stands where no protocol has words: replaced and added drugs."""

import pytest
from msgspec.structs import replace

from planner.model.plan import Addition, Plan, Replacement, Scope
from planner.model.wish import WHOLE_PLAN
from tests.exports.papers import library
from tests.exports.sheets.test_after_edits import placed, printed_sheet, rows, text

EMPTY = "Take on an empty stomach: nothing to eat from 2 hours before to 1 hour after."


def _good_to_know(plan: Plan, drug: str) -> str:
    """All that the table of medicines says of that drug, on the patient's calendar."""
    found = [[text(cell) for cell in row] for row in rows(printed_sheet(plan, "calendar", WHOLE_PLAN))]
    return " ".join(" ".join(row) for row in found if row[0].startswith(drug))


def _swapped(agent: str) -> Plan:
    change = Replacement("blinatumomab", 1, 8, "dasatinib", Scope.ALL, agent, "toxicity", grade=3, dose="30 mg")
    return replace(placed("d-alba"), modifications=(change,))


@pytest.mark.parametrize(
    ("agent", "name", "says"),
    [
        ("nilotinib", "Nilotinib", EMPTY),
        ("imatinib", "Imatinib", "Take with a meal and a large glass of water."),
        ("ponatinib", "Ponatinib", "No grapefruit."),
    ],
)
def test_a_drug_in_the_place_of_another_says_how_it_is_taken(agent, name, says):
    """Nilotinib in place of dasatinib said "once a day" and not that it is taken on an empty stomach."""
    told = _good_to_know(_swapped(agent), name)
    assert says in told
    assert "acid blockers" not in told, "the words of the drug that it stands in for"


def test_that_treatment_is_not_to_be_stopped_stays_whatever_drug_it_is():
    """D-ALBA says it of dasatinib after blinatumomab."""
    change = Replacement(
        "tki-maintenance", 1, 1, "dasatinib", Scope.ALL, "imatinib", "toxicity", grade=3, dose="400 mg"
    )
    plan = replace(placed("d-alba"), modifications=(change,))
    assert "Do not stop on your own." in _good_to_know(plan, "Imatinib")


def test_a_drug_that_somebody_added_says_how_it_is_taken():
    added = Addition("blinatumomab", 1, "tki", "nilotinib", "antineoplastic", "PO", (1, 2), "other", dose="400 mg")
    plan = replace(placed("d-alba"), modifications=(added,))
    assert EMPTY in _good_to_know(plan, "Nilotinib")


def test_the_protocols_own_words_come_first():
    assert EMPTY not in _good_to_know(placed("graaph-2014"), "Nilotinib")
    assert "Take twice a day on an empty stomach." in _good_to_know(placed("graaph-2014"), "Nilotinib")


def test_every_word_of_an_agent_to_the_patient_has_its_source():
    told = [one for one in library().agents.values() if one.patient_note]
    assert {one.id for one in told} >= {"imatinib", "dasatinib", "nilotinib", "ponatinib"}
    assert all("https://" in one.patient_reference or "http://" in one.patient_reference for one in told)
