"""Take an input away and the rule says that it cannot check; it never passes in silence (promise C10)."""

import pytest
from msgspec.structs import replace

from planner.checking.check import check
from planner.model.finding import FindingStatus
from planner.model.rule_values import Limit
from tests.builders import example_plan, example_schedule
from tests.checking.shipped import library, rules

ASKED_OF_DOSES = ("dose_limit", "cumulative_dose")


def _statuses(rule, example):
    plan = example_plan(example)
    found, _ = check(plan, example_schedule(example.events, plan.patient), [rule], library().agents)
    return {one.status for one in found}


def _doses_taken_away():
    for rule in rules().values():
        for number, example in enumerate(rule.examples):
            if rule.kind in ASKED_OF_DOSES and example.finds and not example.prior:
                yield rule.id, number


@pytest.mark.parametrize(("rule_id", "number"), list(_doses_taken_away()))
def test_without_doses(rule_id, number):
    rule = rules()[rule_id]
    example = rule.examples[number]
    lines = tuple(" ".join((line.split()[0], *_without_dose(line.split()[1:]))) for line in example.events)
    assert _statuses(rule, replace(example, events=lines)) == {FindingStatus.CANNOT_CHECK}


def _without_dose(words):
    clock = [words.pop(0)] if ":" in words[0] else []
    return [*clock, words[0], "?", *words[-1 - sum("=" in word for word in words) :]]


def _facts_asked_for(rule):
    clauses = list(rule.when.clauses)
    for value in rule.parameters.values():
        limits = value if isinstance(value, tuple) else ()
        clauses += [clause for limit in limits if isinstance(limit, Limit) for clause in limit.when.clauses]
        clauses += list(getattr(value, "clauses", ()))
    return {clause.subject for clause in clauses} - {"age", "weight"}


def _named(pairs):
    """The facts of an example: "platelets day 7" is about platelets."""
    return {key.partition(" day ")[0] for key, _ in pairs}


def _cleared_by(rule):
    """Facts that tell by themselves that nothing is asked: a total bilirubin clears the direct one (VC-09)."""
    return {clause.subject for clause in getattr(rule.parameters.get("clears"), "clauses", ())}


def _facts_taken_away():
    for rule in rules().values():
        if "passes" in (rule.unrecorded, rule.parameters.get("unrecorded")):
            continue  # an event that nobody recorded did not happen
        for number, example in enumerate(rule.examples):
            clearing, known = _cleared_by(rule), _named(example.patient)
            for fact in sorted(_facts_asked_for(rule) & known):
                if clearing and fact not in clearing and clearing <= known:
                    continue
                if example.finds and _statuses(rule, example) == {FindingStatus.OPEN}:
                    yield rule.id, number, fact


@pytest.mark.parametrize(("rule_id", "number", "fact"), list(_facts_taken_away()))
def test_without_a_fact(rule_id, number, fact):
    """Another fact may be enough to find it; but it never passes."""
    rule = rules()[rule_id]
    example = rule.examples[number]
    without = tuple(pair for pair in example.patient if pair[0].partition(" day ")[0] != fact)
    left = _statuses(rule, replace(example, patient=without))
    if len(_facts_asked_for(rule)) == 1:
        assert left == {FindingStatus.CANNOT_CHECK}
    else:
        assert left in ({FindingStatus.CANNOT_CHECK}, {FindingStatus.OPEN})


@pytest.mark.parametrize("rule_id", ["GE-02", "BL-03", "BL-04", "AS-02", "VC-07", "AN-01"])
def test_without_height_and_weight(rule_id):
    rule = rules()[rule_id]
    events = {
        "GE-02": "1 daunorubicin 25 mg/m2 IV",
        "BL-03": "1 blinatumomab 28 mcg/day IV protocol=blinatumomab-mrd",
        "BL-04": "1 blinatumomab 15 mcg/m2/day IV",
        "AS-02": "1 pegaspargase 2000 units/m2 IV",
        "VC-07": "1 vincristine 2 mg IV",
        "AN-01": "1 doxorubicin 25 mg/m2 IV",
    }
    example = replace(rule.examples[0], events=(events[rule_id],), patient=(("weight", ""),), prior=())
    assert _statuses(rule, example) == {FindingStatus.CANNOT_CHECK}
