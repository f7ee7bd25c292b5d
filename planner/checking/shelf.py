"""Shapes and pieces that were met before, kept so that what was looked up about them is not looked up again."""

from collections.abc import Sequence
from typing import NamedTuple

from planner.checking.pieces import Piece, Shape
from planner.model.schedule import Event, PlacedBlock, Schedule

PIECES_KEPT = 5_000
"""Pieces of one plan; past it all are forgotten. A plan has tens, a session of dragging some thousands."""


class PlacedContent(NamedTuple):
    """A cycle's events where they stand; `content` is equal for cycles whose events differ by nothing but the date."""

    content: object
    start: int
    block: PlacedBlock
    cycle: int
    orders: tuple[tuple[Event, ...], ...]


class Shelf:
    """The shapes and pieces of one plan."""

    def __init__(self) -> None:
        self._shapes: dict[object, Shape] = {}
        self._pieces: dict[object, Piece] = {}

    def pieces(self, schedule: Schedule) -> list[Piece]:
        """The pieces of a schedule in its order."""
        if len(self._pieces) > PIECES_KEPT:
            self._pieces.clear()
        return [self._piece(placed) for placed in _placed(schedule)]

    def _piece(self, placed: PlacedContent) -> Piece:
        block, start = placed.block, placed.start
        kind = (placed.content, block.protocol_id, id(block.protocol), block.provisional)
        shape = self._shapes.get(kind)
        if shape is None:
            shape = self._shapes[kind] = Shape(len(self._shapes), placed.orders, start, block.protocol)
        looks = (start, shape.number, block.id, block.title, placed.cycle, block.start - start, block.end - start)
        piece = self._pieces.get(looks)
        if piece is None:
            piece = self._pieces[looks] = Piece(placed, shape, looks)
        return piece


def _placed(schedule: Schedule) -> list[PlacedContent]:
    """The schedule cycle by cycle."""
    found: dict[tuple[str, int], list[tuple[Event, ...]]] = {}
    for events in schedule.by_order():
        found.setdefault((events[0].placed.block.id, events[0].placed.cycle), []).append(events)
    return [_place(orders) for orders in found.values()]


def _place(orders: Sequence[tuple[Event, ...]]) -> PlacedContent:
    placed = orders[0][0].placed
    start = next(cycle.start for cycle in placed.block.cycles if cycle.number == placed.cycle)
    content = tuple(
        (
            events[0].placed.order,
            events[0].placed.kind,
            tuple(
                (one.day - start, one.due_day - start, one.minute, one.cycle_day, one.state, one.dose) for one in events
            ),
        )
        for events in orders
    )
    return PlacedContent(content, start, placed.block, placed.cycle, tuple(orders))
