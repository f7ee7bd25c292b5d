"""The patient's calendar: weeks, words, doubt, the weekday of weekly medicines, the phone box."""

import calendar as other_calendar
from datetime import date, datetime, timedelta

import pytest
from msgspec.structs import replace

from planner.assembly.assemble import assemble
from planner.exports.sheets.sheet import Table
from planner.exports.wording.text import sentence
from planner.model.civil import add_months
from planner.model.plan import BlockStart
from planner.model.site import Site
from planner.model.wish import Wish
from planner.services.evaluation import evaluate
from planner.services.printing import BUILDERS, words_of
from planner.services.verbs.placing import add_protocol, new_plan
from tests.courses import PATIENT
from tests.exports.papers import (
    BEFORE,
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
from tests.exports.sheets.calendars import days_of, days_told, months, said_on
from tests.exports.sheets.test_every_event import date_of
from tests.schedules import with_events

ENGLISH = words_of("en")


@pytest.mark.parametrize("week_starts", [0, 6])
@pytest.mark.parametrize("protocol", ["pomp", "obe-cel"])
def test_each_week_stands_once_and_whole_with_the_month_that_has_most_of_its_days(
    protocol: str, week_starts: int
) -> None:
    """31 May had a page for itself, and 1 June the next: a week in two parts, and daily tablets moved between them."""
    sheet = BUILDERS["calendar"](shipped(protocol), job(Site(week_starts=week_starts)))
    begins = []
    for title, month in months(sheet).items():
        first = datetime.strptime(f"1 {title}", "%d %B %Y").date()
        for week in month.weeks:
            days = [date_of(first, int(day.number), day.month) for day in week.days if day.number]
            begins.append(days[-1] - timedelta(6))
            assert days[-1] - days[0] == timedelta(len(days) - 1)
            here = sum((begins[-1] + timedelta(number)).month == first.month for number in range(7))
            assert here >= 4 or week in (month.weeks[0], month.weeks[-1])
            assert begins[-1].weekday() == (0 if week_starts == 0 else 6)
            assert [day.month == "" for day in week.days if day.number] == [day.month == first.month for day in days]
    assert begins == [begins[0] + timedelta(7 * number) for number in range(len(begins))]
    assert not [title for title, month in months(sheet).items() if len(month.weeks) == 1]


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
                    this = date(int(year), list(other_calendar.month_name).index(name), 1)
                    on = date_of(this, int(day.number), day.month)
                    assert other_calendar.day_name[on.weekday()] == names[place]
                    seen.append(on)
    assert seen == sorted(set(seen))
    assert start in seen


def test_a_leap_day_has_its_place() -> None:
    sheet = make(shipped("blinatumomab-mrd", date(2028, 2, 10)), "calendar")
    week = months(sheet)["March 2028"].weeks[0]
    assert [(day.number, day.month) for day in week.days[:3]] == [("28", "February"), ("29", "February"), ("1", "")]


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
    assert [day.month for day in week.days[-2:]] == ["January", "January"]
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
                    found.append(date_of(this, int(day.number), day.month))
        found += [day for line in month.after for day in days_told(line.text)]
    assert found == wanted
    assert len(months(sheet)) <= 9


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
    assert any("on Thursdays, not\u00a0every\u00a0day" in text for text in lines)
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


def test_two_decisions_of_a_day_are_one_talk_to_the_patient() -> None:
    talks = [
        texts.count("Talk with your doctor about the next step")
        for texts in said_on(make(shipped("aall0232-hr"), "calendar")).values()
    ]
    assert max(talks) == 1


@pytest.mark.parametrize(("protocol", "asks"), [("calgb-10403", True), ("blinatumomab-mrd", False)])
def test_whoever_finds_no_number_of_tablets_is_told_to_ask(protocol: str, asks: bool) -> None:
    texts = [line.text for line in lines_of(make(shipped(protocol), "calendar"))]
    assert (ENGLISH.say("use_tablets") in texts) == asks
    assert (ENGLISH.say("tablets_blank") in texts) == asks


@pytest.mark.parametrize("large", [False, True])
def test_a_drug_ordered_in_parts_stands_once_on_its_day(large: bool) -> None:
    """Methotrexate over 2 hours and then over 22 is one medicine to a family; day sheet and roadmap have both."""
    sheet = BUILDERS["calendar"](shipped("hyper-cvad"), job(wish=Wish(large=large)))
    told = [line.text for line in lines_of(sheet) if line.tick and "Methotrexate" in line.text]
    assert "Methotrexate, in\u00a02\u00a0parts, at 09:00 and 11:00" in told
    day = said_on(BUILDERS["calendar"](shipped("hyper-cvad"), job()))[date(2026, 3, 23)]
    assert [text for text in day if text.startswith("Methotrexate")] == [
        "Methotrexate, in\u00a02\u00a0parts, at 09:00 and 11:00"
    ]


@pytest.mark.parametrize("language", ["en", "es", "de", "fr", "ru"])
def test_a_medicine_taken_once_on_some_days_and_twice_on_others_sends_to_the_days(language: str) -> None:
    """Clonazepam around busulfan stood as "Once a day" above "2 times a day"."""
    words = words_of(language)
    shelved = library().protocols["hsct-bu-cy"]
    choices = {"seizure-prophylaxis": "clonazepam"}
    plan = add_protocol(new_plan("p", PATIENT), shelved, BlockStart(on=date(2026, 3, 2)), choices)
    sheet = BUILDERS["calendar"](evaluate(plan, library(), Site()), replace(job(), words=words, stamp=BEFORE))
    texts = (words.say("once_a_day"), words.say("times_a_day", count=2), words.say("times_differ"))
    often = [sentence(text) for text in texts]
    assert [line.text for line in lines_of(sheet) if line.text in often] == often[2:]
