"""blocks_in_order: blocks of one placement that run into those they come after."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from planner.checking.check import check
from planner.model.protocol import StartRule
from planner.services.evaluation import evaluate
from planner.services.verbs import editing
from tests.checking.judging import find, rule
from tests.golden.cases import library
from tests.services.courses_at_hand import plan_of, scheduled

RULE = rule("blocks_in_order", agents=["role:antineoplastic IV|SC|IM|radiation"])


def told(plan):
    return [(one.severity, one.message) for one in evaluate(plan, library()).findings if one.rule == "ST-19"]


def moved(plan, block, days):
    """The plan with a block on a date of its own, so many days from where it stands."""
    first = date.fromordinal(scheduled(plan).block(block).start)
    return editing.start_block_on(plan, block, first + timedelta(days=days))


@pytest.mark.parametrize(
    ("days", "severity", "words"),
    [
        (0, None, ""),
        (-1, "advice", "Part A 3 begins 1 day before the end of Part B 2"),
        (-7, "advice", "Part A 3 begins 7 days before the end of Part B 2"),
        (-8, "warning", "Part A 3 begins 8 days before the end of Part B 2"),
        (-18, "warning", "Part A 3 begins 18 days before the end of Part B 2"),
        (-19, "warning", "Part A 3 begins while Part B 2 still runs"),
        (-21, "warning", "Part A 3 begins while Part B 2 still runs"),
    ],
)
def test_a_course_of_its_own_date_that_runs_into_the_one_before(days, severity, words):
    found = told(moved(plan_of("hyper-cvad"), "part-a-2", days))
    assert [one[0] for one in found] == ([severity] if severity else [])
    assert all(one[1].startswith(words) for one in found)


def test_a_block_that_is_moved_ahead_of_all_others_is_told_once_with_the_nearest():
    found = told(moved(plan_of("hyper-cvad"), "part-a-3", -200))
    (message,) = (one for _, one in found if one.startswith("Part A 5"))
    assert "Part B 4" in message


def test_a_block_that_comes_after_one_left_out_of_the_plan_comes_after_the_one_before_that():
    found = find(RULE, "8-9 daunorubicin 45 mg/m2 IV block=a", "9 cytarabine 75 mg/m2 IV block=b follows=gone")
    assert len(found) == 1


@pytest.mark.parametrize(
    ("days", "day", "gap", "finds"),
    [
        (-12, None, 0, 1),
        (-12, None, -5, 0),  # before the end of the other by its protocol
        (-12, 11, 0, 0),  # on a day on which the other has a dose
        (-12, 11, 1, 1),  # from the day after the last dose on, and earlier here
        (-9, 12, 0, 0),  # before the end of the other, as its protocol says, and after its last dose
        (-9, None, 0, 1),
    ],
)
def test_how_the_protocol_begins_a_block_tells_whether_it_may_run_beside(days, day, gap, finds):
    """Part A has its last infusion on day 11 and ends after day 21; part B begins on day 10 or 13 of it."""
    plan = moved(plan_of("hyper-cvad"), "part-b", days)
    shown = scheduled(plan)
    blocks = tuple(
        replace(one, phase=replace(one.phase, start=StartRule("part-a", day, gap))) if one.id == "part-b" else one
        for one in shown.blocks
    )
    found, _ = check(plan, replace(shown, blocks=blocks), [RULE], library().agents)
    assert sum("Part B 2 begins" in one.message for one in found) == finds
