"""The family's table of medicines where doses are recorded: what was given says nothing of what is to come."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from msgspec.structs import replace

from planner.exports.pdf.writer import write_pdf
from planner.exports.sheets.sheet import Sheet, Table
from planner.model.cycle_content import State
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.schedule import Event
from planner.model.wish import Wish
from planner.services.printing import BUILDERS, make_sheet
from tests.exports.papers import SITE, job, lines_of, make, page_texts, shipped, words_of
from tests.schedules import with_events

NOON = datetime(2026, 3, 2, 12, 0)


@dataclass
class Told:
    """A row of the table: how much, what is good to know, and whether the family is asked for tablets."""

    amount: str
    notes: str
    asks: bool


def rows_of(sheet: Sheet, medicine: str) -> list[Told]:
    tables = [part for one in sheet.sections for part in one.parts if isinstance(part, Table)]
    (table,) = (one for one in tables if [line.text for line in one.columns[0].heading] == ["Medicine"])
    return [
        Told(
            words_of(row.cells[2]).replace("\u00a0", " "),
            words_of(row.cells[3]).replace("\u00a0", " "),
            any(line.blank for line in row.cells[2].lines),
        )
        for row in table.rows
        if words_of(row.cells[0]) == medicine
    ]


def recorded(evaluated: EvaluatedPlan, chosen: Callable[[Event], bool], dose: Decimal | None = None) -> EvaluatedPlan:
    def given(event: Event) -> Event:
        assert event.dose is not None
        found = replace(event.dose, origin="given", value=dose or event.dose.value)
        return event._replace(state=State.GIVEN, dose=found)

    events = tuple(given(one) if chosen(one) else one for one in evaluated.schedule.events)
    return replace(evaluated, schedule=with_events(evaluated.schedule, events))


def test_recorded_doses_say_nothing_of_how_those_to_come_are_taken() -> None:
    """ "40 mg each time" for all courses, because two days of the first were recorded: twice a day would be 80 mg."""
    planned = shipped("hyper-cvad")
    doses = [one for one in planned.schedule.events if one.placed.agent == "dexamethasone"]
    begun = recorded(planned, lambda one: one in doses[:2])
    assert [told.amount for told in rows_of(make(begun, "calendar"), "Dexamethasone")] == [
        told.amount for told in rows_of(make(planned, "calendar"), "Dexamethasone")
    ]


def test_a_recorded_dose_of_its_own_makes_no_row_while_more_is_to_come() -> None:
    """A family was asked to write in the tablets of 20 mg given on one day of the past."""
    planned = shipped("hyper-cvad")
    doses = [one for one in planned.schedule.events if one.placed.agent == "dexamethasone"]
    part = recorded(planned, lambda one: one in doses[:1], Decimal(20))
    (told,) = rows_of(make(part, "calendar"), "Dexamethasone")
    assert told.amount.startswith("40 mg for the whole day")
    every = recorded(planned, lambda one: one in doses, Decimal(20))
    assert rows_of(make(every, "calendar"), "Dexamethasone") == [], "all of it is over"


def test_how_often_is_told_by_the_doses_to_come() -> None:
    """Once its first dose was recorded, a dose of the whole day read "once a day"."""
    planned = shipped("calgb-10403")
    doses = [one for one in planned.schedule.events if one.placed.agent == "prednisone"]
    begun = recorded(planned, lambda one: one in doses[:3])
    assert [told.notes for told in rows_of(make(begun, "calendar"), "Prednisone")] == [
        told.notes for told in rows_of(make(planned, "calendar"), "Prednisone")
    ]


def test_large_print_ticks_what_is_recorded_on_days_that_share_a_row() -> None:
    """Given looked never taken there: the boxes of several days stayed empty, those of one day alone were ticked."""
    planned = shipped("phallcon")
    doses = [one for one in planned.schedule.events if one.placed.agent == "ponatinib"]
    given = recorded(planned, lambda one: one in doses[:10])
    sheet = BUILDERS["calendar"](given, job(wish=Wish(large=True)))
    boxes = [box for line in lines_of(sheet) for box in line.boxes]
    assert sum(done for _, _, done in boxes) > 5
    assert not all(done for _, _, done in boxes)


def test_large_print_names_no_second_day_where_none_is_counted() -> None:
    """ "Day 33 / to" stood where the last days of a row lie in no part."""
    sheet = BUILDERS["calendar"](shipped("ptcy-gvhd"), job(wish=Wish(large=True)))
    assert not any(line.text.strip() == "to" for line in lines_of(sheet))


def test_notes_of_a_medicine_stand_in_the_order_of_its_days() -> None:
    """ "Your own cells come back, second part." stood above the first, because that was recorded as given."""
    evaluated = shipped("obe-cel")
    first = next(one for one in evaluated.schedule.events if one.placed.kind == "cell_infusion")
    given = recorded(evaluated, lambda one: one == first)
    (told,) = rows_of(make(given, "calendar"), "CAR T cells (obecabtagene autoleucel)")
    assert 0 <= told.notes.index("first part") < told.notes.index("second part")


def test_large_print_names_a_medicine_on_each_page_of_its_row() -> None:
    """Torn over three pages, two of them began with days and no medicine, above the row of another."""
    sheet = make_sheet(shipped("d-alba"), "calendar", SITE, NOON, Wish(large=True, language="ru", alongside="en"))
    tables = [part for section in sheet.sections for part in section.parts if isinstance(part, Table)]
    names = {row.cells[0].lines[0].text for table in tables for row in table.rows if row.cells[0].lines}
    pages = [page for page in page_texts(write_pdf(sheet, "A4")) if "Good to know" in page]
    assert len(pages) > 3
    for page in pages:
        first, *_ = page.split("Good to know\n")[1].split("\n")[0].split(" / ")
        assert first in names, page


def test_a_medicine_of_which_all_days_are_past_names_its_last_one() -> None:
    """Steroid tablets of October that nobody recorded said in November: take every day, do not stop on your own."""
    course = shipped("d-alba")
    after, before = (make_sheet(course, "calendar", SITE, datetime(2026, month, 1, 9, 0)) for month in (7, 3))
    last = max(one.date for one in course.schedule.events if one.placed.agent == "corticosteroid")
    (told,) = rows_of(after, "Steroid tablets")
    assert told.notes == f"Last day: {last.day} {last:%B %Y}"
    assert not told.asks, "nobody writes in how many tablets it was"
    (told,) = rows_of(before, "Steroid tablets")
    assert "Take every day." in told.notes
    assert "Last day" not in told.notes
