"""Plan, zoom and selection come back, after a crash too; the person is told once that there was one."""

import os
import shutil

import pytest

from planner.services.verbs.placing import new_plan
from tests.benchmarks.edit import PATIENT
from tests.ui.desks import open_desk

CUT_OFF = "not closed last time"


def _crash(folder, place):
    """The files as a crash would leave them now."""
    shutil.copytree(folder, place, ignore=shutil.ignore_patterns("*.lock", "*-shm"))
    return place


def _look_closely(desk):
    timeline = desk.window.timeline
    desk.window.select("blinatumomab")
    timeline.zoom(3.0)
    return timeline.scale


@pytest.fixture
def crashed(qtbot, tmp_path):
    """The folder after a crash a pause after somebody zoomed in and selected a block; the scale he saw."""
    with open_desk(qtbot, tmp_path / "data", demo=True, library=False) as desk:
        scale = _look_closely(desk)
        state = desk.folder / "window.ini"
        qtbot.waitUntil(state.is_file)
        before = state.read_bytes()
        qtbot.waitUntil(lambda: state.read_bytes() != before)
        return _crash(tmp_path / "data", tmp_path / "crashed"), scale


def test_zoom_and_selection_come_back_after_a_crash(qtbot, crashed):
    folder, scale = crashed
    with open_desk(qtbot, folder, demo=True, library=False) as desk:
        desk.window.resize(1366, 768)
        qtbot.waitUntil(lambda: CUT_OFF in desk.window.notice.words.text())
        now = desk.window.timeline.scale
        assert now.left == pytest.approx(scale.left, abs=0.01)
        assert now.per_day == pytest.approx(scale.per_day, abs=0.01)
        assert desk.window.timeline.selection.bar.id == "blinatumomab"
        assert desk.window.subject is not None


@pytest.mark.skipif(os.name != "posix", reason="other systems have other permissions")
def test_every_file_beside_the_plans_is_for_this_user_alone(crashed):
    folder, _ = crashed
    made = [path for path in folder.rglob("*") if path.is_file()]
    assert {"window.ini", "window.open"} <= {path.name for path in made}
    assert [path.name for path in made if path.stat().st_mode & 0o077] == []


def test_crash_is_told_once(qtbot, crashed):
    folder, _ = crashed
    with open_desk(qtbot, folder, demo=True, library=False) as desk:
        qtbot.waitUntil(lambda: CUT_OFF in desk.window.notice.words.text())
    with open_desk(qtbot, folder, demo=True, library=False) as desk:
        qtbot.waitUntil(desk.window.bottom.isVisible)
        assert CUT_OFF not in desk.window.notice.words.text()


def test_window_closed_on_a_full_disk_was_closed(qtbot, crashed):
    """Nothing more can be written there: the state file stays as it was while the window was open."""
    folder, _ = crashed
    kept = (folder / "window.ini").read_bytes()
    with open_desk(qtbot, folder, demo=True, library=False) as desk:
        qtbot.waitUntil(lambda: CUT_OFF in desk.window.notice.words.text())
    (folder / "window.ini").write_bytes(kept)
    with open_desk(qtbot, folder, demo=True, library=False) as desk:
        qtbot.waitUntil(desk.window.bottom.isVisible)
        assert CUT_OFF not in desk.window.notice.words.text()


@pytest.mark.parametrize("kept", ["sight=", "sight=nan 8", "sight=7 0", "sight=1e400 1e400", "sight=a b c", "chosen=?"])
def test_state_that_makes_no_sense_shows_the_plan_as_for_the_first_time(qtbot, tmp_path, kept):
    folder = tmp_path / "data"
    folder.mkdir()
    with open_desk(qtbot, folder, demo=True, library=False) as desk:
        plan, scale = desk.document.evaluated.plan, desk.window.timeline.scale
    (folder / "window.ini").write_text(f"[General]\nplan={plan.id}\n{kept}\n", encoding="utf-8")
    with open_desk(qtbot, folder, demo=True, library=False) as desk:
        assert desk.window.timeline.scale == scale
        assert desk.window.timeline.selection is None


def test_a_course_that_was_seen_whole_in_a_narrow_window_fills_a_wide_one(qtbot, tmp_path):
    """1114 weeks stood there for a course of 294."""
    folder = tmp_path / "data"
    with open_desk(qtbot, folder, demo=True, library=False) as desk:
        plan, timeline = desk.document.evaluated.plan, desk.window.timeline
        timeline.fit_all()
        whole = timeline.scale.per_day
        sight = f"{timeline.scale.left:.3f} {whole / 8:.4f}"
    (folder / "window.ini").write_text(f"[General]\nplan={plan.id}\nsight={sight}\n", encoding="utf-8")
    with open_desk(qtbot, folder, demo=True, library=False) as desk:
        assert desk.window.timeline.scale.per_day > whole / 2, "an eighth of it was kept"


def test_whether_empty_lanes_are_folded_is_remembered(qtbot, tmp_path):
    with open_desk(qtbot, tmp_path / "data", demo=True, library=False) as desk:
        assert desk.window.timeline.folds
        desk.window.act("fold_lanes")
        assert not desk.window.timeline.folds
    with open_desk(qtbot, tmp_path / "data", demo=True, library=False) as desk:
        assert not desk.window.timeline.folds


def test_the_list_marks_the_plan_that_is_open_however_it_was_opened(qtbot, tmp_path):
    with open_desk(qtbot, tmp_path / "data", library=False) as desk:
        for name in ("one", "two"):
            desk.document.create(new_plan(name, PATIENT), "New plan")
            qtbot.waitUntil(lambda: desk.window.plans.table.row() is not None)
            assert desk.window.plans.table.row().plan_id == name
        desk.window.plans.table.select_key("one")
        desk.window.show_plans()
        assert desk.window.plans.table.row().plan_id == "one"
    with open_desk(qtbot, tmp_path / "data", library=False) as desk:
        qtbot.waitUntil(lambda: len(desk.window.plans.model.rows) == 2)
        assert desk.document.evaluated.plan.id == "two"
        assert desk.window.plans.table.row().plan_id == "two"
