"""What goes on although its block is paused or its cycle left out."""

from planner.model.plan import Deferral, Hold, Plan, Scope, Skip, Stop
from planner.services.telling.running import begins_alone, runs_on
from planner.services.verbs.editing import defer
from planner.services.verbs.pausing import hold, skip, stop
from tests.services.courses_at_hand import plan_of, scheduled

BLOCK = "combination"
RUNS = "Ponatinib keeps its days and goes on meanwhile: hold or stop it by its name where it is to stand still too"


def told(plan: Plan, change: Hold | Skip | Stop, after: Plan) -> list[str]:
    return [str(one) for one in runs_on(scheduled(plan), scheduled(after), change)]


def test_a_pause_of_a_block_and_a_cycle_left_out_tell_of_the_tablets_that_go_on() -> None:
    plan = plan_of("ponatinib-blinatumomab")
    held = Hold(BLOCK, 1, 10, "infection")
    assert told(plan, held, hold(plan, scheduled(plan), held)) == [RUNS]
    left_out = Skip(BLOCK, 2, "other")
    assert told(plan, left_out, skip(plan, scheduled(plan), left_out)) == [RUNS]
    ended = Stop(BLOCK, 2, 5, Scope.CYCLE, "other")
    assert told(plan, ended, stop(plan, scheduled(plan), ended)) == [RUNS]


def test_what_stops_it_too_or_is_of_one_drug_tells_nothing() -> None:
    plan = plan_of("ponatinib-blinatumomab")
    over = Stop(BLOCK, 2, 5, Scope.FOLLOWING, "other")
    assert told(plan, over, stop(plan, scheduled(plan), over)) == []
    alone = Hold(BLOCK, 1, 10, "infection", order="blinatumomab")
    assert told(plan, alone, hold(plan, scheduled(plan), alone)) == []
    first = hold(plan, scheduled(plan), Hold(BLOCK, 1, 1, "infection", order="ponatinib-30"))
    whole = Hold(BLOCK, 1, 10, "infection")
    assert told(first, whole, hold(first, scheduled(first), whole)) == []


def test_a_course_put_off_before_it_began_tells_of_the_tablets_that_begin_without_it() -> None:
    plan = plan_of("ponatinib-blinatumomab")

    def of(cycle: int, day: int, days: int, scope: Scope = Scope.ALL) -> list[str]:
        change = Deferral(BLOCK, cycle, day, days, scope, "counts")
        return [str(one) for one in begins_alone(scheduled(defer(plan, scheduled(plan), change)), change)]

    told = "Ponatinib keeps its days and begins on Mon 05-Jan-2026, before the rest: "
    assert of(1, 1, 7) == of(1, 1, 7, Scope.CYCLE) == [f"{told}move the block where all is to begin later"]
    assert of(2, 1, 7) == of(1, 2, 7) == []
