"""The pieces of a plan in order of their first day, and which of them an edit can have touched."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from operator import attrgetter

from planner.checking.pieces import Hull, Piece, Shape

Place = tuple[str, int]


class Row:
    """Pieces in order. `first` and `last` are their days; `reached` is the latest last day up to each piece."""

    __slots__ = ("at", "first", "last", "pieces", "places", "reached")

    def __init__(self, pieces: Iterable[Piece], before: "Row | None" = None) -> None:
        """Mostly the order of places is that of the row `before` this one, and then its own lists serve again."""
        self.pieces: list[Piece] = sorted(pieces, key=attrgetter("first"))
        self.first: list[int] = list(map(attrgetter("first"), self.pieces))
        self.last: list[int] = list(map(attrgetter("last"), self.pieces))
        self.reached = list(accumulate(self.last, max))
        self.places: list[Place] = list(map(attrgetter("place"), self.pieces))
        self.at: dict[Place, int]
        if before is not None and before.places == self.places:
            self.places, self.at = before.places, before.at
        else:
            self.at = dict(zip(self.places, range(len(self.places)), strict=True))

    def near(self, at: int, days: int) -> tuple[list[Piece], list[Piece]]:
        """The pieces before and after that one in the row of which something lies within so many days of it."""
        pieces, first, last, reached = self.pieces, self.first, self.last, self.reached
        low, high = first[at] - days, last[at] + days
        before, after = [], []
        number = at - 1
        while number >= 0 and reached[number] >= low:
            if last[number] >= low:
                before.append(pieces[number])
            number -= 1
        before.reverse()
        number, end = at + 1, len(pieces)
        while number < end and first[number] <= high:
            after.append(pieces[number])
            number += 1
        return before, after

    def across(self, edge: int, days: int) -> list[Place]:
        """The pieces on both sides of an edge (behind piece number `edge`) that see within so many days over it."""
        first, last, reached, places = self.first, self.last, self.reached, self.places
        number, low = edge, first[edge + 1] - days
        found = []
        while number >= 0 and reached[number] >= low:
            if last[number] >= low:
                found.append(places[number])
            number -= 1
        number, high, end = edge + 1, reached[edge] + days, len(first)
        while number < end and first[number] <= high:
            found.append(places[number])
            number += 1
        return found

    def between(self, after: int, until: int) -> Iterator[Piece]:
        """The pieces that begin at or before one day and end after another."""
        number = bisect_right(self.first, until) - 1
        while number >= 0 and self.reached[number] > after:
            if self.last[number] > after:
                yield self.pieces[number]
            number -= 1

    def earliest_end(self, hull_of: Callable[[Shape], Hull | None]) -> int | None:
        """The day on which the first of some doses in the pieces end; None where there are none."""
        best = None
        for number, piece in enumerate(self.pieces):
            if best is not None and self.first[number] > best:
                break
            hull = hull_of(piece.shape)
            if hull is not None and (best is None or piece.start + hull[1] < best):
                best = piece.start + hull[1]
        return best

    def edges(self, moved: Mapping[Place, int]) -> Sequence[int]:
        """Behind which pieces the row was cut: of two neighbours, one moved and the other did not move with it.

        `moved` gives each changed place the days it moved by, and a number of its own where its content changed.
        """
        found = set()
        at, places, last = self.at, self.places, len(self.places) - 1
        for place, days in moved.items():
            number = at.get(place)
            if number is None:
                continue
            if number and moved.get(places[number - 1], 0) != days:
                found.add(number - 1)
            if number < last and moved.get(places[number + 1], 0) != days:
                found.add(number)
        return sorted(found)
