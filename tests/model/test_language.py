"""Dates, numbers and names in the patient's language."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from msgspec.structs import replace

from planner.services.printing import words_of

ENGLISH = words_of("en")
GERMAN_SIGNS = replace(ENGLISH, decimal=",", grouping="\u00a0", terms={"Part A": "Teil A", "POMP": "POMP"})


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_dates_are_in_words() -> None:
    assert plain(ENGLISH.day(date(2026, 3, 2))) == "2 March 2026"
    assert plain(ENGLISH.day(date(2026, 3, 2).toordinal())) == "2 March 2026"
    assert plain(ENGLISH.moment(datetime(2026, 3, 2, 7, 5))) == "2 March 2026, 07:05"
    assert ENGLISH.month(date(2026, 12, 1)) == "December 2026"


@pytest.mark.parametrize(
    ("language", "number", "month", "within"),
    [
        ("en", "30", "November", "Monday"),
        ("de", "30.", "November", "Montag"),
        ("es", "30", "de noviembre", "lunes"),
        ("fr", "30", "novembre", "lundi"),
    ],
)
def test_a_day_beside_its_month_is_as_in_a_date(language: str, number: str, month: str, within: str) -> None:
    """ "Lunes 30 noviembre" and "al Jueves 3" stood in Spanish, "Montag 30 November" in German."""
    words = words_of(language)
    assert words.day_and_month(date(2026, 11, 30)) == (number, month)
    assert words.within(words.weekdays[0]) == within


def test_numbers_have_the_signs_of_the_language() -> None:
    """A thousand milligrams must not read as one to people who write a comma for a point."""
    assert plain(ENGLISH.amount(Decimal("1000"), "mg")) == "1,000 mg"
    assert plain(ENGLISH.amount(Decimal("2.5"), "mg")) == "2.5 mg"
    assert plain(GERMAN_SIGNS.amount(Decimal("1000"), "mg")) == "1 000 mg"
    assert plain(GERMAN_SIGNS.amount(Decimal("2.5"), "mg")) == "2,5 mg"
    assert plain(GERMAN_SIGNS.amount(Decimal("1234.5"), "mg")) == "1 234,5 mg"


def test_micrograms_are_as_the_site_or_the_language_says() -> None:
    assert plain(ENGLISH.amount(Decimal(28), "mcg", "micrograms")) == "28 micrograms"
    assert [plain(ENGLISH.amount(Decimal(count), "drop")) for count in (1, 2)] == ["1 drop", "2 drops"]
    own = replace(ENGLISH, texts={**ENGLISH.texts, "unit_mcg": "Mikrogramm"})
    assert plain(own.amount(Decimal(28), "mcg", "micrograms")) == "28 Mikrogramm"


def test_lists() -> None:
    assert [ENGLISH.listed(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]


@pytest.mark.parametrize(
    ("english", "said"),
    [
        ("Part A", "Teil A"),
        ("Part A 1", "Teil A 1"),
        ("POMP 6 to 15", "POMP 6 to 15"),
        ("Part A 1, 3 and 5", "Teil A 1, 3 and 5"),
        ("Something new", "Something new"),
        ("Something new 2", "Something new 2"),
    ],
)
def test_numbers_at_the_end_of_a_title_stay(english: str, said: str) -> None:
    assert GERMAN_SIGNS.title(english) == said
