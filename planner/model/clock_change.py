"""When clocks are put forward or back, for what runs by the hour over such a night. The wall clock itself stays.

Which rule holds is the clinic's choice and never guessed from the computer: plans are carried from place to place.
EU: the last Sundays of March and October, at 01:00 UTC (Directive 2000/84/EC; so too the United Kingdom, Switzerland
and Norway). US: the second Sunday of March and the first of November, at 2:00 (Energy Policy Act of 2005; so too most
of Canada).
"""

from datetime import date, timedelta
from typing import NamedTuple

CLOCK_CHANGES = ("", "none", "eu", "us")
"""How the clinic's clocks change: nobody said, never, or by one of the two rules."""
SUNDAY = 6
HOUR = 60
AT = 2 * HOUR
"""Minutes from midnight by which the change counts; it really comes at 1:00 to 3:00, as the place has it."""


class ClockChange(NamedTuple):
    """The clocks are put forward by an hour on that day, or back where `minutes` is -60."""

    day: int
    minutes: int


def clock_changes(rule: str, start: tuple[int, int], end: tuple[int, int]) -> tuple[ClockChange, ...]:
    """The changes between two moments (day, minute), in order; none where the rule has none or nobody chose one."""
    years = range(date.fromordinal(start[0]).year, date.fromordinal(end[0]).year + 1)
    found = [change for year in years for change in _of_year(rule, year)]
    return tuple(one for one in found if start < (one.day, AT) < end)


def _of_year(rule: str, year: int) -> tuple[ClockChange, ...]:
    if rule == "eu":
        forward, back = _sunday_until(date(year, 3, 31)), _sunday_until(date(year, 10, 31))
    elif rule == "us":
        forward, back = _sunday_until(date(year, 3, 14)), _sunday_until(date(year, 11, 7))
    else:
        return ()
    return ClockChange(forward.toordinal(), HOUR), ClockChange(back.toordinal(), -HOUR)


def _sunday_until(day: date) -> date:
    """The last Sunday up to that day, included."""
    return day - timedelta((day.weekday() - SUNDAY) % 7)
