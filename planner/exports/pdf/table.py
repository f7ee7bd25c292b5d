"""Tables and paragraphs to pieces: column widths, rows, bands, repeated headings."""

from collections.abc import Sequence
from itertools import pairwise

from planner.errors import InputProblem
from planner.exports.pdf.flow import Piece
from planner.exports.pdf.text import BoxOp, Laid, Measured, Op, RowOp, RuleOp, TextOp, Typesetter
from planner.exports.sheets.sheet import Cell, Column, Facts, Line, Paragraphs, Row, Table

PAD = 3.0
"""Points between the edge of a cell and its text, where the text has 9 pt; as much more as the text is larger."""
CLOSE = 0.5
"""Part of the room over and under the text of a row that is left where rows stand close."""
BETWEEN = 14.0
"""Points between columns of facts or lines."""
BROKEN = "dashed"
INSET = 1.0
"""Pads by which text stands further from a broken frame: on a fax the stroke beside "136 mg" was read as "1136 mg"."""
SEEN = 72.0
"""Points of a row that is seen also where it stands alone at the foot of a page."""
SECOND = "second"
"""How the styles of what is said in the other language begin."""
TOO_LONG = "a heading or name on this sheet is so long that a page has no room below it: shorten names and titles"


def lay_table(table: Table, setter: Typesetter, width: float, tallest: float, taken: float = 0.0) -> list[Piece]:
    """The heading and a piece a row. `tallest` is the room on a fresh page, `taken` the part of it the first row lacks.

    InputProblem where headings are so tall that no line fits below them.
    """
    grid = _Grid(table, setter, width)
    head = grid.heading()
    pieces = [head]
    heads: tuple[Piece, ...] = (head,)
    room = tallest - head.height
    for number, row in enumerate(table.rows):
        if row.band:
            _keep_last_two(pieces)
            band = _band(row, setter, width)
            band.heads = (head,)
            heads = (head, band)
            room = tallest - head.height - band.height
            pieces.append(band)
            continue
        if row.joined:
            pieces[-1].keep = True
        piece = grid.row(row, heads, ruled=not any(one.joined for one in table.rows[number + 1 : number + 2]))
        here, taken = room - taken, 0.0
        if piece.height <= here:
            pieces.append(piece)
        else:
            pieces += [grid.row(part, heads) for part in _parts(row, grid.widths_of(row), setter, here - 2 * grid.pad)]
    if table.bands_together:
        _keep_bands(pieces)
    _keep_the_end(pieces, closed=bool(table.rows and table.rows[-1].band))
    rows = [piece for piece in pieces[1:] if len(piece.heads) == len(heads)]
    for piece in rows[: table.begins - 1]:
        piece.keep = piece.keep or piece.height < SEEN
    if table.together:
        head.together = sum(piece.height for piece in pieces)
    return pieces


def _keep_last_two(pieces: Sequence[Piece]) -> None:
    """The last row under a band is not alone on a page: the disconnect of a pump stands with its last bag."""
    if len(pieces) > 1:
        pieces[-2].keep = True


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
        self.pad = pad_of(setter)
        self._gap = self.pad * (CLOSE if setter.close else 1.0)
        self._top = self._gap * 0.8
        widths = column_widths(table.columns, width)
        self._inset = self.pad * INSET
        self._width = sum(widths)
        self._places: list[tuple[float, float]] = []
        self._known = setter.measured.setdefault((table.columns, width), Measured([{} for _ in widths]))
        self._rules: dict[float, RuleOp] = {}
        self._thick: list[float] = []
        x = 0.0
        for column, wide in zip(table.columns, widths, strict=True):
            self._places.append((x + self.pad, wide - 2 * self.pad - column.gap))
            if column.edge == "thick":
                self._thick += (x + 0.5, x + wide - 0.5)
            x += wide

    def widths_of(self, row: Row) -> list[float]:
        """The width of the text in each cell of the row."""
        wide = zip(row.cells, self._places, strict=True)
        return [width - self._inset if cell.edge == BROKEN else width for cell, (_, width) in wide]

    def heading(self) -> Piece:
        laid = self._laid(Row(tuple(Cell(column.heading) for column in self._table.columns)))
        height = self._tall(laid)
        below = RuleOp(0, height, self._width, height, 1.0)
        return Piece(height, [RowOp(self._top, laid.texts, laid.drawn), below, *self._edges(height)], keep=True)

    def row(self, row: Row, heads: tuple[Piece, ...], *, ruled: bool = True) -> Piece:
        """The row with its rules; not `ruled`, the next one goes on with it."""
        laid = self._laid(row)
        height = self._tall(laid)
        ops: list[Op] = [RowOp(self._top, laid.texts, laid.drawn)]
        for left, wide in laid.broken:  # clear of the next cell
            around = 2 * self.pad - 3.2
            ops.append(BoxOp(left - self.pad + 0.8, 1.2, wide + around, height - 2.4, 0.7, dashed=True))
        if self._thick:
            ops += self._edges(height)
        if self._table.ruled and ruled:
            rule = self._rules.get(height)
            if not rule:
                rule = self._rules[height] = RuleOp(0, height, self._width, height, 0.4)
            ops.append(rule)
        return Piece(height, ops, heads=heads)

    def _tall(self, laid: Laid) -> float:
        """The height of a row with the room over and under it; over nothing there is none."""
        return (self._top + laid.height if laid.height else 0.0) + self._gap

    def _laid(self, row: Row) -> Laid:
        """The cells side by side."""
        known = self._known.rows.get(id(row))
        if known:
            return known[1]
        texts: list[TextOp] = []
        drawn: list[Op] = []
        broken: list[tuple[float, float]] = []
        tallest = 0.0
        for cell, place, measured in zip(row.cells, self._places, self._known.cells, strict=True):
            lines = cell.lines
            if not lines:
                continue
            if cell.edge == BROKEN:
                broken.append(place)
                laid = self._cell(lines, place[0] + self._inset, place[1] - self._inset)
            else:
                laid = measured.get(lines) or measured.setdefault(lines, self._cell(lines, *place))
            tallest = max(tallest, laid.height)
            texts += laid.texts
            if laid.drawn:
                drawn += laid.drawn
        row_laid = Laid(tallest, texts, drawn, broken)
        self._known.rows[id(row)] = row, row_laid
        return row_laid

    def _cell(self, lines: Sequence[Line], x: float, wide: float) -> Laid:
        height, ops = self._setter.place(lines, wide, x)
        texts = [op for op in ops if isinstance(op, TextOp)]
        return Laid(height, texts, [op for op in ops if not isinstance(op, TextOp)], [])

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
    pad = pad_of(setter)
    height, ops = setter.place(row.cells[0].lines, width - 2 * pad, pad, pad)
    height += pad * 0.6
    return Piece(height, [*ops, RuleOp(0, height, width, height, 1.0)], keep=True)


def pad_of(setter: Typesetter) -> float:
    """Points between the edge of a cell and its text: dates side by side stay apart in large print too."""
    return PAD * setter.styles["body"].size / 9


def _parts(row: Row, widths: Sequence[float], setter: Typesetter, room: float) -> list[Row]:
    """Rows that say the same one after the other, each short enough for a page; what names the row on each of them."""
    waiting = [cell.lines for cell in row.cells]
    name = row.cells[0].lines
    named = setter.place(name, widths[0])[0] < room / 2
    shortly = name[: 1 + sum(line.style.startswith(SECOND) for line in name[1:2])]
    parts: list[Row] = []
    while any(waiting):
        cut = [take_further(lines, width, setter, room) for lines, width in zip(waiting, widths, strict=True)]
        if not any(taken for taken, _ in cut):
            raise InputProblem((TOO_LONG,))
        cells = [Cell(taken, cell.edge) for (taken, _), cell in zip(cut, row.cells, strict=True)]
        if parts and (named or not waiting[0]):
            cells[0] = row.cells[0] if named else Cell(shortly, row.cells[0].edge)
        parts.append(Row(tuple(cells)))
        waiting = [rest for _, rest in cut]
    return parts


def take_further(
    lines: tuple[Line, ...], width: float, setter: Typesetter, room: float
) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """The same where further pages have no more room: a group of lines that is taller than one is parted there.

    Its headings alone came on each page and nothing else ever did: a calendar in two languages was never made.
    """
    taken, rest = take_lines(lines, width, setter, room)
    return (taken, rest) if len(rest) < len(lines) else take_lines(lines, width, setter, room, whole=False)


def take_lines(
    lines: tuple[Line, ...], width: float, setter: Typesetter, room: float, *, whole: bool = True
) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """The first lines that fit into that height, and the rest below the headings it stands under.

    Only a line that is taller than that is cut itself. No heading is left behind, nor, with `whole`, what is joined.
    """
    height = 0.0
    for number, line in enumerate(lines):
        bottom, _ = setter.place([line], width, 0.0, height)
        if bottom <= room:
            height = bottom
            continue
        if bottom - height > room:
            return _cut_line(lines, number, width, setter, room - height)
        first = _not_from_headings(lines, number) if whole else number
        heads = lines[first].under
        again = heads if heads and setter.place((*heads, lines[first]), width)[0] <= room else ()
        return lines[:first], (*again, *lines[first:])
    return lines, ()


def _not_from_headings(lines: tuple[Line, ...], number: int) -> int:
    """The number of the line, or of the first of those right before it that are its headings or what it is joined to.

    Never that of the first line of all.
    """
    first = number
    while first > 1 and (lines[first].joined or lines[first - 1] in lines[number].under):
        first -= 1
    return first


def _cut_line(
    lines: tuple[Line, ...], number: int, width: float, setter: Typesetter, room: float
) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """The lines up to where the one of that number, cut at its wraps, reaches over the room left for it."""
    pieces = setter.explode([lines[number]], width)
    height, count = 0.0, 0
    for piece in pieces:
        height, _ = setter.place([piece], width, 0.0, height)
        if height > room:
            break
        count += 1
    return (*lines[:number], *pieces[:count]), (*pieces[count:], *lines[number + 1 :])


def lay_paragraphs(part: Paragraphs, setter: Typesetter, width: float, tallest: float) -> list[Piece]:
    """A framed piece, or a piece a line of text: a page ends between two paragraphs where one fits on a page."""
    if part.boxed:
        height, ops = setter.place(part.lines, width - 16, 8, 6)
        if height + 10 <= tallest:
            return [Piece(height + 12, [*ops, BoxOp(0.5, 2, width - 1, height + 4, 1.0)], keep=part.leads)]
    if part.spare:
        height, ops = setter.place(part.lines, width, y=PAD)
        return [Piece(height, ops, spare=True)]
    if part.columns > 1:
        height, ops = _side_by_side(part, setter, width)
        if height <= tallest:
            return [Piece(height, ops, keep=part.leads)]
    pieces: list[Piece] = []
    for group in _groups(part.lines):
        whole = setter.shared(group, width) if len(group) == 2 else 0.0
        for lines in [group] if whole else [[one] for one in setter.explode(group, width)]:
            height, ops = setter.place(lines, width, y=0.0 if pieces else PAD)
            pieces.append(Piece(height, ops, keep=True))
        pieces[-1].keep = part.leads or part.together
    if pieces:
        pieces[-1].keep = part.leads
        pieces[-1].height += PAD if part.leads else 0.0
    return pieces


def _groups(lines: Sequence[Line]) -> list[list[Line]]:
    """Each line with what is joined to it."""
    groups: list[list[Line]] = []
    for line in lines:
        if line.joined and groups:
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _side_by_side(part: Paragraphs, setter: Typesetter, width: float) -> tuple[float, list[Op]]:
    """The lines in columns, the first ones in the left: their height and what to draw."""
    column = (width - BETWEEN * (part.columns - 1)) / part.columns
    begins = [number for number, line in enumerate(part.lines) if not line.joined]
    each = -(-len(begins) // part.columns)
    edges = [*begins[::each], len(part.lines)]
    ops: list[Op] = []
    height = 0.0
    for number, (first, following) in enumerate(pairwise(edges)):
        lines = part.lines[first:following]
        bottom, drawn = setter.place(lines, column, number * (column + BETWEEN), PAD)
        ops += drawn
        height = max(height, bottom)
    return height + PAD, ops


def lay_facts(part: Facts, setter: Typesetter, width: float, tallest: float) -> list[Piece]:
    """Label over value, in columns side by side as one piece; one under the other where that is taller than a page."""
    columns = part.columns
    column = (width - BETWEEN * (columns - 1)) / columns
    ops: list[Op] = []
    height = 0.0
    for number in range(columns):
        y = 0.0
        for label, value in part.pairs[number::columns]:
            y, drawn = setter.place([Line(label, "strong"), Line(value)], column, number * (column + BETWEEN), y)
            ops += drawn
            y += 3
        height = max(height, y)
    if height <= tallest:
        return [Piece(height + 2, ops, keep=part.leads)]
    lines = tuple(line for label, value in part.pairs for line in (Line(label, "strong"), Line(value)))
    return lay_paragraphs(Paragraphs(lines), setter, width, tallest)
