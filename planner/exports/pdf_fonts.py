"""A document's fonts: which byte stands for which sign of a face, and the objects that embed what is used of it."""

from hashlib import sha256

from planner.exports.pdf_faces import Face
from planner.exports.pdf_file import PdfFile, stream_of
from planner.model.language import GLUE

ASCII = range(32, 127)
"""Signs that are their own byte, so that the text of a page can be read in the file."""
OTHERS = (*range(128, 256), *range(1, 32))
"""Bytes for all other signs of a first subset."""
ESCAPED = {40: "\\(", 41: "\\)", 92: "\\\\"}


class FontSubset(dict[int, str]):
    """One embedded part of a face: up to 255 signs. Looking up a sign gives its byte as it stands in a PDF string.

    It is what `str.translate` needs: a sign met for the first time gets the next free byte. Where none is left it goes
    to the `rest`, and stands as nothing here.
    """

    def __init__(self, name: str, face: Face, *, first: bool = True) -> None:
        super().__init__()
        self.name = name
        self.face = face
        self.rest: FontSubset | None = None
        self._own = ASCII if first else ()
        self._free = iter(OTHERS if first else range(1, 256))
        self._codes: dict[int, int] = {}
        """The byte of each sign."""

    def __missing__(self, sign: int) -> str:
        if chr(sign) == GLUE:
            self[sign] = self[32]
            return self[32]
        byte = sign if sign in self._own else next(self._free, 0)
        if byte:
            self._codes[sign] = byte
        elif self.rest is None:
            self.rest = FontSubset(f"{self.name}x", self.face, first=False)
        self[sign] = _shown(byte) if byte else ""
        return self[sign]

    def pieces(self, text: str) -> list[tuple[str, str]]:
        """The text as pairs of a font's name and an escaped string."""
        shown = text.translate(self)
        if self.rest is None:
            return [(self.name, shown)]
        found: list[tuple[str, str]] = []
        for sign in text:
            name, byte = next((one.name, byte) for one in self.subsets() if (byte := sign.translate(one)))
            if found and found[-1][0] == name:
                found[-1] = name, found[-1][1] + byte
            else:
                found.append((name, byte))
        return found

    def subsets(self) -> list["FontSubset"]:
        """This part and those after it."""
        return [self, *(self.rest.subsets() if self.rest is not None else [])]

    def embed(self, file: PdfFile) -> int:
        """Write the font with what it needs into the file; the number of its object."""
        face, signs = self.face, {byte: sign for sign, byte in self._codes.items()}
        last = max(signs, default=1)
        program = face.outlines.file([face.glyph(signs[byte]) if byte in signs else 0 for byte in range(1, last + 1)])
        tag = "".join(chr(65 + byte % 26) for byte in sha256(program).digest()[:6])
        name = f"{tag}+{face.postscript}"
        outlines = file.add(stream_of(program, f"/Length1 {len(program)}"))
        descriptor = file.add(
            f"<</Type/FontDescriptor/FontName/{name}/Flags 4{face.descriptor}/FontFile2 {outlines} 0 R>>"
        )
        unicode = file.add(stream_of(_to_unicode(signs).encode("ascii")))
        widths = " ".join(f"{face.advance(signs[byte]):g}" if byte in signs else "0" for byte in range(1, last + 1))
        return file.add(
            f"<</Type/Font/Subtype/TrueType/BaseFont/{name}/FirstChar 1/LastChar {last}/Widths[{widths}]"
            f"/FontDescriptor {descriptor} 0 R/ToUnicode {unicode} 0 R>>"
        )


def _shown(byte: int) -> str:
    return ESCAPED.get(byte) or (chr(byte) if byte >= 32 else f"\\{byte:03o}")


def _to_unicode(signs: dict[int, int]) -> str:
    """The map with which a reader copies and searches text (PDF 32000-1, 9.10.3)."""
    pairs = [f"<{byte:02x}><{chr(sign).encode('utf-16-be').hex()}>" for byte, sign in sorted(signs.items())]
    blocks = [pairs[first : first + 100] for first in range(0, len(pairs), 100)]
    return "\n".join(
        [
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
            "/CIDSystemInfo <</Registry(Adobe)/Ordering(UCS)/Supplement 0>> def",
            "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
            "1 begincodespacerange <00><ff> endcodespacerange",
            *(line for block in blocks for line in (f"{len(block)} beginbfchar", *block, "endbfchar")),
            "endcmap CMapName currentdict /CMap defineresource pop end end",
        ]
    )
