"""A drug that keeps its days is told of where an edit leaves days without it."""

from datetime import date

from msgspec.structs import replace

from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.plan import Deferral, Hold, Plan, Repetition, Scope
from planner.services.evaluation import evaluate
from planner.services.telling.gaps import gap_words, new_gaps
from planner.services.telling.preview import preview, preview_lines
from planner.services.verbs import editing, pausing
from planner.services.verbs.repeating import repeat_cycle
from tests.golden.cases import library
from tests.services.courses_at_hand import plan_of, scheduled


def shown(plan: Plan) -> EvaluatedPlan:
    return evaluate(plan, replace(library(), rules=()))


def told(before: Plan, after: Plan) -> list[str]:
    return [gap_words(gap) for gap in new_gaps(scheduled(before), scheduled(after))]


def test_a_block_put_off_leaves_days_without_the_tablets_of_both() -> None:
    plan = plan_of("d-alba")
    moved = editing.move_block(plan, "blinatumomab", 5)
    line = "Dasatinib is not planned from Tue 07-Apr-2026 to Sat 11-Apr-2026; days without it there: 5, until now 0"
    assert told(plan, moved) == [line]
    assert line in preview_lines(preview(shown(plan), shown(moved)))
    assert told(moved, plan) == []
    assert told(moved, editing.move_block(moved, plan.blocks[0].id, 9)) == []


def test_tablets_to_the_end_of_a_cycle_go_on_where_it_is_put_off() -> None:
    plan = plan_of("d-alba")
    deferral = Deferral("induction", 1, 50, 5, Scope.FOLLOWING, "infection")
    deferred = editing.defer(plan, scheduled(plan), deferral)
    assert told(plan, deferred) == []
    tablets = {one.date for one in scheduled(deferred).events if one.placed.agent == "dasatinib"}
    assert {date(2026, 4, 7), date(2026, 4, 11), date(2026, 4, 12)} <= tablets


def test_a_pause_of_the_protocol_is_told_where_it_grows_and_not_where_it_moves() -> None:
    plan = plan_of("hyper-cvad-dasatinib")
    deferred = editing.defer(plan, scheduled(plan), Deferral("part-b", 2, 1, 5, Scope.FOLLOWING, "infection"))
    (line,) = told(plan, deferred)
    assert line.endswith("; days without it there: 12, until now 7")
    assert told(plan, editing.move_block(plan, plan.blocks[0].id, 5)) == []
    again = repeat_cycle(plan, scheduled(plan), Repetition("", "part-b", 2, "other"))
    assert told(plan, again) == []


def test_a_drug_on_hold_is_told_of_as_that() -> None:
    plan = plan_of("d-alba")
    held = pausing.hold(plan, scheduled(plan), Hold("blinatumomab", 1, 10, "toxicity", order="dasatinib"))
    assert told(plan, held) == []
