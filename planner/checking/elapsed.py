"""The time between two moments, as far as the schedule knows it.

Calendar days count as 24 h: a dose on the next day is 24 h later where one of the two has no clock time. On the same
day without clock times nothing is known but that it is less than 24 h.
"""

from planner.checking.hits import on_day
from planner.model.civil import clock
from planner.model.rule_values import Duration
from planner.model.schedule import Event

DAY = 24 * 60


def minutes_between(earlier: tuple[int, int], later: tuple[int, int], wanted: Duration) -> int | None:
    """Minutes from one (day, minute) to the other, as `wanted` counts; None where only the same day is known."""
    days = later[0] - earlier[0]
    if wanted.in_days:
        return days * DAY
    if earlier[1] >= 0 and later[1] >= 0:
        return days * DAY + later[1] - earlier[1]
    return days * DAY if days or wanted.minutes >= DAY else None


def at_minute(event: Event) -> int:
    """Minutes from the first day of the calendar on; a dose without a clock time counts from its midnight."""
    return event[0] * DAY + max(event[1], 0)


def sum_text(earlier: tuple[int, int], later: tuple[int, int], wanted: Duration, counted: str = "") -> str:
    """12-Mar-2026 − 10-Feb-2026 = 30 days, below 42 days; `counted` as in MinimumInterval."""
    minutes = minutes_between(earlier, later, wanted)
    clocks = not wanted.in_days and earlier[1] >= 0 and later[1] >= 0
    first, last = (f"{on_day(day)} {clock(minute)}" if clocks else on_day(day) for day, minute in (earlier, later))
    if minutes is None:
        return f"{last} − {first}: same day, no clock times; {wanted} asked for"
    if counted == "between":
        return f"{last} − {first} − 1 day = {length_text(max(0, minutes - DAY), days=True)}, below {wanted}"
    sign = ", not more than" if counted == "more" else ", below"
    return f"{last} − {first} = {length_text(minutes, days=not clocks)}{sign} {wanted}"


def length_text(minutes: int, days: bool) -> str:
    """30 days, 23 h 30 min."""
    if days:
        count = minutes // DAY
        return "1 day" if count == 1 else f"{count} days"
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if rest else f"{hours} h"
