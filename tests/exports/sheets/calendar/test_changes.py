"""What the calendar of a reissue marks, judged by what a family reads on the older sheet, day by day (promises P10)."""

from collections import Counter
from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from planner.exports.sheets.calendar.changes import Marks, Reader
from planner.exports.sheets.sheet import Line
from planner.model.difference import Difference
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.plan import Deferral, DoseChange, Omission, Plan, Replacement, Scope, Skip
from planner.services.evaluation import evaluate
from planner.services.printing import BUILDERS, words_of
from planner.services.telling.differences import differences
from tests.exports.gallery import any_plan
from tests.exports.papers import SITE, job, library, lines_of, make, shipped
from tests.exports.sheets.calendars import months, said_on
from tests.exports.sheets.test_changes import block_of, deferred, pair

Changes = tuple[Difference, ...]


def lines(evaluated: EvaluatedPlan, changes: Changes) -> list[Line]:
    return lines_of(BUILDERS["calendar"](evaluated, job(changes=changes)))


def told(evaluated: EvaluatedPlan, changes: Changes) -> dict[date, list[Line]]:
    """The lines of each day, texts with plain spaces."""
    sheet = BUILDERS["calendar"](evaluated, job(changes=changes))
    cells = {}
    texts = said_on(sheet)
    days = [day for month in months(sheet).values() for week in month.weeks for day in week.days]
    shown = [day for day in days if day.number and not day.outside]
    for on, day in zip(texts, shown, strict=True):
        assert on.day == int(day.number)
        cells[on] = [replace(line, text=line.text.replace("\u00a0", " ")) for line in day.lines]
    return cells


def struck(day: list[Line]) -> list[tuple[str, str]]:
    """What is struck out with what is said below it, which has the word to look for; of what went together, once."""
    below = {place: line for place, line in enumerate([*day, Line("")]) if line.style != "struck" or not line.joined}
    found = [
        (one.text, next(line for place, line in below.items() if place > at))
        for at, one in enumerate(day)
        if one.style == "struck"
    ]
    assert all(below.text.startswith("Changed: ") for _, below in found if below.joined), found
    return [(name, below.text.removeprefix("Changed: ") if below.joined else below.text) for name, below in found]


def later(plan: Plan, *more: object) -> tuple[EvaluatedPlan, Changes]:
    """The plan with further modifications, against what it was."""
    old = evaluate(plan, library())
    new = evaluate(replace(plan, modifications=(*plan.modifications, *more)), library())
    return new, differences(old.schedule, new.schedule)


def test_what_goes_to_one_day_is_told_once() -> None:
    """ "Changed: now on 5 March 2026" stood below each of five names, and a month took three pages."""
    plan = shipped("inotuzumab-rr").plan
    new, changes = later(plan, Deferral("cycle-1", 1, 1, 3, Scope.FOLLOWING, "counts"))
    here = told(new, changes)[date(2026, 3, 2)]
    assert len([line for line in here if line.style == "struck"]) > 4
    assert [line.text for line in here if line.text.startswith("Changed: now on")] == ["Changed: now on 5 March 2026"]


def test_a_changed_dose_of_a_daily_medicine_is_marked_in_its_frame() -> None:
    protocol = "ponatinib-blinatumomab"
    new, changes = pair(
        protocol, DoseChange(block_of(protocol), 1, 8, "ponatinib-30", Scope.FOLLOWING, "toxicity", percent=50)
    )
    assert {one.what for one in changes} == {"dose"}
    bars = [line.text for line in lines(new, changes) if "Ponatinib: by mouth" in line.text]
    assert any(text.startswith("Changed: Ponatinib") for text in bars)
    assert any(text.startswith("Ponatinib") for text in bars)


def test_what_is_left_out_now_is_marked_on_the_patients_day() -> None:
    new, changes = pair("hyper-cvad", Omission(block_of("hyper-cvad"), 1, 4, "doxorubicin", "toxicity"))
    assert [one.what for one in changes] == ["status"]
    texts = [line.text for line in lines(new, changes) if "Changed" in line.text]
    assert texts == [
        "This plan is new. Throw the old one away. Look for the word Changed.",
        "Changed: Doxorubicin: not this day",
    ]


def test_nothing_is_struck_where_the_same_drug_is_due_that_day_anyway() -> None:
    """A week later: "~~Cytarabine~~ now on 23 December" above the cytarabine of that day sent a family home."""
    new, changes = pair("nelarabine-t-all", Deferral(block_of("nelarabine-t-all"), 1, 1, 1, Scope.FOLLOWING, "counts"))
    days = told(new, changes)
    assert ("Nelarabine", "now on 3 March 2026") in struck(days[date(2026, 3, 2)])
    for on, day in days.items():
        due = {line.text.removeprefix("Changed: ").split(",")[0] for line in day if line.tick}
        assert not due & {name for name, _ in struck(day)}, on


def test_what_is_struck_out_stands_above_the_headings_of_its_day() -> None:
    """ "~~Methotrexate~~" below "Drip into a vein:" read as a drip; it was one into the spine fluid."""
    new, changes = pair("pomp", Deferral(block_of("pomp"), 1, 1, 7, Scope.FOLLOWING, "counts"))
    headed = [day for day in told(new, changes).values() if any(line.text.endswith(":") for line in day)]
    assert len([day for day in headed if struck(day)]) > 20
    for day in headed:
        first = next(number for number, line in enumerate(day) if line.text.endswith(":"))
        assert not struck(day[first:]), day


def test_every_moved_single_day_is_struck_on_the_old_day_and_marked_on_the_new() -> None:
    new, changes = deferred("hyper-cvad")
    days = told(new, changes)
    found = [one for day in days.values() for one in struck(day)]
    assert len(found) > 20
    assert all(below.startswith(("now on", "now from", "now until")) for _, below in found)
    moved = [one for one in changes if one.new and one.new.placed.agent == "doxorubicin"]
    assert moved
    for one in moved:
        assert "Doxorubicin" in [name for name, _ in struck(days[one.old.date])]
        assert any(line.text.startswith("Changed: Doxorubicin") for line in days[one.new.date])


def test_a_weekly_tablet_is_marked_on_its_old_day_and_its_new_one() -> None:
    """Methotrexate by mouth moved from Fridays to Mondays without a mark, the one drug whose weekday matters most."""
    new, changes = pair("pomp", Deferral(block_of("pomp"), 1, 1, 3, Scope.FOLLOWING, "holiday"))
    days = told(new, changes)
    moved = [one for one in changes if one.what == "moved" and one.new.placed.agent == "methotrexate"]
    assert len(moved) > 20
    for one in moved:
        assert ("Methotrexate", f"now on {one.new.date.day} {one.new.date:%B %Y}") in struck(days[one.old.date])
        assert any(line.text.startswith("Changed: Methotrexate") and line.tick for line in days[one.new.date])


def test_a_daily_medicine_that_begins_later_is_struck_on_the_days_before() -> None:
    """Its frame said "Changed" on the new days; the days before it promised no treatment without a mark."""
    new, changes = deferred("pomp")
    days = told(new, changes)
    for number in range(3):
        assert ("Mercaptopurine", "now from 5 March 2026") in struck(days[date(2026, 3, 2 + number)])
        assert days[date(2026, 3, 2 + number)][-1].text == "No treatment"
    bars = [line.text for line in lines(new, changes) if "Mercaptopurine: by mouth" in line.text]
    assert any(text.startswith("Mercaptopurine") for text in bars), "the days it was on before are not new"


def test_what_was_moved_and_then_left_out_sends_nobody_to_its_new_day() -> None:
    """ "now on 7 June" stood twice on 4 June, and on 7 June "Changed: Vincristine" above "not this day"."""
    block = block_of("pomp")
    first = evaluate(shipped("pomp").plan, library())
    old = next(one for one in first.schedule.events if one.placed.agent == "vincristine" and one.placed.cycle == 2)
    new, changes = later(first.plan, Deferral(block, 1, 1, 3, Scope.FOLLOWING, "holiday"), Skip(block, 2, "infection"))
    days = told(new, changes)
    assert [one for one in struck(days[old.date]) if one[0] == "Vincristine"] == [
        ("Vincristine", "no longer in the plan")
    ]
    after = [line.text for line in days[old.date + timedelta(3)] if "Vincristine" in line.text]
    assert after == ["Vincristine: not this day"]


def test_a_medicine_in_the_place_of_another_strikes_it_out_without_another_day() -> None:
    plan = shipped("pomp").plan
    change = Replacement(
        block_of("pomp"), 2, 1, "prednisone", Scope.FOLLOWING, "prednisolone", "capacity", dose="200 mg"
    )
    new, changes = later(plan, change)
    assert {one.what for one in changes} >= {"agent"}
    on = next(one.new.date for one in changes if one.what == "agent")
    assert "Prednisone" in [name for name, _ in struck(told(new, changes)[on])]
    assert any("Changed: Prednisolone" in line.text for line in lines(new, changes))
    assert "no longer in the plan" not in [line.text for line in told(new, changes)[on]]


def test_a_medicine_that_is_replaced_and_moved_names_no_other_day() -> None:
    """ "~~Prednisone~~ now on 16 September", where the sheet has prednisolone: a family might have taken both."""
    plan, block = shipped("pomp").plan, block_of("pomp")
    change = Replacement(block, 2, 1, "prednisone", Scope.FOLLOWING, "prednisolone", "capacity", dose="200 mg")
    new, changes = later(plan, change, Deferral(block, 2, 1, 3, Scope.FOLLOWING, "holiday"))
    old = [one.old for one in changes if one.what == "agent"]
    assert len(old) > 5
    for one in old:
        found = [below for name, below in struck(told(new, changes)[one.date]) if name == "Prednisone"]
        assert found
        assert not any(below.startswith("now") for below in found)


def test_a_struck_dose_into_the_spine_says_so() -> None:
    """ "~~Methotrexate~~ now on 14 December" stood above the methotrexate by vein that was due."""
    new, changes = pair("hyper-cvad", Deferral(block_of("hyper-cvad"), 1, 1, 7, Scope.FOLLOWING, "counts"))
    names = {name for day in told(new, changes).values() for name, _ in struck(day)}
    assert "INTRATHECAL Methotrexate" in names
    assert "Methotrexate" in names, "the one by vein"


def test_what_is_asked_about_is_not_struck_on_the_same_day() -> None:
    """ "~~Filgrastim~~ now on 5 December" stood above "Ask us: Filgrastim": one of the two stops a daily shot."""
    block = block_of("flag-ida")
    new, changes = pair("flag-ida", Deferral(block, 1, 4, 2, Scope.FOLLOWING, "counts"))
    days = told(new, changes)
    for on in (date(2026, 3, 5), date(2026, 3, 6)):
        assert "Filgrastim" not in [name for name, _ in struck(days[on])]
        assert "Changed: Ask us: Filgrastim" in [line.text for line in days[on]]
    asked = [
        line.text for on, day in days.items() if on > date(2026, 3, 10) for line in day if "Ask us: Fil" in line.text
    ]
    assert not asked, "the older sheet has the frame there too"


def test_the_end_of_a_pump_is_marked_once_and_struck_on_its_old_day() -> None:
    new, changes = deferred("blinatumomab-mrd")
    days = told(new, changes)
    ends = {on: [line for line in day if "pump comes off" in line.text] for on, day in days.items()}
    old = [on for on, found in ends.items() if any(line.style == "struck" for line in found)]
    now = [on for on, found in ends.items() if any(line.tick for line in found)]
    assert [on + timedelta(3) for on in old] == now
    assert all([line.text for line in ends[on] if line.tick] == ["Changed: The pump comes off, at 09:00"] for on in now)
    assert all(
        ("The pump comes off", f"now on {(on + timedelta(3)).day} {on + timedelta(3):%B %Y}") in struck(days[on])
        for on in old
    )


def test_without_an_older_sheet_nothing_is_marked() -> None:
    new, _ = deferred("pomp")
    assert not any("Changed" in line.text or line.style == "struck" for line in lines_of(make(new, "calendar")))


@pytest.mark.parametrize("seed", [3, 5, 14, 20, 29, 37])
def test_the_marks_are_the_difference_of_the_two_sheets(seed: int) -> None:
    """After any edits: what stands on a day of the older plan and not of this one, read from both plans themselves."""
    new = any_plan(seed)
    old = evaluate(replace(new.plan, modifications=()), library(), SITE)
    reader = Reader(words_of("en"), "mcg", lambda event: not event.placed.block.waits)
    marks = Marks(new.schedule.events, differences(old.schedule, new.schedule), reader)
    before, now = list(reader.all(old.schedule.events)), list(reader.all(new.schedule.events))
    there = {(one.day, one.thing) for one in now}
    gone = {(one.day, one.thing[0]) for one in before if one.is_due and (one.day, one.thing) not in there}
    struck = {(one.day, name.removeprefix("INTRATHECAL ")) for one in marks.gone() for name in one.names}
    agents = {(one.event.day, one.event.placed.id): one.event.placed.agent for one in now}
    instead = {
        (one.day, one.thing[0])
        for one in before
        if agents.get((one.day, one.event.placed.id), one.event.placed.agent) != one.event.placed.agent
    }
    assert struck <= gone
    # Of days in a row on which another drug of every day is taken in its place the first alone says so.
    assert all((day - 1, name) in gone and {(day, name), (day - 1, name)} <= instead for day, name in gone - struck)
    was = Counter((one.day, one.thing, one.detail) for one in before if one.is_due)
    due = [one for one in now if one.is_due and one.day == one.event.day]
    told = Counter((one.day, one.thing, one.detail) for one in now if one.is_due)
    for one in due:
        place = one.day, one.thing, one.detail
        assert marks.is_new(one.event) == (was[place] != told[place]), one
