"""The door to saved plans: what goes in comes out, revision by revision."""

import shutil
from decimal import Decimal

import pytest
from msgspec.structs import replace
from sqlcipher3 import dbapi2

from planner.errors import EnvironmentProblem, InputProblem, Refusal
from planner.model.plan import Given, GivenRecord
from planner.paths import resources
from planner.services.demo import demo_plan
from planner.services.store.archive import Archive
from planner.services.store.protection import STORE_FILE
from planner.services.verbs.editing import move_block
from planner.storage.database import guarded
from tests.services.courses_at_hand import scheduled
from tests.storage.plans import small_plan

AT = "2026-11-22T10:00:00+00:00"


@pytest.fixture
def archive(tmp_path):
    with Archive.open(tmp_path / "data") as opened:
        yield opened


def test_saved_plan_is_there_after_reopening(tmp_path):
    plan = demo_plan(resources())
    with Archive.open(tmp_path) as archive:
        saved = archive.save(plan, "New plan", "Ph. One", AT)
    with Archive.open(tmp_path) as archive:
        assert archive.load(plan.id) == plan
        assert archive.load_revision(plan.id) == (plan, saved)
    assert (tmp_path / STORE_FILE).exists()


def test_each_edit_can_be_gone_back_to(archive):
    plans = [demo_plan(resources())]
    for days in (3, -1, 10):
        plans.append(move_block(plans[-1], "pre-phase", days))
    for number, plan in enumerate(plans, start=1):
        assert archive.save(plan, f"Edit {number}", "Ph. One", AT).counter == number
    assert [archive.load(plans[0].id, number) for number in (1, 2, 3, 4)] == plans
    assert [line.what for line in archive.history(plans[0].id)] == ["Edit 1", "Edit 2", "Edit 3", "Edit 4"]
    assert archive.verify() == ()


def test_going_back_keeps_what_was_given(archive):
    """A plan is taken back and what happened is not: a dose given since once was planned anew, to be given twice."""
    first = demo_plan(resources())
    dose = next(one for one in scheduled(first).events if one.dose and one.placed.block.id == "pre-phase")
    place = ("pre-phase", dose.placed.cycle, dose.cycle_day, dose.placed.order.id, 0)
    record = GivenRecord(*place, Given.GIVEN, dose.date, Decimal(1), "mg", "Ph. One")
    archive.save(first, "New plan", "Ph. One", AT)
    archive.save(replace(first, given=(*first.given, record)), "Given", "Ph. One", AT)
    plan, _ = archive.go_back(first.id, 1, "Ph. Two", AT)
    assert plan == replace(first, given=(*first.given, record))
    without = replace(first, blocks=(), given=(), modifications=(), decisions=())
    archive.save(without, "Empty", "Ph. One", AT)
    archive.save(plan, "Again", "Ph. One", AT)
    with pytest.raises(Refusal, match="was given, and going back would leave"):
        archive.go_back(first.id, 4, "Ph. Two", AT)


def test_going_back_keeps_what_was_learnt_of_the_patient_unless_it_is_asked_for(archive):
    first = demo_plan(resources())
    learnt = replace(first.patient, allergies=(*first.patient.allergies, "pegaspargase"))
    moved = replace(move_block(first, "pre-phase", 3), patient=learnt)
    archive.save(first, "New plan", "Ph. One", AT)
    archive.save(moved, "Edit", "Ph. One", AT)
    plan, _ = archive.go_back(first.id, 1, "Ph. Two", AT)
    assert plan == replace(first, patient=learnt)
    plan, _ = archive.go_back(first.id, 1, "Ph. Two", AT, patient_too=True)
    assert plan == first


def test_list_shows_the_patient(archive):
    plan = demo_plan(resources())
    archive.save(plan, "New plan", "Ph. One", AT)
    (line,) = archive.list("demo ana d-alba")
    assert (line.plan_id, line.patient_id, line.family_name, line.demo) == (plan.id, "DEMO-0001", "Demo", True)
    assert archive.list("somebody else") == ()


def test_edit_on_an_old_state_is_refused(archive):
    plan = demo_plan(resources())
    first = archive.save(plan, "New plan", "Ph. One", AT)
    archive.save(move_block(plan, "pre-phase", 1), "Move", "Ph. Two", AT, after=first.counter)
    with pytest.raises(Refusal):
        archive.save(move_block(plan, "pre-phase", 2), "Move", "Ph. One", AT, after=first.counter)
    with pytest.raises(InputProblem):
        archive.load("nix")


def test_on_a_full_disk_plans_are_shown_and_the_reason_is_told(tmp_path, monkeypatch):
    """SQLite needs room beside the file to open it for writing, and calls the lack of it a failed disk."""
    with Archive.open(tmp_path) as archive:
        archive.save(small_plan(), "New plan", "w", AT)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=4096))
    with Archive.open(tmp_path) as archive:
        assert archive.load("plan-1") == small_plan()
        assert "the disk is full" in archive.read_only
        assert "make room for at least 1 MB" in archive.read_only
        with pytest.raises(EnvironmentProblem, match="the disk is full"):
            archive.save(small_plan(), "Edit", "w", AT)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_failure_of_sqlite_on_a_full_disk_is_no_failed_disk(tmp_path, monkeypatch):
    usage = shutil.disk_usage(tmp_path)
    for free, says in ((4096, "the disk is full"), (10**9, "the disk failed")):
        monkeypatch.setattr(shutil, "disk_usage", lambda _, free=free: usage._replace(free=free))
        with pytest.raises(EnvironmentProblem, match=says), guarded(tmp_path / "plans.db"):
            raise dbapi2.OperationalError("disk I/O error")
