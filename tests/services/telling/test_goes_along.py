"""What a dose that was given on another day takes along."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from planner.model.plan import Given, GivenRecord, Hold
from planner.services.telling.goes_along import goes_along
from planner.services.verbs import pausing
from tests.services.courses_at_hand import events, plan_of, scheduled


def methotrexate(late: int = 1):
    plan = plan_of("hyper-cvad")
    dose = next(one for one in events(plan, "part-b", "methotrexate") if one.placed.route == "IV" and one.dose)
    assert dose.dose is not None
    on = dose.date + timedelta(late)
    placed = dose.placed
    value, unit = dose.dose.value, dose.dose.unit
    return plan, GivenRecord(
        "part-b", placed.cycle, dose.cycle_day, placed.order.id, 0, Given.GIVEN, on, value, unit, "A. P."
    )


@pytest.mark.parametrize("late", [-1, 1, 3])
def test_leucovorin_fluids_and_levels_of_methotrexate_given_on_another_day_are_named(late: int) -> None:
    plan, record = methotrexate(late)
    told = goes_along(scheduled(plan), record)
    assert told.startswith(f"Methotrexate was given on another day ({late:+d} d); what goes with it moves along")
    assert "Leucovorin" in told
    assert "Cytarabine" not in told
    assert told.count("Leucovorin") == 1


def test_nothing_is_told_of_its_own_day_of_what_was_not_given_and_of_what_leads_nothing() -> None:
    plan, record = methotrexate(0)
    assert goes_along(scheduled(plan), record) == ""
    assert goes_along(scheduled(plan), replace(record, status=Given.NOT_GIVEN, on=None, dose=None)) == ""
    last = events(plan, "part-a", "vincristine")[0]
    alone = replace(record, block="part-a", cycle=last.placed.cycle, day=last.cycle_day, order=last.placed.order.id)
    assert goes_along(scheduled(plan), replace(alone, on=last.date + timedelta(1))) == ""


def test_what_is_on_hold_is_not_named() -> None:
    plan, record = methotrexate()
    held = pausing.hold(plan, scheduled(plan), Hold("part-b", record.cycle, record.day, "infection"))
    assert "Leucovorin" not in goes_along(scheduled(held), record)
