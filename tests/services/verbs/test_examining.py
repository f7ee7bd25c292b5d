"""Examinations somebody adds: on their days, moved and left out like others, refused where they cannot be."""

import pytest
from msgspec.structs import replace

from planner.errors import Refusal
from planner.model.cycle_content import State
from planner.model.plan import Deferral, Examination, Omission, Plan, Scope
from planner.services.evaluation import evaluate
from planner.services.telling.change_words import change_words
from planner.services.verbs import editing, examining
from tests.golden.cases import library
from tests.services.courses_at_hand import plan_of

LIVER = Examination("blinatumomab", 1, "liver-2", "Liver tests", (8, 15), "other", topic="liver")


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_of("blinatumomab-mrd")


def shown(plan: Plan):
    return evaluate(plan, library())


def events(plan: Plan, title: str = "Liver tests"):
    return [one for one in shown(plan).schedule.events if one.placed.agent_name == title]


def placed(plan: Plan, **other) -> Plan:
    block = plan.blocks[0].id
    return examining.add_examination(plan, shown(plan).schedule, replace(LIVER, block=block, **other))


def test_it_stands_on_its_days_of_one_cycle_or_of_every_cycle(plan):
    found = events(placed(plan))
    assert [(one.placed.cycle, one.cycle_day) for one in found] == [(1, 8), (1, 15)]
    assert {one.placed.kind for one in found} == {"assessment"}
    assert {one.placed.order.topic for one in found} == {"liver"}
    assert all(one.dose is None for one in found)
    cycles = plan.blocks[0].cycles
    assert len(events(placed(plan, cycle=0))) == 2 * len(cycles)


def test_it_moves_and_is_left_out_like_the_protocols_own(plan):
    with_it = placed(plan)
    block = plan.blocks[0].id
    later = editing.defer(with_it, shown(with_it).schedule, Deferral(block, 1, 1, 3, Scope.FOLLOWING, "counts"))
    assert [two.day - one.day for one, two in zip(events(with_it), events(later), strict=True)] == [3, 3]
    without = editing.omit(with_it, shown(with_it).schedule, Omission(block, 1, 8, "liver-2", "other"))
    assert [one.state for one in events(without)] == [State.OMITTED, State.PLANNED]
    back = editing.take_back(with_it, 1)
    assert events(back) == []


def test_it_is_told_with_its_reason(plan):
    added = placed(plan).modifications[-1]
    assert change_words(added) == f"Added Liver tests on D8, 15 of C1 of {plan.blocks[0].id} (other)"


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"title": " "}, "no title"),
        ({"topic": "lungs"}, "unknown name"),
        ({"days": ()}, "no day"),
        ({"days": (0,)}, "no Day 0"),
        ({"days": (400,)}, "day outside"),
        ({"order": "blinatumomab"}, "name in use"),
        ({"order": ""}, "name in use"),
        ({"cycle": 99}, "unknown cycle"),
        ({"reason": "whim"}, "unknown reason"),
    ],
)
def test_what_cannot_stand_is_refused(plan, other, code):
    with pytest.raises(Refusal) as refusal:
        placed(plan, **other)
    assert refusal.value.rule == code


def test_a_name_is_given_once(plan):
    with_it = placed(plan)
    with pytest.raises(Refusal) as refusal:
        placed(with_it)
    assert refusal.value.nearest == "liver-2-2"
