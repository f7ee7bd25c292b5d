"""Pieces on pages: what is left out, what is moved to a fresh page, and what is not moved for too little."""

import pytest

from planner.exports.pdf.faces import load_faces
from planner.exports.pdf.flow import LITTLE, Page, Piece, flow
from planner.exports.pdf.table import lay_table
from planner.exports.pdf.text import Typesetter
from planner.exports.sheets.sheet import Cell, Column, Line, Row, Table
from tests.exports.papers import page_texts, printed, shipped, squashed

HEIGHT = 100.0


def heights(pages: list[Page]) -> list[list[float]]:
    return [[piece.height for _, piece in page.placed] for page in pages]


def piece(height: float, **more: object) -> Piece:
    return Piece(height, [], **more)


def test_what_is_spare_fills_a_page_and_never_begins_one() -> None:
    assert heights(flow([piece(50), piece(30, spare=True)], HEIGHT)) == [[50, 30]]
    assert heights(flow([piece(80), piece(30, spare=True)], HEIGHT)) == [[80]]
    assert heights(flow([piece(80), piece(30, spare=True), piece(20)], HEIGHT)) == [[80, 20]]


def test_a_table_moves_to_a_fresh_page_where_it_stays_whole() -> None:
    table = [piece(20, together=80.0), piece(30), piece(30)]
    assert heights(flow([piece(40), *table], HEIGHT)) == [[40], [20, 30, 30]]


def test_a_page_with_little_on_it_is_not_left_for_a_table() -> None:
    table = [piece(20, together=80.0), piece(30), piece(30)]
    assert heights(flow([piece(100 * LITTLE - 1), *table], HEIGHT)) == [[100 * LITTLE - 1, 20, 30], [30]]


def test_a_chain_moves_whole_however_little_stands_above_it() -> None:
    chain = [piece(50, keep=True), piece(30)]
    assert heights(flow([piece(30), *chain], HEIGHT)) == [[30], [50, 30]]


@pytest.mark.parametrize("protocol", ["flag-ida", "inotuzumab-rr", "hyper-cvad-ponatinib"])
def test_no_page_of_a_day_sheet_is_there_for_notes_alone(protocol: str) -> None:
    for text in page_texts(printed(shipped(protocol), "daysheet")):
        told = squashed(text)
        assert "What" in told or "Medicine" in told or "Givenat,by" in told, text  # of what goes on in its box


def test_a_table_begins_where_as_many_rows_as_it_asks_for_have_room() -> None:
    """The arithmetic of a block began with one row at the foot of a page, and so did its days."""
    rows = tuple(Row((Cell((Line(text),)),)) for text in "abcd")
    for begins, kept in ((1, [False, False, True, False]), (2, [True, False, True, False])):
        table = Table((Column((Line("Drug"),), 90),), rows, begins=begins)
        pieces = lay_table(table, Typesetter("clinician", load_faces()), 200, 500)
        assert [piece.keep for piece in pieces[1:]] == kept


def test_a_table_may_begin_with_one_row_that_is_not_overlooked() -> None:
    """Hyper-CVAD: below the last drugs half a page stayed empty, because the first two days were tall rows."""
    tall = Row((Cell(tuple(Line(text) for text in "abcdefgh")),))
    rows = (tall, *(Row((Cell((Line(text),)),)) for text in "abc"))
    pieces = lay_table(
        Table((Column((Line("Drug"),), 90),), rows, begins=2), Typesetter("clinician", load_faces()), 200, 500
    )
    assert [piece.keep for piece in pieces[1:]] == [False, False, True, False]


def test_a_column_of_sentences_keeps_its_gap_free() -> None:
    """A full line of "What was found" ran on into the next column."""
    words = " ".join(["many words that fill the line"] * 8)
    heights = []
    for gap in (0.0, 40.0):
        table = Table((Column((), 120, gap=gap),), (Row((Cell((Line(words),)),)),))
        heights.append(lay_table(table, Typesetter("clinician", load_faces()), 120, 500)[1].height)
    assert heights[0] < heights[1]
