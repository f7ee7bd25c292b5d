"""Bag cuts: exact against a search through everything, and the cases a ward knows."""

from collections.abc import Callable
from datetime import date
from functools import cache
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from planner.assembly.bags import Bag, cut

MONDAY = date(2026, 1, 5).toordinal()
ANY = (1, 2, 3, 4, 7)


def weekdays(*wanted: int) -> Callable[[int], int]:
    return lambda day: int(date.fromordinal(day).weekday() not in wanted)


def lengths(bags: tuple[Bag, ...]) -> list[int]:
    return [bag.days for bag in bags]


def test_seven_day_bags_fill_a_cycle_with_four() -> None:
    assert lengths(cut(MONDAY, MONDAY + 28, (7,), (), lambda _: 0)) == [7, 7, 7, 7]


def test_changes_fall_on_the_chosen_weekdays() -> None:
    bags = cut(MONDAY, MONDAY + 28, (1, 2, 3, 4), (), weekdays(0, 3))
    assert lengths(bags) == [3, 4] * 4
    assert len(bags) == 8


def test_a_start_between_change_days_gets_a_short_first_bag() -> None:
    assert lengths(cut(MONDAY + 1, MONDAY + 29, (1, 2, 3, 4), (), weekdays(0, 3)))[:3] == [2, 4, 3]


def test_a_closed_day_moves_the_change_not_the_infusion() -> None:
    closed = MONDAY + 7
    bags = cut(MONDAY, MONDAY + 14, (1, 2, 3, 4), (), lambda day: 9 if day == closed else weekdays(0, 3)(day))
    assert closed not in [bag.start for bag in bags]
    assert sum(lengths(bags)) == 14


def test_no_bag_runs_over_a_dose_step() -> None:
    bags = cut(MONDAY, MONDAY + 28, (4, 7), (MONDAY + 7,), lambda _: 0)
    assert MONDAY + 7 in [bag.start for bag in bags]


def test_a_last_bag_is_taken_down_early_rather_than_stretched() -> None:
    assert lengths(cut(MONDAY, MONDAY + 9, (7,), (), lambda _: 0)) == [7, 2]


@st.composite
def problems(draw: st.DrawFn) -> tuple[int, tuple[int, ...], frozenset[int]]:
    days = draw(st.integers(1, 13))
    sizes = draw(st.lists(st.sampled_from(ANY), min_size=1, max_size=3, unique=True))
    return days, tuple(sizes), frozenset(draw(st.lists(st.integers(0, 13), max_size=8)))


@given(problems())
def test_the_cut_is_the_best_there_is(problem: tuple[int, tuple[int, ...], frozenset[int]]) -> None:
    days, sizes, bad = problem
    bags = cut(0, days, sizes, (), lambda day: int(day in bad))
    assert [bag.start for bag in bags] == [0, *[bag.start + bag.days for bag in bags][:-1]]
    assert bags[-1].start + bags[-1].days == days
    assert all(after.start == before.start + before.days for before, after in pairwise(bags))

    @cache
    def least(day: int) -> tuple[int, int]:
        """Unwelcome changes and bags of the best of all ways from that day on."""
        if day == days:
            return 0, 0
        ways = []
        for size in sizes:
            change = min(day + size, days)
            unwelcome, count = least(change)
            ways.append((unwelcome + (change < days and change in bad), count + 1))
        return min(ways)

    assert (sum(bag.start in bad for bag in bags[1:]), len(bags)) == least(0)
