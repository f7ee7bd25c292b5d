"""Drawn things to one content stream a page: the only place that speaks PDF operators.

Lines and areas of a page are drawn first, in their order, then all its text as one text object: nothing is ever laid
over text. Lines of one weight are drawn by one operator, and from each text the pen moves on to the next one, so that
like rows give like bytes.
"""

from collections.abc import Iterable
from typing import Any

from msgspec.structs import replace

from planner.exports.pdf.faces import Face
from planner.exports.pdf.text import BoxOp, Op, PolygonOp, RowOp, RuleOp, TextOp
from planner.exports.pdf.wrapping import BASELINE, Block, Style
from planner.model.language import GLUE

BLACK = "0 g"
MUTED = "0.38 g"
"""As dark as the muted ink of the screen."""
OUTLINE = "0.85 G 0.5 w [] 0 d"
"""The large words across the page are pale outlines: text over them stays legible, also on a fax (promises P5).

Darker or thicker ones were read by character recognition as points between a number and its unit.
"""

FIRST_LETTER = 33
"""The code behind that of the space."""
Shown = tuple[str, str, str, int]
"""A block in operators: the font it begins with, what shows it, the font it ends with, how far it goes down."""


class Signs(dict[int, str]):
    """The bytes of a face's signs in one document, escaped; what `str.translate` looks them up in.

    The library hands out the bytes, 255 to a subset of the face; a sign of any but the first subset stands as nothing.
    """

    def __init__(self, face: Face, document: Any) -> None:
        super().__init__()
        self._font = face.font
        self._document = document
        self.subsets: dict[int, int] = {}
        """The subset of each sign that is not in the first one."""
        self.first = self._name(0)

    def __missing__(self, sign: int) -> str:
        ((subset, codes),) = self._font.splitString(chr(sign).replace(GLUE, " "), self._document)
        if subset:
            self.subsets[sign] = subset
        self[sign] = "" if subset else _escape(codes)
        return self[sign]

    def drop_unused(self) -> None:
        """Leave out of the file the signs of a typewriter that no page shows; the library would embed them all."""
        subset = self._font.state[self._document].subsets[0]
        for code in range(FIRST_LETTER, len(subset)):
            if subset[code] == code and code not in self:
                subset[code] = 0

    def pieces(self, text: str) -> list[tuple[str, str]]:
        """The text as pairs of a font's name and an escaped string."""
        shown = text.translate(self)
        if not self.subsets or self.subsets.keys().isdisjoint(map(ord, text)):
            return [(self.first, shown)]
        parts = self._font.splitString(text.replace(GLUE, " "), self._document)
        return [(self._name(subset), _escape(codes)) for subset, codes in parts]

    def _name(self, subset: int) -> str:
        name: str = self._font.getSubsetInternalName(subset, self._document)
        return name


class Hundredths(dict[float, int]):
    """Where a text begins, in hundredths of a point to the next tenth, by its place right of an origin."""

    def __init__(self, origin: float) -> None:
        super().__init__()
        self._origin = origin

    def __missing__(self, x: float) -> int:
        found = self[x] = round((self._origin + x) * 10) * 10
        return found


class Tenths(dict[int, str]):
    """Numbers of a tenth of a point, written."""

    def __missing__(self, tenths: int) -> str:
        self[tenths] = f"{tenths / 10:g}"
        return self[tenths]


class Moves(dict[tuple[int, int], str]):
    """Steps from one line of text to another in hundredths of a point, written."""

    def __missing__(self, step: tuple[int, int]) -> str:
        self[step] = f"{step[0] / 100:g} {step[1] / 100:g} Td"
        return self[step]


SOLID, BROKEN, FINE = "", "3 2", "1.5 1"
"""How a line is broken: points of stroke and gap."""
SMALL = 10.5
"""Points of a side below which a shape is broken finely: the long strokes left a squiggle of a box of one day."""


class Weights(dict[tuple[float, str], str]):
    """Weight of a line and how it is broken, written."""

    def __missing__(self, line: tuple[float, str]) -> str:
        self[line] = f"0 G {line[0]:g} w [{line[1]}] 0 d"
        return self[line]


class Fonts(dict[tuple[str, float, float], str]):
    """Name of a font, its size and the height of a line, written."""

    def __missing__(self, font: tuple[str, float, float]) -> str:
        self[font] = f"{font[0]} {font[1]:g} Tf {font[2]:g} TL"
        return self[font]


class Pen:
    """Writes the pages of one reportlab canvas. Positions come in points from the upper left corner, y down."""

    def __init__(self, canvas: Any, page_size: tuple[float, float]) -> None:
        self._canvas = canvas
        self._size = page_size
        self._signs: dict[str, Signs] = {}
        self._encoded: dict[tuple[str, str], list[tuple[str, str]]] = {}
        self._places: dict[float, Hundredths] = {}
        self._tenths = Tenths()
        self._moves = Moves()
        self._fonts = Fonts()
        self._lines = Weights()
        self._grounds: list[str] = []
        self._paths: list[str] = []
        self._texts: list[str] = []
        self._begin()

    def _begin(self) -> None:
        """A page or form on which nothing is set yet."""
        self._grounds.clear()
        self._paths.clear()
        self._texts.clear()
        self._line, self._fill, self._paint = "", BLACK, ""
        self._font = ""
        self._at = (0, 0)

    def draw(self, ops: Iterable[Op], x: float, y: float) -> None:
        """Draw with the origin moved to (x, y)."""
        self._draw(ops, x, self._size[1] - y)

    def _draw(self, ops: Iterable[Op], x: float, top: float) -> None:
        """Draw with the origin at that place right of the left edge of the page and above its lower one."""
        for op in ops:
            if isinstance(op, TextOp):
                self._show_all((op,), x, top)
            elif isinstance(op, RowOp):
                self._show_all(op.texts, x, top - op.y)
                if op.drawn:
                    self._draw(op.drawn, x, top - op.y)
            elif isinstance(op, RuleOp):
                self._rule(op, x, top)
            elif isinstance(op, BoxOp):
                self._box(op, x, top)
            else:
                self._polygon(op, x, top)

    def _show_all(self, texts: Iterable[TextOp], x: float, top: float) -> None:
        """Show texts one after the other."""
        places = self._places.get(x)
        if places is None:
            places = self._places[x] = Hundredths(x)
        moves, append = self._moves, self._texts.append
        font, (at_x, at_y) = self._font, self._at
        level, to_y = -1.0, 0
        for text in texts:
            block = text.block
            first, code, last, deep = block.drawn or self._show(block)
            if not code:
                continue
            if level != (level := top - text.y - block.baseline):  # the same all over most rows
                to_y = round(level * 10) * 10
            to_x = places[text.x]
            append(moves[to_x - at_x, to_y - at_y])
            if first != font:
                append(first)
            append(code)
            font, at_x, at_y = last, to_x, to_y - deep
        self._font, self._at = font, (at_x, at_y)

    def watermark(self, text: str, style: Style) -> None:
        """Large outlined words across the page."""
        width, height = self._size
        cos, sin = 0.866, 0.5
        half = style.face.width(text, style.size) / 2
        x, y = width / 2 - half * cos + style.size * 0.3 * sin, height / 2 - half * sin - style.size * 0.3 * cos
        self._paths.append(f"{OUTLINE} BT 1 Tr {cos} {sin} {-sin} {cos} {x:.2f} {y:.2f} Tm")
        self._paths += [f"{font} {style.size:g} Tf ({code})Tj" for font, code in self._encode(style, text)]
        self._paths.append("0 Tr ET")

    def fill(self, boxes: Iterable[BoxOp], x: float, y: float) -> None:
        """Fill boxes in black with more care than a page of text needs: to the hundredth of a point."""
        top = self._size[1] - y
        path = [f"{x + one.x:.2f} {top - one.y - one.height:.2f} {one.width:.2f} {one.height:.2f} re" for one in boxes]
        if path:
            self._paint_with("f", BLACK, "")
            self._paths += path

    def keep(self, name: str) -> None:
        """Keep in the file, under that name, what was drawn since the last page, for any number of pages."""
        content = self._content()
        self._canvas.beginForm(name)
        self._canvas.addLiteral(content)
        self._canvas.endForm()

    def finish_page(self, below: str, marks: str, above: str) -> None:
        """Hand the page to the canvas, with what is kept under these names: below it, over its grounds, above it.

        The `marks` (no name for none) stand over grey cells, which would hide them, and under every line and text.
        """
        self._canvas.doForm(below)
        if self._grounds:
            self._canvas.addLiteral("\n".join(["q", *self._grounds, "Q"]))
        if marks:
            self._canvas.doForm(marks)
        self._canvas.addLiteral(self._content())
        self._canvas.doForm(above)
        self._canvas.showPage()

    def embed_only_used(self) -> None:
        """The last before the file is written: the faces without what no page shows."""
        for signs in self._signs.values():
            signs.drop_unused()

    def _content(self) -> str:
        """The shapes drawn since the last page, and the texts over them."""
        self._stroke()
        black = [BLACK] if self._fill != BLACK else []
        text = [*black, "BT", *self._texts, "ET"] if self._texts else []
        content = "\n".join([*self._paths, *text])
        self._begin()
        return content

    def _show(self, block: Block) -> Shown:
        """The operators of a block, made once for all its places."""
        parts: list[str] = []
        first = font = ""
        down = step = 0
        leading = 0.0
        for style, text, scale in block.lines:
            if leading:
                step += round((leading * (1 - BASELINE) + style.leading * BASELINE) * 100)
            leading = style.leading
            if not text:
                continue
            narrow = f"{scale * 100:.4g} Tz " if scale != 1.0 else ""
            for name, code in self._encode(style, text):
                wanted = self._fonts[name, style.size, leading]
                if step and wanted == font and step == round(leading * 100):
                    shown = f"{narrow}({code})'"
                else:
                    moved = f"0 {-step / 100:g} Td " if step else ""
                    shown = f"{moved}{f'{wanted} ' if font and wanted != font else ''}{narrow}({code})Tj"
                down, step = down + step, 0
                first, font = first or wanted, wanted
                shown = f"{shown} 100 Tz" if narrow else shown
                parts.append(f"{MUTED} {shown} {BLACK}" if style.muted else shown)
        found = block.drawn = first, "\n".join(parts), font, down
        return found

    def _encode(self, style: Style, text: str) -> list[tuple[str, str]]:
        """Pieces of the text by the font that holds their signs: its name, the escaped string."""
        face = style.face
        key = (face.name, text)
        found = self._encoded.get(key)
        if found is None:
            signs = self._signs.get(face.name)
            if signs is None:
                signs = self._signs[face.name] = Signs(face, self._canvas._doc)  # noqa: SLF001 subsets are a document's
            found = self._encoded[key] = signs.pieces(text)
        return found

    def _stroke(self) -> None:
        """Paint the path collected so far."""
        if self._paint:
            self._paths.append(self._paint)
            self._paint = ""

    def _paint_with(self, paint: str, fill: str, line: str) -> None:
        """Set what the next path is painted with; one that is painted alike becomes part of the one before."""
        if paint == self._paint and (not fill or fill == self._fill) and (not line or line == self._line):
            return
        self._stroke()
        if fill and fill != self._fill:
            self._fill = fill
            self._paths.append(fill)
        if line and line != self._line:
            self._line = line
            self._paths.append(line)
        self._paint = paint

    def _rule(self, op: RuleOp, x: float, top: float) -> None:
        line = self._lines[op.weight, BROKEN if op.dashed else SOLID]
        if self._paint != "S" or line != self._line:
            self._paint_with("S", "", line)
        tenths = self._tenths
        start, end = tenths[round((x + op.x) * 10)], tenths[round((x + op.to_x) * 10)]
        from_y = tenths[round((top - op.y) * 10)]
        to_y = from_y if op.to_y == op.y else tenths[round((top - op.to_y) * 10)]
        self._paths.append(f"{start} {from_y} m {end} {to_y} l")

    def _polygon(self, op: PolygonOp, x: float, top: float) -> None:
        corners = [f"{x + right:.1f} {top - down:.1f}" for right, down in op.points]
        wide, high = (max(side) - min(side) for side in zip(*op.points, strict=True))
        self._shape(f"{corners[0]} m {' '.join(f'{corner} l' for corner in corners[1:])} h", op, min(wide, high))

    def _box(self, op: BoxOp, x: float, top: float) -> None:
        tenths = self._tenths
        corner = f"{tenths[round((x + op.x) * 10)]} {tenths[round((top - op.y - op.height) * 10)]}"
        shape = f"{corner} {tenths[round(op.width * 10)]} {tenths[round(op.height * 10)]} re"
        if op.ground and op.fill >= 0:
            self._grounds.append(f"{op.fill:g} g {shape} f")
            op = replace(op, fill=-1.0)
        self._shape(shape, op, min(op.width, op.height))

    def _shape(self, shape: str, op: BoxOp | PolygonOp, side: float) -> None:
        """Fill and outline a path with that shortest side, as far as it has either."""
        filled, edged = op.fill >= 0, op.weight > 0
        if filled or edged:
            paint = "B" if filled and edged else "f" if filled else "S"
            line = SOLID if not op.dashed else FINE if side < SMALL else BROKEN
            self._paint_with(paint, f"{op.fill:g} g" if filled else "", self._lines[op.weight, line] if edged else "")
            self._paths.append(shape)


def _escape(codes: bytes) -> str:
    """A PDF string without its brackets: the codes as plain text where that is safe, as octal where not."""
    return "".join(chr(code) if 32 <= code < 127 and code not in b"()\\" else f"\\{code:03o}" for code in codes)
