"""Every shipped rule proves itself: it speaks about the cases its file says it must, and about no near miss."""

import pytest

from planner.checking.check import CHECKS, check
from planner.content.rule_file import read_rule
from planner.model.finding import FindingStatus
from planner.model.rule_kinds import KINDS
from planner.paths import resources
from tests.builders import example_plan, example_schedule
from tests.checking.shipped import library, rules

FILES = sorted((resources() / "rules").rglob("*.toml"))
CASES = [(rule.id, number) for rule in rules().values() for number in range(len(rule.examples))]


def _judge(rule_id, number):
    rule = rules()[rule_id]
    example = rule.examples[number]
    plan = example_plan(example)
    findings, _ = check(plan, example_schedule(example.events, plan.patient), [rule], library().agents)
    return example, findings


@pytest.mark.parametrize(("rule_id", "number"), CASES)
def test_example(rule_id, number):
    example, findings = _judge(rule_id, number)
    assert len(findings) == example.finds, (example.title, [finding.message for finding in findings])


@pytest.mark.parametrize(("rule_id", "number"), CASES)
def test_each_finding_is_whole(rule_id, number):
    for finding in _judge(rule_id, number)[1]:
        lacks = [
            name
            for name in ("message", "statement", "source", "evidence", "advice", "inputs", "basis", "title")
            if not getattr(finding, name)
        ]
        assert not lacks, finding
        if finding.status is FindingStatus.CANNOT_CHECK:
            assert dict(finding.inputs)["missing"]
        elif finding.rule != "ST-03":
            assert finding.arithmetic, finding
        assert all(name and text for name, text in finding.inputs), finding.inputs
        assert len(dict(finding.inputs)) == len(finding.inputs), finding.inputs


@pytest.mark.parametrize("rule_id", rules())
def test_each_rule_has_a_case_and_a_near_miss(rule_id):
    rule = rules()[rule_id]
    assert any(example.finds for example in rule.examples)
    assert rule.site_setting or any(not example.finds for example in rule.examples)
    assert all(example.title for example in rule.examples)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_file_is_read_without_a_problem(path):
    rule, problems = read_rule(path.read_text(encoding="utf-8"), path.name, library().agents)
    assert [str(problem) for problem in problems] == []
    assert rule.id == path.stem
    says_so = "no lasting public address" in rule.reference
    assert rule.url or says_so or rule.evidence.needs_confirmation or rule.evidence == "trial"


FOR_SITES = {"maximum_interval", "dose_sum", "weekdays", "cycle_interval", "cycles_in_order"}
"""Kinds for a site's own rules, which no row of the catalogue needs; `tests/checking/kinds` tries each of them."""


def test_every_kind_is_used_and_has_its_function():
    assert set(CHECKS) == set(KINDS)
    assert {rule.kind for rule in rules().values()} == set(KINDS) - FOR_SITES
    assert len(rules()) >= 60
