"""Civil dates as text and as sums, and moments as text. No date has a zone or a clock.

Dates for clinicians read DD-MMM-YYYY in every locale (NHS CUI date display, promises C6); never numbers only.
"""

from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@lru_cache(maxsize=4096)  # a course of three years has a thousand days, each written many times over
def clinical_date(day: date | int) -> str:
    """02-Mar-2026, from a date or its ordinal."""
    on = date.fromordinal(day) if isinstance(day, int) else day
    return f"{on.day:02d}-{MONTHS[on.month - 1]}-{on.year:04d}"


@lru_cache(maxsize=4096)
def weekday_date(day: date | int) -> str:
    """Mon 02-Mar-2026, from a date or its ordinal."""
    on = date.fromordinal(day) if isinstance(day, int) else day
    return f"{WEEKDAYS[on.weekday()]} {clinical_date(on)}"


def weekday_words(day: date | int, fill: Callable[..., str]) -> str:
    """Mon 02-Mar-2026 with the weekday in the language of `fill`; the date itself reads the same in all of them."""
    on = date.fromordinal(day) if isinstance(day, int) else day
    return f"{fill(WEEKDAYS[on.weekday()])} {clinical_date(on)}"


def clinical_moment(at: datetime) -> str:
    """22-Nov-2026 14:05, the local wall clock."""
    return f"{clinical_date(at.date())} {at:%H:%M}"


def recorded_moment(at: str) -> str:
    """A moment kept in ISO form as 22-Nov-2026 14:05, with its zone where it has one; any other text as it is."""
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return at
    zone = f" {moment.tzname()}" if moment.tzinfo else ""
    return f"{clinical_moment(moment)}{zone}"


def recorded_day(at: str, told: Callable[[date], str] = clinical_date) -> str:
    """The day of a moment kept in ISO form, in the words of `told`; any other text as it is."""
    try:
        return told(date.fromisoformat(at[:10]))
    except ValueError:
        return at


def clock(minute: int) -> str:
    """HH:MM from minutes since midnight (0 to 1439); an empty text for -1, no clock time."""
    return "" if minute < 0 else f"{minute // 60:02d}:{minute % 60:02d}"


def add_months(day: date, months: int) -> date:
    """The same day of the month so many months on; the month's last day where it has no such day."""
    month = day.year * 12 + day.month - 1 + months
    year, month = month // 12, month % 12 + 1
    # The day before the next month's first. Python's calendar knows it too, but loads the locales, at every start.
    last = date.fromordinal(date(year + month // 12, month % 12 + 1, 1).toordinal() - 1)
    return date(year, month, min(day.day, last.day))
