"""Conditions: three verdicts, and nothing that cannot be read is taken for something."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
        ("ph = negative or age < 41", True),
        ("ph = negative or age >= 41", False),
        ("ph = negative or cd19 = positive", None),
        ("cd19 = positive or age < 41", True),
        ("ph = negative and cd19 = positive or age < 41 and cns = CNS2", True),
        ("ph = negative and cd19 = positive or age >= 41", False),
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
        ("age < 3 or", "cannot read|needs a number"),
        ("age < 3 or  or age > 4", "cannot read"),
    ],
)
def test_what_cannot_be_read_is_refused(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse_condition(text)


def test_unknown_names_what_has_to_be_recorded() -> None:
    assert parse_condition("ph = positive and cd19 = positive and mrd = negative").unknown(FACTS) == ("cd19", "mrd")
    assert parse_condition("cd19 = positive and ph = negative or cd20 = positive").unknown(FACTS) == ("cd20",)
    assert parse_condition("cd19 = positive or cd19 = negative").unknown(FACTS) == ("cd19",)
    assert parse_condition("cd19 = positive or age < 41").unknown(FACTS) == ()
    assert parse_condition("cd19 = positive and age > 41").unknown(FACTS) == ()


@given(st.lists(st.lists(st.sampled_from("abcd"), min_size=1, max_size=3), min_size=1, max_size=3))
def test_or_of_ands_is_judged_as_the_table_of_three_values_says(groups: list[list[str]]) -> None:
    """Against a computation on numbers: false 0, cannot tell 1, true 2; and is the least, or the greatest."""
    values = {"a": 2, "b": 0, "c": 1, "d": 2}
    facts: dict[str, Fact] = {"a": "yes", "b": "no", "d": "yes"}
    text = " or ".join(" and ".join(f"{name} = yes" for name in group) for group in groups)
    expected = max(min(values[name] for name in group) for group in groups)
    assert parse_condition(text).holds(facts) is {0: False, 1: None, 2: True}[expected]


def test_text_round_trip_and_truth() -> None:
    for text in ("age < 40", "cns in CNS1 | CNS2 and ph = positive", "age < 40 or cns = CNS1 and ph = positive"):
        assert str(parse_condition(text)) == text
        assert parse_condition(str(parse_condition(text))) == parse_condition(text)
    assert parse_condition("  ") is ALWAYS
    assert not Condition()
    assert parse_condition("age < 40")
