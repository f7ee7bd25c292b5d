"""Rows stand closer where that saves a page; the broken edge of a small shape is broken finely."""

from datetime import datetime
from io import BytesIO

import pypdf
import pytest

from planner.exports.pdf.pen import BROKEN, FINE
from planner.exports.pdf.text import Typesetter
from planner.exports.pdf.week import OUTSIDE_FILL
from planner.exports.pdf.wrapping import Block
from planner.exports.pdf.writer import write_pdf
from planner.exports.sheets.sheet import Cell, Column, Frame, Line, Row, Section, Sheet, Table
from planner.services.printing import make_sheet
from tests.exports.papers import SITE, page_texts, printed, shipped

COLUMNS = (Column((Line("What", "strong"),), 100),)
FRAME = Frame("Ana", "", "Test", "", (), ((Line("Plan"),),))


def sheet_of(*counts: int) -> Sheet:
    """A sheet on which a page begins for each count of rows."""
    tables = (Table(COLUMNS, tuple(Row((Cell((Line(f"row {row}"),)),)) for row in range(count))) for count in counts)
    sections = (Section(f"Part {number}", (table,), new_page=True) for number, table in enumerate(tables))
    return Sheet("test", "Test", "clinician", FRAME, tuple(sections))


def rows_on_pages(*counts: int) -> list[int]:
    return [text.count("row ") for text in page_texts(write_pdf(sheet_of(*counts), "A4"))]


def test_rows_stand_closer_where_that_saves_a_page() -> None:
    loose = rows_on_pages(40)[0]
    close = rows_on_pages(loose + 4)
    assert close == [loose + 4]
    assert rows_on_pages(40) == [loose, 40 - loose], "closer rows save no page: they stand as they do"


def test_each_part_that_begins_a_page_is_as_close_as_it_needs() -> None:
    loose = rows_on_pages(40)[0]
    assert rows_on_pages(loose + 4, 40, 3) == [loose + 4, loose, 40 - loose, 3]


@pytest.mark.parametrize("protocol", ["flag-ida", "hsct-bu-cy", "d-alba"])
def test_a_short_course_at_a_glance_is_one_page(protocol: str) -> None:
    """GRAAPH-2014: its table of blocks stood alone on a second page."""
    (page,) = page_texts(printed(shipped(protocol), "glance"))
    assert "Last day" in page


def test_small_shapes_are_broken_finely() -> None:
    """A provisional dose of one day was a squiggle: a stroke of three points is longer than its box is wide."""
    drawn = printed(shipped("phallcon"), "glance")
    content = pypdf.PdfReader(BytesIO(drawn)).pages[0].get_contents()
    assert content is not None
    assert f"[{FINE}] 0 d".encode() in content.get_data()
    assert f"[{BROKEN}] 0 d".encode() in content.get_data(), "the frames of blocks are broken as ever"


def test_the_marks_stand_over_grey_cells_and_under_every_line() -> None:
    """On a calendar of past days DRAFT lay hidden under the grey; over the lines it broke the boxes to tick."""
    shown = make_sheet(shipped("pomp"), "calendar", SITE, datetime(2026, 6, 1, 9, 0))
    for number, page in enumerate(pypdf.PdfReader(BytesIO(write_pdf(shown, "A4"))).pages):
        drawn = page.get_contents().get_data().decode("latin-1")
        marks = drawn.index("/FormXob.Marks Do")
        assert f"{OUTSIDE_FILL:g} g" not in drawn[marks:], number
        assert " l" not in drawn[:marks], number
        assert "S\n" not in drawn[:marks], number


def test_a_later_page_of_the_medicines_says_what_it_is() -> None:
    """Four medicines stood on a page of the family's calendar without a heading."""
    pages = page_texts(printed(shipped("gmall-07-03"), "calendar"))
    heads = [page for page in pages if "Good to know" in page]
    assert len(heads) > 1
    assert all("Your medicines" in page for page in heads)


def test_what_is_to_be_written_in_stands_with_some_of_what_is_told() -> None:
    """GMALL with two findings let stand: the last page of its summary was rules to write on alone."""
    for protocol in ("gmall-07-03", "e1910", "ponalfil", "hyper-cvad"):
        *_, last = page_texts(printed(shipped(protocol), "summary"))
        above = last.partition("To be written in")[0]
        assert any(text in above for text in ("recorded", "Let stand", "none set", "planned")), protocol


@pytest.mark.parametrize("more", [20, 35, 50])
def test_the_last_row_under_a_band_is_never_alone_on_a_page(more: int) -> None:
    """A bag plan: "FINAL DISCONNECT" of a cycle began the next page, without the bag it ends."""
    band = Row((Cell((Line("Cycle", "strong"),)),), band=True)
    for rows in range(20, 36):
        one, other = ([Row((Cell((Line(f"{name}{number}."),)),)) for number in range(rows + more)] for name in "ab")
        table = Table(COLUMNS, (band, *one[:rows], band, *other[:more]))
        sheet = Sheet("test", "Test", "clinician", FRAME, (Section("Part", (table,), new_page=True),))
        (page,) = (text for text in page_texts(write_pdf(sheet, "A4")) if f"a{rows - 1}." in text)
        assert f"a{rows - 2}." in page


def test_a_cycle_is_not_cut_for_the_sake_of_a_page() -> None:
    """A bag plan: closer rows took a page less and cut every cycle before its last bag."""
    band = Row((Cell((Line("Cycle", "strong"),)),), band=True)
    rows = [Row((Cell((Line(f"row {number}"),)),)) for number in range(20)]
    for first in range(8, 16):
        groups = Table(COLUMNS, (band, *rows, band, *rows), bands_together=True)
        table = Table(COLUMNS, tuple(rows[:first]))
        sheet = Sheet("test", "Test", "clinician", FRAME, (Section("Part", (table, groups), new_page=True),))
        texts = page_texts(write_pdf(sheet, "A4"))
        assert sum(text.count("Cycle") for text in texts) == 2, first


def test_what_is_laid_out_again_with_closer_rows_is_measured_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A long table was measured twice, a fifth of the time of its sheet."""
    measured: list[tuple[Line, ...]] = []
    block = Typesetter.block

    def counted(self: Typesetter, lines: tuple[Line, ...], width: float) -> Block | None:
        measured.append(lines)
        return block(self, lines, width)

    monkeypatch.setattr(Typesetter, "block", counted)
    rows_on_pages(200)
    assert len([lines for lines in measured if lines[0].text == "row 0"]) == 1
