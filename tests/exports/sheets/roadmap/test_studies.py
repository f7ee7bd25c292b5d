"""Studies in the rows of the roadmap: what the letter of all others stands for is named in the row."""

from datetime import timedelta

from msgspec.structs import replace

from planner.exports.sheets.sheet import Line
from planner.model.plan import Omission
from planner.services.evaluation import evaluate
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
