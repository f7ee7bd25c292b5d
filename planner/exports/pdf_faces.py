"""The two faces of every sheet, embedded: Lato regular and bold, with their widths and the signs they have."""

import json
import logging
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from msgspec import Struct

from planner.exports.pdf_subset import Outlines

log = logging.getLogger(__name__)

REGULAR = 400
BOLD = 700
LATO = "fontpkg_lato"


class Face:
    """One face: the width of every sign in thousandths of the size, and its outlines, to be embedded."""

    def __init__(self, font: Any) -> None:
        self._font = font
        self._glyph: Mapping[int, int] = font.charToGlyph
        self._widths: Mapping[int, float] = font.charWidths
        self._advances = {chr(sign): width for sign, width in self._widths.items()}
        self._known: dict[str, float] = {}
        self.glyphs = frozenset(self._glyph)
        self.postscript: str = font.name.decode("ascii")
        self.outlines = Outlines(font)

    def width(self, text: str, size: float) -> float:
        """Width of the text in points; a sign the face lacks counts as one em (the gate refuses it later)."""
        found = self._known.get(text)
        if found is None:
            advances = self._advances
            try:
                found = sum(map(advances.__getitem__, text))
            except KeyError:
                found = sum(advances.get(character, 1000.0) for character in text)
            if len(self._known) < 20_000:
                self._known[text] = found
        return found * size / 1000

    def glyph(self, sign: int) -> int:
        """The number of the sign's outline; 0, an empty box, where the face has none."""
        return self._glyph.get(sign, 0)

    def advance(self, sign: int) -> float:
        """Width of the sign in thousandths of the size."""
        return self._widths.get(sign, self._font.defaultWidth)

    @property
    def descriptor(self) -> str:
        """What a font descriptor says of the whole face (PDF 32000-1, 9.8)."""
        font = self._font
        box = " ".join(f"{edge:g}" for edge in font.bbox)
        return (
            f"/FontBBox[{box}]/ItalicAngle {font.italicAngle:g}/Ascent {font.ascent:g}/Descent {font.descent:g}"
            f"/CapHeight {font.capHeight:g}/StemV {font.stemV:g}"
        )


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
    """Read the faces once a process. Without the Lato package the library's own Vera stands in."""
    return Faces(_load(REGULAR), _load(BOLD))


def _load(weight: int) -> Face:
    from reportlab.pdfbase.ttfonts import TTFontFile

    return Face(TTFontFile(str(_lato(weight) or _vera(weight))))


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
