"""Hyper-CVAD with blinatumomab against the abstracts of NCT02877303 (ASH 2019 and 2022)."""

from decimal import Decimal

import pytest

from planner.model.evidence import Evidence
from tests.resources.reading import drugs_of, given, patient, plan_of, protocol, schedule_of, with_markers

ID = "hyper-cvad-blinatumomab"
WHO = with_markers(patient(age=40), cd20="positive")
FOUR = {"start_of_blinatumomab": "after-four"}


def cycles(schedule):
    """(phase, number) of every cycle in order of time."""
    return [(block.phase.id, cycle.number) for block in schedule.blocks for cycle in block.cycles]


def test_four_courses_then_four_cycles_then_fifteen_blocks_of_which_4_8_and_12_are_blinatumomab():
    found = cycles(schedule_of(plan_of(ID, WHO, **FOUR)))
    assert found[:4] == [("part-a", 1), ("part-b", 2), ("part-a-later", 3), ("part-b-later", 4)]
    assert found[4:8] == [("blinatumomab", number) for number in (1, 2, 3, 4)]
    blinatumomab = (4, 8, 12)
    assert found[8:] == [
        ("maintenance-blinatumomab" if number in blinatumomab else "pomp", number) for number in range(1, 16)
    ]


def test_high_risk_starts_blinatumomab_after_two_courses():
    found = cycles(schedule_of(plan_of(ID, WHO, start_of_blinatumomab="after-two")))
    assert found[:3] == [("part-a", 1), ("part-b", 2), ("blinatumomab", 1)]
    assert len(found) == 2 + 4 + 15
    assert not any(block.provisional for block in schedule_of(plan_of(ID, WHO, **FOUR)).blocks)


@pytest.mark.parametrize(("phase", "like"), [("part-a", "part-a"), ("part-a-later", "part-a")])
def test_part_a_is_that_of_hyper_cvad(phase, like):
    facts = {"age": Decimal(40), "cd20": "positive"}
    number = 3 if phase.endswith("later") else 1
    assert drugs_of(ID, phase, number, facts) == drugs_of("hyper-cvad", like, 1, facts)


@pytest.mark.parametrize(("phase", "number"), [("part-b", 2), ("part-b-later", 4)])
def test_part_b_is_that_of_hyper_cvad(phase, number):
    facts = {"age": Decimal(40), "cd20": "positive"}
    assert drugs_of(ID, phase, number, facts) == drugs_of("hyper-cvad", "part-b", 2, facts)


def test_eight_intrathecal_and_eight_anti_cd20_doses():
    course = schedule_of(plan_of(ID, WHO, **FOUR))
    assert len(given(course, "methotrexate", "IT") + given(course, "cytarabine", "IT")) == 8
    assert len(given(course, "rituximab")) == 8
    other = given(schedule_of(plan_of(ID, WHO, {"anti-cd20": "ofatumumab"}, **FOUR)), "ofatumumab")
    assert [(event.placed.cycle, event.cycle_day, event.dose.value) for event in other] == [
        (cycle, day, 2000) for cycle, days in ((1, (1, 11)), (2, (1, 8)), (3, (1, 11)), (4, (1, 8))) for day in days
    ]
    assert given(schedule_of(plan_of(ID, WHO, {"anti-cd20": "none"}, **FOUR)), "rituximab") == []


def test_inotuzumab_is_drawn_in_both_part_b_and_marked_to_enter_in_blinatumomab():
    course = schedule_of(plan_of(ID, WHO, {"inotuzumab": "yes"}, **FOUR))
    found = [(event.placed.cycle, event.cycle_day, event.dose.protocol_dose) for event in given(course, "inotuzumab")]
    assert found == [(cycle, day, "0.3 mg/m2") for cycle in (2, 4) for day in (1, 8)]
    assert [event.placed.evidence for event in course.events if event.placed.id.endswith("inotuzumab-to-enter")] == [
        Evidence.LOCAL
    ]
    assert given(schedule_of(plan_of(ID, WHO, **FOUR)), "inotuzumab") == []


def test_blinatumomab_runs_28_of_42_days_and_its_dose_is_marked_unverified():
    course = schedule_of(plan_of(ID, WHO, **FOUR))
    infused = given(course, "blinatumomab")
    assert len(infused) == 7 * 28
    assert {event.dose.value for event in infused} == {Decimal(28)}
    assert {event.placed.evidence for event in infused} == {Evidence.UNVERIFIED}
    assert {protocol(ID).phase(name).cycle_days for name in ("blinatumomab", "maintenance-blinatumomab")} == {42}
