"""The patient's calendar in large print: days in rows, boxes and headings."""

import calendar as other_calendar

import pytest
from msgspec.structs import replace

from planner.exports.pdf.faces import load_faces
from planner.exports.pdf.frame import FrameSetter
from planner.exports.pdf.table import lay_table
from planner.exports.pdf.text import BoxOp, RuleOp, TextOp, Typesetter
from planner.exports.pdf.writer import MARGIN, PAPERS, write_pdf
from planner.exports.sheets.sheet import Table
from planner.model.wish import Wish
from planner.services.printing import BUILDERS, words_of
from tests.exports.papers import (
    SITE,
    job,
    lines_of,
    make,
    page_texts,
    shipped,
    squashed,
)
from tests.exports.sheets.calendars import days_of, months

ENGLISH = words_of("en")


def test_in_large_print_days_alike_share_a_row_and_keep_their_boxes() -> None:
    sheet = BUILDERS["calendar"](shipped("calgb-10403"), job(wish=Wish(large=True)))
    tables = [part for section in sheet.sections for part in section.parts if isinstance(part, Table)]
    rows = [row for table in tables for row in table.rows]
    row = next(row for row in rows if row.cells[0].lines[0].text == "Tuesday 10")
    assert [line.text.replace("\u00a0", " ") for line in row.cells[0].lines] == [
        "Tuesday 10",
        "to Sunday 15",
        "Day 9",
        "to Day 14",
    ]
    told, boxes, asked = row.cells[1].lines
    assert asked.text == "Allopurinol, by mouth: until we tell you to stop"
    assert told.text.startswith("Prednisone: by mouth")
    assert boxes.boxes == tuple(
        (f"{name} {10 + place}", 2, False) for place, name in enumerate(other_calendar.day_name[1:])
    )
    rest = [row for row in rows if [line.text for line in row.cells[-1].lines] == [ENGLISH.say("no_treatment")]]
    assert any(len(days_of(row)) > 3 for row in rest)


def test_each_dose_of_a_day_has_its_box() -> None:
    evaluated = shipped("flag-ida")
    month = months(make(evaluated, "calendar"))["March 2026"]
    ticks = [bar.ticks for week in month.weeks for bar in week.bars if "Prednisolone eye" in bar.line.text]
    assert set(ticks) == {6}
    large = BUILDERS["calendar"](evaluated, job(wish=Wish(large=True)))
    boxes = [box for line in lines_of(large) for box in line.boxes]
    assert ("Tuesday 3", 6, False) in boxes


def test_in_large_print_nothing_sure_stands_below_what_hangs_on_a_decision() -> None:
    sheet = BUILDERS["calendar"](shipped("hyper-cvad-dasatinib"), job(wish=Wish(large=True)))
    tables = [part for section in sheet.sections for part in section.parts if isinstance(part, Table)]
    row = next(row for table in tables for row in table.rows if row.cells[0].lines[0].text == "Monday 2")
    texts = [line.text for line in row.cells[1].lines]
    assert texts.index("If your doctor confirms:") > max(
        number for number, text in enumerate(texts) if text.startswith(("Dasatinib", "Mesna", "Dexamethasone"))
    )


def test_a_day_that_goes_on_over_the_page_says_its_name_and_its_headings_again() -> None:
    sheet = BUILDERS["calendar"](shipped("mini-hyper-cvd-inotuzumab"), job(wish=Wish(large=True)))
    pages = page_texts(write_pdf(replace(sheet, landscape=True), "A4"))
    page = next(number for number, text in enumerate(pages) if "Monday 9\n" in text and "Cytarabine" in text)
    assert "If your doctor confirms:" not in pages[page]
    words = squashed(pages[page + 1])
    assert "Monday9" in words
    assert "Ifyourdoctorconfirms:Dripintoavein:Rituximab" in words


@pytest.mark.parametrize("language", ["en", "de", "es", "fr", "ru"])
def test_the_patients_number_is_not_parted_from_its_name(language: str) -> None:
    """ "numéro" ended one line of the header, and "00481" stood alone on the next."""
    evaluated = shipped("pomp")
    identity = BUILDERS["calendar"](evaluated, job(wish=Wish(language=language, large=True))).frame.identity
    assert identity.endswith(f"\u00a0{evaluated.plan.patient.id}")


def test_header_and_footer_leave_most_of_an_upright_page_to_the_days() -> None:
    """They took 45 % of a page that lay on its side, and the next day missed most pages by a line or two."""
    sheet = BUILDERS["calendar"](shipped("inotuzumab-rr"), job(wish=Wish(large=True)))
    assert not sheet.landscape
    width, height = (side - 2 * MARGIN for side in PAPERS["A4"])
    frame = FrameSetter(sheet, Typesetter(sheet.audience, load_faces()), width)
    assert frame.head_height + frame.foot_height < height / 3
    assert len(page_texts(write_pdf(sheet, "A4"))) < 30


def test_large_print_puts_how_and_how_much_below_the_medicine() -> None:
    """Beside it they left so little room that "Dexamethasone" broke inside the word."""
    sheet = BUILDERS["calendar"](shipped("inotuzumab-rr"), job(wish=Wish(large=True)))
    setter = Typesetter(sheet.audience, load_faces())
    (table,) = (part for section in sheet.sections if section.title == "Your medicines" for part in section.parts)
    assert len(table.columns) == 2
    lay_table(table, setter, PAPERS["A4"][0] - 2 * MARGIN, 500.0)
    assert not setter.parted


def test_a_title_without_room_beside_the_phone_number_has_a_line_of_its_own() -> None:
    site = replace(SITE, name="St. Anna Hospital, Haematology")
    sheet = BUILDERS["calendar"](shipped("inotuzumab-rr"), job(site, Wish(large=True)))
    setter = Typesetter(sheet.audience, load_faces())
    head = FrameSetter(sheet, setter, PAPERS["A4"][0] - 2 * MARGIN).head
    texts = [text for op in head if isinstance(op, TextOp) for _, text, _ in op.block.lines]
    assert sheet.frame.title in texts


@pytest.mark.parametrize("language", ["en", "de", "es", "fr", "ru"])
def test_in_large_print_the_line_for_a_phone_number_is_in_its_frame(language: str) -> None:
    """It was drawn one line lower, through the title: a new clinic's first print."""
    site = replace(SITE, name="North Clinic", phone_24h="")
    wish = Wish(large=True, language=language)
    sheet = BUILDERS["calendar"](shipped("blinatumomab-mrd"), job(site, wish))
    for paper in ("A4", "Letter"):
        setter = Typesetter(sheet.audience, load_faces())
        head = FrameSetter(sheet, setter, PAPERS[paper][0] - 2 * MARGIN).head
        box = [op for op in head if isinstance(op, BoxOp)][-1]
        (rule,) = (op for op in head if isinstance(op, RuleOp) and op.weight < 1)
        assert box.y < rule.y < box.y + box.height
        assert box.x < rule.x < rule.to_x < box.x + box.width
        assert rule.to_x - rule.x > 50
        titles = [
            op for op in head if isinstance(op, TextOp) and sheet.frame.title in [one for _, one, _ in op.block.lines]
        ]
        assert all(op.y > box.y + box.height for op in titles)
