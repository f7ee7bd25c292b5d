"""Fixes over the shipped rules' own broken examples, each as a plan: what is offered ends its finding, and says so."""

from collections import Counter

import pytest
from msgspec.structs import replace

from planner.model.finding import SEVERITIES, FindingStatus
from planner.services import evaluation, fixing
from planner.services.evaluation import evaluate
from tests.checking.shipped import library, rules
from tests.example_courses import plan_of_example

BROKEN = [
    (rule.id, number) for rule in rules().values() for number, example in enumerate(rule.examples) if example.finds
]
FIXED_AT_LEAST = {
    "minimum_interval": 20,
    "not_within": 15,
    "same_day": 2,
    "dose_limit": 9,
    "reduced_dose": 12,
    "companion": 16,
    "cover_span": 17,
    "facts_recorded": 2,
    "cycle_count": 5,
    "after_event": 11,
    "cycle_shape": 4,
    "duplicate": 1,
    "window_after": 7,
    "barred_days": 1,
    "cumulative_dose": 10,
    "interaction": 2,
}
"""Broken examples of each kind for which at least one fix is offered."""


@pytest.fixture
def shown_of(monkeypatch):
    """An example as an evaluated plan, judged by its own rule alone or by all; None where a plan cannot say it."""

    def show(rule_id, number, *, alone):
        made = plan_of_example(rules()[rule_id].examples[number])
        if made is None:
            return None, None
        plan, protocols = made
        monkeypatch.setattr(evaluation, "pinned_protocol", protocols.__getitem__)
        known = replace(library(), rules=(rules()[rule_id],)) if alone else library()
        return evaluate(plan, known), known

    return show


@pytest.mark.parametrize("kind", sorted({rule.kind for rule in rules().values()}))
def test_every_offered_fix_ends_its_finding(shown_of, kind):
    fixed = 0
    for rule_id, number in BROKEN:
        if rules()[rule_id].kind != kind:
            continue
        shown, known = shown_of(rule_id, number, alone=True)
        if shown is None:
            continue
        some = 0
        for finding in shown.findings:
            for fix in fixing.offered_fixes(shown, finding.id, known):
                some = 1
                _is_as_told(shown, finding, fix, known)
        fixed += some
    assert fixed >= FIXED_AT_LEAST.get(kind, 0)


def _is_as_told(shown, finding, fix, known):
    seen = fixing.preview(shown, fix, known)
    after = evaluate(fixing.apply(shown.plan, shown.schedule, fix, known.agents), known)
    names, before = {one.id for one in after.findings}, {one.id for one in shown.findings}
    assert finding.id not in names, (finding.id, fix)
    assert {one.id for one in seen.gone} == before - names, (finding.id, fix)
    assert {one.id for one in seen.appeared} == names - before, (finding.id, fix)
    assert seen.events or fix.medicines, (finding.id, fix)
    if fix.medicines:
        assert set(fix.medicines) <= set(
            fixing.apply(shown.plan, shown.schedule, fix, known.agents).patient.co_medications
        )
    assert fix.title, fix


def _grave(shown):
    return Counter(
        {
            one.id: one.count
            for one in shown.findings
            if one.severity == SEVERITIES[0] and one.status is not FindingStatus.ACKNOWLEDGED
        }
    )


@pytest.mark.slow
@pytest.mark.parametrize(("rule_id", "number"), BROKEN)
def test_no_fix_brings_what_is_graver(shown_of, rule_id, number):
    shown, known = shown_of(rule_id, number, alone=False)
    if shown is None:
        return
    for finding in shown.findings:
        if finding.rule == rule_id:
            for fix in fixing.offered_fixes(shown, finding.id, known):
                _is_as_told(shown, finding, fix, known)
                after = evaluate(fixing.apply(shown.plan, shown.schedule, fix, known.agents), known)
                assert not _grave(after) - _grave(shown), fix
