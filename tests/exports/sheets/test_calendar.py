"""The patient's calendar: weeks, words, doubt, the weekday of weekly medicines, the phone box."""

import calendar as other_calendar
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from planner.assembly.assemble import assemble
from planner.exports.pdf.writer import write_pdf
from planner.exports.sheets.calendar import week_starts_of
from planner.exports.sheets.sheet import Month, Row, Sheet, Table
from planner.model.civil import add_months
from planner.model.plan import BlockStart
from planner.model.site import Site
from planner.model.wish import Wish
from planner.services.printing import BUILDERS, words_of
from planner.services.verbs.placing import add_protocol
from tests.exports.papers import (
    course,
    job,
    library,
    lines_of,
    make,
    page_texts,
    printed,
    shipped,
    short_course,
    squashed,
)
from tests.exports.sheets.test_every_event import date_of
from tests.schedules import with_events

ENGLISH = words_of("en")


def months(sheet: Sheet) -> dict[str, Month]:
    return {part.title: part for section in sheet.sections for part in section.parts if isinstance(part, Month)}


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.sampled_from([0, 6]))
def test_weeks_of_a_month_agree_with_another_calendar(day: date, week_starts: int) -> None:
    first = day.replace(day=1)
    expected = [week[0] for week in other_calendar.Calendar(week_starts).monthdatescalendar(first.year, first.month)]
    assert week_starts_of(first, week_starts) == expected


@pytest.mark.parametrize("week_starts", [0, 6])
@pytest.mark.parametrize("start", [date(2026, 2, 1) + timedelta(number) for number in range(7)])
def test_each_date_stands_under_its_weekday(start: date, week_starts: int) -> None:
    sheet = make(shipped("blinatumomab-mrd", start), "calendar", Site(week_starts=week_starts))
    names = [*other_calendar.day_name[week_starts:], *other_calendar.day_name[:week_starts]]
    seen = []
    for title, month in months(sheet).items():
        name, year = title.split(" ")
        assert list(month.weekdays) == names
        for week in month.weeks:
            assert len(week.days) == 7
            for place, day in enumerate(week.days):
                if day.number:
                    on = date(int(year), list(other_calendar.month_name).index(name), int(day.number))
                    assert other_calendar.day_name[on.weekday()] == names[place]
                    seen.append(on)
    assert seen == sorted(set(seen))
    assert start in seen


def test_a_leap_day_has_its_place() -> None:
    sheet = make(shipped("blinatumomab-mrd", date(2028, 2, 10)), "calendar")
    numbers = [day.number for week in months(sheet)["February 2028"].weeks for day in week.days if day.number]
    assert numbers[-1] == "29"
    assert int(numbers[0]) <= 10


def test_months_follow_each_other_to_the_end() -> None:
    evaluated = course()
    titles = list(months(make(evaluated, "calendar")))
    first = date.fromordinal(evaluated.schedule.blocks[0].start).replace(day=1)
    last = date.fromordinal(max(block.end for block in evaluated.schedule.blocks) - 1)
    assert last == date(2028, 1, 2), "a Sunday: these days end the last week of December"
    expected = []
    while first <= date(2027, 12, 31):
        expected.append(f"{other_calendar.month_name[first.month]} {first.year}")
        first = add_months(first, 1)
    assert titles == expected
    week = months(make(evaluated, "calendar"))["December 2027"].weeks[-1]
    assert [day.number for day in week.days] == ["27", "28", "29", "30", "31", "1", "2"]
    assert [day.label.split(",")[0] for day in week.days[-2:]] == ["January", "January"]
    assert not any(day.outside for day in week.days)


@pytest.mark.parametrize("week_starts", [0, 6])
@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("start", [date(2026, 2, 22) + timedelta(number) for number in range(0, 12, 2)])
def test_every_day_stands_in_one_month_wherever_the_course_begins(start: date, week_starts: int, large: bool) -> None:
    evaluated = shipped("blinatumomab-mrd", start)
    sheet = BUILDERS["calendar"](evaluated, job(Site(week_starts=week_starts), wish=Wish(large=large)))
    first = min(event.day for event in evaluated.schedule.events)
    last = max(block.end for block in evaluated.schedule.blocks) - 1
    wanted = [date.fromordinal(day) for day in range(first, last + 1)]
    if large:
        tables = [part for section in sheet.sections for part in section.parts if isinstance(part, Table)][2:]
        found = [day for table in tables for row in table.rows for day in days_of(row)]
        assert found == [f"{day:%A} {day.day}" for day in wanted]
        return
    found = []
    for title, month in months(sheet).items():
        name, year = title.split(" ")
        this = date(int(year), list(other_calendar.month_name).index(name), 1)
        for week in month.weeks:
            for day in week.days:
                if day.number and not day.outside:
                    found.append(date_of(this, int(day.number), day.label))
        found += [day for line in month.after for day in days_told(line.text)]
    assert found == wanted
    assert len(months(sheet)) <= 9


def days_told(text: str) -> list[date]:
    """The days of "From 1 June 2026 to 30 June 2026: ..."."""
    first, last = (
        datetime.strptime(one, "%d %B %Y").date()
        for one in text.replace("\u00a0", " ").removeprefix("From ").split(":")[0].split(" to ")
    )
    return [first + timedelta(number) for number in range((last - first).days + 1)]


def days_of(row: Row) -> list[str]:
    """The days that a row of the large print is about, from its first to its last, without their months."""
    if not row.cells[0].lines:
        return [f"{day:%A} {day.day}" for day in days_told(row.cells[1].lines[0].text)]
    strong = [line.text for line in row.cells[0].lines if line.style == "strong"]
    first, last = (" ".join(text.removeprefix("to ").split(" ")[:2]) for text in (strong[0], strong[-1]))
    names = list(other_calendar.day_name)
    count = (names.index(last.split(" ")[0]) - names.index(first.split(" ")[0])) % 7 + 1
    begin = int(first.split(" ")[1])
    numbers = [int(last.split(" ")[1]) - (count - 1 - step) for step in range(count)]
    shown = [number if number > 0 else begin + step for step, number in enumerate(numbers)]
    weekdays = [names[(names.index(first.split(" ")[0]) + step) % 7] for step in range(count)]
    return [f"{weekday} {number}" for weekday, number in zip(weekdays, shown, strict=True)]


def test_in_large_print_days_alike_share_a_row_and_keep_their_boxes() -> None:
    sheet = BUILDERS["calendar"](shipped("calgb-10403"), job(wish=Wish(large=True)))
    tables = [part for section in sheet.sections for part in section.parts if isinstance(part, Table)]
    rows = [row for table in tables for row in table.rows]
    row = next(row for row in rows if row.cells[0].lines[0].text == "Tuesday 10")
    assert [line.text.replace("\u00a0", " ") for line in row.cells[0].lines] == [
        "Tuesday 10",
        "to Sunday 15",
        "Day 9",
        "to Day 14",
    ]
    told, boxes = row.cells[1].lines
    assert told.text.startswith("Prednisone: by mouth")
    assert boxes.boxes == tuple((f"{name} {10 + place}", 2) for place, name in enumerate(other_calendar.day_name[1:]))
    rest = [row for row in rows if [line.text for line in row.cells[-1].lines] == [ENGLISH.say("no_treatment")]]
    assert any(len(days_of(row)) > 3 for row in rest)


def test_days_outside_the_plan_say_so() -> None:
    month = months(make(course(), "calendar"))["January 2026"]
    days = {day.number: day for week in month.weeks for day in week.days if day.number}
    assert "1" not in days, "a week before the plan is left out"
    assert not days["5"].outside
    month = months(make(course(), "calendar", Site(week_starts=6)))["January 2026"]
    day = month.weeks[0].days[0]
    assert (day.number, day.outside, [line.text for line in day.lines]) == ("4", True, [ENGLISH.say("not_in_plan")])


def test_a_rest_day_is_named() -> None:
    month = months(make(course(), "calendar"))["February 2026"]
    days = {day.number: day for week in month.weeks for day in week.days if day.number}
    assert [line.text for line in days["5"].lines] == [ENGLISH.say("no_treatment")]
    assert days["5"].label.replace("\u00a0", " ") == "Day 32"


def test_what_hangs_on_a_decision_looks_different_and_says_so() -> None:
    sheet = make(shipped("calgb-10403"), "calendar")
    found = months(sheet)
    sure, unsure = found["March 2026"], found["May 2026"]
    assert not sure.notice
    assert not any(day.dashed for week in sure.weeks for day in week.days)
    assert unsure.notice == ENGLISH.say("confirms_month")
    with_items = [day for week in unsure.weeks for day in week.days if any(line.tick for line in day.lines)]
    assert with_items
    assert all(day.dashed for day in with_items)
    assert all(bar.dashed for week in unsure.weeks for bar in week.bars)


def test_a_month_with_both_says_it_at_each_item() -> None:
    evaluated = course()
    month = months(make(evaluated, "calendar"))["July 2026"]
    assert not month.notice
    days = {day.number: day for week in month.weeks for day in week.days if day.number}
    assert not days["5"].dashed, "5 July still belongs to the part that is sure"
    assert days["6"].dashed
    assert ENGLISH.say("confirms") in [line.text for line in days["6"].lines]


def test_weekly_tablets_name_their_weekday() -> None:
    evaluated = shipped("calgb-10403")
    weekly = [
        event
        for event in evaluated.schedule.events
        if event.placed.agent == "methotrexate" and event.placed.route == "PO"
    ]
    assert len(weekly) > 50
    lines = [line.text.replace("\u00a0", " ") for line in lines_of(make(evaluated, "calendar"))]
    found = [text for text in lines if text.startswith("Methotrexate") and "mg" in text]
    assert len(found) == len(weekly)
    assert all(text.endswith("once a week, on Mondays, not every day") for text in found)


def test_a_moved_weekly_tablet_names_its_new_weekday() -> None:
    evaluated = shipped("calgb-10403", date(2026, 3, 5))
    lines = [line.text for line in lines_of(make(evaluated, "calendar"))]
    assert any("on Thursdays, not every day" in text for text in lines)
    assert not any("on Mondays" in text for text in lines)


def test_tablets_have_a_dose_and_boxes_infusions_have_none() -> None:
    month = months(make(course(), "calendar"))["April 2026"]
    bars = {bar.line.text.replace("\u00a0", " "): bar.ticks for week in month.weeks for bar in week.bars}
    assert bars["Levetiracetam: by mouth, 500 mg, 2 times a day"] == 2
    assert bars["Blinatumomab: pump, day and night"] == 0


def test_the_phone_box_is_never_blank_in_silence() -> None:
    pages = page_texts(printed(short_course(), "calendar", site=Site()))
    assert all("Writein:24-hourphonenumber" in squashed(text) for text in pages)
    assert "Writein:whentocall,andthefeverlimit" in squashed(pages[0])
    pages = page_texts(printed(short_course(), "calendar"))
    assert all("24-hourphone:5550100" in squashed(text) for text in pages)
    assert "feverof38°C" in squashed(pages[0])


def test_the_calendar_speaks_no_protocol_language() -> None:
    forbidden = ("mg/m2", " IV", " IT ", " PO", "MRD", "C1 ", "D1", "mcg", "VC-0")
    for evaluated in (course(), shipped("d-alba"), shipped("calgb-10403")):
        for line in lines_of(make(evaluated, "calendar")):
            assert not [word for word in forbidden if word in line.text], line


def test_parts_that_run_at_the_same_time_are_told_apart() -> None:
    first = shipped("d-alba", date(2026, 3, 2))
    plan = add_protocol(first.plan, library().protocols["blinatumomab-mrd"], BlockStart(on=date(2026, 3, 18)))
    protocols = {pin.sha256: library().protocols[pin.id].protocol for pin in plan.pins}
    schedule = assemble(plan, protocols, library().agents, Site())
    month = months(make(replace(first, plan=plan, schedule=schedule), "calendar"))["March 2026"]
    labels = {day.number: day.label.replace("\u00a0", " ") for week in month.weeks for day in week.days if day.number}
    assert labels["17"] == "Day 9"
    assert labels["18"] == "Induction: Day 10, Blinatumomab 1: Day 1"


def test_a_day_before_its_part_begins_has_its_number_from_the_protocol() -> None:
    evaluated = course()
    first = evaluated.schedule.events[0]
    early = first._replace(day=first.day - 2, cycle_day=-2)
    schedule = with_events(evaluated.schedule, (early, *evaluated.schedule.events))
    month = months(make(replace(evaluated, schedule=schedule), "calendar"))["January 2026"]
    days = {day.number: day for week in month.weeks for day in week.days if day.number}
    assert days["3"].label.replace("\u00a0", " ") == "Induction: Day −2"
    assert [line.tick for line in days["3"].lines] == [True]
    assert days["4"].label == ""


def test_two_examinations_of_one_name_are_told_once() -> None:
    evaluated = shipped("aall1731")
    for month in months(make(evaluated, "calendar")).values():
        for week in month.weeks:
            for day in week.days:
                tests = [line.text for line in day.lines if line.tick and line.style == "body"]
                assert len(tests) == len(set(tests)), (month.title, day)
    twice = [
        [event.placed.agent_name for event in evaluated.schedule.events if event.day == on and not event.dose]
        for on in {event.day for event in evaluated.schedule.events}
    ]
    assert max(map(len, twice)) > 1


def said_on(sheet: Sheet) -> dict[date, list[str]]:
    """The lines of each day of the plan, bars left out."""
    found = {}
    for title, month in months(sheet).items():
        first = datetime.strptime(f"1 {title}", "%d %B %Y").date()
        for day in (day for week in month.weeks for day in week.days):
            if day.number and not day.outside:
                found[date_of(first, int(day.number), day.label)] = [line.text for line in day.lines]
    return found


def test_no_rest_is_promised_where_treatment_is_still_to_be_entered() -> None:
    """Of induction 2 of E1910 no source gives drugs and days: a family must not read that nothing is given."""
    evaluated = shipped("e1910")
    said = said_on(make(evaluated, "calendar"))
    block = next(block for block in evaluated.schedule.blocks if block.phase.id == "induction-2")
    here = [texts for day, texts in said.items() if block.start <= day.toordinal() < block.end]
    assert len(here) > 40
    assert not any("No treatment" in texts for texts in here)
    assert ["Ask us"] in here
    kept_up = next(block for block in evaluated.schedule.blocks if block.phase.id == "maintenance")
    assert not any("No treatment" in texts for day, texts in said.items() if day.toordinal() >= kept_up.start)
    before = [texts for day, texts in said.items() if day.toordinal() < block.start]
    assert ["No treatment"] in before
    large = BUILDERS["calendar"](evaluated, job(wish=Wish(large=True)))
    for sheet in (make(evaluated, "calendar"), large):
        assert any(line.text.startswith("Ask us: your team") for line in lines_of(sheet))


def test_no_rest_is_promised_after_the_first_day_of_a_drug_of_unknown_length() -> None:
    evaluated = shipped("hyper-cvad")
    filgrastim = next(event for event in evaluated.schedule.events if event.placed.agent == "filgrastim")
    cycle = filgrastim.placed.block.cycles[0]
    said = said_on(make(evaluated, "calendar"))
    after = [texts for day, texts in said.items() if filgrastim.day < day.toordinal() < cycle.end]
    assert ["Ask us"] in after
    assert not any("No treatment" in texts for texts in after)
    assert not any("Ask us" in texts for day, texts in said.items() if cycle.start <= day.toordinal() <= filgrastim.day)


def test_two_decisions_of_a_day_are_one_talk_to_the_patient() -> None:
    talks = [
        texts.count("Talk with your doctor about the next step")
        for texts in said_on(make(shipped("aall0232-hr"), "calendar")).values()
    ]
    assert max(talks) == 1


@pytest.mark.parametrize("large", [False, True])
def test_whole_months_without_treatment_are_one_line_below_the_month_before(large: bool) -> None:
    evaluated = shipped("blinatumomab-rr")
    sheet = BUILDERS["calendar"](evaluated, job(wish=Wish(large=large)))
    titles = [section.title for section in sheet.sections]
    said = [line.text.replace("\u00a0", " ") for line in lines_of(sheet) if "is planned" in line.text]
    assert said[0] == "From 1 November 2026 to 30 November 2026: no treatment is planned."
    assert "October 2026" in titles
    assert "November 2026" not in titles
    assert "December 2026" in titles
    taken = {event.date for event in evaluated.schedule.events}
    assert len(said) == 4
    assert not taken & {day for text in said for day in days_told(text)}


def test_a_month_of_which_the_plan_does_not_know_keeps_its_page() -> None:
    found = months(make(shipped("e1910"), "calendar"))
    assert "August 2028" in found
    days = [day for week in found["August 2028"].weeks for day in week.days if not day.outside]
    assert {line.text for day in days for line in day.lines} == {"Ask us"}


def test_rest_months_alone_have_a_page() -> None:
    wish = Wish(first=date(2026, 11, 1), last=date(2026, 11, 30))
    sheet = BUILDERS["calendar"](shipped("blinatumomab-rr"), job(wish=wish))
    (month,) = months(sheet).values()
    assert (month.title, month.after) == ("November 2026", ())


def test_the_line_of_the_rest_stays_with_the_last_week() -> None:
    pages = page_texts(printed(shipped("blinatumomab-rr"), "calendar"))
    told = [squashed(page) for page in pages if "notreatmentisplanned" in squashed(page)]
    assert len(told) == 4
    assert all("Monday" in page for page in told)


def test_each_dose_of_a_day_has_its_box() -> None:
    evaluated = shipped("flag-ida")
    month = months(make(evaluated, "calendar"))["March 2026"]
    ticks = [bar.ticks for week in month.weeks for bar in week.bars if "Prednisolone eye" in bar.line.text]
    assert set(ticks) == {6}
    large = BUILDERS["calendar"](evaluated, job(wish=Wish(large=True)))
    boxes = [box for line in lines_of(large) for box in line.boxes]
    assert ("Tuesday 3", 6) in boxes


def test_in_large_print_nothing_sure_stands_below_what_hangs_on_a_decision() -> None:
    sheet = BUILDERS["calendar"](shipped("hyper-cvad-dasatinib"), job(wish=Wish(large=True)))
    tables = [part for section in sheet.sections for part in section.parts if isinstance(part, Table)]
    row = next(row for table in tables for row in table.rows if row.cells[0].lines[0].text == "Monday 2")
    texts = [line.text for line in row.cells[1].lines]
    assert texts.index("If your doctor confirms:") > max(
        number for number, text in enumerate(texts) if text.startswith(("Dasatinib", "Mesna", "Dexamethasone"))
    )


def test_a_day_that_goes_on_over_the_page_says_its_name_and_its_headings_again() -> None:
    wish = Wish(large=True)
    pages = page_texts(write_pdf(BUILDERS["calendar"](shipped("mini-hyper-cvd-inotuzumab"), job(wish=wish)), "A4"))
    page = next(number for number, text in enumerate(pages) if "Monday 9\n" in text and "Cytarabine" in text)
    assert "If your doctor confirms:" not in pages[page]
    words = squashed(pages[page + 1])
    assert "Monday9" in words
    assert "Ifyourdoctorconfirms:Dripintoavein:Rituximab" in words


@pytest.mark.parametrize(("protocol", "asks"), [("calgb-10403", True), ("blinatumomab-mrd", False)])
def test_whoever_finds_no_number_of_tablets_is_told_to_ask(protocol: str, asks: bool) -> None:
    texts = [line.text for line in lines_of(make(shipped(protocol), "calendar"))]
    assert (ENGLISH.say("use_tablets") in texts) == asks
    assert (ENGLISH.say("tablets_blank") in texts) == asks


def test_before_the_first_part_of_a_plan_no_rest_is_promised() -> None:
    """Weeks before cells are collected other treatment goes on, of which this plan knows nothing."""
    evaluated = shipped("leukapheresis")
    begins = min(block.start for block in evaluated.schedule.blocks)
    said = said_on(make(evaluated, "calendar"))
    before = [texts for day, texts in said.items() if day.toordinal() < begins]
    assert ["Ask us"] in before
    assert not any("No treatment" in texts for texts in before)
    assert ENGLISH.say("legend_ask") in [line.text for line in lines_of(make(evaluated, "calendar"))]


def test_the_sign_for_days_to_ask_about_is_explained_only_where_it_stands() -> None:
    """The day before the first block of this one has a medicine on it."""
    evaluated = shipped("hsct-bu-flu")
    assert min(event.day for event in evaluated.schedule.events) < evaluated.schedule.blocks[0].start
    assert ENGLISH.say("legend_ask") not in [line.text for line in lines_of(make(evaluated, "calendar"))]


@pytest.mark.parametrize("large", [False, True])
def test_a_drug_ordered_in_parts_stands_once_on_its_day(large: bool) -> None:
    """Methotrexate over 2 hours and then over 22 is one medicine to a family; day sheet and roadmap have both."""
    sheet = BUILDERS["calendar"](shipped("hyper-cvad"), job(wish=Wish(large=large)))
    told = [line.text for line in lines_of(sheet) if line.tick and "Methotrexate" in line.text]
    assert "Methotrexate, 2\u00a0times" in told
    day = said_on(BUILDERS["calendar"](shipped("hyper-cvad"), job()))[date(2026, 3, 23)]
    assert [text for text in day if text.startswith("Methotrexate")] == ["Methotrexate, 2\u00a0times"]
