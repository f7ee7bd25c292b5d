"""What the hand-over says that stands in no row: courses still to enter, and the protocol's notes of what is due."""

from datetime import date

from msgspec.structs import replace

from planner.exports.sheets.glance import NO_SPINAL
from planner.exports.sheets.handover.handover import NOTES, handover
from planner.exports.sheets.sheet import Cell, Sheet, Table
from planner.exports.sheets.supply.supply import supply
from planner.exports.wording.sums import NO_INTRATHECAL
from planner.model.civil import clock, weekday_date
from planner.model.plan import DoseChange, Omission, Plan, Scope
from planner.model.wish import Wish
from tests.exports.papers import job, lines_of, make, shipped
from tests.exports.sheets.test_after_edits import placed, printed_sheet, rows, text
from tests.exports.sheets.test_handover_summary import tables

SPRING = Wish(date(2026, 3, 1), date(2026, 4, 20))
TO_ENTER = "To enter: high-dose methotrexate, leucovorin, pegaspargase"


def due(plan: Plan) -> list[tuple[Cell, ...]]:
    return [row for row in rows(printed_sheet(plan, "handover", SPRING)) if len(row) == 6]


def told(sheet: Sheet, title: str) -> list[str]:
    sections = tuple(one for one in sheet.sections if title in one.title)
    return [line.text.replace("\u00a0", " ") for line in lines_of(Sheet("", "", "", sheet.frame, sections))]


def test_a_course_still_to_enter_stands_on_each_of_its_days() -> None:
    """E1910: the mark of a course of methotrexate is its first day; behind it the sheet read as three free weeks."""
    within = Wish(date(2026, 5, 24), date(2026, 5, 31))
    assert told(handover(shipped("e1910"), job(wish=within)), "What is due")[0] == (
        f"{TO_ENTER} (Intensification): days and doses are not entered, ask the treating clinic; "
        "any day from Sun 17-May-2026 to Sat 13-Jun-2026"
    )
    assert TO_ENTER in told(supply(shipped("e1910"), job(wish=within)), "Not on this sheet")
    after = Wish(date(2026, 6, 14), date(2026, 6, 20))
    assert not any(TO_ENTER in text for text in told(handover(shipped("e1910"), job(wish=after)), "What is due"))
    assert not told(supply(shipped("e1910"), job(wish=after)), "Not on this sheet")


def test_the_notes_of_the_protocol_stand_once_for_what_is_due() -> None:
    """Transplant: no word that prophylaxis against GVHD has a protocol of its own: it read as none."""
    notes = told(handover(shipped("hsct-bu-cy"), job(wish=SPRING)), NOTES)
    assert any(one.startswith("Haematopoietic stem cells: ") and "GVHD prophylaxis" in one for one in notes)
    assert len(notes) == len(set(notes))
    cells = [
        one for one in told(handover(shipped("obe-cel"), job(wish=SPRING)), NOTES) if one.startswith("Obecabtagene")
    ]
    assert [one.split(":")[0] for one in cells] == [
        "Obecabtagene autoleucel C1 D1",
        "Obecabtagene autoleucel C1 D10",
    ], "of two notes each names its day"


def test_what_is_not_given_is_not_noted() -> None:
    skipped = Omission("part-b", 2, 2, "cytarabine", "capacity")
    assert any(one.startswith("Cytarabine: ") for one in told(printed_sheet(placed("hyper-cvad"), "handover"), NOTES))
    plan = replace(placed("hyper-cvad"), modifications=tuple(replace(skipped, day=day) for day in (2, 3)))
    assert not any(one.startswith("Cytarabine: ") for one in told(printed_sheet(plan, "handover"), NOTES))


def test_equal_doses_of_a_day_without_an_hour_are_one_row() -> None:
    """Busulfan every 6 h: four equal rows a day without a word which is which seemed doubled."""
    plan = placed("hsct-bu-cy", {"busulfan-dose": "every-6-hours"})
    found = [row for row in due(plan) if text(row[2]) == "Busulfan"]
    assert len(found) == 4
    assert all("intravenous, over 2 h, 4 times on this day" in text(row[3]) for row in found)
    assert [len([line for line in row[5].lines if line.blank]) for row in found] == [4, 4, 4, 4]
    timed = [text(row[0]) for row in due(placed("hyper-cvad"))]
    assert {"Mon 02-Mar-2026 09:00", "Mon 02-Mar-2026 21:00"} <= set(timed), "those with an hour stay apart"


def test_a_dose_that_somebody_entered_is_told_as_that() -> None:
    """ "dose 100000000 cells: other": nine zeros in a row, and a reason that says nothing."""
    change = DoseChange("infusion", 1, 0, "tisa-cel", Scope.CYCLE, "other", dose="100000000 cells")
    plan = replace(placed("tisa-cel"), modifications=(change,))
    told = [text(row[3]) for row in due(plan) if text(row[2]) == "Tisagenlecleucel"]
    assert any("dose entered for this plan: 100,000,000 cells" in one for one in told)
    assert not any(": other" in one for one in told)


def test_sheets_that_count_intrathecal_doses_say_that_none_is_drawn() -> None:
    """ALL2820 leaves fifteen to the site, in one note of the roadmap; summary and glance read as none."""
    for kind, words in (("summary", NO_INTRATHECAL), ("glance", NO_SPINAL)):
        for protocol, none in (("all2820", True), ("hyper-cvad", False)):
            sheet = make(shipped(protocol), kind)
            texts = [line.text for line in lines_of(sheet)] + [section.title for section in sheet.sections]
            assert any(words in one for one in texts) is none


def test_drips_of_a_day_are_named_where_no_pump_runs() -> None:
    texts = [line.text for line in lines_of(make(shipped("hsct-bu-cy"), "bags"))]
    assert any(one.endswith("the day sheet has them: Mesna") for one in texts)


def test_upright_paper_has_room_for_date_and_hour() -> None:
    """ "Tue 29-Dec-2026 09:00" was set a sixth narrower there, beside wide columns to write in."""
    sheet = printed_sheet(placed("hyper-cvad"), "handover", SPRING)
    tables = (part for one in sheet.sections for part in one.parts if isinstance(part, Table))
    table = next(one for one in tables if one.columns[0].heading[0].text == "Date, time")
    upright = 523  # points between the margins of A4
    least = [column.least for column in table.columns]
    assert least[0] * upright / sum(least) > 100


def test_a_note_names_the_hour_of_its_row() -> None:
    """Leucovorin of 09:00, 15:00 and 21:00: "see Leucovorin on Wed 30-Dec-2026", a day with four rows of it."""
    evaluated = shipped("hyper-cvad")
    doses = [one for one in evaluated.schedule.events if one.placed.order.id == "leucovorin-next"]
    first = doses[0]
    drawn = tables(handover(evaluated, job(wish=Wish(first.date, first.date))), "What is due")
    notes = [row[3] for row in drawn if row[2] == "Leucovorin"]
    assert "see Leucovorin" not in notes[0]
    where = f"note: see Leucovorin on {weekday_date(first.day)} {clock(first.minute)}"
    assert [text.endswith(where) for text in notes[1:]] == [True] * (len(notes) - 1)
    assert len(notes) > 2
