"""A number stays whole at the end of a line, whatever its decimal sign."""

from itertools import pairwise

import pytest

from planner.exports.pdf.faces import load_faces
from planner.exports.pdf.text import Typesetter

NARROW = range(30, 130, 3)


def lines_of(text: str, width: float) -> list[str]:
    setter = Typesetter("patient", load_faces())
    return [line for line, _ in setter.wrap(text, setter.styles["body"], width)]


@pytest.mark.parametrize(
    "text",
    [
        "(16 Tabletten zu 2,5\u00a0mg), einmal",
        "(9 comprimidos de 2,5\u00a0mg)",
        "\u043f\u043e\u00a02,5\u00a0\u043c\u0433:\u00a06",
    ],
)
def test_a_decimal_comma_is_no_place_to_break(text: str) -> None:
    """ "16 Tabletten zu 2," stood above "5 mg" of weekly methotrexate: eight times the dose."""
    for width in NARROW:
        lines = lines_of(text, width)
        assert not [one for one, after in pairwise(lines) if one[-1:] == "," and after[:1].isdigit()]


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("platelets of 75 × 10\u2079/L or more", "75\u00a0×\u00a010\u2079/L"),
        ("MRD of 1 % or more", "1\u00a0%"),
        ("M2: 5 to 25 % blasts", "5\u00a0to\u00a025\u00a0%"),
        ("platelets ≥ 75 × 10\u2079/L", "≥\u00a075\u00a0×\u00a010\u2079/L"),
        ("nearest is 25 mg (0.5 × 50 mg)", "0.5\u00a0×\u00a050\u00a0mg"),
        ("below 0.1 micromol/L", "0.1\u00a0micromol/L"),
        ("trough of 5 to 12 ng/mL", "12\u00a0ng/mL"),
        ("By age: 1 year 8 mg, 2 years 10 mg", "2\u00a0years"),
        ("for the first 2 months", "2\u00a0months"),
        ("then bag 10 on Mon 21-Dec-2026 09:00", "Mon\u00a021-Dec-2026\u00a009:00"),
        ("Leucaphérèse : Jour 3", "Leucaphérèse\u00a0:"),
    ],
)
def test_a_number_stays_with_its_unit_and_a_french_colon_with_its_word(text: str, whole: str) -> None:
    assert whole in Typesetter("clinician", load_faces()).clean(text)


def test_two_dates_are_not_one_piece() -> None:
    """A range of them is longer than a line of the calendar has room for."""
    assert "2026 to 10" in Typesetter("patient", load_faces()).clean("27 March 2026 to 10 May 2026")
