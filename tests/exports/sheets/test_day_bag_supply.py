"""Day sheet, bag plan and supply sheet say what the schedule's table says, as told by other code."""

import re
from collections import defaultdict
from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from planner.exports.sheets.day.day_sheet import day_sheet
from planner.exports.sheets.sheet import Row, Sheet, Table
from planner.exports.wording.runs import pump_ends
from planner.model.civil import clinical_date
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.plan import BagPlan
from planner.model.site import Site
from planner.model.wish import Wish
from planner.services.evaluation import evaluate
from planner.services.verbs.placing import add_protocol, new_plan, start_on
from tests.courses import PATIENT, finding
from tests.exports.papers import course, job, library, lines_of, make, shipped, words_of
from tests.exports.sheets.test_every_event import clinical, csv_rows, dose_words, numbered
from tests.exports.sheets.test_handover_summary import postponed

PLANS = {
    "made-up": course,
    "d-alba": lambda: shipped("d-alba"),
    "calgb-10403": lambda: shipped("calgb-10403"),
}
HOME = ("PO", "topical", "ophthalmic")
FIRST = date(2026, 3, 2)


def rows_of(sheet: Sheet) -> dict[str, list[Row]]:
    """The rows of each day's tables, under the title of the section that begins the day.

    Of a section about several days, the rows under their own dates.
    """
    found: dict[str, list[Row]] = defaultdict(list)
    day = ""
    for section in sheet.sections:
        day = section.title if section.level == 0 else day
        for part in section.parts:
            for row in part.rows if isinstance(part, Table) else ():
                several = " to " in day and sheet.kind == "daysheet"
                found[words_of(row.cells[0]) if several else day].append(row)
    return found


@pytest.mark.parametrize("plan", PLANS)
def test_the_day_sheet_has_every_event_of_every_treatment_day(plan: str) -> None:
    evaluated = PLANS[plan]()
    shown = rows_of(make(evaluated, "daysheet"))
    by_day: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in csv_rows(evaluated):
        by_day[row["date"]].append(row)
    treatment = {day for day, rows in by_day.items() if any(is_clinic(row) for row in rows)}
    treatment |= {date.fromordinal(day).isoformat() for day in pump_ends(evaluated.schedule.events)}
    treatment |= first_days_at_home(csv_rows(evaluated))
    assert {title.split(" ", 1)[1] for title in shown} == {clinical(day) for day in treatment}
    names = {event.placed.id: event.placed.agent_name for event in evaluated.schedule.events}
    for title, rows in shown.items():
        texts = [" | ".join(words_of(cell) for cell in row.cells).lower() for row in rows]
        day = next(day for day in treatment if clinical(day) == title.split(" ", 1)[1])
        for row in by_day[day]:
            listed = texts[0].startswith(title.lower()) and row["route"] in HOME and row["kind"] == "administration"
            place = () if listed else (f"c{row['cycle']} d{numbered(row)}",)
            wanted = (names[row["order_id"]].lower(), *place, dose_words(row).lower())
            assert any(all(word in text for word in wanted) for text in texts), (day, row)
            if row["time"]:
                assert any(row["time"] in text.split(" | ") and wanted[0] in text for text in texts), (day, row)


def first_days_at_home(rows: list[dict[str, str]]) -> set[str]:
    """The day on which each block begins with each order by mouth that is not weekly, in any of its cycles."""
    found: dict[tuple[str, str], str] = {}
    for row in rows:
        if not is_clinic(row) and row["agent"] != "methotrexate":
            block, _, order = row["order_id"].split("/")
            found.setdefault((block, order), row["date"])
    return set(found.values())


def is_clinic(row: dict[str, str]) -> bool:
    return row["kind"] in ("assessment", "procedure", "decision", "bag") or row["route"] not in HOME


def test_a_day_sheet_can_be_asked_for_one_day() -> None:
    evaluated = shipped("calgb-10403")
    day = date.fromordinal(next(event.day for event in evaluated.schedule.events if event.placed.route == "IT"))
    sheet = day_sheet(evaluated, job(wish=Wish(day, day)))
    titles = [section.title for section in sheet.sections if section.level == 0]
    assert titles == [f"{day:%a} {clinical(day.isoformat())}"]
    assert any("INTRATHECAL" in line.text and line.style == "capital" for line in lines_of(sheet))


def test_an_infusion_that_runs_past_midnight_stands_on_the_next_day_too() -> None:
    """Methotrexate over 24 h from 09:00: whoever works by the sheet of day 2 has to end it."""
    evaluated = shipped("aall0232-hr")
    begun = next(one for one in evaluated.schedule.events if one.placed.agent == "methotrexate" and one.end_minute > 0)
    day = date.fromordinal(begun.day + 1)
    told = [line.text.replace("\u00a0", " ") for line in lines_of(day_sheet(evaluated, job(wish=Wish(day, day))))]
    (running,) = [text for text in told if text.startswith("Still running")]
    assert running.startswith(f"Still running: {begun.label}, ")
    assert running.endswith(
        f"begun {day.fromordinal(begun.day):%a} {clinical(begun.date.isoformat())} 09:00, ends 09:00"
    )


def test_a_day_says_what_its_rules_could_not_look_at() -> None:
    plan = add_protocol(new_plan("p", PATIENT), library().protocols["aall0232-hr"], start_on(FIRST))
    evaluated = evaluate(plan, library())
    begun = next(one for one in evaluated.schedule.events if one.placed.agent == "methotrexate" and one.end_minute > 0)
    told = words_of_lines(day_sheet(evaluated, job(wish=Wish(begun.date, begun.date))))
    (unknown,) = [text for text in told if text.startswith("CANNOT CHECK, not recorded: ")]
    assert "fluid in a third space (MT-02)" in unknown
    assert "not set" not in unknown


def test_a_finding_that_names_another_day_of_its_series_says_that_it_is_about_this_one_too() -> None:
    """PhALLCON: the sheet of 20-Apr warned of the methotrexate of 23-Feb alone."""
    shown = shipped("phallcon")
    first, later = [one.day for one in shown.schedule.events if one.placed.agent == "methotrexate"][:2]
    message = f"Methotrexate C4 D1 ({clinical_date(first)}) is planned. 3 times in this series."
    whole = replace(shown, findings=(finding(1, "warning", (first, later), (), message=message),))
    for day, too in ((first, ""), (later, ", this day too")):
        wish = Wish(date.fromordinal(day), date.fromordinal(day))
        (told,) = [text for text in words_of_lines(day_sheet(whole, job(wish=wish))) if "in this series" in text]
        assert told.startswith(f"warning VC-01{too}: Methotrexate C4 D1 (")


def test_a_block_of_one_cycle_is_handed_out_under_its_days_and_no_band() -> None:
    """GRAAPH-2014: "Interphase 2" stood above "Cycle 2"."""
    one, *_ = sections = make(shipped("graaph-2014"), "supply").sections
    assert re.fullmatch(r"Cycle 1: \w{3} 02-Mar-2026 to \w{3} 29-Mar-2026", one.title)
    tables = [part for section in sections for part in section.parts if isinstance(part, Table)]
    assert tables
    assert not any(row.band for part in tables for row in part.rows)


def words_of_lines(sheet: Sheet) -> list[str]:
    return [line.text.replace("\u00a0", " ") for line in lines_of(sheet)]


def test_the_day_sheet_tells_volume_and_rate_beside_the_length() -> None:
    told = [line.text.replace("\u00a0", " ") for line in lines_of(day_sheet(shipped("inotuzumab-rr"), job()))]
    first = told.index("50 mL at 50 mL/h")
    assert told[first - 1] == "over 1 h"


def test_where_no_treatment_day_lies_in_the_time_the_sheet_says_so() -> None:
    sheet = day_sheet(course(), job(wish=Wish(date(1999, 1, 1), date(1999, 1, 2))))
    assert [line.text for line in lines_of(sheet)] == ["No treatment day lies in the time asked for."]


@pytest.mark.parametrize("plan", PLANS)
def test_the_supply_sheet_adds_up_to_the_schedule(plan: str) -> None:
    evaluated = PLANS[plan]()
    wanted: dict[tuple[str, str], list[Decimal | None]] = defaultdict(list)
    for row in csv_rows(evaluated):
        if row["route"] in HOME and row["kind"] == "administration":
            value = Decimal(row["dose"]) if row["dose"] else None
            wanted[row["agent"], row["status"]].append(value)
    sheet = make(evaluated, "supply")
    counts: dict[str, int] = defaultdict(int)
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for rows in rows_of(sheet).values():
        for row in rows:
            if len(row.cells) < 8:
                continue
            cells = [words_of(cell) for cell in row.cells]
            name = row.cells[0].lines[0].text
            counts[name] += int(re.search(r"(\d+) (?:days?|doses?)(?: drawn|$)", cells[4])[1])
            amount = re.match(r"([\d,.]+) ", cells[5])
            totals[name] += Decimal(amount[1].replace(",", "")) if amount else 0
    names = {event.placed.agent: event.placed.agent_name for event in evaluated.schedule.events}
    assert wanted
    for agent in {agent for agent, _ in wanted}:
        own = {status: values for (one, status), values in wanted.items() if one == agent}
        assert counts[names[agent]] == sum(map(len, own.values())), agent
        if all(None not in values for values in own.values()):
            given = [value for status, values in own.items() if status != "omitted" for value in values]
            assert totals[names[agent]] == sum(given), agent


def test_eye_drops_are_handed_out_and_injections_are_named_as_not_being_on_the_sheet() -> None:
    sheet = make(shipped("flag-ida"), "supply")
    drops = [
        row for rows in rows_of(sheet).values() for row in rows if words_of(row.cells[0]).startswith("Prednisolone")
    ]
    assert drops
    assert {words_of(row.cells[5]) for row in drops} == {"42 drops into each eye"}
    assert all(
        words_of(row.cells[0]).endswith("into each eye") and "6 times a day" in words_of(row.cells[2]) for row in drops
    )
    (others,) = (section for section in sheet.sections if section.title == "Not on this sheet")
    assert [line.text for part in others.parts for line in part.lines][1:2] == ["Filgrastim"]
    assert not any(section.title == "Not on this sheet" for section in make(shipped("pomp"), "supply").sections)


def test_what_was_put_off_to_a_day_nobody_has_set_is_handed_out_for_no_day() -> None:
    """Paracetamol and diphenhydramine before the cells, here taken at home."""
    told = postponed()
    schedule = replace(told.schedule)
    homely = [one._replace(placed=replace(one.placed, role="supportive")) for one in told.schedule.events]
    vars(schedule)["events"] = tuple(homely)
    sheet = make(replace(told, schedule=schedule), "supply")
    (later,) = (one for one in sheet.sections if one.title.endswith(": no day set yet"))
    later = [words_of(cell) for part in later.parts for row in part.rows for cell in row.cells]
    assert later.count("no day set yet") == 2
    assert not any("Mar-2026" in text or "Apr-2026" in text for text in later)


def test_a_weekly_medicine_names_its_weekday_and_warns() -> None:
    texts = [line.text.replace("\u00a0", " ") for line in lines_of(make(shipped("calgb-10403"), "supply"))]
    weekly = [text for text in texts if "once a week" in text]
    assert weekly
    assert all(re.search(r"on \w+days, not every day", text) for text in weekly)


def bagged(first: date = FIRST) -> EvaluatedPlan:
    shelf = library().protocols["blinatumomab-mrd"]
    made = add_protocol(new_plan("p1", PATIENT), shelf, start_on(first))
    bags = tuple(BagPlan(block.id, (72, 96), (0, 3)) for block in made.blocks)
    return evaluate(replace(made, bag_plans=bags), library())


def test_the_bag_plan_has_every_bag_and_covers_the_infusion_without_a_gap() -> None:
    evaluated = bagged()
    rows = [row for rows in rows_of(make(evaluated, "bags")).values() for row in rows if len(row.cells) == 9]
    bags = [event for event in evaluated.schedule.events if event.placed.kind == "bag"]
    infusion_days = {event.day for event in evaluated.schedule.events if event.placed.kind == "infusion"}
    assert len(bags) > 8
    covered: set[int] = set()
    shown = []
    for row in rows:
        cells = [words_of(cell) for cell in row.cells]
        if "FINAL DISCONNECT" in cells[2]:
            continue
        start, end = (moment(cells[0]), moment(cells[4]))
        assert not covered & set(range(start, end))
        covered |= set(range(start, end))
        shown.append(start)
        assert cells[3] == "28 mcg"
        assert row.cells[5].lines[0].blank  # vials: no source gives their number
        assert re.search(r"bag \d+ of \d+: \d+ h.* mL/h", cells[2])
    assert sorted(shown) == [event.day for event in bags]
    assert covered == infusion_days
    ends = [day for day in infusion_days if day + 1 not in infusion_days]
    assert sum("FINAL DISCONNECT" in words_of(row.cells[2]) for row in rows) == len(ends)


def moment(text: str) -> int:
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    day, month, year = re.search(r"(\d\d)-(\w{3})-(\d{4})", text).groups()
    return date(int(year), months.index(month) + 1, int(day)).toordinal()


@pytest.mark.parametrize(
    ("rule", "first", "told"),
    [
        (
            "eu",
            date(2026, 10, 19),
            "Clocks go back on Sun 25-Oct-2026: 97 h pass until 09:00; EMPTY AT 08:00 on Mon 26-Oct-2026",
        ),
        ("eu", date(2027, 3, 22), "Clocks go forward on Sun 28-Mar-2027: 95 h pass until 09:00; an hour's rest stays"),
        (
            "us",
            date(2026, 10, 26),
            "Clocks go back on Sun 01-Nov-2026: 97 h pass until 09:00; EMPTY AT 08:00 on Mon 02-Nov-2026",
        ),
    ],
)
def test_a_bag_over_a_change_of_the_clocks_says_when_it_is_empty(rule: str, first: date, told: str) -> None:
    texts = [line.text for line in lines_of(make(bagged(first), "bags", Site(clock_changes=rule)))]
    found = [text.replace("\u00a0", " ") for text in texts if text.startswith("Clocks go")]
    assert found[0].startswith(told)


def test_a_bag_taken_down_early_holds_out() -> None:
    shown = bagged(date(2026, 9, 27))
    bags = tuple(replace(one, hours=(72,), weekdays=()) for one in shown.plan.bag_plans)
    sheet = make(evaluate(replace(shown.plan, bag_plans=bags), library()), "bags", Site(clock_changes="eu"))
    found = [line.text.replace("\u00a0", " ") for line in lines_of(sheet) if line.text.startswith("Clocks go back")]
    assert found[0] == "Clocks go back on Sun 25-Oct-2026: 25 h pass until 09:00"


def test_nobody_chose_how_the_clocks_change() -> None:
    unset, never = (
        " ".join(line.text for line in lines_of(make(bagged(date(2026, 10, 19)), "bags", Site(clock_changes=rule))))
        for rule in ("", "none")
    )
    assert "Clock changes are not looked at" in unset
    assert "Clock" not in never


@pytest.mark.parametrize(
    ("cut", "told"),
    [
        ({"hours": (168,), "weekdays": (), "closed": (date(2026, 3, 9),)}, "a closed day"),
        ({"hours": (168,), "weekdays": (1,)}, "not a chosen weekday"),
    ],
)
def test_the_bag_plan_tells_of_changes_on_days_that_nobody_wants(cut: dict[str, tuple[int, ...]], told: str) -> None:
    shown = bagged()
    bags = tuple(replace(one, **cut) for one in shown.plan.bag_plans)
    rows = rows_of(make(evaluate(replace(shown.plan, bag_plans=bags), library()), "bags"))
    ends = [words_of(row.cells[4]) for found in rows.values() for row in found if len(row.cells) == 9]
    assert any(told in end and "09-Mar-2026" in end for end in ends)
    assert not any("a closed day" in line.text for line in lines_of(make(shown, "bags")))


def test_without_planned_bags_the_bag_plan_says_what_to_do() -> None:
    texts = [line.text for line in lines_of(make(shipped("blinatumomab-mrd"), "bags"))]
    assert any("No bags are planned" in text for text in texts)
    assert not any("FINAL DISCONNECT" in text for text in texts)


def test_infusions_without_bags_share_a_page() -> None:
    sheet = make(shipped("hyper-cvad"), "bags")
    (section,) = sheet.sections
    (table,) = (part for part in section.parts if isinstance(part, Table))
    infusions = [event for event in shipped("hyper-cvad").schedule.events if event.placed.kind == "infusion"]
    bands = [words_of(row.cells[0]) for row in table.rows if row.band]
    assert bands == list(dict.fromkeys(event.placed.block.title for event in infusions))
    days = [re.search(r", (\d+) days?$", words_of(row.cells[3])) for row in table.rows if not row.band]
    assert sum(int(found[1]) for found in days) == len(infusions)


def test_a_plan_without_infusions_has_no_bags() -> None:
    texts = [line.text for line in lines_of(make(shipped("pomp"), "bags"))]
    assert texts == ["No continuous infusion lies in the time asked for."]


@pytest.mark.parametrize("protocol", ["graaph-2005", "hyper-cvad"])
def test_tablets_stand_on_the_supply_sheet_only_where_they_make_the_dose_exactly(protocol: str) -> None:
    evaluated = shipped(protocol)
    rows = [row for rows in rows_of(make(evaluated, "supply")).values() for row in rows if len(row.cells) == 8]
    known = {
        event.placed.agent_name: event.dose
        for event in evaluated.schedule.events
        if event.placed.route == "PO" and event.dose is not None and event.dose.tablets
    }
    assert known
    told = 0
    for row in rows:
        cell = row.cells[6]
        texts = [line.text.replace("\u00a0", " ") for line in cell.lines]
        if any(line.blank for line in cell.lines):
            assert all(line.blank or "nearest" in line.text for line in cell.lines)
            continue
        doses = int(re.search(r"(\d+) (?:days?|doses?)$", words_of(row.cells[4]))[1])
        pieces = [re.fullmatch(r"([\d.]+) × ([\d.,]+) \w+", text) for text in texts if not text.endswith(" in all")]
        sums = [text for text in texts if text.endswith(" in all")]
        whole = [Decimal(one[1]) * doses for one in pieces if one and (Decimal(one[1]) * doses) % 1 == 0]
        unsaid = words_of(row.cells[4]).startswith("not known")
        assert [int(text.split(" ")[0].replace(",", "")) for text in sums] == ([] if unsaid else whole)
        told += bool(pieces)
        each = Decimal(words_of(row.cells[1]).split(" ")[0].replace(",", ""))
        if pieces:
            assert sum(Decimal(one[2].replace(",", "")) * Decimal(one[1]) for one in pieces) == each
    assert told


def test_a_tablet_of_unknown_length_says_that_it_goes_on() -> None:
    """Allopurinol of CALGB 10403 is drawn on one day and taken until nobody knows when."""
    rows = [
        row
        for section in make(shipped("calgb-10403"), "supply").sections
        for part in section.parts
        if isinstance(part, Table)
        for row in part.rows
    ]
    (row,) = [row for row in rows if words_of(row.cells[0]).startswith("Allopurinol")]
    assert words_of(row.cells[3]).endswith("and on, last day not entered")
    assert sum("last day not entered" in words_of(cell) for other in rows for cell in other.cells) == 1


def test_an_infusion_over_midnight_says_both_days_with_their_weekdays_on_both_sheets() -> None:
    sheet = make(shipped("hyper-cvad-dasatinib"), "daysheet")
    day = ""
    said: dict[str, list[str]] = defaultdict(list)
    for section in sheet.sections:
        day = section.title if section.level == 0 else day
        said[day] += [line.text.replace("\u00a0", " ") for line in lines_of(replace(sheet, sections=(section,)))]
    assert "until 09:00 on Tue 24-Mar-2026" in said["Mon 23-Mar-2026"]
    (running,) = (text for text in said["Tue 24-Mar-2026"] if text.startswith("Still running"))
    assert running.endswith("begun Mon 23-Mar-2026 11:00, ends 09:00")


def test_a_flat_dose_is_said_once_and_a_computed_one_with_its_formula() -> None:
    rows = [row for rows in rows_of(make(shipped("calgb-10403"), "daysheet")).values() for row in rows]
    doses = {
        tuple(line.text.replace("\u00a0", " ") for line in row.cells[2].lines) for row in rows if len(row.cells) == 8
    }
    assert ("70 mg",) in doses
    assert ("45.3 mg", "25 mg/m2") in doses
    assert not any(len(set(dose)) < len(dose) for dose in doses)
