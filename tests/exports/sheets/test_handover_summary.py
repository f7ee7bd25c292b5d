"""Hand-over sheet, treatment summary, and what is marked as changed on reissue."""

import re
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pypdf
import pytest
from msgspec.structs import replace

from planner.exports.files.calendar_file import schedule_ics
from planner.exports.pdf.writer import write_pdf
from planner.exports.sheets.handover.handover import handover
from planner.exports.sheets.sheet import Month, Sheet, Table
from planner.exports.sheets.summary import summary
from planner.model.civil import weekday_date
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.patient import CoMedication
from planner.model.plan import DecisionTaken, Deferral, Plan, Scope
from planner.model.wish import Wish
from planner.paths import resources
from planner.services.evaluation import evaluate
from planner.services.printing import BUILDERS, Around, make_sheet
from planner.services.telling.totals import totals
from planner.services.verbs.editing import decide, defer
from planner.services.verbs.placing import add_protocol, new_plan, start_on
from tests.courses import PATIENT
from tests.exports.papers import (
    SITE,
    STAMP,
    course,
    job,
    library,
    lines_of,
    make,
    page_texts,
    printed,
    shipped,
    words_of,
)
from tests.exports.sheets.test_every_event import csv_rows
from tests.services.courses_at_hand import plan_of, protocols_of

ROLES = ("antineoplastic", "cell therapy", "intrathecal")


def tables(sheet: Sheet, title: str) -> list[list[str]]:
    """The rows of the section of that title, as plain text."""
    found = [part for section in sheet.sections if title in section.title for part in section.parts]
    rows = [row for part in found if isinstance(part, Table) for row in part.rows]
    return [[words_of(cell) for cell in row.cells] for row in rows]


@pytest.mark.parametrize("protocol", ["d-alba", "calgb-10403", "blinatumomab-mrd"])
def test_the_handover_has_every_event_of_its_days(protocol: str) -> None:
    evaluated = shipped(protocol)
    first = date.fromordinal(evaluated.schedule.blocks[0].start) + timedelta(3)
    last = first + timedelta(27)
    sheet = handover(evaluated, job(wish=Wish(first, last)))
    names = {event.placed.id: event.placed.agent_name for event in evaluated.schedule.events}
    due = [" | ".join(row).lower() for row in tables(sheet, "What is due")]
    daily = [" | ".join(row).lower() for row in tables(sheet, "Daily medicines")]
    for row in csv_rows(evaluated):
        day = date.fromisoformat(row["date"])
        if first <= day <= last:
            name, told = names[row["order_id"]].lower(), f"{day:%d-%b-%Y}".lower()
            alone = any(name in text and told in text for text in due)
            assert alone or any(name in text for text in daily), row


def test_the_handover_begins_on_the_day_of_printing_and_asks_for_what_is_missing() -> None:
    sheet = handover(course(), job())
    assert sheet.sections[0].title.startswith("Sun 22-Nov-2026 to Sat 02-Jan-2027")
    texts = [line.text for line in lines_of(sheet)]
    assert f"Ask the treating clinic: {SITE.phone_24h}" in texts
    blank = [line.text for line in lines_of(handover(course(), job(site=type(SITE)()))) if line.blank]
    assert "Ask the treating clinic, 24-hour phone" in blank


@pytest.mark.parametrize("protocol", ["d-alba", "hyper-cvad", "e1910", "aall1731", "obe-cel"])
def test_the_summary_has_two_pages_at_most(protocol: str) -> None:
    evaluated = shipped(protocol)
    around = Around(totals(evaluated, library(), resources(), SITE))
    for paper in ("A4", "Letter"):
        sheet = make_sheet(evaluated, "summary", SITE, STAMP.printed_at, around=around)
        assert len(pypdf.PdfReader(BytesIO(write_pdf(sheet, paper))).pages) <= 2


def test_signatures_stand_beside_what_is_written_above_them() -> None:
    """D-ALBA: the second page of its summary was two signatures and nothing that they sign."""
    pages = page_texts(printed(shipped("d-alba"), "summary"))
    (signed,) = (page for page in pages if "Checked by another" in page)
    assert "Major toxicities" in signed


def test_the_summary_adds_up_to_the_schedule() -> None:
    evaluated = shipped("calgb-10403")
    wanted: dict[str, list[str]] = defaultdict(list)
    names = {event.placed.id: event.placed.agent_name for event in evaluated.schedule.events}
    for row in csv_rows(evaluated):
        if row["role"] in ROLES and row["kind"] in ("administration", "infusion", "cell_infusion"):
            wanted[f"{names[row['order_id']]}, {row['route']}"].append(row["dose"])
    routes = {"INTRATHECAL": "IT", "intravenous": "IV", "by mouth": "PO", "subcutaneous": "SC", "intramuscular": "IM"}
    rows = tables(summary(evaluated, job()), "Anticancer drugs")
    assert rows
    for name, doses, given, total in rows:
        drug, route = name.rsplit(", ", 1)
        values = wanted.pop(f"{drug}, {routes[route]}")
        assert doses.split(", of these ")[0].removesuffix(", all provisional").endswith(f", {len(values)} planned")
        assert given == "none"
        if total.startswith("at most"):
            continue
        known = [Decimal(one) for one in values if one]
        unknown = f"{len(values) - len(known)} doses not known" if len(known) < len(values) else ""
        assert total.endswith(unknown)
        assert ("not known" in total) is bool(unknown)
        assert not known or Decimal(total.split(" ")[0].replace(",", "")) == sum(known)
    assert not wanted


def changed() -> tuple[EvaluatedPlan, EvaluatedPlan]:
    """A plan and the same six days later from a day on."""
    shelf = library().protocols["calgb-10403"]
    plan: Plan = add_protocol(new_plan("p1", PATIENT), shelf, start_on(date(2026, 3, 2)))
    before = evaluate(plan, library())
    block = before.schedule.blocks[0]
    later = defer(plan, before.schedule, Deferral(block.id, 1, 8, 6, Scope.CYCLE, "counts"))
    return before, evaluate(later, library())


def test_a_reissued_roadmap_counts_every_change_old_struck_and_new_bold() -> None:
    before, after = changed()
    sheet = make_sheet(after, "roadmap", SITE, STAMP.printed_at, around=Around(before=before))
    (section,) = [one for one in sheet.sections if one.title.startswith("Changes since")]
    moved = [one for one in section.parts[0].rows if words_of(one.cells[0]) == "Changed date"]
    for one, two in zip(before.schedule.by_order(), after.schedule.by_order(), strict=True):
        assert [event.placed.id for event in one] == [event.placed.id for event in two]
    old = {(e.placed.id, e.cycle_day, n): e.day for n, e in enumerate_same(before)}
    new = {(e.placed.id, e.cycle_day, n): e.day for n, e in enumerate_same(after)}
    real = {key for key in old if old[key] != new[key]}
    times = [re.search(r", (\d+) times$", words_of(row.cells[1])) for row in moved]
    assert sum(int(found[1]) if found else 1 for found in times) == len(real) > len(moved)
    for row in moved:
        assert row.cells[2].lines[0].style == "struck"
        assert row.cells[3].lines[0].style == "strong"
    assert not [one for one in make(after, "roadmap").sections if one.title.startswith("Changes since")]


def enumerate_same(evaluated: EvaluatedPlan) -> list:
    seen: dict[tuple[str, int], int] = defaultdict(int)
    found = []
    for event in evaluated.schedule.events:
        key = (event.placed.id, event.cycle_day)
        found.append((seen[key], event))
        seen[key] += 1
    return found


def test_a_reissued_calendar_strikes_the_old_day_and_names_the_new_one() -> None:
    before, after = changed()
    sheet = make_sheet(after, "calendar", SITE, STAMP.printed_at, around=Around(before=before))
    cells = {}
    for section in sheet.sections:
        for part in section.parts:
            if isinstance(part, Month):
                for week in part.weeks:
                    cells |= {(part.title, day.number): day for day in week.days if not day.outside}
    old, new = cells["March 2026", "9"], cells["March 2026", "15"]
    assert [line.text for line in old.lines if line.style == "struck"]
    assert any(re.fullmatch(r"Changed: now on 15.March.2026", line.text) for line in old.lines)
    assert any(line.text.startswith("Changed: ") and line.style == "strong" for line in new.lines)
    untouched = cells["March 2026", "2"]
    assert not any("Changed" in line.text or line.style == "struck" for line in untouched.lines)


def test_what_a_protocol_exempts_says_why_and_says_it_once() -> None:
    shelf = library().protocols["mini-hyper-cvd-inotuzumab"]
    evaluated = evaluate(add_protocol(new_plan("p1", PATIENT), shelf, start_on(date(2026, 3, 2))), library())
    texts = [line.text for line in lines_of(make(evaluated, "summary")) if line.text.startswith("Let stand")]
    assert texts
    assert len(texts) == len(set(texts))
    assert all(" Exempt by protocol, because the registry record gives pegfilgrastim" in text for text in texts)
    assert all(re.search("Pegfilgrastim.* (?:before|after) ", text) for text in texts), "what was found is told too"
    day_sheets = [line.text for line in lines_of(make(evaluated, "handover"))]
    found = [text for text in day_sheets if text.startswith(("warning", "advice", "contraindicated"))]
    assert len(found) == len(set(found))


@pytest.mark.parametrize(
    ("day", "words"), [(date(2026, 3, 1), "before the first block"), (date(2030, 1, 1), "after the last block")]
)
def test_the_handover_says_on_which_side_of_the_course_a_day_lies(day: date, words: str) -> None:
    sheet = handover(shipped("d-alba"), job(wish=Wish(first=day)))
    assert any(line.text.endswith(f": {words}") for line in lines_of(sheet))


def test_a_dose_to_be_entered_has_a_rule_to_write_it_on() -> None:
    first = date(2026, 3, 2)
    sheet = handover(shipped("mini-hyper-cvd-inotuzumab"), job(wish=Wish(first=first, last=first + timedelta(6))))
    open_doses = [line for line in lines_of(sheet) if line.text.replace("\u00a0", " ") == "enter dose"]
    assert len(open_doses) > 3
    assert all(line.blank for line in open_doses)


def test_daily_medicines_say_how_often() -> None:
    sheet = handover(shipped("calgb-10403"), job(wish=Wish(first=date(2026, 3, 2), last=date(2026, 4, 20))))
    texts = [line.text.replace("\u00a0", " ") for line in lines_of(sheet)]
    assert "54 mg, by mouth, 2 times a day" in texts
    assert "100 mg, by mouth, once a day" in texts
    assert "300 mg a day, by mouth" in texts


@pytest.mark.parametrize("kind", BUILDERS)
def test_no_sheet_has_an_empty_table_or_a_heading_without_anything(kind: str) -> None:
    for protocol in sorted(library().protocols):
        sheet = make(shipped(protocol), kind)
        for section in sheet.sections:
            assert section.parts, (protocol, section.title)
            assert all(part.rows for part in section.parts if isinstance(part, Table)), (protocol, section.title)


def test_a_course_without_anticancer_drugs_has_no_table_of_them() -> None:
    titles = [section.title for section in make(shipped("leukapheresis"), "summary").sections]
    assert "Anticancer drugs: given of planned" not in titles


def postponed() -> EvaluatedPlan:
    plan = plan_of("obe-cel")
    for decision, choice, result in (("burden", "low", "12 % blasts"), ("second-dose", "postpone", "CRS grade 2")):
        taken = DecisionTaken("obe-cel", decision, choice, date(2026, 1, 4), "A. P.", result=result)
        plan = decide(plan, protocols_of(plan), taken)
    return evaluate(plan, replace(library(), rules=()))


def test_what_has_no_day_yet_stands_among_what_is_open_and_on_no_day() -> None:
    told = postponed()
    first = date.fromordinal(told.schedule.block("lymphodepletion").start)
    sheet = handover(told, job(wish=Wish(first=first)))
    (due,) = [part for one in sheet.sections if one.title == "What is due" for part in one.parts]
    assert isinstance(due, Table)
    assert not any("Obe-cel 2" in words_of(row.cells[1]) for row in due.rows)
    assert any("Obe-cel 1" in words_of(row.cells[1]) for row in due.rows)
    told_open = [line.text for line in lines_of(sheet) if line.text.startswith("No day set yet: Obe-cel 2")]
    put_off = 'put off by "Postpone, at the latest to Day 21, Sat\u00a031-Jan-2026"; ask the treating clinic'
    assert told_open == [f"No day set yet: Obe-cel 2, {put_off}"]


def test_the_day_sheet_gives_a_dose_that_was_put_off_no_page_and_says_so_where_it_would_have_been() -> None:
    told = postponed()
    day = date.fromordinal(told.schedule.block("second-dose").begins)
    sheet = BUILDERS["daysheet"](told, job(wish=Wish(first=day, last=day)))
    texts = [line.text for line in lines_of(sheet)]
    answer = "Postpone, at the latest to Day 21"
    assert f'Not on this day: Obe-cel 2, put off by "{answer}". No day is set yet.' in texts
    assert not any(text.startswith("Obecabtagene") for text in texts)
    (page,) = [one for one in sheet.sections if one.title == weekday_date(day)]
    assert page.parts


@pytest.mark.parametrize("large", [False, True])
def test_a_family_reads_no_day_for_what_was_put_off(large: bool) -> None:
    told = postponed()
    begins = told.schedule.block("second-dose").begins
    sheet = BUILDERS["calendar"](told, job(wish=Wish(large=large)))
    texts = [line.text for line in lines_of(sheet)]
    assert not any("Start: Obe-cel 2" in text or "Obe-cel 2: Day" in text for text in texts)
    assert any("Start: Obe-cel 1" in text for text in texts)
    (steps,) = [
        part
        for one in sheet.sections
        for part in one.parts
        if isinstance(part, Table) and any(words_of(row.cells[0]) == "Obe-cel 2" for row in part.rows)
    ]
    (row,) = [row for row in steps.rows if words_of(row.cells[0]) == "Obe-cel 2"]
    assert [line.text for cell in row.cells[1:-1] for line in cell.lines] == ["Ask us", "Ask us"]
    first = [one for one in told.schedule.events if one.placed.block.id == "first-dose" and one.day == begins]
    assert first, "the watch of the first dose goes on"
    entries = schedule_ics(told, "1", STAMP.printed_at).replace("\r\n ", "").split("BEGIN:VEVENT")
    cells = [one for one in entries if "Obe-cel 2 C1 D10" in one]
    assert cells
    assert all("STATUS:CANCELLED" in one and "(no day set yet)" in one for one in cells)
    moved = defer(told.plan, told.schedule, Deferral("second-dose", 1, 10, 5, Scope.FOLLOWING, "toxicity", "CRS", 2))
    again = BUILDERS["calendar"](evaluate(moved, replace(library(), rules=())), job(wish=Wish(large=large)))
    assert any("Start: Obe-cel 2" in line.text for line in lines_of(again))


@pytest.mark.parametrize("kind", ["handover", "daysheet", "roadmap"])
def test_a_question_stands_with_its_answer(kind: str) -> None:
    told = postponed()
    first = date.fromordinal(told.schedule.block("lymphodepletion").start)
    texts = [line.text for line in lines_of(BUILDERS[kind](told, job(wish=Wish(first=first))))]
    assert "Decided: 20 % or less: low burden, 12 % blasts, by A. P. on 04-Jan-2026" in texts
    open_one = evaluate(plan_of("obe-cel"), replace(library(), rules=()))
    if kind != "roadmap":  # which gives every answer a box
        texts = [line.text for line in lines_of(BUILDERS[kind](open_one, job(wish=Wish(first=first))))]
        assert any(text.startswith("Open; drawn as: ") for text in texts)


def test_the_hand_over_names_premedication_before_what_it_is_for() -> None:
    """Without hours paracetamol stood below inotuzumab and no word told what it was for."""
    wish = Wish(date(2026, 3, 2), date(2026, 3, 2))
    rows = tables(BUILDERS["handover"](shipped("inotuzumab-rr"), job(wish=wish)), "What is due")
    names = [row[2] for row in rows if row[3]]
    first = next(place for place, name in enumerate(names) if name.startswith("Inotuzumab"))
    before = [place for place, name in enumerate(names) if name.endswith("premedication")]
    assert before == [0, 1, 2]
    assert first == 3


def test_the_hand_over_names_every_medicine_of_its_days() -> None:
    """One that is taken for the last of its weeks only was "not recorded"."""
    evaluated = shipped("e1910")
    first, last = date(2026, 3, 2), date(2026, 3, 29)
    spans = [(date(2026, 2, 1), None), (date(2026, 3, 20), date(2026, 4, 2)), (last + timedelta(1), None)]
    medicines = tuple(CoMedication(f"drug-{number}", *span) for number, span in enumerate(spans))
    patient = replace(evaluated.plan.patient, co_medications=medicines)
    evaluated = replace(evaluated, plan=replace(evaluated.plan, patient=patient))
    texts = [line.text for line in lines_of(handover(evaluated, job(wish=Wish(first=first, last=last))))]
    (told,) = (text for text in texts if "drug-" in text)
    assert told.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NON-BREAKING HYPHEN}", "-") == (
        "drug-0 since 01-Feb-2026; drug-1 from 20-Mar-2026 until 02-Apr-2026"
    )
