"""The file around the pages, read by libraries that did not write it: nothing is lost in what is packed."""

from io import BytesIO

import pikepdf
import pypdf
import pypdfium2
import pytest

from planner.exports.pdf.writer import write_pdf
from tests.exports.papers import make, shipped

SHEETS = ("daysheet", "roadmap", "calendar", "glance")


@pytest.mark.parametrize("kind", SHEETS)
def test_three_readers_find_every_page_and_bookmark(kind: str) -> None:
    sheet = make(shipped("blinatumomab-mrd"), kind)
    pdf = write_pdf(sheet, "A4")
    reader = pypdf.PdfReader(BytesIO(pdf), strict=True)
    wanted = [section.title for section in sheet.sections]
    assert [one.title for one in _flat(reader.outline)] == wanted
    places = [reader.get_destination_page_number(one) for one in _flat(reader.outline)]
    assert places == sorted(places)
    with pypdfium2.PdfDocument(pdf) as document, pikepdf.open(BytesIO(pdf)) as other:
        assert len(document) == len(reader.pages) == len(other.pages) > max(places)
        assert [one.get_title() for one in document.get_toc()] == wanted
        assert other.check_pdf_syntax() == []
        assert str(other.Root.Lang) == sheet.language
        assert str(other.docinfo["/Title"]) == sheet.title
    assert reader.trailer["/ID"][0] == reader.trailer["/ID"][1]


def test_nothing_but_streams_and_what_holds_the_rest_is_written_plainly() -> None:
    pdf = write_pdf(make(shipped("blinatumomab-mrd"), "calendar"), "A4")
    assert pdf.startswith(b"%PDF-1.5\n")
    with pikepdf.open(BytesIO(pdf)) as document:
        streams = sum(isinstance(one, pikepdf.Stream) for one in document.objects)
    assert pdf.count(b" 0 obj\n") == streams
    assert b"/Type /Page" not in pdf


def _flat(outline: list) -> list:
    return [one for entry in outline for one in (_flat(entry) if isinstance(entry, list) else [entry])]
