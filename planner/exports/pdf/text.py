"""Text to measured lines: styles, wrapping, tick boxes and rules to write on. Every printed text passes through here.

Coordinates are points; y runs down from the top of the piece.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby

from msgspec import Struct

from planner.exports.pdf.faces import Face, Faces
from planner.exports.sheets.sheet import Column, Line, Row
from planner.exports.wording.text import held_together, printable, unprintable
from planner.model.language import GLUE

TIGHTEST = 0.78
"""A single word wider than its cell is set narrower down to this part of its width before it is broken."""

BASELINE = 0.78
"""Where in the height of a line its letters stand."""

EDGE = 3.0
"""Points between a broken frame and its text."""

SHORTEST_BLANK = 24.0
"""Points to write on; with less room than that a rule goes on a line of its own."""


class Style(Struct, frozen=True):
    """A face, its size and line height in points, and how far in it stands.

    Text is black: pale letters break up on a fax (promises P5). What is `muted`, a second language, is a grey so dark
    that a fax has it black.
    """

    face: Face
    size: float
    leading: float
    struck: bool = False
    muted: bool = False
    indent: float = 0.0


class Block(Struct):
    """Lines of text one under the other, measured: the text of each and the part of its natural width it is set in.

    `height` is the sum of their heights, `baseline` that of the first under the top. `drawn` is what the pen made of
    it: the font it begins with, what shows it, the font it ends with, how many hundredths of a point it goes down.
    """

    lines: list[tuple[Style, str, float]]
    height: float
    baseline: float
    drawn: tuple[str, str, str, int] | None = None


class TextOp(Struct, gc=False):
    """A block of text with its upper left corner at (x, y)."""

    x: float
    y: float
    block: Block


Placed = tuple[float, Block]
"""A block of text with its left edge."""


class RowOp(Struct, gc=False):
    """Blocks of text side by side with their upper edges at y: a row of a table."""

    y: float
    blocks: list[Placed]


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
Wrapped = tuple[str, float]
"""One line of a paragraph and the part of its natural width it is set in."""


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


class Measured(Struct):
    """What was measured of tables with the same columns: cells by their lines, rows of nothing but blocks by identity.

    A cell that is no block is None, and a row with such a cell has no blocks. The row itself is kept, else another one
    might come to its identity.
    """

    cells: list[dict[Line | tuple[Line, ...], Placed | None]]
    rows: dict[int, tuple[Row, float, list[Placed]]] = {}


class Typesetter:
    """Wraps and places lines for one sheet, and keeps a list of every text that cannot be printed."""

    def __init__(self, audience: str, faces: Faces) -> None:
        self.styles = styles_of(audience, faces)
        self.where = ""
        self.close = False
        """Whether rows stand closer, where that saves a page."""
        self.parted: set[str] = set()
        """Words that some column was too narrow for, so that they were cut inside."""
        self.measured: dict[tuple[tuple[Column, ...], float], Measured] = {}
        """By columns and the width of all: tables are laid out again with closer rows."""
        self._problems: dict[tuple[str, str], str] = {}
        self._glyphs = faces.glyphs
        self._seen: dict[str, str] = {}
        self._wrapped: dict[tuple[str, int, float], list[Wrapped]] = {}
        self._blocks: dict[tuple[tuple[Line, ...], float], Block | None] = {}

    @property
    def problems(self) -> tuple[str, ...]:
        """One line for each sign that cannot be printed, with the place it stands in."""
        return tuple(self._problems.values())

    def clean(self, text: str) -> str:
        """The text as it is drawn; what cannot be printed is noted with the place it stands in."""
        found = self._seen.get(text)
        if found is None:
            plain = text.isascii() and text.isprintable()
            found = text if plain else printable(text)
            found = held_together(found)
            self._seen[text] = found
            for reason in () if plain else unprintable(found, self._glyphs):
                told = f'{shown(self.where)}: "{shown(found)}" cannot be printed: {reason}'
                self._problems.setdefault((self.where, reason), told)
        return found

    def wrap(self, text: str, style: Style, width: float) -> list[Wrapped]:
        """The text in lines no wider than `width`; at least one line."""
        key = (text, id(style), width)
        found = self._wrapped.get(key)
        if found is None:
            found = self._wrapped[key] = self._wrap(text, style, width)
        return found

    def _wrap(self, text: str, style: Style, width: float) -> list[Wrapped]:
        plain = self.clean(text)
        if style.face.width(plain, style.size) <= width:
            return [(plain, 1.0)]
        words = plain.split(" ")
        lines: list[Wrapped] = []
        current = ""
        for word in words:
            longer = f"{current} {word}" if current else word
            if style.face.width(longer, style.size) <= width:
                current = longer
                continue
            if current:
                lines.append(self._tight(current, style, width))
            *full, current = self._fit(word, style, width)
            lines += [self._tight(piece, style, width) for piece in full]
        return [*lines, self._tight(current, style, width)]

    def _tight(self, text: str, style: Style, width: float) -> Wrapped:
        natural = style.face.width(text, style.size)
        return text, 1.0 if natural <= width else width / natural

    def _fit(self, word: str, style: Style, width: float) -> list[str]:
        """The word whole where it fits when set narrower, else in pieces: after hyphens and slashes, then anywhere."""
        widest = width / TIGHTEST
        if style.face.width(word, style.size) <= widest:
            return [word]
        pieces: list[str] = []
        current = ""
        for part in _breakable(word):
            if style.face.width(current + part, style.size) <= widest:
                current += part
                continue
            pieces += [current] if current else []
            current = part
            while style.face.width(current, style.size) > widest and len(current) > 1:
                cut = max(1, _cut(current, style, width))
                self.parted.add(word)
                pieces.append(current[:cut])
                current = current[cut:]
        return [*pieces, current]

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
            for line in several:
                y = self._place(line, width - 2 * edge, x + edge, y, ops)
            if unsure:
                ops.append(BoxOp(x, top + 0.5, width, y - top, 0.8, dashed=True))
        return y, ops

    def block(self, lines: tuple[Line, ...], width: float) -> Block | None:
        """The lines as one block; None where one of them has a box, a rule or a line through it."""
        key = (lines, width)
        try:
            return self._blocks[key]
        except KeyError:
            found = self._blocks[key] = self._block(lines, width)
            return found

    def _block(self, lines: tuple[Line, ...], width: float) -> Block | None:
        measured = []
        height = 0.0
        for line in lines:
            style = self.styles[line.style]
            if line.tick or line.blank or line.boxes or style.struck or style.indent or line.unsure:
                return None
            for text, scale in self.wrap(line.text, style, width):
                measured.append((style, text, scale))
                height += style.leading
        return Block(measured, height, measured[0][0].leading * BASELINE)

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
            ops += [box, *_tick_in(box)] if line.ticked else [box]
        wrapped = self.wrap(line.text, style, width - indent) if line.text else [("", 1.0)]
        height = leading * len(wrapped)
        lines = [(style, text, scale) for text, scale in wrapped]
        ops.append(TextOp(x + indent, y, Block(lines, height, leading * BASELINE)))
        if style.struck:
            for number, (text, scale) in enumerate(wrapped):
                level = y + leading * (number + BASELINE) - style.size * 0.3
                end = x + indent + style.face.width(text, style.size) * scale
                ops.append(RuleOp(x + indent, level, end, level, 0.7))
        y += height
        if not line.blank:
            return y
        return self._blank(style, (x, x + indent, x + width), wrapped[-1], y - leading * (1 - BASELINE), ops)

    def _boxes(self, line: Line, style: Style, width: float, corner: tuple[float, float], ops: list[Op]) -> float:
        """Boxes with their words side by side, as wide as the widest of them; the y below."""
        left, y = corner
        side, gap = style.size * 0.82, style.size * 0.35
        most = max(count for _, count in line.boxes) * (side + gap)
        widest = most + max(style.face.width(self.clean(word), style.size) for word, _ in line.boxes) + style.size
        across = max(1, int((width + style.size) // widest))
        step = style.leading * 1.12
        for number, (word, count) in enumerate(line.boxes):
            x, top = left + number % across * widest, y + number // across * step
            level = top + style.leading * 0.8 - side
            ops += [BoxOp(x + 0.5 + box * (side + gap), level, side, side, 0.8) for box in range(count)]
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


def _tick_in(box: BoxOp) -> list[Op]:
    """The tick of what was done, as the timeline has it."""
    x, y, side = box.x, box.y, box.width
    low = x + side * 0.4, y + side * 0.85
    return [RuleOp(x + side * 0.15, y + side * 0.5, *low, 1.1), RuleOp(*low, x + side * 0.95, y + side * 0.05, 1.1)]


def beside(line: Line, style: Style) -> float:
    """Points of a line's width that its text does not have."""
    return style.indent + (style.size * 1.2 if line.tick else 0.0) + (2 * EDGE if line.unsure else 0.0)


def _is_unsure(line: Line) -> bool:
    return line.unsure


def shown(text: str) -> str:
    """The text for an error message: what cannot be shown is written as its code."""
    return "".join(one if one.isprintable() else f"\\u{ord(one):04x}" for one in text[:60])


def _breakable(word: str) -> list[str]:
    """The pieces of a word that no line holds; a number keeps what follows: "2.5" at a line's end lost its mg.

    Nor is it parted at its decimal comma: "2," at the end of a line made tablets of 5 mg of those of 2,5 mg.
    """
    parts, current = [], ""
    for character, following in zip(word, f"{word[1:]} ", strict=True):
        number = current[-1:].isnumeric()
        current += character
        if character == "," and number and following.isnumeric():
            continue
        if character in "-/·,;" or (character == GLUE and not number):
            parts.append(current)
            current = ""
    return [*parts, current] if current else parts


def _cut(text: str, style: Style, width: float) -> int:
    """How many characters from the left fit."""
    total = 0.0
    for number, character in enumerate(text):
        total += style.face.width(character, style.size)
        if total > width:
            return number
    return len(text)
