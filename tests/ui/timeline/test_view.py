"""The timeline under the hands of a person."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from planner.model.timeline import Timeline, redrawn
from tests.ui.timeline.hands import (
    ALT,
    CONTROL,
    NONE,
    SHIFT,
    TODAY,
    mouse,
    move,
    press,
    release,
    spot,
    wheel,
)
from ui.theme import DARK
from ui.timeline.frame import OVERVIEW
from ui.timeline.view import SPANS, TimelineView


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


def test_a_named_span_keeps_what_is_selected_in_sight(view):
    view.fit_all()
    view.select("maintenance")
    bar = view.selection.bar
    held = (max(bar.start, view.scale.left) + min(bar.end, view.scale.right)) / 2
    assert view.scale.left < TODAY < view.scale.right
    before = view.scale.x(held)
    view.show_span("1 week")
    assert view.scale.x(held) == pytest.approx(before, abs=1)


def test_a_named_span_keeps_today_where_what_is_selected_stays_in_sight(view):
    view.show_span("1 year")
    view.select("consolidation")
    before = view.scale.x(TODAY)
    view.show_span("3 months")
    assert view.scale.left < view.selection.bar.end
    assert view.scale.x(TODAY) == pytest.approx(before, abs=1)


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


def test_the_right_button_selects_and_drags_nothing_and_the_middle_one_does_neither(view, chosen):
    at = spot(view, "consolidation")
    mouse(view, QEvent.Type.MouseButtonPress, at, Qt.MouseButton.MiddleButton)
    assert (chosen, view.drag) == ([], None)
    mouse(view, QEvent.Type.MouseButtonPress, at, Qt.MouseButton.RightButton)
    assert (chosen, view.drag) == (["consolidation"], None)


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
            lane, bars=tuple(redrawn(bar, id=f"{bar.id}+7", start=bar.start + 7, end=bar.end + 7) for bar in lane.bars)
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


def test_after_the_wheel_no_drug_is_told_that_lies_no_longer_under_the_pointer(view):
    """The dose of a drug stood over another lane, at the place where it had been."""
    at = spot(view, "consolidation/1/cyclophosphamide-iv")
    move(view, at)
    assert "Cyclophosphamide" in view.pointer.readout.text
    wheel(view, at, 3, SHIFT)
    told = view.pointer.readout.text
    assert "Mon 09-Feb-2026" not in told
    wheel(view, at, -3, SHIFT)
    assert view.pointer.readout.text.startswith("Cyclophosphamide 1,813 mg IV")


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
