"""The shapes of cycles in rule files: what can be read, and what is refused with a word on how to write it."""

import re
from decimal import Decimal

import pytest

from planner.model.condition import parse_condition
from planner.model.quantity import DoseRule
from planner.model.rule_shapes import Shape, ShapeDose, parse_cycles, parse_doses, parse_shapes
from planner.model.rule_values import DaySpan, Selector, parse_day_span

STEP = DoseRule(Decimal(9), "mcg", "", per_day=True)


def test_a_shape_with_everything():
    row = {
        "doses": "1-2 9 mcg/day, 8",
        "when": "age >= 18",
        "cycles": "1, 3-4",
        "ahead_of": "class:car-t",
        "of": "procedure:hospital",
        "least_days": 42,
    }
    (shape,) = parse_shapes([row])
    assert shape == Shape(
        (ShapeDose(1, STEP), ShapeDose(2, STEP), ShapeDose(8, None)),
        "1-2 9 mcg/day, 8",
        parse_condition("age >= 18"),
        (1, 3, 4),
        (Selector("class", "car-t"),),
        (Selector("procedure", "hospital"),),
        42,
    )
    assert str(shape) == (
        "procedure:hospital 1-2 9 mcg/day, 8; next cycle after 42 days "
        "(cycles 1, 3, 4, where age at least 18 years, ahead of class:car-t)"
    )


def test_a_shape_with_one_thing_only():
    assert parse_shapes([{"least_days": 84}]) == (Shape((), "", least_days=84),)
    assert str(parse_shapes([{"doses": "1-9"}])[0]) == "1-9"


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("1-9", "must be a list of tables"),
        ([], "must be a list of tables"),
        (["1-9"], "a shape is a table"),
        ([{"cycles": "1"}], "a shape is a table"),
        ([{"doses": "1-9", "dose": "1"}], "a shape is a table"),
        ([{"doses": "1-9", "least_days": "7"}], "must be a whole number"),
        ([{"doses": "1-9", "least_days": True}], "must be a whole number"),
        ([{"least_days": -1}], "must be a whole number"),
        ([{"doses": 9}], "doses must be a text"),
        ([{"doses": "1-9", "decided": "burden"}], 'cannot read decided "burden"; write for example "burden = high"'),
        ([{"doses": "1-9", "decided": "burden ="}], 'cannot read decided "burden ="'),
        ([{"doses": "1-9", "when": "age ~ 7"}], "cannot read the condition"),
        ([{"doses": "1-9", "of": "Hospital"}], 'cannot read "Hospital"'),
    ],
)
def test_a_shape_that_cannot_be_read(value, why):
    with pytest.raises((TypeError, ValueError), match=re.escape(why)):
        parse_shapes(value)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("day 1", 'cannot read "day 1"'),
        ("1 a lot", '"a lot" is not a dose'),
        ("8 1 mg, 1 1 mg", "rise from 1 on"),
        ("1-8 1 mg, 8 1 mg", "rise from 1 on"),
        ("0 1 mg", "rise from 1 on"),
    ],
)
def test_doses_that_cannot_be_read(text, why):
    with pytest.raises(ValueError, match=re.escape(why)):
        parse_doses(text)


def test_cycles():
    assert parse_cycles("") == ()
    assert parse_cycles("2-4, 6") == (2, 3, 4, 6)
    with pytest.raises(ValueError, match='cannot read the cycles "first"'):
        parse_cycles("first")


@pytest.mark.parametrize("text", ["4", "4 to 1", "one to two"])
def test_a_span_of_days_that_cannot_be_read(text):
    with pytest.raises(ValueError, match="the first and the last day"):
        parse_day_span(text)


def test_a_span_of_days():
    assert parse_day_span("-7 to 4") == DaySpan(-7, 4)
    assert str(DaySpan(-7, 4)) == "-7 to 4"
