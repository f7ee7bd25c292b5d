"""rescue_series: days of a rescue of which less is left than was laid out, on whole courses."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from planner.model.patient import LabResult
from planner.model.plan import Addition, DoseChange, Given, GivenRecord, Hold, Omission, Replacement, Scope, Stop
from planner.services.evaluation import evaluate
from planner.services.verbs import editing, pausing
from planner.services.verbs.recording import record_given
from planner.services.verbs.redosing import reduce, replace_agent
from tests.checking.judging import find, rule
from tests.golden.cases import library
from tests.services.courses_at_hand import plan_of, scheduled

RULE = rule(
    "rescue_series",
    agents=["methotrexate IV"],
    needs=["class:folinate"],
    result="methotrexate-level",
    below=Decimal("0.05"),
)
BLOCK, ORDER = "part-b", "leucovorin-next"
DOSE = "1 09:00 methotrexate 1000 mg/m2 IV"


def told(plan):
    return [(one.severity, one.arithmetic) for one in evaluate(plan, library()).findings if one.rule == "MT-19"]


def on(plan, day):
    """The date of a day of the rescue, as a finding writes it."""
    return next(
        one.date
        for one in scheduled(plan).events
        if (one.placed.block.id, one.placed.order.id, one.cycle_day) == (BLOCK, ORDER, day)
    )


def omitted(plan, day=3, order=ORDER):
    return editing.omit(plan, scheduled(plan), Omission(BLOCK, 2, day, order, "capacity", ""))


def added(plan, dose, times=4):
    return replace(
        plan,
        modifications=(
            *plan.modifications,
            Addition(BLOCK, 2, "lv", "leucovorin", "rescue", "PO", (3,), "other", dose=dose, doses_per_day=times),
        ),
    )


def test_a_day_of_the_rescue_that_is_left_out_is_told_and_as_laid_out_nothing_is():
    plan = plan_of("hyper-cvad")
    assert told(plan) == []
    ((severity, sum_done),) = told(omitted(plan))
    assert severity == "contraindicated"
    assert "0 of 4 doses" in sum_done


def test_a_day_at_a_tenth_of_its_rescue_is_told_by_its_amounts():
    plan = plan_of("hyper-cvad")
    change = DoseChange(BLOCK, 2, 3, ORDER, Scope.DAY, "capacity", percent=10)
    ((severity, sum_done),) = told(reduce(plan, scheduled(plan), change))
    assert severity == "contraindicated"
    assert "6 mg of 60 mg" in sum_done


def test_one_dose_given_in_part_is_a_warning():
    plan = plan_of("hyper-cvad")
    record = GivenRecord(BLOCK, 2, 3, ORDER, 0, Given.PARTLY, on(plan, 3), Decimal(5), "mg", "A", "other")
    ((severity, sum_done),) = told(record_given(plan, scheduled(plan), record, date(2030, 1, 1)))
    assert severity == "warning"
    assert "50 mg of 60 mg" in sum_done


@pytest.mark.parametrize(
    "change",
    [
        lambda plan: pausing.hold(plan, scheduled(plan), Hold(BLOCK, 2, 3, "capacity", order=ORDER)),
        lambda plan: pausing.stop(plan, scheduled(plan), Stop(BLOCK, 2, 3, Scope.CYCLE, "capacity", order=ORDER)),
    ],
)
def test_what_is_on_hold_or_stopped_is_missing_on_each_of_its_days(change):
    ((_, sum_done),) = told(change(plan_of("hyper-cvad")))
    assert sum_done.count("0 of 4 doses") == 2


def test_another_order_makes_up_for_what_is_left_out_and_only_with_enough_in_it():
    plan = plan_of("hyper-cvad")
    assert told(omitted(added(plan, "15 mg"))) == []
    assert "3 of 4 doses" in told(omitted(added(plan, "15 mg", 3)))[0][1]
    assert "20 mg of 60 mg" in told(omitted(added(plan, "5 mg")))[0][1]


LV_ADDED = Addition(BLOCK, 2, "lv", "levoleucovorin", "rescue", "IV", (3,), "other", dose="7.5 mg", doses_per_day=4)


def test_another_order_of_levoleucovorin_counts_twice():
    plan = plan_of("hyper-cvad")
    enough, less, fewer = (
        replace(plan, modifications=(*plan.modifications, replace(LV_ADDED, **change)))
        for change in ({}, {"dose": "3 mg"}, {"doses_per_day": 3})
    )
    assert told(omitted(enough)) == []
    ((severity, sum_done),) = told(omitted(less))
    assert severity == "contraindicated"
    assert "24 mg counted as Leucovorin of 60 mg" in sum_done
    assert "3 of 4 doses" in told(omitted(fewer))[0][1]


def test_without_factors_only_the_number_of_doses_of_another_drug_counts():
    lines = DOSE, "2 leucovorin 15 mg IV state=omitted", "2 levoleucovorin 1 mg IV block=b"
    assert find(RULE, *lines) == ()


def test_another_folinate_in_its_place_is_counted_and_its_amount_not_compared():
    plan = plan_of("hyper-cvad")
    change = Replacement(BLOCK, 2, 3, ORDER, Scope.CYCLE, "levoleucovorin", "other", dose="7.5 mg")
    assert told(replace_agent(plan, scheduled(plan), library().agents, change)) == []


def test_a_rescue_that_people_added_is_what_was_laid_out_where_the_protocol_has_none():
    found = find(RULE, DOSE, "2 leucovorin 15 mg IV", "3 leucovorin 15 mg IV state=omitted")
    assert [one.severity for one in found] == ["contraindicated"]


def test_a_level_since_the_dose_that_is_low_ends_the_rescue():
    plan = omitted(plan_of("hyper-cvad"))
    low = LabResult(on(plan, 4) - timedelta(days=1), "methotrexate-level", Decimal("0.04"), "umol/L")
    before = replace(low, date=date(2026, 1, 1))
    assert told(replace(plan, patient=replace(plan.patient, labs=(*plan.patient.labs, low)))) == []
    assert len(told(replace(plan, patient=replace(plan.patient, labs=(*plan.patient.labs, before))))) == 1


def test_a_dose_nobody_entered_is_counted_and_not_compared():
    assert find(RULE, DOSE, "2 leucovorin ? IV role=rescue") == ()
    assert len(find(RULE, DOSE, "2 leucovorin ? IV role=rescue state=omitted")) == 1


def test_doses_long_after_are_no_part_of_the_rescue():
    assert find(RULE, DOSE, "12 leucovorin 15 mg IV role=rescue state=omitted") == ()
    assert len(find(RULE, DOSE, "11 leucovorin 15 mg IV role=rescue state=omitted")) == 1


def test_the_doses_of_another_folinate_are_counted_beside_those_left_out():
    plan = plan_of("hyper-cvad")
    change = Replacement(BLOCK, 2, 4, ORDER, Scope.DAY, "levoleucovorin", "other", dose="1 mg")
    ((_, sum_done),) = told(omitted(replace_agent(plan, scheduled(plan), library().agents, change)))
    assert sum_done.count(";") == 1  # the day that is left out, and the bound
    assert "0 of 4 doses" in sum_done
