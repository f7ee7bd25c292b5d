"""What sheets call parts and doses where somebody gives something else, or where nobody said how often."""

from types import SimpleNamespace

import pytest
from msgspec.structs import replace

from planner.exports.sheets.calendar.making import named_as_given
from planner.exports.sheets.notes import step_lines
from planner.model.plan import DoseChange, Replacement, Scope
from planner.services.printing import words_of
from planner.services.verbs.redosing import enter_dose
from tests.exports.papers import SITE
from tests.exports.sheets.calendar.test_medicines import rows_of
from tests.exports.sheets.calendars import months
from tests.exports.sheets.test_after_edits import doses_of, placed, printed_sheet, recorded, seen


@pytest.mark.parametrize(
    ("language", "title"), [("en", "Dasatinib alone"), ("es", "Solo dasatinib"), ("ru", "Только дазатиниб")]
)
def test_a_part_is_called_after_the_medicine_that_is_given_in_it(language: str, title: str) -> None:
    """Dasatinib stood under "Ponatinib alone"."""
    plan = placed("hyper-cvad-ponatinib")
    first = doses_of(plan, "Ponatinib")[0]
    words = words_of(language)
    assert named_as_given(seen(plan), words) == words
    swap = Replacement(
        first.placed.block.id,
        1,
        first.cycle_day,
        first.placed.order.id,
        Scope.ALL,
        "dasatinib",
        "toxicity",
        grade=3,
        dose="100 mg",
    )
    swapped = replace(plan, modifications=(swap,))
    assert {one.agent for one in (event.placed for event in seen(swapped).schedule.events) if "tinib" in one.agent} == {
        "dasatinib"
    }
    assert named_as_given(seen(swapped), words).title("Ponatinib alone") == title


def test_a_part_keeps_its_short_name_for_the_medicine_that_is_given_in_it() -> None:
    """Its own medicine has a longer name than the part: "Inotuzumab 1" gives inotuzumab ozogamicin."""
    words = words_of("en")
    assert named_as_given(seen(placed("inotuzumab-rr")), words) == words


def test_a_frame_without_how_often_is_ticked_where_it_is_recorded() -> None:
    """Fourteen recorded days of ponatinib entered as "30 mg" had neither box nor tick; the row said "once a day"."""
    plan = placed("all2820")
    first = next(one for one in doses_of(plan, "Ponatinib") if one.placed.block.id == "blinatumomab")
    change = DoseChange("blinatumomab", 1, first.cycle_day, first.placed.order.id, Scope.CYCLE, "other", dose="30 mg")
    plan = enter_dose(plan, seen(plan).schedule, change)
    days = [one for one in doses_of(plan, "Ponatinib") if one.placed.block.id == "blinatumomab"][:9]
    sheet = printed_sheet(recorded(plan, days[:7]), "calendar")
    bars = [
        bar
        for month in months(sheet).values()
        for week in month.weeks
        for bar in week.bars
        if bar.line.text.startswith("Ponatinib: by mouth, 30\u00a0mg")
    ]
    done = [bar for bar in bars if bar.done]
    assert [(bar.ticks, sum(count for _, count in bar.done)) for bar in done] == [(1, 7)]
    assert {bar.ticks for bar in bars if "how often" in bar.line.text.replace("\u00a0", " ")} == {0}
    (row,) = [one for one in rows_of(sheet, "Ponatinib") if "How often: ask us" in one.notes]
    assert "nce a day" not in row.notes


@pytest.mark.parametrize(
    ("then", "told"), [("1.8 mL/h", "at the same rate"), ("5 mL/h", "new rate set"), ("", "new rate set")]
)
def test_a_step_to_a_bag_of_the_same_rate_sets_none(then: str, told: str) -> None:
    last, first = doses_of(placed("blinatumomab-rr"), "Blinatumomab")[6:8]
    rates = {last.day: "1.8 mL/h", first.day: then}
    beside = SimpleNamespace(pumps=SimpleNamespace(rate=lambda one: rates[one.day]), site=SITE)
    assert told in step_lines(last, first, beside)[1].text
