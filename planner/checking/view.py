"""The doses a rule sees: those of the whole plan, or of one cycle and what lies near it. What was asked is noted."""

from bisect import bisect_left
from collections.abc import Container, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from planner.checking.alike import Alike, by_moment, first_of
from planner.checking.known import Known
from planner.checking.meaning import Meaning, kept_to, takes_part
from planner.checking.pieces import (
    BY_CLOCK,
    MINUTES,
    NO_COLUMN,
    NOTHING,
    Amount,
    Column,
    Piece,
    Series,
    Shape,
    join,
    no_amount,
)
from planner.model.cycle_content import BY_TIME
from planner.model.rule_values import Selectors
from planner.model.schedule import Event

NEVER = 1 << 30
"""A day that no plan reaches."""


class Cycle(NamedTuple):
    """A cycle of the plan as rules about cycles see it."""

    piece: Piece
    meaning: Meaning

    @property
    def start(self) -> int:
        """Its first day."""
        return self.piece.start

    def begins(self, selectors: Selectors) -> int:
        """Its first day, moved as deferrals moved the first of these doses."""
        return self.piece.start + self.piece.shape.shift(selectors, self.meaning)

    @property
    def name(self) -> str:
        """Block and cycle: "Blinatumomab, cycle 2"."""
        return f"{self.piece.block.title}, cycle {self.piece.place[1]}"

    def holds(self, selectors: Selectors) -> bool:
        """Whether one of these doses is in it."""
        return self.piece.shape.hull(selectors, self.meaning) is not None

    def first_doses(self, selectors: Selectors) -> Sequence[Event]:
        """The first of these doses in it, if there is one."""
        runs = self.piece.shape.meant(selectors, self.meaning)
        return [first_of(self.piece, runs)] if runs else []


class Judged(NamedTuple):
    """The cycle whose doses are judged, and from which to which days; no days means all of them."""

    piece: Piece
    days: tuple[tuple[int, int], ...] = ()


class Notes:
    """What a rule asked for, and so what its verdict rests on beside the distances of doses."""

    __slots__ = ("amounts", "dated", "everything", "first", "last", "selectors")

    def __init__(self) -> None:
        self.selectors: dict[Selectors, None] = {}
        self.first, self.last = NEVER, -NEVER
        """The first and the last day for which the patient's facts were asked."""
        self.dated = False
        """Something that is another on every day."""
        self.everything = False
        """Something that no selector names: blocks, decisions, all doses."""
        self.amounts = False
        """Doses that tell how much they are; days, and doses that are only named, do not."""

    @property
    def amounts_matter(self) -> bool:
        """Whether a changed dose can change the verdict, as in `Reach`."""
        return self.amounts or any(one.from_per_m2 for selectors in self.selectors for one in selectors)

    def ask(self, day: int) -> None:
        """Note that a fact of that day was asked for."""
        self.first = min(self.first, day)
        self.last = max(self.last, day)

    @property
    def timeless(self) -> bool:
        """Whether nothing was asked that stands for certain days."""
        return not self.dated and self.last < self.first

    def era(self, known: Known) -> int | None:
        """The time in which all facts lie that were asked for, where nothing else dates the answer; else None."""
        if self.dated or self.last < self.first:
            return None
        era = known.era(self.first)
        return era if era == known.era(self.last) else None


class View:
    """The pieces in view and which of them are judged. Lookups are kept, nothing is changed."""

    def __init__(self, known: Known, pieces: Sequence[Piece], judged: Judged | None) -> None:
        self.notes = Notes()
        self.opened = False
        """Whether doses that matter came before everything in view; asked by kinds whose reach is `since_first`."""
        self.known = known
        self._pieces = pieces
        self._judged = judged
        self._shapes: dict[int, Shape] | None = None
        self._days: dict[tuple[Selectors, tuple[str, ...], bool], list[int]] = {}
        self._series: dict[tuple[Selectors, tuple[str, ...]], Series] = {}

    def series(self, selectors: Selectors, protocols: tuple[str, ...] = ()) -> Series:
        """The doses and examinations that are meant, in order of time; of these protocols, if any are named."""
        selectors = kept_to(protocols, selectors)
        self.notes.selectors[selectors] = None
        self.notes.amounts = True
        key = (selectors, protocols)
        found = self._series.get(key)
        if found is None:
            meaning = self.known.meaning
            found = self._series[key] = join(
                [piece.series(selectors, meaning) for piece in self._holding(selectors, protocols)]
            )
        return found

    def column(self, selectors: Selectors, protocols: tuple[str, ...], key: object, amount: Amount) -> Column:
        """The doses that are meant as bare numbers, in order of time; `key` stands for the function `amount`."""
        selectors = kept_to(protocols, selectors)
        self.notes.selectors[selectors] = None
        self.notes.amounts = self.notes.amounts or amount is not no_amount
        times: list[int] = []
        amounts: list[Decimal | None] = []
        meaning, sorted_yet, clocked = self.known.meaning, True, True
        for piece in self._pieces:
            if not protocols or takes_part(piece.protocol_id, protocols):
                part = piece.shape.column(selectors, meaning, key, amount)
                if part.times:
                    start = piece.start * MINUTES
                    sorted_yet = sorted_yet and (not times or times[-1] <= start + part.times[0])
                    times += [start + one for one in part.times]
                    amounts += part.amounts
                    clocked = clocked and part.clocked
        if not sorted_yet:
            order = sorted(range(len(times)), key=times.__getitem__)
            times, amounts = [times[one] for one in order], [amounts[one] for one in order]
        return Column(times, amounts, clocked)

    def judged_column(self, selectors: Selectors, protocols: tuple[str, ...], key: object, amount: Amount) -> Column:
        """Those of them that are to be judged here."""
        selectors = kept_to(protocols, selectors)
        if self._judged is None:
            return self.column(selectors, protocols, key, amount)
        piece, spans = self._judged
        if protocols and not takes_part(piece.protocol_id, protocols):
            return NO_COLUMN
        times, amounts, clocked = piece.shape.column(selectors, self.known.meaning, key, amount)
        start = piece.start * MINUTES
        shifted = [start + one for one in times]
        if not spans:
            return Column(shifted, amounts, clocked)
        cuts = [
            (bisect_left(shifted, low * MINUTES), bisect_left(shifted, (high + 1) * MINUTES)) for low, high in spans
        ]
        return Column(
            [at for low, high in cuts for at in shifted[low:high]],
            [one for low, high in cuts for one in amounts[low:high]],
            clocked,
        )

    def judged(self, selectors: Selectors, protocols: tuple[str, ...] = ()) -> Series:
        """The doses that are to be judged here: all that are meant, or those of one cycle."""
        selectors = kept_to(protocols, selectors)
        if self._judged is None:
            return self.series(selectors, protocols)
        piece, spans = self._judged
        if not takes_part(piece.protocol_id, protocols):
            return NOTHING
        series = piece.series(selectors, self.known.meaning)
        if not spans:
            return series
        return join(
            [Series(found, [event[0] for event in found]) for found in (series.between(*span) for span in spans)]
        )

    def judged_at(self, times: Container[int], selectors: Selectors, protocols: tuple[str, ...] = ()) -> list[Event]:
        """Those of them that fall on one of these minutes of `judged_column`; only they are given their dates."""
        selectors = kept_to(protocols, selectors)
        if self._judged is None:
            return [event for event in self.series(selectors, protocols).events if _minute(event) in times]
        piece, spans = self._judged
        start = piece.start * MINUTES
        found = [
            piece.placed.event(run.event(number))
            for run, moments in piece.shape.timed(selectors, self.known.meaning)
            for number, moment in enumerate(moments)
            if start + moment in times
        ]
        inside = [event for event in found if not spans or any(low <= event[0] <= high for low, high in spans)]
        return sorted(inside, key=BY_TIME)

    def last_before(self, time: int, selectors: Selectors) -> tuple[int | None, bool]:
        """The minute (`Column`) of the last dose that is meant before one; whether all doses have clock times."""
        self.notes.selectors[selectors] = None
        meaning, last, clocked = self.known.meaning, None, True
        for piece in self._pieces:
            column = piece.shape.column(selectors, meaning, None, no_amount)
            start = piece.start * MINUTES
            number = bisect_left(column.times, time - start)
            if number and (last is None or start + column.times[number - 1] > last):
                last = start + column.times[number - 1]
            clocked = clocked and column.clocked
        return last, clocked

    def after_judged(self, selectors: Selectors, protocols: tuple[str, ...] = ()) -> Series:
        """The doses that are meant in the pieces in view that stand behind the judged cycle; all where all is judged.

        So what is true of two cycles is told once, by the first of them.
        """
        selectors = kept_to(protocols, selectors)
        if self._judged is None:
            return self.series(selectors, protocols)
        at = next(number for number, piece in enumerate(self._pieces) if piece is self._judged.piece)
        later = [piece for piece in self._pieces[at + 1 :] if takes_part(piece.protocol_id, protocols)]
        return join([piece.series(selectors, self.known.meaning) for piece in later])

    def judged_events(self, selectors: Selectors, protocols: tuple[str, ...] = ()) -> Sequence[Event]:
        """The doses that are to be judged here, without their days."""
        return self.judged(selectors, protocols).events

    def alike(self, selectors: Selectors, protocols: tuple[str, ...] = ()) -> list[Alike]:
        """The doses that are meant, those of a cycle together that differ only in when they fall."""
        selectors = kept_to(protocols, selectors)
        self.notes.amounts = True
        meaning = self.known.meaning
        return [
            Alike(piece, run, 0, len(run.offsets))
            for piece in self._holding(selectors, protocols)
            for run in piece.shape.meant(selectors, meaning)
        ]

    def judged_alike(self, selectors: Selectors, protocols: tuple[str, ...] = ()) -> list[Alike]:
        """Those of them that are to be judged here, by their first."""
        selectors = kept_to(protocols, selectors)
        if self._judged is None:
            return by_moment(self.alike(selectors, protocols))
        piece, spans = self._judged
        if not takes_part(piece.protocol_id, protocols):
            return []
        found = [Alike(piece, run, 0, len(run.offsets)) for run in piece.shape.meant(selectors, self.known.meaning)]
        if not spans:
            return found
        inside = [part for one in found for span in spans if (part := one.between(*span)) is not None]
        return by_moment(inside)

    def first_judged(self, selectors: Selectors, protocols: tuple[str, ...] = ()) -> Sequence[Event]:
        """The first dose of each cycle that is to be judged here, in order of time."""
        selectors = kept_to(protocols, selectors)
        if self._judged is None:
            return self.firsts(selectors, protocols)
        piece, spans = self._judged
        first = piece.first_of(selectors, self.known.meaning)
        if first is None or not takes_part(piece.protocol_id, protocols):
            return []
        return [first] if not spans or any(low <= first.day <= high for low, high in spans) else []

    def cycles(self, selectors: Selectors, protocols: tuple[str, ...] = ()) -> list[Cycle]:
        """The cycles with such doses, in order of their first event."""
        self.notes.amounts = True
        return [Cycle(piece, self.known.meaning) for piece in self._holding(selectors, protocols)]

    def starts(self, selectors: Selectors, protocols: tuple[str, ...] = ()) -> list[int]:
        """The first days of the cycles with such doses."""
        return [piece.start for piece in self._holding(selectors, protocols)]

    def days(self, selectors: Selectors, protocols: tuple[str, ...] = (), standing: bool = False) -> list[int]:
        """The days with such doses, or with such not on hold (`standing`), in order. No dose gets its date for that."""
        selectors = kept_to(protocols, selectors)
        meaning, key = self.known.meaning, (selectors, protocols, standing)
        known = self._days.get(key)
        if known is None:
            found: set[int] = set()
            for piece in self._holding(selectors, protocols):
                offsets = piece.shape.standing(selectors, meaning) if standing else piece.shape.days(selectors, meaning)
                found.update([piece.start + offset for offset in offsets])
            known = self._days[key] = sorted(found)
        else:
            self.notes.selectors[selectors] = None
        return known

    def judged_days(self, selectors: Selectors, protocols: tuple[str, ...] = ()) -> set[int]:
        """The days of the doses that are to be judged here. No dose is given its date for that."""
        return {one // MINUTES for one in self.judged_column(selectors, protocols, None, no_amount).times}

    def first(self, selectors: Selectors, protocols: tuple[str, ...] = (), since: int = 0) -> Event | None:
        """The first such dose from that day on, to be named; how much it is must not be asked of it (`Notes.amounts`).

        Only the cycles that may hold it are given their dates.
        """
        selectors = kept_to(protocols, selectors)
        self.notes.selectors[selectors] = None
        meaning, best, best_day = self.known.meaning, None, NEVER
        for piece in self._pieces:  # in order of their first days
            if piece.first > best_day:
                break
            hull = piece.shape.hull(selectors, meaning)
            if hull is None or piece.start + hull[1] < since or piece.start + hull[0] > best_day:
                continue
            for run in piece.shape.meant(selectors, meaning) if takes_part(piece.protocol_id, protocols) else ():
                found = Alike(piece, run, 0, len(run.offsets)).between(since, NEVER)
                if found is not None and (best is None or found.moment < best.moment):
                    best, best_day = found, found.first_day
        return best.first if best else None

    def firsts(self, selectors: Selectors, protocols: tuple[str, ...] = ()) -> list[Event]:
        """The first such dose of each cycle, in order of time."""
        selectors = kept_to(protocols, selectors)
        self.notes.amounts = True
        meaning = self.known.meaning
        found = [piece.first_of(selectors, meaning) for piece in self._holding(selectors, protocols)]
        return sorted(filter(None, found), key=BY_CLOCK)

    def _holding(self, selectors: Selectors, protocols: tuple[str, ...]) -> list[Piece]:
        """The pieces with such doses."""
        self.notes.selectors[selectors] = None
        if not selectors:
            return []
        meaning = self.known.meaning
        if self._shapes is None:
            self._shapes = {piece.timing: piece.shape for piece in self._pieces}
        holds = {timing for timing, shape in self._shapes.items() if shape.hull(selectors, meaning) is not None}
        found = [piece for piece in self._pieces if piece.timing in holds]
        return [piece for piece in found if takes_part(piece.protocol_id, protocols)] if protocols else found

    def judged_cycles(
        self, selectors: Selectors, protocols: tuple[str, ...] = ()
    ) -> Iterator[tuple[Cycle, Cycle | None]]:
        """The cycles with such doses that are to be judged here, each with the cycle before it."""
        meaning = self.known.meaning
        if self._judged is None:
            self.notes.everything = True
        before = None
        for piece in self._pieces:
            cycle = Cycle(piece, meaning)
            judged = self._judged is None or piece is self._judged.piece
            if judged and cycle.holds(selectors) and takes_part(piece.protocol_id, protocols):
                yield cycle, before
            before = cycle


def _minute(event: Event) -> int:
    return event[0] * MINUTES + max(event[1], 0)


def first_of_cycles(series: Series) -> list[Event]:
    """The first dose of each cycle of each block, in order of time."""
    firsts: dict[tuple[str, int], Event] = {}
    for event in series.events:
        firsts.setdefault((event.placed.block.id, event.placed.cycle), event)
    return list(firsts.values())
