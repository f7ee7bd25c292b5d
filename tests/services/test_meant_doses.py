"""A dose is held to a bound in mg/m2 as it was meant, not as it was rounded: in whole vials it stays high dose."""

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from planner.model.patient import Patient
from planner.model.plan import DoseChange, Given, GivenRecord, Plan, Scope
from planner.services.evaluation import evaluate
from tests.builders import placed
from tests.golden.cases import library, person

SOMEBODY: Patient = person(1981, "168", "69.9", "female")  # 1.806 m2: 500 mg/m2 are 903 mg
START = date(2026, 3, 2)
TEXT = """
id = "site"
title = "Site"
version = "1"
status = "draft"
disease = "B-ALL"
population = "Adults"
[references]
S1 = { text = "Invented" }
[[phases]]
id = "a"
title = "A"
cycle_days = 21
references = ["S1"]
[[phases.orders]]
id = "o"
agent = "methotrexate"
role = "antineoplastic"
route = "IV"
dose = "DOSE"
days = "1"
evidence = "secondary"
references = ["S1"]
"""


def course(dose: str) -> Plan:
    return placed(TEXT.replace("DOSE", dose), SOMEBODY, START)[0]


def told(plan: Plan, step: str) -> set[str]:
    """The rules that speak of the plan where the site rounds methotrexate to that step."""
    agents = dict(library().agents)
    agents["methotrexate"] = replace(agents["methotrexate"], round_to=Decimal(step), usual_unit="mg")
    return {one.rule for one in evaluate(plan, replace(library(), agents=agents)).findings}


@pytest.mark.parametrize("step", ["1", "50"])
def test_rounding_takes_no_dose_below_the_bound_that_it_is_held_to(step: str) -> None:
    """Rounded to 50 mg it is 900 mg, 498 mg/m2: the rescue was asked for by no rule any more (MT-05)."""
    assert "MT-05" in told(course("500 mg/m2"), step)
    assert "MT-05" not in told(course("499 mg/m2"), step)


def test_rounding_lifts_no_dose_to_the_bound() -> None:
    assert "MT-05" not in told(course("480 mg/m2"), "50"), "867 mg are given as 850"
    assert "MT-05" not in told(course("495 mg/m2"), "100"), "894 mg are given as 900; meant was less"


@pytest.mark.parametrize(("typed", "high"), [("900 mg", True), ("870 mg", True), ("850 mg", False)])
def test_an_amount_typed_within_5_percent_is_the_dose_rounded_by_hand(typed: str, high: bool) -> None:
    change = DoseChange("a", 1, 1, "o", Scope.DAY, "other", dose=typed)
    assert ("MT-05" in told(replace(course("500 mg/m2"), modifications=(change,)), "1")) == high


def test_a_share_of_a_dose_is_meant_to_be_less() -> None:
    change = DoseChange("a", 1, 1, "o", Scope.DAY, "toxicity", percent=99)
    assert "MT-05" not in told(replace(course("500 mg/m2"), modifications=(change,)), "1")


@pytest.mark.parametrize(("amount", "high"), [("900", True), ("850", False)])
def test_what_was_given_within_5_percent_was_the_dose_that_was_meant(amount: str, high: bool) -> None:
    record = GivenRecord("a", 1, 1, "o", 0, Given.GIVEN, START, Decimal(amount), "mg", "A")
    assert ("MT-05" in told(replace(course("500 mg/m2"), given=(record,)), "1")) == high


def test_a_dose_that_is_no_high_dose_is_not_called_one() -> None:
    """ "Methotrexate C1 D1: 500 mg/m2 or more" stood with a dose of 150 mg/m2: the rule passes over the high ones."""
    hits = [one for one in evaluate(course("150 mg/m2"), library()).findings if one.rule == "MT-26"]
    assert hits
    assert not any("500 mg/m2 or more" in str(one.inputs) for one in hits)
