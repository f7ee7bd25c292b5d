"""What the date axis says at each zoom: months over days or weeks, years over months. No Qt types."""

from collections.abc import Iterator, Sequence
from datetime import date

from msgspec import Struct

from planner.model.civil import WEEKDAYS, add_months
from planner.model.timeline import Bar
from ui.tongue import say

DAYS_WITH_NAMES, DAYS, WEEKS_WITH_NAMES, WEEKS, MONTHS_FROM = 46.0, 18.0, 7.0, 4.5, 1.1
"""Pixels a day from which the lower row shows named days, days, named weeks, weeks, months; below that quarters."""
WEEKENDS_FROM = 3.0
"""Pixels a day from which weekends are shaded."""
LONG_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


class Interval(Struct, frozen=True):
    """One field of the axis, from day `start` up to, not including, `end`, with the texts for it, longest first."""

    start: int
    end: int
    texts: tuple[str, ...]
    weekend: bool = False


def upper(first: int, last: int, per_day: float) -> Iterator[Interval]:
    """The upper row: months, or years where the lower row already shows months."""
    step = 1 if per_day >= WEEKS else 12
    for start, end in _months(first, last, step):
        year = str(start.year)
        long, short = say(LONG_MONTHS[start.month - 1]), _short(start)
        texts = (f"{long} {year}", f"{short} {year}", short)
        yield Interval(start.toordinal(), end.toordinal(), texts if step == 1 else (year,))


def lower(first: int, last: int, per_day: float) -> Iterator[Interval]:
    """The lower row: days, weeks by their Monday, months or quarters."""
    if per_day >= DAYS:
        yield from _days(first, last, per_day >= DAYS_WITH_NAMES)
    elif per_day >= WEEKS:
        yield from _weeks(first, last, per_day >= WEEKS_WITH_NAMES)
    elif per_day >= MONTHS_FROM:
        for start, end in _months(first, last, 1):
            yield Interval(start.toordinal(), end.toordinal(), (_short(start), _short(start)[0].upper()))
    else:
        for start, end in _months(first, last, 3):
            yield Interval(start.toordinal(), end.toordinal(), (say("Q{number}", number=start.month // 3 + 1),))


def day_numbers(cycles: Sequence[Bar], first: int, last: int, per_day: float) -> Iterator[Interval]:
    """The lower row in the protocols' own days: day numbers, every seventh of them, or cycles where days are narrow.

    Where blocks overlap, the cycle that stands first in `cycles` counts.
    """
    free = [(first, last)]
    for cycle in cycles:
        if not free:
            return
        start, after = cycle.start, cycle.end
        for begin, end in free:
            if begin < after and start < end:
                yield from _numbered(cycle, max(begin, start), min(end, after), per_day)
        parts = [part for begin, end in free for part in ((begin, min(end, start)), (max(begin, after), end))]
        free = [(begin, end) for begin, end in parts if begin < end]


def _numbered(cycle: Bar, begin: int, end: int, per_day: float) -> Iterator[Interval]:
    if per_day < WEEKS:
        yield Interval(begin, end, (cycle.label,))
        return
    for day in range(begin, end):
        number = cycle.day_number(day)
        if number is not None and (per_day >= DAYS or number % 7 == 1):
            after = day + 1 if per_day >= DAYS else min(day + 7, end)
            named = (f"{cycle.label} D{number}",) if number % 7 == 1 else ()
            yield Interval(day, after, (*named, f"D{number}", str(number)), per_day >= DAYS and is_weekend(day))


def weekends(first: int, last: int) -> Iterator[tuple[int, int]]:
    """Saturday and Sunday as pairs of first day and day after; `first` may fall on a Sunday."""
    saturday = first - (first - 6) % 7
    for day in range(saturday, last, 7):
        yield day, day + 2


def is_weekend(day: int) -> bool:
    """Whether that ordinal is a Saturday or a Sunday."""
    return (day - 1) % 7 >= 5


def _days(first: int, last: int, named: bool) -> Iterator[Interval]:
    for day in range(first, last):
        on = date.fromordinal(day)
        number = str(on.day)
        texts = (f"{say(WEEKDAYS[on.weekday()])} {number}", number) if named else (number,)
        yield Interval(day, day + 1, texts, is_weekend(day))


def _weeks(first: int, last: int, named: bool) -> Iterator[Interval]:
    monday = first - (first - 1) % 7
    for day in range(monday, last, 7):
        on = date.fromordinal(day)
        yield Interval(day, day + 7, (f"{say(WEEKDAYS[0])} {on.day}", str(on.day)) if named else (str(on.day),))


def _short(day: date) -> str:
    """The month's name in three letters."""
    return say(LONG_MONTHS[day.month - 1])[:3]


def _months(first: int, last: int, step: int) -> Iterator[tuple[date, date]]:
    """Spans of `step` months (1, 3 or 12) that begin in step with the year."""
    on = date.fromordinal(max(first, 1))
    start = date(on.year, (on.month - 1) // step * step + 1, 1)
    while start.toordinal() < last:
        end = add_months(start, step)
        yield start, end
        start = end
