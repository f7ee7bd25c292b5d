"""On which days a level in the blood is told, and by which results a dose is judged."""

from decimal import Decimal

import pytest

from planner.model.finding import FindingStatus
from tests.builders import day
from tests.checking.judging import find, rule

DOSE = "1 09:00 methotrexate 1000 mg/m2 IV"
LEVEL = {"agents": ["methotrexate IV"], "needs": ["class:folinate"], "result": "methotrexate-level"}


def days_of(kind, *events: str, **levels: str) -> list[int]:
    """The days of the one finding, as days of the example."""
    facts = {f"methotrexate-level day {on.removeprefix('day')}": value for on, value in levels.items()}
    (one,) = find(kind, *events, facts=facts)
    return [on - day(1) + 1 for on in one.days]


@pytest.mark.parametrize(
    ("more", "levels", "days"),
    [
        ({}, {"day3": "8"}, [1, *range(3, 12)]),  # nobody measured again: 10 days after the dose
        ({}, {"day3": "8", "day5": "5", "day6": "4.9", "day8": "7"}, [1, 3, 4, 5]),
        ({"until_below": Decimal(1)}, {"day3": "8", "day6": "4.9", "day9": "0.9"}, [1, *range(3, 9)]),
    ],
)
def test_what_a_level_calls_for_stands_on_each_day_until_it_is_below(more, levels, days):
    kind = rule("after_level", **LEVEL, levels={"2": 5}, at_least=Decimal(150), **more)
    assert days_of(kind, DOSE, "2-6 leucovorin 15 mg IV", **levels) == days


@pytest.mark.parametrize(
    ("levels", "days"),
    [
        ({"day3": "0.2"}, [1, *range(3, 14)]),
        ({"day3": "0.2", "day6": "0.04"}, [1, 3, 4, 5]),
        ({"day5": "0.2", "day7": "0.05", "day8": "0.04"}, [1, *range(3, 8)]),
    ],
)
def test_a_rescue_that_ends_too_early_is_told_on_each_day_until_the_level_is_low(levels, days):
    kind = rule("rescue_until", **LEVEL, below=Decimal("0.05"))
    assert days_of(kind, DOSE, "2-3 leucovorin 15 mg IV", **levels) == days


def test_a_gap_in_the_rescue_is_told_behind_what_was_laid_out_as_well():
    kind = rule("rescue_series", **LEVEL, below=Decimal("0.1"))
    events = (DOSE, "2 leucovorin 15 mg IV", "3-4 leucovorin 15 mg IV state=omitted")
    assert days_of(kind, *events) == [1, *range(3, 12)]
    assert days_of(kind, *events, day4="0.4", day7="0.09") == [1, *range(3, 7)]


@pytest.mark.parametrize(
    ("state", "said"), [("given", "(03-Jan-2026) was given; the patient"), ("planned", "is planned; the patient")]
)
def test_a_dose_is_judged_by_results_up_to_its_day(state, said):
    """A creatinine of the day after made a given dose contraindicated for good."""
    kind = rule("patient_state", agents=["methotrexate IV"], must="crcl > 60", clears_for_days=7)
    line = f"3 methotrexate 1000 mg/m2 IV state={state}"
    (later,) = find(kind, line, facts={"creatinine day 4": "2.6"})
    assert (later.status, later.missing) == (FindingStatus.CANNOT_CHECK, "creatinine clearance")
    (then,) = find(kind, line, facts={"creatinine day 3": "2.6", "creatinine day 4": "0.6"})
    assert then.status is FindingStatus.OPEN
    assert said in then.message


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        ("patient_state", {"must": "crcl >= 80"}),
        ("reduced_dose", {"to_percent": [{"when": "crcl < 80", "value": 80}]}),
    ],
)
@pytest.mark.parametrize(("age", "told"), [("8", True), ("18", False)])
def test_of_a_child_with_a_creatinine_it_says_why_there_is_no_clearance(kind, wanted, age, told):
    facts = {"age": age, "creatinine": "0.4", "sex": "unknown"}
    (one,) = find(rule(kind, agents=["fludarabine"], **wanted), "1 fludarabine 30 mg/m2 IV", facts=facts)
    assert ("of a child none is computed from the creatinine: record a measured clearance" in one.message) is told
    assert one.missing == "creatinine clearance"


@pytest.mark.parametrize(("later", "told"), [("15 mg", 1), ("150 mg", 0), ("? ", 0)])
def test_a_raised_rescue_that_is_lowered_before_the_level_is_low_is_told(later, told):
    """One dose of 150 mg was enough for the rule, whatever came after it."""
    kind = rule("after_level", **LEVEL, levels={"2": 5}, at_least=150, or_equal=True, until_below=1)
    events = (DOSE, "3 15:00 leucovorin 150 mg IV", f"4 12:00 leucovorin {later} IV", "6 leucovorin 15 mg IV")
    facts = {f"methotrexate-level day {on}": value for on, value in ((3, "8"), (4, "2.1"), (5, "0.9"))}
    found = find(kind, *events, facts=facts)
    assert ["lowered to 15 mg" in one.message for one in found] == [True] * told
