"""Texts are measured by their words, and once for all their places, with the lines they always had."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.exports.pdf.faces import load_faces
from planner.exports.pdf.table import lay_table, pad_of
from planner.exports.pdf.text import RowOp, Typesetter
from planner.exports.sheets.sheet import Cell, Column, Line, Row, Table

WORDS = st.lists(st.text(st.sampled_from("abcWil-/·\u00a0é0."), min_size=1, max_size=9), min_size=1, max_size=12)
ASKED = "Given by"


@given(WORDS)
def test_a_text_is_exactly_as_wide_as_its_words_and_spaces(words: list[str]) -> None:
    """Else a word that just fits would go to the next line, or the other way round."""
    for face in (load_faces().regular, load_faces().bold):
        parts = sum(map(face.natural, words)) + face.natural(" ") * (len(words) - 1)
        assert parts == face.natural(" ".join(words))


@given(WORDS, st.floats(20, 300))
def test_no_word_goes_to_the_next_line_that_has_room_on_this_one(words: list[str], width: float) -> None:
    setter = Typesetter("patient", load_faces())
    style = setter.styles["body"]
    lines = [text for text, _ in setter.wrap(" ".join(words), style, width)]
    whole = " ".join(lines) == " ".join(words)  # else a word has no room on any line
    for line, following in pairwise(lines if whole else ()):
        assert style.face.width(f"{line} {following.split(' ')[0]}", style.size) > width


@given(WORDS, st.floats(20, 300))
def test_a_text_that_is_one_line_is_told_without_wrapping_it(words: list[str], width: float) -> None:
    setter = Typesetter("patient", load_faces())
    text, style = " ".join(words), setter.styles["body"]
    assert setter.is_one_line(text, style, width) == (len(setter.wrap(text, style, width)) == 1)


def test_a_text_that_fits_is_the_same_block_in_columns_of_any_width() -> None:
    """A month is laid in up to five sets of columns; the pen writes each block once."""
    setter = Typesetter("patient", load_faces())
    style = setter.styles["body"]
    assert setter.paragraph("Day 8", style, 90.0) is setter.paragraph("Day 8", style, 80.0)
    assert setter.paragraph("Day 8", style, 90.0) is not setter.paragraph("Day 8", setter.styles["strong"], 90.0)


def test_like_cells_of_a_column_are_measured_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also those with a rule to write on: half of a roadmap's rows have one."""
    placed: list[tuple[Line, ...]] = []
    place = Typesetter.place
    monkeypatch.setattr(Typesetter, "place", lambda *asked: (placed.append(asked[1]), place(*asked))[1])
    asked = Cell((Line(ASKED, blank=True),))
    table = Table((Column((), 100), Column((), 100)), tuple(Row((Cell((Line(f"row {one}"),)), asked)) for one in "abc"))
    setter = Typesetter("clinician", load_faces())
    pieces = [*lay_table(table, setter, 300, 500)]
    setter.close = True
    pieces += lay_table(table, setter, 300, 500)
    assert len([lines for lines in placed if lines[0].text == ASKED]) == 1
    assert len([lines for lines in placed if lines[0].text == "row a"]) == 1
    rows = [op for piece in pieces for op in piece.ops if isinstance(op, RowOp) and op.texts]
    assert len(rows) == 6
    assert all(len(row.texts) == 2 and len(row.drawn) == 1 for row in rows), "each row draws its rule"


def test_over_a_row_with_nothing_in_it_there_is_no_room() -> None:
    setter = Typesetter("clinician", load_faces())
    _head, *rows = lay_table(Table((Column((), 100),), (Row((Cell(),)), Row((Cell((Line("x"),)),)))), setter, 300, 500)
    nothing, one = (row.height for row in rows)
    assert nothing == pad_of(setter)
    assert one == pytest.approx(pad_of(setter) * 1.8 + setter.styles["body"].leading)
