"""A block that the trial gives no end: its kinase inhibitor goes on, and no sheet reads as a stop."""

from datetime import date

import pytest
from msgspec.structs import replace

from planner.exports.sheets.sheet import Table
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.going_on import goes_beyond
from planner.model.plan import BlockStart, Scope, Stop
from planner.model.timeline import Bar
from planner.model.wish import Wish
from planner.services.evaluation import evaluate
from planner.services.printing import BUILDERS
from planner.services.verbs.placing import add_phase, add_protocol, new_plan
from tests.courses import PATIENT
from tests.exports.papers import job, library, lines_of, made_before, make, shipped, words_of
from tests.exports.sheets.calendars import months

OPEN = {"hyper-cvad-dasatinib": "tki-alone", "hyper-cvad-ponatinib": "tki-alone", "d-alba": "tki-maintenance"}


def texts(protocol: str, kind: str) -> list[str]:
    return [line.text.replace("\u00a0", " ") for line in lines_of(make(shipped(protocol), kind))]


@pytest.mark.parametrize("protocol", OPEN)
def test_a_drug_of_the_last_block_goes_on(protocol: str) -> None:
    """Dasatinib "without an end date" stopped with the 28 days drawn of it: "last day", "nothing is planned after"."""
    assert any("has no end of its own" in text for text in texts(protocol, "roadmap"))
    assert any("It goes on after the last day of this plan." in text for text in texts(protocol, "calendar"))
    if protocol != "d-alba":  # its dose is the site's to enter
        assert "goes on, no end planned" in texts(protocol, "supply")
    assert "goes on, no end planned" in texts(protocol, "roadmap")


def test_only_what_is_taken_to_the_end_of_such_a_block_goes_on() -> None:
    found = [one for one in shipped("hyper-cvad-dasatinib").schedule.events if goes_beyond(one)]
    assert {one.placed.block.id for one in found} == {"tki-alone"}
    assert {one.day for one in found} == {one.placed.block.end - 1 for one in found}


@pytest.mark.parametrize("protocol", OPEN)
def test_the_drawing_shows_that_it_goes_on(protocol: str) -> None:
    """Dasatinib ended bluntly, beside another medicine with the head of an arrow."""
    evaluated = shipped(protocol)
    open_ended = [bar for lane in evaluated.timeline.lanes for bar in lane.bars if bar.open_end and bar.form == "span"]
    blocks = {bar.block: bar.end for bar in open_ended if bar.block}
    last = evaluated.schedule.blocks[-1]
    assert blocks.get(last.id) == last.end
    assert any("Arrow head at the end" in text for text in texts(protocol, "glance"))


def bars_of(evaluated: EvaluatedPlan, block: str) -> list[Bar]:
    return [bar for lane in evaluated.timeline.lanes for bar in lane.bars if bar.block == block and bar.form == "span"]


def test_before_a_block_that_takes_the_drug_up_it_has_no_open_end() -> None:
    plan, shelved = shipped("hyper-cvad-dasatinib").plan, library().protocols["hyper-cvad-dasatinib"]
    again = add_phase(plan, shelved, "tki-alone", BlockStart(after="tki-alone"))
    added = again.blocks[-1].id
    twice = evaluate(again, library())
    (before,), (after,) = bars_of(twice, "tki-alone"), bars_of(twice, added)
    assert before.end == after.start
    assert not before.open_end
    assert after.open_end


def test_stopped_before_the_end_of_the_block_it_does_not_go_on() -> None:
    plan = shipped("hyper-cvad-dasatinib").plan
    stop = Stop("tki-alone", 1, 20, Scope.FOLLOWING, "toxicity", order="dasatinib-once")
    stopped = bars_of(evaluate(replace(plan, modifications=(stop,)), library()), "tki-alone")
    assert stopped
    assert not any(bar.open_end for bar in stopped)


@pytest.mark.parametrize(("protocol", "name"), [("phallcon", "Ponatinib"), ("d-alba", "Dasatinib")])
def test_a_calendar_that_ends_tells_what_goes_on_behind_its_last_day(protocol: str, name: str) -> None:
    """The frame just stopped, "not in this plan" stood behind it, and the part had a "last day": it read as its end."""
    sheet, told = make(shipped(protocol), "calendar"), f"{name}: until we tell you to stop"
    *before, last = months(sheet).values()
    goes_on, ends = (line.text.replace("\u00a0", " ") for line in last.after)
    assert goes_on == told
    assert ends.startswith("What comes after ")
    assert not any(line.text == told for month in before for line in month.after)
    tables = [part for section in sheet.sections for part in section.parts if isinstance(part, Table)]
    parts = next(table for table in tables if [line.text for line in table.columns[2].heading] == ["Last day"])
    assert [told in words_of(row.cells[2]) for row in parts.rows] == [False] * (len(parts.rows) - 1) + [True]
    large = BUILDERS["calendar"](shipped(protocol), job(wish=Wish(large=True)))
    rows = [part.rows for part in large.sections[-1].parts if isinstance(part, Table)][-1]
    assert told in words_of(rows[-1].cells[1])


def test_a_medicine_without_a_last_day_goes_on_behind_the_last_day_of_the_plan() -> None:
    """Behind the last frame "ciclosporin, until we tell you to stop" stood "not in this plan": it read as its end."""
    plan = add_protocol(
        new_plan("p", PATIENT),
        library().protocols["ptcy-gvhd"],
        BlockStart(on=date(2026, 12, 7)),
        {"partner": "ciclosporin"},
    )
    *_, last = months(make(evaluate(plan, library()), "calendar")).values()
    told = {line.text for line in last.after}
    assert "Ciclosporin: until we tell you to stop" in told
    *_, rescued = months(make(shipped("graaph-2005"), "calendar")).values()
    assert not any("Leucovorin" in line.text for line in rescued.after)


def test_an_amount_that_goes_on_in_the_next_part_is_told_up_to_its_end() -> None:
    """ "After transplant: 8 March to 6 April" of sirolimus, which is taken on to the end of August, read as its end."""
    sheet = made_before(shipped("ptcy-gvhd"), "calendar")
    rows = [row for one in sheet.sections for part in one.parts if isinstance(part, Table) for row in part.rows]
    (told,) = (words_of(row.cells[3]) for row in rows if len(row.cells) == 4 and "2 mg each" in words_of(row.cells[2]))
    told = told.replace("\u00a0", " ")
    assert "Protection after transplant: 8 March 2026 to 6 April 2026" in told
    assert "Protection after transplant, from Day 36: 7 April 2026 to 29 August 2026" in told
