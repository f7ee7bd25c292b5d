"""What the inspector says while nothing is selected: today, what comes, what nobody recorded, what is open, the end."""

from datetime import date
from decimal import Decimal

from planner.model.plan import Plan
from planner.model.position import Position, unrecorded
from planner.model.schedule import Schedule
from planner.services.evaluation import evaluate
from planner.services.telling.position import coming, you_are_here
from tests.exports.papers import library
from tests.services.courses_at_hand import plan_of
from tests.ui.desks import NOON, open_desk
from ui.models.description import EMPTY, Description
from ui.panels.course_text import COMING_DAYS, UNSURE, describe_course


def lines(told: Description) -> dict[str, tuple[str, ...]]:
    return {section.heading: section.lines for section in told.sections}


def course(protocol: str, after: int) -> tuple[Schedule, Position, dict[str, tuple[str, ...]]]:
    """That protocol's course as it is looked at so many days after its first day."""
    shown = evaluate(plan_of(protocol), library())
    here = you_are_here(shown, shown.schedule.blocks[0].start + after)
    return shown.schedule, here, lines(describe_course(shown, here))


def test_today_comes_with_its_doses_and_what_begins_next() -> None:
    schedule, here, told = course("e1910", 10)
    assert told["Today"][0].startswith(f"{here.block.title} C{here.cycle.number} D{here.day}, ")
    assert 1 <= len(told["Coming"]) <= COMING_DAYS
    assert told["Ends"][0].split(",")[0].endswith(str(date.fromordinal(max(b.end for b in schedule.blocks) - 1).year))


def test_what_goes_on_from_day_to_day_is_not_coming_but_a_new_dose_is() -> None:
    shown = evaluate(plan_of("blinatumomab-rr"), library())
    schedule = shown.schedule
    here = you_are_here(shown, schedule.blocks[0].start + 2)
    news = [one for one in coming(schedule.events, here) if one.placed.agent == "blinatumomab" and one.dose]
    doses = [one.dose.value for one in news]
    assert doses[0] == Decimal(28), "the step on day 8 is news"
    assert news[0].cycle_day == 8
    assert [one.cycle_day for one in news[1:3]] == [1, 1], "then each cycle once"


def test_a_dose_that_is_prepared_each_day_is_said_each_day() -> None:
    """Part B's last cytarabine was left out of its day, which then read as one of leucovorin alone."""
    _, here, told = course("hyper-cvad", 22)
    assert (here.block.title, here.day) == ("Part B 2", 2)
    third = next(line for line in told["Coming"] if "Leucovorin" in line)
    assert third.count("Cytarabine 5") == third.count("Cytarabine") == 1, "twice a day is one row"


def test_doses_nobody_recorded_are_counted_without_those_by_mouth() -> None:
    schedule, here, told = course("e1910", 10)
    late = unrecorded(schedule.events, here.today)
    assert late
    assert all(one.day < here.today and one.placed.route != "PO" for one in late)
    assert told["Not recorded yet"][0].endswith(f": {len(late)}")
    assert "Not recorded yet" not in course("e1910", 0)[2]


def test_what_is_provisional_is_said_once_and_not_behind_each_dose() -> None:
    """After an open decision every line of what comes said it, and of a day with three drugs three times."""
    said = [course("d-alba", after)[2]["Coming"] for after in range(0, 160, 7)]
    whole = [one for one in said if one[0] == UNSURE]
    assert whole
    assert not any("(provisional)" in line for one in whole for line in one)
    mixed = [line for one in said if one[0] != UNSURE for line in one if "(provisional)" in line]
    assert mixed
    assert all(line.count("(provisional)") == 1 for line in mixed if "(provisional):" in line)


def test_an_open_decision_stands_with_its_day() -> None:
    schedule, _, told = course("d-alba", 3)
    open_ones = [one for one in schedule.decisions if one.choice is None]
    assert len(told["To decide"]) == len(open_ones) >= 1
    assert told["To decide"][0].endswith(open_ones[0].decision.question)


def test_a_plan_without_blocks_only_asks_to_select() -> None:
    shown = evaluate(plan_of("d-alba"), library())
    nothing = evaluate(Plan("p", shown.plan.patient), library())
    assert describe_course(nothing, you_are_here(nothing, 1)) == EMPTY


def test_the_window_shows_it_until_something_is_selected(qtbot, tmp_path) -> None:
    with open_desk(qtbot, tmp_path / "store", demo=True) as desk:
        inspector, evaluated = desk.window.inspector, desk.document.evaluated
        expected = describe_course(evaluated, you_are_here(evaluated, NOON.toordinal()))
        qtbot.waitUntil(lambda: inspector.shown == expected)
        desk.window.select(evaluated.findings[0].id)
        assert inspector.shown != expected
        desk.window.select("")
        assert inspector.shown == expected


def test_another_plan_never_shows_the_course_of_the_one_before(qtbot, tmp_path) -> None:
    with open_desk(qtbot, tmp_path / "store", demo=True) as desk:
        inspector = desk.window.inspector
        qtbot.waitUntil(lambda: inspector.shown.title == "Where the course stands")
        desk.document.open(Plan("other", desk.document.evaluated.plan.patient), 1)
        assert inspector.shown == EMPTY
