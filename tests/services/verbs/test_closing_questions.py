"""What a cycle asks that a stop closes up before the day of its question."""

from planner.model.plan import Scope, Stop
from planner.services.verbs.pausing import stop
from tests.services.courses_at_hand import plan_of, scheduled


def test_a_cycle_that_closes_up_before_its_question_asks_it_on_its_last_day() -> None:
    """The kinase inhibitor that hangs on the answer began 22 days before the question was asked."""
    plan = plan_of("d-alba")
    stopped = stop(plan, scheduled(plan), Stop("blinatumomab", 2, 20, Scope.CYCLE, "toxicity", closes=True))
    for each, last in ((plan, 42), (stopped, 19)):
        asked = next(one for one in scheduled(each).decisions if one.decision.id == "after-cycle-2")
        cycle = next(one for one in scheduled(each).blocks if one.id == "blinatumomab").cycles[1]
        assert asked.day == cycle.start + last - 1 == cycle.end - 1
        event = next(one for one in scheduled(each).events if one.placed.kind == "decision" and one.day == asked.day)
        assert (event.cycle_day, event.moved_from) == (last, None)
