"""Promises about dragging: what is told is where it lands (U1, U2) and what the rules say (U3); no trace (U4)."""

import re
from datetime import date
from itertools import pairwise
from random import Random
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from planner.model.civil import weekday_date
from planner.services.verbs import editing
from tests.promises.said import at_last
from tests.ui.desks import open_desk
from tests.ui.timeline.hands import move, press, release, seen, spot
from ui.dialogs.change_text import new_findings
from ui.timeline.area import hidden_lanes


def test_a_drag_in_twenty_steps_tells_each_day_it_would_land_on(view, moves):
    """U1: the text of each step against the calendar, read back by a parser of its own; error 0 days.

    It stands above the lanes: where the doses land has to be seen.
    """
    first = view.scene.find("consolidation").bar.start
    press(view, seen(view, 5.5))
    for step in range(1, 21):
        move(view, seen(view, 5.5 + step * 0.9))
        days = round(step * 0.9)
        text = view.pointer.readout.text
        said = re.match(r"Consolidation C1 D1 → (\w{3} \d\d-\w{3}-\d{4}) \(([+-]?\d+) days?\)", text)
        assert said, text
        assert int(said[2]) == view.drag.delta == days
        assert said[1] == date.fromordinal(first + days).strftime("%a %d-%b-%Y") == weekday_date(first + days)
        assert view.pointer.readout.geometry().bottom() < view.frame.blocks_top
        assert view.focus.dragged  # the block itself stays, dimmed
    release(view, seen(view, 5.5 + 18))
    assert moves == [("consolidation", 18)]


def test_a_hundred_drags_land_on_their_day(view, moves):
    """U2: let go up to 7 px beside the middle of a day, 100 of 100 land on it."""
    chance, wanted = Random(2), []
    view.show_span("1 cycle")
    assert view.scale.per_day > 14.1
    reach = 7.0
    for _ in range(100):
        view.go_to(view.scene.find("consolidation").bar.start + 20.5)
        days = chance.choice([number for number in range(-8, 9) if number])
        at = seen(view, 20.5)
        press(view, at)
        target = at + QPointF(days * view.scale.per_day + chance.uniform(-reach, reach), 0)
        move(view, target)
        release(view, target)
        wanted.append(("consolidation", days))
    assert moves == wanted


def test_the_line_of_today_stands_on_its_day_and_changes_nothing_else(view):
    """U9: at five dates the line runs from the top to the bottom of the lanes, labelled with the day."""
    view.show_span("All")
    frame, shown = view.frame, {}
    for today in (view.today - 20, view.today, view.today + 40, view.today + 90, view.today + 200):
        view.show_plan(view.scene.timeline, today)
        view.show_span("All")
        shown[today] = view.viewport().grab().toImage()
    days = list(shown)
    for one, other in pairwise(days):
        x = round(frame.header + view.scale.x(other + 0.5))
        different = [
            y
            for y in range(frame.body_top, frame.body_bottom)
            if any(shown[one].pixelColor(x + near, y) != shown[other].pixelColor(x + near, y) for near in (-1, 0, 1))
        ]
        assert len(different) > 0.6 * (frame.body_bottom - frame.body_top)


@pytest.mark.parametrize("seed", range(30))
def test_what_is_out_of_sight_is_counted_at_thirty_sizes(view, seed):
    """U11: rows above, in sight and below are all rows, and the window says their number."""
    chance = Random(seed)
    view.resize(chance.randint(500, 1800), chance.randint(260, 900))
    view.verticalScrollBar().setValue(chance.randint(0, max(1, view.verticalScrollBar().maximum())))
    above, below = view.frame.hidden_rows(view.scene.body)
    rows = [row for row in view.scene.body if row.height]
    top, bottom = view.frame.body_top, view.frame.body_bottom
    inside = [row for row in rows if view.frame.y(row) < bottom and view.frame.y(row) + row.height > top]
    assert above + len(inside) + below == len(rows)
    told = [words for words, _ in hidden_lanes(SimpleNamespace(frame=view.frame, scene=view.scene))]
    counts = [("▴", above), ("▾", below)]
    assert told == [f"{sign} {count} {'lane' if count == 1 else 'lanes'}" for sign, count in counts if count]


def hold(desk, name="blinatumomab"):
    view = desk.window.timeline
    view.go_to(view.scene.find(name).bar.start)
    press(view, spot(view, name, 3.5))
    return view, spot(view, name, 3.5)


@pytest.mark.parametrize(
    "reach", [range(-4, 6), pytest.param(range(-14, 29), marks=pytest.mark.slow)], ids=["few", "all"]
)
@pytest.mark.timeout(600)
def test_over_every_day_of_a_cycle_the_verdict_is_the_rule_engines(qtbot, tmp_path, reach):
    """U3: each day of a cycle under the pointer; the findings told are those of the plan so moved, judged afresh."""
    with open_desk(qtbot, tmp_path / "data", demo=True) as desk:
        evaluated = desk.document.evaluated
        site = desk.document.site()
        desk.window.timeline.show_span("3 months")
        view, start = hold(desk)
        told = {}
        for days in filter(None, reach):
            move(view, start + QPointF(days * view.scale.per_day, 0))
            told[view.drag.delta] = view.pointer.readout.lines
        QTest.keyClick(view, Qt.Key.Key_Escape)
        assert sorted(told) == [days for days in reach if days]
        before = at_last(evaluated.plan, site)
        for days, lines in told.items():
            after = at_last(editing.move_block(evaluated.plan, "blinatumomab", days), site)
            wanted = sorted({(one.severity, f"{one.rule} {one.title}") for one in new_findings(before, after)})
            text = " ".join(words for _, words in lines)
            assert all(f"{severity.capitalize()}: {title}" in text for severity, title in wanted), (days, wanted, text)
            graver = len(re.findall(r"(?:Contraindicated|Warning): ", text))
            assert graver == len([one for one in wanted if one[0] in ("contraindicated", "warning")]), days
            assert ("No new finding" in text) == (not wanted and "Advice" not in text), days


@pytest.mark.parametrize("drags", [8, pytest.param(200, marks=pytest.mark.slow)])
def test_drags_given_up_leave_the_store_byte_for_byte(qtbot, tmp_path, drags):
    """U4: by Esc, by a press alone, by letting go outside: nothing is written."""
    chance = Random(4)
    with open_desk(qtbot, tmp_path / "data", demo=True) as desk:
        desk.document.save_now()
        before = {one: one.read_bytes() for one in (tmp_path / "data").rglob("*.db")}
        assert before
        evaluated = desk.document.evaluated
        for number in range(drags):
            view, at = hold(desk)
            if number % 3:
                move(view, at + QPointF(chance.randint(-9, 20) * view.scale.per_day, chance.randint(-5, 60)))
            if number % 3 == 1:
                QTest.keyClick(view, Qt.Key.Key_Escape)
            release(view, QPointF(at.x(), -50) if number % 3 == 2 else at)
            assert desk.document.evaluated is evaluated
        desk.document.save_now()
        assert {one: one.read_bytes() for one in (tmp_path / "data").rglob("*.db")} == before
        assert desk.document.stack.count() == 0
