"""Promises about days of a plan: each says what comes or that nothing does (P8), with cycle, day and date (C7)."""

import re
from datetime import date, datetime, timedelta

import pytest

import tests.exports.sheets.test_every_event as every_event
from planner.model.evaluated_plan import EvaluatedPlan
from tests.exports.papers import lines_of, make, shipped
from tests.golden.cases import library

FEW = ("blinatumomab-rr", "obe-cel")
ALL = [*FEW, *(pytest.param(one, marks=pytest.mark.slow) for one in sorted(library().protocols) if one not in FEW)]
MONTHS = re.compile(
    r"From (\d+ \w+ \d{4}) to (\d+ \w+ \d{4}): (no treatment is planned|treatment may fall on any day\. Ask us)\."
)


def spoken(text: str) -> date:
    return datetime.strptime(text, "%d %B %Y").date()


def months_in_a_line(evaluated: EvaluatedPlan) -> set[date]:
    """Days of whole months that one line tells to be free or not yet known, none of them with an event of the plan."""
    days: set[date] = set()
    for line in lines_of(make(evaluated, "calendar")):
        if found := MONTHS.search(line.text.replace("\u00a0", " ")):
            first, last = map(spoken, found.groups()[:2])
            days |= {first + timedelta(number) for number in range((last - first).days + 1)}
    assert not days & {event.date for event in evaluated.schedule.events}
    return days


@pytest.mark.parametrize("protocol", ALL)
def test_every_day_of_the_family_says_what_comes_or_that_nothing_does(protocol: str) -> None:
    """P8: each day of the course has a cell with words, or stands in a line about whole months."""
    evaluated = shipped(protocol)
    days, months = every_event.calendar_days(make(evaluated, "calendar")), months_in_a_line(evaluated)
    first = min(block.start for block in evaluated.schedule.blocks)
    last = max(block.end for block in evaluated.schedule.blocks)
    for day in map(date.fromordinal, range(first, last)):
        words = re.sub(r"(Cycle \d+ )?Day −?\d+", "", days.get(day, "")).strip()
        assert words or day in months, day
    assert {event.date for event in evaluated.schedule.events} <= days.keys()


@pytest.mark.parametrize("protocol", ALL)
def test_every_event_has_cycle_day_date_and_its_single_dose(protocol: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """C7: on the roadmap, days in a row as their count with first and last; each dose as it is given each time."""
    monkeypatch.setitem(every_event.PLANS, protocol, lambda: shipped(protocol))
    every_event.test_the_roadmap_has_every_event(protocol)
    every_event.test_the_roadmap_has_no_row_without_an_event(protocol)
