"""The plan as it was handed out last is found again, so that a new issue marks what changed and nothing else."""

from datetime import datetime
from functools import partial

import pytest
from msgspec.structs import replace

from planner.model.signing import Issue
from planner.paths import resources
from planner.services import dosed_as
from planner.services.catalogue import load_for_plans
from planner.services.demo import demo_plan
from planner.services.evaluation import evaluate
from planner.services.printing import Around, make_sheet
from planner.services.release import version_code
from planner.services.store.archive import Archive
from planner.services.store.issued import issue_before
from planner.services.verbs import editing
from tests.storage.plans import AT


def _issued(plan, sheet="calendar", at=AT):
    return replace(plan, issues=(*plan.issues, Issue(sheet, len(plan.issues) + 1, version_code(plan), "Ph. One", at)))


def plan_as_issued(archive, plan, sheet):
    states = (partial(archive.load, plan.id, one.counter) for one in reversed(archive.history(plan.id)))
    return issue_before(plan, sheet, states)


@pytest.fixture
def archive(tmp_path):
    with Archive.open(tmp_path) as made:
        yield made


def test_state_of_the_issue_is_found_whatever_came_after(archive):
    plan = demo_plan(resources())
    archive.save(plan, "New plan", "w", "2026-11-20T08:00:00+01:00")
    handed = _issued(plan)
    archive.save(handed, "Issue", "w", AT)
    block = plan.blocks[0].id
    moved = editing.move_block(handed, block, 3)
    archive.save(moved, "Move", "w", "2026-11-28T11:00:00+01:00")
    assert plan_as_issued(archive, moved, "calendar") == handed
    assert plan_as_issued(archive, moved, "roadmap") is None
    assert plan_as_issued(archive, handed, "calendar") is None
    again = _issued(moved, at="2026-11-28T12:00:00+01:00")
    assert plan_as_issued(archive, again, "calendar") == handed


def test_an_issue_whose_state_is_not_there_marks_nothing(archive):
    plan = demo_plan(resources())
    archive.save(plan, "New plan", "w", AT)
    ghost = replace(plan, issues=(Issue("calendar", 1, "00000000", "Ph. One", "no moment"),))
    assert plan_as_issued(archive, ghost, "calendar") is None


def test_marks_on_the_sheet_are_the_differences(archive):
    library = load_for_plans(resources())
    plan = demo_plan(resources())
    handed = _issued(plan)
    archive.save(handed, "Issue", "w", AT)
    moved = editing.move_block(handed, "blinatumomab", 7)
    site, at = plan_site(), datetime(2026, 11, 28, 12, 0)
    before, after = (evaluate(one, library, site) for one in (plan_as_issued(archive, moved, "roadmap") or plan, moved))
    marked = make_sheet(after, "roadmap", site, at, around=Around(before=before))
    plain = make_sheet(after, "roadmap", site, at)
    same = make_sheet(after, "roadmap", site, at, around=Around(before=after))
    assert marked != plain
    assert same == plain


def plan_site():
    from planner.services.demo import demo_site

    return demo_site(resources())


@pytest.mark.parametrize("choices", ["", "rounding=vials; rounding_percent=5"])
def test_an_issue_from_before_the_program_computed_otherwise_is_found(archive, monkeypatch, choices):
    plan = demo_plan(resources())
    monkeypatch.setattr(dosed_as, "COMPUTES", 3)
    now = "; ".join(filter(None, ("computed=3", choices)))
    for then in (choices, "; ".join(filter(None, ("computed=2", choices))), now):
        code = version_code(plan, then)
        handed = replace(plan, issues=(Issue("calendar", 1, code, "Ph. One", AT),))
        archive.save(handed, "Issue", "w", AT)
        moved = editing.move_block(handed, plan.blocks[0].id, 3)
        states = (partial(archive.load, plan.id, one.counter) for one in reversed(archive.history(plan.id)))
        assert issue_before(moved, "calendar", states, now) == handed


def test_of_the_first_arithmetic_there_is_none_before():
    assert list(dosed_as.told_before("rounding=vials")) == []
