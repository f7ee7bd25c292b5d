"""Days between those of the clinic: a ward signs on them too for tablets, drops, shots, and a rescue that goes on."""

import re
from datetime import date, timedelta
from itertools import pairwise

import pytest

from planner.exports.pdf.writer import write_pdf
from planner.exports.sheets.day.day_sheet import day_sheet
from planner.exports.sheets.day.silent import without_lines
from planner.exports.sheets.sheet import Facts, Line, Paragraphs, Row, Section, Sheet, Table
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
        "Sun 15-Mar-2026 to Sat 28-Mar-2026: this sheet has no lines to sign on. May still go on: Filgrastim. "
        "To get lines for a ward, print these days alone."
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
    assert all("At home: Mercaptopurine 3 times a day, every day; " in one for one in lines)


def test_each_medicine_of_days_without_lines_has_its_own_days() -> None:
    """ "Taken at home: Prednisone and Methotrexate" over 27 days: five days of the one, Mondays of the other."""
    sheet = make(shipped("pomp"), "daysheet")
    lines = [one for section in sheet.sections for one in told(section) if "no lines to sign on" in one]
    assert lines[0] == (
        "Tue 03-Mar-2026 to Sun 29-Mar-2026: this sheet has no lines to sign on. At home: "
        "Mercaptopurine 3 times a day, every day; Prednisone to Fri 06-Mar-2026; "
        "Methotrexate once a week, on Mondays, not every day. To get lines for a ward, print these days alone."
    )
    ponatinib = make(shipped("hyper-cvad-ponatinib"), "daysheet")
    lines = [one for section in ponatinib.sections for one in told(section) if "no lines to sign on" in one]
    assert re.search(r"Ponatinib every day, and goes on after \w+ [\w-]+\.", lines[-1])
    assert "goes on after" not in lines[-2]


def test_the_days_of_what_is_not_taken_throughout() -> None:
    evaluated = shipped("pomp")
    doses = {one.day: one for one in evaluated.schedule.events if one.placed.agent == "prednisone"}
    first, *_ = doses.values()
    for taken, words in (
        ((2, 3), "from Wed 04-Mar-2026 to Thu 05-Mar-2026"),
        ((4,), "on Fri 06-Mar-2026"),
        ((0, 2, 4), "Mon 02-Mar-2026, Wed 04-Mar-2026 and Fri 06-Mar-2026"),
        ((0, 2, 4, 6), "on 4 days, the last Sun 08-Mar-2026"),
        ((0, 1), "to Tue 03-Mar-2026"),
    ):
        days = [
            (
                first.day + number,
                (first._replace(due_day=first.day + number, day=first.day + number),) if number in taken else (),
            )
            for number in range(7)
        ]
        other = [one for one in evaluated.schedule.events if one.placed.agent == "mercaptopurine"]
        days = [(day, (*events, *(one for one in other if one.day == day))) for day, events in days]
        (line,) = without_lines(days, {})
        assert f"Prednisone {words}" in line.text.replace("\u00a0", " ")
    assert without_lines([], {}) == ()


def test_a_rescue_has_a_line_for_the_rest_of_its_last_drawn_day() -> None:
    """Leucovorin every 6 h stood at 03:00, 09:00 and 15:00; the line for 21:00 stood nowhere."""
    sheet = make(shipped("aall0232-hr"), "daysheet")
    events = [one for one in shipped("aall0232-hr").schedule.events if one.placed.order.id == "leucovorin"]
    drawn = sorted({one.date for one in events})
    for day in drawn:
        (section,) = (one for one in sheet.sections if one.level == 0 and moment(one.title) == day.toordinal())
        (lines,) = (
            part.lines
            for part in section.parts
            if isinstance(part, Paragraphs) and "May still go on" in part.lines[-2:][0].text
        )
        assert ": Leucovorin " in lines[-2].text.replace("\u00a0", " ")
        assert (lines[-1].text, lines[-1].blank) == ("Given at, by", True)


def test_a_rescue_has_a_line_for_each_of_its_doses() -> None:
    found = [row for _, text, row in rows(make(shipped("aall0232-hr"), "daysheet")) if text.startswith("Leucovorin")]
    assert found
    for row in found:
        assert words_of(row.cells[3]) == "Leucovorin 27.2 mg every 6 h, intravenous, may still go on, provisional"
        assert len(row.cells[4].lines) == len(row.cells[5].lines) == 4
        assert row.cells[3].edge == "dashed"
    assert len({words_of(row.cells[0]) for row in found}) == len(found)


@pytest.mark.parametrize("protocol", ["flag-ida", "aall0232-hr"])
def test_only_what_goes_on_on_the_next_page_says_so(protocol: str) -> None:
    """ "Sat 12-Dec continues on the next page" stood above a list of other days."""
    sheet = make(shipped(protocol), "daysheet")
    assert [one for one in sheet.sections if one.level == 1 and " to " in one.title]
    texts = [text.replace("\u00a0", " ") for text in page_texts(write_pdf(sheet, "A4"))]
    for page, following in pairwise(texts):
        goes_on = re.search(r"^(.+) continues on the next page$", page, re.MULTILINE)
        assert (f"{goes_on[1]}, continued" in following) if goes_on else (", continued" not in following)


def test_what_is_taken_several_times_a_day_has_a_line_for_each_dose() -> None:
    """ "Prednisone 54 mg, by mouth, 2 times" had one box: one tick read as both given."""
    found = [row for _, text, row in rows(make(shipped("aall0232-hr"), "daysheet")) if text.startswith("Prednisone")]
    assert found
    for row in found:
        assert words_of(row.cells[3]).endswith(", 2 times a day")
        assert not any(line.tick for line in row.cells[3].lines)
        assert len(row.cells[4].lines) == len(row.cells[5].lines) == 2


def test_a_list_names_its_blocks_and_stands_with_its_heading_on_one_page() -> None:
    """A heading and a box at the foot of a page, the list on the next; pinned alone it showed no block."""
    sheet = make(shipped("aall0232-hr"), "daysheet")
    lists = [one for one in sheet.sections if one.level == 1 and " to " in one.title]
    assert lists
    for section in lists:
        (facts,) = (part for part in section.parts if isinstance(part, Facts))
        assert facts.pairs[0][0] == "Block, cycle, day"
        assert " C1 D" in facts.pairs[0][1].replace("\u00a0", " ")
    texts = [" ".join(text.split()) for text in page_texts(write_pdf(sheet, "A4"))]
    for section in lists:
        (page,) = (text for text in texts if section.title in text.replace("\u00a0", " ") and "Nothing" in text
                   and f"{section.title}, continued" not in text)  # fmt: skip
        assert "By, checked by" in page.split(section.title)[1]


def test_of_a_drug_that_goes_on_between_the_days_of_a_list_it_says_so() -> None:
    """Filgrastim had rows to 2 April and then on the 11th, the day of a bone marrow: it seemed to pause."""
    lines = [one for section in make(shipped("hyper-cvad-ponatinib"), "daysheet").sections for one in told(section)]
    assert "Filgrastim, while it goes on: also on the days between these that have no row here." in lines
    assert "Nothing new is given at the clinic on these days. Tick what was done." in lines


def test_lines_reach_the_last_dose_of_what_ends_while_something_goes_on() -> None:
    """Lines stopped a week after filgrastim: dexamethasone of D13 and D14 had none, that of D12 had one."""
    evaluated = shipped("hyper-cvad")
    listed = {day for day, text, _ in rows(make(evaluated, "daysheet")) if "Dexamethasone" in text}
    first = {one.placed.block.id for one in evaluated.schedule.events if one.placed.block.title.startswith("Part A")}
    ends = [
        max(one.date for one in evaluated.schedule.events if one.placed.block.id == block and one.cycle_day == 14)
        for block in first
    ]
    assert len(ends) == 4
    assert not [day for day in ends if day not in listed]


def test_every_row_of_what_may_go_on_has_its_cycle_and_day() -> None:
    """Ursodiol of course 1 stood in course 2 without either."""
    sheet = make(shipped("mini-hyper-cvd-inotuzumab"), "daysheet")
    assert not [day for day, text, row in rows(sheet) if "may still go on" in text and not words_of(row.cells[1])]
    facts = [part.pairs[0][1] for one in sheet.sections for part in one.parts if isinstance(part, Facts)]
    assert not [text for text in facts if text.startswith("after")]


def test_what_is_to_be_entered_and_may_go_on_has_a_line_for_its_dose() -> None:
    found = [row for _, text, row in rows(make(shipped("graaph-2014"), "daysheet")) if "enter dose" in text
             and "may still go on" in text]  # fmt: skip
    assert found
    assert all(row.cells[3].lines[0].blank for row in found)


@pytest.mark.parametrize(("protocol", "words"), [("ptcy-gvhd", "no steroid, also not against nausea"),
                                                 ("brexu-cel", "No prophylactic steroid")])  # fmt: skip
def test_what_a_protocol_says_of_a_block_stands_on_its_sheets(protocol: str, words: str) -> None:
    """That no steroid is given, also not against nausea, stood on the roadmap alone."""
    evaluated = shipped(protocol)
    block = next(one for one in evaluated.schedule.blocks if words in one.phase.note)
    days = {one.day for one in evaluated.schedule.events if one.placed.block.id == block.id}
    found = [one for one in make(evaluated, "daysheet").sections if one.level == 0 and " to " not in one.title]
    here = [one for one in found if moment(one.title) in days]
    assert here
    assert all(any(words in text for text in told(one)) for one in here)


def test_of_what_may_go_on_without_a_frequency_the_sheet_says_so_and_has_room_for_several_doses() -> None:
    """Leucovorin of which no source gives dose or frequency had one line a day: a rescue of once a day."""
    found = [row for _, text, row in rows(make(shipped("graaph-2014"), "daysheet")) if text.startswith("Leucovorin")]
    assert found
    for row in found:
        assert "(how often is not entered: ask the pharmacist)" in words_of(row.cells[3])
        assert len(row.cells[4].lines) == len(row.cells[5].lines) == 4
    sourced = [text for _, text, _ in rows(make(shipped("flag-ida"), "daysheet")) if text.startswith("Filgrastim")]
    assert sourced
    assert not any("not entered" in text for text in sourced)
