"""Rows stand closer where that saves a page; the broken edge of a small shape is broken finely."""

from io import BytesIO

import pypdf
import pytest

from planner.exports.pdf.pen import BROKEN, FINE
from planner.exports.pdf.writer import write_pdf
from planner.exports.sheets.sheet import Cell, Column, Frame, Line, Row, Section, Sheet, Table
from tests.exports.papers import page_texts, printed, shipped

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
    loose = rows_on_pages(50)[0]
    close = rows_on_pages(loose + 4)
    assert close == [loose + 4]
    assert rows_on_pages(50) == [loose, 50 - loose], "closer rows save no page: they stand as they do"


def test_each_part_that_begins_a_page_is_as_close_as_it_needs() -> None:
    loose = rows_on_pages(50)[0]
    assert rows_on_pages(loose + 4, 50, 3) == [loose + 4, loose, 50 - loose, 3]


@pytest.mark.parametrize("protocol", ["graaph-2005", "graaph-2014", "d-alba"])
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
