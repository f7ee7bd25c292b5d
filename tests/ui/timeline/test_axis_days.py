"""The axis in the protocols' own days, and the days a dragged block may begin on."""

from datetime import date

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest

from planner.model.cycle_content import State
from planner.model.timeline import free_bar
from tests.ui.timeline.hands import move, press, release, seen
from ui.theme import LIGHT
from ui.timeline.axis import paint_axis
from ui.timeline.dates import day_numbers
from ui.timeline.drag import allowed, worst
from ui.timeline.geometry import DayScale
from ui.timeline.paint import Kit
from ui.timeline.painting import cycles_of

SHIFT = Qt.KeyboardModifier.ShiftModifier


def cycle(start, end, first, label="C1"):
    return free_bar("b/1", start, end, "cycle", "", State.PLANNED, label, "", "b", numbering=((start, first),))


def test_every_day_has_the_number_of_its_cycle(view):
    cycles = cycles_of(view.scene)
    first, last = view.scene.timeline.start - 3, view.scene.timeline.end + 3
    fields = {one.start: one for one in day_numbers(cycles, first, last, 30.0)}
    wanted = {}
    for bar in reversed(cycles):
        for day in range(bar.start, bar.end):
            wanted[day] = bar.day_number(day)
    numbers = {day: number for day, number in wanted.items() if number is not None}
    assert {day: int(one.texts[-1]) for day, one in fields.items()} == numbers


def test_a_hundred_overlapping_cycles_are_numbered_by_the_first():
    cycles = [cycle(100 + number * 2, 121 + number * 2, 1, f"C{number}") for number in range(100)]
    numbers = {one.start: one.texts for one in day_numbers(cycles, 90, 400, 30.0)}
    assert sorted(numbers) == list(range(100, 319))
    for day, texts in numbers.items():
        first = next(one for one in cycles if one.start <= day < one.end)
        assert texts[-1] == str(first.day_number(day))


@pytest.mark.parametrize(("per_day", "texts"), [(5.0, ["D1", "D8"]), (2.0, ["C1"])])
def test_narrow_days_show_weeks_or_cycles(per_day, texts):
    fields = list(day_numbers([cycle(100, 114, 1)], 90, 120, per_day))
    assert [one.texts[-2] if len(one.texts) > 1 else one.texts[0] for one in fields] == texts
    assert [(one.start, one.end) for one in fields] == ([(100, 107), (107, 114)] if len(texts) > 1 else [(100, 114)])


def test_where_blocks_overlap_the_upper_one_counts():
    fields = list(day_numbers([cycle(105, 110, 1), cycle(100, 120, 0, "C2")], 90, 130, 30.0))
    assert [one.texts[-1] for one in sorted(fields, key=lambda one: one.start)] == [
        *map(str, range(5)), *map(str, range(1, 6)), *map(str, range(10, 20)),
    ]  # fmt: skip


def test_the_key_of_the_axis_changes_what_is_painted(view):
    before = view.viewport().grab().toImage()
    view.switch_axis()
    assert view.viewport().grab().toImage() != before
    view.switch_axis()
    assert view.viewport().grab().toImage() == before


def test_allowed_days():
    outlook = {0: "", 1: "warning", 2: "contraindicated", 3: "advice", -4: ""}
    assert [allowed(outlook, days) for days in (0, 1, 2, 3, 9, -9)] == [0, 0, 3, 3, 3, -4]
    assert allowed({}, 5) == allowed({5: "warning"}, 5) == 5
    assert worst((("advice", "a"), ("contraindicated", "b"), ("warning", "c"))) == "contraindicated"
    assert worst(()) == ""


def test_a_drag_marks_what_the_rules_say_of_the_days_around_and_shift_lands_on_allowed_ones(view, qtbot):
    says = {days: () if days % 3 == 0 else (("warning", f"R{days}"),) for days in range(-40, 40)}
    asked, moves = [], []
    view.preview = lambda block, days: asked.append((block, days)) or says[days]
    view.moveRequested.connect(lambda block, days: moves.append((block, days)))
    press(view, seen(view, 5.5))
    move(view, seen(view, 9.5))
    qtbot.waitUntil(lambda: len(view.outlook) >= 21)
    assert view.outlook == {days: worst(says[days]) if days else "" for days in view.outlook}
    assert set(range(-6, 15)) <= set(view.outlook)
    assert len(asked) == len(set(asked))
    view.viewport().grab()
    mouse_move_with_shift(view, seen(view, 9.5))
    assert view.drag.delta == 3
    release(view, seen(view, 9.5))
    assert moves == [("consolidation", 3)]
    assert view.outlook == {}


def test_nothing_is_asked_after_escape(view, qtbot):
    asked = []
    view.preview = lambda block, days: asked.append(days) or ()
    press(view, seen(view, 5.5))
    move(view, seen(view, 9.5))
    QTest.keyClick(view, Qt.Key.Key_Escape)
    count = len(asked)
    qtbot.wait(30)
    assert len(asked) == count
    release(view, seen(view, 9.5))


def mouse_move_with_shift(view, at):
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QApplication

    place, left = view.viewport().mapToGlobal(at), Qt.MouseButton.LeftButton
    QApplication.sendEvent(
        view.viewport(), QMouseEvent(QEvent.Type.MouseMove, at, place, Qt.MouseButton.NoButton, left, SHIFT)
    )


@pytest.mark.parametrize("per_day", [18.0, 20.0, 46.0, 100.0])
@pytest.mark.parametrize("part", [0.0, 0.3, 0.5, 0.7, 0.95])
def test_no_day_is_cut_at_an_edge_of_the_axis(qapp, monkeypatch, per_day, part):
    """Of 17 the edge left 7, which is another day."""
    kit, written = Kit(LIGHT), []
    scale = DayScale(date(2026, 11, 17).toordinal() + part, per_day, 500.0)

    def keep(_kit, _painter, _middle, texts, _color, face="small"):
        written.extend((x, text) for x, text in texts if face == "small")

    monkeypatch.setattr(Kit, "write_row", keep)
    picture = QImage(500, 60, QImage.Format.Format_RGB32)
    painter = QPainter(picture)
    paint_axis(painter, kit, scale, 0, (None, 700_000))
    painter.end()
    assert written
    assert all(x >= 0 and x + kit.width(text) <= 500 for x, text in written)
