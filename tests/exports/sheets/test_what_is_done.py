"""What is given, what runs on, what is interrupted and what is answered: no line asks for it again."""

from collections.abc import Callable
from datetime import date

import pytest
from msgspec.structs import replace

from planner.exports.sheets.day.runs import INTERRUPTED, LEADS, RUNS
from planner.exports.sheets.sheet import Row, Section, Sheet, Table
from planner.exports.wording.doses import DONE, GIVEN
from planner.model.cycle_content import State
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.schedule import Event
from planner.model.wish import Wish
from planner.services.printing import BUILDERS
from tests.exports.papers import job, lines_of, make, shipped, words_of
from tests.exports.sheets.calendars import said_on
from tests.exports.sheets.test_day_bag_supply import bagged
from tests.exports.sheets.test_handover_summary import postponed
from tests.schedules import with_events

LAST_OF_ROW = {"daysheet": slice(4, 7), "bags": slice(6, 9), "handover": slice(4, 6)}
"""The cells of a row to write in."""


def with_state(evaluated: EvaluatedPlan, state: State, chosen: Callable[[Event], bool]) -> EvaluatedPlan:
    events = tuple(one._replace(state=state) if chosen(one) else one for one in evaluated.schedule.events)
    schedule = replace(evaluated.schedule)
    schedule.__dict__["events"] = events  # what it would make of its pieces
    return replace(evaluated, schedule=schedule)


def on_day(evaluated: EvaluatedPlan, kind: str, day: int) -> Sheet:
    on = date.fromordinal(day)
    return BUILDERS[kind](evaluated, job(wish=Wish(on, on)))


def rows_of(sheet: Sheet, columns: int) -> list[Row]:
    tables = [part for section in sheet.sections for part in section.parts if isinstance(part, Table)]
    return [row for table in tables if len(table.columns) == columns for row in table.rows if not row.band]


@pytest.mark.parametrize(("kind", "columns"), [("daysheet", 8), ("bags", 9), ("handover", 6)])
def test_what_is_recorded_as_given_leaves_no_line_to_write_on(kind: str, columns: int) -> None:
    """A day sheet printed at noon asked for the doses of the morning again, with a small "given" in the notes."""
    planned = bagged()
    first = planned.schedule.events[0].day
    given = with_state(planned, State.GIVEN, lambda one: one.day == first)
    for evaluated, told in ((planned, set()), (given, {GIVEN, DONE})):
        rows = [row for row in rows_of(on_day(evaluated, kind, first), columns) if words_of(row.cells[0]).strip()]
        cells = [cell for row in rows for cell in row.cells[LAST_OF_ROW[kind]]]
        assert cells
        blanks = [line for cell in cells for line in cell.lines if line.blank or line.tick > line.ticked]
        assert bool(blanks) is (evaluated is planned)
        done = {line.text for cell in cells for line in cell.lines if line.ticked}
        assert done <= told
        assert (GIVEN in done) is (evaluated is given)


def infused(section: Section) -> list[str]:
    """What stands under "Begun" for the infusion."""
    table = next(part for part in section.parts if isinstance(part, Table))
    return [words_of(row.cells[4]) for row in table.rows if words_of(row.cells[1]).startswith("Blinatumomab C")]


def test_an_infusion_that_runs_on_is_not_begun_again() -> None:
    """On the days between two bags a line under "Begun" invited to start a second pump."""
    evaluated = bagged()
    bags = sorted({one.day for one in evaluated.schedule.events if one.placed.kind == "bag"})
    first, second = (on_day(evaluated, "daysheet", day).sections[0] for day in bags[:2])
    assert infused(first) == [""]
    (row,) = next(part for part in second.parts if isinstance(part, Table)).rows
    assert [line.text for line in row.cells[4].lines] == ["hung at", "1.8\u00a0mL/h"]
    drawn = [one for one in evaluated.schedule.events if one.day == bags[1]]
    begun = [one for one in drawn if one.placed.kind == "infusion"]
    drip = begun[0]._replace(placed=replace(begun[0].placed, kind="administration", id="odd"))
    events = tuple(sorted((*evaluated.schedule.events, drip), key=lambda one: one.day))
    beside = on_day(replace(evaluated, schedule=with_events(evaluated.schedule, events)), "daysheet", bags[1])
    assert infused(beside.sections[0]) == ["runs on", ""]


def test_changes_of_bags_are_rows_of_one_list_with_a_line_for_when_each_was_hung() -> None:
    """A page for each stretch between two changes: 105 pages of the days of four cycles, most of them empty."""
    evaluated = bagged()
    sheet = BUILDERS["daysheet"](evaluated, job())
    lists = [one for one in sheet.sections if " to " in one.title]
    rows = [row for one in lists for part in one.parts if isinstance(part, Table) for row in part.rows]
    hung = [row for row in rows if any(line.text == "hung at" for line in row.cells[4].lines)]
    starts = {one.day for one in evaluated.schedule.events if one.placed.kind == "infusion"}
    bags = [one for one in evaluated.schedule.events if one.placed.kind == "bag" and one.day - 1 in starts]
    assert len(hung) == len(bags)
    for row, bag in zip(hung, bags, strict=True):
        ticked = [line.text.replace("\u00a0", " ") for line in row.cells[3].lines if line.tick]
        assert ticked == [f"Blinatumomab: {bag.notes[0].split(':')[0]}".replace("\u00a0", " ")]
        assert "hung at" in words_of(row.cells[4])
        assert words_of(row.cells[6]).startswith("then ")
    assert len(lists) == len({one.placed.cycle for one in bags})


def test_an_interrupted_infusion_does_not_run_on() -> None:
    """Held for a seizure and struck on three days, it "runs on", with a column for the checked pump."""
    evaluated = shipped("blinatumomab-mrd")
    start = evaluated.schedule.blocks[0].start
    for state, lead in ((State.PLANNED, LEADS[RUNS][1]), (State.HELD, LEADS[INTERRUPTED][1])):
        out = with_state(evaluated, state, lambda one: one.placed.kind == "infusion" and 10 < one.day - start < 14)
        wish = Wish(date.fromordinal(start + 11), date.fromordinal(start + 13))
        sheet = BUILDERS["daysheet"](out, job(wish=wish))
        assert [line.text for line in lines_of(sheet) if line.text.startswith(lead)]
        (table,) = (part for part in sheet.sections[-1].parts if isinstance(part, Table))
        assert ("Pump checked" in [line.text for column in table.columns for line in column.heading]) is (
            state is State.PLANNED
        )


@pytest.mark.parametrize("kind", ["daysheet", "calendar"])
def test_a_pump_without_an_hour_runs_into_the_next_day(kind: str) -> None:
    """Hyper-CVAD: mesna of days 1 to 3 ends on day 4, where nobody was told to take it down."""
    evaluated = shipped("hyper-cvad")
    last = [one for one in evaluated.schedule.events if one.placed.agent == "mesna"][2]
    assert (last.cycle_day, last.minute) == (3, -1)
    if kind == "calendar":
        assert "Mesna: the drip may still go on" in said_on(make(evaluated, kind))[date.fromordinal(last.day + 1)]
    else:
        texts = [line.text for line in lines_of(on_day(evaluated, kind, last.day + 1))]
        assert [text for text in texts if text.startswith("Still running: Mesna") and "end not known" in text]


@pytest.mark.parametrize(("kind", "columns"), [("daysheet", 8), ("handover", 6)])
def test_an_answered_question_has_no_box(kind: str, columns: int) -> None:
    told = postponed()
    (asked,) = (one for one in told.schedule.events if one.placed.order.id == "burden")
    rows = [row for row in rows_of(on_day(told, kind, asked.day), columns) if "Decided: " in str(row)]
    assert len(rows) == 1
    assert not any(line.tick or line.blank for cell in rows[0].cells for line in cell.lines)


def test_an_answered_question_is_no_talk_with_the_doctor_and_has_its_answer_on_the_roadmap() -> None:
    told = postponed()
    (asked,) = (one for one in told.schedule.events if one.placed.order.id == "burden")
    assert not any("Talk with your doctor" in text for text in said_on(make(told, "calendar"))[asked.date])
    texts = [line.text for line in lines_of(make(told, "roadmap")) if line.text.startswith("DECISION: ")]
    assert any("Decided: 20 % or less: low burden" in text for text in texts)
    unanswered = shipped("obe-cel")
    assert any(
        "Talk with your doctor" in text for lines in said_on(make(unanswered, "calendar")).values() for text in lines
    )
