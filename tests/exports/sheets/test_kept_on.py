"""What a pause must not take along, what is stopped or moved for good, and what a family asks where the plan ends."""

from datetime import date, datetime, timedelta

from planner.exports.sheets.sheet import Table
from planner.model.cycle_content import State
from planner.model.plan import Addition, BlockStart, Deferral, DoseChange, Given, GivenRecord, Hold, Plan, Scope, Stop
from planner.model.protocol import TREATING
from planner.model.wish import Wish
from planner.services.printing import make_sheet
from planner.services.verbs import editing, pausing, redosing
from planner.services.verbs.placing import add_protocol
from planner.services.verbs.recording import record_given
from planner.services.verbs.redosing import enter_dose
from tests.exports.papers import SITE, library, make, shipped, words_of
from tests.exports.sheets.calendar.test_medicines import rows_of
from tests.exports.sheets.calendars import framed_on, months, said_on
from tests.exports.sheets.day.test_between import rows as day_rows
from tests.exports.sheets.test_after_edits import START, doses_of, placed, printed_sheet, recorded, rows, seen
from tests.exports.sheets.test_going_further import heads_of
from tests.exports.sheets.test_what_is_done import with_state


def held_after_methotrexate() -> Plan:
    plan = placed("hyper-cvad", {"leucovorin": "from-24-h"})
    given = [one for one in doses_of(plan, "Methotrexate") if one.placed.block.id == "part-b" and one.cycle_day == 1]
    plan = recorded(plan, given[:1])
    return pausing.hold(plan, seen(plan).schedule, Hold("part-b", 2, 2, "toxicity"))


def test_a_pause_leaves_the_rescue_of_what_is_begun() -> None:
    """Leucovorin, level and fluids after methotrexate were struck out with the rest of the block."""
    plan = held_after_methotrexate()
    events = [one for one in seen(plan).schedule.events if one.placed.block.id == "part-b"]
    rescue = [one for one in events if one.placed.agent == "leucovorin"]
    assert {one.state for one in rescue} == {State.HELD}
    on = rescue[0].date
    sheet = printed_sheet(plan, "daysheet", Wish(on, on))
    cells = [row.cells for part in sheet.sections[0].parts if isinstance(part, Table) for row in part.rows]
    named = {words_of(row[1]).split(" C2")[0]: row for row in cells}
    for name in ("Leucovorin", "Alkaline intravenous fluids"):
        assert named[name][1].lines[0].style == "strong"
        assert any(line.blank for line in named[name][4].lines), "a line to sign on"
        (told,) = (line for line in named[name][7].lines if "NOT to be left out" in line.text)
        assert told.style == "strong"
        assert "goes with Methotrexate of " in told.text
    assert named["Cytarabine"][1].lines[0].style == "struck"
    assert not any("Leucovorin: on hold" in text for text in said_on(printed_sheet(plan, "calendar"))[on])


def test_the_family_sees_that_blood_is_tested_as_long_as_the_rescue_goes_on() -> None:
    """The levels are drawn for three days; on the other days of leucovorin "until we tell you" nobody asked for one."""
    sheet = printed_sheet(placed("hyper-cvad", {"leucovorin": "from-24-h"}), "calendar")
    frames, said = framed_on(sheet), said_on(sheet)
    rescued = [on for on, texts in frames.items() if any("Leucovorin" in text and "until" in text for text in texts)]
    assert len(rescued) > 10
    assert all(any("Blood test" in text for text in (*frames[on], *said[on])) for on in rescued)
    assert sum("Blood test: until we tell you to stop" in frames[on] for on in rescued) > 10
    assert not any("Blood test" in text for on in set(frames) - set(rescued) for text in frames[on])


def test_a_pause_before_methotrexate_takes_its_rescue_along() -> None:
    plan = placed("hyper-cvad")
    held = pausing.hold(plan, seen(plan).schedule, Hold("part-b", 2, 1, "toxicity"))
    on = next(one.date for one in seen(held).schedule.events if one.placed.agent == "leucovorin")
    texts = said_on(printed_sheet(held, "calendar"))[on]
    assert any("Leucovorin: on hold" in text for text in texts)


def test_what_is_stopped_for_good_is_told_as_that() -> None:
    """ "It goes on after the last day of this plan. Do not stop on your own" of tablets stopped for toxicity."""
    plan = placed("hyper-cvad-ponatinib")
    order = next(one for one in seen(plan).schedule.events if one.placed.agent == "ponatinib").placed.order.id
    stop = Stop("part-a", 1, 8, Scope.ALL, "toxicity", order=order, grade=3)
    stopped = pausing.stop(plan, seen(plan).schedule, stop)
    sheet = printed_sheet(stopped, "calendar")
    (told,) = rows_of(sheet, "Ponatinib")
    assert told.notes == "Stopped from 9 March 2026 on: do not take it any more."
    before = make_sheet(seen(stopped), "calendar", SITE, datetime(2026, 3, 8, 9, 0))
    (told,) = rows_of(before, "Ponatinib")
    assert told.notes.startswith("Stopped from 9 March 2026 on: do not take it any more. Once a day")
    parts = [
        row
        for section in sheet.sections
        for part in section.parts
        if isinstance(part, Table)
        for row in part.rows
        if words_of(row.cells[0]) == "Ponatinib alone"
    ]
    assert [words_of(row.cells[3]) for row in parts] == ["Stopped"]


def test_a_weekly_medicine_that_moves_to_another_weekday_is_never_twice_a_week() -> None:
    """ "Once a week, on Mondays and Wednesdays" read as twice, and nothing stood on the Monday left out."""
    plan = placed("pomp")
    weekly = [one for one in doses_of(plan, "Methotrexate") if one.placed.route == "PO"]
    second = weekly[1]
    change = Deferral(second.placed.block.id, second.placed.cycle, second.cycle_day, 2, Scope.ALL, "counts")
    moved = editing.defer(plan, seen(plan).schedule, change)
    sheet = printed_sheet(moved, "calendar", Wish(START, START + timedelta(50)))
    notes = " ".join(one.notes for one in rows_of(sheet, "Methotrexate"))
    assert "Mondays and Wednesdays" not in notes
    assert "once a week, on wednesdays, not every day" in notes.casefold()
    off = "Methotrexate: not this day, now on"
    told = [day for day, texts in said_on(sheet).items() if any(off in one for one in texts)]
    assert told == [second.date], "not on each Monday for months"


def test_a_medicine_on_hold_of_which_all_days_are_past_is_still_on_hold() -> None:
    """ "Last day: 25 November" of mercaptopurine that was held on the 17th, until nobody knew when."""
    plan = placed("d-alba")
    first = next(one for one in seen(plan).schedule.events if one.placed.agent == "corticosteroid")
    place = first.placed.block.id, first.placed.cycle, first.cycle_day + 3
    held = pausing.hold(plan, seen(plan).schedule, Hold(*place, "counts", order=first.placed.order.id))
    sheet = make_sheet(seen(held), "calendar", SITE, datetime(2026, 7, 1, 9), Wish())
    (told,) = rows_of(sheet, "Steroid tablets")
    assert told.notes == "On hold: do not take it until we tell you."


def test_a_weekday_that_another_took_over_from_is_told_as_long_as_it_counts() -> None:
    """Printed in November it began with "once a week, on Mondays", of which the last was one of October."""
    plan = placed("pomp")
    weekly = [one for one in doses_of(plan, "Methotrexate") if one.placed.route == "PO"]
    second = weekly[1]
    change = Deferral(second.placed.block.id, second.placed.cycle, second.cycle_day, 2, Scope.ALL, "counts")
    moved = editing.defer(plan, seen(plan).schedule, change)

    def told(printed: date) -> str:
        sheet = make_sheet(seen(moved), "calendar", SITE, datetime(printed.year, printed.month, printed.day, 9), Wish())
        return rows_of(sheet, "Methotrexate")[0].notes

    assert told(weekly[0].date).startswith("Once a week, on Mondays, not every day From ")
    assert told(second.date + timedelta(9)).startswith("Once a week, on Wednesdays, not every day Once a WEEK only")
    assert "Monday" not in told(second.date + timedelta(9))


def test_one_weekly_dose_put_off_makes_no_second_weekday() -> None:
    """A holiday moved one dose from a Monday to a Wednesday: "once a week, on Mondays and Wednesdays" is twice."""
    plan = placed("pomp")
    weekly = [one for one in doses_of(plan, "Methotrexate") if one.placed.route == "PO"]
    one = weekly[6]
    change = Deferral(one.placed.block.id, one.placed.cycle, one.cycle_day, 2, Scope.DAY, "holiday")
    moved = editing.defer(plan, seen(plan).schedule, change)
    told = rows_of(printed_sheet(moved, "calendar"), "Methotrexate")[0].notes
    assert told.startswith("Once a week, on Mondays, not every day Only on its days in this calendar"), told
    assert "Wednesday" not in told


def test_no_medicine_is_stopped_that_another_order_gives() -> None:
    """Mercaptopurine in a tenth of the dose three times a week: page 1 said "Mercaptopurine: stopped"."""
    plan = placed("pomp")
    block = seen(plan).schedule.blocks[0].id
    stop = Stop(block, 1, 1, Scope.FOLLOWING, "other", order="mercaptopurine")
    stopped = pausing.stop(plan, seen(plan).schedule, stop)
    assert "Mercaptopurine: stopped" in parts_of(stopped)["POMP 1 to 12"][3]
    days = (2, 4, 9, 11, 16, 18, 23, 25)
    own = Addition(block, 0, "low", "mercaptopurine", "antineoplastic", "PO", days, "other", dose="10 mg/m2", anew=True)
    added = redosing.add_order(stopped, seen(stopped).schedule, library().agents, own)
    assert "stopped" not in parts_of(added)["POMP 1 to 12"][3]
    told = [line for lines in said_on(printed_sheet(added, "calendar")).values() for line in lines]
    assert not any("Mercaptopurine: stopped" in line for line in told)
    assert "Mercaptopurine: not this day" in told


def test_a_calendar_that_ends_says_to_ask_what_comes_then() -> None:
    """A child that needs another protocol, and tablets that only a transplant follows, seemed to be done."""
    *_, before, last = months(make(shipped("graaph-2014"), "calendar")).values()
    assert [line.text for line in before.after] == ["Nilotinib: ask us before you stop"]
    assert [line.text.split(" ")[0] for line in last.after] == ["What"]
    *_, last = months(make(shipped("hsct-cy-tbi"), "calendar")).values()
    assert [line.text.split(" ")[0] for line in last.after] == ["What"]


def test_a_dose_entered_without_a_frequency_asks_how_often() -> None:
    """ "60 mg, once a day" with one box, of an order of which nobody said how often."""
    plan = placed("d-alba")
    first = next(one for one in seen(plan).schedule.events if "orticosteroid" in one.placed.agent_name)
    place = first.placed.block.id, first.placed.cycle, first.cycle_day, first.placed.order.id
    change = DoseChange(*place, Scope.ALL, "other", dose="60 mg")
    entered = enter_dose(plan, seen(plan).schedule, change)
    sheet = printed_sheet(entered, "calendar")
    assert all("How often: ask us" in told.notes for told in rows_of(sheet, "Steroid tablets"))
    framed = [text.replace("\u00a0", " ") for text in framed_on(sheet)[first.date + timedelta(1)]]
    assert any("60 mg" in text and "how often: ask us" in text for text in framed)
    assert not any("once a day" in text for text in framed if "Steroid" in text)


def parts_of(plan: Plan) -> dict[str, list[str]]:
    tables = [part for one in printed_sheet(plan, "calendar").sections for part in one.parts if isinstance(part, Table)]
    (table,) = (one for one in tables if [line.text for line in one.columns[0].heading] == ["Part"])
    return {
        words_of(row.cells[0]).split(",")[0]: [words_of(cell).replace("\u00a0", " ") for cell in row.cells]
        for row in table.rows
    }


def test_a_part_that_is_stopped_under_way_is_not_planned() -> None:
    plan = placed("pomp")
    block = seen(plan).schedule.blocks[0].id
    stopped = pausing.stop(plan, seen(plan).schedule, Stop(block, 2, 1, Scope.ALL, "toxicity", grade=4))
    parts = parts_of(stopped)
    assert parts["POMP 1 to 12"][3] == "Stopped from 30 March 2026 on"
    assert parts["POMP from cycle 13"][3] == "Stopped"


def test_one_drug_that_is_stopped_is_no_stop_of_its_courses() -> None:
    """Ponatinib was stopped, and eight courses of chemotherapy that go on were "Stopped from 8 December on"."""
    plan = placed("hyper-cvad-ponatinib")
    shown = seen(plan)
    first = next(one for one in shown.schedule.events if one.placed.agent == "ponatinib")
    place = first.placed.block.id, first.placed.cycle, first.cycle_day
    why = {"reason": "toxicity", "grade": 3, "order": first.placed.order.id}
    stopped = pausing.stop(plan, shown.schedule, Stop(*place, Scope.ALL, **why))
    told = {name: cells[3] for name, cells in parts_of(stopped).items()}
    assert {text for name, text in told.items() if name.startswith("Part ")} == {"Planned Ponatinib: stopped"}
    assert told["Ponatinib alone"] == "Stopped"
    handed = " ".join(words_of(cell) for row in rows(printed_sheet(stopped, "summary")) for cell in row)
    assert "stopped from" not in handed


def test_a_drug_that_is_stopped_on_the_last_days_is_no_stop_of_its_course() -> None:
    """Dexamethasone of D12 to D14 was stopped, and all sheets called Part A "STOPPED": its other drugs were given."""
    plan = placed("hyper-cvad")
    block = seen(plan).schedule.blocks[0].id
    last = next(
        one
        for one in seen(plan).schedule.events
        if one.placed.agent == "dexamethasone" and one.placed.block.id == block and one.cycle_day == 12
    )
    stop = Stop(block, 1, 12, Scope.FOLLOWING, "toxicity", grade=3, order=last.placed.order.id)
    told = parts_of(pausing.stop(plan, seen(plan).schedule, stop))
    assert not told["Part A 1"][3].startswith("Stopped")
    assert "Dexamethasone: stopped" in told["Part A 1"][3]


def test_the_last_drug_that_is_drawn_is_not_all_that_goes_on() -> None:
    """Mycophenolate was stopped, and "After transplant" with it: a family stops the ciclosporin that goes on."""
    plan = placed("ptcy-gvhd", {"partner": "ciclosporin"})
    block = seen(plan).schedule.blocks[0].id
    why = {"reason": "counts", "order": "mycophenolate"}
    told = parts_of(pausing.stop(plan, seen(plan).schedule, Stop(block, 1, 20, Scope.CYCLE, **why)))
    assert not told["Protection after transplant"][3].startswith("Stopped")
    assert "Ciclosporin: until" in told["Protection after transplant"][2]


def test_what_goes_on_hangs_on_its_own_part() -> None:
    """Tacrolimus "until we tell you to stop" stood beside the one day of another part, at the plan's end."""
    plan = placed("ptcy-gvhd", {"partner": "tacrolimus"})
    later = add_protocol(plan, library().protocols["pomp"], BlockStart(on=START + timedelta(120)))
    parts = parts_of(later)
    assert [name for name, cells in parts.items() if "Tacrolimus: until" in cells[2]] == ["Protection after transplant"]


def test_one_of_several_doses_left_out_is_not_the_whole_day() -> None:
    """ "Cyclophosphamide: not this day" stood above the box of its other dose."""
    plan = placed("hyper-cvad")
    dose = next(one for one in doses_of(plan, "Cyclophosphamide") if one.placed.cycle == 1)
    place = dose.placed.block.id, dose.placed.cycle, dose.cycle_day, dose.placed.order.id
    record = GivenRecord(*place, 0, Given.NOT_GIVEN, None, None, "", "N. Nurse", "toxicity")
    left_out = record_given(plan, seen(plan).schedule, record, date(2027, 1, 1))
    told = said_on(printed_sheet(left_out, "calendar"))[dose.date]
    assert "Cyclophosphamide: not at\u00a009:00" in told
    assert not any("Cyclophosphamide: not this day" in text for text in told)


def test_one_of_several_doses_without_an_hour_is_counted() -> None:
    """ "Prednisone: not this day" stood above the box of its other dose."""
    evaluated = shipped("calgb-10403")
    dose = next(one for one in evaluated.schedule.events if one.placed.agent == "prednisone" and one.cycle_day > 3)
    (first, *_) = (one for one in evaluated.schedule.events if one.placed.id == dose.placed.id and one.day == dose.day)
    left_out = with_state(evaluated, State.OMITTED, lambda one: one is first)
    assert any(
        text == "Prednisone, doses of this day left out: 1" for text in said_on(make(left_out, "calendar"))[dose.date]
    )


def test_a_recorded_day_of_a_pump_says_given_beside_a_check_that_is_left() -> None:
    """ "Pump checked ____" stood beside a dose recorded as given, because "In hospital" shares its row."""
    planned = shipped("blinatumomab-rr")
    given = with_state(planned, State.GIVEN, lambda one: one.placed.kind == "infusion" and one.day_number < 6)
    found = [row for _, text, row in day_rows(make(given, "daysheet")) if "Blinatumomab" in text and "hospital" in text]
    assert found
    assert any([line.text for line in row.cells[4].lines] == ["GIVEN"] for row in found)


def test_the_head_of_a_day_counts_as_the_calendar_does() -> None:
    """A dose of day 8 given nine days late stood under "C1 D8" between day 16 and day 18."""
    plan = placed("aall1731")
    dose = next(one for one in seen(plan).schedule.events if one.cycle_day == 29 and one.placed.route == "IT")
    place = dose.placed.block.id, dose.placed.cycle, dose.cycle_day
    late = editing.defer(plan, seen(plan).schedule, Deferral(*place, 2, Scope.DAY, "counts"))
    on = dose.date + timedelta(2)
    heads = heads_of(printed_sheet(late, "daysheet", Wish(on, on)))
    assert list(heads.values()) == ["Induction C1 D31"]


def test_of_what_is_done_nobody_is_asked_first() -> None:
    """A ticked box said "ask us first"."""
    plan = placed("hyper-cvad", {"leucovorin": "from-24-h"})
    held = with_state(seen(plan), State.HELD, lambda one: one.placed.role in TREATING)
    level = next(one for one in held.schedule.events if "Methotrexate level" in one.placed.agent_name)
    assert any(text == "Blood test: ask us first" for text in said_on(make(held, "calendar"))[level.date])
    done = with_state(held, State.GIVEN, lambda one: one.placed.id == level.placed.id)
    told = said_on(make(done, "calendar"))[level.date]
    assert "Blood test" in told


def test_of_the_levels_of_what_is_begun_nobody_is_asked_first() -> None:
    evaluated = seen(held_after_methotrexate())
    level = next(one for one in evaluated.schedule.events if "Methotrexate level" in one.placed.agent_name)
    assert "Blood test" in said_on(make(evaluated, "calendar"))[level.date]
