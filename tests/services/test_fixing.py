"""Every fix that is offered does what it says: its finding goes, nothing of the gravest severity comes."""

from datetime import timedelta

import pytest

from planner.errors import Refusal
from planner.model.finding import SEVERITIES, FindingStatus
from planner.model.plan import Plan
from planner.services import fixing
from planner.services.evaluation import evaluate
from planner.services.verbs import placing
from tests.builders import DAY_ONE, example_patient
from tests.golden.cases import library

PATIENT = example_patient((("cd19", "positive"), ("ph", "negative")))
COURSES = (
    ("leukapheresis 20", "hyper-cvad 0"),
    ("blinatumomab-mrd 0", "hyper-cvad 30"),
    ("calgb-10403 0", "pomp 20"),
)

ENOUGH = 6
"""Fixes tried of one course; the long series of findings behind them take long and show nothing more."""


def _plan(course) -> Plan:
    plan = placing.new_plan("p", PATIENT)
    for step in course:
        protocol, day = step.split()
        start = placing.start_on(DAY_ONE + timedelta(int(day)))
        plan = placing.add_protocol(plan, library().protocols[protocol], start)
    return plan


def _grave(shown):
    return {
        one.id: one.count
        for one in shown.findings
        if one.severity == SEVERITIES[0] and one.status is not FindingStatus.ACKNOWLEDGED
    }


@pytest.fixture(params=COURSES, ids=lambda course: course[1].split()[0])
def shown(request):
    return evaluate(_plan(request.param), library())


def test_every_offered_fix_ends_its_finding_and_brings_no_grave_one(shown):
    offered = 0
    for finding in sorted(shown.findings, key=lambda one: one.count):
        if offered >= ENOUGH:
            break
        for fix in fixing.offered_fixes(shown, finding.id, library()):
            offered += 1
            seen = fixing.preview(shown, fix, library())
            after = evaluate(fixing.apply(shown.plan, shown.schedule, fix, library().agents), library())
            assert finding.id not in {one.id for one in after.findings}, fix
            assert finding.id in {one.id for one in seen.gone}
            assert all(count <= _grave(shown).get(name, 0) for name, count in _grave(after).items()), fix
            assert seen.events or fix.medicines
            assert {one.id for one in seen.appeared} == {one.id for one in after.findings} - {
                one.id for one in shown.findings
            }
    assert offered


def _interval():
    """Induction with a course of POMP begun in the middle of it: vincristine comes twice within a week."""
    shown = evaluate(_plan(COURSES[2]), library())
    return shown, next(one for one in shown.findings if one.id == "VC-05:induction/vincristine")


def test_the_least_move_is_offered_by_its_name():
    shown, finding = _interval()
    titles = {fix.id: fix.title for fix in fixing.offered_fixes(shown, finding.id, library())}
    assert titles["move-block:first-year:+1"] == "Move POMP 1 to 12 by +1 day, to start on Thu 22-Jan-2026"
    assert titles["move-block:induction:-1"] == "Move Induction by −1 day, to start on Wed 31-Dec-2025"
    assert (
        titles["move-day:induction:1:22:+6"]
        == "Postpone Vincristine C1 D22, with all that is given on that day, to Wed 28-Jan-2026"
    )


def test_one_day_less_would_not_do():
    shown, finding = _interval()
    fix = fixing.find_fix(shown, finding.id, "move-block:induction:+6", library())
    (move,) = fix.moves
    for days in range(1, move.days):
        short = fixing.preview(shown, fixing.Fix("x", "x", moves=(type(move)(move.block, days),)), library())
        assert finding.id not in {one.id for one in short.gone}


def test_fixes_stand_in_the_findings_only_where_asked_for():
    shown = evaluate(_plan(COURSES[0]), library())
    finding = next(one for one in shown.findings if one.rule == "CT-12")
    assert not any(one.fixes for one in shown.findings)
    full = fixing.with_fixes(shown, library())
    assert [fix.id for one in full.findings if one.id == finding.id for fix in one.fixes] == [
        fix.id for fix in fixing.offered_fixes(shown, finding.id, library())
    ]


def test_unknown_findings_and_fixes_are_refused():
    shown, finding = _interval()
    with pytest.raises(Refusal, match="the plan has no finding XX-01"):
        fixing.offered_fixes(shown, "XX-01", library())
    with pytest.raises(Refusal, match=r"has no fix nonsense; offered are move-day:induction:1:22:\+6, "):
        fixing.find_fix(shown, finding.id, "nonsense", library())
