"""A block dragged on the timeline, by pointer and by keys."""

import pytest
from PySide6.QtCore import QEvent, QPointF, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from planner.model.civil import weekday_date
from tests.ui.timeline.hands import (
    ALT,
    SHIFT,
    TODAY,
    frame_of,
    move,
    press,
    release,
    seen,
    spot,
)
from ui.timeline.board import Board


def test_a_drag_asks_for_the_move_it_shows(view, moves, chosen):
    press(view, seen(view, 5.5))
    for days in range(1, 8):
        move(view, seen(view, 5.5 + days))
        assert f"({days:+d} day" in view.pointer.readout.text
        assert weekday_date(view.drag.start) in view.pointer.readout.text
        assert view.drag.start == view.drag.block.start + days
    assert view.pointer.readout.text.startswith("Consolidation C1 D1 → Mon 16-Feb-2026 (+7 days)")
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


def test_a_drag_paints_only_what_it_changes(view, monkeypatch):
    names = []
    paint_names = Board.paint_names
    monkeypatch.setattr(Board, "paint_names", lambda *asked: (names.append(1), paint_names(*asked)))
    press(view, seen(view, 5.5))
    move(view, seen(view, 6.5))
    QApplication.sendPostedEvents(None, QEvent.Type.UpdateRequest)
    first, frame = frame_of(view), view.frame
    names.clear()
    move(view, seen(view, 12.5))
    QApplication.sendPostedEvents(None, QEvent.Type.UpdateRequest)
    assert not names
    last = frame_of(view)
    assert last != first
    for still in (QRect(0, 0, frame.header, frame.height), QRect(0, frame.body_bottom, frame.width, frame.height)):
        assert last.copy(still) == first.copy(still)
    assert view.pointer.readout.geometry().left() >= frame.header


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


def test_a_block_taken_again_knows_what_the_rules_said_until_the_plan_changes(view, timeline):
    asked = []
    view.preview = lambda _block, days: asked.append(days) or [("warning", "X")] * (days == 2)
    for _ in range(2):
        press(view, seen(view, 5.5))
        move(view, seen(view, 7.5))
        assert "Warning: X" in view.pointer.readout.text
        move(view, seen(view, 8.5))
        assert view.outlook == {2: "warning", 3: ""}
        QTest.keyClick(view, Qt.Key.Key_Escape)
        assert view.outlook == {}
    assert asked == [2, 3]
    view.show_plan(timeline, TODAY)
    press(view, seen(view, 5.5))
    move(view, seen(view, 7.5))
    assert asked == [2, 3, 2]
    QTest.keyClick(view, Qt.Key.Key_Escape)


def test_a_block_let_go_on_a_blocked_day_goes_back_and_says_why(view, moves):
    refused = []
    view.moveRefused.connect(refused.append)
    view.preview = lambda _block, days: (
        [("contraindicated", "IT-01 Vincristine near it"), ("warning", "X")] * (days == 2)
    )
    press(view, seen(view, 5.5))
    move(view, seen(view, 7.5))
    assert "goes back" in view.pointer.readout.text
    release(view, seen(view, 7.5))
    assert (moves, view.drag) == ([], None)
    assert refused == ["Not moved: IT-01 Vincristine near it. Move block (F2) shows all that would change."]
    press(view, seen(view, 5.5))
    move(view, seen(view, 8.5))
    release(view, seen(view, 8.5))
    assert moves == [("consolidation", 3)]
    assert len(refused) == 1


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


def test_the_same_finding_is_told_once_with_its_number_and_a_long_one_has_one_sign(view):
    long = "ST-04 " + "Intrathecal and other parenteral chemotherapy on one day " * 2
    view.preview = lambda _block, _days: [("warning", "VC-02 X"), ("advice", long), ("advice", long)]
    press(view, seen(view, 5.5))
    move(view, seen(view, 7.5))
    severities = [severity for severity, _ in view.pointer.readout.lines]
    assert severities.count("warning") == severities.count("advice") == 1
    assert "continued" in severities
    assert "×\u00a02" in view.pointer.readout.text
    QTest.keyClick(view, Qt.Key.Key_Escape)
