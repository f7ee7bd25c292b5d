"""Drawn things to one content stream a page: the only place that speaks PDF operators.

The library keeps fonts and file structure; operators are written whole, which is several times faster than a call each.
"""

from collections.abc import Iterable
from typing import Any

from planner.exports.pdf_text import BoxOp, Op, RuleOp, Style, TextOp
from planner.exports.text import GLUE


class Pen:
    """Writes pages to a reportlab canvas. Positions come in points from the upper left corner, y down."""

    def __init__(self, canvas: Any, page_height: float) -> None:
        self._canvas = canvas
        self._height = page_height
        self._code: list[str] = []
        self._known: dict[tuple[str, str], list[tuple[str, str]]] = {}

    def draw(self, ops: Iterable[Op], x: float, y: float) -> None:
        """Draw with the origin moved to (x, y)."""
        top = self._height - y
        for op in ops:
            if isinstance(op, TextOp):
                self._text(op, x, top)
            elif isinstance(op, RuleOp):
                self._rule(op, x, top)
            else:
                self._box(op, x, top)

    def watermark(self, text: str, style: Style, width: float) -> None:
        """Large pale words across the page, behind all that is drawn later; 8 % grey, so text over it stays legible."""
        cos, sin = 0.866, 0.5
        half = style.face.width(text, style.size) / 2
        x, y = width / 2 - half * cos + style.size * 0.3 * sin, self._height / 2 - half * sin - style.size * 0.3 * cos
        for font, code in self._encoded(style, text):
            self._code.append(
                f"BT 0.92 g {font} {style.size:.1f} Tf {cos} {sin} {-sin} {cos} {x:.2f} {y:.2f} Tm ({code}) Tj ET"
            )

    def finish_page(self) -> None:
        """Hand the page to the canvas."""
        self._canvas.addLiteral("\n".join(self._code))
        self._code.clear()
        self._canvas.showPage()

    def _text(self, op: TextOp, x: float, top: float) -> None:
        if not op.text:
            return
        style = op.style
        red, green, blue = style.ink
        narrow = f"{op.scale * 100:.1f} Tz " if op.scale != 1.0 else ""
        shows = [f"{font} {style.size:g} Tf ({code}) Tj" for font, code in self._encoded(style, op.text)]
        wide = " 100 Tz" if narrow else ""
        place = f"1 0 0 1 {x + op.x:.2f} {top - op.y:.2f} Tm"
        self._code.append(f"BT {red:g} {green:g} {blue:g} rg {narrow}{place} {' '.join(shows)}{wide} ET")

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
        dash = "[2 2] 0 d" if op.dashed else "[] 0 d"
        line = f"{x + op.x:.2f} {top - op.y:.2f} m {x + op.to_x:.2f} {top - op.to_y:.2f} l S"
        self._code.append(f"0 G {op.weight:g} w {dash} {line}")

    def _box(self, op: BoxOp, x: float, top: float) -> None:
        shape = f"{x + op.x:.2f} {top - op.y - op.height:.2f} {op.width:.2f} {op.height:.2f} re"
        if op.fill >= 0:
            self._code.append(f"{op.fill:g} g {shape} f")
        if op.weight:
            dash = "[3 2] 0 d" if op.dashed else "[] 0 d"
            self._code.append(f"0 G {op.weight:g} w {dash} {shape} S")


def _escape(codes: bytes) -> str:
    """A PDF string without its brackets: the codes as plain text where that is safe, as octal where not."""
    return "".join(chr(code) if 32 <= code < 127 and code not in b"()\\" else f"\\{code:03o}" for code in codes)
