"""A drug that goes on with every answer, of which only the dose is open, is not told as one to leave out."""

from planner.exports.sheets.sheet import Table
from planner.model.cycle_content import State
from tests.exports.papers import lines_of, make, shipped, words_of
from tests.exports.sheets.calendars import months

PROTOCOL = "ponatinib-blinatumomab"
GOES_ON = "goes on in any case, only its dose is provisional"


def rows(kind: str) -> list:
    sections = make(shipped(PROTOCOL), kind).sections
    return [row for one in sections for part in one.parts if isinstance(part, Table) for row in part.rows]


def test_the_family_reads_that_ponatinib_goes_on_and_that_its_dose_is_confirmed() -> None:
    """ "15 mg, once a day, if your doctor confirms" let them take none until somebody did, for half a year."""
    sheet = make(shipped(PROTOCOL), "calendar")
    bars = [bar for month in months(sheet).values() for week in month.weeks for bar in week.bars]
    told = {bar.line.text.replace("\u00a0", " "): bar.dashed for bar in bars if "15\u00a0mg" in bar.line.text}
    dose = "Ponatinib: by mouth, 15 mg (1 tablet of 15 mg), once a day"
    assert told.pop(f"{dose}. It goes on in any case. Your doctor confirms the dose.") is False
    assert all(told.values()), "ponatinib alone hangs on an answer as a whole"
    (medicine,) = (
        row for row in rows("calendar") if len(row.cells) == 4 and "15 mg each time" in words_of(row.cells[2])
    )
    assert "It goes on in any case. Your doctor confirms the dose." in words_of(medicine.cells[3])
    assert "Only if your doctor confirms" not in words_of(medicine.cells[3])


def test_the_day_sheet_frames_nothing_of_a_drug_whose_dose_is_open_nor_what_stands_beside_it() -> None:
    """A broken frame enclosed blinatumomab, which was sure, and ponatinib, which goes on with 15 or 30 mg."""
    found = [row for row in rows("daysheet") if len(row.cells) == 7]
    days = {words_of(row.cells[0]) for row in found if "Blinatumomab" in words_of(row.cells[3])}
    beside = [row for row in found if "Ponatinib 15 mg" in words_of(row.cells[3]) and words_of(row.cells[0]) in days]
    assert len(beside) > 50
    for row in beside:
        assert row.cells[3].edge == ""
        assert not any(line.unsure for line in row.cells[3].lines)
        assert GOES_ON in words_of(row.cells[3])


def test_what_hangs_on_an_answer_has_a_frame_of_its_own_beside_what_is_sure() -> None:
    evaluated = shipped("obe-cel")
    unsure = {one.placed.agent_name for one in evaluated.schedule.events if one.state is State.PROVISIONAL}
    sections = make(evaluated, "daysheet").sections
    cells = [
        cell
        for one in sections
        for part in one.parts
        if isinstance(part, Table)
        for row in part.rows
        for cell in row.cells
    ]
    mixed = [cell for cell in cells if any(line.unsure for line in cell.lines)]
    assert all(cell.edge == "" for cell in mixed)
    for line in (line for cell in mixed for line in cell.lines if line.unsure):
        assert any(name in line.text for name in unsure)


def test_every_sheet_that_names_the_state_names_it_alike() -> None:
    for kind in ("daysheet", "roadmap", "supply", "handover"):
        texts = [line.text.replace("\u00a0", " ") for line in lines_of(make(shipped(PROTOCOL), kind))]
        named = [text for text in texts if GOES_ON in text]
        assert bool(named) == (kind != "handover"), kind  # the hand-over ends before the first answer


def test_a_part_with_sure_days_of_a_medicine_is_not_told_as_another_one_that_hangs_on_an_answer() -> None:
    """ "In: Induction. If your doctor confirms, also in: Induction, Consolidation" named Induction twice."""
    sheet = make(shipped("aall0232-hr"), "calendar")
    for table in (part for one in sheet.sections for part in one.parts if isinstance(part, Table)):
        for row in (row for row in table.rows if len(row.cells) == 4):
            lines = [line.text for line in row.cells[3].lines]
            sure = {name for text in lines if text.startswith("In: ") for name in text[4:].split(", ")}
            also = [text.partition("also in: ")[2] for text in lines if "also in: " in text]
            assert not sure & {name for text in also for name in text.split(", ")}
    told = [line.text for line in lines_of(sheet)]
    assert any("also in: " in text for text in told)
