"""The fonts inside a sheet: more signs than one embedded font holds are still read back as they were written."""

import re
from io import BytesIO

import pypdf
import pypdfium2
import pytest
from fontTools.ttLib import TTFont
from reportlab.pdfgen.canvas import Canvas

from planner.exports.pdf.bare_font import KEPT
from planner.exports.pdf.faces import Face, load_faces
from planner.exports.pdf.pen import Signs
from planner.exports.pdf.writer import write_pdf
from planner.exports.sheets.sheet import Frame, Line, Paragraphs, Section, Sheet
from tests.exports.papers import page_texts, squashed

MANY_SIGNS = "".join(
    chr(code)
    for first, last in ((0x21, 0x7F), (0xA1, 0xAD), (0xAE, 0x180), (0x391, 0x3A2), (0x410, 0x450))
    for code in range(first, last)
    if code in load_faces().glyphs
)
"""More signs than one embedded font can hold: Latin, Greek and Cyrillic."""


def test_more_signs_than_a_font_holds_are_still_read_as_they_were() -> None:
    assert len(MANY_SIGNS) > 300
    frame = Frame("Name", "", "Title", "", (), ((Line("Footer"),),))
    lines = tuple(Line(MANY_SIGNS[first : first + 20]) for first in range(0, len(MANY_SIGNS), 20))
    pdf = write_pdf(Sheet("kit", "Signs", "patient", frame, (Section("S", (Paragraphs(lines),)),)), "A4")
    assert len(_embedded(pdf)) == 3  # bold, and two of regular
    text = squashed("".join(page_texts(pdf)))
    document = pypdfium2.PdfDocument(pdf)
    other = squashed("".join(page.get_textpage().get_text_range() for page in document))
    document.close()
    for line in lines:
        assert line.text in text
        assert line.text in other


def test_only_signs_that_a_page_shows_are_embedded() -> None:
    """The library would embed all signs of a typewriter, twice: a third of a calendar's file."""
    frame = Frame("Name", "", "Title", "", (), ((Line("Footer"),),))
    lines = (Line("zebra (7)", "body"), Line("Q", "strong"))
    pdf = write_pdf(Sheet("kit", "Signs", "patient", frame, (Section("S", (Paragraphs(lines),)),)), "A4")
    shown = set(squashed("".join(page_texts(pdf))))
    meant = set()
    for font, file in zip(_fonts(pdf), _embedded(pdf), strict=True):
        codes = re.findall(rb"<(..)> <(....)>", font["/ToUnicode"].get_object().get_data())
        signs = {chr(int(sign, 16)) for _, sign in codes} - {"\0", " ", "\x7f"}
        meant |= signs
        outlines = {file["cmap"].tables[0].cmap[int(code, 16)] for code, sign in codes if chr(int(sign, 16)) in signs}
        assert len(outlines) == len(signs) > 3
        assert len(file.getGlyphOrder()) <= len(signs) + 3  # the space, what stands for none, parts
    assert meant == shown


def test_each_byte_of_a_page_means_one_sign() -> None:
    signs = Signs(load_faces().regular, Canvas(BytesIO())._doc)
    names = [name for name, _ in signs.pieces(MANY_SIGNS)]
    assert len(set(names)) == 2
    assert signs.pieces("A (\\) B") == [(names[0], r"A \050\134\051 B")]
    assert signs.pieces("5\u00a0mg") == signs.pieces("5 mg")


def _fonts(pdf: bytes) -> list:
    fonts = pypdf.PdfReader(BytesIO(pdf)).pages[0]["/Resources"]["/Font"]
    return [one.get_object() for one in fonts.values()]


def _embedded(pdf: bytes) -> list[TTFont]:
    files = [one["/FontDescriptor"].get_object()["/FontFile2"].get_object() for one in _fonts(pdf)]
    return [TTFont(BytesIO(one.get_data())) for one in files]


@pytest.mark.parametrize("face", [load_faces().regular, load_faces().bold], ids=["regular", "bold"])
def test_embedded_outlines_are_those_of_the_face_without_its_hints(face: Face) -> None:
    """Every sign the sheets may print, letters with accents (made of parts) included; read by another library."""
    whole = TTFont(face.font.face.filename)
    known, names = whole["glyf"], whole.getBestCmap()
    composed = 0
    signs = sorted(face.glyphs & names.keys())
    for first in range(0, len(signs), 200):
        some = signs[first : first + 200]
        font = TTFont(BytesIO(face.font.face.makeSubset(some)))
        assert set(font.keys()) - {"GlyphOrder"} == set(KEPT)
        outlines, codes = font["glyf"], font["cmap"].tables[0].cmap
        for number, sign in enumerate(some):
            mine, theirs = outlines[codes[number]], known[names[sign]]
            composed += mine.isComposite()
            assert mine.getCoordinates(outlines) == theirs.getCoordinates(known), chr(sign)
            assert font["hmtx"][codes[number]] == whole["hmtx"][names[sign]], chr(sign)
            assert not getattr(mine, "program", None), chr(sign)
    assert composed > 50
