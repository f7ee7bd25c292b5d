"""Day sheets over a change of the clocks: how many hours really pass while a dose runs, and up to a rescue."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from planner.exports.sheets.sheet import Paragraphs, Section, Table
from planner.model.cycle_content import State
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.site import Site
from planner.services.evaluation import evaluate
from planner.services.verbs.placing import add_phase, new_plan, start_on
from tests.courses import PATIENT
from tests.exports.papers import library, make, shipped, words_of
from tests.exports.sheets.test_what_is_done import with_state

ZONES = {"eu": "Europe/Berlin", "us": "America/New_York"}


def high_dose(first: date) -> EvaluatedPlan:
    """Methotrexate over 24 h from 09:00 of the first day, leucovorin from 42 h after its start, every 6 h."""
    shelved = library().protocols["aall0232-hr"]
    plan = add_phase(new_plan("p", PATIENT), shelved, "interim-high-dose", start_on(first), {})
    return evaluate(plan, library())


def told(shown: EvaluatedPlan, rule: str, day: date) -> Iterator[tuple[str, str]]:
    """What the sheet of a day says of the clocks, with the time and the drug it says it of."""
    for section in make(shown, "daysheet", Site(clock_changes=rule)).sections:
        if day.strftime("%d-%b-%Y") not in section.title:
            continue
        for part in section.parts:
            for line in part.lines if isinstance(part, Paragraphs) else ():
                if "locks go" in line.text:
                    yield "still running", line.text.replace("\u00a0", " ").partition(". ")[2]
            for row in part.rows if isinstance(part, Table) and len(part.columns) == 8 else ():
                for line in row.cells[7].lines:
                    if "locks" in line.text:
                        name = f"{words_of(row.cells[0])} {words_of(row.cells[1])}".split(" C1")[0]
                        yield name, line.text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("rule", "first", "way", "day", "over", "hours", "by"),
    [
        ("eu", date(2026, 10, 24), "back", "Sun 25-Oct-2026", "08:00", 43, "02:00"),
        ("eu", date(2027, 3, 27), "forward", "Sun 28-Mar-2027", "10:00", 41, "04:00"),
        ("us", date(2026, 10, 31), "back", "Sun 01-Nov-2026", "08:00", 43, "02:00"),
        ("us", date(2027, 3, 13), "forward", "Sun 14-Mar-2027", "10:00", 41, "04:00"),
    ],
)
def test_an_infusion_and_its_rescue_say_how_many_hours_really_pass(
    rule: str, first: date, way: str, day: str, over: str, hours: int, by: str
) -> None:
    shown = high_dose(first)
    going = f"Clocks go {way} on {day}"
    begun = dict(told(shown, rule, first))
    assert begun == {"09:00 Methotrexate": f"{going}: the 24 h are over at {over}"}
    assert dict(told(shown, rule, first + timedelta(1)))["still running"] == f"{going}: the 24 h are over at {over}"
    rescue = dict(told(shown, rule, first + timedelta(2)))
    assert rescue["03:00 Leucovorin"] == (
        f"{going}: {hours} h, not 42 h, lie between the start of Methotrexate and this; 42 h are over at {by}"
    )
    assert list(rescue) == ["03:00 Leucovorin", "09:00 Leucovorin", "15:00 Leucovorin"]
    assert not list(told(shown, rule, first + timedelta(14))), "the next dose meets no change"
    assert not list(told(shown, "none", first))
    other = "us" if rule == "eu" else "eu"
    assert not list(told(shown, other, first))


def test_where_nobody_chose_how_the_clocks_change_it_says_if() -> None:
    (text,) = dict(told(high_dose(date(2026, 10, 24)), "", date(2026, 10, 24))).values()
    assert text.startswith(
        "If clocks go back here on Sun 25-Oct-2026 (nobody chose in the settings): the 24 h are over"
    )


def test_of_a_dose_that_is_given_the_clocks_are_not_told_any_more() -> None:
    """The same four bold lines stood beside each of twelve doses of a night that was over."""
    shown = high_dose(date(2026, 10, 24))
    over = with_state(shown, State.GIVEN, lambda event: event.placed.kind == "administration")
    assert list(told(shown, "eu", date(2026, 10, 26)))
    assert not list(told(over, "eu", date(2026, 10, 26)))


@pytest.mark.parametrize("first", [date(2026, 10, 23), date(2026, 10, 24), date(2027, 3, 26), date(2027, 3, 27)])
@pytest.mark.parametrize("rule", ZONES)
def test_the_hours_are_those_of_the_zone_itself(rule: str, first: date) -> None:
    """A second opinion: the time zone database counts the hours between the two clock times."""
    if ZONES[rule] not in available_timezones():
        pytest.skip("this system has no time zone database")
    first += timedelta(7 if rule == "us" and first.month == 10 else -14 if rule == "us" else 0)
    shown, zone = high_dose(first), ZoneInfo(ZONES[rule])
    events = [one for one in shown.schedule.events if one.minute >= 0 and one.day <= first.toordinal() + 3]

    def moment(day: int, minute: int) -> float:
        at = date.fromordinal(day)
        return datetime(at.year, at.month, at.day, minute // 60, minute % 60, tzinfo=zone).timestamp() / 3600

    start = next(one for one in events if one.placed.agent == "methotrexate")
    for one in events:
        if one.placed.agent != "leucovorin":
            continue
        real = moment(one.day, one.minute) - moment(start.day, start.minute)
        planned = (one.day - start.day) * 24 + (one.minute - start.minute) / 60
        said = dict(told(shown, rule, one.date)).get(f"{one.minute // 60:02d}:{one.minute % 60:02d} Leucovorin", "")
        found = re.search(r": (\d+) h, not (\d+) h,", said)
        assert (found is not None) == (real != planned)
        assert found is None or (int(found[1]), int(found[2])) == (real, planned)


def test_a_dose_in_the_hour_of_the_change_asks_which_hour_is_meant() -> None:
    shelved = library().protocols["aall0232-hr"]
    plan = add_phase(new_plan("p", PATIENT), shelved, "interim-high-dose", start_on(date(2026, 10, 23)), {})
    shown = evaluate(plan, library(), Site(treatment_day_starts=8 * 60))
    found = dict(told(shown, "eu", date(2026, 10, 25)))
    assert found["02:00 Leucovorin"] == (
        "The clocks change in this very night: agree on the hour that is meant by 02:00"
    )


@pytest.mark.parametrize("protocol", ["hyper-cvad-dasatinib", "mini-hyper-cvd-inotuzumab"])
def test_an_intrathecal_dose_without_a_time_stands_before_all_other_doses(protocol: str) -> None:
    """Behind everything that has a time it came last, on the continuation of the page. Only checks come first."""
    mixed = 0
    for section in make(shipped(protocol), "daysheet").sections:
        times, names = [], []
        for table in (part for part in section.parts if isinstance(part, Table) and len(part.columns) == 8):
            doses = [row for row in table.rows if not any(line.tick for line in row.cells[4].lines)]
            times += [words_of(row.cells[0]) for row in doses]
            names += [row.cells[1].lines[0].style for row in doses]
        untimed = [place for place, style in enumerate(names) if style == "capital" and times[place] == "no time"]
        assert untimed == list(range(len(untimed)))
        mixed += bool(untimed) and {*times} != {"no time"}
    assert mixed


def test_a_question_is_answered_and_not_done() -> None:
    tables = [part for one in make(shipped("flag-ida"), "daysheet").sections for part in one.parts]
    rows = [row for part in tables if isinstance(part, Table) and len(part.columns) == 8 for row in part.rows]
    told = {words_of(row.cells[1]): words_of(row.cells[4]) for row in rows if row.cells[4].lines[0].tick}
    assert {words for name, words in told.items() if name.startswith("A second course?")} == {"answered"}
    others = {name: words for name, words in told.items() if not name.startswith("A second course?")}
    assert {words for name, words in others.items() if name.startswith("To enter")} == {"entered"}
    assert {words for name, words in others.items() if not name.startswith("To enter")} == {"done"}


def test_what_is_taken_before_the_treatment_stands_above_it() -> None:
    """Paracetamol before CAR T cells stood on the page behind the cells, among what is taken at home."""
    evaluated = shipped("obe-cel")
    cells = next(event for event in evaluated.schedule.events if event.placed.kind == "cell_infusion")
    wanted = ["Paracetamol", "Diphenhydramine", cells.placed.agent_name]
    sheet = make(evaluated, "daysheet")
    for section in sheet.sections:
        assert section.level == 0 or not {*wanted} & names_in(section).keys()
    days = [[*names_in(one)] for one in sheet.sections if wanted[-1] in names_in(one)]
    assert len(days) == 2
    assert all([name for name in names if name in wanted] == wanted for names in days)


def names_in(section: Section) -> dict[str, None]:
    """What the rows of a day are about, in their order."""
    tables = (part for part in section.parts if isinstance(part, Table))
    column = 1 if section.level == 0 else 0
    return dict.fromkeys(
        row.cells[column].lines[0].text for table in tables for row in table.rows if len(row.cells) > 4
    )


@pytest.mark.parametrize("protocol", ["brexu-cel", "hyper-cvad", "mini-hyper-cvd-inotuzumab", "aall0232-hr"])
def test_what_has_no_time_stands_above_what_has_one(protocol: str) -> None:
    """ "Before the cells: no active infection" and the fluids before methotrexate stood behind the last hour."""
    mixed = 0
    for section in make(shipped(protocol), "daysheet").sections:
        tables = [part for part in section.parts if isinstance(part, Table) and len(part.columns) == 8]
        times = [words_of(row.cells[0]) for table in tables for row in table.rows]
        assert times == [*(one for one in times if one == "no time"), *sorted(one for one in times if one != "no time")]
        mixed += times[:1] == ["no time"] and times[-1] != "no time"
    assert mixed


def test_the_count_that_a_day_waits_for_stands_above_its_intrathecal_dose() -> None:
    found = 0
    for section in make(shipped("aall0232-hr"), "daysheet").sections:
        names = [*names_in(section)]
        counts = [place for place, name in enumerate(names) if name.startswith("Blood counts before")]
        if counts and "METHOTREXATE" in names:
            assert counts[0] < names.index("METHOTREXATE")
            found += 1
    assert found > 2


def test_checks_stand_above_what_they_are_made_for() -> None:
    evaluated = shipped("obe-cel")
    section = next(one for one in make(evaluated, "daysheet").sections if "Paracetamol" in names_in(one))
    names = [*names_in(section)]
    first, *_ = (name for name in names if name.startswith("Before the cells"))
    assert names.index(first) < names.index("Paracetamol") < names.index("Obecabtagene autoleucel")
