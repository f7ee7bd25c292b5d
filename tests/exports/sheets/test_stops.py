"""A stop is told once, and what it strikes out drops out of heads, lists and days; a pause sends nobody home."""

from datetime import date, timedelta

from msgspec.structs import replace

from planner.model.plan import Hold, Scope, Stop
from planner.services.verbs import pausing
from tests.exports.papers import library, lines_of
from tests.exports.sheets.calendars import said_on
from tests.exports.sheets.test_after_edits import placed, printed_sheet, seen
from tests.exports.sheets.test_kept_on import parts_of


def test_a_part_that_is_stopped_is_told_once() -> None:
    """Bridging stopped before CAR T cells: struck tablets stood on every page, and in every head, for two months."""
    plan = placed("pomp")
    block = seen(plan).schedule.blocks[0]
    stopped = pausing.stop(plan, seen(plan).schedule, Stop(block.id, 2, 3, Scope.FOLLOWING, "other"))
    on = date.fromordinal(block.cycles[1].start + 2)
    sheet = printed_sheet(stopped, "daysheet")
    told = [one.text.replace("\u00a0", " ") for one in lines_of(sheet)]
    assert sum(f"stopped from this day on, all of {block.title}" in text for text in told) == 1
    assert not any(f"{block.title} C3" in text for text in told)
    days = said_on(printed_sheet(stopped, "calendar"))
    assert [day for day, texts in days.items() if any("stopped from" in text for text in texts)] == [on]
    assert days[on + timedelta(1)] == ["No treatment"]
    before = on - timedelta(1)
    assert parts_of(stopped)[block.title][2] == f"{before.day} {before:%B %Y}"


def test_a_stop_of_everything_ends_the_calendar() -> None:
    """Two years of months without treatment, each with the struck parts of the protocol."""
    plan = placed("hyper-cvad")
    first = seen(plan).schedule.blocks[0]
    stopped = pausing.stop(plan, seen(plan).schedule, Stop(first.id, 1, 3, Scope.ALL, "toxicity", grade=4))
    sheet = printed_sheet(stopped, "calendar")
    assert max(said_on(sheet)) < date.fromordinal(first.end + 7)
    titles = [section.title for section in printed_sheet(stopped, "daysheet").sections]
    assert not any("Apr-2026" in title for title in titles), titles


def test_a_stay_in_the_hospital_is_asked_about_while_its_course_is_on_hold() -> None:
    """On hold for an infection, whoever is kept in a protected room read as sent home for the three days."""
    plan = placed("hyper-cvad")
    plan = replace(plan, patient=replace(plan.patient, birth_date=date(1955, 3, 14)))
    held = pausing.hold(plan, seen(plan).schedule, Hold("part-a", 1, 12, "infection"))
    first = seen(plan).schedule.blocks[0].start + 11
    again = date.fromordinal(first + 3)
    resumed = pausing.resume(held, seen(held).schedule, library().agents, ("part-a", ""), again).plan
    days = said_on(printed_sheet(resumed, "calendar"))
    between = [date.fromordinal(day) for day in range(first, first + 3)]
    assert all("Ask us: Stay in the hospital" in days[day] for day in between)
    assert not any(text.startswith("Ask us: Stay") for day in set(days) - set(between) for text in days[day])
    told = [line.text for line in lines_of(printed_sheet(resumed, "daysheet"))]
    assert sum(text.startswith("In hospital, protected room: none drawn, its next day is moved") for text in told) == 3
