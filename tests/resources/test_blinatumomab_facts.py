"""D-ALBA and the MRD course of blinatumomab against a second reading of abstracts and label."""

from decimal import Decimal
from itertools import pairwise

import pytest

from planner.model.evidence import Evidence
from tests.resources.reading import given, patient, plan_of, protocol, schedule_of

DAY = 1440


def first_days(schedule, agent):
    """Days from the first day of the plan's first dose of that agent, per cycle of 28 infusion days."""
    days = [event.day for event in given(schedule, agent)]
    return [day - days[0] for day in days if day - 1 not in days]


def test_d_alba_gives_steroid_7_days_before_dasatinib_and_24_days_with_it():
    course = schedule_of(plan_of("d-alba", patient(), response="chr"))
    dasatinib = given(course, "dasatinib")[0].day
    steroid = [event.day - dasatinib for event in given(course, "corticosteroid")]
    assert steroid == [*range(-7, 24)]
    other = schedule_of(plan_of("d-alba", patient(), {"steroid-end": "day-31"}, response="chr"))
    assert [event.day - dasatinib for event in given(other, "corticosteroid")] == [*range(-7, 31)]


def test_d_alba_names_no_dose_where_none_was_found():
    found = protocol("d-alba")
    undosed = {
        (phase.id, order.agent) for phase in found.phases for order in phase.orders if order.bands[0].dose is None
    }
    assert undosed == {
        ("pre-phase", "corticosteroid"),
        ("induction", "corticosteroid"),
        ("induction", "methotrexate"),
        ("tki-maintenance", "dasatinib"),
        ("tki-after-further", "dasatinib"),
    }


@pytest.mark.parametrize(("choice", "last"), [("day-85", 85), ("day-84", 84)])
def test_d_alba_gives_dasatinib_140_mg_through_induction_and_every_day_of_blinatumomab(choice, last):
    course = schedule_of(plan_of("d-alba", patient(), {"dasatinib-days": choice}, response="chr"))
    dosed = [event for event in given(course, "dasatinib") if event.placed.block.phase.id != "tki-maintenance"]
    assert {(event.dose.value, event.dose.unit) for event in dosed} == {(Decimal(140), "mg")}
    first = dosed[0].day
    assert [event.day - first + 1 for event in dosed] == [*range(1, last + 1), *range(86, 86 + 84)]


def test_d_alba_draws_no_intrathecal_dose_unless_a_site_takes_the_sister_trials_days():
    assert given(schedule_of(plan_of("d-alba", patient())), "methotrexate") == []
    sister = given(schedule_of(plan_of("d-alba", patient(), {"intrathecal": "us-sister-trial"})), "methotrexate")
    assert [(event.cycle_day, event.placed.route, event.dose.value) for event in sister] == [
        (22, "IT", None),
        (43, "IT", None),
    ]


@pytest.mark.parametrize(
    ("answers", "cycles", "ends_on"),
    [
        ({"response": "no-chr"}, 0, "what-comes-next"),
        ({"response": "chr", "after_cycle_2": "tki"}, 2, "tki-maintenance"),
        ({"response": "chr", "after_cycle_2": "transplant"}, 2, "what-comes-next-2"),
        ({"response": "chr", "after_cycle_2": "further", "after_further": "tki"}, 5, "tki-after-further"),
        ({"response": "chr", "after_cycle_2": "further", "after_further": "transplant"}, 5, "what-comes-next-3"),
    ],
)
def test_d_alba_gives_two_to_five_blinatumomab_cycles_by_the_answers(answers, cycles, ends_on):
    course = schedule_of(plan_of("d-alba", patient(), **answers))
    infused = given(course, "blinatumomab")
    assert len(infused) == 28 * cycles
    assert {event.dose.value for event in infused} <= {Decimal(28)}
    if cycles:
        assert first_days(course, "blinatumomab") == [42 * number for number in range(cycles)]
    assert course.blocks[-1].phase.id == ends_on
    assert not any(block.provisional for block in course.blocks)


def test_d_alba_waits_for_the_response_of_day_85_before_it_promises_blinatumomab():
    course = schedule_of(plan_of("d-alba", patient()))
    assert [(block.phase.id, block.provisional) for block in course.blocks] == [
        ("pre-phase", False),
        ("induction", False),
        ("blinatumomab", True),
        ("tki-maintenance", True),
    ]
    assert next(one.day for one in course.decisions if one.decision.id == "response") == course.blocks[1].start + 84


def test_blinatumomab_for_mrd_runs_four_cycles_of_28_days_in_42_without_a_step_dose():
    course = schedule_of(plan_of("blinatumomab-mrd", patient(kg="45"), after_cycle_1="continue"))
    assert first_days(course, "blinatumomab") == [0, 42, 84, 126]
    infused = given(course, "blinatumomab")
    assert len(infused) == 4 * 28
    assert {event.dose.value for event in infused} == {Decimal(28)}


@pytest.mark.parametrize(
    ("kg", "height_cm", "dose"),
    [("44.9", "130", Decimal("19.1")), ("28", "170", Decimal("17.3")), ("44.9", "290", Decimal(28))],
)
def test_below_45_kg_blinatumomab_goes_by_body_surface_up_to_28_mcg(kg, height_cm, dose):
    # 15 mcg/m2 of 1.273, 1.150 and 1.902 m2: 19.1, 17.3 and 28.5, which the cap holds at 28.
    course = schedule_of(plan_of("blinatumomab-mrd", patient(age=10, kg=kg, height_cm=height_cm)))
    assert {(event.dose.value, event.dose.unit) for event in given(course, "blinatumomab")} == {(dose, "mcg")}


def premedication(schedule):
    """(cycle, agent, dose, minutes before the infusion or None) of every premedication."""
    starts = {}
    for event in given(schedule, "blinatumomab"):
        starts.setdefault(event.placed.cycle, event.day * DAY + event.minute)
    return [
        (
            event.placed.cycle,
            event.placed.order.agent,
            event.dose.value,
            starts[event.placed.cycle] - event.day * DAY - event.minute if event.minute >= 0 else None,
        )
        for event in schedule.events
        if event.placed.role == "premedication"
    ]


def test_adults_are_premedicated_1_h_before_every_cycle():
    default = schedule_of(plan_of("blinatumomab-mrd", patient(age=18)))
    assert premedication(default) == [(cycle, "prednisone", 100, 60) for cycle in (1, 2, 3, 4)]
    other = schedule_of(plan_of("blinatumomab-mrd", patient(age=18), {"premedication-adult": "dexamethasone"}))
    assert premedication(other) == [(cycle, "dexamethasone", 16, 60) for cycle in (1, 2, 3, 4)]


def test_children_are_premedicated_before_cycle_1_only_once_or_twice_by_country():
    child = patient(age=17, kg="20", height_cm="180")  # 1 m2
    assert premedication(schedule_of(plan_of("blinatumomab-mrd", child))) == [(1, "dexamethasone", 5, None)]
    eu = schedule_of(plan_of("blinatumomab-mrd", child, {"premedication-child": "eu"}))
    assert premedication(eu) == [(1, "dexamethasone", 10, 360), (1, "dexamethasone", 5, 30)]


def test_a_fifth_cycle_and_maintenance_every_3_months_stand_under_a_choice_and_say_what_was_not_read():
    """NCT02458014 (facts-cellular, A6.10): 28 of 42 days up to 5 cycles, then every 3 months, up to 4."""
    label = schedule_of(plan_of("blinatumomab-mrd", patient(), after_cycle_1="continue"))
    assert {event.placed.cycle for event in given(label, "blinatumomab")} == {1, 2, 3, 4}
    course = schedule_of(plan_of("blinatumomab-mrd", patient(), {"length": "maintenance"}, after_cycle_1="continue"))
    doses = given(course, "blinatumomab")
    assert len(doses) == 9 * 28
    assert {event.dose.value for event in doses} == {28}
    first = {event.placed.cycle: event.day for event in doses if event.cycle_day == 1}
    assert [later - earlier for earlier, later in pairwise(first.values())] == [42] * 5 + [84] * 3
    weakest = {event.placed.evidence for event in doses if event.placed.cycle > 5}
    assert weakest == {Evidence.UNVERIFIED}
    assert len(given(course, "prednisone")) == 9


@pytest.mark.parametrize("protocol_id", ["blinatumomab-mrd", "d-alba"])
def test_hospital_days_are_three_in_cycle_1_and_two_in_cycle_2(protocol_id):
    course = schedule_of(plan_of(protocol_id, patient()))
    days = [
        (event.placed.cycle, event.cycle_day) for event in course.events if event.placed.agent_name == "In hospital"
    ]
    assert days == [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2)]


def test_mrd_after_blinatumomab_may_be_taken_on_any_infusion_free_day():
    found = [
        (phase.offset(one.days.numbers[0]), one.window.earlier, one.window.later, phase.cycle_days, one.evidence)
        for phase in (*protocol("d-alba").phases, *protocol("blinatumomab-mrd").phases)
        for one in phase.assessments
        if one.id.startswith("mrd-after")
    ]
    assert found == [(28, 0, 13, 42, Evidence.TRIAL)] * 3
