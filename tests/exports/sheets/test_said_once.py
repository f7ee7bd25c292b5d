"""What a sheet says once, and where it begins and ends: no page that tells nothing, no note under every row."""

from datetime import date, datetime

from msgspec.structs import replace

from planner.exports.sheets.handover.handover import handover
from planner.exports.sheets.sheet import Paragraphs, Row, Sheet, Table
from planner.model.plan import Given, GivenRecord
from planner.model.wish import Wish
from planner.services.printing import BUILDERS
from tests.exports.papers import STAMP, job, lines_of, make, shipped, words_of
from tests.exports.sheets.test_after_edits import seen
from tests.exports.sheets.test_day_bag_supply import bagged


def rows_of(sheet: Sheet, columns: int) -> list[Row]:
    tables = [part for section in sheet.sections for part in section.parts if isinstance(part, Table)]
    return [row for table in tables if len(table.columns) == columns for row in table.rows if not row.band]


def test_a_hand_over_printed_long_before_the_plan_begins_with_its_first_day() -> None:
    """Printed seven weeks ahead it held an empty table."""
    evaluated = shipped("hsct-cy-tbi")
    first = evaluated.schedule.events[0].date
    for printed, title in (
        (datetime(2025, 12, 1, 9, 0), f"{first:%a %d-%b-%Y} to "),
        (datetime(2026, 3, 5, 9, 0), "Thu 05-Mar-2026 to "),
    ):
        sheet = handover(evaluated, replace(job(), stamp=replace(STAMP, printed_at=printed)))
        assert sheet.sections[0].title.startswith(title)
        assert rows_of(sheet, 6)
    asked = handover(evaluated, job(wish=Wish(first=date(2025, 12, 1))))
    assert asked.sections[0].title.startswith("Mon 01-Dec-2025 to ")


def test_a_long_note_of_a_hand_over_is_told_in_full_once() -> None:
    """CALGB 10403: what day 29 waits for stood in four lines under each of eleven doses."""
    evaluated = shipped("calgb-10403")
    block = next(one for one in evaluated.schedule.blocks if one.title == "Consolidation")
    wish = Wish(date.fromordinal(block.start), date.fromordinal(block.end))
    texts = [line.text for row in rows_of(handover(evaluated, job(wish=wish)), 6) for line in row.cells[3].lines]
    long = [text for text in texts if text.startswith("an estimate: ")]
    assert len(long) > 3
    assert all(text.replace("\u00a0", " ").startswith("an estimate: see ") for text in long[1:])
    assert len({*long[1:]}) == 1, "the row that has it"
    assert len(long[0]) > 60


def test_a_day_alone_of_an_infusion_is_handed_over_as_one_of_a_continuous_infusion() -> None:
    """The last day before a hold stood there as "28 mcg, intravenous", like one dose."""
    evaluated = bagged()
    day = [one for one in evaluated.schedule.events if one.placed.kind == "infusion"][4].date
    rows = rows_of(handover(evaluated, job(wish=Wish(day, day))), 4)
    (told,) = (words_of(row.cells[1]) for row in rows if words_of(row.cells[0]) == "Blinatumomab")
    assert told == "28 mcg a day, intravenous, continuous infusion"


def test_a_bag_plan_ends_with_the_pump_off_and_tells_a_day_alone_as_one() -> None:
    """Its title ended a day before the final disconnect; one day was "D10 to D10", its state stood among the dates."""
    evaluated = bagged()
    hung = next(one for one in evaluated.schedule.events if one.placed.kind == "infusion")
    place = hung.placed.block.id, 1, hung.cycle_day, hung.placed.order.id
    record = GivenRecord(*place, 0, Given.GIVEN, hung.date, hung.dose.value, hung.dose.unit, "N. Nurse", "")
    done = seen(replace(evaluated.plan, given=(record,)))
    sheet = make(done, "bags")
    off = [one.date for one in done.schedule.events if one.placed.id.endswith("-disconnect")]
    of_block = [one for one in off if one <= date.fromordinal(hung.placed.block.end)]
    assert sheet.sections[0].title.endswith(f" to {max(of_block):%a %d-%b-%Y}")
    first = rows_of(sheet, 6)[0]
    told = [words_of(cell) for cell in first.cells]
    assert told[0] == "Blinatumomab given"
    assert told[3] == "C1 D1, 1 day"
    assert told[4] == told[5] == f"{hung.date:%a %d-%b-%Y}"


def test_what_is_not_on_the_supply_sheet_is_not_said_of_its_last_block() -> None:
    sheet = make(shipped("flag-ida"), "supply")
    (others,) = (section for section in sheet.sections if section.title == "Not on this sheet")
    assert others.level == 0


def test_the_notes_of_a_quiet_day_alone_stand_over_the_whole_width() -> None:
    evaluated = bagged()
    day = next(one for one in evaluated.schedule.events if one.placed.kind == "bag").day + 1
    wish = Wish(date.fromordinal(day), date.fromordinal(day))
    (section,) = BUILDERS["daysheet"](evaluated, job(wish=wish)).sections
    above = [line.text for part in section.parts if isinstance(part, Paragraphs) for line in part.lines]
    note = next(one for one in evaluated.schedule.events if one.placed.kind == "infusion").placed.note
    assert f"Blinatumomab: {note}" in above
    (table,) = (part for part in section.parts if isinstance(part, Table))
    assert note not in words_of(table.rows[0].cells[6])


def test_an_hour_and_a_date_are_never_parted_inside() -> None:
    """ "until" stood alone on its line, and in an upright page the date broke at its hyphen."""
    texts = [line.text for line in lines_of(make(shipped("hyper-cvad-dasatinib"), "daysheet"))]
    until = [text for text in texts if text.startswith("until\u00a0") and " on" in text]
    assert until
    assert all(text.count(" ") == 1 for text in until)
