"""Nelarabine: the label in relapse, the registry record of AALL0434 in first line."""

from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from msgspec.structs import replace

from planner.model.civil import add_months
from planner.model.evidence import Evidence
from tests.resources.reading import START, drugs_of, given, patient, plan_of, protocol, schedule_of

ID = "nelarabine-t-all"
FIRST = {"setting": "first-line"}
TEEN = {"age": Decimal(15), "variant.setting": "first-line"}
TABLE = {
    "consolidation": {
        ("nelarabine", "IV"): ([*range(1, 6), *range(43, 48)], {"650 mg/m2/day"}),
        ("cyclophosphamide", "IV"): ([8, 50], {"1,000 mg/m2"}),
        ("cytarabine", "IV"): ([*range(8, 12), *range(15, 19), *range(50, 54), *range(57, 61)], {"75 mg/m2"}),
        ("mercaptopurine", "PO"): ([*range(8, 22), *range(50, 64)], {"60 mg/m2"}),
        ("vincristine", "IV"): ([22, 29, 64, 71], {"1.5 mg/m2"}),
        ("pegaspargase", "IM"): ([22, 64], {"2,500 units/m2"}),
        ("methotrexate", "IT"): ([15, 22, 57, 64], {"15 mg"}),
    },
    "interim-capizzi": {
        ("vincristine", "IV"): ([1, 11, 21, 31, 41], {"1.5 mg/m2"}),
        ("methotrexate", "IV"): ([1, 11, 21, 31, 41], {"100 mg/m2"}),
        ("pegaspargase", "IM"): ([2, 22], {"2,500 units/m2"}),
        ("methotrexate", "IT"): ([1, 31], {"15 mg"}),
    },
    "delayed-intensification": {
        ("vincristine", "IV"): ([1, 8, 15, 50], {"1.5 mg/m2"}),
        ("dexamethasone", "PO"): ([*range(1, 8), *range(15, 22)], {"10 mg/m2/day"}),
        ("doxorubicin", "IV"): ([1, 8, 15], {"25 mg/m2"}),
        ("pegaspargase", "IM"): ([4, 50], {"2,500 units/m2"}),
        ("nelarabine", "IV"): ([*range(29, 34)], {"650 mg/m2/day"}),
        ("cyclophosphamide", "IV"): ([36], {"1,000 mg/m2"}),
        ("cytarabine", "IV"): ([*range(36, 40), *range(43, 47)], {"75 mg/m2"}),
        ("thioguanine", "PO"): ([*range(36, 50)], {"60 mg/m2"}),
        ("methotrexate", "IT"): ([1, 36, 43], {"15 mg"}),
    },
    "maintenance": {
        ("vincristine", "IV"): ([1, 29, 57], {"1.5 mg/m2"}),
        ("prednisone", "PO"): (sorted([*range(1, 6), *range(29, 34), *range(57, 62)]), {"40 mg/m2/day"}),
        ("mercaptopurine", "PO"): ([*range(1, 85)], {"75 mg/m2"}),
        ("methotrexate", "PO"): ([*range(8, 79, 7)], {"20 mg/m2"}),
        ("methotrexate", "IT"): ([1], {"15 mg"}),
    },
}


@pytest.mark.parametrize(
    ("age", "days", "dose", "hours"), [(18, [1, 3, 5], "1,500 mg/m2", 2), (17, [1, 2, 3, 4, 5], "650 mg/m2/day", 1)]
)
def test_the_label_gives_adults_three_doses_and_children_five_every_21_days(age, days, dose, hours):
    course = schedule_of(plan_of(ID, patient(age=age), after_cycle_1="continue"))
    assert [block.phase.id for block in course.blocks] == ["cycle-1", "further-cycles"]
    assert course.blocks[1].start - course.blocks[0].start == 21
    for cycle in (1, 2):
        found = [event for event in given(course, "nelarabine") if event.placed.cycle == cycle]
        assert [event.cycle_day for event in found] == days
        assert {event.dose.protocol_dose for event in found} == {dose}
        assert {event.placed.duration_h for event in found} == {Decimal(hours)}
    stopped = schedule_of(plan_of(ID, patient(age=age), after_cycle_1="stop"))
    assert [block.phase.id for block in stopped.blocks] == ["cycle-1", "what-comes-next"]


def test_a_birthday_between_two_cycles_of_relapse_changes_nothing():
    """Five days of 650 mg/m2 became three of 1,500 on the 18th birthday, without a word."""
    turns_18 = replace(patient(), birth_date=START.replace(year=START.year - 18) + timedelta(7))
    course = schedule_of(plan_of(ID, turns_18, after_cycle_1="continue"))
    doses = [(one.placed.cycle, one.cycle_day, one.dose.protocol_dose) for one in given(course, "nelarabine")]
    assert doses == [(cycle, day, "650 mg/m2/day") for cycle in (1, 2) for day in range(1, 6)]
    checks = [one for one in course.events if "neuro" in one.placed.order.id]
    assert [(one.placed.cycle, one.cycle_day) for one in checks] == [
        (one, day) for one in (1, 2) for day in range(1, 6)
    ]


@pytest.mark.parametrize("phase", TABLE)
def test_the_first_line_courses_stand_on_the_days_of_the_record(phase):
    assert drugs_of(ID, phase, 1, TEEN) == TABLE[phase]


def test_dexamethasone_has_no_break_below_10_years():
    found = drugs_of(ID, "delayed-intensification", 1, {**TEEN, "age": Decimal(9)})
    assert found["dexamethasone", "PO"][0] == [*range(1, 22)]


@pytest.mark.parametrize(("interim", "cns"), [("capizzi", "CNS1"), ("high-dose", "CNS3")])
def test_nelarabine_is_never_on_an_intrathecal_day_and_three_of_six_courses_are_to_enter(interim, cns):
    course = schedule_of(plan_of(ID, patient(age=15, cns=cns), {**FIRST, "interim": interim}, risk="nelarabine"))
    nelarabine = given(course, "nelarabine")
    intrathecal = {event.day for event in course.events if event.placed.route == "IT"}
    assert not intrathecal.intersection(event.day for event in nelarabine)
    assert len(nelarabine) == 3 * 5
    assert {event.placed.evidence for event in nelarabine} == {Evidence.SECONDARY}
    markers = [event for event in course.events if event.placed.id.endswith("nelarabine-to-enter")]
    assert [(event.placed.cycle, event.placed.evidence) for event in markers] == [
        (c, Evidence.LOCAL) for c in (1, 2, 3)
    ]


@pytest.mark.parametrize(
    ("sex", "interim", "months"), [("female", "capizzi", 24), ("male", "capizzi", 36), ("male", "high-dose", 36)]
)
def test_treatment_ends_so_many_months_after_the_first_day_of_interim_maintenance(sex, interim, months):
    course = schedule_of(plan_of(ID, patient(age=15, sex=sex), {**FIRST, "interim": interim}, risk="nelarabine"))
    first = next(block.start for block in course.blocks if block.phase.id == f"interim-{interim}")
    until = add_months(course.events[0].date.fromordinal(first), months)
    assert max(event.date for event in given(course, "mercaptopurine")).toordinal() == until.toordinal() - 1


def test_pegaspargase_is_never_closer_than_14_days_and_low_risk_leaves():
    course = schedule_of(plan_of(ID, patient(age=15), FIRST, risk="nelarabine"))
    days = [event.day for event in given(course, "pegaspargase")]
    assert len(days) == 7
    assert min(later - earlier for earlier, later in pairwise(days)) >= 14
    low = schedule_of(plan_of(ID, patient(age=15), FIRST, risk="low"))
    assert [block.phase.id for block in low.blocks] == ["induction", "what-comes-next-2"]
    assert {order.evidence for order in protocol(ID).phase("cycle-1").orders} == {Evidence.SECONDARY}


@pytest.mark.parametrize(("setting", "outside"), [("relapse", []), ("first-line", [0, 31, 70])])
def test_first_line_is_for_the_ages_of_its_trial_and_relapse_for_all(setting, outside):
    """Stood in the words of the population alone, so that a plan of somebody of 40 met no word of it."""
    lines = [when for when, text in protocol(ID).entry if "below 31 years" in text]
    ages = (0, 1, 30, 31, 70)
    facts = [{"variant.setting": setting, "age": Decimal(age)} for age in ages]
    assert [age for age, known in zip(ages, facts, strict=True) if not lines[0].holds(known)] == outside
