"""Days before Day 0 in the words of a finding."""

from msgspec.structs import replace

from planner.model.plan import Omission
from planner.services.evaluation import evaluate
from tests.golden.cases import library
from tests.services.courses_at_hand import plan_of


def test_days_before_day_0_are_named_one_by_one() -> None:
    """ "D-6--4 30 mg/m2; it should be D-6--3" was read by nobody."""
    plan = plan_of("tisa-cel")
    out = Omission(plan.blocks[0].id, 1, -3, "fludarabine", "other")
    found = evaluate(replace(plan, modifications=(out,)), library()).findings
    (message,) = (one.message for one in found if one.rule == "CT-08")
    assert "D-6, D-5, D-4 30 mg/m2; it should be D-6, D-5, D-4, D-3 30 mg/m2" in message
