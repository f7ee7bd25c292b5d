"""Doses of several cycles within a day, where a rule has a bound "a day": one course, whichever cycle gives them.

A cycle beside such doses gets a shape of its own that holds them (`Shape.beside`), so all that is remembered by shapes
knows them, and what is judged again follows what changed.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import compress, pairwise
from operator import is_not, itemgetter
from typing import NamedTuple

from planner.checking.day_sums import Beside
from planner.checking.meaning import Meaning, Who
from planner.checking.pieces import MINUTES, Hull, Piece
from planner.checking.shelf import Shelf
from planner.model.cycle_content import DAY, EventRun
from planner.model.rule import SequencingRule
from planner.model.rule_kinds import selectors_of
from planner.model.rule_values import Selectors


class _Dose(NamedTuple):
    """A dose by its minute since the first day of the calendar."""

    time: int
    piece: Piece
    who: Who
    run: EventRun

    def as_seen_from(self, piece: Piece) -> Beside:
        """The dose as it stands beside those of another piece; of two alike that of the first place leads."""
        per_m2 = self.run.dose.meant_per_m2 if self.run.dose else None
        ahead = self.piece.place < piece.place
        return Beside(self.who, self.time - piece.start * MINUTES, per_m2, ahead, self.piece.protocol_id)


class Together:
    """The pieces of a plan, each with what others give within a day of its own doses. The last answer is kept."""

    def __init__(self, rules: Iterable[SequencingRule], meaning: Meaning, shelf: Shelf) -> None:
        named = (one for rule in rules for _, one in selectors_of(rule.parameters) if one.a_day)
        self._meant: Selectors = tuple(dict.fromkeys(named))
        self._meaning = meaning
        self._shelf = shelf
        self._hulls: dict[int, Hull | None] = {}
        self._last: tuple[Sequence[Piece], Sequence[Piece]] = ((), ())
        """What was asked for last, and the answer."""

    def pieces(self, given: Sequence[Piece]) -> Sequence[Piece]:
        """These pieces in their order."""
        old, answer = self._last
        same = len(old) == len(given)
        differ = list(compress(range(len(given)), map(is_not, old, given))) if same else []
        if same and not any(self._hull(piece) for at in differ for piece in (old[at], given[at])):
            found = [*answer]
            for at in differ:
                found[at] = given[at]
        else:
            holding = [(at, piece) for at, piece in enumerate(given) if self._hull(piece)]
            beside = self._beside([piece for _, piece in holding])
            found = [*given]
            for at, piece in holding:
                found[at] = self._shelf.beside(piece, beside.get(piece, ()))
        self._last = given, found
        return found

    def _hull(self, piece: Piece) -> Hull | None:
        timing = piece.timing
        if timing not in self._hulls:
            self._hulls[timing] = piece.shape.hull(self._meant, self._meaning) if self._meant else None
        return self._hulls[timing]

    def _beside(self, holding: Sequence[Piece]) -> dict[Piece, tuple[Beside, ...]]:
        """For each piece what others give of the same agent, dose after dose less than a day apart."""
        found: dict[Piece, tuple[Beside, ...]] = {}
        for chain in self._chains(holding):
            for piece in dict.fromkeys(one.piece for one in chain):
                others = (one.as_seen_from(piece) for one in chain if one.piece is not piece)
                found[piece] = (*found.get(piece, ()), *others)
        return found

    def _chains(self, holding: Sequence[Piece]) -> Iterator[list[_Dose]]:
        """Doses of one agent from several pieces, in order of time and each less than a day after the one before."""
        for group in self._groups(holding):
            doses: dict[str, list[_Dose]] = {}
            for piece in group:
                start = piece.start * MINUTES
                for who, run, times in piece.shape.moments(self._meant, self._meaning):
                    doses.setdefault(who.agent, []).extend(_Dose(start + time, piece, who, run) for time in times)
            for some in doses.values():
                some.sort(key=itemgetter(0))
                ends = [at for at, (one, two) in enumerate(pairwise(some), 1) if two.time - one.time >= DAY]
                for low, high in pairwise((0, *ends, len(some))):
                    if any(one.piece is not some[low].piece for one in some[low:high]):
                        yield some[low:high]

    def _groups(self, holding: Sequence[Piece]) -> Iterator[list[Piece]]:
        """The pieces that from their first to their last such dose come within a day of each other, if any do."""
        spans = [
            (piece.start + hull[0], piece.start + hull[1], piece) for piece in holding if (hull := self._hull(piece))
        ]
        group: list[Piece] = []
        until = 0
        for first, last, piece in sorted(spans, key=itemgetter(0)):
            if group and first > until + 1:
                if len(group) > 1:
                    yield group
                group, until = [], 0
            group.append(piece)
            until = max(until, last)
        if len(group) > 1:
            yield group
