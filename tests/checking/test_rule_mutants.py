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
    "minimum_interval": {"at_least", "new_cycle_after_days"},
    "not_within": {"before", "after"},
    "cycle_count": {"at_most", "at_most_in", "lower_limit", "contraindicated_above", "new_cycle_after_days"},
    "companion": {"earliest", "latest", "late_until"},
    "dose_limit": {"at_most", "at_most_per_kg", "at_least", "contraindicated_above"},
    "order_of_agents": {"gap"},
    "cumulative_dose": {"limit"},
    "cover_span": {"max_gap_days", "ahead", "beyond", "from_days"},
    "patient_state": {"within_days"},
    "recovery_gate": {"within_days"},
    "reduced_dose": {"to_percent", "steps", "at_most_per_m2", "wait_days"},
    "needs_from_sum": {"from_per_m2"},
    "steady_dose": {"at_least_days"},
    "after_level": {"levels"},
    "dose_rounding": {"percent"},
    "dose_ratio": {"ratio"},
    "weight_change": {"percent"},
    "window_after": {"at_least", "at_most", "moved_at_most"},
    "cycle_shape": {"new_cycle_after_days"},
    "interruption": {"gap_from", "gap_to", "days_in_all"},
    "after_event": {
        "from_grade",
        "to_grade",
        "times",
        "days",
        "at_most",
        "at_most_per_m2",
        "settles_within_days",
        "settled_at",
    },
    "after_hold": {"from_grade", "stop_from_grade", "stop_after_days", "days", "at_most", "at_most_per_m2"},
    "assessment_before_decision": {"within_days"},
    "minimum_age": {"months"},
    "weight_band": {"from_kg"},
}
"""The thresholds of each kind that some shipped rule's examples must hold on at least one side."""


ALSO = {
    "NE-04": {"VX-01"},  # a live vaccine beside nelarabine is one beside chemotherapy
    "GC-03": {"GC-01"},  # the side before chemotherapy of the two sides
    "MT-05": {"MT-19"},  # a rescue on hold is one that is missing on its days
    "MT-06": {"MT-19"},
    "MT-09": {"MT-08"},  # the days around, and the day itself
    "AN-09": {"AN-01"},  # past the agent's own limit is past the limit of all anthracyclines
    "AN-09b": {"AN-01"},
    "AN-09c": {"AN-01"},
    "GE-26": {"AN-14"},  # daunorubicin into the spinal canal is one not into a vein
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


COURSE = ("BL-", "IO-", "CT-", "BU-", "HS-", "CY-03", "CY-04", "CY-05", "CY-06", "CY-07")
"""Rules on immunotherapy, cells and transplant."""
LOOSE = {
    "the end of the window is the dose itself": {
        ("BL-06", "latest"),
        ("BL-07", "earliest"),
        ("BL-07", "latest"),
        ("BL-08", "latest"),
        ("BL-14", "latest"),
        ("CT-06", "latest"),
        ("IO-07", "latest"),
    },
    "it is named in the message, and finds nothing": {("CY-03B", "nearest_within_days")},
    "nothing is asked on that side": {
        ("BL-17", "after"),
        ("CT-24", "before"),
        ("HS-04", "before"),
        ("HS-06", "before"),
    },
    "a second dose so late is one of CT-04": {
        ("CT-05", "within_days"),
        ("CT-05B", "within_days"),
        ("CT-05C", "within_days"),
    },
    "a result of grade 1 is an event of its own": {
        ("CT-22", "resolved_at"),
        ("HS-03", "resolved_at"),
        ("HS-03B", "resolved_at"),
        ("HS-04C", "resolved_at"),
    },
    "no source gives a number": {("CT-08", "ahead_days")},
    "only offered as a fix": {("CT-29", "every_days"), ("IO-12B", "every_days")},
}
"""Thresholds that no case of their rule has to hold, by the reason."""


@pytest.mark.parametrize(
    "rule_id", [rule.id for rule in rules().values() if rule.id.startswith(COURSE) and not rule.site_setting]
)
def test_every_threshold_of_a_rule_is_held_by_its_own_cases(rule_id):
    rule = rules()[rule_id]
    names = {name for name, _ in _mutants(rule)}
    noticed = {name for name, mutant in _mutants(rule) if _told(mutant) != _told(rule)}
    assert names - noticed == {name for pairs in LOOSE.values() for one, name in pairs if one == rule_id}


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
