"""Days between two day sheets that have no line to sign on: what is taken or may go on then, and how long."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from planner.exports.sheets.day.runs import Day
from planner.exports.sheets.sheet import Line
from planner.exports.wording.doses import NOT_TO_BE_GIVEN, doses_a_day, is_to_enter
from planner.exports.wording.order_words import once_a_week_words
from planner.exports.wording.text import counted, listed
from planner.model.civil import weekday_date
from planner.model.day_words import in_a_row
from planner.model.going_on import goes_beyond
from planner.model.language import glued
from planner.model.schedule import Event

MOST_RUNS = 3
"""Stretches of days that are named; of more, how many days they are and which is the last."""
FOR_LINES = "To get lines for a ward, print these days alone."


def without_lines(days: Sequence[Day], going: Mapping[int, Sequence[Event]]) -> tuple[Line, ...]:
    """That days have no line to sign on, and what is due then: silence read as nothing.

    Each medicine with its own days: prednisone of five days, named beside tablets of every day, was read as one of four
    weeks, and methotrexate of once a week as one of every day.
    """
    taken: dict[str, list[Event]] = defaultdict(list)
    goes: dict[str, list[int]] = defaultdict(list)
    for day, events in days:
        for one in events:
            if one.state not in NOT_TO_BE_GIVEN:
                taken[one.placed.agent_name].append(one)
        for one in going.get(day, ()):
            goes[one.placed.agent_name].append(day)
    due = sorted(
        {one.day for events in taken.values() for one in events} | {day for days in goes.values() for day in days}
    )
    if not due:
        return ()
    span = range(due[0], due[-1] + 1)
    home = [f"{name}{_when(events, span)}" for name, events in taken.items()]
    may = [f"{name}{_days([*days], span)}" for name, days in goes.items() if name not in taken]
    told = [f"At home: {'; '.join(home)}."] if home else []
    told += [f"May still go on: {'; '.join(may)}."] if may else []
    dates = " to ".join(dict.fromkeys(glued(weekday_date(day)) for day in (due[0], due[-1])))
    return (Line(f"{dates}: this sheet has no lines to sign on. {' '.join(told)} {FOR_LINES}"),)


def _when(events: Sequence[Event], span: range) -> str:
    if weekly := once_a_week_words(events[0]):
        return f" {weekly}"
    last = glued(weekday_date(events[-1].day))
    beyond = f", and goes on after {last}" if goes_beyond(events[-1]) else ""
    often = f" {counted(doses_a_day(events[0].placed), 'time')} a day," if doses_a_day(events[0].placed) > 1 else ""
    dose = " (dose to be entered)" if is_to_enter(events[0]) else ""
    return f"{dose}{often}{_days(sorted({one.day for one in events}), span, every=' every day')}{beyond}"


def _days(days: Sequence[int], span: range, every: str = "") -> str:
    """On which of these days: all, those up to one of them, those between two, or how many."""
    first, last = (glued(weekday_date(day)) for day in (days[0], days[-1]))
    if len(days) == len(span):
        return every
    if len(days) == 1:
        return f" on {first}"
    if days[-1] - days[0] >= len(days):
        runs = in_a_row(days)
        ends = [dict.fromkeys(glued(weekday_date(day)) for day in (run[0], run[-1])) for run in runs]
        dates = listed([" to ".join(one) for one in ends])
        return f" {dates}" if len(runs) <= MOST_RUNS else f" on {counted(len(days), 'day')}, the last {last}"
    return f" to {last}" if days[0] == span[0] else f" from {first} to {last}"
