"""Recorded doses rest on a change of dates: who takes it back is asked."""

from datetime import date

from planner.model.plan import Deferral, Scope
from planner.services.telling.resting import rests_on
from planner.services.verbs import editing, together
from tests.services.courses_at_hand import plan_of, scheduled


def test_who_takes_back_a_change_that_recorded_days_rest_on_is_asked() -> None:
    """One date had Day 18, given, and Day 19, planned, and two bags to hang."""
    plan = plan_of("blinatumomab-mrd")
    start = scheduled(plan).blocks[0]
    late = Deferral(start.id, 1, 5, 2, Scope.FOLLOWING, "toxicity")
    plan = editing.defer(plan, scheduled(plan), late)
    assert rests_on(plan, 1) == ""
    until = start.start + 12
    due = [one for one in scheduled(plan).events if one.day <= until]
    done = together.give_together(plan, scheduled(plan), due, "A. P.", date.fromordinal(until))
    told = rests_on(done, 1)
    assert "C1 D5 of" in told
    on, planned = date.fromordinal(start.start + 6), date.fromordinal(start.start + 4)
    assert f"{on:%d-%b-%Y} is recorded on the day that this change gave it, and would be planned on" in told
    assert f"{planned:%a %d-%b-%Y}; in all " in told
    before = editing.defer(done, scheduled(done), Deferral(start.id, 1, 20, 2, Scope.FOLLOWING, "holiday"))
    assert rests_on(before, 2) == "", "nothing is recorded behind it"
    assert rests_on(before, 9) == "", "there is no such change"
