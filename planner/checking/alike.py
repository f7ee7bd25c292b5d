"""Doses of one cycle that differ only in when they fall, judged together: a course has thousands, and few are unlike.

Most are only counted, so they are given as numbers, and made into events one by one where a hit shows them.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import NamedTuple

from planner.checking.pieces import Piece
from planner.model.cycle_content import ComputedDose, EventRun
from planner.model.schedule import Event


class Alike(NamedTuple):
    """The doses of a run from number `low` up to, not including, `high`; never none."""

    piece: Piece
    run: EventRun
    low: int
    high: int

    @property
    def dose(self) -> ComputedDose | None:
        """The one dose of all of them."""
        return self.run.dose

    @property
    def number(self) -> int:
        """How many there are."""
        return self.high - self.low

    @property
    def days(self) -> list[int]:
        """Their days, in order of time."""
        start = self.piece.start
        return [start + offset for offset in self.run.offsets[self.low : self.high]]

    @property
    def first_day(self) -> int:
        """The day of the first."""
        return self.piece.start + self.run.offsets[self.low]

    @property
    def last_day(self) -> int:
        """The day of the last."""
        return self.piece.start + self.run.offsets[self.high - 1]

    @property
    def moment(self) -> tuple[int, int]:
        """Day and minute of the first; what has no clock time comes ahead of everything on its day."""
        return self.first_day, self.run.minutes[self.low]

    @property
    def last_moment(self) -> tuple[int, int]:
        """Day and minute of the last."""
        return self.last_day, self.run.minutes[self.high - 1]

    @property
    def last(self) -> Event:
        """The last of them."""
        return self.piece.placed.event(self.run.event(self.high - 1))

    @property
    def first(self) -> Event:
        """The first of them."""
        return self.piece.placed.event(self.run.event(self.low))

    @property
    def events(self) -> list[Event]:
        """All of them, in order of time."""
        return [self.piece.placed.event(self.run.event(number)) for number in range(self.low, self.high)]

    def between(self, first: int, last: int) -> "Alike | None":
        """Those from day `first` to day `last`, both included; None where there are none."""
        start, offsets = self.piece.start, self.run.offsets
        low = bisect_left(offsets, first - start, self.low, self.high)
        high = bisect_right(offsets, last - start, self.low, self.high)
        if low == self.low and high == self.high:
            return self
        return Alike(self.piece, self.run, low, high) if low < high else None

    def one_by_one(self) -> "list[Alike]":
        """Each of them alone."""
        return [Alike(self.piece, self.run, number, number + 1) for number in range(self.low, self.high)]


_moment = attrgetter("moment")


def by_moment(some: Iterable[Alike]) -> list[Alike]:
    """The doses by their first."""
    return sorted(some, key=_moment)


def first_of(piece: Piece, runs: Sequence[EventRun]) -> Event:
    """The first dose of some runs of a cycle, which stand by their first."""
    return Alike(piece, runs[0], 0, 1).first
