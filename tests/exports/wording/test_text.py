"""Dates for people, and the gate that every printed text passes."""

import unicodedata
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.exports.wording.text import (
    GLUE,
    day_name,
    listed,
    marker_words,
    printable,
    sentence,
    unprintable,
    weekdays_named,
    with_minus,
)
from planner.model.civil import clinical_date, clinical_moment, recorded_moment
from planner.model.language import glued

NO_DATES = "31-Feb-2026, 102-Mar-2026, 02-Mar-20261, A-02-Mar-2026"
LATIN = frozenset(range(32, 0x250))


def test_moments_keep_the_wall_clock() -> None:
    at = datetime(2026, 3, 2, 7, 5)
    assert clinical_moment(at) == "02-Mar-2026 07:05"


def test_markers_are_named_in_words() -> None:
    assert marker_words((("hbsag", "negative"), ("childbearing-potential", "no"))) == (
        "HBsAg:\u00a0negative, possibility of pregnancy:\u00a0no"
    )


def test_small_words() -> None:
    assert [listed(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]
    assert sentence("by mouth IV") == "By mouth IV"
    assert sentence("") == ""
    assert glued("2 mg") == f"2{GLUE}mg"
    assert [day_name(number) for number in (-7, 0, 8)] == ["−7", "0", "8"]


@pytest.mark.parametrize(
    ("character", "reason"),
    [
        ("\u202e", "RIGHT-TO-LEFT OVERRIDE"),
        ("\u2066", "LEFT-TO-RIGHT ISOLATE"),
        ("\u200b", "ZERO WIDTH SPACE"),
        ("\u200f", "RIGHT-TO-LEFT MARK"),
        ("\u00ad", "SOFT HYPHEN"),
        ("\ufeff", "ZERO WIDTH NO-BREAK SPACE"),
        ("\x00", "control character"),
        ("\x1b", "control character"),
        ("\u2028", "line separator"),
        ("\ue000", "private character"),
        ("\U0001f600", "GRINNING FACE"),
        ("א", "HEBREW LETTER ALEF"),
        ("ع", "ARABIC LETTER AIN"),
        ("中", "CJK UNIFIED IDEOGRAPH-4E2D"),
        ("\ud800", "U+D800"),
    ],
)
def test_what_cannot_be_printed_is_named(character: str, reason: str) -> None:
    assert any(reason in found for found in unprintable(f"Ana{character}", LATIN))


def test_what_can_be_printed_passes() -> None:
    assert unprintable("O'Brien <b>&amp; Łucja Ñandú 100 % {page}", LATIN) == ()


def test_a_character_is_named_once() -> None:
    assert len(unprintable("中中中", LATIN)) == 1


@given(st.text())
def test_nothing_is_dropped_on_the_way_to_paper(text: str) -> None:
    broken = str.maketrans("\n\r\t", "   ")
    assert printable(text) == unicodedata.normalize("NFC", text.translate(broken))


@given(st.text())
def test_every_character_is_either_in_the_font_or_named(text: str) -> None:
    allowed = all(ord(one) in LATIN and unicodedata.category(one) not in ("Cc", "Cf") for one in text)
    assert (unprintable(text, LATIN) == ()) == allowed


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("6 days after 02-Mar-2026, due 08-Mar-2026.", "6 days after Mon 02-Mar-2026, due Sun 08-Mar-2026."),
        ("on Mon 02-Mar-2026", "on Mon 02-Mar-2026"),
        (NO_DATES, NO_DATES),
    ],
)  # fmt: skip
def test_each_date_of_a_text_has_its_weekday_once(text: str, wanted: str) -> None:
    assert weekdays_named(text).replace("\u00a0", " ") == wanted
    assert weekdays_named(weekdays_named(text)) == weekdays_named(text)


@pytest.mark.parametrize("space", [" ", GLUE])
def test_a_day_before_the_first_has_the_minus_of_the_tables(space: str) -> None:
    """Findings said "D-5" with a hyphen on pages whose tables have "D−5"."""
    assert with_minus(f"Busulfan C1{space}D-5, C12{space}D-10") == f"Busulfan C1{space}D−5, C12{space}D−10"
    for text in ("AALL1131-D-5", "PJ-01", "C1 D5-8", "02-Mar-2026", "3D-5"):
        assert with_minus(text) == text


@given(st.dates(min_value=date(1000, 1, 1)))
def test_the_weekday_is_that_of_the_date(day: date) -> None:
    name = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[day.weekday()]
    assert weekdays_named(clinical_date(day)) == glued(f"{name} {clinical_date(day)}")


@pytest.mark.parametrize(
    ("at", "wanted"),
    [
        ("2026-03-01T10:05:59+00:00", "01-Mar-2026 10:05 UTC"),
        ("2026-03-01T10:05:59+01:00", "01-Mar-2026 10:05 UTC+01:00"),
        ("2026-03-01T10:05", "01-Mar-2026 10:05"),
        ("on a Monday", "on a Monday"),
    ],
)
def test_a_kept_moment_has_no_date_of_numbers_only(at: str, wanted: str) -> None:
    assert recorded_moment(at) == wanted
