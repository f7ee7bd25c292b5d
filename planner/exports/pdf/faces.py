"""The two faces of every sheet, embedded: Lato regular and bold, with their widths and the signs they have."""

import json
import logging
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from msgspec import Struct

from planner.exports.pdf.bare_font import bare

log = logging.getLogger(__name__)

REGULAR = 400
BOLD = 700
LATO = "fontpkg_lato"


class Face:
    """One embedded face: its font in the PDF library, and the width of every sign in thousandths of the size."""

    __slots__ = ("_known", "_widths", "font", "glyphs", "name")

    def __init__(self, name: str, font: Any, widths: Mapping[int, float]) -> None:
        self.name = name
        self.font = font
        self.glyphs = frozenset(widths)
        self._widths = {chr(sign): width for sign, width in widths.items()}
        self._known: dict[str, float] = {}

    def width(self, text: str, size: float) -> float:
        """Width of the text in points; a sign the face lacks counts as one em (the gate refuses it later)."""
        return self.natural(text) * size / 1000

    def natural(self, text: str) -> float:
        """Width of the text in thousandths of its size: that of a line is the sum of its words and spaces, exactly."""
        found = self._known.get(text)
        if found is None:
            widths = self._widths
            try:
                found = sum(map(widths.__getitem__, text))
            except KeyError:
                found = sum(widths.get(character, 1000.0) for character in text)
            if len(self._known) < 20_000:
                self._known[text] = found
        return found


class Faces(Struct, frozen=True):
    """Regular and bold."""

    regular: Face
    bold: Face

    @property
    def glyphs(self) -> frozenset[int]:
        """Code points that both faces can print."""
        return self.regular.glyphs & self.bold.glyphs


@cache
def load_faces() -> Faces:
    """Read and register the faces once a process. Without the Lato package the library's own Vera stands in."""
    return Faces(_load(REGULAR), _load(BOLD))


def _load(weight: int) -> Face:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    path = _lato(weight) or _vera(weight)
    name = f"Regimap-{path.stem}"
    font: Any = TTFont(name, str(path))
    whole = font.face.makeSubset
    font.face.makeSubset = lambda signs: bare(whole(signs))
    pdfmetrics.registerFont(font)
    widths = {code: float(font.face.charWidths.get(code, font.face.defaultWidth)) for code in font.face.charToGlyph}
    widths[0xA0] = widths[0x20]
    return Face(name, font, widths)


def _lato(weight: int) -> Path | None:
    """The file as the Lato package lists it; asking the package itself takes 20 ms."""
    package = find_spec(LATO)
    if package is None or package.origin is None:
        log.warning("Lato is not installed, sheets are printed in Vera")
        return None
    folder = Path(package.origin).parent
    listed = json.loads((folder / "metadata.json").read_text("utf-8"))["files"]
    upright = (one["path"] for one in listed if one["style"] == "normal" and one["weight"] == weight)
    return next((folder / path for path in upright if (folder / path).is_file()), None)


def _vera(weight: int) -> Path:
    import reportlab

    return Path(reportlab.__file__).parent / "fonts" / ("VeraBd.ttf" if weight == BOLD else "Vera.ttf")
