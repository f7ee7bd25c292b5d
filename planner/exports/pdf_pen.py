"""Drawn things to one content stream a page: the only place that speaks PDF operators.

The library keeps fonts and file structure; operators are written whole, which is several times faster than a call each.
"""

from collections.abc import Iterable
from typing import Any

from planner.exports.pdf_text import BoxOp, Op, PolygonOp, RuleOp, Style, TextOp
from planner.model.language import GLUE

BLACK = "0 g"
OUTLINE = "0.75 G 0.7 w [] 0 d"
"""The large words across the page are drawn as outlines: text over them stays legible, also on a fax (promises P5)."""


class Pen:
    """Writes pages to a reportlab canvas. Positions come in points from the upper left corner, y down."""

    def __init__(self, canvas: Any, page_height: float) -> None:
        self._canvas = canvas
        self._height = page_height
        self._code: list[str] = []
        self._kept: set[str] = set()
        self._known: dict[tuple[str, str], list[tuple[str, str]]] = {}
        self._shown: dict[tuple[int, str], list[tuple[str, str]]] = {}
        self._font = ""
        self._ink = ""
        self._line = ""

    def draw(self, ops: Iterable[Op], x: float, y: float) -> None:
        """Draw with the origin moved to (x, y)."""
        top = self._height - y
        for op in ops:
            if isinstance(op, TextOp):
                self._text(op, x, top)
            elif isinstance(op, RuleOp):
                self._rule(op, x, top)
            elif isinstance(op, BoxOp):
                self._box(op, x, top)
            else:
                self._polygon(op, x, top)

    def watermark(self, text: str, style: Style, width: float) -> None:
        """Large outlined words across the page, behind all that is drawn later."""
        cos, sin = 0.866, 0.5
        half = style.face.width(text, style.size) / 2
        x, y = width / 2 - half * cos + style.size * 0.3 * sin, self._height / 2 - half * sin - style.size * 0.3 * cos
        self._code.append(f"{OUTLINE} BT 1 Tr {cos} {sin} {-sin} {cos} {x:.2f} {y:.2f} Tm")
        for font, code in self._encoded(style, text):
            self._set_font(f"{font} {style.size:g} Tf")
            self._code.append(f"({code}) Tj")
        self._code.append("0 Tr ET")

    def keep(self, name: str, boxes: Iterable[BoxOp], x: float, y: float) -> None:
        """Keep black boxes in the file once under that name, with their origin at (x, y), for any number of pages."""
        top = self._height - y
        path = [f"{x + one.x:.2f} {top - one.y - one.height:.2f} {one.width:.2f} {one.height:.2f} re" for one in boxes]
        if path:
            self._canvas.beginForm(name)
            self._canvas.addLiteral("\n".join([BLACK, *path, "f"]))
            self._canvas.endForm()
            self._kept.add(name)

    def finish_page(self, *kept: str) -> None:
        """Hand the page to the canvas, with what was `kept` on top; the next one begins with nothing set."""
        self._canvas.addLiteral("\n".join(self._code))
        self._code.clear()
        self._font = self._ink = self._line = ""
        for name in self._kept.intersection(kept):
            self._canvas.doForm(name)
        self._canvas.showPage()

    def _text(self, op: TextOp, x: float, top: float) -> None:
        words, style = op.text, op.style
        if not words:
            return
        self._set_ink(BLACK)
        shown = self._shown.get((id(style), words))
        if shown is None:
            shown = self._shown[id(style), words] = [
                (f"{font} {style.size:g} Tf", f"({code}) Tj") for font, code in self._encoded(style, words)
            ]
        parts = [f"BT {x + op.x:.1f} {top - op.y:.1f} Td"]
        narrow = op.scale != 1.0
        if narrow:
            parts.append(f"{op.scale * 100:.1f} Tz")
        for font, code in shown:
            if font != self._font:
                self._font = font
                parts.append(font)
            parts.append(code)
        parts.append("100 Tz ET" if narrow else "ET")
        self._code.append(" ".join(parts))

    def _set_ink(self, ink: str) -> None:
        if ink != self._ink:
            self._ink = ink
            self._code.append(ink)

    def _set_font(self, font: str) -> None:
        if font != self._font:
            self._font = font
            self._code.append(font)

    def _set_line(self, weight: float, dash: str) -> None:
        line = f"0 G {weight:g} w {dash} d"
        if line != self._line:
            self._line = line
            self._code.append(line)

    def _encoded(self, style: Style, text: str) -> list[tuple[str, str]]:
        """Pieces of the text by the subset of the font that holds their signs: the font's name, the escaped codes."""
        key = (style.face.name, text)
        found = self._known.get(key)
        if found is None:
            font, document = style.face.font, self._canvas._doc  # noqa: SLF001 subsets are kept per document
            found = self._known[key] = [
                (font.getSubsetInternalName(subset, document), _escape(codes))
                for subset, codes in font.splitString(text.replace(GLUE, " "), document)
            ]
        return found

    def _rule(self, op: RuleOp, x: float, top: float) -> None:
        self._set_line(op.weight, "[2 2] 0" if op.dashed else "[] 0")
        self._code.append(f"{x + op.x:.1f} {top - op.y:.1f} m {x + op.to_x:.1f} {top - op.to_y:.1f} l S")

    def _polygon(self, op: PolygonOp, x: float, top: float) -> None:
        corners = [f"{x + right:.1f} {top - down:.1f}" for right, down in op.points]
        shape = f"{corners[0]} m {' '.join(f'{corner} l' for corner in corners[1:])} h"
        self._shape(shape, op)

    def _box(self, op: BoxOp, x: float, top: float) -> None:
        shape = f"{x + op.x:.1f} {top - op.y - op.height:.1f} {op.width:.1f} {op.height:.1f} re"
        self._shape(shape, op)

    def _shape(self, shape: str, op: BoxOp | PolygonOp) -> None:
        """Fill and outline a path, as far as it has either."""
        if op.fill >= 0:
            self._set_ink(f"{op.fill:g} g")
            self._code.append(f"{shape} f")
        if op.weight:
            self._set_line(op.weight, "[3 2] 0" if op.dashed else "[] 0")
            self._code.append(f"{shape} S")


def _escape(codes: bytes) -> str:
    """A PDF string without its brackets: the codes as plain text where that is safe, as octal where not."""
    return "".join(chr(code) if 32 <= code < 127 and code not in b"()\\" else f"\\{code:03o}" for code in codes)
