"""A pump that is put on is told as that, a recorded day of it begins nothing, cells are counted, names keep numbers."""

from datetime import timedelta

import pytest

from planner.exports.sheets.day.runs import stretches
from planner.exports.sheets.sheet import Table
from planner.exports.wording.text import numbered
from planner.model.cycle_content import State
from planner.model.plan import Hold
from planner.model.wish import Wish
from planner.services.evaluation import evaluate
from planner.services.printing import BUILDERS
from planner.services.verbs import pausing
from tests.exports.papers import job, library, lines_of, make, shipped, words_of
from tests.exports.sheets.calendars import months, said_on
from tests.exports.sheets.test_day_bag_supply import bagged
from tests.services.courses_at_hand import plan_of, scheduled


def test_the_first_bag_is_the_start_of_the_pump_to_a_family() -> None:
    """ "New bag for the pump" stood on the day on which it is put on; without bags "The pump starts"."""
    evaluated = bagged()
    told = said_on(make(evaluated, "calendar"))
    bags = [one for one in evaluated.schedule.events if one.placed.kind == "bag"]
    first, second = bags[:2]
    assert any(text.startswith("The pump starts") for text in told[first.date])
    assert not any(text.startswith("New bag") for text in told[first.date])
    assert any(text.startswith("New bag for the pump") for text in told[second.date])
    assert not any(text.startswith("The pump starts") for text in told[second.date])


def test_the_first_day_that_nobody_recorded_stays_in_the_list_of_the_pump() -> None:
    """Between the recorded days and the others it had a page of its own, without bag and rate."""
    events = [one for one in shipped("blinatumomab-rr").schedule.events if one.placed.kind == "infusion"]
    recorded = [one._replace(state=State.GIVEN) for one in events[8:11]]
    given = [(one.day, (one,)) for one in (*recorded, *events[11:14])]
    by_day = dict([(events[7].day, (events[7],)), *given])
    assert len(stretches(given, by_day, {}, {}, {})) == 1


def test_days_before_the_first_part_are_not_in_the_plan() -> None:
    """ "Ask us" on 35 days between medicines to stop: a family expected something on each of them."""
    told = said_on(make(shipped("leukapheresis"), "calendar"))
    before = [texts for texts in told.values() if texts == ["Not in this plan"]]
    assert len(before) > 20


def test_millions_of_cells_are_told_beside_their_zeros() -> None:
    """ "10,000,000 cells" beside a note that says 10 × 10⁶: zeros to be counted by hand."""
    rows = [
        row
        for section in make(shipped("obe-cel"), "daysheet").sections
        for part in section.parts
        if isinstance(part, Table)
        for row in part.rows
        if len(row.cells) == 8 and "cells" in words_of(row.cells[2])
    ]
    assert rows
    for row in rows:
        first, *others = (line.text.replace("\u00a0", " ") for line in row.cells[2].lines)
        million = int(first.removesuffix(" cells").replace(",", "")) // 10**6
        assert f"= {million} × 10⁶ cells" in others


def test_a_part_keeps_its_number() -> None:
    assert numbered("Part B 4") == "Part B\u00a04"
    assert numbered("Induction") == "Induction"
    heads = [line.text for month in months(make(shipped("hyper-cvad"), "calendar")).values() for line in month.subtitle]
    assert any("Part B\u00a04:" in text for text in heads)


@pytest.mark.parametrize(("hours", "lines"), [(3, 0), (5, 2)])
def test_a_pump_that_stood_still_for_hours_has_lines_for_when(hours: int, lines: int) -> None:
    """ "28 mcg a day, runs on" was all that the day of a stop of five hours said; from four on it is begun anew."""
    plan = plan_of("blinatumomab-mrd")
    block, start = plan.blocks[0].id, plan.blocks[0].start.on
    held = pausing.hold(plan, scheduled(plan), Hold(block, 1, 10, "other"))
    on = start + timedelta(9)
    gone_on = pausing.resume(held, scheduled(held), library().agents, (block, ""), on, hours)
    evaluated = evaluate(gone_on.plan, library())
    told = [line for line in lines_of(BUILDERS["daysheet"](evaluated, job(wish=Wish(on, on)))) if "pump o" in line.text]
    words = f"Restart after a stop of {hours} h: pump "
    assert [line.text for line in told] == [f"{words}off at, by", f"{words}on again, under watch, at, by"][:lines]
    assert all(line.blank for line in told)
