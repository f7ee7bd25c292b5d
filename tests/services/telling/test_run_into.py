"""Blocks with a date of their own that a change lets an earlier block run into."""

from datetime import date

from planner.model.plan import BlockStart, Deferral, Plan, Repetition, Scope
from planner.services.evaluation import evaluate
from planner.services.telling.run_into import runs_into
from planner.services.verbs.editing import defer, move_block
from planner.services.verbs.placing import add_protocol
from planner.services.verbs.repeating import repeat_cycle
from tests.golden.cases import library
from tests.services.courses_at_hand import plan_of, scheduled

TOLD = (
    "{block} runs to Sun 22-Mar-2026 now; Conditioning has a date of its own and begins on {day}: "
    "move it where it is to wait"
)


def before_a_transplant(day: date) -> Plan:
    """Inotuzumab, of which cycle 2 ends on 22 February, and a conditioning on a date of its own behind it."""
    plan = plan_of("inotuzumab-rr")
    return add_protocol(plan, library().protocols["hsct-flu-bu-ric"], BlockStart(on=day))


def told(plan: Plan, changed: Plan) -> list[str]:
    lines = runs_into(evaluate(plan, library()), evaluate(changed, library()))
    return [str(one) for one in lines if str(one).startswith("Inotuzumab 2")]


def again(plan: Plan) -> Plan:
    return repeat_cycle(plan, scheduled(plan), Repetition("", "cycle-2", 2, "other"))


def test_a_cycle_given_once_more_tells_that_it_runs_into_the_conditioning() -> None:
    plan, room = before_a_transplant(date(2026, 3, 16)), before_a_transplant(date(2026, 3, 23))
    told_of = TOLD.format(block="Inotuzumab 2, C2 again", day="Mon 16-Mar-2026")
    assert told(plan, again(plan)) == [told_of]
    assert told(room, again(room)) == []


def test_a_block_that_is_moved_or_put_off_tells_it_and_one_that_takes_all_along_does_not() -> None:
    plan = before_a_transplant(date(2026, 3, 16))
    told_of = TOLD.format(block="Inotuzumab 2", day="Mon 16-Mar-2026")

    def off(scope: Scope) -> Plan:
        return defer(plan, scheduled(plan), Deferral("cycle-2", 2, 1, 28, scope, "counts"))

    assert told(plan, move_block(plan, "cycle-2", 28)) == told(plan, off(Scope.FOLLOWING)) == [told_of]
    assert told(plan, off(Scope.ALL)) == []
    assert told(plan, move_block(plan, "cycle-2", 14)) == []
    late = move_block(plan, "cycle-2", 28)
    assert told(late, move_block(late, "cycle-1", 0)) == []
