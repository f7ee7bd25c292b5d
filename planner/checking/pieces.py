"""The cycles of the plan as the rules look at them: which doses are there, from which day to which.

A `Shape` is what a cycle looks like wherever it stands; it is made once for each content and protocol. A `Piece` is a
shape on its day, with its dated events made only where a rule looks at them.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import chain, pairwise
from operator import itemgetter
from typing import NamedTuple
from typing import Protocol as Protocol_

from planner.checking.meaning import LEFT_OUT, Meaning, Who, who_is
from planner.model.protocol import Protocol
from planner.model.rule_values import Selectors
from planner.model.schedule import Event, PlacedBlock

BY_TIME = itemgetter(0, 1, 2)
BY_CLOCK = itemgetter(0, 1)


class Series(NamedTuple):
    """Doses in order of time, with their days beside them for bisection."""

    events: Sequence[Event]
    days: Sequence[int]

    def between(self, first: int, last: int) -> Sequence[Event]:
        """The doses from day `first` to day `last`, both included."""
        return self.events[bisect_left(self.days, first) : bisect_right(self.days, last)]

    def on(self, day: int) -> Sequence[Event]:
        """The doses of one day."""
        return self.between(day, day)


NOTHING = Series((), ())
Hull = tuple[int, int]
"""The first and the last day of something, both included."""


class Shape:
    """A content under a protocol. `number` is its own; `first` and `last` are offsets of what selectors can mean.

    `begins` is the offset of the first event of any kind.
    """

    __slots__ = ("_hulls", "begins", "first", "last", "number", "people", "protocol")

    def __init__(self, number: int, orders: Sequence[Sequence[Event]], start: int, protocol: Protocol | None) -> None:
        self.number = number
        self.protocol = protocol
        self.begins = min((events[0].day for events in orders), default=start) - start
        self.people: dict[Who, Hull] = {}
        for events in orders:
            who = who_is(events[0].placed)
            days = [event.day - start for event in events if event.state not in LEFT_OUT]
            if who is not None and days:
                first, last = self.people.get(who, (days[0], days[-1]))
                self.people[who] = min(first, days[0]), max(last, days[-1])
        self.first = min((first for first, _ in self.people.values()), default=0)
        self.last = max((last for _, last in self.people.values()), default=0)
        self._hulls: dict[Selectors, Hull | None] = {}

    def hull(self, selectors: Selectors, meaning: Meaning) -> Hull | None:
        """The first and the last offset of doses that are meant; None where there are none."""
        try:
            return self._hulls[selectors]
        except KeyError:
            meant = [hull for who, hull in self.people.items() if meaning.bound(selectors, who) is not None]
            found = (min(first for first, _ in meant), max(last for _, last in meant)) if meant else None
            self._hulls[selectors] = found
            return found


class Placed(Protocol_):
    """A cycle's events where they stand, as the schedule hands them over."""

    @property
    def start(self) -> int: ...
    @property
    def block(self) -> PlacedBlock: ...
    @property
    def cycle(self) -> int: ...
    @property
    def orders(self) -> tuple[tuple[Event, ...], ...]: ...


class Piece:
    """A cycle of the plan. `place` names it by block and cycle; `looks` is all that words about it can rest on."""

    __slots__ = ("_buckets", "_series", "block", "first", "last", "looks", "place", "placed", "shape", "start")

    def __init__(self, placed: Placed, shape: Shape, looks: tuple[int | str, ...]) -> None:
        block = placed.block
        self.placed: Placed = placed
        self.shape = shape
        self.block: PlacedBlock = block
        self.start = placed.start
        self.first, self.last = placed.start + shape.first, placed.start + shape.last
        self.place = (block.id, placed.cycle)
        self.looks = looks
        self._buckets: dict[Who, list[Event]] | None = None
        self._series: dict[Selectors, Series] = {}

    @property
    def buckets(self) -> dict[Who, list[Event]]:
        """The events that count, by what selectors can ask about them."""
        if self._buckets is None:
            self._buckets = _buckets(self.placed.orders)
        return self._buckets

    def series(self, selectors: Selectors, meaning: Meaning) -> Series:
        """The events that are meant, in order of time."""
        found = self._series.get(selectors)
        if found is None:
            found = NOTHING if self.shape.hull(selectors, meaning) is None else self._collect(selectors, meaning)
            self._series[selectors] = found
        return found

    def _collect(self, selectors: Selectors, meaning: Meaning) -> Series:
        meant = []
        for who, bucket in self.buckets.items():
            bound = meaning.bound(selectors, who)
            if bound is not None:
                meant.append([event for event in bucket if _reaches(event, bound)] if bound else bucket)
        events = meant[0] if len(meant) == 1 else sorted(chain.from_iterable(meant), key=BY_TIME)
        return Series(events, [event[0] for event in events])


def join(parts: Sequence[Series]) -> Series:
    """Several series as one. Those that follow each other are only laid end to end.

    Doses of one minute stand in the order of the series: a piece is kept while the plan around it changes, so the
    places of its events hold only among themselves.
    """
    some = [one for one in parts if one.days]
    if len(some) < 2:
        return some[0] if some else NOTHING
    events = list(chain.from_iterable(one.events for one in some))
    if any(earlier.days[-1] >= later.days[0] for earlier, later in pairwise(some)):
        events.sort(key=BY_CLOCK)
        return Series(events, [event[0] for event in events])
    return Series(events, list(chain.from_iterable(one.days for one in some)))


def _buckets(orders: Iterable[Sequence[Event]]) -> dict[Who, list[Event]]:
    found: dict[Who, list[Event]] = {}
    several = set()
    for events in orders:
        who = who_is(events[0].placed)
        kept = [event for event in events if event.state not in LEFT_OUT] if who is not None else []
        if who is not None and kept:
            if who in found:
                several.add(who)
            found.setdefault(who, []).extend(kept)
    for who in several:
        found[who].sort(key=BY_TIME)
    return found


def _reaches(event: Event, bound: int) -> bool:
    """A dose that is not known per m2 may reach the bound, so it is not left out."""
    return event.dose is None or event.dose.per_m2 is None or event.dose.per_m2 >= bound
