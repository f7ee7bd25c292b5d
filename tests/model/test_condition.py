"""Conditions: three verdicts, and nothing that cannot be read is taken for something."""

from decimal import Decimal

import pytest

from planner.model.condition import ALWAYS, Condition, Fact, parse_condition

FACTS: dict[str, Fact] = {"age": Decimal(40), "cns": "CNS2", "ph": "positive", "empty": ""}


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("", True),
        ("age < 41", True),
        ("age < 40", False),
        ("age <= 40", True),
        ("age > 40", False),
        ("age >= 40", True),
        ("age = 40", True),
        ("age = forty", False),
        ("age != 40", False),
        ("cns = cns2", True),
        ("cns != CNS1", True),
        ("cns in CNS1 | CNS2", True),
        ("cns in CNS1 | CNS3", False),
        ("cns < 3", None),
        ("cd19 = positive", None),
        ("empty = positive", None),
        ("ph = positive and age < 41", True),
        ("ph = negative and cd19 = positive", False),
        ("ph = positive and cd19 = positive", None),
    ],
)
def test_verdicts(text: str, verdict: bool | None) -> None:
    assert parse_condition(text).holds(FACTS) is verdict


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("age", 'cannot read the condition "age"'),
        ("age < old", "< needs a number"),
        ("cns = CNS1 | CNS2", 'only "in" takes several values'),
        ("Age < 3", "cannot read"),
    ],
)
def test_what_cannot_be_read_is_refused(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse_condition(text)


def test_unknown_names_what_has_to_be_recorded() -> None:
    assert parse_condition("ph = positive and cd19 = positive and mrd = negative").unknown(FACTS) == ("cd19", "mrd")


def test_text_round_trip_and_truth() -> None:
    for text in ("age < 40", "cns in CNS1 | CNS2 and ph = positive"):
        assert str(parse_condition(text)) == text
        assert parse_condition(str(parse_condition(text))) == parse_condition(text)
    assert parse_condition("  ") is ALWAYS
    assert not Condition()
    assert parse_condition("age < 40")
