"""The calendar of weeks: the same events as the schedule, one selection with all other views, keys and pointer."""

from datetime import date
from unittest.mock import patch

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from planner.model.cycle_content import State
from planner.model.finding import FindingStatus
from planner.model.plan import Given, GivenRecord
from planner.services.evaluation import evaluate
from planner.services.verbs.recording import record_given
from tests.golden.cases import library
from tests.services.courses_at_hand import plan_of
from tests.ui.desks import NOON, nudge, open_desk
from ui.calendar.view import HEAD, LEAST_DAY, _unfolded
from ui.calendar.weeks import Day, Entry, days_of, first_day, is_unrecorded, months_text, spoken
from ui.timeline.paint import Kit


@pytest.fixture
def desk(qtbot, tmp_path):
    with open_desk(qtbot, tmp_path / "data", demo=True) as made:
        made.window.act("calendar")
        yield made


def test_every_event_stands_on_its_day(desk):
    evaluated = desk.document.evaluated
    days = days_of(evaluated)
    shown = {(day, order) for day, found in days.items() for entry in found.entries for order in entry.orders}
    assert shown == {(event.day, event.placed.id) for event in evaluated.schedule.events}


def test_open_findings_mark_their_days_with_the_worst(desk):
    evaluated = desk.document.evaluated
    days = days_of(evaluated)
    for finding in evaluated.findings:
        if finding.status is FindingStatus.OPEN:
            assert all(days[day].severity for day in finding.days if day in days)


def test_the_months_in_sight_are_named(desk):
    calendar = desk.window.furniture.calendar
    calendar.go_to(date(2026, 11, 22).toordinal())
    calendar.grab()
    assert "November" in calendar.months
    assert months_text(date(2026, 11, 2), date(2026, 11, 29)) == "November 2026"
    assert months_text(date(2026, 11, 2), date(2026, 12, 6)) == "November – December 2026"
    assert months_text(date(2026, 12, 2), date(2027, 1, 6)) == "December 2026 – January 2027"


@pytest.mark.parametrize("starts", range(7))
def test_weeks_begin_on_the_chosen_day(starts):
    for day in range(739_900, 739_920):
        first = first_day(day, starts)
        assert (first - 1) % 7 == starts
        assert 0 <= day - first < 7


def test_calendar_takes_the_place_of_the_timeline_and_gives_it_back(desk):
    window = desk.window
    assert window.centre.currentWidget() is window.furniture.calendar
    window.select("blinatumomab")
    nudge(window, "later_week")
    assert window.centre.currentWidget() is window.furniture.calendar
    window.act("timeline")
    assert window.centre.currentWidget() is window.timeline


def test_selection_goes_both_ways(desk):
    window, calendar = desk.window, desk.window.furniture.calendar
    event = next(one for one in desk.document.evaluated.schedule.events if one.placed.agent == "dexamethasone")
    window._select_event(event)
    assert calendar.day == event.day
    assert calendar._chosen == event.placed.id
    calendar.go_to(event.day)
    cell = calendar._cell(event.day)
    QTest.mouseClick(calendar.viewport(), Qt.MouseButton.LeftButton, pos=cell.topLeft() + QPoint(40, 30))
    first = calendar.days[event.day].entries[0].event
    assert window.subject.events[0].placed.id == first.placed.id


def test_keys_lead_through_days_and_entries(qtbot, desk):
    calendar = desk.window.furniture.calendar
    calendar.go_to(calendar.today)
    for key, days in ((Qt.Key.Key_Right, 1), (Qt.Key.Key_Down, 7), (Qt.Key.Key_Left, -1), (Qt.Key.Key_Up, -7)):
        before = calendar.day
        qtbot.keyClick(calendar, key)
        assert calendar.day == before + days
    qtbot.keyClick(calendar, Qt.Key.Key_Home)
    assert calendar.day == min(calendar.days)
    entries = calendar.days[calendar.day].entries
    for entry in entries:
        qtbot.keyClick(calendar, Qt.Key.Key_Return)
        assert desk.window.subject.events[0].placed.id == entry.event.placed.id
    assert entries[0].text in spoken(calendar.day, calendar.days[calendar.day], calendar.today)
    assert calendar.accessibleDescription() == spoken(calendar.day, calendar.days[calendar.day], calendar.today)


def test_drug_and_dose_are_never_cut(desk):
    calendar = desk.window.furniture.calendar
    for width in (60, 112, 200):
        for day in calendar.days.values():
            for entry, text in calendar._lines(day, width):
                if entry and entry.dose:
                    assert text in (entry.text, entry.name, entry.dose)


def test_crowded_days_count_what_is_left(desk):
    calendar = desk.window.furniture.calendar
    for day in calendar.days.values():
        lines = calendar._lines(day, 112)
        told = {id(entry) for entry, _ in lines if entry}
        counted = int(lines[-1][1].split()[1]) if lines[-1][0] is None else 0
        assert len(told) + counted == len(day.entries)


def test_the_weeks_in_sight_stay_when_the_window_grows(desk):
    """On a large screen the calendar opened months before today: it was scrolled before it had its size."""
    calendar = desk.window.furniture.calendar
    calendar.resize(700, 400)
    calendar.go_to(date(2026, 12, 20).toordinal())
    first = calendar.day_at(QPoint(5, 50))
    for height in (900, 2000, 400):
        calendar.resize(700, height)
        assert calendar.day_at(QPoint(5, 50)) == first


def test_a_large_screen_shows_more_weeks_and_not_emptier_ones(desk):
    calendar = desk.window.furniture.calendar
    heights = {}
    for height in (700, 2000):
        calendar.resize(700, height)
        heights[height] = calendar._height
    assert heights[2000] <= 2 * heights[700] < 400


def test_what_was_given_does_not_look_as_if_it_were_planned(desk):
    """Promise C19; the days before and after the last record read the same."""
    calendar, document = desk.window.furniture.calendar, desk.document
    day = date(2026, 11, 18).toordinal()
    calendar.go_to(day)
    calendar.resize(900, 500)

    def picture(of):
        return calendar.viewport().grab(calendar._cell(of)).toImage()

    planned, other = picture(day), picture(day + 1)
    event = next(one for one in document.evaluated.schedule.events if one.day == day and one.dose)
    where = (event.placed.block.id, event.placed.cycle, event.cycle_day, event.placed.order.id, 0)
    record = GivenRecord(*where, Given.GIVEN, event.date, event.dose.value, event.dose.unit, "A nurse")
    schedule = document.evaluated.schedule
    assert document.edit("Record", lambda plan: record_given(plan, schedule, record, NOON.date()))
    calendar.resize(900, 500)
    calendar.go_to(day)
    assert picture(day) != planned
    assert picture(day + 1) == other
    assert "(given)" in spoken(day, calendar.days[day], calendar.today)


def test_a_dose_of_a_past_day_that_nobody_recorded_has_a_sign_of_its_own(desk):
    calendar = desk.window.furniture.calendar
    past, coming = calendar.today - 1, calendar.today + 1
    calendar.go_to(past)
    calendar.resize(900, 500)
    assert "(not recorded)" in spoken(past, calendar.days[past], calendar.today)
    assert "(not recorded)" not in spoken(coming, calendar.days[coming], calendar.today)
    entries = [entry for entry in calendar.days[past].entries if entry.event.dose]
    assert all(is_unrecorded(one, calendar.today) and not is_unrecorded(one, past) for one in entries)
    told = calendar.viewport().grab(calendar._cell(past)).toImage()
    calendar.today = past
    assert calendar.viewport().grab(calendar._cell(past)).toImage() != told


def test_doses_of_one_drug_stand_below_each_other_where_one_line_is_too_narrow(desk):
    event = desk.document.evaluated.schedule.events[0]
    both = Entry("Methotrexate", "381 mg + 1,522 mg IV", "infusion", State.PLANNED, event, ("a", "b"))
    assert both.lines(fits=True) == ["381 mg + 1,522 mg IV"]
    assert both.lines(fits=False) == ["381 mg", "+ 1,522 mg IV"]
    calendar = desk.window.furniture.calendar
    width = round(calendar.kit.width(both.dose, "small"))
    shown = [text for _, text in calendar._lines(Day((both,)), width)]
    assert shown == ["Methotrexate", "381 mg", "+ 1,522 mg IV"], "the cell's margins take the rest"


def test_a_narrow_view_scrolls_sideways_instead_of_cutting_the_names_of_drugs(qtbot, desk):
    desk.window.act("calendar")
    calendar = desk.window.furniture.calendar
    calendar.resize(300, 400)
    lines = {
        text for day in calendar.days.values() for _, text in calendar._lines(day, calendar._cell(calendar.day).width())
    }
    assert any(text.startswith("Dasatinib") for text in lines)
    assert all(calendar.kit.width(text) < calendar._cell(calendar.day).width() for text in lines if "asatinib" in text)
    calendar.go_to(calendar.today)
    for step in range(7):
        calendar.go_to(calendar.today - step)
        cell = calendar._cell(calendar.day)
        assert cell.left() >= 0
        assert cell.right() < calendar.viewport().width()
        assert calendar.day_at(cell.center()) == calendar.day


def test_the_week_of_today_stands_below_the_last_one_when_the_calendar_opens(desk):
    """It stood at the lower edge: four weeks that are over, and nothing of what comes."""
    calendar = desk.window.furniture.calendar
    calendar.grab()

    def row_of_today():
        return (calendar._cell(calendar.today).top() - HEAD) / calendar._height

    assert row_of_today() == 1
    for action, days in (("page_on", 28), ("page_back", 0), ("page_back", -28)):
        desk.window.act(action)
        assert calendar.day - calendar.today == days
    desk.window.act("today")
    assert (calendar.day, row_of_today()) == (calendar.today, 1)


def test_what_only_the_timeline_can_show_brings_it_to_the_front(desk):
    for action in ("fit_all", "span_week", "axis"):
        desk.window.act("calendar")
        desk.window.act(action)
        assert desk.window.centre.currentWidget() is desk.window.timeline, action


def test_a_bag_says_that_it_is_one_beside_its_drug(desk):
    """ "Blinatumomab: …" was a bag that is hung or the pump that comes off."""
    calendar = desk.window.furniture.calendar
    for width, words in ((112, "bag"), (400, "Blinatumomab: bag")):
        lines = [line for day in calendar.days.values() for line in calendar._lines(day, width)]
        assert {text for entry, text in lines if entry and entry.name == "Blinatumomab: bag"} == {words}


def test_a_title_has_a_second_line_where_its_day_has_one_to_spare(desk):
    kit, day = desk.window.furniture.calendar.kit, next(iter(desk.window.furniture.calendar.days.values()))
    title = replace(day.entries[0], name="Blood counts before the next cycle", dose="")
    room = round(kit.width("Blood counts before", "small")) + 1
    lines = [(title, title.text), (None, "+ 2 more")]
    assert [text for _, text in _unfolded(kit, lines, room, 0)] == [title.text, "+ 2 more"]
    told = _unfolded(kit, lines, room, 1)
    assert [text for _, text in told] == ["Blood counts before", "the next cycle", "+ 2 more"]
    assert [entry for entry, _ in told] == [title, title, None]


def test_a_drug_whose_name_is_wider_than_a_day_stands_there_whole(desk):
    """ "Cyclophospham…" stood on its days at the size the window is made for."""
    shown = evaluate(plan_of("hyper-cvad"), library())
    calendar, written = desk.window.furniture.calendar, []
    calendar.resize(7 * LEAST_DAY, 700)
    calendar.show_plan(shown, shown.schedule.blocks[0].start, 0)
    calendar.go_to(shown.schedule.blocks[0].start)

    def write(kit, painter, at, text, color, face="small"):
        written.append((text, kit.width(text, face) * painter.transform().m11()))

    with patch.object(Kit, "write", write):
        calendar.grab()
    names = {event.placed.agent_name for event in shown.schedule.events if event.dose}
    told = {text: width for text, width in written if any(name.startswith(text.rstrip("…")) for name in names)}
    assert "Cyclophosphamide" in told
    assert not any(text.endswith("…") for text in told)
    assert max(told.values()) <= LEAST_DAY
