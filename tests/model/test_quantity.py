"""Amounts and doses: reading, writing, rounding, by the rules of promise C4."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.model.quantity import (
    Amount,
    DoseRule,
    converted,
    default_step,
    format_amount,
    format_number,
    parse_amount,
    parse_dose,
    plain,
    round_to,
)

NUMBERS = st.decimals("0.001", "9999999", places=3, allow_nan=False)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("1.4 mg/m2", DoseRule(Decimal("1.4"), "mg", "m2")),
        ("28 mcg/day", DoseRule(Decimal(28), "mcg", "", per_day=True)),
        ("15 mcg/m2/day", DoseRule(Decimal(15), "mcg", "m2", per_day=True)),
        ("2500 units/m2", DoseRule(Decimal(2500), "units", "m2")),
        ("5 mcg/kg", DoseRule(Decimal(5), "mcg", "kg")),
        ("AUC 5", DoseRule(Decimal(5), "mg", "AUC")),
        ("410e6 cells", DoseRule(Decimal("410e6"), "cells")),
        ("1 drop", DoseRule(Decimal(1), "drop")),
        ("2 drops", DoseRule(Decimal(2), "drop")),
        ("12 drops/day", DoseRule(Decimal(12), "drop", "", per_day=True)),
    ],
)
def test_doses_are_read(text: str, rule: DoseRule) -> None:
    assert parse_dose(text) == rule


@pytest.mark.parametrize(
    "text", ["", "2", "-2 mg", "2 mg/m3", "1,500 mg", "4.758units", "2 lb", "NaN mg", "1 mg/day/m2"]
)
def test_what_is_not_a_dose_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a dose"):
        parse_dose(text)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2mg", "2 mg"),
        ("2 MG", "2 mg"),
        ("1,5 mg", "1.5 mg"),
        ("1.5mg/kg", "1.5 mg/kg"),
        ("2 IU", "2 units"),
        ("2 µg", "2 mcg"),
        ("3 L", "3000 mL"),
        ("3000 ml/m2/day", "3000 mL/m2/day"),
        ("5 mg/m²", "5 mg/m2"),
    ],
)
def test_a_dose_written_otherwise_is_refused_with_what_was_meant(text: str, meant: str) -> None:
    with pytest.raises(ValueError, match="not written as a dose") as refused:
        parse_dose(text)
    assert str(refused.value).endswith(f'write "{meant}"')
    parse_dose(meant)


def test_amounts_are_read_and_grams_become_milligrams() -> None:
    assert parse_amount("3750 units") == Amount(Decimal(3750), "units")
    assert parse_amount("1.5 g") == Amount(Decimal(1500), "mg")
    assert parse_dose("3 g/m2").base_amount == Amount(Decimal(3000), "mg")
    assert parse_dose("3 mg").base_amount == Amount(Decimal(3), "mg")
    with pytest.raises(ValueError, match="is not an amount"):
        parse_amount("2 mg/m2")


def test_drops_are_counted_and_are_no_volume() -> None:
    texts = ("1 drop", "2 drops", "1 drop/day", "1-2 drops", "0.5 drops")
    assert [str(parse_dose(text)) for text in texts] == ["1 drop", "2 drops", "1 drop/day", "1 to 2 drops", "0.5 drops"]
    assert [str(parse_amount(text)) for text in ("1 drops", "1200 drop")] == ["1 drop", "1,200 drops"]
    assert converted(Decimal(1), "drop", "mL") is None
    assert converted(Decimal(1), "mL", "drop") is None


def test_texts_follow_the_safe_forms() -> None:
    assert format_number(Decimal("0.50")) == "0.5"
    assert format_number(Decimal("2.0")) == "2"
    assert format_number(Decimal("1E+4")) == "10,000"
    assert format_amount(Decimal("28"), "mcg", "micrograms") == "28 micrograms"
    assert str(Amount(Decimal("3750"), "units")) == "3,750 units"
    assert str(parse_dose("AUC 5")) == "AUC 5"
    assert str(parse_dose("60 mg/m2/day")) == "60 mg/m2/day"


@given(NUMBERS)
def test_no_dose_text_is_error_prone(value: Decimal) -> None:
    text = format_amount(value, "mg")
    assert re.fullmatch(r"(0|[1-9]\d{0,2}(,\d{3})*)(\.\d*[1-9])? mg", text)
    assert Decimal(text.removesuffix(" mg").replace(",", "")) == value
    assert Decimal(plain(value)) == value


@given(NUMBERS, st.sampled_from([Decimal("0.01"), Decimal("0.1"), Decimal(1), Decimal("2.5"), Decimal(50)]))
def test_rounding_goes_to_the_nearest_step(value: Decimal, step: Decimal) -> None:
    rounded = round_to(value, step)
    assert rounded % step == 0
    assert abs(rounded - value) * 2 <= step


def test_halves_round_up() -> None:
    assert round_to(Decimal("2.5"), Decimal(1)) == 3
    assert [default_step(Decimal(one)) for one in ("9.99", "10", "99.9", "100")] == [
        Decimal("0.01"),
        Decimal("0.1"),
        Decimal("0.1"),
        Decimal(1),
    ]
