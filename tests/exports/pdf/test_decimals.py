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
        ("Leucaphérèse : Jour 3", "Leucaphérèse\u00a0:"),
    ],
)
def test_a_power_of_ten_and_a_french_colon_stay_with_their_word(text: str, whole: str) -> None:
    assert whole in Typesetter("clinician", load_faces()).clean(text)
