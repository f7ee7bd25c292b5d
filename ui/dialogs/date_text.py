"""Dates as people type them. A text that could mean two days is refused, never guessed."""

import re
from datetime import date

from planner.model.civil import MONTHS, clinical_date
from ui.timeline.dates import LONG_MONTHS
from ui.tongue import say

_ISO = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})$")
_WORD = re.compile(r"^(\d{1,2})[\s./-]*(?:de\s+)?([A-Za-z]{3,10})(?:\s+de)?[\s.,/-]*(\d{4})$")
_NUMBERS = re.compile(r"^(\d{1,2})([./-])(\d{1,2})\2(\d{4})$")

HOW = "write it as 14-Mar-2026"
TWO_DAYS = "could be {one} or {other}"


def _told(what: str, **values: object) -> str:
    return f"{say(what, **values)}; {say(HOW)}"


def parse_date(text: str) -> date:
    """Read 14-Mar-1981, 14 march 1981, 1981-03-14, 14.3.1981 or 25/12/2025; ValueError says what is wrong.

    Months are known by their English names and by those of the window's language.

    Numbers with slashes or hyphens are taken only where one of them cannot be a month; else both days are asked about.
    """
    text = re.sub(r"^[^\W\d_]{3} (?=\d)", "", text.strip())
    if found := _ISO.match(text):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _WORD.match(text):
        return _day(int(found[3]), _month(found[2]), int(found[1]))
    if found := _NUMBERS.match(text):
        return _from_numbers(int(found[1]), int(found[3]), int(found[4]), dotted=found[2] == ".")
    raise ValueError(_told("not a date" if text else "the date is missing"))


def _from_numbers(first: int, second: int, year: int, *, dotted: bool) -> date:
    if dotted or first > 12 or first == second:
        return _day(year, second, first)
    if second > 12:
        return _day(year, first, second)
    readings = (clinical_date(_day(year, *one)) for one in ((second, first), (first, second)))
    raise ValueError(say(TWO_DAYS, one=next(readings), other=next(readings)))


def _month(word: str) -> int:
    start = word[:3].capitalize()
    if start in MONTHS:
        return MONTHS.index(start) + 1
    spoken = [say(month)[:3].capitalize() for month in LONG_MONTHS]
    if start in spoken:
        return spoken.index(start) + 1
    raise ValueError(_told('"{word}" is not a month', word=word))


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(say("there is no such day")) from None
