"""Nothing in a field is obeyed, boxed, dropped or cut: it is printed letter by letter or refused by name."""

import sys
from decimal import Decimal
from io import BytesIO

import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from planner.errors import InputProblem
from planner.exports.pdf.faces import load_faces
from planner.exports.pdf.text import Typesetter
from planner.exports.pdf.writer import write_pdf
from planner.exports.sheets.sheet import Cell, Column, Frame, Line, Paragraphs, Row, Section, Sheet, Table
from planner.exports.wording.text import printable, unprintable
from planner.model.patient import PriorExposure
from tests.courses import PATIENT
from tests.exports.papers import BUILDERS, MARGIN, images_in, page_texts, printed, short_course, squashed, text_boxes

PRINTED = [
    "<b>Bold</b> & <i>x</i>",
    '<img src="/etc/passwd"/>',
    "<font size=1>small</font>",
    "<para><unichar code=0x41/>",
    '<a href="http://example.org">x</a>',
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "{page} of {pages} {0.__class__}",
    "%s %(name)s %d",
    "(paren) \\) Tj ET Q q 1 0 0 rg",
    "BT /F1 99 Tf (x) Tj ET",
    "'); DROP TABLE plans; --",
    "=HYPERLINK(1)",
    "O'Brien-Müller",
    "Łukasz Ñandú Åse Þór Ğül Őrs Țepeș",
    "Анна Ахматова",
    "Ελένη",
    "W" * 80,
    "x" * 80,
    "Maria del Carmen Aurora Guadalupe Fernandez de la Vega y Gonzalez de Rivera Ponce",
    "A\u0301gnes",
    "line\nbreak\ttab",
    "NULL",
    "-1",
]
REFUSED = {
    "\u202eanA": "U+202E RIGHT-TO-LEFT OVERRIDE",
    "Ana\u200b": "U+200B ZERO WIDTH SPACE",
    "Ana\x00": "U+0000",
    "Ana\x1b[31m": "U+001B",
    "שרה": "HEBREW LETTER SHIN",
    "مريم": "ARABIC LETTER MEEM",
    "王芳": "CJK UNIFIED IDEOGRAPH-738B",
    "김민": "HANGUL SYLLABLE GIM",
    "สมชาย": "THAI CHARACTER SO SUA",
    "प्रिया": "DEVANAGARI LETTER PA",
    "Ana 😀": "GRINNING FACE",
    "Ana\ud800": "U+D800",
    "Ana\u2028": "LINE SEPARATOR",
}


def with_name(name: str, **more):
    return short_course(replace(PATIENT, family_name=name, given_name="", **more))


@pytest.mark.parametrize("kind", BUILDERS)
@pytest.mark.parametrize("name", PRINTED)
def test_names_are_printed_letter_by_letter_on_every_page(name: str, kind: str) -> None:
    pdf = printed(with_name(name), kind)
    for text in page_texts(pdf):  # the mark of a draft may stand beside a line of the name
        assert squashed(printable(name)) in squashed(text).replace("DRAFT", "")
    assert not images_in(pdf)
    assert not any("/Annots" in page for page in pypdf.PdfReader(BytesIO(pdf)).pages)
    boxes, sizes = text_boxes(pdf)
    assert all(box.right <= sizes[0][0] - MARGIN for box in boxes if box.top - box.bottom < 25)


@pytest.mark.parametrize("kind", BUILDERS)
@pytest.mark.parametrize("name", REFUSED)
def test_names_that_cannot_be_printed_are_refused_by_name(name: str, kind: str) -> None:
    with pytest.raises(InputProblem) as raised:
        printed(with_name(name), kind)
    assert any(REFUSED[name] in line for line in raised.value.lines)
    assert all(line.startswith("patient's name, birth date and id: ") for line in raised.value.lines)
    assert all(line.isprintable() for line in raised.value.lines)


FIELDS = {
    "id": lambda text: short_course(replace(PATIENT, id=text)),
    "sex": lambda text: short_course(replace(PATIENT, sex=text)),
    "diagnosis": lambda text: short_course(replace(PATIENT, diagnosis=text)),
    "allergy": lambda text: short_course(replace(PATIENT, allergies=(text,))),
    "marker": lambda text: short_course(replace(PATIENT, markers=((text, text),))),
    "exposure": lambda text: short_course(replace(PATIENT, prior_exposures=(PriorExposure(text, Decimal(1), text),))),
    "block title": lambda text: short_course(title=text),
}


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("text", ['<img src="/etc/passwd"/>&amp;<b>', "(\\)) Tj {page}", "x" * 300])
def test_every_field_is_printed_letter_by_letter(field: str, text: str) -> None:
    shown = squashed("".join(page_texts(printed(FIELDS[field](text), "roadmap"))))
    assert squashed(text) in shown


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_passes_the_gate(field: str) -> None:
    with pytest.raises(InputProblem, match=r"U\+202E"):
        printed(FIELDS[field]("2\u202emg"), "roadmap")


def test_all_problems_come_at_once_and_no_byte_before() -> None:
    patient = replace(PATIENT, family_name="שרה", diagnosis="王", allergies=("\u200bpenicillin",))
    with pytest.raises(InputProblem) as raised:
        printed(short_course(patient), "roadmap")
    told = "\n".join(raised.value.lines)
    assert "HEBREW LETTER SHIN" in told
    assert "CJK UNIFIED IDEOGRAPH-738B" in told
    assert "ZERO WIDTH SPACE" in told


def test_printing_opens_nothing_but_fonts() -> None:
    opened: list[str] = []
    watching = True

    def hear(event: str, arguments: tuple) -> None:
        if watching and event in ("open", "socket.connect", "subprocess.Popen", "os.system"):
            opened.append(f"{event} {arguments[0]}")

    load_faces()
    printed(short_course(), "roadmap")
    sys.addaudithook(hear)
    printed(with_name('<img src="/etc/passwd"/>'), "roadmap")
    watching = False
    assert not [one for one in opened if not one.endswith((".ttf", ".py", ".pyc"))]


def frame(patient: str) -> Frame:
    return Frame(patient, "", "Title", "", (), ((Line("Footer"),),))


@given(st.text(st.characters(codec="utf-8"), max_size=120))
def test_any_text_is_printed_whole_or_refused(text: str) -> None:
    table = Table((Column((Line("H"),), 60), Column((), 40, 0)), (Row((Cell((Line(text, tick=True),)), Cell())),))
    sheet = Sheet("test", "Test", "patient", frame("Name"), (Section("S", (table, Paragraphs((Line(text),)))),))
    impossible = unprintable(printable(text), load_faces().glyphs)
    if impossible:
        with pytest.raises(InputProblem) as raised:
            write_pdf(sheet, "A4")
        assert len(raised.value.lines) == len(impossible)
        return
    assert write_pdf(sheet, "A4").startswith(b"%PDF")


@given(st.text(st.sampled_from("abc W-/·\u00a0é"), max_size=60), st.floats(20, 300))
def test_wrapping_keeps_every_letter_inside_its_column(text: str, width: float) -> None:
    setter = Typesetter("patient", load_faces())
    style = setter.styles["strong"]
    lines = setter.wrap(text, style, width)
    assert squashed("".join(line for line, _ in lines)) == squashed(text)
    for line, scale in lines:
        assert style.face.width(line, style.size) * scale <= width + 0.01 or len(line) == 1
        assert scale > 0.5 or len(line) == 1


def test_a_number_stays_with_its_unit() -> None:
    setter = Typesetter("clinician", load_faces())
    style = setter.styles["body"]
    for width in range(45, 200):
        lines = [line for line, _ in setter.wrap("Pegaspargase 3,750\u00a0units intramuscular", style, float(width))]
        assert any("3,750\u00a0units" in line for line in lines), width


def test_a_row_taller_than_a_page_goes_on_over_the_next() -> None:
    words = " ".join(f"word{number}" for number in range(3000))
    table = Table((Column((Line("H"),), 60), Column((), 400)), (Row((Cell((Line("Key"),)), Cell((Line(words),)))),))
    sheet = Sheet("test", "Test", "patient", frame("Name"), (Section("S", (table,)),))
    pages = page_texts(write_pdf(sheet, "A4"))
    assert len(pages) > 3
    found = "".join(squashed(text) for text in pages)
    assert all(f"word{number}" in found for number in range(3000))
    boxes, _sizes = text_boxes(write_pdf(sheet, "A4"))
    assert all(box.bottom >= MARGIN for box in boxes)


@pytest.mark.parametrize("width", range(40, 90))
def test_no_line_ends_between_a_number_and_its_unit(width: int) -> None:
    """POMP, a month of narrow columns: "(14 tablets of 2.5" on one line, "mg), once a week" on the next."""
    setter = Typesetter("patient", load_faces())
    text = "Methotrexate 35\u00a0mg (14\u00a0tablets\u00a0of\u00a02.5\u00a0mg), once a week"
    lines = [line for line, _ in setter.wrap(text, setter.styles["strong"], float(width))]
    assert not [line for line in lines if line.rstrip("\u00a0 ")[-1:].isdigit()]
