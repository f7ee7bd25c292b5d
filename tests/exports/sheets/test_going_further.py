"""What goes on behind a part of the plan, days that a delay put in, notes of parts that give nothing on a day."""

from datetime import date, timedelta

from msgspec.structs import replace

from planner.exports.sheets.sheet import Facts, Paragraphs, Section, Sheet, Table
from planner.exports.wording.runs import dose_steps
from planner.model.cycle_content import State
from planner.model.going_on import may_go_on
from planner.model.plan import BlockStart, Deferral, Hold, Plan, Scope
from planner.model.wish import Wish
from planner.services.verbs import editing, pausing
from planner.services.verbs.placing import add_protocol
from tests.courses import finding
from tests.exports.papers import job, library, lines_of, make, words_of
from tests.exports.sheets.calendar.test_medicines import rows_of as medicine_rows
from tests.exports.sheets.calendars import framed_on, said_on
from tests.exports.sheets.day.test_between import rows
from tests.exports.sheets.test_after_edits import START, placed, printed_sheet, seen
from tests.exports.sheets.test_day_bag_supply import bagged
from tests.schedules import with_events


def with_later(plan: Plan, protocol: str, after: int) -> Plan:
    start = BlockStart(on=START + timedelta(after))
    return add_protocol(plan, library().protocols[protocol], start)


def deferred(plan: Plan, block: str, cycle: int, day: int, days: int) -> Plan:
    change = Deferral(block, cycle, day, days, Scope.FOLLOWING, "counts")
    return editing.defer(plan, seen(plan).schedule, change)


def texts_of(section: Section) -> list[str]:
    parts = [part for part in section.parts if isinstance(part, Paragraphs)]
    return [line.text.replace("\u00a0", " ") for part in parts for line in part.lines]


def heads_of(sheet: Sheet) -> dict[str, str]:
    return {
        section.title: part.pairs[0][1].replace("\u00a0", " ")
        for section in sheet.sections
        for part in section.parts
        if isinstance(part, Facts)
    }


def test_tablets_of_a_block_without_an_end_go_on_beside_a_later_block() -> None:
    """Ponatinib "goes on until somebody says when it ends", and two years of maintenance said not a word of it."""
    plan = with_later(placed("phallcon"), "pomp", 1500)
    evaluated = seen(plan)
    last = max(one.day for one in evaluated.schedule.events if one.placed.agent == "ponatinib")
    going = may_go_on(evaluated.plan, evaluated.schedule.events)
    ends = max(block.end for block in evaluated.schedule.blocks)
    assert {day for day, firsts in going.items() if any(one.placed.agent == "ponatinib" for one in firsts)} == set(
        range(last + 1, ends)
    )
    on = date.fromordinal(ends - 40)
    wish = Wish(on, on + timedelta(6))
    sheets = {kind: printed_sheet(plan, kind, wish) for kind in ("daysheet", "calendar", "handover", "supply")}
    assert "Ponatinib, by mouth: until we tell you to stop" in framed_on(sheets["calendar"])[on]
    for kind in ("daysheet", "handover", "supply"):
        told = [line.text for line in lines_of(sheets[kind])]
        assert any("Ponatinib" in text for text in told), kind
        assert any("no end planned" in text for text in told), kind


def test_a_medicine_without_a_last_day_goes_on_up_to_the_end_of_the_plan() -> None:
    """Tacrolimus after a transplant was "no treatment" for weeks, because a far block was in the plan."""
    plan = with_later(placed("ptcy-gvhd", {"partner": "tacrolimus"}), "pomp", 120)
    framed, told = (of(printed_sheet(plan, "calendar")) for of in (framed_on, said_on))
    days = [START + timedelta(number) for number in (*range(6, 36), *range(64, 200))]  # drawn from Day 36 to 63
    assert all("Tacrolimus, by mouth: until we tell you to stop" in framed[day] for day in days)
    assert not any("No treatment" in told[day] for day in days)
    short = placed("flag-ida")
    later = with_later(short, "pomp", 120)
    growth = may_go_on(later, seen(later).schedule.events)
    assert max(growth) == max(may_go_on(short, seen(short).schedule.events)), "a growth factor is a matter of days"


def test_what_is_given_again_by_another_part_does_not_go_on_beside_it() -> None:
    first = placed("ptcy-gvhd", {"partner": "tacrolimus"})
    start = BlockStart(on=START + timedelta(120))
    plan = add_protocol(first, library().protocols["ptcy-gvhd"], start, {"partner": "tacrolimus"})
    events = seen(plan).schedule.events
    doses = [one.day for one in events if one.placed.agent == "tacrolimus"]
    again = min(day for day in doses if day > doses[0] + 60)
    going = may_go_on(plan, events)
    both = [
        day for day, firsts in going.items() if len([one for one in firsts if one.placed.agent == "tacrolimus"]) > 1
    ]
    assert not both
    assert again not in going or not any(one.placed.agent == "tacrolimus" for one in going[again])


def test_no_two_days_have_one_number_where_a_cycle_is_put_off() -> None:
    """Monday was "C3 D1" by the old date, and so was the Thursday on which the cycle began."""
    plan = deferred(placed("hyper-cvad"), "part-b", 2, 1, 7)
    second = next(block for block in seen(plan).schedule.blocks if block.id == "part-b")
    begins = date.fromordinal(second.begins)
    wish = Wish(begins - timedelta(7), begins + timedelta(3))
    sheet = printed_sheet(plan, "daysheet", wish)
    numbers = {day: words_of(row.cells[1]).replace("\u00a0", " ") for day, _, row in rows(sheet)}
    waited = {begins - timedelta(number) for number in range(1, 8)}
    assert {numbers[day] for day in waited} == {"after C1 D21"}
    assert all(
        "C2" not in text for title, text in heads_of(sheet).items() if begins > date(2026, 1, 1) and " to " in title
    )


def test_a_day_between_courses_is_told_by_the_last_of_them() -> None:
    """Ursodiol was begun in course 1: the days before course 3, put off, were "after C1 D21" and not "after C2"."""
    plan = deferred(placed("mini-hyper-cvd-inotuzumab"), "odd-2", 3, 1, 3)
    third = next(block for block in seen(plan).schedule.blocks if block.id == "odd-2")
    begins = date.fromordinal(third.begins)
    sheet = printed_sheet(plan, "daysheet", Wish(begins - timedelta(3), begins - timedelta(1)))
    numbers = {words_of(row.cells[1]).replace("\u00a0", " ") for _, _, row in rows(sheet)}
    assert numbers == {"after C2 D21"}


def test_days_without_a_medicine_of_every_day_say_that_its_doses_are_put_off() -> None:
    """Mercaptopurine of days 1 to 56 had no row and no word for the three days by which day 15 was deferred."""
    plan = placed("aall0232-hr")
    block = next(one for one in seen(plan).schedule.blocks if one.id == "interim-high-dose")
    plan = deferred(plan, block.id, 1, 15, 3)
    apart = [date.fromordinal(block.start + number) for number in (14, 15, 16)]
    sheet = printed_sheet(plan, "daysheet", Wish(apart[0], apart[-1]))
    told = {day: text for day, text, _ in rows(sheet) if text.startswith("Mercaptopurine")}
    assert sorted(told) == apart
    assert all("none drawn" in text and "ask" in text for text in told.values())
    asked = said_on(printed_sheet(plan, "calendar"))
    assert all(any(text == "Ask us: Mercaptopurine" for text in asked[day]) for day in apart)


def test_the_day_of_a_graft_carries_the_note_of_what_follows_it() -> None:
    """ "No steroid, also not against nausea" stood first on day 3, and the graft came on day 0."""
    plan = placed("hsct-cy-tbi")
    graft = max(one.date for one in seen(plan).schedule.events if one.placed.kind == "cell_infusion")
    plan = add_protocol(plan, library().protocols["ptcy-gvhd"], BlockStart(on=graft))
    sheet = printed_sheet(plan, "daysheet", Wish(graft, graft))
    (section,) = (one for one in sheet.sections if one.level == 0)
    assert any("no steroid, also not against nausea" in text for text in texts_of(section))
    (names,) = heads_of(sheet).values()
    assert "Conditioning C1 D0" in names
    assert "PTCy C1 D0" in names


def test_a_day_of_a_pump_that_was_given_in_part_is_no_step() -> None:
    """ "Old bag taken down, new rate set at" stood on a day on which no bag is changed."""
    evaluated = bagged()
    days = [one for one in evaluated.schedule.events if one.placed.kind == "infusion"]
    assert days[3].dose is not None
    assert days[3].dose.value is not None
    whole = days[3].dose.value
    part = replace(days[3].dose, origin="given", value=whole / 2, full=whole, ordered=whole)
    given = days[3]._replace(state=State.GIVEN, dose=part)
    events = tuple(given if one is days[3] else one for one in evaluated.schedule.events)
    assert not dose_steps(events)
    shown = replace(evaluated, schedule=with_events(evaluated.schedule, events))
    tables = [part for one in make(shown, "bags").sections for part in one.parts if isinstance(part, Table)]
    doses = {words_of(row.cells[3]) for table in tables for row in table.rows if len(row.cells) == 9}
    assert not any("," in text for text in doses), "one bag has one dose"


def test_the_sheet_that_bags_are_made_from_says_what_is_unconfirmed_warned_of_and_stood_still() -> None:
    evaluated = bagged()
    pump = next(one for one in evaluated.schedule.events if one.placed.kind == "infusion")
    told = (
        finding(1, "contraindicated", (pump.day,), (pump.placed.id,), message="Too much for this patient."),
        finding(2, "advice", (pump.day,), (pump.placed.id,), message="Only advice."),
    )
    again = pump._replace(notes=("added: toxicity; restart after a stop of 5 h",))
    events = tuple(again if one is pump else one for one in evaluated.schedule.events)
    shown = replace(evaluated, findings=told, schedule=with_events(evaluated.schedule, events))
    lines = [line.text.replace("\u00a0", " ") for line in lines_of(make(shown, "bags"))]
    assert any("Too much for this patient." in text for text in lines)
    assert not any("Only advice." in text for text in lines)
    assert any(text.endswith("restart after a stop of 5 h. The pump went on at") for text in lines)
    unconfirmed = make(seen(placed("hyper-cvad-blinatumomab")), "bags")
    assert any(line.text == "unverified: CHECK" for line in lines_of(unconfirmed))


def test_a_medicine_on_hold_says_so_in_the_table() -> None:
    """ "30 mg, once a day. Do not stop on your own" stood there, and the days said "on hold, ask us"."""
    plan = placed("ponatinib-blinatumomab")
    block = seen(plan).schedule.blocks[0].id
    order = next(one for one in seen(plan).schedule.events if one.placed.agent == "ponatinib").placed.order.id
    held = pausing.hold(plan, seen(plan).schedule, Hold(block, 1, 8, "toxicity", order=order, grade=3, scope=Scope.ALL))
    told = medicine_rows(printed_sheet(held, "calendar", Wish(START + timedelta(10))), "Ponatinib")
    assert all(one.notes.startswith("On hold: do not take it until we tell you.") for one in told)
    assert told[-1].notes == "On hold: do not take it until we tell you."
    here = pausing.hold(plan, seen(plan).schedule, Hold(block, 1, 8, "toxicity", order=order, grade=3))
    told = medicine_rows(printed_sheet(here, "calendar", Wish(START + timedelta(10))), "Ponatinib")
    assert any(one.notes.startswith("On hold: do not take it until we tell you. Once a day") for one in told)


def test_an_extract_lists_only_medicines_with_a_day_in_it() -> None:
    """Allopurinol of May stood in November as if it was to be taken, beside mercaptopurine."""
    plan = placed("calgb-10403")
    whole = printed_sheet(plan, "calendar")
    late = printed_sheet(plan, "calendar", Wish(START + timedelta(300), START + timedelta(330)))
    assert medicine_rows(whole, "Allopurinol")
    assert not medicine_rows(late, "Allopurinol")
    assert medicine_rows(late, "Mercaptopurine")


def test_a_cycle_given_once_more_has_a_name_for_families() -> None:
    words = job().words
    assert words.title("Blinatumomab, C1 again") == "Blinatumomab, cycle 1 again"
    assert words.title("Blinatumomab 1 and 2, from C2") == "Blinatumomab 1 and 2, from cycle 2 on"
