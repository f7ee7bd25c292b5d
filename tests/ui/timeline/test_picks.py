"""Several bars selected on the timeline: with Ctrl, with Shift, by a field, by keys."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from planner.timeline.lay_out import lay_out
from tests.courses import AGENTS, COURSE_START, course_findings, course_plan, course_schedule
from ui.style import register_fonts
from ui.theme import LIGHT
from ui.timeline.picking import pick
from ui.timeline.picks import may_be_picked
from ui.timeline.view import TimelineView

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def view(qtbot):
    register_fonts()
    shown = TimelineView(LIGHT)
    qtbot.addWidget(shown)
    shown.resize(1100, 700)
    timeline = lay_out(course_plan(), course_schedule(), course_findings(), AGENTS)
    shown.show_plan(timeline, COURSE_START.toordinal() + 33)
    shown.show_span("1 week")
    shown.go_to(COURSE_START.toordinal() + 4)
    shown.show()
    qtbot.waitExposed(shown)
    return shown


def at(view, place):
    x = view.frame.header + view.scale.x(place.bar.start + 0.5)
    return QPoint(round(x), round(view.frame.y(place.row) + place.row.height / 2))


def in_sight(view, count):
    """So many bars of one day each that lie in sight, in lanes of their own or not."""
    found = []
    for row in view.frame.seen_rows(view.scene.body):
        for index in row.seen(view.scale.left + 1, view.scale.right - 1):
            place = view.scene.bars[row.bars[index].id]
            x = at(view, place)
            clear = view.frame.body_top + 12 < x.y() < view.frame.body_bottom - 12 and x.x() < view.frame.width - 20
            if place.bar.form == "dose" and x.x() > view.frame.header + 20 and clear and may_be_picked(row, place.bar):
                found.append(place)
    assert len(found) >= count
    return found[:count]


def free_point(view):
    """The lowest place far to the right at which nothing lies."""
    frame = view.frame
    ways = (
        (x, y) for x in range(frame.width - 4, frame.width - 200, -9) for y in range(frame.body_bottom - 2, 300, -5)
    )
    return next(QPoint(x, y) for x, y in ways if pick(view.scene, frame, view.scale, x, y) is None)


def click(view, place, held=NONE):
    QTest.mouseClick(view.viewport(), LEFT, held, at(view, place))


def test_ctrl_takes_in_and_out(view):
    one, two, three = in_sight(view, 3)
    click(view, one)
    click(view, two, CONTROL)
    click(view, three, CONTROL)
    assert view.picked == {one.bar.id, two.bar.id, three.bar.id}
    assert view.selection.bar is three.bar
    assert view.accessibleDescription().startswith("3 items selected")
    click(view, two, CONTROL)
    assert view.picked == {one.bar.id, three.bar.id}
    click(view, three, CONTROL)
    assert (view.picked, view.selection.bar) == (frozenset(), one.bar)
    click(view, one, CONTROL)
    assert (view.picked, view.selection) == (frozenset(), None)


def test_a_plain_click_selects_one_again(view):
    one, two, _ = in_sight(view, 3)
    click(view, one)
    click(view, two, CONTROL)
    click(view, one)
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert (view.picked, view.selection.bar) == (frozenset(), one.bar)


def test_shift_selects_all_between_and_starts_from_the_same_bar_again(view):
    places = in_sight(view, 4)
    first, last = places[0], places[-1]
    click(view, first)
    click(view, last, SHIFT)
    wide = view.picked
    days = sorted((first.bar.start, last.bar.start))
    rows = [row for row in view.scene.rows if row.lane.kind != "findings"]
    lanes = sorted((rows.index(first.row), rows.index(last.row)))
    wanted = {
        bar.id
        for row in rows[lanes[0] : lanes[1] + 1]
        for bar in row.bars
        if may_be_picked(row, bar) and days[0] <= bar.start <= days[1]
    }
    assert wide == wanted
    click(view, first, SHIFT)
    assert view.picked <= {first.bar.id}
    assert view.selection.bar is first.bar


def test_a_field_over_free_ground_selects_what_it_touches(view):
    frame = view.frame
    free = free_point(view)
    QTest.mousePress(view.viewport(), LEFT, NONE, free)
    assert view.band is not None
    QTest.mouseMove(view.viewport(), QPoint(frame.header + 2, frame.body_top + 1))
    told = view.pointer.readout.text
    view.viewport().grab()
    QTest.mouseRelease(view.viewport(), LEFT, NONE, QPoint(frame.header + 2, frame.body_top + 1))
    first, last = view.scale.day(2), view.scale.day(free.x() - frame.header)
    wanted = {
        bar.id
        for row in frame.seen_rows(view.scene.body)
        for bar in row.bars
        if may_be_picked(row, bar)
        and bar.end > first
        and bar.start < last
        and frame.body_top + 1 <= frame.y(row) + row.height / 2 <= free.y()
    }
    assert len(wanted) > 3
    assert view.picked == wanted
    assert told.startswith(f"{len(wanted)} items")
    assert view.band is None


def test_escape_gives_a_field_up(view):
    one = in_sight(view, 1)[0]
    click(view, one)
    corner = free_point(view)
    QTest.mousePress(view.viewport(), LEFT, SHIFT, corner)
    QTest.mouseMove(view.viewport(), corner - QPoint(300, 300))
    QTest.keyClick(view, Qt.Key.Key_Escape)
    QTest.mouseRelease(view.viewport(), LEFT, NONE, corner - QPoint(300, 300))
    assert (view.band, view.picked, view.selection.bar) == (None, frozenset(), one.bar)


def test_keys_select_several(view):
    one = in_sight(view, 1)[0]
    click(view, one)
    for _ in range(2):
        QTest.keyClick(view, Qt.Key.Key_Right, SHIFT)
    assert len(view.picked) == 3
    assert one.bar.id in view.picked
    QTest.keyClick(view, Qt.Key.Key_Left, SHIFT)
    assert len(view.picked) == 2
    QTest.keyClick(view, Qt.Key.Key_Down, CONTROL)
    before = view.picked
    walked = view.selection.bar.id
    assert walked not in before
    QTest.keyClick(view, Qt.Key.Key_Space, CONTROL)
    assert view.picked == before | {walked}


def test_a_cycle_and_everything(view):
    one = in_sight(view, 1)[0]
    click(view, one)
    cycle = one.bar.orders[0].rpartition("/")[0]
    view.pick_cycle()
    lanes = [row for row in view.scene.body if row.lane.kind != "blocks"]
    bars = [bar for row in lanes for bar in row.bars if row.lane.kind not in ("findings", "co-medications")]
    assert view.picked - {cycle} == {bar.id for bar in bars if any(name.startswith(f"{cycle}/") for name in bar.orders)}
    view.pick_all()
    assert view.picked == {bar.id for bar in bars}
    assert view.selection.bar is one.bar
