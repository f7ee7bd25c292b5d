"""Rules broken one at a time: a changed threshold is noticed, and a broken plan wakes no other top-tier rule."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from msgspec.structs import replace

from planner.checking.check import check
from planner.model.finding import FindingStatus
from planner.model.rule import SequencingRule
from planner.model.rule_kinds import KINDS
from planner.model.rule_values import Duration, Limit
from tests.builders import example_plan, example_schedule
from tests.checking.shipped import library, rules

EXPECTED = {
    "minimum_interval": {"at_least"},
    "not_within": {"before", "after"},
    "cycle_count": {"at_most_in"},
    "companion": {"earliest"},
    "dose_limit": {"at_most", "at_least", "contraindicated_above"},
    "order_of_agents": {"gap"},
    "cumulative_dose": {"limit"},
    "cover_span": {"max_gap_days"},
    "weight_change": {"percent"},
    "assessment_before_decision": {"within_days"},
}
"""The thresholds of each kind that some shipped rule's examples must hold on at least one side."""


ALSO = {
    "NE-04": {"VX-01"},  # a live vaccine beside nelarabine is one beside chemotherapy
    "GC-03": {"GC-01"},  # the side before chemotherapy of the two sides
    "MT-09": {"MT-08"},  # the days around, and the day itself
    "AN-09": {"AN-01"},  # past the agent's own limit is past the limit of all anthracyclines
    "AN-09b": {"AN-01"},
    "AN-09c": {"AN-01"},
}
"""Rules of the top tier that a broken plan of another rule rightly wakes too."""


def _findings(rule: SequencingRule, number: int):
    example = rule.examples[number]
    plan = example_plan(example)
    return check(plan, example_schedule(example.events, plan.patient), [rule], library().agents)[0]


def _told(rule: SequencingRule):
    return [[(one.id, one.status, one.count) for one in _findings(rule, at)] for at in range(len(rule.examples))]


def _mutants(rule: SequencingRule) -> Iterator[tuple[str, SequencingRule]]:
    for name, value in rule.parameters.items():
        for sign in (-1, 1):
            changed = _changed(value, sign)
            if changed is not None:
                yield name, replace(rule, parameters={**rule.parameters, name: changed})


def _changed(value, sign):
    if isinstance(value, Duration):
        step = 24 * 60 if value.in_days else 60
        return value._replace(minutes=value.minutes + sign * step)
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        return max(value + sign, 0)
    if isinstance(value, tuple) and value and isinstance(value[0], Limit):
        return tuple(limit._replace(value=limit.value + sign * max(limit.value / 10, 1)) for limit in value)
    if isinstance(value, tuple) and value and type(value[0]) is tuple:
        return tuple((key, number + sign) for key, number in value)
    return None


@pytest.mark.parametrize("kind", EXPECTED)
def test_a_shifted_threshold_is_noticed_by_the_rules_own_examples(kind):
    assert kind in KINDS
    noticed = {
        name
        for rule in rules().values()
        if rule.kind == kind
        for name, mutant in _mutants(rule)
        if _told(mutant) != _told(rule)
    }
    assert EXPECTED[kind] <= noticed


@pytest.mark.parametrize("rule_id", [rule.id for rule in rules().values() if rule.examples])
def test_a_broken_plan_is_found_by_its_rule_and_no_other_of_the_top_tier(rule_id):
    every = list(rules().values())
    for example in rules()[rule_id].examples:
        if not example.finds:
            continue
        plan = example_plan(example)
        found, _ = check(plan, example_schedule(example.events, plan.patient), every, library().agents)
        assert sum(one.rule == rule_id for one in found) == example.finds
        top = {one.rule for one in found if one.severity == "contraindicated" and one.status is FindingStatus.OPEN}
        assert top <= {rule_id} | ALSO.get(rule_id, set()), example.title


@pytest.mark.parametrize("rule_id", rules())
def test_a_near_miss_wakes_no_rule_of_the_top_tier(rule_id):
    every = list(rules().values())
    for example in rules()[rule_id].examples:
        if not example.finds:
            plan = example_plan(example)
            found, _ = check(plan, example_schedule(example.events, plan.patient), every, library().agents)
            assert not [
                one.message for one in found if one.severity == "contraindicated" and one.status is FindingStatus.OPEN
            ], example.title
