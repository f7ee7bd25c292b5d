"""Lanes with nothing in sight fold: once the days rest, never under a hand, and everything in them is still found."""

from itertools import pairwise

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from planner.model.timeline import Timeline, redrawn
from tests.ui.timeline.hands import TODAY, move, press, release, spot
from ui.timeline.fold_line import fitting
from ui.timeline.folding import CALM
from ui.timeline.frame import LEAST_BODY
from ui.timeline.picks import everything
from ui.timeline.scene import LANE


@pytest.fixture
def low(view):
    """The view with too little room for all lanes, near the end of the course."""
    view.resize(1100, 420)
    view.show_span("1 cycle")
    view.go_to(view.scene.timeline.end - 20)
    view.fold_now()
    return view


def in_sight(view, row) -> bool:
    return any(bar.end > view.scale.left and bar.start < view.scale.right for bar in row.bars)


def to_the_start(view) -> float:
    """Px from the days in sight back to the first ones."""
    timeline = view.scene.timeline
    return (timeline.end - timeline.start) * view.scale.per_day


def shown(view) -> list:
    return [row.lane.id for row in view.scene.body if row.height]


def test_no_lane_with_a_bar_in_sight_is_folded_and_most_others_are(low):
    view = low
    assert len(view.scene.vacant) > 3
    for row in view.scene.body:
        assert bool(row.height) is (row.lane.id not in view.scene.vacant)
        assert not (row.lane.id in view.scene.vacant and in_sight(view, row))
    shown_rows = [row for row in view.scene.body if row.height]
    assert all(one.bottom <= other.top <= one.bottom + LANE for one, other in pairwise(shown_rows))
    assert view.frame.body_rows == shown_rows[-1].bottom
    assert any(row.lane.kind == "intrathecal" for row in shown_rows)


def test_where_all_lanes_have_room_none_folds(view):
    view.resize(1100, 1400)
    view.go_to(view.scene.timeline.end - 20)
    view.fold_now()
    assert not view.scene.vacant
    assert view.frame.fold == 0


def test_nothing_changes_while_the_days_move_and_all_of_it_once_they_rest(low, qtbot):
    before = low.scene
    for _ in range(20):
        low.set_scale(low.scale.moved(-to_the_start(low) / 20))
        assert low.scene is before
    qtbot.waitUntil(lambda: low.scene is not before, timeout=5 * CALM)
    assert all(not in_sight(low, row) for row in low.scene.body if not row.height)


def test_nothing_folds_while_a_block_is_held(low, qtbot):
    block = next(bar for row in low.scene.top for bar in row.bars if bar.form == "ribbon" and in_sight_bar(low, bar))
    at = spot(low, block.id, low.scale.left + 10 - block.start)
    press(low, at)
    move(low, at + QPointF(30, 0))
    before = low.scene
    low.set_scale(low.scale.moved(-to_the_start(low)))
    QTest.qWait(CALM + 100)
    assert low.scene is before
    low.pointer.give_up()
    qtbot.waitUntil(lambda: low.scene is not before, timeout=5 * CALM)


def in_sight_bar(view, bar) -> bool:
    return bar.start < view.scale.right - 3 and bar.end > view.scale.left + 3


def test_the_first_lane_that_stays_keeps_its_height_on_the_screen(low):
    low.use_folds(False)
    low.verticalScrollBar().setValue(low.frame.most_scroll // 2)
    staying = next(row for row in low.frame.seen_rows(low.scene.body) if row.lane.id not in low.scene.vacant)
    before = low.frame.y(staying)
    low.use_folds(True)
    after = next(row for row in low.scene.body if row.lane.id == staying.lane.id)
    room = low.frame.most_scroll
    assert low.frame.y(after) == before or low.frame.scroll in (0, room)


def test_a_click_on_the_line_shows_the_lanes_and_another_folds_them(low):
    at = QPointF(300, low.frame.body_bottom + 8)
    folded = shown(low)
    press(low, at)
    release(low, at)
    assert len(shown(low)) == len(low.scene.body) > len(folded)
    assert low.frame.fold
    at = QPointF(300, low.frame.body_bottom + 8)
    press(low, at)
    release(low, at)
    assert shown(low) == folded
    move(low, at)
    assert low.viewport().cursor().shape() is Qt.CursorShape.PointingHandCursor


def test_a_bar_of_a_folded_lane_is_found_selected_and_its_lane_stays_as_long_as_it_is(low):
    folded = next(row for row in low.scene.body if not row.height)
    bar = folded.bars[0]
    low.select(bar.id)
    assert low.selection.bar.id == bar.id
    assert low.selection.row.height
    assert low.selection.row is next(row for row in low.scene.body if row.lane.id == folded.lane.id)
    low.go_to(low.scene.timeline.end - 20)
    low.fold_now()
    assert low.selection.row.height
    low.select("")
    low.fold_now()
    assert folded.lane.id in low.scene.vacant


def test_everything_in_the_lanes_is_selected_folded_or_not(low):
    all_of_it = everything(low.scene)
    low.use_folds(False)
    assert everything(low.scene) == all_of_it


def test_arrows_pass_over_folded_lanes(low):
    low.select(next(bar.id for bar in low.scene.top[0].bars if bar.form == "ribbon" and in_sight_bar(low, bar)))
    seen = []
    for _ in low.scene.body:
        QTest.keyClick(low, Qt.Key.Key_Down)
        seen.append(low.selection.row.lane.id)
    assert not set(seen) & low.scene.vacant


def test_after_an_edit_a_lane_that_holds_something_in_sight_is_there_at_once(low, timeline):
    folded = next(row.lane for row in low.scene.body if not row.height)
    day = int(low.scale.left) + 5
    moved = redrawn(folded.bars[-1], start=day, end=day + 1)
    lanes = tuple(
        replace(lane, bars=(*lane.bars[:-1], moved)) if lane.id == folded.id else lane for lane in timeline.lanes
    )
    others = low.scene.vacant - {folded.id}
    low.show_plan(Timeline(lanes, timeline.start, timeline.end), TODAY)
    assert folded.id in shown(low)
    assert others <= low.scene.vacant


def test_another_plan_opens_with_its_lanes_folded(low, timeline):
    low.use_folds(False)
    low.use_folds(True)
    low.show_plan(timeline, TODAY, fresh=True)
    assert all(not in_sight(low, row) for row in low.scene.body if not row.height)
    assert low.frame.scroll == 0


def test_in_a_low_window_the_pinned_findings_and_the_line_give_way_to_the_lanes(low):
    for height in range(700, 200, -20):
        low.resize(1100, height)
        low.fold_now()
        frame = low.frame
        assert frame.body_height >= min(LEAST_BODY, frame.height - frame.body_top)
        assert frame.body_bottom + frame.fold + frame.bottom_rows == frame.height
    assert low.frame.bottom_rows == low.frame.fold == 0


def test_lanes_that_are_not_scrolled_stay_so_when_others_unfold_above(low):
    low.verticalScrollBar().setValue(0)
    low.fit_all()
    assert low.frame.scroll == 0


def test_names_on_the_line_are_whole_and_dots_stand_for_those_without_room(low):
    names = low.scene.vacant_names
    assert len(names) == len(low.scene.vacant)
    whole = " · ".join(names)
    for room in range(0, 1500, 7):
        text = fitting(names, low.kit, room)
        assert low.kit.width(text, "label") <= room or not text
        shown, dots, _ = text.partition("…")
        assert text == whole or not text or (dots and whole.startswith(shown))
    assert fitting(names, low.kit, 5000) == whole
    assert fitting((), low.kit, 500) == ""
