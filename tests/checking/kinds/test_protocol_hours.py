"""A dose that comes so many hours after another one goes with it, or somebody is told."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from planner.assembly.assemble import assemble
from planner.checking.check import check
from planner.content.protocol_file import build_protocol, make_pin
from planner.model.library import ShelvedProtocol
from planner.model.plan import BlockStart, Given, GivenRecord, Omission, Plan
from planner.model.site import Site
from planner.services.evaluation import evaluate
from planner.services.verbs.placing import add_protocol, new_plan
from tests.assembly.texts import HEAD, assessment, order, phase
from tests.builders import example_patient
from tests.checking.judging import rule
from tests.checking.shipped import library
from tests.services.courses_at_hand import events, plan_of

FIRST, LONG, RESCUE = "methotrexate-2-h", "methotrexate-22-h", "leucovorin-first"


def _found(plan: Plan) -> list[str]:
    return [one.message for one in evaluate(plan, library()).findings if one.rule == "ST-15"]


def _given(plan: Plan, order: str, days: int) -> Plan:
    """The same with the methotrexate of Part B recorded as given so many days late."""
    dose = next(one for one in events(plan, "part-b", "methotrexate", 2) if one.placed.order.id == order)
    assert dose.dose is not None
    on = dose.date + timedelta(days=days)
    record = GivenRecord(
        "part-b", 2, dose.cycle_day, order, 0, Given.GIVEN, on, dose.dose.value, dose.dose.unit, "A. P."
    )
    return replace(plan, given=(*plan.given, record))


@pytest.mark.parametrize("days", [1, 2, -1])
def test_a_rescue_that_did_not_go_with_its_infusion_is_told(days):
    """Methotrexate given a day late once left leucovorin 12 h after its start, in the middle of the infusion."""
    plan = plan_of("hyper-cvad")
    assert _found(plan) == []
    assert _found(_given(_given(plan, FIRST, 0), LONG, 0)) == []
    (message,) = _found(_given(_given(plan, FIRST, days), LONG, days))
    assert message.startswith("Leucovorin C2 D2 (")
    assert "belongs 12 h after the end of Methotrexate C2 D1, which is on " in message


def test_a_rescue_of_an_infusion_that_is_left_out_is_told():
    plan = plan_of("hyper-cvad")
    without = tuple(Omission("part-b", 2, 1, order, "toxicity") for order in (FIRST, LONG))
    (message,) = _found(replace(plan, modifications=without))
    assert "Methotrexate C2 D1, which is left out" in message
    rescue = (*without, Omission("part-b", 2, 2, RESCUE, "toxicity"))
    assert not any(one.startswith("Leucovorin C2 D2 ") for one in _found(replace(plan, modifications=rescue)))


def test_an_examination_among_the_doses_has_no_excluded_days():
    """A rule may mean examinations too: on a Saturday only the order that excludes Saturdays is told."""
    text = HEAD + phase("a", order("o", days="5", not_on="Sat"), assessment("marrow", days="6"))
    shelved = ShelvedProtocol(make_pin(text), build_protocol(text), "test")
    monday = date(2026, 1, 5)
    plan = add_protocol(new_plan("p", example_patient()), shelved, BlockStart(on=monday))
    record = GivenRecord("a", 1, 5, "o", 0, Given.GIVEN, monday + timedelta(days=5), Decimal(2), "mg", "A. P.")
    schedule = assemble(replace(plan, given=(record,)), {shelved.pin.sha256: shelved.protocol}, {}, Site())
    days = rule("protocol_days", agents=["any", "assessment:marrow"])
    (found,) = check(plan, schedule, [days], library().agents)[0]
    assert "falls on a Saturday, which its protocol excludes" in found.message
    assert found.count == 1
