"""A drug changed for toxicity to the end of a block, and given as before in the next one."""

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.plan import Addition, DoseChange, Given, GivenRecord, Hold, Omission, Replacement, Scope, Stop
from planner.services import fixing
from planner.services.evaluation import evaluate
from planner.services.verbs import editing, pausing, redosing
from tests.golden.cases import library
from tests.services.courses_at_hand import AGENTS, plan_of

RULE = "GE-27"
PLACE = ("part-a", 1, 12)
ORDER = "dasatinib-course-1-once"


def course() -> EvaluatedPlan:
    return evaluate(plan_of("hyper-cvad-dasatinib"), library())


def changed(shown: EvaluatedPlan, *changes: Stop | Hold | DoseChange | Replacement | Omission) -> EvaluatedPlan:
    for change in changes:
        plan, schedule = shown.plan, shown.schedule
        if isinstance(change, Stop):
            plan = pausing.stop(plan, schedule, change)
        elif isinstance(change, Hold):
            plan = pausing.hold(plan, schedule, change)
        elif isinstance(change, Replacement):
            plan = redosing.replace_agent(plan, schedule, AGENTS, change)
        elif isinstance(change, Omission):
            plan = editing.omit(plan, schedule, change)
        elif change.percent == 100:
            plan = redosing.full_dose(plan, schedule, change)
        else:
            plan = redosing.reduce(plan, schedule, change)
        shown = evaluate(plan, library())
    return shown


def told(shown: EvaluatedPlan) -> list[str]:
    return [one.message for one in shown.findings if one.rule == RULE]


STOP = Stop(*PLACE, Scope.FOLLOWING, "toxicity", grade=3, order=ORDER)
HOLD = Hold(*PLACE, "toxicity", grade=3, order=ORDER)
PONATINIB = Replacement(*PLACE, ORDER, Scope.FOLLOWING, "ponatinib", "toxicity", grade=2, dose="30 mg")
HALF = DoseChange(*PLACE, ORDER, Scope.FOLLOWING, "toxicity", percent=50)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            STOP,
            "is planned again: it was stopped from C1 D12 of Part A 1 on, in that block alone (toxicity of grade 3)",
        ),
        (HOLD, "is planned again: it was put on hold from"),
        (PONATINIB, "is planned again: it was replaced from"),
        (
            HALF,
            "is planned at its full dose: it was reduced from C1 D12 of Part A 1 on, in that block alone (toxicity,",
        ),
    ],
)
def test_a_change_to_the_end_of_a_block_is_told_at_the_next_block_and_the_fix_makes_it_reach_all(change, words):
    shown = changed(course(), change)
    (message,) = told(shown)
    assert message.startswith("Dasatinib C2 D1 (")
    assert words in message
    (finding,) = [one for one in shown.findings if one.rule == RULE]
    (fix,) = fixing.offered_fixes(shown, finding.id, library())
    assert fix.title == "Do the same from Dasatinib C2 D1 on, in all later blocks"
    after = evaluate(fixing.apply(shown.plan, shown.schedule, fix, library().agents), library())
    assert told(after) == []


@pytest.mark.parametrize(
    "changes",
    [
        (Stop(*PLACE, Scope.ALL, "toxicity", grade=3, order=ORDER),),
        (Stop(*PLACE, Scope.FOLLOWING, "capacity", order=ORDER),),
        (Stop(*PLACE, Scope.FOLLOWING, "toxicity", grade=3),),  # of all drugs of the block
        (Omission(*PLACE, ORDER, "toxicity"),),
        (HALF, DoseChange("part-a", 1, 13, ORDER, Scope.FOLLOWING, "other")),  # the full dose again
    ],
)
def test_what_was_said_of_one_day_of_all_blocks_or_for_another_reason_is_not_told(changes):
    assert told(changed(course(), *changes)) == []


def test_a_change_to_the_end_of_a_cycle_is_told_at_the_next_one():
    (message,) = told(changed(course(), replace(HALF, scope=Scope.CYCLE)))
    assert message.startswith("Dasatinib C2 D1 (")
    assert "on, in that cycle alone (toxicity" in message


def recorded(*records: GivenRecord, changes: tuple[Stop | DoseChange, ...] = ()) -> list[str]:
    shown = changed(course(), *changes)
    return told(evaluate(replace(shown.plan, given=records), library()))


def record(status: Given, day: int, grade: int = 0, reason: str = "toxicity") -> GivenRecord:
    on, dose = (None, None) if status is Given.NOT_GIVEN else (date(2026, 1, 4 + day), Decimal(50))
    return GivenRecord("part-a", 1, day, ORDER, 0, status, on, dose, "mg", "N. N.", reason, grade=grade)


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (record(Given.PARTLY, 12, 3), "C1 D12 of Part A 1 was broken off (toxicity of grade 3)."),
        (record(Given.NOT_GIVEN, 12, 4, "other"), "C1 D12 of Part A 1 was not given (other of grade 4)."),
        (record(Given.PARTLY, 12), "C1 D12 of Part A 1 was broken off (toxicity, grade not recorded)."),
    ],
)
def test_a_dose_that_was_broken_off_and_is_planned_again_is_told(one, words):
    (message,) = recorded(one)
    assert message.startswith("Dasatinib C1 D13 (")
    assert message.endswith(f" is planned again: {words}")


@pytest.mark.parametrize(
    "records",
    [
        (record(Given.PARTLY, 12, 2),),
        (record(Given.PARTLY, 12, reason="capacity"),),
        (record(Given.PARTLY, 12, 3), record(Given.GIVEN, 13)),
        (replace(record(Given.PARTLY, 12, 3), order="gone"),),
        (record(Given.GIVEN, 12, 3),),
    ],
)
def test_a_dose_broken_off_for_less_or_followed_by_another_is_not_told(records):
    assert recorded(*records) == []


def test_where_the_drug_was_changed_since_it_was_broken_off_the_change_speaks():
    off = record(Given.PARTLY, 12, 3)
    assert recorded(off, changes=(replace(HALF, scope=Scope.ALL),)) == []
    (message,) = recorded(off, changes=(replace(HALF, day=13),))
    assert "it was reduced from C1 D13" in message
    (message,) = recorded(off, changes=(replace(HALF, day=2, reason="capacity"),))
    assert "was broken off" in message


def test_where_somebody_changed_the_drug_since_only_the_blocks_behind_are_told_once():
    less = DoseChange("part-b", 2, 1, "dasatinib-14-days-once", Scope.FOLLOWING, "toxicity", percent=75)
    (message,) = told(changed(course(), HALF, less))
    assert "of Part B 2 on" in message


def test_a_hold_that_is_over_is_not_told():
    held = changed(course(), HOLD)
    back = date.fromordinal(held.schedule.block("part-a").start + 14)
    resumed = pausing.resume(held.plan, held.schedule, AGENTS, ("part-a", ORDER), back).plan
    assert told(evaluate(resumed, library())) == []


def test_a_drug_that_somebody_added_counts_too_and_one_that_left_the_plan_is_nothing():
    extra = Addition("part-a", 1, "more", "dasatinib", "antineoplastic", "PO", (20,), "other", dose="20 mg")
    shown = course()
    shown = evaluate(redosing.add_order(shown.plan, shown.schedule, AGENTS, extra), library())
    stop = Stop("part-a", 1, 20, Scope.FOLLOWING, "toxicity", order="more")
    (message,) = told(changed(shown, stop))
    assert message.startswith("Dasatinib C2 D1 (")
    gone = replace(shown.plan, modifications=(replace(stop, order="no-more"),))
    assert told(evaluate(gone, library())) == []
