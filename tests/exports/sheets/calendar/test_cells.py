"""What a cell of the family's calendar says first, says once, and never says."""

from datetime import date
from itertools import combinations

import pytest
from msgspec.structs import replace

from planner.exports.pdf.writer import write_pdf
from planner.exports.sheets.sheet import Line, Table
from planner.model.plan import BlockStart, Given, GivenRecord
from planner.model.wish import Wish
from planner.services.evaluation import evaluate
from planner.services.printing import BUILDERS, words_of
from planner.services.verbs.placing import add_protocol, new_plan
from tests.courses import PATIENT
from tests.exports.papers import job, library, lines_of, made_before, make, page_texts, shipped, squashed
from tests.exports.papers import words_of as words_of_cell
from tests.exports.sheets.calendars import months

INTRATHECAL = "INTRATHECAL: in the spine fluid"
LANGUAGES = ("en", "de", "es", "fr", "ru")


def cells(protocol: str) -> list[list[Line]]:
    found = months(make(shipped(protocol), "calendar")).values()
    return [list(day.lines) for month in found for week in month.weeks for day in week.days]


@pytest.mark.parametrize("protocol", ["hyper-cvad", "mini-hyper-cvd-inotuzumab"])
def test_no_other_way_stands_above_intrathecal(protocol: str) -> None:
    """It came last, under nine drips with their hours."""
    seen = 0
    for lines in cells(protocol):
        sure = [line.text for line in lines if not line.unsure]
        if INTRATHECAL in sure:
            seen += 1
            assert not [text for text in sure[: sure.index(INTRATHECAL)] if text.endswith(":")], sure
    assert seen > 2


def test_what_is_sure_is_not_said_again_as_unsure() -> None:
    """Obe-cel: two boxes for the daily check of one day read as two visits."""
    found = [[line.text for line in lines if line.text == "Daily check at the hospital"] for lines in cells("obe-cel")]
    assert max(map(len, found)) == 1


def test_a_talk_hangs_on_nobodys_confirmation() -> None:
    talks = [
        line for lines in cells("hyper-cvad-ponatinib") for line in lines if line.text.startswith("Talk with your doc")
    ]
    assert talks
    assert not any(line.unsure or line.under for line in talks)


def test_a_comma_parts_a_name_from_words_for_its_amount() -> None:
    told = [line.text for line in lines_of(make(shipped("obe-cel"), "calendar"))]
    assert any(text.startswith("Paracetamol, the amount we tell you") for text in told)
    assert not any("Paracetamol the" in text for text in told)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_line_ends_within_not_every_day(language: str) -> None:
    """ "every day" stood alone as the last line of a cell, in bold."""
    words = words_of(language)
    told = words.say("once_a_week", weekdays="X").split(", ")[-1]
    assert " " not in told
    assert told.count("\u00a0") > 1 or language == "ru"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_cell_says_that_weekly_tablets_are_left_out_for_intrathecal(language: str) -> None:
    """AALL1731: the Mondays of the lumbar puncture showed INTRATHECAL alone."""
    evaluated, words = shipped("aall1731"), words_of(language)
    drawn = [one for one in evaluated.schedule.events if one.placed.agent == "methotrexate"]
    tablets = {one.day for one in drawn if one.placed.route == "PO"}
    block = next(one.placed.block.id for one in drawn if one.placed.route == "PO")
    spine = {one.day for one in drawn if one.placed.route == "IT" and one.placed.block.id == block}
    sheet = BUILDERS["calendar"](evaluated, job(wish=Wish(language=language)))
    told = [line.text for line in lines_of(sheet) if line.text.endswith(words.say("no_tablets"))]
    assert len(told) == len(spine - tablets) > 0
    assert set(told) == {words.say("told", name=words.term("Methotrexate"), text=words.say("no_tablets"))}


def test_two_amounts_in_one_part_say_from_when_to_when() -> None:
    """ALL2820: "Ponatinib 45 mg" and "Ponatinib 30 mg", both "In: Induction", could both be taken."""
    evaluated = shipped("all2820")
    tables = [
        part
        for section in made_before(evaluated, "calendar").sections
        for part in section.parts
        if isinstance(part, Table)
    ]
    rows = [[words_of_cell(cell) for cell in row.cells] for table in tables for row in table.rows]
    told = [row[3].replace("\u00a0", " ") for row in rows if row[0] == "Ponatinib" and "Induction: " in row[3]]
    assert len(told) == 2
    days = sorted(
        {one.date for one in evaluated.schedule.events if one.placed.agent == "ponatinib"}
        & {one.date for one in evaluated.schedule.events if one.placed.block.title == "Induction"}
    )
    assert any(f"{days[0]:%-d %B %Y} to" in text for text in told)


def test_the_boxes_of_a_daily_medicine_keep_their_row_from_week_to_week() -> None:
    """Mercaptopurine stood above dexamethasone, below it in the week in which both ended: boxes changed their rows."""
    for protocol in ("aall0232-hr", "calgb-10403"):
        weeks = [week for month in months(make(shipped(protocol), "calendar")).values() for week in month.weeks]
        above = {
            (upper.line.text, lower.line.text)
            for week in weeks
            for upper, lower in combinations([bar for bar in week.bars if bar.ticks], 2)
        }
        assert above
        assert not [pair for pair in above if pair[::-1] in above]


def test_doses_to_come_keep_their_tablets_once_the_first_of_them_is_recorded() -> None:
    """A frame took its words from its first dose, given, which has no tablets: the weeks to come lost theirs."""
    evaluated = shipped("pomp")
    whole = {bar.line.text for month in months(make(evaluated, "calendar")).values() for week in month.weeks
             for bar in week.bars if bar.line.text.startswith("Mercaptopurine")}  # fmt: skip
    first = next(one for one in evaluated.schedule.events if one.placed.agent == "mercaptopurine")
    given = [
        GivenRecord(
            one.placed.block.id, one.placed.cycle, one.cycle_day, one.placed.order.id, number, Given.GIVEN,
            one.date, one.dose.value, one.dose.unit, "A", as_planned=True,
        )
        for agent in ("mercaptopurine", "methotrexate")
        for number, one in enumerate(
            one for one in evaluated.schedule.events if one.placed.agent == agent and one.day == first.day
        )
    ]  # fmt: skip
    recorded = make(evaluate(replace(evaluated.plan, given=tuple(given)), library()), "calendar")
    told = {bar.line.text for month in months(recorded).values() for week in month.weeks for bar in week.bars}
    assert {text for text in told if text.startswith("Mercaptopurine")} == whole
    bars = [bar for month in months(recorded).values() for week in month.weeks for bar in week.bars]
    done = [bar for bar in bars if bar.done]
    assert [(bar.line.text[:14], bar.done) for bar in done] == [
        ("Mercaptopurine", ((first.date.weekday(), done[0].ticks),))
    ]
    lines = [
        line for month in months(recorded).values() for week in month.weeks for day in week.days for line in day.lines
    ]
    assert [line.text[:12] for line in lines if line.ticked] == ["Methotrexate"]
    table = next(part for one in recorded.sections for part in one.parts if isinstance(part, Table) and one.level == 1
                 and any("Methotrexate" in words_of_cell(row.cells[0]) for row in part.rows))  # fmt: skip
    (amount,) = (words_of_cell(row.cells[2]) for row in table.rows if words_of_cell(row.cells[0]) == "Methotrexate"
                 and "by mouth" in words_of_cell(row.cells[1]))  # fmt: skip
    assert "15 tablets of 2.5 mg" in amount


def test_a_medicine_that_goes_on_through_later_parts_is_not_told_as_one_of_its_first() -> None:
    """Ursodiol "In: Mini-hyper-CVD 1" read as over in December; its frame runs to August."""
    sheet = make(shipped("mini-hyper-cvd-inotuzumab"), "calendar")
    rows = [row for one in sheet.sections for part in one.parts if isinstance(part, Table) for row in part.rows]
    (notes,) = (words_of_cell(row.cells[3]) for row in rows if words_of_cell(row.cells[0]) == "Ursodiol")
    assert "In:" not in notes


def test_a_dose_of_a_whole_day_that_is_one_of_each_time_on_other_days_is_told_as_that() -> None:
    """Clonazepam 0.5 mg "for the whole day" was told of the days on which 0.5 mg are taken twice."""
    choices = {"seizure-prophylaxis": "clonazepam"}
    plan = add_protocol(
        new_plan("p", PATIENT), library().protocols["hsct-bu-flu"], BlockStart(on=date(2026, 12, 7)), choices
    )
    sheet = make(evaluate(plan, library()), "calendar")
    rows = [row for one in sheet.sections for part in one.parts if isinstance(part, Table) for row in part.rows]
    told = [words_of_cell(row.cells[2]) for row in rows if words_of_cell(row.cells[0]) == "Clonazepam"]
    assert [text.split(" Write in")[0] for text in told] == ["0.5 mg each time"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_day_of_inotuzumab_is_cut_over_two_pages(language: str) -> None:
    """Cyclophosphamide stood on the page behind its own day, under "Day 2 more"."""
    sheet = BUILDERS["calendar"](shipped("mini-hyper-cvd-inotuzumab"), job(wish=Wish(language=language)))
    pages = page_texts(write_pdf(sheet, "A4"))
    assert not [page for page in pages if squashed(words_of(language).say("earlier")) in squashed(page)]
