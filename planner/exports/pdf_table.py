"""Tables and paragraphs to pieces: column widths, rows, bands, repeated headings."""

from collections.abc import Sequence

from planner.errors import InputProblem
from planner.exports.pdf_flow import Piece
from planner.exports.pdf_text import Block, BoxOp, Op, RuleOp, TextOp, Typesetter
from planner.exports.sheet import Cell, Column, Facts, Line, Paragraphs, Row, Table

PAD = 3.0
"""Points between the edge of a cell and its text."""
CELL_TOP = PAD * 0.8
UNKNOWN = Block([], 0.0, 0.0)
"""Stands for what was not measured yet."""
TOO_LONG = "a heading or name on this sheet is so long that a page has no room below it: shorten names and titles"


def lay_table(table: Table, setter: Typesetter, width: float, tallest: float) -> list[Piece]:
    """The heading and a piece a row. `tallest` is the room on a fresh page.

    InputProblem where headings are so tall that no line fits below them.
    """
    grid = _Grid(table, setter, width)
    head = grid.heading()
    pieces = [head]
    heads: tuple[Piece, ...] = (head,)
    room = tallest - head.height
    for row in table.rows:
        if row.band:
            band = _band(row, setter, width)
            band.heads = (head,)
            heads = (head, band)
            room = tallest - head.height - band.height
            pieces.append(band)
            continue
        piece = grid.row(row, heads)
        if piece.height <= room:
            pieces.append(piece)
        else:
            pieces += [grid.row(part, heads) for part in _parts(row, grid.widths, setter, room)]
    if table.bands_together:
        _keep_bands(pieces)
    _keep_the_end(pieces, closed=bool(table.rows and table.rows[-1].band))
    if table.together:
        head.together = sum(piece.height for piece in pieces)
    return pieces


def _keep_bands(pieces: Sequence[Piece]) -> None:
    """Each band asks for the height of all rows under it, which are drawn with it above them."""
    for piece in pieces:
        if len(piece.heads) > 1:
            band = piece.heads[-1]
            band.together = (band.together or band.height) + piece.height


class _Grid:
    """The columns of one table: where each stands, and what was measured for it already."""

    def __init__(self, table: Table, setter: Typesetter, width: float) -> None:
        self._table = table
        self._setter = setter
        self.widths = column_widths(table.columns, width)
        self._width = sum(self.widths)
        self._places: list[tuple[float, float, dict[tuple[Line, ...], Block | None]]] = []
        self._thick: list[float] = []
        self._broken: list[tuple[float, float]] = []
        """Left edge and width of the cells of this row that are provisional."""
        x = 0.0
        for column, wide in zip(table.columns, self.widths, strict=True):
            self._places.append((x + PAD, wide - 2 * PAD, {}))
            if column.edge == "thick":
                self._thick += (x + 0.5, x + wide - 0.5)
            x += wide

    def heading(self) -> Piece:
        height, ops = self._cells([Cell(column.heading) for column in self._table.columns])
        ops.append(RuleOp(0, height, self._width, height, 1.0))
        return Piece(height, [*ops, *self._edges(height)], keep=True)

    def row(self, row: Row, heads: tuple[Piece, ...]) -> Piece:
        """The row with its rules."""
        height, ops = self._cells(row.cells)
        if self._broken:
            for left, wide in self._broken:  # clear of the next cell
                ops.append(BoxOp(left - PAD + 0.8, 1.2, wide + 2 * PAD - 3.2, height - 2.4, 0.7, dashed=True))
            self._broken.clear()
        if self._thick:
            ops += self._edges(height)
        if self._table.ruled:
            ops.append(RuleOp(0, height, self._width, height, 0.4))
        return Piece(height, ops, heads=heads)

    def _cells(self, cells: Sequence[Cell]) -> tuple[float, list[Op]]:
        """The cells side by side: height of the tallest, and what to draw; provisional ones are noted as broken."""
        tallest = 0.0
        ops: list[Op] = []
        for cell, (x, wide, known) in zip(cells, self._places, strict=True):
            lines = cell.lines
            if not lines:
                continue
            block = known.get(lines, UNKNOWN)
            if block is UNKNOWN:
                block = known[lines] = self._setter.block(lines, wide)
            if block:
                ops.append(TextOp(x, CELL_TOP, block))
                bottom = CELL_TOP + block.height
            else:
                bottom, drawn = self._setter.place(lines, wide, x, CELL_TOP)
                ops += drawn
            tallest = max(tallest, bottom)
            if cell.edge == "dashed":
                self._broken.append((x, wide))
        return tallest + PAD, ops

    def _edges(self, height: float) -> list[Op]:
        return [RuleOp(x, 0, x, height, 1.4) for x in self._thick]


def _keep_the_end(pieces: list[Piece], closed: bool) -> None:
    """Neither the last row nor a closing band is left alone on a page; a closing band needs nothing after it."""
    pieces[-1].keep = pieces[-1].keep and not closed
    for piece in pieces[-3:-1] if closed else pieces[-2:-1]:
        piece.keep = True


def column_widths(columns: Sequence[Column], width: float) -> list[float]:
    """Each column's least width and its part of what is left; all narrowed alike where they do not fit."""
    least = sum(column.least for column in columns)
    if least >= width:
        return [column.least * width / least for column in columns]
    shares = sum(column.share for column in columns) or 1.0
    return [column.least + (width - least) * column.share / shares for column in columns]


def _band(row: Row, setter: Typesetter, width: float) -> Piece:
    height, ops = setter.place(row.cells[0].lines, width - 2 * PAD, PAD, PAD)
    height += PAD * 0.6
    return Piece(height, [*ops, RuleOp(0, height, width, height, 1.0)], keep=True)


def _parts(row: Row, widths: Sequence[float], setter: Typesetter, room: float) -> list[Row]:
    """Rows that say the same line by line, each short enough for a page."""
    waiting = [setter.explode(cell.lines, width - 2 * PAD) for cell, width in zip(row.cells, widths, strict=True)]
    parts: list[Row] = []
    while any(waiting):
        taken = [
            take_lines(lines, width - 2 * PAD, setter, room - 2 * PAD)
            for lines, width in zip(waiting, widths, strict=True)
        ]
        if not any(taken):
            raise InputProblem((TOO_LONG,))
        waiting = [lines[len(some) :] for lines, some in zip(waiting, taken, strict=True)]
        parts.append(Row(tuple(Cell(tuple(some), cell.edge) for some, cell in zip(taken, row.cells, strict=True))))
    return parts


def take_lines(lines: Sequence[Line], width: float, setter: Typesetter, room: float) -> list[Line]:
    """The first lines that fit into that height."""
    taken: list[Line] = []
    height = 0.0
    for line in lines:
        height, _ = setter.place([line], width, 0.0, height)
        if height > room:
            break
        taken.append(line)
    return taken


def lay_paragraphs(part: Paragraphs, setter: Typesetter, width: float, tallest: float) -> list[Piece]:
    """A framed piece, or a piece a line so that a long text can run over pages."""
    if part.boxed:
        height, ops = setter.place(part.lines, width - 16, 8, 6)
        if height + 10 <= tallest:
            return [Piece(height + 12, [*ops, BoxOp(0.5, 2, width - 1, height + 4, 1.0)])]
    if part.spare:
        height, ops = setter.place(part.lines, width, y=PAD)
        return [Piece(height, ops, spare=True)]
    pieces = []
    for number, line in enumerate(setter.explode(part.lines, width)):
        height, ops = setter.place([line], width, y=0.0 if number else PAD)
        pieces.append(Piece(height, ops))
    return pieces


def lay_facts(part: Facts, setter: Typesetter, width: float, tallest: float) -> list[Piece]:
    """Label over value, in columns side by side as one piece; one under the other where that is taller than a page."""
    columns = part.columns
    gap = 14.0
    column = (width - gap * (columns - 1)) / columns
    ops: list[Op] = []
    height = 0.0
    for number in range(columns):
        y = 0.0
        for label, value in part.pairs[number::columns]:
            y, drawn = setter.place([Line(label, "strong"), Line(value)], column, number * (column + gap), y)
            ops += drawn
            y += 3
        height = max(height, y)
    if height <= tallest:
        return [Piece(height + 2, ops)]
    lines = tuple(line for label, value in part.pairs for line in (Line(label, "strong"), Line(value)))
    return lay_paragraphs(Paragraphs(lines), setter, width, tallest)
