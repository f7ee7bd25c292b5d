"""The fonts inside a sheet, read back by a library that did not make them: the outlines of the face, without hints."""

from io import BytesIO

import fontpkg
import pypdf
import pypdfium2
import pytest
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.ttLib import TTFont

from planner.exports.pdf_faces import load_faces
from planner.exports.pdf_file import PdfFile
from planner.exports.pdf_fonts import FontSubset
from planner.exports.pdf_writer import write_pdf
from planner.exports.sheet import Frame, Line, Paragraphs, Section, Sheet
from tests.exports.papers import course, page_texts, printed, squashed

WEIGHTS = {"regular": 400, "bold": 700}
MANY_SIGNS = "".join(
    chr(code)
    for first, last in ((0x21, 0x7F), (0xA1, 0xAD), (0xAE, 0x180), (0x391, 0x3A2), (0x410, 0x450))
    for code in range(first, last)
    if code in load_faces().glyphs
)
"""More signs than one embedded font can hold: Latin, Greek and Cyrillic."""


def whole(weight: str) -> TTFont:
    return TTFont(fontpkg.path("Lato", weight=WEIGHTS[weight]))


def outline(font: TTFont, name: str) -> list:
    pen = DecomposingRecordingPen(font.getGlyphSet())
    font.getGlyphSet()[name].draw(pen)
    return pen.value


@pytest.mark.parametrize("weight", WEIGHTS)
def test_every_glyph_keeps_its_outline_and_width(weight: str) -> None:
    original = whole(weight)
    names = original.getGlyphOrder()
    outlines = getattr(load_faces(), weight).outlines
    for first in range(1, len(names), 255):
        numbers = range(first, min(first + 255, len(names)))
        cut = TTFont(BytesIO(outlines.file(numbers)), checkChecksums=2)
        mapped = cut["cmap"].tables[0].cmap
        for code, number in enumerate(numbers, start=1):
            if number % 7 == first % 7:
                assert outline(cut, mapped[code]) == outline(original, names[number]), names[number]
            assert cut["hmtx"][mapped[code]] == original["hmtx"][names[number]]


def test_composite_glyphs_bring_their_parts() -> None:
    original = whole("regular")
    name = original.getBestCmap()[ord("é")]
    assert original["glyf"][name].isComposite()
    cut = TTFont(BytesIO(load_faces().regular.outlines.file([original.getGlyphID(name)])))
    assert len(cut.getGlyphOrder()) > 2
    assert outline(cut, cut["cmap"].tables[0].cmap[1]) == outline(original, name)


def test_embedded_fonts_have_no_hints_and_only_what_is_used() -> None:
    for font in _embedded(printed(course(), "roadmap")):
        assert not {"fpgm", "prep", "cvt "} & set(font.keys())
        assert len(font.getGlyphOrder()) < 140
        for name in font.getGlyphOrder():
            program = getattr(font["glyf"][name], "program", None)
            assert not (program and program.getBytecode())


def test_each_byte_of_a_page_means_one_sign() -> None:
    subset = FontSubset("F1", load_faces().regular)
    pieces = subset.pieces(MANY_SIGNS)
    assert [name for name, _ in pieces] == ["F1", "F1x", "F1"][: len(pieces)]
    assert subset.pieces("A (\\) B") == [("F1", "A \\(\\\\\\) B")]
    assert subset.pieces("5\u00a0mg") == subset.pieces("5 mg")
    file = PdfFile()
    assert len({one.embed(file) for one in subset.subsets()}) == len(subset.subsets()) == 2


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


def test_another_face_is_found_without_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """Vera, which the PDF library brings, is cut down the same way."""
    load_faces.cache_clear()
    monkeypatch.setattr("planner.exports.pdf_faces._lato", lambda _weight: None)
    try:
        names = {str(font["/BaseFont"]).split("+")[1] for font in _fonts(printed(course(), "supply"))}
    finally:
        monkeypatch.undo()
        load_faces.cache_clear()
    assert names == {"BitstreamVeraSans-Roman", "BitstreamVeraSans-Bold"}


def _fonts(pdf: bytes) -> list:
    fonts = pypdf.PdfReader(BytesIO(pdf)).pages[0]["/Resources"]["/Font"]
    return [one.get_object() for one in fonts.values()]


def _embedded(pdf: bytes) -> list[TTFont]:
    files = [one["/FontDescriptor"].get_object()["/FontFile2"].get_object() for one in _fonts(pdf)]
    return [TTFont(BytesIO(one.get_data())) for one in files]
