"""Where a medicine goes on behind the days of a supply sheet: how far, and with which dose after that."""

from collections.abc import Mapping

from planner.exports.wording.doses import NOT_TO_BE_GIVEN, dose_each_time, is_to_enter, is_unsure
from planner.exports.wording.runs import is_weekly
from planner.model.civil import weekday_date
from planner.model.cycle_content import State
from planner.model.going_on import goes_beyond
from planner.model.language import glued
from planner.model.schedule import Event
from planner.model.wish import Wish

WEEK = 7


def further(last: Event, taken: Mapping[int, Event], wish: Wish, micrograms: str) -> str:
    """That the drug goes on behind the last day asked for: "to Sun 24-Jan-2027" of an extract read as its end.

    Up to where its dose changes, with the new one: "25 mg, goes on after" ran over two weeks of 37.5 mg. And from which
    day on an open decision holds it up.
    """
    following = _next(taken, last, last.day)
    if last.state in NOT_TO_BE_GIVEN or not following or wish.covers(following):
        return ""
    return _how_far(last, taken, following, micrograms) + _unsure(last, taken, following)


def _how_far(last: Event, taken: Mapping[int, Event], following: int, micrograms: str) -> str:
    day = last.day
    words = "goes on after"
    if _amount_of(taken[following]) == _amount_of(last):
        while following and _amount_of(taken[following]) == _amount_of(last):
            day, following = following, _next(taken, last, following)
        if not following:
            return f"{words}, no end planned" if goes_beyond(taken[day]) else f"{words}, {to_day(day)}"
        words += f", {to_day(day)}"
    dose = dose_each_time(taken[following], micrograms)
    dose = "a dose to be entered" if is_to_enter(taken[following]) else dose
    then = f"from {glued(weekday_date(following))} with {dose}"
    end = following
    while ahead := _next(taken, last, end):
        end = ahead
    then += ", no end planned" if goes_beyond(taken[end]) else ""
    return f"{words}, {then}" if day > last.day else f"goes on {then}"


def _unsure(last: Event, taken: Mapping[int, Event], following: int) -> str:
    """From which day on it is provisional, or its dose is; empty where its last day told is so too."""
    if last.state is State.PROVISIONAL:
        return ""
    while following and taken[following].state is not State.PROVISIONAL:
        following = _next(taken, last, following)
    if not following:
        return ""
    what = "provisional" if is_unsure(taken[following]) else "its dose provisional"
    return f"; {what} {glued(f'from {weekday_date(following)}')}"


def _next(taken: Mapping[int, Event], last: Event, day: int) -> int:
    """The next day on which a drug is taken after a day, where it goes on; 0 where it pauses.

    Of a weekly one also where one week is left out: on days of intrathecal methotrexate none is taken by mouth.
    """
    steps = (WEEK, 2 * WEEK) if is_weekly(last.placed) else (1,)
    return next((day + step for step in steps if day + step in taken), 0)


def _amount_of(event: Event) -> object:
    return event.dose and (event.dose.value, event.dose.unit)


def to_day(day: int) -> str:
    return glued(f"to {weekday_date(day)}")
