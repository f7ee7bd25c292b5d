"""Lines to what is drawn: styles, tick boxes and rules to write on. Every printed text passes through here.

Coordinates are points; y runs down from the top of the piece.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby, zip_longest

from msgspec import Struct
from msgspec.structs import replace

from planner.exports.pdf.faces import Faces
from planner.exports.pdf.wrapping import BASELINE, Block, Style, Wrapped, Wrapper
from planner.exports.sheets.sheet import Column, Line, Row

EDGE = 3.0
"""Points between a broken frame and its text."""

BESIDE = "/ "
"""Before a second language on the line of the first."""

SHORTEST_BLANK = 24.0
"""Points to write on; with less room than that a rule goes on a line of its own."""


class TextOp(Struct, gc=False):
    """A block of text with its upper left corner at (x, y)."""

    x: float
    y: float
    block: Block


class RowOp(Struct, gc=False):
    """A row of a table with its upper edge at y: its texts, and what is drawn beside them, from that edge down."""

    y: float
    texts: list[TextOp]
    drawn: list["Op"]


class RuleOp(Struct, gc=False):
    """A straight line."""

    x: float
    y: float
    to_x: float
    to_y: float
    weight: float = 0.5
    dashed: bool = False


class BoxOp(Struct, gc=False):
    """A rectangle, its fill a grey from 0 (black) to 1 (white); -1 leaves it open. A weight of 0 draws no edge.

    A `ground` is filled below the words across the page, which it would hide.
    """

    x: float
    y: float
    width: float
    height: float
    weight: float = 0.5
    dashed: bool = False
    fill: float = -1.0
    ground: bool = False


class PolygonOp(Struct, gc=False):
    """A closed shape through these corners; fill and weight as of a rectangle."""

    points: tuple[tuple[float, float], ...]
    weight: float = 0.0
    dashed: bool = False
    fill: float = -1.0


Op = TextOp | RowOp | RuleOp | BoxOp | PolygonOp
SIZES = {
    "clinician": (9.5, 11.5, 15.0, 1.25),
    "patient": (12.0, 15.0, 22.0, 1.2),
    "patient, large print": (18.0, 20.0, 26.0, 1.25),
}
"""Points of body, headings and titles for each audience, and the height of a line as a part of its size.

At 9 pt character recognition took "mg" of a faxed page for "meg" now and then (promises P5).
"""


def styles_of(audience: str, faces: Faces) -> dict[str, Style]:
    """The styles by name. Nothing is smaller than 12 pt (large print 18 pt) for patients, 9 pt for clinicians (P3)."""
    body, heading, title, spacing = SIZES[audience]
    line = body * spacing
    regular, bold = faces.regular, faces.bold
    return {
        "body": Style(regular, body, line),
        "strong": Style(bold, body, line),
        "struck": Style(regular, body, line, struck=True),
        "capital": Style(bold, body + 0.5, (body + 0.5) * spacing),
        "number": Style(bold, body * 1.25, line * 1.25),
        "heading": Style(bold, heading, heading * 1.35),
        "title": Style(bold, title, title * 1.3),
        "second": Style(regular, body, line, muted=True, indent=body * 0.8),
        "second struck": Style(regular, body, line, struck=True, muted=True, indent=body * 0.8),
    }


class Laid(Struct, gc=False):
    """A cell or row of cells without the room over and under it: its height, its texts, what is drawn beside them.

    `broken` are the left edges and widths of its provisional cells.
    """

    height: float
    texts: list[TextOp]
    drawn: list[Op]
    broken: list[tuple[float, float]]


class Measured(Struct):
    """What was measured of tables with the same columns: cells by their lines in each column, rows by identity.

    The row itself is kept, else another one might come to its identity.
    """

    cells: list[dict[tuple[Line, ...], Laid]]
    rows: dict[int, tuple[Row, Laid]] = {}


class Typesetter(Wrapper):
    """Places lines for one sheet."""

    def __init__(self, audience: str, faces: Faces) -> None:
        super().__init__(faces.glyphs)
        self.styles = styles_of(audience, faces)
        self.close = False
        """Whether rows stand closer, where that saves a page."""
        self.measured: dict[tuple[tuple[Column, ...], float], Measured] = {}
        """By columns and the width of all: tables are laid out again with closer rows."""
        self._blocks: dict[tuple[tuple[Line, ...], float], Block | None] = {}

    def place(self, lines: Sequence[Line], width: float, x: float = 0.0, y: float = 0.0) -> tuple[float, list[Op]]:
        """Lines one under the other in a column of that width: the y below the last, and what to draw."""
        if not lines:
            return y, []
        block = self.block(tuple(lines), width)
        if block:
            return y + block.height, [TextOp(x, y, block)]
        ops: list[Op] = []
        for unsure, several in groupby(lines, key=_is_unsure):
            top, edge = y, EDGE if unsure else 0.0
            y = self._place_all(tuple(several), width - 2 * edge, x + edge, y, ops)
            if unsure:
                ops.append(BoxOp(x, top + 0.5, width, y - top, 0.8, dashed=True))
        return y, ops

    def _place_all(self, lines: Sequence[Line], width: float, x: float, y: float, ops: list[Op]) -> float:
        """Each line below the one before, or a second language beside the first where one line holds both."""
        taken = 0.0
        for line, following in zip_longest(lines, lines[1:]):
            style, top = self.styles[line.style], y
            if taken:
                left = taken - style.indent
                y = self._place(
                    replace(line, text=BESIDE + line.text), width - left, x + left, top - style.leading, ops
                )
            else:
                y = self._place(line, width, x, y, ops)
            taken = 0.0 if taken or not following else self.shared((line, following), width)
        return y

    def shared(self, lines: Sequence[Line], width: float) -> float:
        """How far a line reaches if the other one, the same in a second language, fits beside it; 0 where not."""
        line, other = lines
        style, second = self.styles[line.style], self.styles[other.style]
        if not (other.joined and second.muted) or style.muted or line.blank or line.boxes:
            return 0.0
        whole = beside(line, style) + self._wide(f"{line.text} ", style)
        fits = whole + self._wide(BESIDE + other.text, second) <= width and style.leading == second.leading
        return whole if fits else 0.0

    def _wide(self, text: str, style: Style) -> float:
        return style.face.width(self.clean(text), style.size)

    def block(self, lines: tuple[Line, ...], width: float) -> Block | None:
        """The lines as one block; None where one of them has a box, a rule or a line through it."""
        if len(lines) == 1:
            return self._block_of(lines[0], width)
        key = (lines, width)
        try:
            return self._blocks[key]
        except KeyError:
            found = self._blocks[key] = self._joined(lines, width)
            return found

    def _joined(self, lines: tuple[Line, ...], width: float) -> Block | None:
        measured: list[tuple[Style, str, float]] = []
        height = 0.0
        for line in lines:
            block = self._block_of(line, width)
            if block is None:
                return None
            measured += block.lines
            height += block.height
        return Block(measured, height, measured[0][0].leading * BASELINE)

    def _block_of(self, line: Line, width: float) -> Block | None:
        style = self.styles[line.style]
        if line.tick or line.blank or line.boxes or style.struck or style.indent or line.unsure:
            return None
        return self.paragraph(line.text, style, width)

    def _place(self, line: Line, width: float, x: float, y: float, ops: list[Op]) -> float:
        style = self.styles[line.style]
        if line.boxes:
            return self._boxes(line, style, width, (x, y), ops)
        leading = style.leading
        indent = style.indent
        if line.tick:
            side = style.size * 0.82
            indent = side + style.size * 0.35
            box = BoxOp(x + 0.5, y + leading * 0.8 - side, side, side, 0.8)
            ops += [box, *tick_in(box)] if line.ticked else [box]
        block = self.paragraph(line.text, style, width - indent)
        if line.text:
            ops.append(TextOp(x + indent, y, block))
        if style.struck:
            for number, (_, text, scale) in enumerate(block.lines):
                level = y + leading * (number + BASELINE) - style.size * 0.3
                end = x + indent + style.face.width(text, style.size) * scale
                ops.append(RuleOp(x + indent, level, end, level, 0.7))
        y += block.height
        if not line.blank:
            return y
        return self._blank(style, (x, x + indent, x + width), block.lines[-1][1:], y - leading * (1 - BASELINE), ops)

    def _boxes(self, line: Line, style: Style, width: float, corner: tuple[float, float], ops: list[Op]) -> float:
        """Boxes with their words side by side, as wide as the widest of them; the y below."""
        left, y = corner
        side, gap = style.size * 0.82, style.size * 0.35
        most = max(count for _, count, _ in line.boxes) * (side + gap)
        widest = most + max(style.face.width(self.clean(word), style.size) for word, *_ in line.boxes) + style.size
        across = max(1, int((width + style.size) // widest))
        step = style.leading * 1.12
        for number, (word, count, done) in enumerate(line.boxes):
            x, top = left + number % across * widest, y + number // across * step
            level = top + style.leading * 0.8 - side
            drawn = [BoxOp(x + 0.5 + box * (side + gap), level, side, side, 0.8) for box in range(count)]
            ops += [*drawn, *(op for box in drawn if done for op in tick_in(box))]
            ops.append(
                TextOp(x + most, top, Block([(style, self.clean(word), 1.0)], style.leading, style.leading * BASELINE))
            )
        return y + -(-len(line.boxes) // across) * step

    def _blank(
        self, style: Style, edges: tuple[float, float, float], last: Wrapped, baseline: float, ops: list[Op]
    ) -> float:
        """The rule to write on behind the last line or, with too little room there, under it."""
        left, start, right = edges
        start += style.face.width(last[0], style.size) * last[1] + (4 if last[0] else 0)
        if right - start < SHORTEST_BLANK and last[0]:
            start, baseline = left, baseline + style.leading * 1.3
        ops.append(RuleOp(start, baseline + 1.5, right, baseline + 1.5, 0.5))
        return baseline + style.leading * 0.42

    def explode(self, lines: Iterable[Line], width: float) -> list[Line]:
        """The same lines cut at their wraps, one line of text each, for cells taller than a page."""
        found: list[Line] = []
        for line in lines:
            style = self.styles[line.style]
            if line.boxes:
                found.append(line)
                continue
            wrapped = self.wrap(line.text, style, width - beside(line, style))
            for number, (text, _) in enumerate(wrapped):
                last = number == len(wrapped) - 1
                tick, blank = line.tick and number == 0, line.blank and last
                found.append(Line(text, line.style, tick=tick, blank=blank, ticked=line.ticked, unsure=line.unsure))
        return found


def tick_in(box: BoxOp) -> list[Op]:
    """The tick of what was done, as the timeline has it."""
    x, y, side = box.x, box.y, box.width
    low = x + side * 0.4, y + side * 0.85
    return [RuleOp(x + side * 0.15, y + side * 0.5, *low, 1.1), RuleOp(*low, x + side * 0.95, y + side * 0.05, 1.1)]


def beside(line: Line, style: Style) -> float:
    """Points of a line's width that its text does not have."""
    return style.indent + (style.size * 1.2 if line.tick else 0.0) + (2 * EDGE if line.unsure else 0.0)


def _is_unsure(line: Line) -> bool:
    return line.unsure
