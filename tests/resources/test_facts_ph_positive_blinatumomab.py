"""Blinatumomab in relapse and in consolidation: a second reading of the label's table and the manufacturer's pages."""

from decimal import Decimal
from itertools import pairwise

import pytest

from planner.model.evidence import Evidence
from tests.resources.reading import given, patient, plan_of, protocol, schedule_of

DAY = 1440


def infused(course):
    """Cycle -> (day, mcg a day) of every infusion day."""
    seen = {}
    for event in given(course, "blinatumomab"):
        seen.setdefault(event.placed.cycle, []).append((event.cycle_day, event.dose.value))
    return seen


def premedication(course):
    """(cycle, day, dose, minutes before that day's infusion or None) of every premedication."""
    starts = {(one.placed.cycle, one.cycle_day): one.day * DAY + one.minute for one in given(course, "blinatumomab")}
    return [
        (
            event.placed.cycle,
            event.cycle_day,
            event.dose.value,
            starts[event.placed.cycle, event.cycle_day] - event.day * DAY - event.minute if event.minute >= 0 else None,
        )
        for event in course.events
        if event.placed.role == "premedication"
    ]


@pytest.mark.parametrize(
    ("kg", "height_cm", "step", "full"),
    [
        ("45", "170", "9", "28"),
        ("110", "178", "9", "28"),
        ("44.9", "130", "6.37", "19.1"),  # 1.273 m2
        ("44.9", "290", "9", "28"),  # 1.902 m2: 9.51 and 28.5 before the caps
    ],
)
def test_relapse_begins_with_a_week_of_step_dose_in_cycle_1_only(kg, height_cm, step, full):
    course = schedule_of(plan_of("blinatumomab-rr", patient(age=30, kg=kg, height_cm=height_cm)))
    first = [(day, Decimal(step) if day < 8 else Decimal(full)) for day in range(1, 29)]
    later = [(day, Decimal(full)) for day in range(1, 29)]
    assert infused(course) == {1: first} | dict.fromkeys(range(2, 10), later)


def test_relapse_has_cycles_of_42_days_to_the_fifth_and_of_84_days_from_the_sixth():
    course = schedule_of(plan_of("blinatumomab-rr", patient(), response="remission", continued="yes"))
    lengths = {cycle.number: cycle.end - cycle.start for block in course.blocks for cycle in block.cycles}
    assert lengths == dict.fromkeys(range(1, 6), 42) | dict.fromkeys(range(6, 10), 84)
    assert all(later.start == earlier.end for earlier, later in pairwise(course.blocks))
    assert not any(block.provisional for block in course.blocks)


@pytest.mark.parametrize(
    ("answers", "cycles"),
    [
        ({"response": "no-remission"}, 2),
        ({"response": "transplant"}, 2),
        ({"response": "remission", "continued": "no"}, 5),
        ({"response": "remission", "continued": "yes"}, 9),
    ],
)
def test_relapse_gives_2_then_3_then_4_cycles_by_the_answers(answers, cycles):
    assert list(infused(schedule_of(plan_of("blinatumomab-rr", patient(), **answers)))) == list(range(1, cycles + 1))


def test_adults_in_relapse_are_premedicated_1_h_before_each_cycle_and_before_the_step():
    found = premedication(schedule_of(plan_of("blinatumomab-rr", patient(age=18))))
    assert found == [(1, 1, 20, 60), (1, 8, 20, 60), *((cycle, 1, 20, 60) for cycle in range(2, 10))]


def test_children_in_relapse_are_premedicated_in_cycle_1_only_by_country():
    child = patient(age=10, kg="20", height_cm="180")  # 1 m2
    assert premedication(schedule_of(plan_of("blinatumomab-rr", child))) == [(1, 1, 5, None), (1, 8, 5, None)]
    eu = schedule_of(plan_of("blinatumomab-rr", child, {"premedication-child": "eu"}))
    assert premedication(eu) == [(1, 1, 10, 360), (1, 1, 5, 30)]


@pytest.mark.parametrize(("protocol_id", "first"), [("blinatumomab-rr", 9), ("blinatumomab-consolidation", 3)])
def test_hospital_days_by_use(protocol_id, first):
    course = schedule_of(plan_of(protocol_id, patient()))
    days = [(event.placed.cycle, event.cycle_day) for event in course.events if event.placed.kind == "procedure"]
    assert days == [(1, day) for day in range(1, first + 1)] + [(2, 1), (2, 2)]


def test_the_pre_phase_of_relapse_is_a_choice_without_a_dose():
    course = schedule_of(plan_of("blinatumomab-rr", patient(), {"pre-phase": "dexamethasone"}))
    before = [event for event in given(course, "dexamethasone") if event.placed.block.phase.id == "pre-phase"]
    assert [(event.cycle_day, event.dose.value) for event in before] == [(day, None) for day in (-4, -3, -2, -1)]
    assert course.blocks[1].start == before[-1].day + 1
    without = schedule_of(plan_of("blinatumomab-rr", patient()))
    assert without.blocks[0].phase.id == "induction"


@pytest.mark.parametrize(("kg", "dose"), [("45", Decimal(28)), ("28", Decimal("17.3"))])  # 28 kg, 170 cm: 1.150 m2
def test_consolidation_is_four_cycles_without_a_step_dose_in_blocks_that_can_be_moved_apart(kg, dose):
    course = schedule_of(plan_of("blinatumomab-consolidation", patient(age=30, kg=kg)))
    assert infused(course) == {cycle: [(day, dose) for day in range(1, 29)] for cycle in range(1, 5)}
    assert [[cycle.number for cycle in block.cycles] for block in course.blocks] == [[1, 2], [3], [4]]
    assert {block.phase.cycle_days for block in course.blocks} == {42}


def test_adults_in_consolidation_are_premedicated_with_20_mg_before_each_cycle_and_children_before_the_first():
    adult = premedication(schedule_of(plan_of("blinatumomab-consolidation", patient(age=18))))
    assert adult == [(cycle, 1, 20, 60) for cycle in range(1, 5)]
    child = patient(age=17, kg="20", height_cm="180")  # 1 m2
    assert premedication(schedule_of(plan_of("blinatumomab-consolidation", child))) == [(1, 1, 5, None)]
    eu = schedule_of(plan_of("blinatumomab-consolidation", child, {"premedication-child": "eu"}))
    assert premedication(eu) == [(1, 1, 10, 360), (1, 1, 5, 30)]


def test_what_the_consolidation_table_was_not_read_for_is_said():
    found = protocol("blinatumomab-consolidation")
    doses = {one.evidence for phase in found.phases for one in phase.orders if one.agent == "blinatumomab"}
    assert doses == {Evidence.SECONDARY}
    assert "was not read" in found.phase("blinatumomab").note
