"""Where a medicine goes on behind the days of a supply sheet: how far, and with which dose after that."""

from collections.abc import Mapping

from planner.exports.wording.doses import NOT_TO_BE_GIVEN, dose_each_time, is_to_enter
from planner.exports.wording.runs import is_weekly
from planner.model.civil import weekday_date
from planner.model.going_on import goes_beyond
from planner.model.language import glued
from planner.model.schedule import Event
from planner.model.wish import Wish

WEEK = 7


def further(last: Event, taken: Mapping[int, Event], wish: Wish, micrograms: str) -> str:
    """That the drug goes on behind the last day asked for: "to Sun 24-Jan-2027" of an extract read as its end.

    Up to where its dose changes, with the new one: "25 mg, goes on after" ran over two weeks of 37.5 mg.
    """
    day = last.day
    following = _next(taken, last, day)
    if last.state in NOT_TO_BE_GIVEN or not following or wish.covers(following):
        return ""
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
