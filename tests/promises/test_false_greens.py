"""Promise C10: a fact is taken away and no rule turns green for it; each finding says all that it rests on."""

import pytest
from msgspec.structs import replace

from planner.checking.check import check
from planner.model.finding import FindingStatus
from planner.model.results import RESULTS
from tests.builders import example_plan, example_schedule
from tests.checking.shipped import library, rules

NOT_ASKED = "passes"
"""A rule may say that an event nobody recorded did not happen."""
OF_WHAT_HAPPENED = ("after_event", "after_level")
"""Kinds that begin with a recorded event or level: none recorded means that none happened, or not yet."""
TOLD_BY_THE_DOSE = ("dosing_weight",)
"""Without a weight there is no dose to judge, and the dose itself says what it lacks."""
ALWAYS_KNOWN = ("age", "sex", "height")
"""Facts that every patient of an example has unless it says otherwise."""


def statuses(rule, example):
    plan = example_plan(example)
    found, _ = check(plan, example_schedule(example.events, plan.patient), [rule], library().agents)
    return {one.status for one in found}


def fact_of(pair):
    return pair[0].partition(" day ")[0]


def with_values(example, fact, value):
    return replace(
        example, patient=tuple((one[0], value if fact_of(one) == fact else one[1]) for one in example.patient)
    )


def values_of(rule, fact):
    pairs = (pair for one in rule.examples for pair in one.patient)
    return {pair[1].removesuffix(" stays") for pair in pairs if fact_of(pair) == fact and pair[1]}


def greens_that_rest_on_a_fact():
    """Examples in which a rule is silent, but speaks where the fact has another of the values its examples give."""
    for rule in rules().values():
        passes = NOT_ASKED in (rule.unrecorded, rule.parameters.get("unrecorded"))
        if passes or rule.kind in (*OF_WHAT_HAPPENED, *TOLD_BY_THE_DOSE):
            continue
        for number, example in enumerate(rule.examples):
            if example.finds:
                continue
            for fact in sorted({fact_of(pair) for pair in example.patient} - set(ALWAYS_KNOWN)):
                others = values_of(rule, fact)
                if any(FindingStatus.OPEN in statuses(rule, with_values(example, fact, value)) for value in others):
                    yield rule.id, number, fact


CASES = list(greens_that_rest_on_a_fact())


def test_there_are_many():
    assert len(CASES) > 40


@pytest.mark.parametrize(("rule_id", "number", "fact"), CASES)
def test_without_the_fact_it_is_no_longer_green(rule_id, number, fact):
    rule = rules()[rule_id]
    example = rule.examples[number]
    kept = tuple(pair for pair in example.patient if fact_of(pair) != fact)
    if fact == "weight":
        kept = (*kept, (fact, ""))
    left = statuses(rule, replace(example, patient=kept))
    assert left & {FindingStatus.CANNOT_CHECK, FindingStatus.OPEN}, (rule_id, example.title, fact)


NO_AGE = {
    "GE-10": "asks with which creatinine the clearance is computed, not how the kidney is",
    "AN-04c": "compares two doses; which ratio goes with the kidney is told by the newest clearance there is",
    "BL-14": "is asked once, on the first day of the plan",
    "CT-07": "that the marrow is new is asked by CT-06",
    "CT-08": "the kidney itself is asked by CT-09",
    "MP-08": "is about the dose to begin with, which the counts steer then",
    "MT-26": "leaves a clearance below 30 mL/min to MT-25, whatever its age",
    "TK-30": "is a limit of a day's dose, which goes by the newest clearance there is",
    "TK-08": "a molecular response is measured in months",
}
"""Rules to which an old result is as good as a new one, by the reason."""


@pytest.mark.parametrize(("rule_id", "number", "fact"), [case for case in CASES if case[2] in RESULTS])
def test_where_a_result_is_old_it_is_no_longer_green(rule_id, number, fact):
    rule = rules()[rule_id]
    example = rule.examples[number]
    aged = tuple((f"{fact} day -60", one[1]) if fact_of(one) == fact else one for one in example.patient)
    left = statuses(rule, replace(example, patient=aged))
    assert left & {FindingStatus.CANNOT_CHECK, FindingStatus.OPEN} or rule_id in NO_AGE, (rule_id, example.title, fact)
