"""Differences are found piece by piece; they are those that a look at every event finds."""

from collections import Counter, defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from planner.model.cycle_content import State
from planner.model.plan import BlockStart, DecisionTaken, Deferral, Omission, Plan, Scope
from planner.model.schedule import Event, Schedule
from planner.services.evaluation import evaluate
from planner.services.telling.differences import counts, differences, first_differences
from planner.services.telling.preview import first_runs, runs_of
from planner.services.verbs import editing
from planner.services.verbs.placing import add_protocol, new_plan
from tests.assembly.random_protocols import protocols
from tests.golden.cases import PATIENTS, START, library
from tests.services.verbs.random_verbs import Course, Verb, do, verbs


def placed(protocol: str = "hyper-cvad") -> Plan:
    return add_protocol(new_plan("p", PATIENTS["adult"]), library().protocols[protocol], BlockStart(on=START))


def scheduled(plan: Plan) -> Schedule:
    return evaluate(plan, replace(library(), rules=())).schedule


def by_identity(schedule: Schedule) -> dict[tuple[str, int, int], Event]:
    seen: dict[tuple[str, int], int] = defaultdict(int)
    found = {}
    for event in schedule.events:
        key = (event.placed.id, event.cycle_day)
        found[(*key, seen[key])] = event
        seen[key] += 1
    return found


def by_hand(old: Schedule, new: Schedule) -> dict[str, int]:
    before, after = by_identity(old), by_identity(new)
    both = [(before[key], after[key]) for key in before.keys() & after.keys()]
    found = {
        "moved": sum((one.day, one.minute) != (other.day, other.minute) for one, other in both),
        "vanished": len(before.keys() - after.keys()),
        "appeared": len(after.keys() - before.keys()),
        "status": sum((one.state is State.OMITTED) != (other.state is State.OMITTED) for one, other in both),
    }
    return {what: number for what, number in found.items() if number}


@pytest.mark.parametrize("number", [0, 3, 10])
def test_moved_blocks_are_counted_without_looking_at_events(number: int) -> None:
    plan = placed()
    old = scheduled(plan)
    new = scheduled(editing.move_block(plan, plan.blocks[number].id, 3))
    assert counts(old, new) == by_hand(old, new)
    assert Counter(one.what for one in differences(old, new)) == counts(old, new)
    assert counts(new, new) == {}
    assert differences(new, new) == ()


def test_changes_within_a_cycle_are_found_by_their_events() -> None:
    plan = placed()
    old = scheduled(plan)
    deferral = Deferral("part-b", 2, 2, 2, Scope.CYCLE, "counts")
    omission = Omission("part-a", 1, 1, "", "toxicity")
    new = scheduled(replace(plan, modifications=(deferral, omission)))
    found = differences(old, new)
    assert found == tuple(sorted(found, key=lambda one: (max(one.old_day, one.new_day), one.order_id, one.what)))
    assert {one.what for one in found} == {"moved", "status"}
    assert counts(old, new) == by_hand(old, new)


def test_blocks_come_and_go_with_their_events() -> None:
    plan = placed("d-alba")
    old = scheduled(plan)
    decision = old.decisions[0]
    other = next(one.id for one in decision.decision.choices if one.id != decision.decision.expected)
    taken = DecisionTaken(decision.group, decision.decision.id, other, START, "B. Pharmacist")
    new = scheduled(replace(plan, decisions=(taken,)))
    assert counts(old, new) == by_hand(old, new)
    assert {"vanished", "appeared"} & set(counts(old, new))


@settings(deadline=None, max_examples=15)
@given(protocols(timed=True, longest=35), st.lists(verbs, min_size=1, max_size=3))
def test_what_is_counted_by_runs_is_what_is_found_by_events(text: str, chain: list[Verb]) -> None:
    course = Course(text)
    first = course.schedule()
    for verb in chain:
        old = course.schedule()
        do(course, verb)
        new = course.schedule()
        for one, other in ((old, new), (new, old), (first, new)):
            every = differences(one, other)
            assert counts(one, other) == Counter(change.what for change in every)
            assert first_differences(one, other, 3)[0][:3] == every[:3]
            runs, is_all = first_runs(one, other, 3)
            assert runs == (runs_of(every) if is_all else runs_of(every)[: len(runs)])
