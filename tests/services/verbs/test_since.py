"""What is placed, or given a date, after a change of the whole plan is not reached by it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from planner.errors import InputProblem
from planner.model.plan import BlockStart, Deferral, DoseChange, Hold, Plan, Scope, Stop
from planner.services.store.plan_files import hashes_below, plan_text, read_plan
from planner.services.verbs import editing, pausing, redosing
from planner.services.verbs.placing import add_protocol
from planner.services.verbs.since import keep_changes
from tests.golden.cases import library
from tests.services.courses_at_hand import doses, events, plan_of, protocols_of, scheduled, starts, states

LATER = date(2027, 5, 3)
DEFERRED = Deferral("induction", 1, 8, 5, Scope.ALL, "infection")
STOPPED = Stop("blinatumomab", 1, 15, Scope.ALL, "other", "relapse")


def added(plan: Plan, protocol: str = "inotuzumab-rr") -> Plan:
    return add_protocol(plan, library().protocols[protocol], BlockStart(on=LATER))


def deferred(plan: Plan) -> Plan:
    return editing.defer(plan, scheduled(plan), DEFERRED)


def stopped(plan: Plan) -> Plan:
    return pausing.stop(plan, scheduled(plan), STOPPED)


def test_a_date_that_is_said_is_the_date() -> None:
    """An entered 1 February began on the 6th: a deferral of months before reached it."""
    plan = plan_of("d-alba")
    assert starts(added(deferred(plan)))["cycle-1"] == LATER.isoformat()
    assert starts(deferred(added(plan)))["cycle-1"] == (LATER + timedelta(5)).isoformat()
    again = editing.start_block_on(deferred(added(plan)), "cycle-1", LATER)
    assert starts(again)["cycle-1"] == LATER.isoformat()
    assert starts(editing.move_block(again, "cycle-1", 2))["cycle-1"] == (LATER + timedelta(2)).isoformat()
    twice = editing.defer(again, scheduled(again), replace(DEFERRED, days=3))
    assert starts(twice)["cycle-1"] == (LATER + timedelta(3)).isoformat()


def test_what_is_placed_after_a_stop_of_everything_is_given() -> None:
    """After a relapse all of the next protocol was stopped too, without a word."""
    before = stopped(added(plan_of("d-alba"), "pomp"))
    assert {state for _, state in states(before, "first-year")} == {"stopped"}
    after = added(before)
    assert {state for _, state in states(after, "cycle-1")} == {"planned"}
    assert {state for _, state in states(after, "first-year")} == {"stopped"}
    moved = editing.start_block_on(after, "first-year", LATER)
    assert {state for _, state in states(moved, "first-year")} == {"stopped"}
    again = pausing.stop(after, scheduled(after), replace(STOPPED, block="cycle-1", day=8))
    assert "stopped" in {state for _, state in states(again, "cycle-1")}


def test_what_was_done_to_a_drug_holds_for_what_is_placed_afterwards_too() -> None:
    plan = plan_of("calgb-10403")
    half = DoseChange("induction", 1, 15, "vincristine", Scope.ALL, "toxicity", percent=50)
    less = redosing.reduce(plan, scheduled(plan), half)
    assert set(doses(added(less, "pomp"), "first-year", "vincristine")) == {"1"}


def test_taking_a_change_back_leaves_the_others_where_they_were() -> None:
    plan = added(stopped(deferred(plan_of("d-alba"))))
    for number, left in ((1, 1), (2, 1)):
        back = editing.take_back(plan, number)
        assert (back.block("cycle-1").since, back.block("cycle-1").start.since) == (left, left)
        assert starts(back)["cycle-1"] == LATER.isoformat()
        assert {state for _, state in states(back, "cycle-1")} == {"planned"}
    held = pausing.hold(plan, scheduled(plan), Hold("induction", 1, 4, "other", order="dasatinib-to-day-85"))
    on = date.fromordinal(events(held, "induction", "dasatinib")[10].day)
    resumed = pausing.resume(
        held, scheduled(held), library().agents, ("induction", "dasatinib-to-day-85"), on, None
    ).plan
    assert resumed.block("cycle-1").since == 2
    assert not editing.remove_block(editing.take_back(plan, 2), "cycle-1").block("induction").since


@given(st.lists(st.booleans(), max_size=8), st.integers(0, 8))
def test_what_came_after_a_change_still_does_when_others_go(kept: list[bool], since: int) -> None:
    since = min(since, len(kept))
    plan = plan_of("pomp")
    changes = tuple(replace(DEFERRED, days=number + 1) for number in range(len(kept)))
    block = replace(plan.blocks[0], since=since, start=replace(plan.blocks[0].start, since=since))
    plan = replace(plan, blocks=(block, *plan.blocks[1:]), modifications=changes)
    left = keep_changes(plan, [number for number, keeps in enumerate(kept) if keeps])
    assert [one.days - 1 for one in left.modifications] == [number for number, keeps in enumerate(kept) if keeps]
    before = {one.days - 1 for one in left.modifications[: left.blocks[0].since]}
    assert before == {number for number in range(since) if kept[number]}
    assert left.blocks[0].start.since == left.blocks[0].since


@pytest.mark.parametrize("since", [-1, 2])
def test_a_plan_file_with_more_changes_before_a_block_than_it_has_is_refused(since: int) -> None:
    plan = stopped(plan_of("d-alba"))
    bad = replace(plan, blocks=(replace(plan.blocks[0], since=since), *plan.blocks[1:]))
    with pytest.raises(InputProblem, match="more changes than the plan has"):
        read_plan(plan_text(bad), "f", library().agents, hashes_below())
    assert protocols_of(plan)
