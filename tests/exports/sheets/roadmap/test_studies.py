"""Studies in the rows of the roadmap: what the letter of all others stands for is named in the row."""

from datetime import timedelta

from msgspec.structs import replace

from planner.exports.sheets.sheet import Line, Table
from planner.exports.wording.doses import STATES
from planner.model.plan import Omission, Skip
from planner.services.evaluation import evaluate
from planner.services.printing import BUILDERS
from tests.exports.papers import library, make, shipped
from tests.exports.sheets.roadmap.test_days import rows_at, told_at


def test_what_is_to_be_entered_is_named_in_its_row() -> None:
    """PONALFIL: the day of conditioning was "A", the words on the next page."""
    evaluated = shipped("ponalfil")
    sheet = make(evaluated, "roadmap")
    days = {one.placed.agent_name: one.date for one in evaluated.schedule.events}
    (told,) = told_at(sheet, days["To enter: conditioning and transplant"])
    assert ": To enter: conditioning and transplant" in told


def test_a_study_of_days_in_a_row_is_named_on_the_first() -> None:
    evaluated = shipped("brexu-cel")
    watch = [one for one in evaluated.schedule.events if one.placed.agent_name.startswith("Daily watch")]
    sheet = make(evaluated, "roadmap")
    (first,) = told_at(sheet, watch[0].date)
    (second,) = told_at(sheet, watch[0].date + timedelta(1))
    assert "A2: Daily watch for CRS and neurotoxicity, to D7" in first
    assert "Daily watch" not in second


def test_a_marrow_has_its_letter_alone() -> None:
    evaluated = shipped("ponalfil")
    marrow = next(one for one in evaluated.schedule.events if one.placed.agent_name.startswith("Bone marrow"))
    (told,) = told_at(make(evaluated, "roadmap"), marrow.date)
    assert "Bone marrow" not in told


def test_a_study_that_is_left_out_is_struck_through_in_its_row() -> None:
    plan = shipped("ponalfil").plan
    events = shipped("ponalfil").schedule.events
    entered = next(one for one in events if one.placed.agent_name == "To enter: conditioning and transplant")
    block = entered.placed.block.id
    left_out = replace(plan, modifications=(Omission(block, 1, entered.cycle_day, "to-enter", "toxicity"),))
    (row,) = rows_at(make(evaluate(left_out, library()), "roadmap"), entered.date)
    assert Line("A: To enter: conditioning and transplant", "struck") in row.cells[-1].lines
    assert row.cells[-2].lines == (Line("A", "struck"), Line("OMITTED", "strong"))


def test_no_sheet_strikes_out_the_word_that_it_is_left_out() -> None:
    """ "OMITTED" stood struck out below the letter of a test: it can be read as not omitted."""
    plan = replace(shipped("inotuzumab-rr").plan, modifications=(Skip("cycle-1", 1, "patient choice"),))
    for kind in BUILDERS:
        sheet = make(evaluate(plan, library()), kind)
        tables = [part for one in sheet.sections for part in one.parts if isinstance(part, Table)]
        lines = [line for table in tables for row in table.rows for cell in row.cells for line in cell.lines]
        struck = [line.text for line in lines if "struck" in line.style]
        assert not [text for text in struck if any(state in text for state in STATES.values())], kind
