"""after_event and no_raise: what a recorded event, or a reduced dose, leaves of the doses after it."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.model.civil import clinical_date
from planner.model.finding import FindingStatus
from tests.builders import day
from tests.checking.judging import find, rule
from tests.checking.shipped import rules

DAYS = [f"{number} blinatumomab 28 mcg/day IV" for number in (1, 2, 3, 6, 7, 8, 13, 14)]


@given(st.lists(st.tuples(st.integers(1, 20), st.integers(0, 5)), max_size=4, unique_by=lambda one: one[0]))
def test_no_dose_after_an_event_agrees_with_brute_force(events):
    wanted = rule("after_event", agents=["blinatumomab"], events=["crs"], from_grade=3, resolved_at=1)
    found = find(wanted, *DAYS, facts={f"crs day {on}": str(grade) for on, grade in events})
    barred = set()
    for on, grade in events:
        over = min([later for later, less in events if later > on and less <= 1], default=99)
        barred |= {number for number in (1, 2, 3, 6, 7, 8, 13, 14) if grade >= 3 and on < number < over}
    assert {number for one in found for number in one.days} == {day(number) for number in barred}
    assert sum(one.count for one in found) == len(barred)


@pytest.mark.parametrize(
    ("parameters", "facts", "barred"),
    [
        ({}, {"crs day 6": "1"}, [7, 8, 13, 14]),
        ({"to_grade": 2}, {"crs day 6": "3"}, []),
        ({"times": 2}, {"crs day 6": "1"}, []),
        ({"times": 2}, {"crs day 6": "1", "crs day 7": "1"}, [8, 13, 14]),
        ({"within_days": 2}, {"crs day 6": "1"}, [7, 8]),
        ({}, {"icans day 6": "3"}, []),
        ({"resolved_at": 0}, {"crs day 6": "1", "crs day 8": "0"}, [7]),
        ({"resolved_at": 0, "least_days": 3}, {"crs day 5": "1", "crs day 6": "0"}, [6, 7]),
        ({"resolved_at": 0, "least_days": 3}, {"crs day 5": "1", "crs day 6": "2", "crs day 7": "0"}, [6, 7]),
        (
            {"resolved_at": 0, "least_days": 3},
            {"crs day 1": "1", "crs day 4": "0", "crs day 5": "1"},
            [2, 3, 6, 7, 8, 13, 14],
        ),
        (
            {"resolved_at": 0, "least_days": 3},
            {"crs day 1": "1", "crs day 4": "0", "crs day 5": "1", "crs day 6": "0"},
            [2, 3, 6, 7],
        ),
    ],
)
def test_which_doses_are_barred(parameters, facts, barred):
    wanted = rule("after_event", agents=["blinatumomab"], events=["crs"], **parameters)
    found = find(wanted, *DAYS, facts=facts)
    assert sorted({number for one in found for number in one.days}) == [day(number) for number in barred]


def test_what_waits_until_an_event_is_over_is_not_said_to_be_barred_for_good():
    asked = {"agents": ["blinatumomab"], "events": ["crs"]}
    for more, words in (
        ({}, "not to be given any more"),
        ({"resolved_at": 1}, "not before it is recorded as grade 1 or"),
        ({"resolved_at": 1, "least_days": 3}, "grade 1 or less and 3 days have passed since its first."),
    ):
        (found,) = find(rule("after_event", **asked, **more), "7 blinatumomab 28 mcg/day IV", facts={"crs day 6": "2"})
        assert words in found.message


def test_what_is_on_hold_waits_already():
    asked = {"agents": ["blinatumomab"], "events": ["crs"]}
    held = "7 blinatumomab 28 mcg/day IV state=held"
    assert not find(rule("after_event", **asked, resolved_at=1), held, facts={"crs day 6": "3"})
    assert find(rule("after_event", **asked), held, facts={"crs day 6": "3"})  # barred for good


def test_small_doses_may_go_on_for_the_first_days():
    wanted = rule("after_event", agents=["blinatumomab"], events=["crs"], unit="mcg", at_most=9, days=2)
    (one,) = find(wanted, *DAYS, facts={"crs day 3": "3"})
    assert (one.days, one.count) == ((day(6), day(7)), 2)
    assert one.arithmetic == f"Blinatumomab C1 D6 ({clinical_date(day(6))}): 28 mcg, above 9 mcg"
    assert find(wanted, "6-7 blinatumomab 9 mcg/day IV", "8 blinatumomab 28 mcg/day IV", facts={"crs day 3": "3"}) == ()


def test_a_limit_that_cannot_be_told():
    banded = [{"when": "mrd = positive", "value": 9}]
    for parameters, dose, missing in (
        ({"at_most": banded}, "28 mcg/day", "MRD"),
        ({"at_most": 9}, "?", "dose"),
        ({"at_most_per_m2": 5}, "28 mg/m2", "dose"),
    ):
        wanted = rule("after_event", agents=["blinatumomab"], events=["crs"], unit="mcg", **parameters)
        (one,) = find(wanted, f"6 blinatumomab {dose} IV", facts={"crs day 3": "3"})
        assert one.status is FindingStatus.CANNOT_CHECK
        assert dict(one.inputs)["missing"] == missing
    wanted = rule("after_event", agents=["blinatumomab"], events=["crs"], unit="mcg", at_most_per_m2=5)
    (one,) = find(wanted, "6 blinatumomab 15 mcg/m2/day IV", facts={"crs day 3": "3"})
    assert one.arithmetic.endswith("): 15 mcg/m2, above 5 mcg/m2")


LOW = {"agents": ["blinatumomab"], "events": ["icans"], "from_grade": 3, "unit": "mcg"}


@pytest.mark.parametrize(
    ("before", "grades", "barred"),
    [
        (["1-5 blinatumomab 9 mcg/day IV"], {"icans day 5": "3"}, True),
        (["1-5 blinatumomab 28 mcg/day IV"], {"icans day 5": "3"}, False),
        (["1-5 blinatumomab 9 mcg/day IV"], {"icans day 6": "3"}, True),
        (["1-5 blinatumomab 9 mcg/day IV"], {"icans day 7": "3"}, False),
        (["1-5 blinatumomab 9 mcg/day IV"], {"icans day 5": "2"}, False),
        (["1-4 blinatumomab 28 mcg/day IV", "5 blinatumomab 9 mcg/day IV"], {"icans day 5": "3"}, True),
        ([], {"icans day 5": "3"}, False),
        (["1-5 blinatumomab 9 mcg/day IV"], {"icans day 4": "3", "icans day 5": "3"}, True),
    ],
)
def test_an_event_counts_by_the_dose_it_came_up_at(before, grades, barred):
    found = find(rule("after_event", **LOW, occurred_at=9), *before, "9-10 blinatumomab 9 mcg/day IV", facts=grades)
    assert [one.count for one in found] == ([2] if barred and len(grades) == 1 else [3] if barred else [])
    assert all("it came up at 9 mcg" in one.message for one in found)


@pytest.mark.parametrize(
    ("limits", "before", "missing"),
    [
        ({"occurred_at": 9}, ["1-4 blinatumomab 9 mcg/day IV", "5 blinatumomab 28 mcg/day IV"], "its hour"),
        ({"occurred_at": 9}, ["1-4 blinatumomab ? IV", "5 blinatumomab 28 mcg/day IV"], "its hour"),
        ({"occurred_at": 9}, ["1-5 blinatumomab ? IV"], "dose"),
        ({"occurred_at_per_m2": 5}, ["1-5 blinatumomab ? IV"], "dose"),
        ({"occurred_at": 9}, ["1-5 blinatumomab 1 mg IV"], "dose"),
        ({"occurred_at": [{"when": "mrd = positive", "value": 9}]}, ["1-5 blinatumomab 9 mcg/day IV"], "MRD"),
    ],
)
def test_at_which_dose_an_event_came_up_cannot_always_be_told(limits, before, missing):
    wanted = rule("after_event", **LOW, **limits)
    (one,) = find(wanted, *before, "9 blinatumomab 9 mcg/day IV", facts={"icans day 5": "3"})
    assert one.status is FindingStatus.CANNOT_CHECK
    assert dict(one.inputs)["missing"] == missing


def test_a_dose_that_no_limit_is_for_bars_nothing():
    wanted = rule("after_event", **LOW, occurred_at=[{"when": "age < 18", "value": 9}])
    assert find(wanted, "1-9 blinatumomab 9 mcg/day IV", facts={"icans day 5": "3"}) == ()


def test_nothing_happened_and_nothing_is_given():
    wanted = rule("after_event", agents=["blinatumomab"], events=["crs"])
    assert find(wanted, *DAYS) == ()
    assert find(wanted, "9 vincristine 2 mg IV", facts={"crs day 3": "3"}) == ()


@given(st.lists(st.sampled_from([50, 75, 100]), min_size=1, max_size=6))
def test_a_raised_dose_agrees_with_brute_force(percents):
    lines = [f"{1 + 7 * at} inotuzumab {percent} mg IV full=100" for at, percent in enumerate(percents)]
    found = find(rule("no_raise", agents=["inotuzumab"]), *lines)
    lowest = itertools.accumulate(percents, min)
    raised = sum(percent > least < 100 for percent, least in zip(percents[1:], lowest, strict=False))
    assert sum(one.count for one in found) == raised


def test_a_dose_that_is_not_known_is_no_raised_one():
    wanted = rule("no_raise", agents=["inotuzumab"])
    assert find(wanted, "1 inotuzumab 75 mg IV full=100", "8 inotuzumab ? IV") == ()
    (one,) = find(wanted, "1 inotuzumab 75 mg IV full=100", "8 inotuzumab ? IV", "15 inotuzumab 100 mg IV")
    assert one.arithmetic == "100 %, above 75 %"


@pytest.mark.parametrize(("same_day", "barred"), [(False, [7, 8, 13, 14]), (True, [6, 7, 8, 13, 14])])
def test_the_day_of_the_event_counts_where_the_rule_says_so(same_day, barred):
    wanted = rule("after_event", agents=["blinatumomab"], events=["crs"], same_day=same_day)
    found = find(wanted, *DAYS, facts={"crs day 6": "3"})
    assert sorted({number for one in found for number in one.days}) == [day(number) for number in barred]


def test_a_dose_after_two_events_that_took_too_long_is_told_once():
    wanted = rule("after_event", agents=["blinatumomab"], events=["icans"], from_grade=3, settles_within_days=3)
    (late,) = find(wanted, *DAYS, facts={"icans day 2": "3", "icans day 3": "3", "icans day 8": "1"})
    assert (late.status, late.days) == (FindingStatus.OPEN, tuple(map(day, (6, 7, 8, 13, 14))))
    assert "it took 6 days to settle" in late.message
    (unknown,) = find(wanted, *DAYS, facts={"icans day 7": "3"})
    assert (unknown.status, unknown.days) == (FindingStatus.CANNOT_CHECK, (day(13), day(14)))


def test_an_event_is_left_to_the_rule_about_its_higher_grade():
    """After pancreatitis of grade 2 and then 3 one rule said to wait, the other that asparaginase is over."""
    wait, over = rules()["AS-05C"], rules()["AS-05b"]
    doses = "1-15/14 pegaspargase 2000 units/m2 IV"
    worse = {"pancreatitis day 10": "2", "pancreatitis day 12": "3"}
    assert find(wait, doses, facts=worse) == ()
    assert len(find(over, doses, facts=worse)) == 1
    assert len(find(wait, doses, facts={"pancreatitis day 10": "2", "pancreatitis day 16": "3"})) == 1
    second = "20 obe-cel 310e6 cells IV role=cell-therapy"
    old = {"crs day 1": "3", "crs day 2": "0"}
    assert len(find(rules()["CT-05B"], second, facts={**old, "crs day 15": "2"})) == 0
    later = "60 obe-cel 310e6 cells IV role=cell-therapy"
    assert len(find(rules()["CT-05B"], later, facts={**old, "crs day 55": "2"})) == 1
