"""A dose that comes so many hours after another one goes with it, or somebody is told."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from planner.assembly.assemble import assemble
from planner.checking.check import check
from planner.model.plan import Given, GivenRecord, Omission, Plan
from planner.model.site import Site
from planner.services.evaluation import evaluate
from tests.assembly.texts import HEAD, assessment, order, phase
from tests.builders import example_patient, placed
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


def test_premedication_of_a_dose_that_is_left_out_is_told():
    """Dexamethasone, paracetamol and an antihistamine stood there with boxes, and their inotuzumab was struck."""
    plan = plan_of("inotuzumab-rr")
    dose = next(one for one in events(plan, "cycle-1", "inotuzumab", 1) if one.cycle_day == 8)
    companions = {
        one.placed.order.id: one.placed.agent_name
        for one in evaluate(plan, library()).schedule.events
        if one.day == dose.day
        and one.placed.agent
        and dose.placed.order.id in getattr(one.placed.order, "goes_with", ())
    }
    assert len(companions) >= 3
    without = Omission("cycle-1", 1, 8, dose.placed.order.id, "toxicity")
    told = _found(replace(plan, modifications=(without,)))
    assert {one.partition(" C1")[0] for one in told} == set(companions.values())
    assert all("C1 D8" in one and "which is left out: it still stands" in one for one in told)
    whole = tuple(Omission("cycle-1", 1, 8, name, "toxicity") for name in (dose.placed.order.id, *companions))
    assert _found(replace(plan, modifications=whole)) == []


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
    (message,) = [one for one in _found(replace(plan, modifications=without)) if " belongs " in one]
    assert "Methotrexate C2 D1, which is left out" in message
    rescue = (*without, Omission("part-b", 2, 2, RESCUE, "toxicity"))
    assert not any(one.startswith("Leucovorin C2 D2 ") for one in _found(replace(plan, modifications=rescue)))


def test_an_examination_among_the_doses_has_no_excluded_days():
    """A rule may mean examinations too: on a Saturday only the order that excludes Saturdays is told."""
    text = HEAD + phase("a", order("o", days="5", not_on="Sat"), assessment("marrow", days="6"))
    monday = date(2026, 1, 5)
    plan, protocols = placed(text, example_patient(), monday)
    record = GivenRecord("a", 1, 5, "o", 0, Given.GIVEN, monday + timedelta(days=5), Decimal(2), "mg", "A. P.")
    schedule = assemble(replace(plan, given=(record,)), protocols, {}, Site())
    days = rule("protocol_days", agents=["any", "assessment:marrow"])
    (found,) = check(plan, schedule, [days], library().agents)[0]
    assert "falls on a Saturday, which its protocol excludes" in found.message
    assert found.count == 1
