"""The kept pictures of the lanes: at rest the frame is the one painted without them, while moving it is near it."""

from itertools import pairwise

import pytest
from msgspec.structs import replace
from PySide6.QtGui import QImage

from tests.ui.timeline.hands import TODAY, frame_of, move, painted_anew, spot
from ui.timeline.board import PIECE, _pieces, _place, changed_rows
from ui.timeline.geometry import DayScale
from ui.timeline.lanes import Focus
from ui.timeline.looks import altered_rows


def shares(one: QImage, other: QImage, left: int, right: int) -> float:
    """How many of the pixels between two columns are alike."""
    pixels = [(x, y) for x in range(left, right, 3) for y in range(0, one.height(), 3)]
    return sum(one.pixel(x, y) == other.pixel(x, y) for x, y in pixels) / len(pixels)


@pytest.mark.parametrize("per_day", [0.9, 3.5, 9.0, 40.0])
def test_at_rest_the_frame_is_as_if_nothing_were_kept(view, per_day):
    for left in (TODAY - 30, TODAY - 20.3, TODAY + 4.4):
        view.set_scale(DayScale(left, per_day, view.scale.width))
        frame_of(view)
    view.board.settle()
    assert frame_of(view) == painted_anew(view)


def test_scrolling_moves_what_was_painted_and_paints_what_comes_into_sight(view):
    view.set_scale(DayScale(TODAY - 30, 20.0, view.scale.width))
    view.board.settle()
    frame_of(view)
    for step in range(1, 60):
        view.set_scale(DayScale(TODAY - 30 + step, 20.0, view.scale.width))
        moved = frame_of(view)
    header, width = view.frame.header, view.viewport().width()
    assert shares(moved, painted_anew(view), header + 150, width - 150) > 0.995
    view.set_scale(DayScale(TODAY - 45, 20.0, view.scale.width))
    assert shares(frame_of(view), painted_anew(view), header + 150, width - 150) > 0.995


def test_zooming_stretches_and_paints_anew_in_time(view):
    per_day = 10.0
    view.set_scale(DayScale(TODAY - 10, per_day, view.scale.width))
    view.board.settle()
    frame_of(view)
    for _ in range(20):
        view.zoom(1.1)
        stretched = frame_of(view)
        assert shares(stretched, painted_anew(view), 0, view.viewport().width()) > 0.8


def test_after_the_movement_the_view_asks_to_be_painted_anew(qtbot, view):
    for left in (TODAY - 30, TODAY - 25):
        view.set_scale(DayScale(left, 20.0, view.scale.width))
        frame_of(view)
    qtbot.waitUntil(lambda: not view.board._resting.isActive())
    assert frame_of(view) == painted_anew(view)


def test_what_the_pointer_and_the_selection_change_is_painted_in_its_rows_alone(view):
    frame_of(view)
    whole = view.board._whole
    bars = [bar for row in view.scene.body for bar in row.bars[:2]]
    inside = [bar for bar in bars if view.scale.left < bar.start < view.scale.right - 3]
    assert len(inside) > 6
    for bar in inside:
        move(view, spot(view, bar.id))
        assert frame_of(view) == painted_anew(view), bar
        view.choose(view.scene.find(bar.id))
        assert frame_of(view) == painted_anew(view), bar
    assert view.board._whole is whole


def test_another_plan_another_theme_and_another_size_are_painted_anew(view, timeline):
    from ui.theme import DARK

    frame_of(view)
    view.set_theme(DARK)
    assert frame_of(view) == painted_anew(view)
    view.resize(900, 500)
    assert frame_of(view) == painted_anew(view)
    view.show_plan(replace(timeline, lanes=timeline.lanes[:4]), TODAY)
    assert frame_of(view) == painted_anew(view)
    view.verticalScrollBar().setValue(40)
    assert frame_of(view) == painted_anew(view)


def test_the_focus_names_the_rows_it_changes(view):
    rows = [row for row in view.scene.body if row.bars]
    one, other = rows[0].bars[0], rows[1].bars[0]
    assert changed_rows(view.scene, Focus(), Focus(hovered=one.id)) == [rows[0]]
    found = changed_rows(view.scene, Focus(bar=one.id), Focus(bar=other.id))
    assert {id(row) for row in found} == {id(rows[0]), id(rows[1])}
    assert changed_rows(view.scene, Focus(), Focus(lane=rows[2].lane.id)) == [rows[2]]
    # A block among the lanes lost its outline to several selected bars and was not painted anew.
    blocks = replace(rows[2], lane=replace(rows[2].lane, kind="blocks"), part="body")
    beside = replace(view.scene, body=(*view.scene.body, blocks))
    of_cycle = Focus(bar=one.id, block=one.block), Focus(bar=one.id, block=one.block, picked=frozenset((one.id, "x")))
    assert blocks in changed_rows(beside, *of_cycle)
    assert changed_rows(view.scene, Focus(), Focus(dragged=frozenset("a"))) is None
    assert changed_rows(view.scene, Focus(), Focus(picked=frozenset(view.scene.bars))) is None


@pytest.mark.parametrize("width", [300, 1000])
@pytest.mark.parametrize("offset", [1, 5, 383, 384, 385, 1000, 1400, 2000, -1, -383, -384, -385, -1000, -2000])
def test_the_pieces_in_sight_cover_what_the_kept_picture_does_not(width, offset):
    places = sorted([0, *(_place(number, width) for number in _pieces(offset, width))])
    ends = {place: place + (width if place == 0 else PIECE) for place in places}
    covered = [place for place in places if place < offset + width and ends[place] > offset]
    assert covered[0] <= offset
    assert ends[covered[-1]] >= offset + width
    assert all(ends[one] == following for one, following in pairwise(covered))


def test_what_is_chosen_no_more_loses_its_outline_although_nobody_looked_at_it_since_it_moved(view):
    """Nothing chosen was taken for the bar that has no name because it is not outlined, and its row was not painted."""
    still = (row for row in view.scene.body if row.bars and not row.shifted)
    row = next(row for row in still if view.scale.left < row.bars[0].start < view.scale.right)
    bar = row.bars[0]
    moved = Focus(unseen=frozenset((bar.id,)))
    view.choose(view.scene.find(bar.id))
    view.focus_on(replace(view.focus, unseen=moved.unseen))
    view.board.settle()
    frame_of(view)
    before = view.board._of
    assert row in altered_rows(before, replace(before, focus=moved))
