"""Spans of daily doses, and what counts as once a week."""

import pytest
from msgspec.structs import replace

from planner.exports.wording.doses import days_words, window_words
from planner.exports.wording.order_words import days_in_words
from planner.exports.wording.runs import by_day, is_weekly, split_runs
from planner.model.cycle_content import State
from planner.model.protocol import Days, Window
from planner.model.schedule import Event
from tests.exports.papers import course, shipped

COURSE = course()


def events_of(order_id: str) -> list[Event]:
    return [event for event in COURSE.schedule.events if event.placed.id == order_id]


def test_daily_tablets_are_one_run() -> None:
    runs, single = split_runs(events_of("induction/1/prednisone-po"))
    assert single == ()
    assert len(runs) == 1
    assert (runs[0].first.cycle_day, runs[0].last.cycle_day, len(runs[0].days), runs[0].doses_a_day) == (1, 28, 28, 2)


def test_a_step_in_the_dose_of_an_infusion_ends_the_run() -> None:
    first, _ = split_runs(events_of("blinatumomab/1/blina-step"))
    second, _ = split_runs(events_of("blinatumomab/1/blina-on"))
    assert [(len(run.days), run.first.cycle_day) for run in (*first, *second)] == [(7, 1), (21, 8)]


def test_injections_stay_single_days() -> None:
    runs, single = split_runs(events_of("consolidation/1/filgrastim-sc"))
    assert runs == ()
    assert len(single) == 8


def test_a_day_left_out_splits_a_run_in_three() -> None:
    events = events_of("induction/1/prednisone-po")
    changed = [one._replace(state=State.OMITTED) if one.cycle_day == 10 else one for one in events]
    runs, single = split_runs(changed)
    assert [(run.first.cycle_day, run.last.cycle_day) for run in runs] == [(1, 9), (11, 28)]
    assert [(day.first.cycle_day, len(day.events)) for day in single] == [(10, 2)]


def test_two_days_are_no_run() -> None:
    runs, single = split_runs(events_of("induction/1/prednisone-po")[:4])
    assert runs == ()
    assert len(single) == 2


def test_no_event_is_lost_or_doubled() -> None:
    for order in {event.placed.id for event in COURSE.schedule.events}:
        events = events_of(order)
        runs, single = split_runs(events)
        told = [event for run in runs for day in run.days for event in day.events]
        told += [event for day in single for event in day.events]
        assert sorted(told, key=lambda one: one[:3]) == sorted(events, key=lambda one: one[:3])


def test_weekly_is_judged_on_the_protocol() -> None:
    weekly = {
        event.placed.id
        for event in shipped("calgb-10403").schedule.events
        if event.placed.route == "PO" and is_weekly(event.placed)
    }
    assert {order.split("/")[2].split("-")[0] for order in weekly} == {"methotrexate"}
    assert {order.split("/")[0] for order in weekly} == {"maintenance"}
    assert not is_weekly(events_of("induction/1/prednisone-po")[0].placed)
    assert is_weekly(events_of("maintenance/1/methotrexate-po")[0].placed)


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        ((1, 8, 15), "D1, D8, D15"),
        ((1,), "D1"),
        ((1, 2), "D1, D2"),
        ((1, 2, 3, 4, 8), "D1 to D4 (4 days), D8"),
        ((-7, -6, -5, 0, 3), "D−7 to D−5 (3 days), D0, D3"),
    ],
)
def test_days_of_a_protocol_in_words(numbers: tuple[int, ...], text: str) -> None:
    assert days_in_words(Days(numbers)).replace("\u00a0", " ") == text


def test_an_open_end_is_said() -> None:
    assert days_in_words(replace(Days((5,)), to_end=True)) == "D5 to the end of the cycle"


def test_spans_and_windows_in_words() -> None:
    assert days_words(1, 84, 84).replace("\u00a0", " ") == "daily D1 to D84, 84 days"
    assert window_words(Window()) == ""
    assert window_words(Window(1, 3)).replace("\u00a0", " ") == "up to 1 day earlier or 3 days later"
    assert window_words(Window(0, 2)).replace("\u00a0", " ") == "up to 2 days later"


def test_doses_of_one_day_in_two_states_stand_apart() -> None:
    first, second, third = events_of("induction/1/prednisone-po")[:3]
    mixed = [first, second._replace(day=first.day, state=State.OMITTED), third._replace(day=first.day)]
    days = by_day(mixed)
    assert [[one.state for one in day.events] for day in days] == [
        [State.PLANNED, State.PLANNED],
        [State.OMITTED],
    ]
