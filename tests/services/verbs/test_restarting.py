"""Premedication again at a restart: all parts of it, as before the first start."""

from planner.model.cycle_content import State
from planner.model.plan import Addition, Deferral, Hold, Plan
from planner.services.verbs import pausing
from tests.services.courses_at_hand import AGENTS, plan_of, scheduled


def restarted(choice: str) -> Plan:
    plan = plan_of("aall1731", premedication=choice)
    first = next(
        one
        for one in scheduled(plan).events
        if one.placed.role == "premedication" and "premedic" in one.placed.order.id
    )
    block = first.placed.block.id
    held = pausing.hold(plan, scheduled(plan), Hold(block, first.placed.cycle, 10, "toxicity", grade=3))
    on = next(
        one.date for one in scheduled(plan).events if one.placed.block.id == block and one.cycle_day == 15 and one.dose
    )
    return pausing.resume(held, scheduled(held), AGENTS, (block, ""), on).plan


def test_a_steroid_in_two_parts_is_given_again_in_two() -> None:
    """The first half alone stood before the restart, and a rule warned of what the program itself had left out."""
    added = [one for one in restarted("eu").modifications if isinstance(one, Addition)]
    assert [one.order for one in added] == ["premedication-eu-early-restart", "premedication-eu-late-restart"]
    assert [one.minutes for one in added] == [-360, -30]
    again = [one for one in scheduled(restarted("eu")).events if one.placed.order.id.endswith("-restart")]
    assert [one.minute for one in again] == [3 * 60, 8 * 60 + 30]
    assert len({one.day for one in again}) == 1


def test_a_steroid_of_one_part_is_given_again_once() -> None:
    added = [one for one in restarted("us").modifications if isinstance(one, Addition)]
    assert [one.order for one in added] == ["premedication-us-restart"]


def test_a_second_restart_gives_the_protocols_premedication_once() -> None:
    """What was added for the first restart was given again beside it: dexamethasone 20 mg twice on one day."""
    plan = plan_of("d-alba")
    for day in (7, 20):
        held = pausing.hold(plan, scheduled(plan), Hold("blinatumomab", 1, day, "toxicity", grade=3))
        first = next(
            one.date
            for one in scheduled(plan).events
            if (one.placed.block.id, one.placed.cycle, one.placed.agent) == ("blinatumomab", 1, "blinatumomab")
            and one.cycle_day == day
        )
        plan = pausing.resume(held, scheduled(held), AGENTS, ("blinatumomab", ""), first, 10).plan
    added = [one for one in plan.modifications if isinstance(one, Addition)]
    assert [(one.agent, one.days) for one in added] == [("dexamethasone", (7,)), ("dexamethasone", (20,))]
    assert len({one.order for one in added}) == 2


def test_the_hours_of_a_stop_are_told_beside_those_that_are_drawn() -> None:
    """One sheet had the pump off at 09:00 for a day and "restart after a stop of 10 h"."""
    plan = plan_of("d-alba")
    held = pausing.hold(plan, scheduled(plan), Hold("blinatumomab", 1, 7, "toxicity", grade=3))
    (day,) = {
        one.date
        for one in scheduled(plan).events
        if (one.placed.block.id, one.placed.cycle, one.placed.agent) == ("blinatumomab", 1, "blinatumomab")
        and one.cycle_day == 8
    }
    plan = pausing.resume(held, scheduled(held), AGENTS, ("blinatumomab", ""), day, 10).plan
    (added,) = [one for one in plan.modifications if isinstance(one, Addition)]
    assert added.note.endswith("restart after a stop of 10 h (drawn as one of 24 h)")


def test_the_hours_of_a_stop_on_one_day_stay_in_the_plan() -> None:
    """Below the hours of a restart nothing is added, and "held" was all that stood of three hours."""
    plan = plan_of("d-alba")
    held = pausing.hold(plan, scheduled(plan), Hold("blinatumomab", 1, 7, "toxicity", "fever", grade=3))
    waiting = [one for one in scheduled(held).events if one.state is State.HELD and one.placed.agent == "blinatumomab"]
    day = min(one.date for one in waiting)
    again = pausing.resume(held, scheduled(held), AGENTS, ("blinatumomab", ""), day, 3).plan
    (moved,) = again.modifications
    assert isinstance(moved, Deferral)
    assert (moved.days, moved.note) == (0, "held for 3 h: fever")
