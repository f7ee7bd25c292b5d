"""Rows of the day sheet: what is given, on hold or running is not left with an empty line beside it."""

from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise

from msgspec.structs import replace

from planner.exports.sheets.sheet import Line, Paragraphs, Row, Section, Sheet, Table
from planner.model.civil import clock
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.finding import FindingStatus
from planner.model.plan import Given, GivenRecord, Hold, Plan, Scope
from planner.model.schedule import Event
from planner.model.wish import Wish
from planner.services.printing import BUILDERS
from planner.services.verbs import pausing
from planner.services.verbs.raising import Otherwise, give_otherwise
from planner.services.verbs.reasons import Why
from tests.courses import finding
from tests.exports.papers import job, lines_of, make, page_texts, printed, shipped, words_of
from tests.exports.sheets.calendars import said_on
from tests.exports.sheets.test_after_edits import placed, recorded, seen
from tests.exports.sheets.test_day_bag_supply import bagged, moment
from tests.golden.cases import library


def on_days(sheet: Sheet) -> dict[int, list[Section]]:
    """The sections of each day by its ordinal; those of several days under each of them."""
    found: dict[int, list[Section]] = defaultdict(list)
    days = range(0)
    for section in sheet.sections:
        if section.level == 0 or " to " in section.title:
            ends = [moment(one) for one in section.title.split(" to ")]
            days = range(ends[0], ends[-1] + 1)
        for day in days:
            found[day].append(section)
    return found


def boxes(section: Section) -> list[str]:
    lines = [line for part in section.parts if isinstance(part, Paragraphs) for line in part.lines]
    return [line.text.replace("\u00a0", " ") for line in lines]


def rows_in(sections: list[Section], name: str) -> list[Row]:
    """The rows about that drug."""
    tables = [part for one in sections for part in one.parts if isinstance(part, Table)]
    return [row for table in tables for row in table.rows if any(name in words_of(cell) for cell in row.cells[:4])]


def lines(row: Row) -> list[Line]:
    return [line for cell in row.cells for line in cell.lines]


def on_hold(protocol: str, agent: str, day: int) -> Plan:
    plan = placed(protocol)
    first = next(one for one in seen(plan).schedule.events if one.placed.agent == agent)
    hold = Hold(first.placed.block.id, 1, day, "toxicity", order=first.placed.order.id, grade=3, scope=Scope.ALL)
    return pausing.hold(plan, seen(plan).schedule, hold)


def infusions(evaluated: EvaluatedPlan) -> list[Event]:
    return [one for one in evaluated.schedule.events if one.placed.kind == "infusion"]


def test_an_infusion_on_hold_does_not_run_on() -> None:
    """Held for a seizure, its days stood under "On each of these days the infusion runs on", with "Pump checked"."""
    evaluated = seen(on_hold("blinatumomab-mrd", "blinatumomab", 5))
    held = [one for one in infusions(evaluated) if one.state == "held"]
    sheet = on_days(make(evaluated, "daysheet"))
    quiet = [sheet[one.day][0] for one in held if "interrupted" in "".join(boxes(sheet[one.day][0]))]
    assert len(quiet) > 10
    for event in held:
        section = sheet[event.day][0]
        assert "runs on" not in "".join(boxes(section))
        (row,) = (row for row in rows_in([section], "Blinatumomab") if _is_about(row, event))
        assert any(line.tick for line in lines(row)) or not any(c.blank for d in row.cells for c in d.lines)
    headings = [column.heading[0].text for one in quiet for column in one.parts[-1].columns]
    assert "Pump checked" not in headings


def _is_about(row: Row, event: Event) -> bool:
    """By its first cell: the date in a list of days, or the first and the last of several; the hour on a day alone."""
    told = words_of(row.cells[0])
    if "-" not in told:
        return told == f"{event.minute // 60:02d}:{event.minute % 60:02d}"
    ends = [moment(one) for one in told.split(" to ")]
    return ends[0] <= event.day <= ends[-1]


def test_premedication_of_a_drug_on_hold_says_so() -> None:
    evaluated = seen(on_hold("blinatumomab-mrd", "blinatumomab", 5))
    later = [one for one in evaluated.schedule.events if one.placed.role == "premedication" and one.placed.cycle == 2]
    assert later
    first, *_ = later
    told = "goes with Blinatumomab, which is on HOLD"
    on_ward = rows_in(on_days(make(evaluated, "daysheet"))[first.day], first.placed.agent_name)
    assert all(Line(told, "strong") in lines(row) for row in on_ward)
    wish = Wish(first=first.date, last=first.date + timedelta(1))
    handed = rows_in(list(BUILDERS["handover"](evaluated, job(wish=wish)).sections), first.placed.agent_name)
    assert handed
    assert all(Line(told, "strong") in lines(row) for row in handed)
    roadmap = [line.text for line in lines_of(make(evaluated, "roadmap"))]
    assert roadmap.count(told) == len({one.placed.cycle for one in later}) + 2, "cycles 2 to 4"
    goes_on = on_days(make(seen(placed("blinatumomab-mrd")), "daysheet"))[first.day]
    assert not any("on HOLD" in line.text for row in rows_in(goes_on, first.placed.agent_name) for line in lines(row))


def test_a_family_reads_of_premedication_of_a_drug_on_hold_that_it_is_not_sure() -> None:
    """ "Drip into a vein: Dexamethasone" stood on a day on which its drug is on hold."""
    sure, held = (placed("blinatumomab-mrd"), on_hold("blinatumomab-mrd", "blinatumomab", 1))
    first = next(one for one in seen(sure).schedule.events if one.placed.role == "premedication")
    for plan, unsure in ((sure, False), (held, True)):
        told = said_on(make(seen(plan), "calendar"))[first.date]
        above = told[: next(number for number, text in enumerate(told) if first.placed.agent_name in text)]
        assert ("If your doctor confirms:" in above) is unsure, told


def test_a_recorded_dose_is_ticked_and_has_no_line_to_write_on() -> None:
    """It looked like one that is due, with "given" in small type among its notes: that invited a second dose."""
    plan = placed("calgb-10403")
    doses = [
        one for one in seen(plan).schedule.events if one.dose and one.placed.agent in ("vincristine", "daunorubicin")
    ]
    today = [one for one in doses if one.day == doses[0].day]
    whole, part = recorded(plan, today), recorded(plan, today[:1], Given.PARTLY)
    for event in today:
        found = rows_in(on_days(make(seen(whole), "daysheet"))[event.day], event.placed.agent_name)
        assert found
        for row in found:
            (done,) = (line for line in lines(row) if line.ticked)
            assert (done.text, done.style, done.tick) == ("GIVEN", "strong", True)
            assert not any(line.blank for line in lines(row))
            assert not any(line.text == "given" for line in lines(row))
    (row, *_) = rows_in(on_days(make(seen(part), "daysheet"))[today[0].day], today[0].placed.agent_name)
    assert [line.text for line in lines(row) if line.ticked] == ["GIVEN IN PART"]
    (due, *_) = rows_in(on_days(make(seen(plan), "daysheet"))[today[0].day], "Vincristine")
    assert not any(line.ticked for line in lines(due))


def test_a_recorded_bag_is_ticked_on_the_bag_plan() -> None:
    evaluated = bagged()
    first = next(one for one in evaluated.schedule.events if one.placed.kind == "bag")
    hung = next(one for one in infusions(evaluated) if one.day == first.day)
    place = hung.placed.block.id, 1, hung.cycle_day, hung.placed.order.id
    record = GivenRecord(*place, 0, Given.GIVEN, hung.date, hung.dose.value, hung.dose.unit, "N. Nurse", "")
    done = seen(replace(evaluated.plan, given=(record,)))
    (bag,) = (one for one in done.schedule.events if one.placed.kind == "bag" and one.day == first.day)
    assert bag.state == "given"
    (first_row, *others) = rows_in(list(make(done, "bags").sections), "bag ")
    assert [line.text for line in lines(first_row) if line.ticked] == ["GIVEN"]
    assert not any(line.blank for cell in first_row.cells[6:] for line in cell.lines)
    assert all(line.blank for row in others for cell in row.cells[6:] for line in cell.lines)


def test_a_running_pump_is_never_begun_again() -> None:
    """One quiet day alone between two changes of bags had the page of a first day: "Begun ___"."""
    evaluated = bagged()
    sheet = on_days(make(evaluated, "daysheet"))
    days = infusions(evaluated)
    ran = {(one.placed.id, one.day, one.dose.value) for one in days}
    quiet = 0
    for event in days:
        (row, *_) = rows_in(sheet[event.day], "Blinatumomab")
        if "to" in sheet[event.day][0].title.split(" ") or len(row.cells) == 7:
            quiet += 1
            continue
        runs = (event.placed.id, event.day - 1, event.dose.value) in ran
        begun, ended, _ = row.cells[4:7]
        assert words_of(begun) == ("runs on" if runs else "")
        assert any(line.blank for line in begun.lines) is not runs
        assert not ended.lines
    assert quiet > len(days) / 2
    alone = [section for (section, *_) in sheet.values() if " to " not in section.title and len(_table(section)) == 7]
    for section in alone:
        assert any("Today the infusion runs on. Nothing is begun at the clinic." in text for text in boxes(section))


def _table(section: Section) -> tuple[object, ...]:
    return next((part.columns for part in section.parts if isinstance(part, Table)), ())


def test_a_quiet_day_alone_has_the_list_too() -> None:
    evaluated = bagged()
    bags = [one for one in evaluated.schedule.events if one.placed.kind == "bag"]
    day = next(one for one in infusions(evaluated) if one.day == bags[0].day + 1)
    sheet = BUILDERS["daysheet"](evaluated, job(wish=Wish(day.date, day.date)))
    (section,) = sheet.sections
    assert section.title == f"{day.date:%a %d-%b-%Y}"
    assert [column.heading[0].text for column in _table(section)][4] == "Pump checked"
    assert any("Today the infusion runs on. Nothing is begun at the clinic." in text for text in boxes(section))


def test_number_length_and_rate_of_a_bag_stand_in_their_columns() -> None:
    """The rate, which a nurse sets, stood in small print among the notes."""
    evaluated = bagged()
    bag = next(one for one in evaluated.schedule.events if one.placed.kind == "bag")
    sheet = on_days(make(evaluated, "daysheet"))
    (row,) = rows_in(sheet[bag.day], "bag 1 of")
    number, _, told = bag.notes[0].partition(": ")
    length, _, then = told.partition(", then ")
    assert words_of(row.cells[1]).startswith(f"Blinatumomab: {number} C1 D1")
    assert words_of(row.cells[3]) == length
    assert f"then {then}" in words_of(row.cells[7])
    assert number not in words_of(row.cells[7])
    rate = length.partition(" at ")[2]
    (quiet, *_) = rows_in(sheet[bag.day + 1], "Blinatumomab")
    until = date.fromordinal(bag.end_day)
    assert f"{number}, {rate}, until {until:%a %d-%b-%Y}" in words_of(quiet.cells[3])
    assert words_of(quiet.cells[4]) == rate
    assert quiet.cells[4].lines[0].blank


def test_an_infusion_without_a_clock_time_is_taken_down_on_a_line_of_the_next_day() -> None:
    """Mesna to day 4 by its own note: no page of day 4 had a line for it."""
    evaluated = shipped("hyper-cvad")
    last = [one for one in infusions(evaluated) if one.placed.agent == "mesna" and one.placed.cycle == 1][2]
    assert last.cycle_day == 3
    texts = boxes(on_days(make(evaluated, "daysheet"))[last.day + 1][0])
    (running,) = (number for number, text in enumerate(texts) if text.startswith("Still running: Mesna C1 D3, "))
    assert texts[running].endswith("mg a day, intravenous, its last day begun Wed 04-Mar-2026, "
                                   "end not known, no time is planned")  # fmt: skip
    assert texts[running + 1] == "Pump off at, by"


def test_a_dose_over_24_hours_ends_as_long_after_it_was_begun_on_a_line_of_the_next_day() -> None:
    """Doxorubicin "end not known", and no line for when it was down: leucovorin counts from methotrexate's end."""
    evaluated = shipped("hyper-cvad")
    first = next(one for one in evaluated.schedule.events if one.placed.agent == "doxorubicin")
    texts = boxes(on_days(make(evaluated, "daysheet"))[first.day + 1][0])
    (running,) = (number for number, text in enumerate(texts) if text.startswith("Still running: Doxorubicin"))
    assert texts[running].endswith("ends 24 h after it was begun")
    assert texts[running + 1] == "Pump off at, by"


def test_a_continuous_infusion_is_told_by_the_day_in_every_row() -> None:
    """ "28 mcg" at 09:00 reads as one dose."""
    for section in make(shipped("blinatumomab-rr"), "daysheet").sections:
        for row in rows_in([section], "Blinatumomab "):
            told = " ".join(words_of(cell) for cell in row.cells)
            assert "mcg a day" in told
            assert "intravenous" in told
            assert "continuous infusion" in told


def test_what_a_block_waits_for_is_met_before_anything_is_given() -> None:
    """Below the intrathecal dose of the day, with a box "done"."""
    seen = 0
    for section in make(shipped("aall1731"), "daysheet").sections:
        tables = [part for part in section.parts if isinstance(part, Table) and len(part.columns) == 8]
        for table in tables:
            names = [words_of(row.cells[1]) for row in table.rows]
            gates = [place for place, name in enumerate(names) if name.startswith("Start when")]
            assert gates == list(range(len(gates)))
            assert all(words_of(table.rows[place].cells[4]) == "met" for place in gates)
            seen += len(gates)
    assert seen


def test_a_page_of_a_day_that_is_not_its_last_says_so_at_its_foot() -> None:
    """Whoever held the first page alone missed leucovorin."""
    pages = page_texts(printed(shipped("hyper-cvad"), "daysheet"))
    begun = [page for page, after in pairwise(pages) if ", continued" in after]
    assert begun
    assert all("continues on the next page" in page for page in begun)
    assert sum("continues on the next page" in page for page in pages) == len(begun)


def test_a_finding_about_a_series_names_the_dose_of_the_day() -> None:
    """ "Prednisolone eye drops C1 D2 has no dose, 84 times", read on day 30 by somebody who looks for day 30."""
    evaluated = shipped("calgb-10403")
    doses = [one for one in evaluated.schedule.events if one.placed.agent == "vincristine"][:3]
    days = tuple(one.day for one in doses)
    orders = tuple(dict.fromkeys(one.placed.id for one in doses))
    message = f"{doses[0].label} ({doses[0].date:%d-%b-%Y}) has no dose. 3 times in this series."
    series = finding(1, "advice", days, orders, message=message, rule="ST-03", count=3)
    span = finding(2, "warning", days, (), message="No PJP prophylaxis.", rule="PJ-01", count=3)
    alone = replace(series, id="f3", rule="ST-04", orders=(), status=FindingStatus.ACKNOWLEDGED)
    sheet = on_days(make(replace(evaluated, findings=(series, span, alone)), "daysheet"))
    first, second = (" ".join(boxes(sheet[day][0])) for day in days[:2])
    assert f"advice ST-03: {doses[0].label} (Mon " in first
    assert f"advice ST-03: {doses[1].label}. First of them: {doses[0].label} (Mon " in second
    assert "warning PJ-01: No PJP prophylaxis." in second
    assert f"advice ST-04 (acknowledged), this day too: {doses[0].label} (Mon " in second


def test_doses_of_a_day_are_numbered_and_their_note_is_told_once() -> None:
    """Busulfan every 6 h: four rows without an hour, alike to the letter, and four times a note of eight lines."""
    from_choice = placed("hsct-bu-cy", {"busulfan-dose": "every-6-hours"})
    evaluated = seen(from_choice)
    busulfan = [one for one in evaluated.schedule.events if one.placed.agent == "busulfan"]
    sections = on_days(make(evaluated, "daysheet"))[busulfan[4].day]
    rows = rows_in(sections, "Busulfan")
    assert [row.cells[1].lines[-1].text.replace("\u00a0", " ") for row in rows] == [
        f"dose {number} of 4" for number in (1, 2, 3, 4)
    ]
    assert boxes(sections[0]).count(f"Busulfan: {busulfan[0].placed.note}") == 1
    assert [words_of(row.cells[7]) for row in rows] == ["note: at the top of this day"] * 4


def test_a_note_that_stands_elsewhere_says_where() -> None:
    """ "As above" stood below another drug's note, and in the first row of a page; the note was four rows up."""
    evaluated = shipped("hyper-cvad")
    drug = [one for one in evaluated.schedule.events if one.placed.agent == "leucovorin"]
    day = next(one.day for one in drug if sum(other.day == one.day for other in drug) > 1)
    rows = rows_in(on_days(make(evaluated, "daysheet"))[day], "Leucovorin")
    noted, *others = (words_of(row.cells[7]) for row in rows)
    assert "see Leucovorin" not in noted
    first = clock(next(one.minute for one in drug if one.day == day))
    assert all(f"note: see Leucovorin at {first}" in text for text in others)


def test_the_first_day_of_a_medicine_by_mouth_has_a_page() -> None:
    """PTCy: the loading dose of sirolimus, once, to an inpatient, stood on no day sheet."""
    evaluated = shipped("ptcy-gvhd")
    drugs = [one for one in evaluated.schedule.events if one.placed.agent == "sirolimus"]
    sheet = on_days(make(evaluated, "daysheet"))
    assert rows_in(sheet[drugs[0].day], "Sirolimus")
    assert rows_in(sheet[drugs[1].day], "Sirolimus")
    assert drugs[2].day not in sheet
    maintenance = shipped("pomp")
    weekly = [one for one in maintenance.schedule.events if one.placed.agent == "methotrexate"]
    assert weekly[1].day not in on_days(make(maintenance, "daysheet"))


def test_a_note_is_said_again_where_its_row_is_one_of_two() -> None:
    """ "Note: see Leucovorin at 15:00" stood below a struck row of 15:00 and the raised one in its place."""
    plan = placed("hyper-cvad")
    schedule = seen(plan).schedule
    dose = [one for one in schedule.events if one.placed.order.id == "leucovorin-next"][2]
    on = date.fromordinal(dose.day)
    where = dose.placed.block.id, dose.placed.cycle, dose.placed.order.id
    wish = Otherwise(*where, on, dose.minute, "150 mg", 3, Why("toxicity", "level 8", 3))
    raised = seen(give_otherwise(plan, schedule, library().agents, wish))
    rows = rows_in(on_days(make(raised, "daysheet"))[dose.day], "Leucovorin")
    later = clock(dose.minute + 180)
    told = next(words_of(row.cells[7]) for row in rows if words_of(row.cells[0]) == later)
    assert "until methotrexate is below 0.1 micromol/L" in told
    assert "see Leucovorin" not in told
