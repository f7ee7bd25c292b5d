"""minimum_age: doses before the patient is so many months old."""

from datetime import date

import pytest

from planner.checking.kinds.minimum_age import _reaches
from tests.builders import day
from tests.checking.judging import find, rule

FROM_A_MONTH = rule("minimum_age", agents=["blinatumomab"], months=1)


@pytest.mark.parametrize(
    ("born", "months", "reached"),
    [
        ((2026, 1, 1), 1, (2026, 2, 1)),
        ((2026, 1, 28), 1, (2026, 2, 28)),
        ((2026, 1, 31), 1, (2026, 3, 1)),
        ((2024, 2, 29), 12, (2025, 3, 1)),
        ((2026, 11, 30), 3, (2027, 3, 1)),
        ((2026, 12, 15), 1, (2027, 1, 15)),
        ((2026, 12, 15), 24, (2028, 12, 15)),
    ],
)
def test_the_first_day_at_an_age(born, months, reached):
    assert _reaches(date(*born), months) == date(*reached).toordinal()


def test_each_dose_that_comes_too_early_is_told():
    early = ("20-47 blinatumomab 5 mcg/m2/day IV", "40 blinatumomab 15 mcg/m2/day IV cycle=2", "20 vincristine 1 mg IV")
    (found,) = find(FROM_A_MONTH, *early, facts={"age": "0", "weight": "4"})
    assert found.days == tuple(map(day, range(20, 32)))
    assert "comes at an age of 19 days; 1 month on 01-Feb-2026." in found.message
    assert find(FROM_A_MONTH, *early) == ()


@pytest.mark.parametrize(("age", "months", "finds"), [("1", 13, 1), ("1", 12, 0), ("2", 13, 0), ("1", 24, 1)])
def test_more_months_than_a_year(age, months, finds):
    wanted = rule("minimum_age", agents=["blinatumomab"], months=months)
    assert len(find(wanted, "20 blinatumomab 5 mcg/m2/day IV", facts={"age": age})) == finds
