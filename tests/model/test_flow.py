"""Volume, duration and rate of a dose: what follows from what, checked with fractions."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from planner.model.cycle_content import ComputedDose
from planner.model.evidence import Evidence
from planner.model.flow import Flow, duration_words, flow_of, hours_of, rate_of, stated_words
from planner.model.protocol import Days, TemplateAssessment, TemplateOrder
from planner.model.quantity import Amount

ORDER = TemplateOrder("o", "a", "antineoplastic", "IV", (), Days((1,)), Evidence.LABEL, ())
HUNDREDTHS = st.integers(1, 999_99).map(lambda number: Decimal(number) / 100)


def given_dose(value: str | None, unit: str = "mg") -> ComputedDose:
    return ComputedDose(Decimal(value) if value else None, unit, "")


def order(hours: str | None = None, volume: str | None = None, rate: str | None = None) -> TemplateOrder:
    values = [Decimal(text) if text else None for text in (hours, volume, rate)]
    return replace(ORDER, duration_h=values[0], volume_ml=values[1], rate_ml_h=values[2])


@pytest.mark.parametrize(
    ("hours", "volume", "rate", "words", "working"),
    [
        (None, None, None, "", ()),
        ("1", None, None, "", ()),
        ("1", "50", None, "50 mL at 50 mL/h", ("50 mL / 1 h = 50 mL/h",)),
        ("0.25", "100", None, "100 mL at 400 mL/h", ("100 mL / 15 min = 400 mL/h",)),
        ("1.5", "250", None, "250 mL at 166.7 mL/h", ("250 mL / 1.5 h = 166.7 mL/h",)),
        ("24", None, "125", "3,000 mL at 125 mL/h", ("125 mL/h × 24 h = 3,000 mL",)),
        ("2", "100", "50", "100 mL at 50 mL/h", ()),
        (None, "12", None, "12 mL", ()),
    ],
)
def test_the_third_follows_from_two(hours, volume, rate, words, working) -> None:
    found = flow_of(order(hours, volume, rate))
    assert (found.words(), found.working) == (words, working)


def test_a_dose_in_ml_is_its_own_volume() -> None:
    assert flow_of(order("6"), given_dose("1700", "mL")).words() == "1,700 mL at 283.3 mL/h"
    assert flow_of(order("6"), given_dose(None, "mL")) == Flow()


def test_a_concentration_makes_the_volume_of_a_dose_in_its_unit() -> None:
    strong = replace(order("2"), per_ml=Amount(Decimal(5), "mg"))
    found = flow_of(strong, given_dose("2700"))
    assert found.words() == "540 mL at 270 mL/h"
    assert found.working == ("2,700 mg / 5 mg/mL = 540 mL", "540 mL / 2 h = 270 mL/h")
    assert flow_of(strong, given_dose("2700", "mcg")) == Flow()
    assert flow_of(strong, given_dose(None)) == Flow()
    assert flow_of(strong) == Flow()


def test_what_a_protocol_states_is_told_before_any_dose() -> None:
    assert stated_words(order("1", "50")) == "50 mL at 50 mL/h"
    assert stated_words(replace(order("2"), per_ml=Amount(Decimal(5), "mg"))) == "5 mg/mL"
    assert stated_words(order("2")) == ""


def test_a_continuous_infusion_runs_all_day() -> None:
    assert flow_of(replace(order(None, "240"), continuous=True)).words() == "240 mL at 10 mL/h"


def test_what_is_injected_has_a_volume_and_no_rate() -> None:
    assert flow_of(replace(order("1", "12"), route="IT")).words() == "12 mL"


def test_an_examination_has_no_volume() -> None:
    assert flow_of(TemplateAssessment("a", "A", "assessment", Days((1,)), Evidence.LABEL, ())) == Flow()


@given(HUNDREDTHS, st.integers(1, 10_000))
def test_a_rate_empties_the_volume_in_the_time_to_the_tenth(volume: Decimal, minutes: int) -> None:
    exact = Fraction(volume) * 60 / minutes
    assert abs(Fraction(rate_of(volume, Decimal(minutes) / 60)) - exact) <= Fraction(1, 20) + Fraction(1, 10**9)


@given(HUNDREDTHS, HUNDREDTHS)
def test_a_duration_is_whole_minutes_and_never_none(volume: Decimal, rate: Decimal) -> None:
    minutes = Fraction(hours_of(volume, rate)) * 60
    exact = Fraction(volume) * 60 / Fraction(rate)
    assert abs(minutes - max(exact, Fraction(1))) <= Fraction(1, 2) + Fraction(1, 10**9)
    assert abs(minutes - round(minutes)) < Fraction(1, 10**9)


@pytest.mark.parametrize(
    ("hours", "words"),
    [("1", "1 h"), ("24", "24 h"), ("0.25", "15 min"), ("1.5", "1.5 h"), ("2.25", "2.25 h"), ("36", "36 h")],
)
def test_a_length_in_words(hours: str, words: str) -> None:
    assert duration_words(Decimal(hours)) == words


def test_thirds_of_an_hour_are_said_in_minutes() -> None:
    assert duration_words(Decimal(20) / 60) == "20 min"
    assert duration_words(Decimal(100) / 60) == "100 min"
