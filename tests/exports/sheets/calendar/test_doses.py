"""A box for each dose of a day, how often each amount is taken, and what is said of what is stopped or left out."""

from datetime import date, timedelta

from msgspec.structs import replace

from planner.exports.sheets.calendar.items import day_works
from planner.exports.sheets.sheet import DayCell, Sheet, Table
from planner.model.cycle_content import State
from planner.model.plan import BlockStart, Deferral, DoseChange, Hold, Scope, Skip, Stop
from planner.model.wish import Wish
from planner.services.evaluation import evaluate
from planner.services.verbs import editing, pausing
from planner.services.verbs.placing import add_protocol, new_plan
from planner.services.verbs.raising import Otherwise, give_otherwise
from planner.services.verbs.reasons import Why
from planner.services.verbs.redosing import reduce
from tests.exports.papers import BUILDERS, PATIENT, SITE, job, library, lines_of, made_before, make, words_in
from tests.exports.sheets.calendar.test_medicines import rows_of
from tests.exports.sheets.calendars import framed_on, months, said_on
from tests.exports.sheets.test_after_edits import doses_of, placed, printed_sheet, recorded, seen
from tests.exports.sheets.test_kept_on import parts_of
from tests.exports.sheets.test_what_is_done import with_state
from tests.schedules import with_events


def cell_of(sheet: Sheet, day: date) -> DayCell:
    """The cell of a day; days of neighbours are named by their month."""
    for month in months(sheet).values():
        for one in (one for week in month.weeks for one in week.days):
            named = one.month or month.title.split(" ")[0]
            if (one.number, named) == (str(day.day), f"{day:%B}"):
                return one
    raise AssertionError(day)


def test_what_is_taken_twice_on_a_single_day_has_two_boxes() -> None:
    """One box beside "2 times": one tick read as both taken."""
    plan = placed("graaph-2005")
    doses = [one for one in doses_of(plan, "Imatinib") if one.placed.cycle == 1]
    days = sorted({one.date for one in doses})
    evaluated = with_state(seen(plan), State.OMITTED, lambda one: one.placed.agent == "imatinib" and one.date > days[1])
    lines = cell_of(make(evaluated, "calendar"), days[0]).lines
    place = next(place for place, line in enumerate(lines) if line.text.startswith("Imatinib"))
    assert lines[place].text.endswith("2 times a day")
    assert not lines[place].tick
    assert lines[place + 1].boxes == (("", 1, False),) * 2
    assert lines[place + 1].joined


def test_each_of_several_doses_is_ticked_by_itself() -> None:
    plan = placed("hsct-bu-cy", {"busulfan-dose": "every-6-hours"})
    first, *_ = doses_of(plan, "Busulfan")
    lines = cell_of(printed_sheet(recorded(plan, [first]), "calendar"), first.date).lines
    (boxes,) = (line.boxes for line in lines if line.boxes)
    assert [done for *_, done in boxes] == [True, False, False, False]


def test_a_dose_lowered_under_way_says_how_often_it_is_taken() -> None:
    """The row of the old dose said "2 times a day", that of the dose from today on nothing."""
    plan = placed("graaph-2005")
    doses = [one for one in doses_of(plan, "Imatinib") if one.placed.cycle == 1]
    later = next(one for one in doses if one.cycle_day == doses[0].cycle_day + 7)
    place = later.placed.block.id, later.placed.cycle, later.cycle_day, later.placed.order.id
    lowered = reduce(plan, seen(plan).schedule, DoseChange(*place, Scope.FOLLOWING, "toxicity", dose="200 mg", grade=3))
    told = {row.amount: row.notes for row in rows_of(made_before(seen(lowered), "calendar"), "Imatinib")}
    assert len(told) > 1
    assert all(notes.startswith("2 times a day") for amount, notes in told.items() if "each time" in amount)


def test_a_frame_of_what_is_stopped_says_since_when() -> None:
    """ "Blinatumomab: stopped" that ended with its cycle read as if it began again behind it."""
    plan = placed("d-alba")
    first = next(one for one in doses_of(plan, "Blinatumomab") if one.cycle_day == 10)
    why = {"reason": "toxicity", "grade": 4, "order": first.placed.order.id}
    stop = Stop(first.placed.block.id, first.placed.cycle, 10, Scope.ALL, **why)
    sheet = printed_sheet(pausing.stop(plan, seen(plan).schedule, stop), "calendar")
    on = f"{first.date.day} {first.date:%B %Y}"
    told = {
        text.replace("\u00a0", " ")
        for texts in framed_on(sheet).values()
        for text in texts
        if text.startswith("Blinatumomab") and "stopped" in text
    }
    assert told == {f"Blinatumomab: stopped from {on} on"}
    parts = parts_of(pausing.stop(plan, seen(plan).schedule, stop))
    assert parts["Blinatumomab"][3].endswith(" Blinatumomab: stopped")
    (row,) = rows_of(sheet, "Blinatumomab")
    assert row.notes.startswith(f"Stopped from {on} on")


def test_a_part_that_is_left_out_does_not_start() -> None:
    plan = placed("hyper-cvad")
    block = next(one for one in seen(plan).schedule.blocks if "Part A 3" in one.title)
    left_out = pausing.skip(plan, seen(plan).schedule, Skip(block.id, block.cycles[0].number, "infection"))
    sheet = printed_sheet(left_out, "calendar")
    assert "Start: Part A 3" not in {text for texts in said_on(sheet).values() for text in texts}
    assert "Start: Part A 1" in {text for texts in said_on(sheet).values() for text in texts}
    running = " ".join(line.text for month in months(sheet).values() for line in month.subtitle)
    running = running.replace("\u00a0", " ")
    assert "Part A 3: left out" in running
    assert parts_of(left_out)["Part A 3"][3] == "Left out"


def test_a_week_of_a_neighbour_is_named_above_the_month() -> None:
    """A week wholly of November stood under "December 2026"."""
    plan = add_protocol(new_plan("p", PATIENT), library().protocols["brexu-cel"], BlockStart(on=date(2026, 11, 27)))
    first, *others = months(make(evaluate(plan, library(), SITE), "calendar")).values()
    assert (first.title, first.headline) == ("December 2026", "November and December 2026")
    assert first.spans == {
        (0, 0): "November 2026, continued",
        (0, 1): "November and December 2026, continued",
        (1, 1): "December 2026, continued",
    }
    assert [week.part for week in first.weeks] == [0, *[1] * (len(first.weeks) - 1)]
    assert not any(month.headline or month.spans for month in others)


def test_a_last_week_of_the_next_month_is_named_too() -> None:
    """Whatever the day it begins on: the months are named that have a whole week on its pages, and no other."""
    named = 0
    for days in range(0, 42, 3):
        plan = add_protocol(
            new_plan("p", PATIENT),
            library().protocols["brexu-cel"],
            BlockStart(on=date(2026, 11, 1) + timedelta(days)),
        )
        for month in months(make(evaluate(plan, library(), SITE), "calendar")).values():
            own = month.title.split(" ")[0]
            whole = {
                day.month
                for week in month.weeks
                for day in week.days[:1]
                if {one.month for one in week.days} == {day.month}
            }
            told = set(month.headline.replace(" and ", " ").split(" ")) - {own, "2026", "2027", ""}
            assert told == whole - {""}, month.headline
            named += bool(month.headline)
    assert named


def test_doses_of_a_day_in_a_frame_are_ticked_one_by_one() -> None:
    """Two of six eye drops recorded as given: six empty boxes in the frame."""
    plan = placed("flag-ida")
    drops = [one for one in doses_of(plan, "Prednisolone eye drops") if one.cycle_day == 4]
    evaluated = seen(plan)
    given = {id(one) for one in evaluated.schedule.events if one.placed.id == drops[0].placed.id and one.cycle_day == 4}
    two = sorted(given)[:2]
    events = tuple(
        one._replace(state=State.GIVEN, dose=replace(one.dose, origin="given", ordered=one.dose.value))
        if id(one) in two
        else one
        for one in evaluated.schedule.events
    )
    shown = replace(evaluated, schedule=with_events(evaluated.schedule, events))
    bars = [bar for month in months(make(shown, "calendar")).values() for week in month.weeks for bar in week.bars]
    (bar,) = (one for one in bars if one.done)
    assert bar.done == ((drops[0].date.weekday(), 2),)
    assert bar.ticks == 6
    large = BUILDERS["calendar"](shown, job(wish=Wish(large=True)))
    boxes = [line.boxes for line in lines_of(large) if any(done for *_, done in line.boxes)]
    (row,) = (one for one in boxes if any("Thursday" in word for word, *_ in one))
    assert [(count, done) for _, count, done in row if count < 6] == [(2, True), (4, False)]


def test_only_treatment_by_pump_is_asked_about_to_the_end_of_its_cycle() -> None:
    """ "Ask us: Mesna" on each of eighteen days behind a pump of three days."""
    plan = placed("hyper-cvad")
    block = seen(plan).schedule.blocks[0].id
    held = pausing.hold(plan, seen(plan).schedule, Hold(block, 1, 1, "infection"))
    told = {text for texts in said_on(printed_sheet(held, "calendar")).values() for text in texts}
    assert "Ask us: Mesna" not in told
    assert "Ask us" in told


def test_a_pump_of_one_day_has_a_frame_and_no_box_of_its_own() -> None:
    """ "New bag", "the pump gets a new dose" and "Blinatumomab, at 09:00" were three boxes for one bag."""
    plan = placed("blinatumomab-rr")
    first, second, *_ = doses_of(plan, "Blinatumomab")
    evaluated = with_state(
        seen(plan), State.OMITTED, lambda one: one.placed.id == second.placed.id and one.day > first.day
    )
    sheet = make(evaluated, "calendar")
    assert "Blinatumomab: pump, day and night" in framed_on(sheet)[first.date]
    assert not any(text.startswith("Blinatumomab") for text in said_on(sheet)[first.date])
    assert any(text.startswith("The pump starts") for text in said_on(sheet)[first.date])


def test_days_without_a_number_share_no_row_with_days_that_have_one() -> None:
    """ "Monday 7 to Friday 11, Day 29": the 8th is Day 30, and the 9th to 11th have none."""
    plan = placed("aall1731")
    dose = next(one for one in doses_of(plan, "Vincristine") if one.placed.cycle == 1 and one.cycle_day == 15)
    place = dose.placed.block.id, dose.placed.cycle, dose.cycle_day
    late = editing.defer(plan, seen(plan).schedule, Deferral(*place, 4, Scope.FOLLOWING, "counts"))
    work = day_works(seen(late), words_in("en"), "mcg")
    sheet = printed_sheet(late, "calendar", Wish(large=True))
    days = [dose.date + timedelta(number) for number in range(-1, 5)]
    assert {bool(work.label(day)) for day in days} == {True, False}
    for row in (row for one in sheet.sections for part in one.parts if isinstance(part, Table) for row in part.rows):
        names = [line.text for line in row.cells[0].lines if line.style == "strong"]
        here = [day for day in days if names and any(f"{day:%A} {day.day}" in name for name in names)]
        assert len({bool(work.label(day)) for day in here}) <= 1


def test_doses_of_a_raised_rescue_are_counted_and_ticked_one_by_one() -> None:
    """Two doses of 15 mg and three of 150 mg on one day were "Leucovorin, in 5 parts" with one box."""
    plan = placed("hyper-cvad")
    schedule = seen(plan).schedule
    dose = [one for one in schedule.events if one.placed.order.id == "leucovorin-next"][2]
    where = dose.placed.block.id, dose.placed.cycle, dose.placed.order.id
    wish = Otherwise(*where, dose.date, dose.minute, "150 mg", 3, Why("toxicity", "level 8", 3))
    raised = seen(give_otherwise(plan, schedule, library().agents, wish))
    due = [one for one in raised.due if one.day == dose.day and one.placed.agent == "leucovorin"]
    count = sum(one.state is State.PLANNED for one in due)
    texts = said_on(make(raised, "calendar"))[dose.date]
    assert f"Leucovorin, {count} times" in {text.replace("\u00a0", " ") for text in texts}
    assert not [text for text in texts if "Leucovorin" in text and "parts" in text]
    assert count > 3
