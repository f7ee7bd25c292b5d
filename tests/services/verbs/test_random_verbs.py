"""Random verbs on random protocols: nothing lost or doubled, every step undone again, and a second opinion agrees."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from planner.model.plan import (
    Repetition,
)
from planner.services.verbs.repeating import repeat_cycle
from planner.storage.plan_codec import decode, encode
from tests.assembly.random_protocols import protocols
from tests.services.verbs.random_verbs import Course, Numbers, Verb, check, do, verbs

CHAINS = 4
"""Chains tried on each random protocol of the large count."""


@settings(deadline=None)
@given(protocols(), st.lists(verbs, min_size=1, max_size=6))
def test_random_verbs_agree_with_the_second_opinion(text: str, chain: list[Verb]) -> None:
    check(text, chain)


@settings(deadline=None, max_examples=60)
@given(protocols(timed=True, longest=21), st.lists(verbs, min_size=1, max_size=6))
def test_orders_timed_by_others_change_as_the_second_opinion_says(text: str, chain: list[Verb]) -> None:
    check(text, chain)


@pytest.mark.slow
@pytest.mark.timeout(36000)
@settings(deadline=None, max_examples=100_000 // CHAINS)
@given(
    protocols(timed=True, longest=35),
    st.lists(st.lists(verbs, min_size=1, max_size=8), min_size=CHAINS, max_size=CHAINS),
)
def test_a_hundred_thousand_random_verb_chains_agree(text: str, chains: list[list[Verb]]) -> None:
    check(text, *chains)


@settings(deadline=None)
@given(protocols(), st.lists(verbs, max_size=3), st.tuples(*[st.integers(0, 11)] * 4, st.just(0), st.integers(0, 9)))
def test_a_repeated_cycle_is_there_once_more_and_nothing_else_is(text: str, chain: list[Verb], at: Numbers) -> None:
    course = Course(text)
    for verb in chain:
        do(course, verb)
    found = course.place(at)
    if found is None or any(block.start.day for block in course.plan.blocks):
        return
    block, cycle, _ = found
    plan = repeat_cycle(course.plan, course.schedule(), Repetition("", block.id, cycle.number, "other"), at[5])
    assert decode(encode(plan), "plan.json") == plan
    again = next(one for one in plan.blocks if one.id not in {b.id for b in course.plan.blocks})
    assert again.cycles == (cycle.number,)
    held = replace(plan, modifications=(), given=())
    cycles = Counter((one.phase, number) for one in plan.blocks for number in one.cycles)
    before = Counter((one.phase, number) for one in course.plan.blocks for number in one.cycles)
    before[again.phase, cycle.number] += 1
    assert cycles == before
    placed = course.schedule(held).blocks
    spans = sorted((one.start, one.end) for one in placed if one.phase.id == again.phase)
    assert all(first[1] <= second[0] for first, second in pairwise(spans))
