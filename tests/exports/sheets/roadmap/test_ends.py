"""Where a daily drug passes from cycle to cycle on the roadmap, nobody has to write that it ended and was begun."""

from datetime import date, timedelta
from itertools import pairwise

from msgspec.structs import replace

from planner.exports.sheets.sheet import Sheet
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.plan import BlockStart, Given, GivenRecord, Skip
from planner.model.protocol import TemplateOrder
from planner.services.evaluation import evaluate
from planner.services.verbs.placing import add_protocol
from tests.exports.papers import library, make, shipped, words_of
from tests.exports.sheets.roadmap.test_days import rows_at
from tests.exports.sheets.roadmap.test_roadmap import sections


def told(sheet: Sheet, day: date) -> str:
    return " | ".join(words_of(cell) for row in rows_at(sheet, day) for cell in row.cells)


def cycle_ends(evaluated: EvaluatedPlan) -> list[date]:
    return [date.fromordinal(cycle.end - 1) for block in evaluated.schedule.blocks for cycle in block.cycles]


def test_a_drug_without_a_break_goes_on_into_the_next_cycle() -> None:
    """POMP: mercaptopurine "last day, ended" and "begun" the next morning, 26 times."""
    evaluated = shipped("pomp")
    sheet, ends = make(evaluated, "roadmap"), cycle_ends(evaluated)
    for number, last in enumerate(ends[:-1], start=2):
        into = f"cycle {number}" if number != 13 else "POMP from cycle 13"
        assert f"goes on into {into} " in f"{told(sheet, last)} "
        assert "ended" not in told(sheet, last)
        assert "goes on from the day before" in told(sheet, last + timedelta(1))
        assert "last day" not in told(sheet, last)
    assert "last day ended" in told(sheet, ends[-1])
    assert "begun" in told(sheet, date.fromordinal(evaluated.schedule.blocks[0].start))


def test_a_cycle_that_is_left_out_ends_what_came_before() -> None:
    plan = shipped("pomp").plan
    evaluated = evaluate(replace(plan, modifications=(Skip(plan.blocks[0].id, 2, "toxicity"),)), library())
    sheet, ends = make(evaluated, "roadmap"), cycle_ends(evaluated)
    assert "last day ended" in told(sheet, ends[0])
    assert "goes on" not in told(sheet, ends[1])
    assert "goes on from" not in told(sheet, ends[1] + timedelta(1))


def test_another_dose_is_begun_and_named_before() -> None:
    """ALL2820: ponatinib 45 mg, then 30 mg."""
    evaluated = shipped("all2820")
    drawn = [one for one in evaluated.schedule.events if one.placed.agent == "ponatinib" and one.dose]
    steps = [
        (before, after)
        for before, after in pairwise(drawn)
        if after.day == before.day + 1
        and before.dose
        and after.dose
        and before.dose.value != after.dose.value
        and after.dose.value is not None
    ]
    sheet = make(evaluated, "roadmap")
    assert steps
    for before, after in steps:
        assert ", with " in told(sheet, before.date)
        assert "begun" in told(sheet, after.date)


def test_another_dose_within_a_cycle_says_from_when_it_is_given() -> None:
    """Blinatumomab for relapse: "goes on, with 28 mcg" on day 7, while 9 mcg run to the morning of day 8."""
    evaluated = shipped("blinatumomab-rr")
    sheet = make(evaluated, "roadmap")
    day = date.fromordinal(evaluated.schedule.blocks[0].start + 6)
    assert "goes on, with 28 mcg from D8, 09:00" in told(sheet, day)


def test_what_was_given_up_to_a_cycles_end_says_so_where_it_goes_on() -> None:
    plan = shipped("pomp").plan
    last = cycle_ends(shipped("pomp"))[0]
    records = tuple(
        GivenRecord(
            plan.blocks[0].id,
            1,
            one.cycle_day,
            one.placed.order.id,
            index % one.placed.order.doses_per_day,
            Given.GIVEN,
            one.date,
            one.dose.value,
            "mg",
            "N. Nurse",
        )
        for index, one in enumerate(
            one for one in shipped("pomp").schedule.events if one.placed.agent == "mercaptopurine" and one.date <= last
        )
        if one.dose and isinstance(one.placed.order, TemplateOrder)
    )
    sheet = make(evaluate(replace(plan, given=records), library()), "roadmap")
    assert "goes on into cycle 2 GIVEN" in told(sheet, last)
    assert "goes on from the day before" in told(sheet, last + timedelta(1))


def test_a_pump_without_an_hour_runs_into_the_next_day() -> None:
    """Hyper-CVAD: mesna "last day, ended", and its day sheet of day 4 has it still running."""
    sheet = make(shipped("hyper-cvad"), "roadmap")
    assert "last day, runs into the next day ended" in told(sheet, date(2026, 3, 4))


def test_a_drug_that_another_order_gives_as_well_ends_by_itself() -> None:
    """Two orders of one drug on the same days: where the first ended, it "went on with" the dose of the other."""
    plan = shipped("pomp").plan
    ends = cycle_ends(shipped("pomp"))
    later = BlockStart(on=ends[-1] - timedelta(60))
    twice = add_protocol(plan, library().protocols["pomp"], later)
    sheet = make(evaluate(twice, library()), "roadmap")
    (last,) = (
        words_of(cell)
        for section in sections(sheet, "Days")[:2]
        for row in section.parts[0].rows
        if f"{ends[-1]:%d-%b-%Y}" in words_of(row.cells[0])
        for cell in row.cells
        if "last day" in words_of(cell)
    )
    assert "last day ended" in last
    begun = told(sheet, later.on)
    assert "begun" in begun
    assert "goes on from the day before" not in begun
