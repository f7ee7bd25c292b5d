"""The cycles near one, as a rule of a ring sees them: which they are, and numbers for how they lie."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from planner.checking.meaning import Who
from planner.checking.pieces import Piece, Shape
from planner.checking.rulings import Ruling

Near = tuple[list[Piece], list[Piece]]
"""The pieces near one, before it and behind it in the row."""


class Part(NamedTuple):
    """The pieces near one that matter to a rule, before it and behind it in the row.

    `codes` has for each of them one number made of its content, its distance and whether it is of the same block.
    """

    before: list[Piece]
    behind: list[Piece]
    codes: list[int]


ALONE = Part([], [], [])
CODES_KEPT = 20_000
"""Remembered pairs of contents at a distance; past it they are forgotten."""
CODES = 1 << 24
"""More than any number of `distance_of`."""
FAR = 1 << 22
"""Days; no two days of the calendar are so far apart."""


def distance_of(piece: Piece, other: Piece) -> int:
    """A number below `CODES` for the days between two pieces and whether they are of one block."""
    return (other.start - piece.start + FAR) * 2 + (other.block_id == piece.block_id)


class Neighbours:
    """To which of some rules the pieces near one matter. What is kept rests on contents and distances alone."""

    def __init__(self, rulings: Sequence[Ruling], *, doses: bool, cycle_before: bool) -> None:
        self._rulings, self._doses, self._cycle_before = rulings, doses, cycle_before
        self._inside: dict[int, tuple[Ruling, ...]] = {}
        self._asking: dict[Who, tuple[Ruling, ...]] = {}
        self._matter: dict[tuple[int, int], list[tuple[Ruling, int, int]]] = {}
        self._coded: dict[object, list[tuple[Ruling, int]]] = {}

    def inside(self, shape: Shape) -> tuple[Ruling, ...]:
        """The rules that judge something in a shape."""
        found = self._inside.get(shape.timing)
        if found is None:
            found = tuple(ruling for ruling in self._rulings if ruling.judged(shape) is not None)
            self._inside[shape.timing] = found
        return found

    def who_ask_for(self, people: Iterable[Who]) -> set[Ruling]:
        """The rules that look for something that one of these is given."""
        found: set[Ruling] = set()
        for who in people:
            if who not in self._asking:
                self._asking[who] = tuple(ruling for ruling in self._rulings if ruling.sees_one(who))
            found.update(self._asking[who])
        return found

    def parts(self, piece: Piece, near: Near, asked: Iterable[Ruling] | None = None) -> dict[Ruling, Part]:
        """For each rule, or each of those asked, the neighbours that matter to it, where there are any."""
        found: dict[Ruling, Part] = {}
        for side, some in enumerate(near):
            for one in some:
                for ruling, code in self._codes(piece, one) if asked is None else self._codes_of(asked, piece, one):
                    part = found.get(ruling)
                    if part is None:
                        part = found[ruling] = Part([], [], [])
                    (part.behind if side else part.before).append(one)
                    part.codes.append(code)
        if self._cycle_before and near[0]:
            self._take_before(found, piece, near[0][-1])
        return found

    def _take_before(self, found: dict[Ruling, Part], piece: Piece, last: Piece) -> None:
        """The cycle before one matters to every rule of the ring, and nothing else does."""
        code = distance_of(piece, last)
        for ruling in self.inside(piece.shape):
            found[ruling] = Part([last], [], [ruling.content(last.shape) * CODES + code])

    def _codes(self, piece: Piece, other: Piece) -> list[tuple[Ruling, int]]:
        """The rules to which the other piece matters where it stands, each with its code in a `Part`."""
        key = (piece.timing, other.number if self._doses else other.timing, distance_of(piece, other))
        found = self._coded.get(key)
        if found is None:
            found = self._codes_of(self.reached(piece, other), piece, other)
            if len(self._coded) > CODES_KEPT:
                self._coded.clear()
            self._coded[key] = found
        return found

    def _codes_of(self, asked: Iterable[Ruling], piece: Piece, other: Piece) -> list[tuple[Ruling, int]]:
        """The same of these rules alone."""
        distance, reached = distance_of(piece, other), set(self.reached(piece, other))
        return [(one, one.content(other.shape) * CODES + distance) for one in asked if one in reached]

    def reached(self, piece: Piece, other: Piece) -> list[Ruling]:
        """The rules to which the other piece matters where it stands."""
        distance = other.start - piece.start
        return [ruling for ruling, low, high in self._bounds(piece.shape, other.shape) if low <= distance <= high]

    def _bounds(self, shape: Shape, other: Shape) -> list[tuple[Ruling, int, int]]:
        """To which rules the other shape can matter, and at which distances between the starts of the two."""
        key = (shape.timing, other.timing)
        found = self._matter.get(key)
        if found is None:
            found = self._matter[key] = []
            for ruling in self.inside(shape):
                hull, theirs, reach = ruling.judged(shape), ruling.near(other), ruling.reach
                if hull is not None and theirs is not None and reach is not None:
                    found.append((ruling, hull[0] - reach.back - theirs[1], hull[1] + reach.ahead - theirs[0]))
        return found


def looks_of(ruling: Ruling, piece: Piece, near: Part) -> object:
    """All that the words about a verdict can rest on, wherever on the calendar the pieces stand."""
    start, content = piece.start, ruling.content
    if near is ALONE:
        return content(piece.shape), piece.looks
    around = [(one.start - start, content(one.shape), one.looks) for one in (*near.before, *near.behind)]
    return (content(piece.shape), piece.looks, *around)


def first_day(ruling: Ruling, piece: Piece) -> tuple[tuple[int, int], ...]:
    """The first day of the judged doses."""
    hull = ruling.judged(piece.shape)
    return ((piece.start + hull[0], piece.start + hull[0]),) if hull else ()


def touched(ruling: Ruling, near: Part) -> tuple[tuple[int, int], ...]:
    """The spans of days, in order and apart, of which the doses lie within reach of another piece's doses."""
    back, ahead = (ruling.reach.back, ruling.reach.ahead) if ruling.reach else (0, 0)
    hulls = [(one.start, hull) for one in (*near.before, *near.behind) if (hull := ruling.near(one.shape))]
    spans = [(start + hull[0] - ahead, start + hull[1] + back) for start, hull in hulls]
    merged: list[tuple[int, int]] = []
    for low, high in sorted(spans):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], high))
        else:
            merged.append((low, high))
    return tuple(merged)
