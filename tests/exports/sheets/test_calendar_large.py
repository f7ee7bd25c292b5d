"""The patient's calendar in large print: days in rows, boxes and headings."""

import calendar as other_calendar

from planner.exports.pdf.writer import write_pdf
from planner.exports.sheets.sheet import Table
from planner.model.wish import Wish
from planner.services.printing import BUILDERS, words_of
from tests.exports.papers import (
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
    asked, told, boxes = row.cells[1].lines
    assert asked.text == "Ask us: Allopurinol"
    assert told.text.startswith("Prednisone: by mouth")
    assert boxes.boxes == tuple((f"{name} {10 + place}", 2) for place, name in enumerate(other_calendar.day_name[1:]))
    rest = [row for row in rows if [line.text for line in row.cells[-1].lines] == [ENGLISH.say("no_treatment")]]
    assert any(len(days_of(row)) > 3 for row in rest)


def test_each_dose_of_a_day_has_its_box() -> None:
    evaluated = shipped("flag-ida")
    month = months(make(evaluated, "calendar"))["March 2026"]
    ticks = [bar.ticks for week in month.weeks for bar in week.bars if "Prednisolone eye" in bar.line.text]
    assert set(ticks) == {6}
    large = BUILDERS["calendar"](evaluated, job(wish=Wish(large=True)))
    boxes = [box for line in lines_of(large) for box in line.boxes]
    assert ("Tuesday 3", 6) in boxes


def test_in_large_print_nothing_sure_stands_below_what_hangs_on_a_decision() -> None:
    sheet = BUILDERS["calendar"](shipped("hyper-cvad-dasatinib"), job(wish=Wish(large=True)))
    tables = [part for section in sheet.sections for part in section.parts if isinstance(part, Table)]
    row = next(row for table in tables for row in table.rows if row.cells[0].lines[0].text == "Monday 2")
    texts = [line.text for line in row.cells[1].lines]
    assert texts.index("If your doctor confirms:") > max(
        number for number, text in enumerate(texts) if text.startswith(("Dasatinib", "Mesna", "Dexamethasone"))
    )


def test_a_day_that_goes_on_over_the_page_says_its_name_and_its_headings_again() -> None:
    wish = Wish(large=True)
    pages = page_texts(write_pdf(BUILDERS["calendar"](shipped("mini-hyper-cvd-inotuzumab"), job(wish=wish)), "A4"))
    page = next(number for number, text in enumerate(pages) if "Monday 9\n" in text and "Cytarabine" in text)
    assert "If your doctor confirms:" not in pages[page]
    words = squashed(pages[page + 1])
    assert "Monday9" in words
    assert "Ifyourdoctorconfirms:Dripintoavein:Rituximab" in words
