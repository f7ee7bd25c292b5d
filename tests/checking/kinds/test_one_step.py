"""one_step: what a left out or reduced step leaves of the steps after it."""

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from planner.model.plan import DoseChange, Given, GivenRecord, Omission, Replacement, Scope
from planner.services.evaluation import evaluate
from planner.services.verbs import editing
from planner.services.verbs.recording import record_given
from planner.services.verbs.redosing import reduce, replace_agent
from tests.checking.judging import find, rule
from tests.golden.cases import library
from tests.services.courses_at_hand import plan_of, scheduled

RULE = rule("one_step", agents=["role:antineoplastic"])
BLOCK, ORDER = "interim-maintenance", "methotrexate"


def told(plan):
    return [(one.days, one.arithmetic) for one in evaluate(plan, library()).findings if one.rule == "ST-17"]


def partly(plan, day, dose):
    event = next(
        one
        for one in scheduled(plan).events
        if (one.placed.block.id, one.placed.order.id, one.cycle_day) == (BLOCK, ORDER, day)
    )
    record = GivenRecord(BLOCK, 1, day, ORDER, 0, Given.PARTLY, event.date, dose, "mg", "A", "toxicity")
    return record_given(plan, scheduled(plan), record, date(2030, 1, 1))


@pytest.mark.parametrize("day", [11, 21, 31])
def test_the_course_does_not_go_on_past_a_step_that_was_left_out(day):
    plan = plan_of("calgb-10403")
    assert told(plan) == []
    left_out = editing.omit(plan, scheduled(plan), Omission(BLOCK, 1, day, ORDER, "toxicity", "", 3))
    assert len(told(left_out)) == 1


@pytest.mark.parametrize("day", [1, 11, 21, 31])
def test_the_course_does_not_go_on_past_a_step_that_another_drug_stands_in_for(day):
    plan = plan_of("calgb-10403")
    change = Replacement(BLOCK, 1, day, ORDER, Scope.DAY, "cytarabine", "toxicity", dose="75 mg/m2")
    assert len(told(replace_agent(plan, scheduled(plan), library().agents, change))) == 1


def test_a_smaller_step_is_gone_on_from():
    plan = plan_of("calgb-10403")
    less = reduce(plan, scheduled(plan), DoseChange(BLOCK, 1, 11, ORDER, Scope.DAY, "toxicity", percent=60))
    assert len(told(less)) == 1
    lower = reduce(plan, scheduled(plan), DoseChange(BLOCK, 1, 11, ORDER, Scope.CYCLE, "toxicity", percent=80))
    assert told(lower) == []


def test_what_was_given_counts_and_not_what_was_planned():
    plan = plan_of("calgb-10403")
    ((days, arithmetic),) = told(partly(plan, 1, Decimal(100)))
    assert len(days) == 2
    assert arithmetic.endswith(" mg")


def test_a_dose_that_nobody_knows_is_held_against_none():
    plan = plan_of("calgb-10403")
    unmeasured = replace(plan, patient=replace(plan.patient, measurements=()))
    assert told(editing.omit(unmeasured, scheduled(plan), Omission(BLOCK, 1, 11, ORDER, "toxicity"))) == []
    assert find(rule("one_step", agents=["class:vinca"]), "1 methotrexate 9 mg IV raised=5 state=omitted") == ()


def test_protocols_that_the_rule_leaves_out():
    steps = ("1 methotrexate 100 mg/m2 IV raised=50 state=omitted", "11 methotrexate 150 mg/m2 IV raised=50")
    assert len(find(RULE, *steps)) == 1
    assert find(rule("one_step", agents=["any"], protocols=["not example"]), *steps) == ()
    assert find(RULE, steps[0]) == ()


def test_a_course_of_one_dose_has_no_step_to_rise_by():
    assert find(RULE, "1 methotrexate 100 mg/m2 IV raised=50") == ()
