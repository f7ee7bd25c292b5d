"""What was moved on the timeline: by how many days, and the days it might have fallen on."""

from datetime import timedelta

from msgspec.structs import replace

from planner.model.plan import Deferral, Plan, Scope
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
