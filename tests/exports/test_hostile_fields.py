"""300 hostile strings in every text that is printed: letter by letter where it is printed, or refused before a byte."""

import re
from functools import cache
from io import BytesIO
from itertools import pairwise

import pypdf
import pytest

from planner.errors import InputProblem
from planner.exports.pdf.faces import load_faces
from planner.exports.sheets.roadmap.findings import by_host
from planner.exports.wording.text import printable, unprintable
from tests.exports.hostile import FIELDS, REFUSED_SIGNS, hostile_strings, print_kind, refused_strings
from tests.exports.papers import BUILDERS, images_in, page_texts, squashed, texts_as_drawn

KINDS = (*BUILDERS, "large")
PRINTED = hostile_strings(240)
REFUSED = refused_strings(60)
FEW = PRINTED[::61]
HYPHEN = "\ufffe"
"""What the reader gives for a hyphen at the end of a line."""


def tag(number: int) -> str:
    """What begins the text of a field, so that it is found again."""
    return f"Zq{number:02d}v"


def carried_over(page: str, following: str, mark: str, text: str) -> int:
    """How often a text that begins with `mark` is begun in a row that goes on over the next page, no letter lost.

    Its rest is looked for behind it and on the next page, among what is left there when the whole texts are taken out.
    """
    whole = re.compile(rf"Zq\d\dv{re.escape(text.removeprefix(mark))}")
    found = 0
    for place in (one.start() for one in re.finditer(re.escape(mark), page)):
        begun = next(size for size in range(len(text), 0, -1) if page.startswith(text[:size], place))
        others = whole.sub("", page[place + begun :]), whole.sub("", following)
        found += begun < len(text) and any(text[begun:] in other for other in others)
    return found


def look_at(text: str) -> None:
    """The string in all fields at once: wherever a field is printed, it is printed whole; each is printed somewhere.

    Where all names are this long, large print may have no room for the day below them, and says so.
    """
    texts = {field: f"{tag(number)} {text}" for number, field in enumerate(FIELDS)}
    shown: set[str] = set()
    for kind in KINDS:
        try:
            pdf = print_kind(kind, texts)
        except InputProblem as refused:
            if kind == "large" and "shorten names and titles" in str(refused):
                continue
            raise
        reader = pypdf.PdfReader(BytesIO(pdf))
        assert not any("/Annots" in page or "/AA" in page for page in reader.pages), (kind, text)
        assert not images_in(pdf), (kind, text)
        assert not {"/OpenAction", "/AA", "/AcroForm", "/Names"} & set(reader.trailer["/Root"]), (kind, text)
        pages = [squashed(page).replace(HYPHEN, "-") for page in page_texts(pdf)]
        for number, field in enumerate(FIELDS):
            mark, shortened = tag(number), by_host if (kind, field) == ("roadmap", "source") else str
            told = squashed(printable(shortened(texts[field])))
            begun = sum(page.count(mark) for page in pages)
            whole = sum(page.count(told) for page in pages)
            if begun > whole:
                whole += sum(carried_over(one, other, mark, told) for one, other in pairwise([*pages, ""]))
            assert begun == whole, (kind, field, text)
            shown |= {field} if whole else set()
    assert shown == set(FIELDS)


@pytest.mark.parametrize("text", FEW)
def test_a_hostile_string_in_every_field_is_printed_letter_by_letter(text: str) -> None:
    look_at(text)


@pytest.mark.parametrize("kind", KINDS)
def test_no_part_of_a_note_is_left_out(kind: str) -> None:
    """A person's own semicolon costs no words: notes are joined by semicolons where one line is written."""
    texts = {field: f"Low {tag(number)}; dose {tag(number)} halved" for number, field in enumerate(FIELDS)}
    page = squashed("".join(texts_as_drawn(print_kind(kind, texts))))
    begun = [page.count(f"Low{tag(number)}") for number in range(len(FIELDS))]
    assert begun == [page.count(f"dose{tag(number)}halved") for number in range(len(FIELDS))]
    assert any(begun)


@pytest.mark.parametrize("kind", ["roadmap", "calendar"])
def test_names_that_leave_no_room_on_a_page_are_refused(kind: str) -> None:
    with pytest.raises(InputProblem, match="shorten names and titles"):
        print_kind(kind, dict.fromkeys(FIELDS, "W" * 1000))


@cache
def sheet_of(field: str) -> str:
    """A sheet that prints the field."""
    marked = {one: tag(number) for number, one in enumerate(FIELDS)}
    return next(kind for kind in KINDS if marked[field] in all_text(kind))


@cache
def all_text(kind: str) -> str:
    """What a sheet says where each field holds its tag alone."""
    return squashed("".join(page_texts(print_kind(kind, {one: tag(number) for number, one in enumerate(FIELDS)}))))


@pytest.mark.parametrize("field", FIELDS)
def test_no_field_gets_past_the_gate(field: str) -> None:
    with pytest.raises(InputProblem) as raised:
        print_kind(sheet_of(field), {field: "2\u202emg"})
    assert any("U+202E" in line for line in raised.value.lines)
    assert all(line.isprintable() for line in raised.value.lines)


@pytest.mark.slow
@pytest.mark.parametrize("text", PRINTED)
def test_every_hostile_string_in_every_field(text: str) -> None:
    look_at(text)


@pytest.mark.slow
@pytest.mark.parametrize("text", REFUSED)
def test_every_string_that_cannot_be_printed_is_refused_from_every_field(text: str) -> None:
    glyphs = load_faces().glyphs
    assert unprintable(printable(text), glyphs)
    for field in FIELDS:
        with pytest.raises(InputProblem):
            print_kind(sheet_of(field), {field: text})


def test_a_text_that_loses_a_letter_between_two_pages_is_found_out() -> None:
    page = "a Zq01vlong te footer"
    assert carried_over(page, "header xt end", "Zq01v", "Zq01vlong text") == 1
    assert carried_over(page, "header t end", "Zq01v", "Zq01vlong text") == 0
    assert carried_over(page, "header Zq02vlong text end", "Zq01v", "Zq01vlong text") == 0
    assert carried_over("a Zq01vlo other cell ng text", "", "Zq01v", "Zq01vlong text") == 1
    assert carried_over("a Zq01vlo other cell g text", "", "Zq01v", "Zq01vlong text") == 0


def test_the_strings_are_three_hundred_and_each_is_of_its_kind() -> None:
    glyphs = load_faces().glyphs
    assert len({*PRINTED, *REFUSED}) == 300
    assert not [text for text in PRINTED if unprintable(printable(text), glyphs)]
    assert all(unprintable(printable(text), glyphs) for text in REFUSED)
    assert {sign for text in REFUSED for sign in text} >= set(REFUSED_SIGNS)
