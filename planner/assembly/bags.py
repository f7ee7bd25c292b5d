"""A continuous infusion cut into bags: which bag hangs when, so that changes fall on days the clinic works.

An exact search over whole days: of all ways to cut the infusion it takes the one whose changes burden the clinic least,
then the one with the fewest bags, then the one with the longest bags first.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise

from msgspec import Struct


class Bag(Struct, frozen=True):
    """One bag of an infusion: hung on day `start` to last `meant` days, taken down or empty `days` days later.

    `plan` is the place (from 0) of the bag plan that it is hung by.
    """

    start: int
    days: int
    meant: int
    plan: int = 0


def cut(
    start: int, end: int, lengths: Sequence[int], steps: Sequence[int], burden: Callable[[int], int]
) -> tuple[Bag, ...]:
    """Bags from day `start` up to, not including, `end` (ordinals); each lasts one of `lengths` days.

    No bag runs over a day in `steps`, on which the dose changes. `burden` says how unwelcome a bag change on a day is:
    0 on a day chosen for changes, more on others, most on a day the clinic is closed. Where no combination of lengths
    fits a stretch, the last bag before its end is taken down early: a bag may be stopped, never stretched.
    """
    edges = [start, *sorted(step for step in set(steps) if start < step < end), end]
    return tuple(
        Bag(day, days, days) for begin, stop in pairwise(edges) for day, days in _stretch(begin, stop, lengths, burden)
    )


def _stretch(begin: int, stop: int, lengths: Sequence[int], burden: Callable[[int], int]) -> list[tuple[int, int]]:
    """The best cut of one stretch without a dose step: pairs of first day and days."""
    best: dict[int, tuple[tuple[int, int, tuple[int, ...]], tuple[int, ...]]] = {stop: ((0, 0, ()), ())}
    for day in range(stop - 1, begin - 1, -1):
        found = []
        for length in lengths:
            lasts = min(length, stop - day)
            (unwelcome, bags, order), rest = best[day + lasts]
            change = day + lasts
            cost = burden(change) if change < stop else 0
            found.append(((unwelcome + cost, bags + 1, (-lasts, *order)), (lasts, *rest)))
        best[day] = min(found)
    pieces, day = [], begin
    for lasts in best[begin][1]:
        pieces.append((day, lasts))
        day += lasts
    return pieces
