"""AALL0232 against its registry record and the sources of doses; what it shares with CALGB 10403 must be equal."""

from decimal import Decimal
from itertools import pairwise

import pytest

from planner.model.civil import add_months
from planner.model.evidence import Evidence
from tests.resources.reading import drugs_of, given, patient, plan_of, schedule_of

ID = "aall0232-hr"
CR = {"response": "cr", "early_response": "rapid"}
SLOW = {"response": "cr", "early_response": "slow"}


def facts(age, **more):
    return {"age": Decimal(age), "cns": "CNS1", "decision.response": "cr", "decision.early-response": "rapid", **more}


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("consolidation", "consolidation"),
        ("interim-capizzi", "interim-maintenance"),
        ("delayed-intensification", "delayed-intensification"),
        ("delayed-intensification-2", "delayed-intensification"),
        ("maintenance", "maintenance"),
    ],
)
def test_the_backbone_is_that_of_calgb_10403_from_13_years_on(here, there):
    ours = drugs_of(ID, here, 1, facts(17, **{"variant.interim": "capizzi"}))
    ours.pop(("cranial-radiotherapy", "radiation"), None)
    assert ours == drugs_of("calgb-10403", there, 1, {"age": Decimal(17)})


@pytest.mark.parametrize(
    ("steroid", "age", "given_for"),
    [
        ("by-age", 9, ("dexamethasone", 14, "10 mg/m2/day")),
        ("by-age", 10, ("prednisone", 28, "60 mg/m2/day")),
        ("prednisone", 9, ("prednisone", 28, "60 mg/m2/day")),
        ("dexamethasone", 15, ("dexamethasone", 14, "10 mg/m2/day")),
    ],
)
def test_induction_differs_in_its_steroid_only(steroid, age, given_for):
    agent, days, dose = given_for
    assert drugs_of(ID, "induction", 1, facts(age, **{"variant.steroid": steroid})) == {
        ("cytarabine", "IT"): ([1], {"70 mg"}),
        (agent, "PO"): ([*range(1, days + 1)], {dose}),
        ("vincristine", "IV"): ([1, 8, 15, 22], {"1.5 mg/m2"}),
        ("daunorubicin", "IV"): ([1, 8, 15, 22], {"25 mg/m2"}),
        ("pegaspargase", "IM"): ([4], {"2,500 units/m2"}),
        ("methotrexate", "IT"): ([8, 29], {"15 mg" if age >= 9 else "12 mg"}),
    }


@pytest.mark.parametrize(
    ("choice", "age", "days"),
    [
        ("below-13", 12, 21),
        ("below-13", 13, 14),
        ("below-10", 9, 21),
        ("below-10", 10, 14),
        ("nobody", 5, 14),
    ],
)
def test_dexamethasone_of_delayed_intensification_has_no_break_below_an_age(choice, age, days):
    found = drugs_of(ID, "delayed-intensification", 1, facts(age, **{"variant.dexamethasone-delayed": choice}))
    whole = [*range(1, 22)] if days == 21 else [*range(1, 8), *range(15, 22)]
    assert found["dexamethasone", "PO"] == (whole, {"10 mg/m2/day"})


@pytest.mark.parametrize(
    ("age", "methotrexate", "cytarabine"), [(1, 8, 30), (2, 10, 50), (3, 12, 70), (8, 12, 70), (9, 15, 70)]
)
def test_intrathecal_doses_go_by_age(age, methotrexate, cytarabine):
    found = drugs_of(ID, "induction", 1, facts(age))
    doses = sorted(band for band in found["methotrexate", "IT"][1])
    course = schedule_of(plan_of(ID, patient(age=age, kg="20", height_cm="110"), **CR))
    induction = [event for event in course.events if event.placed.block.phase.id == "induction"]
    assert {e.dose.value for e in induction if e.placed.route == "IT" and e.placed.agent == "methotrexate"} == {
        methotrexate
    }
    spinal = [e for e in induction if e.placed.route == "IT" and e.placed.agent == "cytarabine"]
    assert {(e.dose.value, e.placed.evidence) for e in spinal} == {(cytarabine, Evidence.UNVERIFIED)}
    assert f"{methotrexate} mg" in doses


def test_intrathecal_cytarabine_of_adults_was_read_in_a_national_library():
    course = schedule_of(plan_of(ID, patient(age=18), **CR))
    spinal = [e for e in course.events if e.placed.route == "IT" and e.placed.agent == "cytarabine"]
    assert {(e.cycle_day, e.dose.value, e.placed.evidence) for e in spinal} == {(1, 70, Evidence.SECONDARY)}


def test_high_dose_methotrexate_is_rescued_from_hour_42_three_times_every_6_h():
    course = schedule_of(plan_of(ID, patient(age=15), **CR))
    doses = given(course, "methotrexate", "IV")
    assert [(event.cycle_day, event.dose.protocol_dose) for event in doses] == [
        (day, "5 g/m2") for day in (1, 15, 29, 43)
    ]
    rescue = given(course, "leucovorin")
    assert len(rescue) == 12
    for number, start in enumerate(doses):
        after = [(e.day - start.day) * 24 + (e.minute - start.minute) / 60 for e in rescue[3 * number : 3 * number + 3]]
        assert after == [42, 48, 54]
    found = drugs_of(ID, "interim-high-dose", 1, facts(15))
    assert found["mercaptopurine", "PO"] == ([*range(1, 57)], {"25 mg/m2"})
    assert found["vincristine", "IV"][0] == [1, 15, 29, 43]
    assert found["methotrexate", "IT"][0] == [1, 29]
    assert ("pegaspargase", "IM") not in found


@pytest.mark.parametrize(("choice", "doses"), [("high-dose", 5), ("capizzi", 7)])
def test_pegaspargase_is_never_closer_than_14_days(choice, doses):
    course = schedule_of(plan_of(ID, patient(age=15), {"interim": choice}, **CR))
    days = [event.day for event in given(course, "pegaspargase")]
    assert len(days) == doses
    assert min(later - earlier for earlier, later in pairwise(days)) >= 14


def phases(schedule):
    return [block.phase.id for block in schedule.blocks]


def test_answers_lead_where_the_record_says():
    rapid = schedule_of(plan_of(ID, patient(age=15), **CR))
    assert phases(rapid) == [
        "induction",
        "consolidation",
        "interim-high-dose",
        "delayed-intensification",
        "maintenance",
    ]
    slow = schedule_of(plan_of(ID, patient(age=15), **SLOW))
    assert phases(slow)[3:] == ["delayed-intensification", "interim-2", "delayed-intensification-2", "maintenance"]
    extended = schedule_of(plan_of(ID, patient(age=15), response="extended", extended_response="go"))
    assert phases(extended) == ["induction", "extended-induction", *phases(slow)[1:]], "they go on as slow responders"
    assert [one.decision.id for one in extended.decisions] == ["response", "extended-response"]
    assert phases(schedule_of(plan_of(ID, patient(age=15), response="off"))) == ["induction", "what-comes-next"]
    left = schedule_of(plan_of(ID, patient(age=15), response="extended", extended_response="off"))
    assert phases(left) == ["induction", "extended-induction", "what-comes-next-2"]
    waits = schedule_of(plan_of(ID, patient(age=15), response="extended"))
    assert [block.provisional for block in waits.blocks] == [False, False, *[True] * (len(waits.blocks) - 2)]
    assert not any(block.provisional for block in (*rapid.blocks, *slow.blocks, *extended.blocks))


def test_extended_induction_has_two_weeks_of_steroid_two_vincristine_and_one_daunorubicin():
    assert drugs_of(ID, "extended-induction", 1, facts(15)) == {
        ("prednisone", "PO"): ([*range(1, 15)], {"60 mg/m2/day"}),
        ("vincristine", "IV"): ([1, 8], {"1.5 mg/m2"}),
        ("daunorubicin", "IV"): ([1], {"25 mg/m2"}),
        ("pegaspargase", "IM"): ([4], {"2,500 units/m2"}),
    }


def test_the_first_methotrexate_of_interim_maintenance_2_is_left_to_the_clinic():
    course = schedule_of(plan_of(ID, patient(age=15), **SLOW))
    found = [e for e in given(course, "methotrexate", "IV") if e.placed.block.phase.id == "interim-2"]
    assert [(event.cycle_day, event.dose.value) for event in found] == [(day, None) for day in (1, 11, 21, 31, 41)]


@pytest.mark.parametrize(
    ("sex", "duration", "interim", "months"),
    [
        ("female", "by-sex", "high-dose", 24),
        ("male", "by-sex", "capizzi", 36),
        ("male", "by-sex", "high-dose", 36),
        ("male", "two-years", "capizzi", 24),
    ],
)
def test_treatment_ends_so_many_months_after_the_first_day_of_interim_maintenance(sex, duration, interim, months):
    choices = {"duration": duration, "interim": interim}
    course = schedule_of(plan_of(ID, patient(age=15, sex=sex), choices, **CR))
    first = next(block for block in course.blocks if block.phase.id == f"interim-{interim}").start
    begins = course.events[0].date.fromordinal(first)
    last = max(event.date for event in given(course, "mercaptopurine"))
    assert last.toordinal() == add_months(begins, months).toordinal() - 1


@pytest.mark.parametrize(
    ("radiotherapy", "answers", "intrathecal"), [("no", CR, True), ("yes", CR, False), ("no", SLOW, False)]
)
def test_oral_methotrexate_is_weekly_and_never_on_an_intrathecal_day(radiotherapy, answers, intrathecal):
    course = schedule_of(plan_of(ID, patient(age=15), {"cranial-radiotherapy": radiotherapy}, **answers))
    oral = [event.day for event in given(course, "methotrexate", "PO")]
    spinal = {event.day for event in given(course, "methotrexate", "IT")}
    assert len(oral) == len(set(oral))
    assert not spinal.intersection(oral)
    assert {(later - earlier) % 7 for earlier, later in pairwise(oral)} == {0}
    maintenance = next(block for block in course.blocks if block.phase.id == "maintenance")
    on_day_29 = {cycle.start + 28 for cycle in maintenance.cycles[:4]}
    assert on_day_29.issubset(spinal if intrathecal else set(oral))
