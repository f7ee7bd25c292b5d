"""A block that counts from a graft which was given on another day is told."""

from datetime import date, timedelta
from decimal import Decimal

from msgspec.structs import replace

from planner.model.civil import weekday_date
from planner.model.plan import BlockStart, Given, GivenRecord, Plan
from planner.services.telling.day_zero import beside_the_cells, counts_from_elsewhere
from planner.services.verbs import editing, recording
from planner.services.verbs.placing import add_protocol
from tests.golden.cases import library
from tests.services.courses_at_hand import plan_of, scheduled

TODAY = date(2028, 1, 1)


def grafted(late: int) -> tuple[Plan, GivenRecord]:
    """A conditioning with its graft, and PTCy placed on the day of the graft."""
    plan = plan_of("hsct-flu-bu-ric")
    graft = next(one for one in scheduled(plan).events if one.placed.role == "cell therapy")
    plan = add_protocol(plan, library().protocols["ptcy-gvhd"], BlockStart(on=graft.date))
    amount = graft.dose.value if graft.dose and graft.dose.value else None
    unit = (graft.dose.unit if graft.dose else "") or "cells"
    on = graft.date + timedelta(late)
    place = graft.placed.block.id, graft.placed.cycle, graft.cycle_day, graft.placed.order.id, 0
    return plan, GivenRecord(*place, Given.GIVEN, on, amount or 1, unit, "A. P.")


def told(plan: Plan, record: GivenRecord) -> str:
    before = scheduled(plan)
    return counts_from_elsewhere(before, scheduled(recording.record_given(plan, before, record, TODAY)), record)


def test_a_block_that_counts_from_a_graft_of_another_day_is_told() -> None:
    """Cyclophosphamide of Day +3 stood on the second day after a graft that had come a day late."""
    plan, record = grafted(1)
    assert record.on
    said = told(plan, record)
    assert said.startswith("PTCy counts from ")
    assert f"given on {record.on:%a %d-%b-%Y} (+1 d), and keeps " in said
    moved = editing.move_block(plan, "ptcy", 1)
    assert told(moved, record) == "", "its Day 0 is the day on which the graft was given"


def test_lymphodepletion_before_cells_of_another_day_is_not_told() -> None:
    """It was given before them and cannot follow: an answer that is always "sure" is none."""
    plan = plan_of("tisa-cel")
    cells = next(one for one in scheduled(plan).events if one.placed.role == "cell therapy")
    place = cells.placed.block.id, cells.placed.cycle, cells.cycle_day, cells.placed.order.id, 0
    on = cells.date + timedelta(1)
    assert told(plan, GivenRecord(*place, Given.GIVEN, on, Decimal(1), cells.dose.unit, "A. P.")) == ""


def test_nothing_is_told_of_a_graft_on_its_day_and_of_other_doses() -> None:
    plan, record = grafted(0)
    assert told(plan, record) == ""
    assert told(plan, replace(record, status=Given.NOT_GIVEN, on=None, dose=None, unit="", reason="other")) == ""


def test_days_placed_beside_the_cells_they_count_from_are_told_wherever_they_are_moved() -> None:
    plan = plan_of("hsct-cy-tbi")
    graft = next(one for one in scheduled(plan).events if one.placed.role == "cell therapy")
    shelved = library().protocols["gvhd-prophylaxis"]

    def placed(days: int) -> Plan:
        """With its Day 0 so many days after the graft: its first day is Day -7."""
        return add_protocol(plan, shelved, BlockStart(on=graft.date + timedelta(days - 7)), {})

    assert [*beside_the_cells(scheduled(plan), scheduled(placed(0)))] == []
    told = [*beside_the_cells(scheduled(plan), scheduled(placed(6)))]
    assert len(told) == 1
    assert f"the cells are on {weekday_date(graft.day)}" in told[0]
    assert [*beside_the_cells(scheduled(plan), scheduled(placed(60)))] == []
    block = graft.placed.block.id
    moved = editing.move_block(placed(6), block, 2)
    assert len([*beside_the_cells(scheduled(placed(6)), scheduled(moved))]) == 1
    assert [*beside_the_cells(scheduled(moved), scheduled(moved))] == []
    assert [*beside_the_cells(scheduled(placed(0)), scheduled(editing.move_block(placed(0), block, 2)))] == []
