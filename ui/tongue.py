"""The words of the window in the chosen language. English is what the program is written in; other languages are files.

`resources/translations/<language>.toml` holds a table `texts` (English text -> words, with the same {names} in braces)
and a table `facts` (id of a marker or result -> words). What a file does not hold stays English. Protocols, rules and
drug names are content and are shown as their files say them.
"""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache

from planner.model.civil import MONTHS, WEEKDAYS, weekday_words
from planner.model.quantity import format_amount
from planner.model.sentence import Sentence
from planner.paths import resources

ENGLISH = "en"
UNIT_WORDS = ("drop", "drops", "units", "cells")
"""Units that are words: each language has its own."""
_DATE = rf"\d\d-(?:{'|'.join(MONTHS)})-\d{{4}}"
_DAYS = re.compile(rf"\b({'|'.join(WEEKDAYS)})([ \u00a0])(?={_DATE})")
_SPANS = re.compile(rf"({_DATE}) to (?=(?:\w+ )?{_DATE})")
_UNITS = re.compile(rf"(?<=\d )(?:{'|'.join(UNIT_WORDS)})\b")
_A_DAY = re.compile(r"(?<=\d )(\w+)/day\b")
_THOUSANDS = re.compile(r'(?<![\d.,"«“])\d{1,3}(?:,\d{3})+(?!,?\d)')
"""Not behind a quotation mark: what somebody typed is shown as it was typed."""
_RUNS = re.compile(r"\bD-?\d+(?:, -?\d+| to -?\d+)+")

_chosen: list[str] = [ENGLISH]


def use_language(language: str) -> None:
    """Speak that language from now on; what is on screen already stays as it is."""
    _chosen[0] = language


def language() -> str:
    """The language spoken now."""
    return _chosen[0]


def say(text: str, **values: object) -> str:
    """The text in the chosen language, its {names} filled with the values."""
    if _chosen[0] == ENGLISH:
        return text.format(**values) if values else text
    words = texts_of(_chosen[0]).get(text, text)
    return spaced(words.format(**values)) if values else words


def spaced(text: str) -> str:
    """The text with its thousands parted by a space that does not break: "1,903 mg" is 1.9 mg to most of the world."""
    return _THOUSANDS.sub(lambda found: found[0].replace(",", "\u00a0"), text) if "," in text else text


def sentence_words(text: str) -> str:
    """What the planner says, in the chosen language: the sentence and those of its values that are sentences again.

    Plain texts are content and stay, but for weekdays, units and runs of days.
    """
    if isinstance(text, Sentence):
        told = {name: sentence_words(one) if isinstance(one, str) else one for name, one in text.values.items()}
        return say(text.pattern, **told)
    return text if language() == ENGLISH else in_chosen_words(text)


def in_chosen_words(text: str) -> str:
    """The text with its weekdays, units that are words, spans and runs of days ("D1 to 28") in the chosen language."""
    text = _UNITS.sub(lambda found: say(found[0]), _DAYS.sub(lambda found: say(found[1]) + found[2], text))
    text = _A_DAY.sub(lambda found: say("{unit}/day", unit=found[1]), text)
    text = _SPANS.sub(lambda found: say("{first} to {last}", first=found[1], last=""), text)
    return spaced(_RUNS.sub(lambda found: _run_words(found[0]), text))


def as_kept(dose: str) -> str:
    """A dose as it is typed in the chosen language, with the words for units that plans keep."""
    dose = re.sub(r"(?<=\d)\u00a0(?=\d{3}\b)", "", dose)
    for word in sorted(UNIT_WORDS, key=len, reverse=True):
        dose = re.sub(rf"(?<=\d ){re.escape(say(word))}\b", word, dose)
    return dose.replace(say("{unit}/day", unit=""), "/day")


def amount_words(value: Decimal, unit: str) -> str:
    """Number, space, unit in the chosen language."""
    words = format_amount(value, unit)
    return words if language() == ENGLISH else in_chosen_words(words)


def _run_words(days: str) -> str:
    return re.sub(r"(-?\d+) to (-?\d+)", lambda run: say("{first} to {last}", first=run[1], last=run[2]), days)


def fact_title(fact: str) -> str:
    """How a marker or a result reads in a form; one that no file names shows its id."""
    found = _tables(_chosen[0]).get("facts", {}).get(fact) or _tables(ENGLISH).get("facts", {}).get(fact)
    return found or fact.replace("_", " ").capitalize()


def weekday_date(day: date | int) -> str:
    """A day with its weekday as people of the chosen language call it."""
    return weekday_words(day, say)


def texts_of(language: str) -> Mapping[str, str]:
    """Every text of a language by its English."""
    return _tables(language).get("texts", {})


@cache
def _tables(language: str) -> Mapping[str, Mapping[str, str]]:
    # Imported here because the first paint in English needs no file.
    import tomllib

    file = resources() / "translations" / f"{language}.toml"
    return tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}
