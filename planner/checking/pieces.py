"""The cycles of the plan as the rules look at them: which doses are there, from which day to which.

A `Shape` is what a cycle looks like wherever it stands; it is made once for each content and protocol. A `Piece` is a
shape on its day, with its dated events made only where a rule looks at them.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import chain, islice, pairwise
from operator import itemgetter
from typing import NamedTuple

from planner.checking.day_sums import Beside, leaders
from planner.checking.meaning import LEFT_OUT, Meaning, Who, takes_part, who_is
from planner.model.cycle_content import BY_TIME, CycleContent, EventRun, State
from planner.model.rule_values import Selectors
from planner.model.schedule import Event, PlacedBlock, PlacedContent

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


class Column(NamedTuple):
    """Doses in order of time as bare numbers: minutes, and how much each adds to a sum (None where nobody knows).

    `clocked` tells whether every one of them has a clock time; those without count from their midnight.
    """

    times: Sequence[int]
    amounts: Sequence[Decimal | None]
    clocked: bool = True


NO_COLUMN = Column((), ())
MINUTES = 24 * 60
"""Of a day."""
Amount = Callable[[EventRun], Decimal | None]


def no_amount(_: EventRun) -> None:
    """For columns of which only the times are asked for."""


Hull = tuple[int, int]
"""The first and the last day of something, both included."""


class Shape:
    """A content under a protocol (`frame`). `number` is its own; `first` and `last` are offsets of what can be meant.

    `begins` is the offset of the first event of any kind. Shapes that differ in nothing but doses have one `timing`,
    and share `hulls`: from when to when something is given does not rest on how much. `beside` are doses of other
    cycles that count together with some of these (`together`).
    """

    __slots__ = (
        "_columns",
        "_days",
        "_hulls",
        "_meant",
        "_number_of",
        "_parts",
        "_shifts",
        "_stand_ins",
        "_times",
        "begins",
        "beside",
        "first",
        "frame",
        "last",
        "measured",
        "number",
        "people",
        "runs",
        "timing",
    )

    def __init__(
        self,
        number: int,
        content: CycleContent,
        frame: tuple[object, ...],
        timing: tuple[int, dict[Selectors, Hull | None]],
        number_of: Callable[[object], int],
        beside: tuple[Beside, ...] = (),
    ) -> None:
        self.beside = beside
        self.number = number
        self.timing, self._hulls = timing
        self.frame = frame
        self.begins = content.first
        self.runs: dict[Who, list[EventRun]] = {}
        self._times: dict[EventRun, tuple[int, ...]] = {}
        self.people: dict[Who, Hull] = {}
        self.measured: EventRun | None = None
        """The run that begins with the first dose by weight or surface."""
        times = iter(content.pattern.times)
        for run in content.runs:
            self._times[run] = tuple(islice(times, len(run.offsets)))
            who = None if run.state in LEFT_OUT else who_is(run.line)
            if who is not None:
                self._take_in(who, run)
        self.first = min((first for first, _ in self.people.values()), default=0)
        self.last = max((last for _, last in self.people.values()), default=0)
        self._number_of = number_of
        self._parts: dict[tuple[Who, bool], int] = {}
        self._shifts: dict[Selectors, int] = {}
        self._columns: dict[object, Column] = {}
        self._meant: dict[Selectors, tuple[EventRun, ...]] = {}
        self._days: dict[Selectors, tuple[int, ...]] = {}
        self._stand_ins: dict[Selectors, tuple[EventRun, ...]] = {}

    def _take_in(self, who: Who, run: EventRun) -> None:
        self.runs.setdefault(who, []).append(run)
        low, high = min(run.offsets), max(run.offsets)
        first, last = self.people.get(who, (low, high))
        self.people[who] = min(first, low), max(last, high)
        by_size = run.dose is not None and ("/m2" in run.dose.protocol_dose or "/kg" in run.dose.protocol_dose)
        if by_size and (self.measured is None or _moment(run) < _moment(self.measured)):
            self.measured = run

    def hull(self, selectors: Selectors, meaning: Meaning) -> Hull | None:
        """The first and the last offset of doses that are meant; None where there are none."""
        try:
            return self._hulls[selectors]
        except KeyError:
            bounds = meaning.bounds(selectors)
            meant = [hull for who, hull in self.people.items() if bounds[who] is not None]
            found = (min(first for first, _ in meant), max(last for _, last in meant)) if meant else None
            self._hulls[selectors] = found
            return found

    def part(self, asked: Iterable[Selectors], meaning: Meaning, *, doses: bool) -> int:
        """A number for all that is meant by one of these, the same in every shape that has the same of it.

        With its doses or without. It rests on the protocol too, as the shape does.
        """
        bounds = [meaning.bounds(selectors) for selectors in asked]
        meant = [who for who in self.people if any(bound[who] is not None for bound in bounds)]
        return self._number_of(tuple(sorted(self.part_of(who, doses=doses) for who in meant)))

    def told(self) -> object:
        """All that rules are told of it, doses included."""
        parts = frozenset((who, self.part_of(who, doses=True)) for who in self.people)
        return self.frame, self.begins, self.timing, parts

    def unlike(self, other: "Shape", *, doses: bool) -> set[Who]:
        """Those of whom the two do not have the same, with their doses or without."""
        one, two = self.people.keys(), other.people.keys()
        differ = {who for who in one & two if self.part_of(who, doses=doses) != other.part_of(who, doses=doses)}
        return differ | (one ^ two)

    def part_of(self, who: Who, *, doses: bool) -> int:
        """A number for what it has of somebody who is in it, as `part`."""
        found = self._parts.get((who, doses))
        if found is None:
            told = [
                (run.line, run.place, run.offsets, run.minutes, run.cycle_days, run.state, run.shift, run.length)
                + ((run.notes, run.dose) if doses else (run.notes,))
                for run in self.runs[who]
            ]
            with_it = [one for one in self.beside if one.who.agent == who.agent] if doses else []
            found = self._parts[who, doses] = self._number_of((self.frame, *told, *with_it))
        return found

    def shift(self, selectors: Selectors, meaning: Meaning) -> int:
        """Days by which deferrals moved the first of the doses that are meant; 0 where there are none."""
        found = self._shifts.get(selectors)
        if found is None:
            bounds = meaning.bounds(selectors)
            meant = (runs for who, runs in self.runs.items() if bounds[who] is not None)
            firsts = [(run.offsets[0], run.shift) for runs in meant for run in runs]
            found = self._shifts[selectors] = min(firsts, default=(0, 0))[1]
        return found

    def column(self, selectors: Selectors, meaning: Meaning, key: object, amount: Amount) -> "Column":
        """The doses that are meant as bare numbers, in order of time; `key` stands for the function `amount`."""
        name = (selectors, key)
        found = self._columns.get(name)
        if found is None:
            rows = sorted(self._rows(selectors, meaning, amount), key=itemgetter(0, 1, 2))
            found = self._columns[name] = Column(
                [row[0] for row in rows], [row[3] for row in rows], all(row[1] >= 0 for row in rows)
            )
        return found

    def days(self, selectors: Selectors, meaning: Meaning) -> tuple[int, ...]:
        """The offsets of the days on which doses are meant, each once and in order."""
        found = self._days.get(selectors)
        if found is None:
            times = self.column(selectors, meaning, None, no_amount).times
            found = self._days[selectors] = tuple(dict.fromkeys(one // MINUTES for one in times))
        return found

    def meant(self, selectors: Selectors, meaning: Meaning) -> tuple[EventRun, ...]:
        """The runs of doses that are meant, by their first dose. One not known per m2 may reach any bound."""
        found = self._meant.get(selectors)
        if found is None:
            bounds = meaning.bounds(selectors)
            runs = [run for who, some in self.runs.items() for run in some if _is_meant(run, bounds[who])]
            runs += self.stand_ins(selectors, meaning)
            found = self._meant[selectors] = tuple(sorted(runs, key=_moment))
        return found

    def stand_ins(self, selectors: Selectors, meaning: Meaning) -> tuple[EventRun, ...]:
        """Of selectors "a day": runs of the doses below the bound that stand for the sum of their day (`day_sums`)."""
        found = self._stand_ins.get(selectors)
        if found is None:
            bounds, cut = meaning.bounds(selectors), []
            for agent, protocols in dict.fromkeys((one.name, one.protocols) for one in selectors if one.a_day):
                people = dict.fromkeys((*self.runs, *(one.who for one in self.beside)))
                meant = {who: bound for who in people if who.agent == agent and (bound := bounds[who])}
                runs = [(run, self._times[run]) for who in meant for run in self.runs.get(who, ())]
                beside = [one for one in self.beside if one.who in meant and takes_part(one.protocol, protocols)]
                cut += leaders(runs, max(meant.values(), default=0), beside)
            self._times.update(cut)
            found = self._stand_ins[selectors] = tuple(run for run, _ in cut)
        return found

    def moments(self, selectors: Selectors, meaning: Meaning) -> Iterator[tuple[Who, EventRun, tuple[int, ...]]]:
        """The runs of whom these mean, whatever their bounds, each with the minutes of its doses (`Column`)."""
        bounds = meaning.bounds(selectors)
        return ((who, run, self._times[run]) for who in self.runs if bounds[who] is not None for run in self.runs[who])

    def standing(self, selectors: Selectors, meaning: Meaning) -> Iterable[int]:
        """Those of the days on which a dose that is meant is not on hold."""
        runs = self.meant(selectors, meaning)
        if all(run.state is not State.HELD for run in runs):
            return self.days(selectors, meaning)
        return {offset for run in runs if run.state is not State.HELD for offset in run.offsets}

    def timed(self, selectors: Selectors, meaning: Meaning) -> Iterator[tuple[EventRun, tuple[int, ...]]]:
        """The runs of doses that are meant, each with the minutes of its doses (`Column`)."""
        return ((run, self._times[run]) for run in self.meant(selectors, meaning))

    def _rows(
        self, selectors: Selectors, meaning: Meaning, amount: Amount
    ) -> Iterator[tuple[int, int, int, Decimal | None]]:
        for run, times in self.timed(selectors, meaning):
            value = amount(run)
            for time, minute in zip(times, run.minutes, strict=True):
                yield time, minute, run.place, value


class Piece:
    """A cycle of the plan. `place` names it by block and cycle.

    `looks` is all that words about it can rest on, but for its content and the day it starts on.
    """

    __slots__ = (
        "_buckets",
        "_firsts",
        "_series",
        "begins",
        "block",
        "block_id",
        "first",
        "last",
        "looks",
        "number",
        "place",
        "placed",
        "protocol_id",
        "shape",
        "start",
        "timing",
    )

    def __init__(self, placed: PlacedContent, shape: Shape, looks: tuple[int | str, ...]) -> None:
        self.placed = placed
        self.shape = shape
        self.block: PlacedBlock = placed.block
        self.start = placed.start
        self.first, self.last = placed.start + shape.first, placed.start + shape.last
        self.begins = placed.start + shape.begins
        self.place = (placed.block.id, placed.cycle)
        self.block_id, self.protocol_id = placed.block.id, placed.block.protocol_id
        self.number, self.timing = shape.number, shape.timing
        self.looks = looks
        self._buckets: dict[Who, list[Event]] = {}
        self._firsts: dict[Selectors, Event | None] = {}
        self._series: dict[Selectors, Series] = {}

    def first_of(self, selectors: Selectors, meaning: Meaning) -> Event | None:
        """The first event that is meant; None where there is none."""
        try:
            return self._firsts[selectors]
        except KeyError:
            runs = self.shape.meant(selectors, meaning)
            found = self._firsts[selectors] = self.placed.event(runs[0].event(0)) if runs else None
            return found

    def bucket(self, who: Who) -> list[Event]:
        """The events of orders alike to selectors that count, in order of time. Only these are given their dates."""
        found = self._buckets.get(who)
        if found is None:
            runs = self.shape.runs[who]
            found = self._buckets[who] = [event for run in runs for event in self.placed.dated(run)]
            if len(runs) > 1:
                found.sort(key=BY_TIME)
        return found

    def series(self, selectors: Selectors, meaning: Meaning) -> Series:
        """The events that are meant, in order of time."""
        found = self._series.get(selectors)
        if found is None:
            found = NOTHING if self.shape.hull(selectors, meaning) is None else self._collect(selectors, meaning)
            self._series[selectors] = found
        return found

    def _collect(self, selectors: Selectors, meaning: Meaning) -> Series:
        meant, bounds = [], meaning.bounds(selectors)
        cut = self.shape.stand_ins(selectors, meaning)
        led = {BY_TIME(event) for run in cut for event in self.placed.dated(run)}
        for who in self.shape.people:
            bound = bounds[who]
            if bound is not None:
                bucket = self.bucket(who)
                meant.append(
                    [one for one in bucket if _reaches(one, bound) or BY_TIME(one) in led] if bound else bucket
                )
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


def _moment(run: EventRun) -> tuple[int, int, int]:
    return run.offsets[0], run.minutes[0], run.place


def _is_meant(run: EventRun, bound: int | None) -> bool:
    if not bound:
        return bound is not None
    meant = run.dose.meant_per_m2 if run.dose else None
    return meant is None or meant >= bound


def _reaches(event: Event, bound: int) -> bool:
    """A dose that is not known per m2 may reach the bound, so it is not left out."""
    meant = event.dose.meant_per_m2 if event.dose else None
    return meant is None or meant >= bound
