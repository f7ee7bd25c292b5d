"""The lists of the day sheet: days on which nothing is begun stand together, and nothing of them is lost."""

from datetime import date
from itertools import groupby

import pytest
from msgspec.structs import replace

from planner.exports.sheets.changes import Key, key_of
from planner.exports.sheets.day.day_sheet import day_sheet
from planner.exports.sheets.day.lists import quiet_section
from planner.exports.sheets.day.runs import asked_once, stretches
from planner.exports.sheets.notes import Beside, still_running
from planner.exports.sheets.sheet import Paragraphs, Table
from planner.exports.wording.pumps import Pumps
from planner.model.civil import weekday_date
from planner.model.cycle_content import State
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.kept import doses_by_order
from planner.model.schedule import Event
from planner.model.site import Site
from planner.model.wish import Wish
from tests.courses import finding
from tests.exports.papers import job, lines_of, make, page_texts, printed, shipped, words_of
from tests.exports.sheets.test_day_bag_supply import HOME, moment


def clinic_days(evaluated: EvaluatedPlan) -> tuple[list[tuple[int, tuple[Event, ...]]], dict[int, tuple[Event, ...]]]:
    by_day = {day: tuple(events) for day, events in groupby(evaluated.schedule.events, key=lambda event: event.day)}
    return [one for one in by_day.items() if any(event.placed.route not in HOME for event in one[1])], by_day


def beside(marks: dict[Key, str] | None = None) -> Beside:
    """Nothing said beside the events but these marks."""
    return Beside(Site(), {}, {}, {}, marks or {}, {}, {}, {}, Pumps(()), {}, {})


LISTS = {
    "blinatumomab-rr": 10,
    "ponatinib-blinatumomab": 6,
    "all2820": 4,
    "e1910": 4,
    "brexu-cel": 1,
    "ponalfil": 1,
    "leukapheresis": 1,
    "calgb-10403": 0,
}


@pytest.mark.parametrize("protocol", LISTS)
def test_days_on_which_nothing_is_begun_share_a_list(protocol: str) -> None:
    evaluated = shipped(protocol)
    _, by_day = clinic_days(evaluated)
    sheet = make(evaluated, "daysheet")
    lists = [section for section in sheet.sections if section.level == 0 and " to " in section.title]
    assert len(lists) >= LISTS[protocol]
    assert bool(lists) == bool(LISTS[protocol])
    for section in lists:
        (table,) = (part for part in section.parts if isinstance(part, Table))
        days = [moment(words_of(row.cells[0])) for row in table.rows]
        assert days == sorted(days)
        assert len({*days}) > 1
        assert section.title == f"{words_of(table.rows[0].cells[0])} to {words_of(table.rows[-1].cells[0])}"
        assert len({any(event.placed.kind == "infusion" for event in by_day[day]) for day in days}) == 1
        for day in days:
            before = [(one.placed.id, one.dose, one.minute) for one in by_day.get(day - 1, ())]
            for event in by_day[day]:
                goes_on = (event.placed.id, event.dose, event.minute) in before
                assert event.placed.route in HOME or event.placed.kind in ("assessment", "procedure") or goes_on
                assert "To enter" not in event.placed.agent_name


def test_a_list_of_days_tells_how_often_and_what_changed() -> None:
    days, _ = clinic_days(shipped("ponatinib-blinatumomab"))
    day, events = next(
        one for one in days[1:] if {event.placed.kind for event in one[1]} == {"infusion", "administration"}
    )
    home = next(event for event in events if event.placed.route == "PO")
    marks = {key_of(home): "CHANGED, new"}
    section = quiet_section([(day, (*events, home)), (day + 1, events)], (), {}, beside(marks))
    (table,) = (part for part in section.parts if isinstance(part, Table))
    texts = [[line.text.replace("\u00a0", " ") for line in row.cells[3].lines] for row in table.rows]
    pump, twice, pump_again, once = texts
    assert twice == ["Ponatinib 30 mg, by mouth, 2 times a day"]
    assert not [text for text in (*pump, *pump_again) if "Ponatinib" in text]
    assert once == ["Ponatinib 30 mg, by mouth"]
    assert [row.joined for row in table.rows] == [False, True, False, True]
    assert "CHANGED, new" in [line.text for line in table.rows[1].cells[6].lines]


def test_other_warnings_begin_a_new_list() -> None:
    evaluated = shipped("blinatumomab-rr")
    days, by_day = clinic_days(evaluated)
    running = still_running(evaluated.schedule.events)
    whole = stretches(days, by_day, running, {}, {})
    assert [day for one in whole for day in one] == days
    longest = max(whole, key=len)
    middle = longest[5][0]
    warning, advice = (finding(number, severity, (middle,), ()) for number, severity in ((1, "warning"), (2, "advice")))
    parted = stretches(days, by_day, running, {middle: (warning,)}, {})
    assert [longest[5]] in parted
    assert [day for one in parted for day in one] == days
    assert stretches(days, by_day, running, {middle: (advice,)}, {}) == whole
    later = finding(4, "warning", (middle - 60, middle), ())
    assert stretches(days, by_day, running, {middle: (later,)}, {}) == whole, "its last day is no other warning"
    assert max(map(len, stretches(days, by_day, running, {day: (warning,) for day, _ in days}, {}))) == len(longest)
    assert stretches(days, by_day, {middle: longest[5][1]}, {}, {}) == parted


def test_advice_of_one_day_stands_in_its_row_and_what_all_days_share_above_them() -> None:
    shown = shipped("blinatumomab-rr")
    longest = max(stretches(*clinic_days(shown), {}, {}, {}), key=len)
    asked = tuple(day for day, _ in longest)
    findings = (
        finding(1, "advice", (asked[3],), (), message="Only on this day."),
        finding(2, "advice", asked, (), message="On each of them."),
    )
    wish = Wish(date.fromordinal(asked[0]), date.fromordinal(asked[-1]))
    (section,) = day_sheet(replace(shown, findings=findings), job(wish=wish)).sections
    (table,) = (part for part in section.parts if isinstance(part, Table))
    assert [number for number, row in enumerate(table.rows) if "Only on this day." in words_of(row.cells[6])] == [3]
    above = [line.text for part in section.parts if isinstance(part, Paragraphs) for line in part.lines]
    assert sum("On each of them." in text for text in above) == 1
    assert not any("Only on this day." in text for text in above)


def test_days_that_all_moved_alike_say_so_once() -> None:
    """Each row of a daily watch named the day it had moved from."""
    (watched,) = (one for one in stretches(*clinic_days(shipped("brexu-cel")), {}, {}, {}) if len(one) > 1)
    moved = [(day, tuple(one._replace(due_day=one.day - 7) for one in events)) for day, events in watched]
    section = quiet_section(moved, (), {}, beside())
    (table,) = (part for part in section.parts if isinstance(part, Table))
    once = [
        one.day
        for _, events in moved
        for one in events
        if sum(one.placed is e.placed for _, d in moved for e in d) == 1
    ]
    assert len(once) < len(table.rows)
    assert [moment(words_of(row.cells[0])) for row in table.rows if "moved" in words_of(row.cells[6])] == once
    above = [line.text for part in section.parts if isinstance(part, Paragraphs) for line in part.lines]
    told = [text.replace("\u00a0", " ") for text in above if "moved" in text]
    assert told
    assert len(told) == len({*told})
    assert all(text.endswith("each moved 7 days later") for text in told)
    first, *others = moved
    late = quiet_section(
        [first, *((day, tuple(one._replace(due_day=one.day - 3) for one in e)) for day, e in others)], (), {}, beside()
    )
    (table,) = (part for part in late.parts if isinstance(part, Table))
    told = [words_of(row.cells[6]).replace("\u00a0", " ") for row in table.rows]
    begins = [number for number, text in enumerate(told) if "moved from" in text]
    assert begins == [0, 1, len(told) - 1], "the first day, the run behind it, and what is watched once"
    assert "so the days" not in told[0]
    assert told[1].startswith(f"moved from {weekday_date(others[0][0] - 3)}, and so the days to ")
    assert told[1].endswith(f"{weekday_date(others[-2][0])}: each 3 days later")


def test_days_in_a_row_that_moved_by_different_numbers_of_days_each_say_so() -> None:
    """A run that moved says so on its first day for all of it; where the shift changes it is said again."""
    (watched,) = (one for one in stretches(*clinic_days(shipped("brexu-cel")), {}, {}, {}) if len(one) > 1)
    shifts = (2, 2, 5, 5, 5, 0, 0, 0)
    moved = [
        (day, tuple(one._replace(due_day=one.day - by) for one in events))
        for (day, events), by in zip(watched, shifts, strict=True)
    ]
    (table,) = (part for part in quiet_section(moved, (), {}, beside()).parts if isinstance(part, Table))
    told = [words_of(row.cells[6]).replace("\u00a0", " ") for row in table.rows]
    assert [number for number, text in enumerate(told) if "moved from" in text] == [0, 2]
    assert told[0].endswith(f"and so the days to {weekday_date(moved[1][0])}: each 2 days later")
    assert told[2].endswith(f"and so the days to {weekday_date(moved[4][0])}: each 5 days later")


def test_a_list_of_days_weeks_apart_says_what_is_taken_on_the_days_between() -> None:
    """Five years of ponatinib stood as a box beside the liver tests of every fourth week: as if once a month."""
    evaluated = shipped("ponatinib-blinatumomab")
    taken = {one.day for one in evaluated.schedule.events if one.placed.agent == "ponatinib"}
    found = 0
    for section in make(evaluated, "daysheet").sections:
        if " to " not in section.title:
            continue
        first, last = map(moment, section.title.split(" to "))
        (table,) = (part for part in section.parts if isinstance(part, Table))
        rows = {moment(words_of(row.cells[0])) for row in table.rows}
        above = [line.text for part in section.parts if isinstance(part, Paragraphs) for line in part.lines]
        told = [text.replace("\u00a0", " ") for text in above if "no row here" in text]
        every = f"every day from {weekday_date(first)} to {weekday_date(last)}, also on the days that have no row here."
        between = taken & {*range(first, last)} - rows
        assert told == ([f"Ponatinib, by mouth: {every}"] if between else [])
        texts = [line.text for row in table.rows for line in row.cells[3].lines if line.text.startswith("Ponatinib")]
        assert all((", by mouth, as every day" in text) == bool(between) for text in texts)
        assert not between or taken >= {*range(first, last + 1)}
        found += bool(between)
    assert found


def test_a_list_of_days_says_what_is_taken_on_some_of_the_days_between() -> None:
    events = [one for one in shipped("ponatinib-blinatumomab").schedule.events if one.placed.agent == "ponatinib"]
    days = [(one.day, (one,)) for one in (events[0], events[2], events[5])]
    partly = quiet_section(days, (), {}, replace_doses([events[0], *events[2:6]]))
    (lines,) = (part.lines for part in partly.parts if isinstance(part, Paragraphs))
    told = [line.text for line in lines if "no row here" in line.text]
    assert told == ["Ponatinib, by mouth: also on days between these that have no row here."]


def replace_doses(events: list[Event]) -> Beside:
    """Beside the events these doses alone."""
    return replace(beside(), doses=doses_by_order(events))


def test_what_two_parts_examine_alike_is_asked_once_where_one_of_them_is_sure() -> None:
    """The daily watch after two doses of cells had two boxes on one day, one of them provisional."""
    evaluated = shipped("obe-cel")
    both = [
        day
        for day, events in groupby(evaluated.schedule.events, key=lambda one: one.day)
        if [one.placed.agent_name for one in events].count("Daily watch for CRS and neurotoxicity at the centre") > 1
    ]
    assert len(both) == 5
    for day in both:
        wish = Wish(date.fromordinal(day), date.fromordinal(day))
        lines = [
            one for one in lines_of(day_sheet(evaluated, job(wish=wish))) if one.text.startswith("Daily watch for")
        ]
        assert len([one for one in lines if ":" not in one.text]) == 1
    days = [(day, tuple(events)) for day, events in groupby(evaluated.schedule.events, key=lambda one: one.day)]
    twice = next(events for day, events in days if day == both[-1])
    assert len(asked_once(twice)) == 1
    late = tuple(one._replace(state=State.PROVISIONAL) for one in twice)
    assert asked_once(late) == late, "nothing sure stands for it"


def test_the_day_on_which_cells_are_collected_has_a_sheet_of_its_own() -> None:
    """It was the last tick of a list of days on which "nothing is given"."""
    evaluated = shipped("leukapheresis")
    (day,) = {one.day for one in evaluated.schedule.events if one.placed.agent_name.startswith("Leukapheresis: coll")}
    sections = make(evaluated, "daysheet").sections
    assert [one.title for one in sections if one.title == weekday_date(day)]


def test_the_first_day_behind_the_recorded_ones_of_a_pump_that_moved_stays_in_its_list() -> None:
    """It was a page of its own with one row that began nothing: given before, only moved now."""
    days, by_day = clinic_days(shipped("blinatumomab-mrd"))
    (pump, *_) = (one for one in stretches(days, by_day, {}, {}, {}) if len(one) > 9)
    inside = {day for day, _ in pump}
    first = min(inside) - 1

    def recorded(day: int, events: tuple[Event, ...]) -> tuple[Event, ...]:
        state = State.GIVEN if day < first + 6 else State.DEFERRED
        return tuple(one._replace(state=state) if day in {first, *inside} else one for one in events)

    by_day = {day: recorded(day, events) for day, events in by_day.items()}
    found = stretches([(day, recorded(day, events)) for day, events in days], by_day, {}, {}, {})
    assert inside in [{day for day, _ in one} for one in found]


def test_a_day_of_a_pump_is_one_line() -> None:
    """ "Infusion" stood alone on a second line of each of 27 days, and the list took a page more."""
    lines = "\n".join(page_texts(printed(shipped("blinatumomab-mrd"), "daysheet"))).replace("\u00a0", " ").split("\n")
    days = [line for line in lines if "Blinatumomab 28 mcg a day, intravenous, continuous" in line]
    assert len(days) > 20
    assert all("continuous infusion" in line for line in days if "C1" in line)
