"""Random chains with raised rescues: a second computation of what they take the place of agrees."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.assembly.random_protocols import protocols
from tests.services.verbs.chain_checks import check
from tests.services.verbs.random_verbs import Verb, verbs

raises = st.tuples(st.just("raise"), st.tuples(*[st.integers(0, 11)] * 4, st.integers(-9, 25), st.integers(1, 99)))


@settings(deadline=None, max_examples=40)
@given(protocols(timed=True, longest=21, rescues=True), st.lists(st.one_of(raises, verbs), min_size=1, max_size=6))
def test_raised_rescues_take_the_place_of_others_as_the_second_opinion_says(text: str, chain: list[Verb]) -> None:
    check(text, chain)


@pytest.mark.slow
@pytest.mark.timeout(7200)
@settings(deadline=None, max_examples=10_000)
@given(protocols(timed=True, longest=21, rescues=True), st.lists(st.one_of(raises, verbs), min_size=1, max_size=8))
def test_ten_thousand_chains_with_raised_rescues_agree(text: str, chain: list[Verb]) -> None:
    check(text, chain)
