"""Tablets and vials: the search is held against every way there is."""

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.assembly.pieces import content, nearest_tablets, tablets, vials
from planner.assembly.rounding import with_pieces
from planner.model.agent import Agent, Strength
from planner.model.cycle_content import ComputedDose

STRENGTHS = st.lists(st.sampled_from([2, 3, 5, 15, 20]), min_size=1, max_size=3, unique=True)


def decimals(numbers: list[int]) -> list[Decimal]:
    return [Decimal(number) for number in numbers]


def rank(counts: tuple[int, ...], parts: int) -> tuple[bool, int, bool, int]:
    """How good a mix of tablets is: no more than ten of them, fewer strengths, no halves, fewer pieces."""
    return sum(counts) > 10 * parts, sum(count > 0 for count in counts), parts == 2, sum(counts)


@given(st.integers(1, 36), STRENGTHS, st.booleans())
def test_tablets_are_the_best_of_all_mixes(dose: int, strengths: list[int], halves: bool) -> None:
    """Every mix is written down; the best is no heap, has fewest strengths, then no halves, then fewest pieces."""
    best = None
    for parts in (1, 2) if halves else (1,):
        for counts in product(*(range(dose * parts // one + 1) for one in strengths)):
            if sum(count * one for count, one in zip(counts, strengths, strict=True)) == dose * parts:
                best = min(filter(None, (best, rank(counts, parts))), default=None)
    found = tablets(Decimal(dose), decimals(strengths), halves)
    if best is None or best[3] > 40:
        return
    assert content(found) == dose
    split = any(count % 1 for _, count in found) or best[2]
    parts = 2 if split else 1
    assert rank(tuple(int(count * parts) for _, count in found), parts) == best


@pytest.mark.parametrize(
    ("dose", "strengths", "halves", "expected"),
    [
        ("45", ["15", "30", "45"], False, [("45", "1")]),
        ("90", ["15", "30", "45"], False, [("45", "2")]),
        ("60", ["15", "30", "45"], False, [("30", "2")]),
        ("75", ["50"], True, [("50", "1.5")]),
        ("75", ["50"], False, []),
        ("140", ["20", "50", "70", "80", "100", "140"], False, [("140", "1")]),
        ("120", ["50", "70"], False, [("70", "1"), ("50", "1")]),
        ("0", ["50"], False, []),
        ("36", ["1", "2.5", "5", "10", "20", "50"], False, [("5", "7"), ("1", "1")]),
        ("37.5", ["2.5"], False, [("2.5", "15")]),
        ("104.5", ["50", "20"], True, []),
    ],
)
def test_tablets_of_known_doses(dose: str, strengths: list[str], halves: bool, expected: list[tuple[str, str]]) -> None:
    found = tablets(Decimal(dose), [Decimal(one) for one in strengths], halves)
    assert [(str(size), str(count)) for size, count in found] == expected


def test_the_nearest_from_both_sides_where_no_tablets_make_the_dose() -> None:
    below, above = nearest_tablets(Decimal("104.5"), [Decimal(50)], halves=True)
    assert (content(below), content(above)) == (100, 125)
    assert nearest_tablets(Decimal(10), [Decimal(50)]) == ((), ((Decimal(50), Decimal(1)),))
    assert nearest_tablets(Decimal(10), []) == ((), ())
    assert nearest_tablets(Decimal(0), [Decimal(5)]) == ((), ())


def test_nobody_waits_for_the_tablets_of_a_slip_of_the_pen() -> None:
    """12 kg by mouth, as a file says it that means g for mg: all sums of tablets up to it would take minutes."""
    assert nearest_tablets(Decimal(12_298_860), [Decimal(20), Decimal(50)]) == ((), ())
    tablet = Agent(id="drug", name="Drug", tablets=(Strength(Decimal(50), "mg"),))
    dose = with_pieces(ComputedDose(Decimal(12_298_860), "mg", "g/kg"), "PO", tablet)
    assert dose.working.made_of == "more than 40 tablets of one strength would make it"
    assert not dose.working.tablets


@given(st.integers(1, 40), STRENGTHS)
def test_vials_hold_the_dose_and_leave_the_least(dose: int, sizes: list[int]) -> None:
    best = min(
        (sum(count * one for count, one in zip(counts, sizes, strict=True)), sum(counts))
        for counts in product(*(range(dose // one + 2) for one in sizes))
        if sum(count * one for count, one in zip(counts, sizes, strict=True)) >= dose
    )
    found = vials(Decimal(dose), decimals(sizes))
    if found and max(count for _, count in found) < 40:
        assert (content(found), sum(count for _, count in found)) == best


def test_vials_of_nothing_and_of_too_much() -> None:
    assert vials(Decimal(0), [Decimal(5)]) == vials(Decimal(5), []) == vials(Decimal(500), [Decimal(5)]) == ()
    assert vials(Decimal(1800), [Decimal(1000), Decimal(200)]) == ((Decimal(1000), 1), (Decimal(200), 4))
