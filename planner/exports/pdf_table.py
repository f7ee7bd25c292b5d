"""Tables and paragraphs to pieces: column widths, rows, bands, repeated headings."""

from collections.abc import Iterable, Sequence

from planner.exports.pdf_flow import Piece
from planner.exports.pdf_text import BoxOp, Op, RuleOp, Typesetter
from planner.exports.sheet import Cell, Column, Facts, Line, Paragraphs, Row, Table

PAD = 3.0
"""Points between the edge of a cell and its text."""


def lay_table(table: Table, setter: Typesetter, width: float, tallest: float) -> list[Piece]:
    """The heading and a piece a row. `tallest` is the room on a fresh page."""
    widths = column_widths(table.columns, width)
    head = _heading(table.columns, widths, setter)
    pieces = [head]
    heads: tuple[Piece, ...] = (head,)
    for row in table.rows:
        if row.band:
            band = _band(row, setter, width)
            band.heads = (head,)
            heads = (head, band)
            pieces.append(band)
            continue
        room = tallest - sum(piece.height for piece in heads)
        for piece in _rows(row, table, widths, setter, room):
            piece.heads = heads
            pieces.append(piece)
    _keep_the_end(pieces, closed=bool(table.rows and table.rows[-1].band))
    if table.together:
        head.together = sum(piece.height for piece in pieces)
    return pieces


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


def _heading(columns: Sequence[Column], widths: Sequence[float], setter: Typesetter) -> Piece:
    height, ops = _cells([Cell(column.heading) for column in columns], widths, setter)
    ops.append(RuleOp(0, height, sum(widths), height, 1.0))
    ops += _thick_edges(columns, widths, height)
    return Piece(height, ops, keep=True)


def _band(row: Row, setter: Typesetter, width: float) -> Piece:
    height, ops = setter.place(row.cells[0].lines, width - 2 * PAD, PAD, PAD)
    height += PAD * 0.6
    return Piece(height, [*ops, RuleOp(0, height, width, height, 1.0)], keep=True)


def _rows(row: Row, table: Table, widths: Sequence[float], setter: Typesetter, room: float) -> Iterable[Piece]:
    """The row, or its parts where it is taller than a page."""
    height, ops = _cells(row.cells, widths, setter)
    if height <= room:
        yield _row(row, table, widths, height, ops)
        return
    for part in _parts(row, widths, setter, room):
        yield _row(part, table, widths, *_cells(part.cells, widths, setter))


def _row(row: Row, table: Table, widths: Sequence[float], height: float, ops: list[Op]) -> Piece:
    x = 0.0
    for cell, width in zip(row.cells, widths, strict=True):
        if cell.edge == "dashed" and cell.lines:
            ops.append(BoxOp(x + 0.8, 1.2, width - 3.2, height - 2.4, 0.7, dashed=True))  # clear of the next cell
        x += width
    ops += _thick_edges(table.columns, widths, height)
    if table.ruled:
        ops.append(RuleOp(0, height, x, height, 0.4))
    return Piece(height, ops)


def _thick_edges(columns: Sequence[Column], widths: Sequence[float], height: float) -> Iterable[Op]:
    x = 0.0
    for column, width in zip(columns, widths, strict=True):
        if column.edge == "thick":
            yield RuleOp(x + 0.5, 0, x + 0.5, height, 1.4)
            yield RuleOp(x + width - 0.5, 0, x + width - 0.5, height, 1.4)
        x += width


def _cells(cells: Sequence[Cell], widths: Sequence[float], setter: Typesetter) -> tuple[float, list[Op]]:
    x, tallest = 0.0, 0.0
    ops: list[Op] = []
    for cell, width in zip(cells, widths, strict=True):
        if cell.lines:
            bottom, drawn = setter.place(cell.lines, width - 2 * PAD, x + PAD, PAD * 0.8)
            ops += drawn
            tallest = max(tallest, bottom)
        x += width
    return tallest + PAD, ops


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
            raise ValueError(f"a page with {room:.0f} points of room cannot hold one line")
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
