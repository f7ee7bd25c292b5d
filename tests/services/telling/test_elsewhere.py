"""Where a drug is given as before although a change of it ends with its block."""

from datetime import date

import pytest
from msgspec.structs import replace

from planner.model.plan import DoseChange, Hold, Replacement, Scope, Stop
from planner.services.telling.elsewhere import stays_elsewhere
from planner.services.verbs import pausing, redosing
from tests.services.courses_at_hand import events, plan_of, scheduled

TKI = ("induction", 1, 8)
HELD = Hold(*TKI, "toxicity", order="dasatinib-to-day-85")
STOPPED = Stop(*TKI, Scope.FOLLOWING, "toxicity", order="dasatinib-to-day-85")
HALF = DoseChange(*TKI, "dasatinib-to-day-85", Scope.FOLLOWING, "toxicity", percent=50)
OTHER = Replacement(*TKI, "dasatinib-to-day-85", Scope.FOLLOWING, "ponatinib", "toxicity", dose="30 mg")


@pytest.mark.parametrize("change", [HELD, STOPPED, HALF, OTHER])
def test_a_drug_that_comes_back_in_the_next_block_is_told(change) -> None:
    plan = plan_of("d-alba")
    schedule = scheduled(plan)
    back = events(plan, "blinatumomab", "dasatinib")[0]
    told = stays_elsewhere(schedule, change)
    assert told.startswith("This change ends before ")
    assert f"{back.date:%d-%b-%Y}: Dasatinib is then given as before in {back.placed.block.title} and " in told
    assert stays_elsewhere(schedule, replace(change, scope=Scope.ALL)) == ""
    assert stays_elsewhere(schedule, replace(change, order="nothing-of-this-name")) == ""


def test_what_it_says_is_what_happens() -> None:
    plan = plan_of("d-alba")
    after = redosing.reduce(plan, scheduled(plan), HALF)
    assert {one.dose.value for one in events(after, "blinatumomab", "dasatinib") if one.dose} == {140}
    wide = replace(HALF, scope=Scope.ALL)
    assert stays_elsewhere(scheduled(plan), wide) == ""
    after = redosing.reduce(plan, scheduled(plan), wide)
    assert {one.dose.value for one in events(after, "blinatumomab", "dasatinib") if one.dose} == {70}


def test_a_change_of_one_cycle_tells_of_the_next_and_of_nothing_after_the_last() -> None:
    plan = plan_of("pomp")
    cycle = DoseChange("first-year", 2, 1, "vincristine", Scope.CYCLE, "toxicity", percent=50)
    told = stays_elsewhere(scheduled(plan), cycle)
    assert f"before {events(plan, 'first-year', 'vincristine', 3)[0].date:%a %d-%b-%Y}" in told
    last = max(one.placed.cycle for one in scheduled(plan).events if one.placed.agent == "vincristine")
    block = [one.placed.block.id for one in scheduled(plan).events if one.placed.agent == "vincristine"][-1]
    order = [one.placed.order.id for one in scheduled(plan).events if one.placed.agent == "vincristine"][-1]
    assert stays_elsewhere(scheduled(plan), replace(cycle, block=block, cycle=last, order=order)) == ""


def test_a_block_as_a_whole_one_day_and_what_is_stopped_there_too_tell_nothing() -> None:
    plan = plan_of("d-alba")
    assert stays_elsewhere(scheduled(plan), replace(HELD, order="")) == ""
    assert stays_elsewhere(scheduled(plan), replace(HALF, scope=Scope.DAY)) == ""
    stopped = pausing.stop(plan, scheduled(plan), replace(STOPPED, scope=Scope.ALL, day=20))
    assert stays_elsewhere(scheduled(stopped), STOPPED) == ""


def test_a_stop_of_a_block_tells_what_still_comes_behind_it() -> None:
    """The same maintenance came back by itself ten months later, planned on all sheets."""
    plan = plan_of("pomp")
    first, later = scheduled(plan).blocks[:2]
    stopped = Stop(first.id, 2, 25, Scope.FOLLOWING, "infection")
    told = stays_elsewhere(scheduled(plan), stopped)
    day = date.fromordinal(later.begins)
    assert told == f"What is planned behind it still comes, from {day:%a %d-%b-%Y} on: {later.title}"
    assert stays_elsewhere(scheduled(plan), replace(stopped, scope=Scope.ALL)) == ""
    assert stays_elsewhere(scheduled(plan), replace(stopped, block=later.id, cycle=later.cycles[0].number, day=1)) == ""
