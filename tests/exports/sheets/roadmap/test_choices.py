"""Of the choices of a protocol the roadmap lists those that what stands in a block hangs on, for this patient."""

import pytest
from msgspec.structs import replace

from planner.exports.sheets.sheet import Facts, Sheet
from planner.model.patient import Patient
from planner.model.plan import BlockStart
from planner.services.evaluation import evaluate
from planner.services.verbs.placing import add_protocol, new_plan
from tests.courses import PATIENT
from tests.exports.papers import library, make, shipped
from tests.exports.sheets.roadmap.test_roadmap import sections


def made(sheet: Sheet, block: str) -> str:
    (text,) = (
        value
        for part in sections(sheet, block)[0].parts
        if isinstance(part, Facts)
        for label, value in part.pairs
        if label == "Choices made"
    )
    return text


def roadmap_of(protocol: str, patient: Patient) -> Sheet:
    plan = add_protocol(
        new_plan("p", patient), library().protocols[protocol], BlockStart(on=shipped(protocol).schedule.events[0].date)
    )
    return make(evaluate(plan, library()), "roadmap")


def test_a_choice_about_children_is_not_told_of_an_adult() -> None:
    """ "Premedication below 18 years: 5 mg/m2" stood beside the 20 mg of a woman of 45."""
    grown = made(make(shipped("blinatumomab-mrd"), "roadmap"), "Blinatumomab 1")
    assert "below 18 years" not in grown
    assert "Premedication of adults: Prednisone 100 mg IV" in grown
    child = replace(PATIENT, birth_date=PATIENT.birth_date.replace(year=2016))
    told = made(roadmap_of("blinatumomab-mrd", child), "Blinatumomab 1")
    assert "Premedication below 18 years" in told
    assert "of adults" not in told


def test_without_one_that_counts_the_block_says_so() -> None:
    assert made(make(shipped("inotuzumab-rr"), "roadmap"), "Inotuzumab 1") == "none that counts for this patient"
    assert made(make(shipped("blinatumomab-rr"), "roadmap"), "Blinatumomab 3 to 5") == "none offered for this block"


@pytest.mark.parametrize(("block", "counts"), [("Part A 1", True), ("Maintenance", False)])
def test_a_choice_about_other_cycles_is_not_told(block: str, counts: bool) -> None:
    """Hyper-CVAD with ponatinib: the vincristine days of Part A stood with maintenance."""
    told = made(make(shipped("hyper-cvad-ponatinib"), "roadmap"), block)
    assert ("Vincristine days of Part A" in told) is counts
    assert ("End of the mesna infusion" in told) is counts


def test_what_is_not_known_of_the_patient_leaves_a_choice_open() -> None:
    """Rituximab hangs on CD20, which nobody recorded."""
    told = made(make(shipped("hyper-cvad"), "roadmap"), "Part A 1")
    assert "Rituximab: Where CD20 is positive" in told
    negative = replace(PATIENT, markers=(*PATIENT.markers, ("cd20", "negative")))
    assert "Growth factor" in made(roadmap_of("hyper-cvad", negative), "Part A 1")
