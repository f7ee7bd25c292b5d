"""The pieces of a plan in order of their first day, and which of them an edit can have touched."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, compress
from operator import attrgetter, is_, is_not

from planner.checking.pieces import Hull, Piece, Shape

Place = tuple[str, int]
FAR = 1 << 22
"""Days; no two days of the calendar are so far apart."""
BLOCKS = 1 << 20
"""More than any plan has."""
GAPS = 2 * FAR * BLOCKS


FEW = 8
"""Where no more than one in so many pieces is another one, only these are put in their places."""


class Row:
    """Pieces in order. `first` and `last` are their days; `reached` is the latest last day up to each piece.

    `steps` says of each piece what it is and how it lies to the one before it, in one number, with regard to doses and
    without: a stretch of it tells what stands there, wherever on the calendar. `differ` are the numbers of the pieces
    that are others than in the row before, where the order of places is the same; else None. `kinds` counts the pieces
    of each timing and has one shape of it.
    """

    __slots__ = (
        "_ends",
        "at",
        "blocks",
        "differ",
        "first",
        "given",
        "kinds",
        "last",
        "order",
        "orderly",
        "pieces",
        "places",
        "reached",
        "steps",
    )

    def __init__(self, pieces: Iterable[Piece], before: "Row | None" = None) -> None:
        """Mostly the order of places is that of the row `before` this one, and then its own lists serve again."""
        self.given = list(pieces)
        self._ends: dict[object, int | None] = {}
        self.differ: list[int] | None = None
        self.at: dict[Place, int]
        self.blocks: list[int]
        """For each piece the number of its block."""
        self.kinds: dict[int, tuple[int, Shape]]
        self.steps: tuple[list[int], list[int]]
        if before is None or not self._follow(before):
            self._lay(before)
        self.orderly = self.reached == self.last
        """Whether no piece ends before one that begins earlier."""

    def _lay(self, before: "Row | None") -> None:
        """Put all pieces in order."""
        given = self.given
        self.order: list[int] = sorted(range(len(given)), key=[piece.first for piece in given].__getitem__)
        self.pieces: list[Piece] = [given[at] for at in self.order]
        self.first: list[int] = list(map(attrgetter("first"), self.pieces))
        self.last: list[int] = list(map(attrgetter("last"), self.pieces))
        self.reached = list(accumulate(self.last, max))
        self.places: list[Place] = list(map(attrgetter("place"), self.pieces))
        shapes = {piece.timing: piece.shape for piece in self.pieces}
        counts = Counter(map(attrgetter("timing"), self.pieces))
        self.kinds = {timing: (number, shapes[timing]) for timing, number in counts.items()}
        if before is not None and before.places == self.places:
            self.places, self.at, self.blocks = before.places, before.at, before.blocks
            self.differ = list(compress(range(len(self.pieces)), map(is_not, self.pieces, before.pieces)))
            self.steps = before.steps[0].copy(), before.steps[1].copy()
            for number in self.differ:
                self._note_steps(number, number + 2)
        else:
            self.at = dict(zip(self.places, range(len(self.places)), strict=True))
            known: dict[str, int] = {}
            self.blocks = [known.setdefault(block, len(known)) for block, _ in self.places]
            self.steps = [0] * len(self.pieces), [0] * len(self.pieces)
            self._note_steps(0, len(self.pieces))

    def _follow(self, before: "Row") -> bool:
        """Take over the row before where few pieces are others and all keep their places; False where they do not."""
        given, old, order = self.given, before.given, before.order
        if len(given) != len(old):
            return False
        changed = set(compress(range(len(given)), map(is_not, given, old)))
        if len(changed) * FEW > len(given) or any(given[at].place != old[at].place for at in changed):
            return False
        at_of, first, last = before.at, before.first.copy(), before.last.copy()
        numbers = sorted(at_of[given[at].place] for at in changed)
        for number in numbers:
            piece = given[order[number]]
            first[number], last[number] = piece.first, piece.last
        for number in numbers:
            for one in range(max(number, 1), min(number + 2, len(first))):
                if (first[one - 1], order[one - 1]) > (first[one], order[one]):
                    return False
        self.order, self.first, self.last, self.differ = order, first, last, numbers
        self.places, self.at, self.blocks = before.places, at_of, before.blocks
        self.pieces, self.kinds = before.pieces.copy(), before.kinds.copy()
        self.steps = before.steps[0].copy(), before.steps[1].copy()
        for number in numbers:
            self._count(self.pieces[number], -1)
            self.pieces[number] = given[order[number]]
            self._count(self.pieces[number], 1)
        for number in numbers:
            self._note_steps(number, number + 2)
        self.reached = _reached(before.reached, last, numbers)
        return True

    def _count(self, piece: Piece, more: int) -> None:
        number = self.kinds.get(piece.timing, (0, piece.shape))[0] + more
        if number:
            self.kinds[piece.timing] = number, piece.shape
        else:
            del self.kinds[piece.timing]

    def _note_steps(self, start: int, end: int) -> None:
        with_doses, without = self.steps
        for number in range(max(start, 1), min(end, len(self.pieces))):
            before, here = self.pieces[number - 1], self.pieces[number]
            gap = (
                (here.start - before.start + FAR) * BLOCKS + self.blocks[number] - self.blocks[number - 1] + BLOCKS // 2
            )
            with_doses[number] = here.number * GAPS + gap
            without[number] = here.timing * GAPS + gap

    def holds(self, given: Sequence[Piece]) -> bool:
        """Whether it was made of these very pieces."""
        return len(given) == len(self.given) and all(map(is_, given, self.given))

    def piece(self, place: Place) -> Piece | None:
        """The piece of that place, if there is one."""
        at = self.at.get(place)
        return None if at is None else self.pieces[at]

    def stretch(self, at: int, days: int) -> tuple[int, int]:
        """From which number up to, not including, which one all pieces stand that lie within so many days of one."""
        return (
            min(bisect_left(self.reached, self.first[at] - days), at),
            max(bisect_right(self.first, self.last[at] + days), at + 1),
        )

    def near(self, at: int, days: int) -> tuple[list[Piece], list[Piece]]:
        """The pieces before and after that one in the row of which something lies within so many days of it."""
        start, end = self.stretch(at, days)
        before = self.pieces[start:at]
        if not self.orderly:
            low = self.first[at] - days
            before = [piece for piece in before if piece.last >= low]
        return before, self.pieces[at + 1 : end]

    def across(self, edge: int, days: int) -> list[Place]:
        """The pieces on both sides of an edge (behind piece number `edge`) that see within so many days over it."""
        start = bisect_left(self.reached, self.first[edge + 1] - days, 0, edge + 1)
        end = bisect_right(self.first, self.reached[edge] + days, edge + 1)
        return self.places[start:end]

    def between(self, after: int, until: int) -> Iterator[Piece]:
        """The pieces that begin at or before one day and end after another."""
        number = bisect_right(self.first, until) - 1
        while number >= 0 and self.reached[number] > after:
            if self.last[number] > after:
                yield self.pieces[number]
            number -= 1

    def earliest_end(self, hull_of: Callable[[Shape], Hull | None]) -> int | None:
        """The day on which the first of some doses in the pieces end; None where there are none."""
        if hull_of not in self._ends:
            self._ends[hull_of] = self._earliest_end(hull_of)
        return self._ends[hull_of]

    def _earliest_end(self, hull_of: Callable[[Shape], Hull | None]) -> int | None:
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


def _reached(before: Sequence[int], last: Sequence[int], numbers: Sequence[int]) -> list[int]:
    """The latest last day up to each piece, where those of some numbers are others than before."""
    found = list(before)
    for number in range(numbers[0], len(found)) if numbers else ():
        day = max(found[number - 1], last[number]) if number else last[number]
        if number > numbers[-1] and day == found[number]:
            break
        found[number] = day
    return found
