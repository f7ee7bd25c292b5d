"""Shapes and pieces that were met before, kept so that what was looked up about them is not looked up again."""

from planner.checking.pieces import Piece, Shape
from planner.model.schedule import PlacedContent, Schedule

PIECES_KEPT = 5_000
"""Pieces of one plan; past it all are forgotten. A plan has tens, a session of dragging some thousands."""


class Shelf:
    """The shapes and pieces of one plan."""

    def __init__(self) -> None:
        self._shapes: dict[object, Shape] = {}
        self._pieces: dict[object, Piece] = {}

    def pieces(self, schedule: Schedule) -> list[Piece]:
        """The pieces of a schedule in its order."""
        if len(self._pieces) > PIECES_KEPT:
            self._pieces.clear()
        return [self.piece(placed) for placed in schedule.pieces]

    def piece(self, placed: PlacedContent) -> Piece:
        """The piece of one cycle, the same one where nothing about it changed. The same content is the same object."""
        block, start = placed.block, placed.start
        kind = (placed.content, block.protocol_id, id(block.protocol), block.provisional)
        shape = self._shapes.get(kind)
        if shape is None:
            shape = self._shapes[kind] = Shape(len(self._shapes), placed.content, block.protocol)
        looks = (start, shape.number, block.id, block.title, placed.cycle, block.start - start, block.end - start)
        piece = self._pieces.get(looks)
        if piece is None:
            piece = self._pieces[looks] = Piece(placed, shape, looks)
        return piece
