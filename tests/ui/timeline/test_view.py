"""The timeline under the hands of a person."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from planner.model.civil import weekday_date
from planner.model.timeline import Timeline
from planner.timeline.lay_out import lay_out
from tests.courses import AGENTS, COURSE_START, course_findings, course_plan, course_schedule
from ui.style import register_fonts
from ui.theme import DARK, LIGHT
from ui.timeline.canvas import SPANS
from ui.timeline.frame import OVERVIEW
from ui.timeline.view import TimelineView

TODAY = COURSE_START.toordinal() + 33
LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture(scope="module")
def timeline():
    return lay_out(course_plan(), course_schedule(), course_findings(), AGENTS)


@pytest.fixture
def view(qtbot, timeline):
    register_fonts()
    shown = TimelineView(LIGHT)
    qtbot.addWidget(shown)
    shown.resize(1100, 700)
    shown.show_plan(timeline, TODAY)
    shown.show()
    qtbot.waitExposed(shown)
    return shown


@pytest.fixture
def moves(view):
    asked = []
    view.moveRequested.connect(lambda block, days: asked.append((block, days)))
    return asked


@pytest.fixture
def chosen(view):
    names = []
    view.selected.connect(names.append)
    return names


def mouse(view, kind, at: QPointF, button=LEFT):
    held = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseButtonRelease else button
    place = view.viewport().mapToGlobal(at)
    QApplication.sendEvent(view.viewport(), QMouseEvent(kind, at, place, button, held, NONE))


def press(view, at):
    mouse(view, QEvent.Type.MouseButtonPress, at)


def move(view, at):
    mouse(view, QEvent.Type.MouseMove, at)


def release(view, at):
    mouse(view, QEvent.Type.MouseButtonRelease, at)


def wheel(view, at: QPointF, notches: float, held=NONE):
    turned = QPoint(0, round(notches * 120))
    event = QWheelEvent(
        at,
        view.viewport().mapToGlobal(at),
        QPoint(),
        turned,
        Qt.MouseButton.NoButton,
        held,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view.viewport(), event)


def spot(view, name: str, days: float = 0.5, down: float = 10) -> QPointF:
    """The point on a bar so many days after its beginning."""
    place = view.scene.find(name)
    frame = view.frame
    return QPointF(frame.header + view.scale.x(place.bar.start + days), frame.y(place.row) + down)


def seen(view, days: float, name: str = "consolidation") -> QPointF:
    return spot(view, name, days)


def test_fifty_zooms_keep_the_date_under_the_pointer(view):
    at = QPointF(view.frame.header + 431, 300)
    x = at.x() - view.frame.header
    day = view.scale.day(x)
    for number in range(50):
        wheel(view, at, 1 if number % 5 < 3 else -1, CONTROL)
        assert abs(view.scale.x(day) - x) <= 1


def test_a_plain_wheel_scrolls_the_lanes_and_a_shifted_one_the_days(view):
    view.resize(1100, 420)
    at = QPointF(view.frame.header + 400, 250)
    left = view.scale.left
    wheel(view, at, -2)
    assert view.verticalScrollBar().value() == 132
    assert view.frame.scroll == 132
    assert view.scale.left == left
    wheel(view, at, -2, SHIFT)
    assert view.scale.left == pytest.approx(left + 180 / view.scale.per_day)
    assert view.frame.scroll == 132


def test_scroll_bars_and_days_follow_each_other(view):
    bar = view.horizontalScrollBar()
    bar.setValue(bar.maximum())
    assert view.scale.right == pytest.approx(view.bounds[1], abs=0.2)
    view.fit_all()
    assert bar.maximum() <= 0.1 * view.scale.width
    view.zoom(4.0, 0)
    assert bar.maximum() > 2 * view.scale.width


def test_keys_zoom_about_the_selected_bar(view):
    view.select("consolidation/1/pegaspargase-iv")
    bar = view.selection.bar
    middle = (bar.start + bar.end) / 2
    before = view.scale.x(middle)
    for _ in range(3):
        QTest.keyClick(view, Qt.Key.Key_Plus)
    assert view.scale.x(middle) == pytest.approx(before, abs=1)
    QTest.keyClick(view, Qt.Key.Key_Minus)
    assert view.scale.x(middle) == pytest.approx(before, abs=1)


def test_f_shows_the_whole_course_and_t_brings_today(view, timeline):
    QTest.keyClick(view, Qt.Key.Key_F)
    first, last = view.visible_days()
    assert first <= timeline.start
    assert last >= timeline.end
    view.zoom(10, view.scale.width)
    assert not view.visible_days()[0] <= TODAY <= view.visible_days()[1]
    QTest.keyClick(view, Qt.Key.Key_T)
    assert view.scale.x(TODAY + 0.5) == pytest.approx(view.scale.width / 2, abs=1)


@pytest.mark.parametrize(("name", "days"), [(name, days) for name, days in SPANS.items() if days])
def test_named_spans_show_so_many_days_and_keep_today(view, name, days):
    before = view.scale.x(TODAY)
    view.show_span(name)
    assert view.scale.width / view.scale.per_day == pytest.approx(days)
    assert view.scale.x(TODAY) == pytest.approx(before, abs=1) or view.scale.left == pytest.approx(view.bounds[0])


def test_a_drag_asks_for_the_move_it_shows(view, moves, chosen):
    press(view, seen(view, 5.5))
    for days in range(1, 8):
        move(view, seen(view, 5.5 + days))
        assert f"({days:+d} day" in view.pointer.readout.text
        assert weekday_date(view.drag.start) in view.pointer.readout.text
        assert view.drag.start == view.drag.block.start + days
    assert view.pointer.readout.text.startswith("Consolidation → Mon 16-Feb-2026 (+7 days)")
    release(view, seen(view, 12.5))
    assert moves == [("consolidation", 7)]
    assert chosen == ["consolidation"]
    assert view.drag is None
    assert view.focus.dragged == frozenset()


def test_a_drag_lands_on_the_day_seven_px_around_it(view, moves):
    for number in range(-6, 7):
        if not number:
            continue
        at = seen(view, 20.5)
        press(view, at)
        target = at + QPointF(number * view.scale.per_day + (number % 3 - 1) * min(7, view.scale.per_day * 0.45), 0)
        move(view, target)
        release(view, target)
    assert [days for _, days in moves] == [number for number in range(-6, 7) if number]


def test_a_cycle_moves_its_block(view, moves):
    view.go_to(view.scene.find("blinatumomab").bar.start)
    at = spot(view, "blinatumomab/1", 3.5, 31)
    press(view, at)
    move(view, at + QPointF(2 * view.scale.per_day, 0))
    release(view, at + QPointF(2 * view.scale.per_day, 0))
    assert moves == [("blinatumomab", 2)]


def test_escape_leaves_nothing_behind(view, moves):
    before = view.viewport().grab().toImage()
    focus = view.focus
    press(view, seen(view, 5.5))
    view.select("")
    move(view, seen(view, 15.5))
    assert view.viewport().grab().toImage() != before
    QTest.keyClick(view, Qt.Key.Key_Escape)
    release(view, seen(view, 15.5))
    assert moves == []
    assert (view.drag, view.focus) == (None, focus)
    assert not view.pointer.readout.isVisible()
    assert view.viewport().grab().toImage() == before


def test_a_press_alone_a_tremble_and_a_release_outside_move_nothing(view, moves):
    press(view, seen(view, 5.5))
    release(view, seen(view, 5.5))
    press(view, seen(view, 5.5))
    move(view, seen(view, 5.5) + QPointF(3, 1))
    release(view, seen(view, 5.5) + QPointF(3, 1))
    press(view, seen(view, 5.5))
    move(view, seen(view, 12.5))
    release(view, QPointF(view.viewport().width() / 2, -40))
    assert moves == []
    assert view.drag is None


def test_a_drag_asks_the_rules_once_for_each_day_and_shows_their_names(view):
    asked = []

    def preview(block, days):
        asked.append((block, days))
        return [("contraindicated", "Vincristine with an azole")] if days == 2 else []

    view.preview = preview
    press(view, seen(view, 5.5))
    for days in (1.0, 1.2, 2.0, 2.1, 3.0):
        move(view, seen(view, 5.5 + days))
        text = view.pointer.readout.text
        assert ("Contraindicated: Vincristine with an azole" in text) == (round(days) == 2)
        assert ("No new finding" in text) == (round(days) != 2)
    assert asked == [("consolidation", 1), ("consolidation", 2), ("consolidation", 3)]
    QTest.keyClick(view, Qt.Key.Key_Escape)


def test_a_drag_near_the_edge_scrolls(view):
    press(view, seen(view, 5.5))
    move(view, seen(view, 15.5))
    right = view.scale.right
    move(view, QPointF(view.viewport().width() - 3, spot(view, "consolidation").y()))
    assert view.scale.right > right
    QTest.keyClick(view, Qt.Key.Key_Escape)


def test_a_new_plan_ends_a_drag(view, moves, timeline):
    press(view, seen(view, 5.5))
    move(view, seen(view, 15.5))
    view.show_plan(timeline, TODAY)
    release(view, seen(view, 15.5))
    assert (moves, view.drag) == ([], None)


@pytest.mark.parametrize(
    ("key", "held", "days"),
    [
        (Qt.Key.Key_Left, ALT, -1),
        (Qt.Key.Key_Right, ALT, 1),
        (Qt.Key.Key_Left, ALT | SHIFT, -7),
        (Qt.Key.Key_Right, ALT | SHIFT, 7),
    ],
)
def test_keys_ask_for_the_same_moves_as_a_drag(view, moves, key, held, days):
    QTest.keyClick(view, key, held)
    assert moves == []
    view.select("consolidation/1/vincristine-iv")
    QTest.keyClick(view, key, held)
    assert moves == [("consolidation", days)]


def test_a_click_selects_an_order_and_free_ground_selects_nothing(view, chosen):
    at = spot(view, "consolidation/1/cyclophosphamide-iv")
    press(view, at)
    release(view, at)
    assert view.selection.bar.orders == ("consolidation/1/cyclophosphamide-iv",)
    free = at + QPointF(20 * view.scale.per_day - 3, 0)
    press(view, free)
    release(view, free)
    assert chosen == ["consolidation/1/cyclophosphamide-iv", ""]
    assert view.selection is None


def test_other_buttons_select_nothing(view, chosen):
    at = spot(view, "consolidation")
    mouse(view, QEvent.Type.MouseButtonPress, at, Qt.MouseButton.RightButton)
    assert (chosen, view.drag) == ([], None)


def test_arrow_keys_go_from_bar_to_bar_and_bring_them_into_sight(view, chosen):
    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.keyClick(view, Qt.Key.Key_End)
    assert chosen[-1] == "maintenance"
    first, last = view.visible_days()
    assert first <= view.selection.bar.start <= last
    for _ in view.scene.rows:
        QTest.keyClick(view, Qt.Key.Key_Down)
    assert view.selection.row.part == "bottom"
    view.resize(1100, 360)
    for _ in range(6):
        QTest.keyClick(view, Qt.Key.Key_Up)
        row, frame = view.selection.row, view.frame
        if row.part == "body":
            assert frame.body_top <= frame.y(row)
            assert frame.y(row) + row.height <= frame.body_bottom


def test_keys_it_does_not_know_are_left_to_the_window(view, qtbot):
    for key, held in (
        (Qt.Key.Key_F8, NONE),
        (Qt.Key.Key_F, CONTROL),
        (Qt.Key.Key_A, NONE),
        (Qt.Key.Key_Left, CONTROL | ALT),
    ):
        before = (view.scale, view.selection)
        QTest.keyClick(view, key, held)
        assert (view.scale, view.selection) == before


def test_select_brings_into_sight_and_tells_nobody(view, chosen):
    view.select("maintenance/6/vincristine-iv")
    assert view.selection.bar.orders == ("maintenance/6/vincristine-iv",)
    first, last = view.visible_days()
    assert first <= view.selection.bar.start <= last
    view.select("f6")
    assert view.selection.bar.label == "VC-06"
    view.select("no such thing")
    assert view.selection is None
    assert chosen == []


def test_the_selection_survives_an_edit_of_the_plan(view, timeline):
    view.select("consolidation/1/cyclophosphamide-iv")
    lanes = tuple(
        replace(
            lane, bars=tuple(replace(bar, id=f"{bar.id}+7", start=bar.start + 7, end=bar.end + 7) for bar in lane.bars)
        )
        for lane in timeline.lanes
    )
    scale = view.scale
    view.show_plan(Timeline(lanes, timeline.start, timeline.end + 7), TODAY)
    assert view.selection.bar.orders == ("consolidation/1/cyclophosphamide-iv",)
    assert view.scale == scale
    view.show_plan(timeline, TODAY, fresh=True)
    assert view.selection is None


def test_hovering_tells_dose_date_and_block(view):
    move(view, spot(view, "consolidation/1/cyclophosphamide-iv"))
    text = view.pointer.readout.text
    assert text.splitlines()[:3] == ["Cyclophosphamide 1,813 mg IV", "Mon 09-Feb-2026", "Consolidation C1 D1"]
    assert view.focus.hovered_block == "consolidation"
    assert view.pointed == view.scene.find("consolidation").bar.start
    QApplication.sendEvent(view.viewport(), QEvent(QEvent.Type.Leave))
    assert not view.pointer.readout.isVisible()
    assert (view.pointed, view.focus.hovered_block) == (None, "")


def test_the_readout_stays_within_the_view(view):
    for x in (view.frame.header + 2, view.viewport().width() - 2):
        for row in view.frame.seen_rows(view.scene.body):
            move(view, QPointF(x, view.frame.y(row) + 10))
            readout = view.pointer.readout
            assert not readout.isVisible() or view.viewport().rect().contains(readout.geometry())


def test_the_box_of_the_overview_can_be_dragged(view):
    box = view.overview.box(view.scale)
    grip = QPointF(view.frame.header + box.center().x(), OVERVIEW / 2)
    left = view.scale.left
    press(view, grip)
    move(view, grip + QPointF(120, 0))
    release(view, grip + QPointF(120, 0))
    assert view.scale.left - left == pytest.approx(120 / view.overview.scale.per_day, rel=0.01)
    move(view, grip + QPointF(300, 0))
    assert view.overview.box(view.scale).left() == pytest.approx(box.left() + 120, abs=1)


def test_a_click_on_the_overview_jumps_there(view):
    at = QPointF(view.frame.header + view.overview.scale.width * 0.6, OVERVIEW / 2)
    press(view, at)
    release(view, at)
    day = view.overview.scale.day(at.x() - view.frame.header)
    assert view.scale.x(day) == pytest.approx(view.scale.width / 2, abs=1)


def test_a_resize_keeps_what_was_brought_into_sight(view, qtbot):
    view.show_span("1 cycle")
    left, per_day = view.scale.left, view.scale.per_day
    view.resize(900, 600)
    assert (view.scale.left, view.scale.per_day) == (left, per_day)
    assert view.scale.width == view.frame.plot_width


def test_days_in_sight_are_told(view, qtbot):
    with qtbot.waitSignal(view.visibleDaysChanged) as told:
        view.fit_all()
    assert tuple(told.args) == view.visible_days()


def test_it_has_a_name_and_says_what_is_selected(view):
    assert view.accessibleName() == "Timeline"
    assert view.accessibleDescription() == "Nothing selected"
    view.select("induction/1/vincristine-iv")
    assert view.accessibleDescription().startswith("Vincristine 2 mg IV. Mon 05-Jan-2026. Induction C1 D1")


def test_an_empty_plan_says_the_next_step_and_takes_every_gesture(qtbot, chosen):
    empty = TimelineView(DARK)
    qtbot.addWidget(empty)
    empty.resize(600, 400)
    empty.show_plan(Timeline((), 0, 0), TODAY)
    empty.show()
    assert not empty.viewport().grab().isNull()
    at = QPointF(300, 200)
    press(empty, at)
    move(empty, at)
    release(empty, at)
    wheel(empty, at, 1, CONTROL)
    QTest.keyClick(empty, Qt.Key.Key_F)
    empty.fit_all()
    empty.select("anything")
    assert empty.selection is None
