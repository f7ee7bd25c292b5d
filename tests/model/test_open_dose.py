"""Drugs of which only the dose hangs on an answer."""

from collections.abc import Iterator
from datetime import date
from itertools import product

import pytest
from msgspec.structs import replace

from planner.assembly.assemble import assemble
from planner.model.condition import parse_condition
from planner.model.cycle_content import State
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.open_dose import is_dose_open, with_questions
from planner.model.plan import BlockStart, DecisionTaken, Plan
from planner.model.protocol import Days
from planner.model.schedule import Schedule
from planner.model.site import Site
from tests.exports.papers import library, shipped


def unsure(protocol: str, agent: str) -> list:
    events = shipped(protocol).schedule.events
    return [one for one in events if one.placed.agent == agent and one.state is State.PROVISIONAL]


def test_ponatinib_goes_on_with_every_answer_about_the_response() -> None:
    here = [one for one in unsure("ponatinib-blinatumomab", "ponatinib") if not one.placed.block.provisional]
    assert len(here) > 100
    assert all(map(is_dose_open, here))
    alone = [one for one in unsure("ponatinib-blinatumomab", "ponatinib") if one.placed.block.provisional]
    assert alone, "the block itself hangs on an answer"
    assert not any(map(is_dose_open, alone))


def placed_again(evaluated: EvaluatedPlan, plan: Plan) -> EvaluatedPlan:
    """Another plan of the same protocols, without findings."""
    protocols = {one.pin.sha256: one.protocol for one in library().protocols.values()}
    schedule = assemble(plan, protocols, library().agents, Site())
    return replace(evaluated, plan=plan, schedule=with_questions(schedule))


def all_answers(evaluated: EvaluatedPlan) -> Iterator[Schedule]:
    """The schedule under every way in which its decisions may fall; an open one is drawn with one of its answers."""
    (group,) = {block.group for block in evaluated.plan.blocks}
    decisions = evaluated.schedule.blocks[0].protocol.decisions
    for choices in product(*(one.choices for one in decisions)):
        taken = tuple(
            DecisionTaken(group, one.id, choice.id, date(2026, 3, 2), "B. Pharmacist")
            for one, choice in zip(decisions, choices, strict=True)
        )
        yield placed_again(evaluated, replace(evaluated.plan, decisions=taken)).schedule


def doses_in(schedule: Schedule, agent: str) -> set[tuple]:
    return {(e.placed.block.id, e.placed.cycle, e.cycle_day) for e in schedule.events if e.placed.agent == agent}


@pytest.mark.parametrize("protocol", ["hyper-cvad-ponatinib", "ponatinib-blinatumomab"])
def test_whatever_is_decided_a_drug_that_goes_on_in_any_case_is_given_on_that_day(protocol: str) -> None:
    evaluated = shipped(protocol)
    going = [one for one in evaluated.schedule.events if is_dose_open(one)]
    assert {one.placed.agent for one in going} == {"ponatinib"}
    days = {(one.placed.block.id, one.placed.cycle, one.cycle_day) for one in going}
    blocks = {one.id for one in evaluated.schedule.blocks if not one.provisional}
    for schedule in all_answers(evaluated):
        standing = {one.id for one in schedule.blocks} & blocks
        assert {one for one in days if one[0] in standing} <= doses_in(schedule, "ponatinib")


def test_an_answer_that_lies_ahead_leaves_no_doubt_whether_ponatinib_goes_on() -> None:
    here = unsure("hyper-cvad-ponatinib", "ponatinib")
    assert {one.placed.cycle for one in here if one.placed.block.title.startswith("Part")} == {2, 3, 4, 5, 6, 7, 8}
    assert all(map(is_dose_open, here))


def test_a_part_that_is_moved_behind_the_question_hangs_on_its_answer() -> None:
    evaluated = shipped("hyper-cvad-ponatinib")
    part, late = next(one.id for one in evaluated.schedule.blocks if one.title == "Part B 2"), date(2036, 3, 3)
    days = {one.id: late if one.id == part else date.fromordinal(one.start) for one in evaluated.schedule.blocks}
    blocks = tuple(replace(one, start=BlockStart(on=days[one.id])) for one in evaluated.plan.blocks)
    moved = placed_again(evaluated, replace(evaluated.plan, blocks=blocks)).schedule
    behind = [one for one in moved.events if one.placed.block.id == part]
    assert behind
    assert not any(map(is_dose_open, behind))


def test_two_evaluations_that_share_blocks_each_have_the_days_of_their_own_questions() -> None:
    evaluated = shipped("hyper-cvad-ponatinib")
    schedule = evaluated.schedule
    first = schedule.blocks[0].id
    asked_here = tuple(one for one in schedule.decisions if one.block == first)
    alone = replace(schedule, blocks=schedule.blocks[:1], pieces=schedule.pieces[:1], decisions=asked_here)
    before = schedule.blocks[0].asked
    assert len(with_questions(alone).blocks[0].asked) == 1
    assert len(before) == len(evaluated.schedule.blocks[0].protocol.decisions) == 4
    assert schedule.blocks[0].asked is before, "a block is never written over"


def test_a_course_without_questions_stays_the_schedule_it_is() -> None:
    schedule = shipped("pomp").schedule
    assert with_questions(schedule) is schedule


def test_what_is_given_only_with_one_answer_or_marker_hangs_on_it() -> None:
    assert not any(map(is_dose_open, unsure("hyper-cvad-ponatinib", "rituximab")))
    assert not any(map(is_dose_open, unsure("obe-cel", "obecabtagene-autoleucel")))
    planned = next(one for one in shipped("ponatinib-blinatumomab").schedule.events if one.placed.agent == "ponatinib")
    assert planned.state is State.PLANNED
    assert not is_dose_open(planned)


def test_an_answer_without_the_drug_a_day_or_a_cycle_without_it_leaves_it_open_whether_it_is_given() -> None:
    first = unsure("ponatinib-blinatumomab", "ponatinib")[0]
    block, order = first.placed.block, first.placed.order

    def among(*orders: object) -> bool:
        phase = replace(block.phase, orders=orders)
        return is_dose_open(first._replace(placed=replace(first.placed, block=replace(block, phase=phase))))

    other = replace(order, id="other", when=parse_condition("decision.cmr-1 != yes"))
    assert among(order, other)
    assert not among(order)
    assert not among(order, replace(other, agent="dasatinib"))
    assert not among(order, replace(other, days=Days((40,))))
    assert not among(order, replace(other, cycles=(1,)))
    assert among(order, replace(other, cycles=(1, 2)))
    assert not among(order, replace(other, when=parse_condition("decision.cmr-1 != yes and age < 60")))
    assert not among(replace(order, when=parse_condition("age < 60")))


def test_a_question_has_no_dose() -> None:
    events = shipped("ponatinib-blinatumomab").schedule.events
    (asked, *_) = (one for one in events if one.placed.kind == "decision")
    assert not is_dose_open(
        asked._replace(state=State.PROVISIONAL, placed=replace(asked.placed, block=events[0].placed.block))
    )
