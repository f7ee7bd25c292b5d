"""Shapes and pieces that were met before, kept so that what was looked up about them is not looked up again."""

from collections.abc import Sequence
from functools import partial
from itertools import chain, compress, islice
from operator import is_not

from planner.checking.day_sums import Beside
from planner.checking.pieces import Hull, Piece, Shape
from planner.model.cycle_content import CycleContent, EventRun
from planner.model.rule_values import Selectors
from planner.model.schedule import PlacedContent, Schedule

PIECES_KEPT = 1_000
"""Pieces of one plan; past it the older half is forgotten. A plan has tens, dragging it for a month some hundreds."""
PLACES_KEPT = 4
"""Of a plan with more pieces than others, so many times as many: it is moved to and fro too."""


class Shelf:
    """The shapes and pieces of one plan."""

    def __init__(self) -> None:
        self._shapes: dict[object, Shape] = {}
        self._told: dict[object, Shape] = {}
        """The shapes by all that rules are told of them: contents that they cannot tell apart have one."""
        self._timings: dict[object, tuple[int, dict[Selectors, Hull | None]]] = {}
        self._pieces: dict[object, Piece] = {}
        # Not a method: shapes would hold the shelf that holds them, and wait for the garbage collector with all of it.
        self._number_of = partial(_number_in, dict[object, int]())
        self._last: tuple[Sequence[PlacedContent], list[Piece]] = ((), [])
        """What the last schedule had, and the pieces of it in the same order."""

    def pieces(self, schedule: Schedule) -> list[Piece]:
        """The pieces of a schedule in its order."""
        kept = max(PIECES_KEPT, PLACES_KEPT * len(schedule.pieces))
        if len(self._pieces) > kept:
            for looks in tuple(islice(self._pieces, kept // 2)):
                del self._pieces[looks]
        old, pieces = self._last
        new = schedule.pieces
        if len(old) == len(new):
            pieces = pieces.copy()
            for number in compress(range(len(new)), map(is_not, old, new)):
                pieces[number] = self.piece(new[number])
        else:
            last = {id(piece.placed): piece for piece in pieces}
            pieces = [last.get(id(placed)) or self.piece(placed) for placed in new]
        self._last = new, pieces
        return pieces

    def piece(self, placed: PlacedContent) -> Piece:
        """The piece of one cycle, the same one where nothing about it changed. The same content is the same object."""
        block, start = placed.block, placed.start
        looks = block.id, block.group, block.title, placed.cycle, block.start - start, block.end - start
        return self._kept(placed, (), looks)

    def beside(self, piece: Piece, others: tuple[Beside, ...]) -> Piece:
        """The piece as it is where these doses of other cycles count together with some of its own."""
        return piece if piece.shape.beside == others else self._kept(piece.placed, others, piece.looks)

    def _kept(self, placed: PlacedContent, beside: tuple[Beside, ...], looks: tuple[int | str, ...]) -> Piece:
        block = placed.block
        frame = (block.protocol_id, id(block.protocol), block.provisional)
        shape = self._shapes.get((placed.content, *frame, beside))
        if shape is None:
            timing = self._timings.setdefault((_timing(placed.content), frame), (len(self._timings), {}))
            fresh = Shape(len(self._shapes), placed.content, frame, timing, self._number_of, beside)
            shape = self._told.setdefault(fresh.told(), fresh)
            self._shapes[placed.content, *frame, beside] = shape
        key = placed.start, shape.number, looks
        piece = self._pieces.get(key)
        if piece is None:
            piece = self._pieces[key] = Piece(placed, shape, looks)
        return piece


def _number_in(numbers: dict[object, int], content: object) -> int:
    return numbers.setdefault(content, len(numbers))


def _timing(content: CycleContent) -> object:
    """When everything of a content happens, whatever the doses: days, minutes and numbers of days line by line."""
    lines: dict[object, list[EventRun]] = {}
    for run in content.runs:
        lines.setdefault((run.line, run.state, run.shift, run.length), []).append(run)
    return tuple((key, *_times(runs)) for key, runs in lines.items())


def _times(runs: Sequence[EventRun]) -> tuple[tuple[int, ...], ...]:
    """The columns of these runs as if they were one."""
    if len(runs) == 1:
        return runs[0].offsets, runs[0].minutes, runs[0].cycle_days
    events = (zip(run.offsets, run.minutes, run.cycle_days, strict=True) for run in runs)
    return tuple(zip(*sorted(chain.from_iterable(events)), strict=True))
