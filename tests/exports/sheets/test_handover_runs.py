"""Daily medicines of the hand-over go on over the borders of cycles, and what was due before its first day is open."""

from datetime import date, datetime, timedelta

from msgspec.structs import replace

from planner.exports.sheets.handover import handover
from planner.exports.sheets.sheet import Line
from planner.model.civil import weekday_date
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.plan import Given, GivenRecord
from planner.model.wish import Wish
from planner.services.evaluation import evaluate
from tests.exports.papers import STAMP, job, library, lines_of, shipped
from tests.exports.sheets.test_handover_summary import tables

DAILY = "Daily medicines and infusions"


def test_a_drug_of_two_cycles_is_one_run() -> None:
    """POMP: mercaptopurine "to Sun 03-Jan-2027", and "from Mon 04-Jan-2027" in another row on the next page."""
    evaluated = shipped("pomp")
    first = evaluated.schedule.events[0].date
    last = first + timedelta(41)
    rows = [
        row for row in tables(handover(evaluated, job(wish=Wish(first, last))), DAILY) if row[0] == "Mercaptopurine"
    ]
    assert [row[2:] for row in rows] == [[weekday_date(first), weekday_date(last)]]


def test_days_of_a_run_that_lie_behind_a_border_are_no_rows_of_their_own() -> None:
    """The first two days of a cycle at the end of the time stood among the single days."""
    evaluated = shipped("pomp")
    first = evaluated.schedule.events[0].date
    sheet = handover(evaluated, job(wish=Wish(first, first + timedelta(29))))
    assert not [row for row in tables(sheet, "What is due") if row[2] == "Mercaptopurine"]
    assert [row[3] for row in tables(sheet, DAILY) if row[0] == "Mercaptopurine"] == [
        weekday_date(first + timedelta(29))
    ]


def test_another_dose_is_another_row() -> None:
    evaluated = shipped("all2820")
    first = evaluated.schedule.events[0].date
    sheet = handover(evaluated, job(wish=Wish(first, first + timedelta(70))))
    doses = [row[1].partition(",")[0] for row in tables(sheet, DAILY) if row[0] == "Ponatinib"]
    assert "45 mg" in doses
    assert len(doses) == len(set(doses))


def open_lines(evaluated: EvaluatedPlan, printed: date) -> list[Line]:
    stamp = replace(STAMP, printed_at=datetime(printed.year, printed.month, printed.day, 9, 0))
    return [line for line in lines_of(handover(evaluated, replace(job(), stamp=stamp))) if "Was due" in line.text]


def test_what_was_due_before_the_first_day_of_its_block_stays_open_until_it_is_recorded() -> None:
    """Leukapheresis: the last days of antibodies lay before the day of printing, and stood nowhere."""
    evaluated = shipped("leukapheresis")
    block = evaluated.schedule.blocks[0]
    events = evaluated.schedule.events
    on = date.fromordinal(block.begins) - timedelta(16)
    early = [one for one in events if one.date < on]
    assert len(early) == 4
    lines = open_lines(evaluated, on)
    assert [line.text.replace("\u00a0", " ") for line in lines] == [
        f"Was due {weekday_date(one.day)}, not recorded: {one.placed.agent_name}" for one in early
    ]
    assert all(line.tick for line in lines)
    kept = early[0]
    record = GivenRecord(
        block.id, 1, kept.cycle_day, kept.placed.order.id, 0, Given.GIVEN, kept.date, None, "", "N. Nurse"
    )
    recorded = evaluate(replace(evaluated.plan, given=(record,)), library())
    assert len(open_lines(recorded, on)) == 3
    assert not open_lines(evaluated, date.fromordinal(block.begins) + timedelta(1)), "the block has begun"


def test_a_long_note_is_not_half_said_again() -> None:
    """FLAG-Ida: "until neutrophils have recovered past their low point: see Filgrastim on" stood under each shot."""
    evaluated = shipped("flag-ida")
    first = evaluated.schedule.events[0].date
    rows = tables(handover(evaluated, job(wish=Wish(first, first + timedelta(6)))), "What is due")
    told = [row[3] for row in rows if row[2] == "Filgrastim"]
    assert "past their low point" in told[0]
    assert told[1].endswith(f"note: see Filgrastim on {weekday_date(first)}")
    assert "neutrophils" not in told[1]
