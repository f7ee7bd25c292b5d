"""Days between those of the clinic: a ward signs on them too for tablets, drops, shots, and a rescue that goes on."""

from collections import Counter
from datetime import date, timedelta

import pytest

from planner.exports.pdf.writer import write_pdf
from planner.exports.sheets.day_sheet import day_sheet
from planner.exports.sheets.sheet import Line, Paragraphs, Row, Section, Sheet, Table
from planner.model.going_on import may_go_on
from planner.model.wish import Wish
from tests.exports.papers import job, make, page_texts, shipped, words_of
from tests.exports.sheets.test_day_bag_supply import moment


def rows(sheet: Sheet) -> list[tuple[date, str, Row]]:
    """Every row of the lists: its day, and what is due."""
    return [
        (date.fromordinal(moment(words_of(row.cells[0]))), words_of(row.cells[3]), row)
        for section in sheet.sections
        for table in section.parts
        if isinstance(table, Table)
        for row in table.rows
        if len(row.cells) == 7
    ]


def pages(sheet: Sheet) -> list[date]:
    """The days that have a page of their own."""
    return [date.fromordinal(moment(one.title)) for one in sheet.sections if one.level == 0 and " to " not in one.title]


def told(section: Section) -> list[str]:
    paragraphs = [part for part in section.parts if isinstance(part, Paragraphs)]
    return [line.text.replace("\u00a0", " ") for part in paragraphs for line in part.lines]


def test_the_last_day_of_a_medicine_between_two_days_of_the_clinic_has_a_line() -> None:
    """The antiseizure medicine of the day before the graft, the only thing of its day, stood on no sheet."""
    evaluated = shipped("hsct-bu-flu")
    (last,) = {max(one.date for one in evaluated.schedule.events if one.placed.order.id == "seizure-prophylaxis")}
    sheet = make(evaluated, "daysheet")
    assert last not in pages(sheet)
    ((_, text, row),) = (one for one in rows(sheet) if one[0] == last)
    assert "Antiseizure medicine" in text
    assert [line.tick for line in row.cells[3].lines] == [True]
    assert row.cells[4].lines == row.cells[5].lines == (Line("", blank=True),)


@pytest.mark.parametrize("protocol", ["e1910", "gmall-07-03", "aall0232-hr"])
def test_a_week_without_the_clinic_has_a_line_for_each_day(protocol: str) -> None:
    evaluated = shipped(protocol)
    sheet = make(evaluated, "daysheet")
    listed = {day for day, _, _ in rows(sheet)}
    shown = sorted({*pages(sheet), *listed})
    home = {one.date for one in evaluated.schedule.events if one.placed.route == "PO"}
    going = {date.fromordinal(day) for day in may_go_on(evaluated.plan, evaluated.schedule.events)}
    short = [
        before + timedelta(number)
        for before, after in zip(pages(sheet), pages(sheet)[1:], strict=False)
        if (after - before).days <= 8
        for number in range(1, (after - before).days)
    ]
    due = [day for day in short if day in home | going]
    assert due
    assert not [day for day in due if day not in shown]


def test_of_what_may_go_on_the_first_week_behind_its_drawn_days_has_lines_and_the_rest_is_told() -> None:
    evaluated = shipped("flag-ida")
    sheet = make(evaluated, "daysheet")
    drawn = [one for one in evaluated.schedule.events if one.placed.agent == "filgrastim"]
    behind = [day for day, text, _ in rows(sheet) if text.startswith("Filgrastim")]
    assert behind == [drawn[-1].date + timedelta(number) for number in range(1, 8)]
    (line,) = (one for section in sheet.sections for one in told(section) if "no lines to sign on" in one)
    assert line == (
        "From Sun 15-Mar-2026 to Sat 28-Mar-2026 no lines to sign on (may still go on: Filgrastim). "
        "To get them print these days alone."
    )
    drops = [day for day, text, _ in rows(sheet) if text.startswith("Prednisolone eye drops")]
    assert drops == behind[:2]


def test_of_days_asked_for_by_their_first_and_last_every_one_has_a_line() -> None:
    evaluated = shipped("pomp")
    assert not rows(make(evaluated, "daysheet"))
    wish = Wish(date(2026, 3, 5), date(2026, 3, 14))
    listed = [day for day, _, _ in rows(day_sheet(evaluated, job(wish=wish)))]
    assert sorted({*listed}) == [date(2026, 3, 5) + timedelta(number) for number in range(10)]
    assert not [one for section in day_sheet(evaluated, job(wish=wish)).sections for one in told(section)
                if "no lines" in one]  # fmt: skip


def test_years_of_tablets_have_no_lines_and_each_sheet_says_what_is_taken_behind_it() -> None:
    sheet = make(shipped("pomp"), "daysheet")
    lines = [one for section in sheet.sections for one in told(section) if "no lines to sign on" in one]
    assert len(lines) == len(pages(sheet))
    assert all("taken at home: Mercaptopurine" in one for one in lines)


def test_a_rescue_has_a_line_for_each_of_its_doses() -> None:
    found = [row for _, text, row in rows(make(shipped("aall0232-hr"), "daysheet")) if text.startswith("Leucovorin")]
    assert found
    for row in found:
        assert words_of(row.cells[3]) == "Leucovorin 27.2 mg every 6 h, intravenous, may still go on"
        assert len(row.cells[4].lines) == len(row.cells[5].lines) == 4
        assert row.cells[3].edge == "dashed"
    assert len({words_of(row.cells[0]) for row in found}) == len(found)


def test_such_days_stand_below_the_sheet_of_the_day_before_and_no_page_says_that_this_goes_on() -> None:
    """ "Sat 12-Dec continues on the next page" stood above a list of other days."""
    sheet = make(shipped("flag-ida"), "daysheet")
    texts = page_texts(write_pdf(sheet, "A4"))
    (place,) = (number for number, text in enumerate(texts) if "Sun 08-Mar-2026 to Sat 14-Mar-2026" in text)
    assert "continues on the next page" not in texts[place - 1]
    assert Counter(one.level for one in sheet.sections if "08-Mar-2026 to" in one.title) == {1: 1}
