"""Words for paper: dates as people read them, and the one gate every printed text passes.

A character that cannot be printed is refused by name before anything is written (promises S8, S9): it is never boxed,
dropped or obeyed as markup.
"""

import re
import unicodedata
from collections.abc import Container, Iterable
from datetime import date
from decimal import Decimal

from planner.model.civil import MONTHS, clinical_date, weekday_date
from planner.model.fact_words import UNITS, fact_name
from planner.model.language import GLUE, glued
from planner.model.patient import Patient
from planner.model.quantity import format_number
from planner.model.results import in_its_unit

NO_TIME = f"no{GLUE}time"
NO_DAY = "no day set yet"
"""What stands for the dates of a block that an answer put off, until somebody sets its day."""

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_BARE_DATE = re.compile(rf"(?<![\w-])(?<![A-Z][a-z][a-z][ {GLUE}])(\d\d)-({'|'.join(MONTHS)})-(\d{{4}})(?![\w-])")
"""A clinical date without its weekday."""

_NUMBER_AT_END = re.compile(r" (?=\d+$)")
_DAY_BELOW = re.compile(rf"(?:(?<=\bC\d[ {GLUE}]D)|(?<=\bC\d\d[ {GLUE}]D))-(?=\d)")
"""The hyphen before the number of a day that lies before the first one."""

_TOGETHER = re.compile(
    r" (?:(?<=\d )(?=(?:mg|mcg|micrograms|micromol/L|ng/mL|g|kg|m2|cm|mL|Gy|units|cells|h|min|days?|weeks?|months?"
    r"|years?|drops?|times|doses?|cycles?|courses?)\b|[%×/])|(?<=\bDay )(?=\d)"
    r"|(?<=[≥≤<>×] )(?=\d)"
    r"|(?<=\b\d )(?=to \d)|(?<=\b\d\d )(?=to \d)|(?<=\b\d to )(?=\d)|(?<=\b\d\d to )(?=\d)"
    r"|(?<=\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) )(?=\d\d-[A-Z])|(?<=-\d{4} )(?=\d\d:)"
    r"|(?<=\w )(?=[:;?!](?: |$)))"
)
"""Where a number is held together with its unit, its sign of comparison, its power of ten or the other end of a range,
a date with its weekday and its hour, and a French colon with its word, whoever wrote the text (promises C8).

The space comes first and what stands around it after: the search looks at spaces alone, in a sixth of the time.
"""

_UNDER_IT = "asparaginase-"
"""How the markers begin that say what happened."""

_BREAKS = str.maketrans({"\n": " ", "\r": " ", "\t": " "})
_REFUSED_CATEGORIES = {
    "Cc": "a control character",
    "Cf": "an invisible or direction-changing character",
    "Cs": "a broken character",
    "Co": "a private character",
    "Cn": "an unknown character",
    "Zl": "a line separator",
    "Zp": "a paragraph separator",
}


def weekdays_named(text: str) -> str:
    """The text with the weekday before each clinical date that stands without: a ward plans by weekdays."""
    return _BARE_DATE.sub(_with_weekday, with_minus(text))


def with_minus(text: str) -> str:
    """The text with a true minus in the numbers of days, as tables have it: "Fludarabine C1 D−5"."""
    return _DAY_BELOW.sub("−", text)


def _with_weekday(found: re.Match[str]) -> str:
    day, month, year = found.groups()
    try:
        on = date(int(year), MONTHS.index(month) + 1, int(day))
    except ValueError:  # a person's own text: 31-Feb-2026
        return found[0]
    return glued(weekday_date(on))


def marker_words(markers: Iterable[tuple[str, str]]) -> str:
    """HBsAg: negative, MRD: positive. A value is never parted from its name's last word."""
    return ", ".join(f"{fact_name(name)}:{GLUE}{value}" for name, value in markers)


def event_facts(patient: Patient) -> tuple[tuple[str, str], ...]:
    """The events recorded with a grade, of each its worst and its last: an arterial event stood on no sheet.

    With what the markers say happened under asparaginase; nothing where nothing is recorded.
    """
    found: dict[str, list[tuple[Decimal, date]]] = {}
    for result in sorted(patient.labs, key=lambda one: one.date):
        read = in_its_unit(result)
        if read and UNITS.get(read[0]) == "grade":
            found.setdefault(read[0], []).append((read[1], result.date))
    told = []
    for code, graded in found.items():
        worst = max(graded, key=lambda one: one[0])
        grades = dict.fromkeys((worst, graded[-1]))
        dated = [glued(f"grade {format_number(grade)} on {clinical_date(day)}") for grade, day in grades]
        told.append(f"{fact_name(code)} {listed(dated)}")
    told += [fact_name(name) for name, value in patient.markers if name.startswith(_UNDER_IT) and value == "yes"]
    return (("Events recorded", "; ".join(told)),) if told else ()


def counted(count: int, word: str) -> str:
    """1 day, 2 days, as one piece."""
    return f"{count}{GLUE}{word}{'' if count == 1 else 's'}"


def day_name(number: int) -> str:
    """A day number with a true minus sign: 8, −7."""
    return f"−{-number}" if number < 0 else str(number)


def is_in_title(cycle: int, title: str) -> bool:
    """Whether the title of a block ends with the number of its cycle: "Interphase 2" needs no "cycle 2" beside it."""
    return title.rsplit(" ", maxsplit=1)[-1] == str(cycle)


def continued(title: str) -> str:
    """The title of a clinician's section on its further pages."""
    return f"{title}, continued"


def goes_on(title: str) -> str:
    """At the foot of a page, that the section is not at its end: who held the first page alone missed a drug."""
    return f"{title} continues on the next page"


def sentence(text: str) -> str:
    """The text with its first letter as a capital; the rest stays as it was written."""
    return text[:1].upper() + text[1:]


def listed(words: list[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def printable(text: str) -> str:
    """The text as it will stand on paper: composed characters, line breaks and tabs as spaces. Nothing else changes."""
    plain = text.translate(_BREAKS)
    return plain if plain.isascii() else unicodedata.normalize("NFC", plain)


def held_together(text: str) -> str:
    """The text with what no line may part glued."""
    return _TOGETHER.sub(GLUE, text) if " " in text else text


def unprintable(text: str, glyphs: Container[int]) -> tuple[str, ...]:
    """What in the text cannot be printed with these glyphs (code points), one phrase a character; empty if all can."""
    found: dict[str, None] = {}
    for character in dict.fromkeys(text):
        if character.isascii() and character.isprintable():
            continue
        kind = _REFUSED_CATEGORIES.get(unicodedata.category(character))
        if kind or ord(character) not in glyphs:
            found[f"{_name(character)} ({kind or 'the font has no sign for it'})"] = None
    return tuple(found)


def _name(character: str) -> str:
    return f"U+{ord(character):04X} {unicodedata.name(character, 'without a name')}"


def numbered(title: str) -> str:
    """A name that is not parted from the number at its end: "4: 28 December" read as an hour."""
    return _NUMBER_AT_END.sub("\u00a0", title)
