"""step_dose: a small dose that goes on where the full one should have followed."""

import pytest

from tests.checking.judging import find, rule

ADULT = rule("step_dose", agents=["blinatumomab"], unit="mcg", days=7, at_most=[{"when": "weight >= 45", "value": 9}])
CHILD = rule(
    "step_dose", agents=["blinatumomab"], unit="mcg", days=7, at_most_per_m2=[{"when": "weight < 45", "value": 5}]
)


@pytest.mark.parametrize(
    ("lines", "count"),
    [
        (("1-7 blinatumomab 9 mcg/day IV",), 0),
        (("1-8 blinatumomab 9 mcg/day IV",), 1),
        (("1-10 blinatumomab 9 mcg/day IV",), 3),
        (("1-10 blinatumomab 10 mcg/day IV",), 0),
        (("1-4 blinatumomab 9 mcg/day IV", "6-11 blinatumomab 9 mcg/day IV"), 0),  # a day without one begins anew
        (("1-4 blinatumomab 9 mcg/day IV", "5 blinatumomab 28 mcg/day IV", "6-12 blinatumomab 9 mcg/day IV"), 0),
        (("1-7 blinatumomab 9 mcg/day IV", "8-9 blinatumomab 9 mcg/day IV state=held"), 0),
        (("1-7 blinatumomab 9 mcg/day IV", "1-7 blinatumomab 9 mcg/day IV"), 0),
        (("1-10 blinatumomab 9 mg/day IV",), 0),  # another unit
        (("1-10 blinatumomab ? IV",), 0),
    ],
)
def test_days_in_a_row(lines, count):
    assert sum(one.count for one in find(ADULT, *lines)) == count


def test_the_day_is_told():
    (one,) = find(ADULT, "1-8 blinatumomab 9 mcg/day IV")
    assert "9 mcg a day is a step of 7 days; this is day 8 of it in a row" in one.message
    assert one.arithmetic == "8 days, above 7"


@pytest.mark.parametrize(("dose", "count"), [("5", 1), ("5.2", 1), ("5.5", 0), ("15", 0)])
def test_per_m2_it_may_be_rounded_up(dose, count):
    small = {"weight": "30", "height": "135", "age": "9"}
    assert len(find(CHILD, f"1-8 blinatumomab {dose} mcg/m2/day IV", facts=small)) == count


def test_where_no_limit_holds_nothing_is_asked():
    assert find(CHILD, "1-8 blinatumomab 9 mcg/day IV") == ()


def test_without_the_weight_it_cannot_be_told_which_limit_holds():
    (one,) = find(ADULT, "1-10 blinatumomab 9 mcg/day IV", facts={"weight": ""})
    assert (one.status, one.missing, one.count) == ("cannot_check", "weight", 3)
    assert find(ADULT, "1-10 blinatumomab 28 mcg/day IV", facts={"weight": ""}) == ()
