"""Hits that moved: what a rule found, where everything that it rests on stands some days on.

Words, keys and counts of a hit are those of the day it was found on; its days are written so that they can be counted
on (`hits.on_day`). So a cycle that moved is not judged again, but where somebody asks for the very doses.
"""

from collections.abc import Callable, Sequence
from typing import Any

from planner.checking.hits import FAILED, Hit, Spot
from planner.checking.known import Known
from planner.checking.view import Notes
from planner.model.schedule import Event

STARTS_KEPT = 4
"""Days on which hits that moved are kept; past it they are made anew."""


class MovedHit:
    """A hit some days on. All that is not said here is as in `of`, the hit as it was found."""

    __slots__ = ("_from", "_number", "by", "of")

    def __init__(self, found: "Stand", number: int, by: int) -> None:
        self._from = found
        self._number = number
        self.of = found.sample.hits[number]
        """The hit as it was found."""
        self.by = by
        """Days that the dates in the texts of `of` are to be counted on."""

    @property
    def days(self) -> Sequence[int]:
        """As in `Hit`."""
        return [day + self.by for day in self.of.days]

    @property
    def spots(self) -> Sequence[Spot]:
        """As in `Hit`."""
        return [(day + self.by, minute, order) for day, minute, order in self._from.sample.spots(self._number)]

    @property
    def events(self) -> tuple[Event, ...]:
        """As in `Hit`; judged again for that."""
        return self.full().events

    def full(self) -> Hit:
        """The hit as it is found there, judged again."""
        return self._from.full(self._number)


AnyHit = Hit | MovedHit
Hits = tuple[AnyHit, ...]
Ask = Callable[[], tuple[Hit, ...]]


class Sample:
    """What was found where a piece starts on some day, and so, some days on, where it starts then.

    Where the patient's facts were asked for, `asked` are the first and the last day of these, in days from the start,
    and `era` is the one time in which all of them lie.
    """

    def __init__(
        self, hits: tuple[Hit, ...], start: int, era: int | None = None, asked: tuple[int, int] = (0, 0)
    ) -> None:
        self.hits = hits
        self._start = start
        self._era = era
        self._asked = asked
        self._spots: dict[int, Sequence[Spot]] = {}
        self._moved: dict[int, Hits] = {}

    def spots(self, number: int) -> Sequence[Spot]:
        """The spots of one of the hits."""
        found = self._spots.get(number)
        if found is None:
            found = self._spots[number] = self.hits[number].spots
        return found

    def at(self, start: int, known: Known, ask: Ask) -> Hits | None:
        """The hits where it starts on that day; None where the facts may be others there. `ask` judges there."""
        if self._era is not None:
            first, last = self._asked
            if not self._era == known.era_unnoted(start + first) == known.era_unnoted(start + last):
                return None
        by = start - self._start
        if not by:
            return self.hits
        found = self._moved.get(start)
        if found is None:
            if len(self._moved) >= STARTS_KEPT:
                self._moved.clear()
            stand = Stand(self, ask)
            found = self._moved[start] = tuple([MovedHit(stand, number, by) for number in range(len(self.hits))])
        return found

    def forget(self) -> None:
        """Drop the hits on other days: they hold the sample and what they would be judged with, a whole schedule."""
        self._moved.clear()


class Stand:
    """A sample on another day: judged again, once, where somebody asks for all of it."""

    __slots__ = ("_ask", "_found", "sample")

    def __init__(self, sample: Sample, ask: Ask) -> None:
        self.sample = sample
        self._ask = ask
        self._found: tuple[Hit, ...] = ()

    def full(self, number: int) -> Hit:
        """One of the hits as it is found there."""
        if not self._found:
            self._found = self._ask()
        return self._found[number]


def reworded(hit: AnyHit, **said: Any) -> AnyHit:
    """The hit with other words (fields of `Hit`), standing where it stands."""
    of = hit.of._replace(**said)
    if isinstance(hit, Hit):
        return of
    return MovedHit(Stand(Sample((of,), 0), lambda: (hit.full()._replace(**said),)), 0, hit.by)


def may_move(hits: tuple[Hit, ...], notes: Notes) -> bool:
    """Whether these hits are the same ones wherever what they rest on stands, but for the dates in them."""
    return not (notes.dated or notes.everything) and all(hit.key != FAILED for hit in hits)
