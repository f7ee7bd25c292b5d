"""Random verbs on shipped protocols: the second opinion, which reads the same files by itself, has the same doses."""

from collections.abc import Iterator
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.golden.cases import library
from tests.services.verbs.chain_checks import check_doses
from tests.services.verbs.random_verbs import VERBS, Course, Verb, do

FEW = ("inotuzumab-rr", "obe-cel", "gmall-07-03", "ponalfil")
UNREAD = ("start", "shift")
"""Verbs that the second opinion reads of phases that hang on the end of another alone."""
verbs = st.tuples(
    st.sampled_from([one for one in VERBS if one not in UNREAD]),
    st.tuples(*[st.integers(0, 11)] * 4, st.integers(-9, 25), st.integers(1, 99)),
)
chains = st.lists(verbs, min_size=1, max_size=6)


@cache
def text_of(protocol: str) -> str:
    return library().protocols[protocol].pin.text


def each_phase_once() -> Iterator[str]:
    """The protocols whose course gives each phase in one block, as the second opinion reads changes."""
    for name, shelved in sorted(library().protocols.items()):
        phases = [step.phase for step in shelved.protocol.course]
        if len(phases) == len({*phases}):
            yield name


def check_shipped(protocol: str, chain: list[Verb]) -> None:
    course = Course(text_of(protocol))
    for verb in chain:
        do(course, verb)
    check_doses(course)


@pytest.mark.parametrize("protocol", FEW)
@settings(deadline=None, max_examples=15)
@given(chains)
def test_random_verbs_on_some_shipped_protocols_agree(protocol: str, chain: list[Verb]) -> None:
    check_shipped(protocol, chain)


@pytest.mark.slow
@pytest.mark.timeout(36000)
@settings(deadline=None, max_examples=20_000)
@given(st.sampled_from([*each_phase_once()]), chains)
def test_random_verbs_on_all_shipped_protocols_agree(protocol: str, chain: list[Verb]) -> None:
    check_shipped(protocol, chain)
