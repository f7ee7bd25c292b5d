"""From when a medicine is on hold, whose rescue is asked about, and from when to when each amount is taken."""

from datetime import date, datetime, timedelta

from planner.model.cycle_content import State
from planner.model.plan import DecisionTaken, DoseChange, Hold, Replacement, Scope, Stop
from planner.model.schedule import Event
from planner.model.wish import WHOLE_PLAN
from planner.services.printing import Around, make_sheet
from planner.services.verbs import editing, pausing
from planner.services.verbs.redosing import full_dose, reduce, replace_agent
from tests.exports.papers import SITE, library, make, words_of
from tests.exports.sheets.calendar.test_medicines import rows_of
from tests.exports.sheets.calendars import said_on
from tests.exports.sheets.test_after_edits import START, doses_of, placed, printed_sheet, recorded, rows, seen
from tests.exports.sheets.test_kept_on import held_after_methotrexate, parts_of
from tests.exports.sheets.test_what_is_done import with_state
from tests.services.courses_at_hand import protocols_of

NOON = datetime(2026, 3, 20, 12, 0)


def test_a_hold_that_lies_ahead_says_from_when() -> None:
    """ "On hold: do not take it" of tablets due today and for weeks to come, because a later course is on hold."""
    plan = placed("pomp")
    block = seen(plan).schedule.blocks[0]
    held = pausing.hold(plan, seen(plan).schedule, Hold(block.id, 3, 1, "counts"))
    day = date.fromordinal(block.cycles[2].start)
    told = rows_of(printed_sheet(held, "calendar"), "Mercaptopurine")[0]
    on = f"{day.day} {day:%B %Y}"
    assert told.notes.startswith(f"On hold from {on} on: then do not take it until we tell you. 3 times a day")
    assert parts_of(held)["POMP 1 to 12"][3] == f"On hold from {on} on, ask us"
    later = make_sheet(seen(held), "calendar", SITE, NOON + timedelta(100))
    assert rows_of(later, "Mercaptopurine")[0].notes.startswith("On hold: do not take it until we tell you.")


def test_a_pause_that_begins_today_says_until_when() -> None:
    """Held today for a fortnight and then half: "3 times a day, every day", and the weekly tablets on both Mondays."""
    plan = placed("pomp")
    block, on = seen(plan).schedule.blocks[0], START + timedelta(42)
    for agent in ("Mercaptopurine", "Methotrexate"):
        past = [one for one in doses_of(plan, agent) if one.date < on and one.placed.route == "PO"]
        plan = recorded(plan, past)
        place = past[-1].placed
        day = next(one.cycle_day for one in doses_of(plan, agent) if one.date >= on and one.placed.route == "PO")
        held = Hold(block.id, 2, day, "counts", order=place.order.id)
        plan = pausing.hold(plan, seen(plan).schedule, held)
        ids = (block.id, place.order.id)
        plan = pausing.resume(plan, seen(plan).schedule, library().agents, ids, on + timedelta(14)).plan
        days = DoseChange(block.id, 2, day, place.order.id, Scope.ALL, "counts", percent=50)
        plan = reduce(plan, seen(plan).schedule, days)
    sheet = make_sheet(seen(plan), "calendar", SITE, datetime.combine(on, NOON.time()))
    for agent in ("Mercaptopurine", "Methotrexate"):
        assert f"Not from {on.day} {on:%B %Y} to" in rows_of(sheet, agent)[-1].notes


def test_a_rescue_is_not_asked_about_because_another_drug_is_on_hold() -> None:
    """Held mercaptopurine of the same day made "ask us first" of the leucovorin after methotrexate."""
    plan = placed("aall0232-hr")
    evaluated = seen(plan)
    held = with_state(evaluated, State.HELD, lambda one: one.placed.agent == "mercaptopurine")
    rescue = [one for one in evaluated.schedule.events if one.placed.agent == "leucovorin"]
    assert rescue
    texts = said_on(make(held, "calendar"))
    told = [text for one in rescue for text in texts[one.date] if text.startswith("Leucovorin")]
    assert told
    assert not any("ask us first" in text for text in told)
    without = with_state(evaluated, State.HELD, lambda one: one.placed.agent == "methotrexate")
    texts = said_on(make(without, "calendar"))
    assert any("ask us first" in text for one in rescue for text in texts[one.date] if text.startswith("Leucovorin"))


def test_the_medicines_keep_the_rescue_of_what_is_begun() -> None:
    """The table of medicines said "On hold" of a leucovorin that is due, because its block is on hold."""
    (told,) = rows_of(printed_sheet(held_after_methotrexate(), "calendar"), "Leucovorin")
    assert "hold" not in told.notes


def test_an_amount_that_comes_back_has_its_days() -> None:
    """125 mg, 62.5 mg for a week, 125 mg again: two rows without a date read as both."""
    plan = placed("calgb-10403")
    daily = [one for one in doses_of(plan, "Mercaptopurine") if one.placed.block.id == "maintenance"]
    lower, again = daily[19], daily[28]
    down = DoseChange(*_place(lower), Scope.FOLLOWING, "counts", percent=50)
    lowered = reduce(plan, seen(plan).schedule, down)
    back = full_dose(lowered, seen(lowered).schedule, DoseChange(*_place(again), Scope.FOLLOWING, "counts"))
    told = [
        row.notes for row in rows_of(printed_sheet(back, "calendar"), "Mercaptopurine") if "Maintenance: " in row.notes
    ]
    assert len(told) == 2
    days = [f"{one.day} {one:%B %Y}" for one in (daily[0].date, lower.date - timedelta(1), lower.date, again.date)]
    whole = next(one for one in told if one.count("Maintenance: ") > 1)
    assert f"Maintenance: {days[0]} to {days[1]}" in whole
    assert f"Maintenance: {days[3]} to " in whole
    (part,) = (one for one in told if one is not whole)
    last = again.date - timedelta(1)
    assert f"Maintenance: {days[2]} to {last.day} {last:%B %Y}" in part


def _place(event: Event) -> tuple[str, int, int, str]:
    return event.placed.block.id, event.placed.cycle, event.cycle_day, event.placed.order.id


def test_what_may_go_on_behind_a_part_that_is_past_is_told_only_while_it_may() -> None:
    """Allopurinol of May "until we tell you to stop", beside mercaptopurine in November."""
    plan = placed("calgb-10403")

    def told(at: datetime) -> bool:
        sheet = make_sheet(seen(plan), "calendar", SITE, at)
        return any("Allopurinol: until we tell you to stop" in words_of(cell) for row in rows(sheet) for cell in row)

    assert told(NOON)
    assert not told(NOON + timedelta(200))


def test_what_may_go_on_behind_its_part_is_stopped_in_both_tables_alike() -> None:
    """ "Ursodiol: until we tell you to stop" above "Stopped from 1 December on: do not take it any more"."""
    plan = placed("mini-hyper-cvd-inotuzumab")
    second = seen(plan).schedule.blocks[1]
    stop = Stop(second.id, second.cycles[0].number, 2, Scope.ALL, "toxicity", grade=4)
    stopped = pausing.stop(plan, seen(plan).schedule, stop)
    day = date.fromordinal(second.start + 1)
    cells = [words_of(cell) for row in rows(printed_sheet(stopped, "calendar")) for cell in row]
    assert any(f"Ursodiol: stopped from {day.day} {day:%B %Y}" in text for text in cells)
    assert not any("Ursodiol: until" in text for text in cells)


def test_tablets_in_the_place_of_others_have_no_end_either() -> None:
    """ "Imatinib ... to 1 March 2027": a last day that nobody gave, of a part that goes on without an end."""
    plan = placed("d-alba")
    first = next(one for one in doses_of(plan, "Dasatinib") if one.placed.block.id == "blinatumomab")
    change = Replacement(*_place(first), Scope.ALL, "ponatinib", "toxicity", dose="30 mg", grade=3)
    replaced = replace_agent(plan, seen(plan).schedule, library().agents, change)
    (told,) = rows_of(printed_sheet(replaced, "calendar"), "Ponatinib")
    assert "Ponatinib: ask us before you stop" in told.notes


def test_cells_without_a_day_any_more_are_struck_on_the_new_sheet() -> None:
    """Put off by an answer, the second cells were gone from the new sheet without a sign."""
    plan = placed("obe-cel")
    taken = DecisionTaken("obe-cel", "second-dose", "postpone", date(2026, 3, 1), "N. Doctor")
    postponed = editing.decide(plan, protocols_of(plan), taken)
    around = Around(before=seen(plan))
    sheet = make_sheet(seen(postponed), "calendar", SITE, NOON, WHOLE_PLAN, around=around)
    cells = [one for one in seen(plan).schedule.events if one.placed.kind == "cell_infusion"][-1]
    assert any(text == "Changed: no day is set, ask us" for text in said_on(sheet)[cells.date])
    handed = make_sheet(seen(postponed), "handover", SITE, NOON, WHOLE_PLAN, around=around)
    assert any(words_of(row[0]) == "No day set any more" for row in rows(handed))
