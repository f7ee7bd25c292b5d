"""What was moved on the timeline: by how many days, and the days it might have fallen on."""

from datetime import timedelta

from msgspec.structs import replace

from planner.model.civil import weekday_date
from planner.model.cycle_content import State
from planner.model.plan import Deferral, Plan, Scope, Stop
from planner.model.timeline import Bar
from planner.services.verbs import editing
from tests.courses import COURSE_START, course_plan
from tests.exports.sheets.test_after_edits import placed, seen
from tests.timeline.test_lay_out import lane, lay


def deferred(*days: tuple[int, int, Scope]) -> Plan:
    """The course with so many days put off from those days of its first cycle on."""
    made = tuple(Deferral("induction", 1, day, by, scope, "counts") for day, by, scope in days)
    return replace(course_plan(), modifications=made)


def test_the_window_of_a_moved_dose_stays_on_its_old_days():
    first = lane(lay(deferred((1, 1, Scope.DAY))), "Vincristine IV").bars[0]
    assert (first.shift, first.window) == (1, (1, 1)), "from the day it was due to two days later"
    due = COURSE_START
    assert f"Window {due:%a %d-%b-%Y} to {due + timedelta(2):%a %d-%b-%Y}" in first.detail
    assert "Deferred by +1 day from" in first.detail
    late = lane(lay(deferred((1, 7, Scope.DAY))), "Vincristine IV").bars
    moved = next(bar for bar in late if bar.shift == 7)
    assert moved.window == (7, 0), "nothing of it lies ahead"


def test_the_window_goes_along_with_a_whole_cycle_that_is_put_off():
    first = lane(lay(deferred((1, 7, Scope.CYCLE))), "Vincristine IV").bars[0]
    assert (first.shift, first.window) == (7, (0, 2))


def test_a_block_moved_away_from_its_protocols_day_says_by_how_much_in_all():
    plan = placed("obe-cel")
    second = plan.blocks[-1].id
    moved = editing.move_block(plan, second, 7)
    late = editing.defer(moved, seen(moved).schedule, Deferral(second, 1, 10, 5, Scope.ALL, "toxicity"))
    for found, days in ((plan, 0), (moved, 7), (late, 12)):
        ribbons = {bar.block: bar for one in seen(found).timeline.lanes for bar in one.bars if bar.form == "ribbon"}
        assert ribbons[second].shift == days
        assert {bar.shift for bar in ribbons.values() if bar.block != second} == {0}


def test_the_window_of_second_cells_stays_when_their_block_is_moved():
    plan = placed("obe-cel")
    second = plan.blocks[-1].id

    def cells(found: Plan) -> Bar:
        lanes = seen(found).timeline.lanes
        return next(bar for one in lanes for bar in one.bars if bar.block == second and bar.role == "cell therapy")

    due = cells(plan)
    assert (due.shift, due.window) == (0, (2, 2))
    for days, window in ((7, (9, 0)), (1, (3, 1)), (-1, (1, 3))):
        moved = cells(editing.move_block(plan, second, days))
        assert (moved.start - due.start, moved.shift, moved.window) == (days, days, window)
        first, last = (weekday_date(due.start + off) for off in (-2, 2))
        assert f"Window {first} to {last}" in moved.detail


def test_a_block_of_which_every_drug_is_stopped_is_provisional_no_more():
    plan = placed("calgb-10403")
    block = next(one for one in seen(plan).schedule.blocks if one.phase.id == "consolidation")

    def ribbon(found: Plan) -> Bar:
        lanes = seen(found).timeline.lanes
        return next(bar for one in lanes for bar in one.bars if (bar.block, bar.form) == (block.id, "ribbon"))

    assert ribbon(plan).state is State.PROVISIONAL
    for day, state, told in ((1, State.STOPPED, "Stopped"), (8, State.PROVISIONAL, "Provisional")):
        stopped = replace(plan, modifications=(Stop(block.id, 1, day, Scope.FOLLOWING, "toxicity"),))
        assert ribbon(stopped).state is state
        assert ribbon(stopped).detail.split("\n")[-1].startswith(told)
