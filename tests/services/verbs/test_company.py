"""What goes with treatment that is left out or stopped goes too, and stays where any of it is given."""

from collections.abc import Iterable
from datetime import date, timedelta

import pytest

from planner.model.cycle_content import State
from planner.model.plan import Given, GivenRecord, Hold, Omission, Plan, Scope, Stop
from planner.services.verbs import editing, pausing, recording, together
from tests.services.courses_at_hand import plan_of, scheduled

LATER = "inotuzumab-days-8-15"
COURSE, CYCLE = "cycle-2", 2
TODAY = date(2028, 1, 1)


def inotuzumab() -> Plan:
    return plan_of("inotuzumab-rr")


def premedication(plan: Plan, course: str = COURSE) -> dict[int, set[str]]:
    """The states of the premedication of a course, by day."""
    found: dict[int, set[str]] = {}
    for one in scheduled(plan).events:
        if one.placed.block.id == course and one.placed.role == "premedication":
            found.setdefault(one.cycle_day, set()).add(str(one.state))
    return found


def rescue(plan: Plan) -> set[str]:
    return {
        str(one.state)
        for one in scheduled(plan).events
        if one.placed.block.id == "part-b" and one.placed.role in ("rescue", "hydration")
    }


def without(plan: Plan, block: str, cycle: int, day: int, orders: Iterable[str]) -> Plan:
    for order in orders:
        plan = editing.omit(plan, scheduled(plan), Omission(block, cycle, day, order, "toxicity"))
    return plan


def test_premedication_stops_with_its_drug_and_stays_on_the_days_before() -> None:
    """Dexamethasone of inotuzumab that was stopped for good stood on day 12 after CAR T cells, to be signed."""
    plan = inotuzumab()
    kept = {str(State.PLANNED), str(State.PROVISIONAL)}
    assert set().union(*premedication(plan).values()) <= kept
    stopped = pausing.stop(plan, scheduled(plan), Stop(COURSE, CYCLE, 8, Scope.ALL, "toxicity", order=LATER))
    states = premedication(stopped)
    assert states[1] <= kept
    assert states[8] == states[15] == {"stopped"}
    assert all(states == {"stopped"} for states in premedication(stopped, "cycle-3").values())
    assert premedication(stopped, "cycle-1") == premedication(plan, "cycle-1")
    told = {one.notes[0] for one in scheduled(stopped).events if one.placed.role == "premedication" and one.notes}
    assert "stopped: goes with Inotuzumab ozogamicin" in told


def test_nobody_records_premedication_of_a_dose_that_was_left_out() -> None:
    plan = without(inotuzumab(), COURSE, CYCLE, 15, [LATER])
    assert premedication(plan)[15] == {"omitted"}
    here = [one for one in scheduled(plan).events if one.placed.block.id == COURSE and one.cycle_day == 15]
    of_day = [one for one in here if one.placed.role == "premedication"]
    assert of_day
    assert together.to_record(of_day, TODAY) == ()


def test_what_waits_for_a_drug_on_hold_is_not_left_out() -> None:
    plan = inotuzumab()
    held = pausing.hold(plan, scheduled(plan), Hold(COURSE, CYCLE, 8, "toxicity", order=LATER))
    assert premedication(held) == premedication(plan)


@pytest.mark.parametrize("part", ["methotrexate-2-h", "methotrexate-22-h"])
def test_rescue_and_fluids_stay_for_one_part_of_methotrexate(part: str) -> None:
    plan = without(plan_of("hyper-cvad"), "part-b", 2, 1, [part])
    assert rescue(plan) <= {"planned", "provisional"}
    both = without(plan_of("hyper-cvad"), "part-b", 2, 1, ["methotrexate-2-h", "methotrexate-22-h"])
    assert rescue(both) == {"omitted"}


def test_levels_and_other_treatment_stay() -> None:
    """An examination is not left out for want of a drug: it says beside it that the drug is."""
    plan = without(plan_of("hyper-cvad"), "part-b", 2, 1, ["methotrexate-2-h", "methotrexate-22-h"])
    others = [one for one in scheduled(plan).events if one.placed.block.id == "part-b" and one.state is State.OMITTED]
    assert {one.placed.role for one in others} == {"antineoplastic", "rescue", "hydration"}
    assert {one.placed.agent for one in others if one.placed.role == "antineoplastic"} == {"methotrexate"}


def test_premedication_that_was_given_was_given() -> None:
    plan = inotuzumab()
    dose = next(
        one
        for one in scheduled(plan).events
        if one.placed.block.id == COURSE and one.placed.role == "premedication" and one.cycle_day == 8 and one.dose
    )
    assert dose.dose
    place = COURSE, CYCLE, 8, dose.placed.order.id, 0
    record = GivenRecord(*place, Given.GIVEN, dose.date, dose.dose.value, dose.dose.unit, "A. P.")
    plan = recording.record_given(plan, scheduled(plan), record, dose.date + timedelta(1))
    assert premedication(without(plan, COURSE, CYCLE, 8, [LATER]))[8] == {"given", "omitted"}
