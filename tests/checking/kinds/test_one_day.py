"""Two doses of one order that met on one day: a date typed wrong, or a dose too many."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from planner.model.plan import Given, GivenRecord, Plan
from planner.services.evaluation import evaluate
from tests.checking.shipped import library
from tests.golden.cases import START
from tests.services.courses_at_hand import events, plan_of

VCR = "vincristine"


def _given_eight(days: int) -> Plan:
    """CALGB 10403 with the vincristine of Day 8 recorded as given so many days after Day 1."""
    plan = plan_of("calgb-10403")
    dose = events(plan, "induction", VCR)[1].dose
    assert dose is not None
    on = START + timedelta(days=days)
    record = GivenRecord("induction", 1, 8, VCR, 0, Given.GIVEN, on, dose.value, dose.unit, "A. P.")
    return replace(plan, given=(record,))


@pytest.mark.parametrize(("days", "interval", "one_day"), [(7, 0, 0), (6, 1, 0), (1, 1, 0), (0, 1, 1), (14, 1, 1)])
def test_a_dose_given_on_the_day_of_another_is_found(days, interval, one_day):
    """With both on Day 1 the rule of seven days once took each for the other and said nothing."""
    found = evaluate(_given_eight(days), library()).findings
    assert sum(one.rule == "VC-05" for one in found) == interval
    told = [one for one in found if one.rule == "ST-07"]
    assert len(told) == one_day
    for one in told:
        assert "Vincristine C1 D8" in one.message
        assert one.message.endswith("are on one day.")
