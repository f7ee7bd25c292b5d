"""Workbook, calendar file and FHIR bundle, each read back by other means and held against the schedule."""

import io
import json
import zipfile
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest
from msgspec.structs import replace

from planner.exports.files.calendar_file import schedule_ics
from planner.exports.files.fhir_writer import schedule_fhir
from planner.exports.files.table_writer import COLUMNS, schedule_rows
from planner.exports.files.xlsx_writer import schedule_xlsx
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.plan import DecisionTaken, Hold, Omission, Scope, Stop
from planner.model.release import open_items
from planner.model.signing import Confirmation, SignOff
from planner.services.evaluation import evaluate
from planner.services.tables import EXPORTS, exported
from planner.services.verbs import editing, pausing
from tests.exports.sheets.test_after_edits import seen
from tests.exports.sheets.test_day_bag_supply import bagged
from tests.exports.sheets.test_told_plainly import given_and_stopped
from tests.golden.cases import PATIENTS, library
from tests.services.courses_at_hand import plan_of, scheduled

STAMP = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)
SHELF = replace(library(), rules=())
NAMESPACE = {"s": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def course(protocol: str = "d-alba", name: str = "Golden") -> EvaluatedPlan:
    plan = plan_of(protocol, replace(PATIENTS["adult"], family_name=name))
    return evaluate(plan, SHELF)


def changed() -> EvaluatedPlan:
    """Every state that is left out: omitted, held, stopped."""
    plan = plan_of("calgb-10403")
    plan = editing.omit(plan, scheduled(plan), Omission("induction", 1, 8, "vincristine", "toxicity"))
    plan = pausing.stop(plan, scheduled(plan), Stop("consolidation", 1, 29, Scope.FOLLOWING, "other"))
    return evaluate(pausing.hold(plan, scheduled(plan), Hold("maintenance", 1, 1, "counts")), SHELF)


def postponed() -> EvaluatedPlan:
    plan = plan_of("obe-cel")
    answer = DecisionTaken(plan.blocks[0].group, "second-dose", "postpone", date(2026, 12, 1), "A. P.")
    return evaluate(replace(plan, decisions=(answer,)), library())


def sheets(content: bytes) -> dict[str, list[list[str]]]:
    """The workbook as rows of text, read by zip and XML alone."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.testzip() is None
        names = [
            one.attrib["name"]
            for one in ET.fromstring(package.read("xl/workbook.xml")).findall(".//s:sheet", NAMESPACE)
        ]
        return {
            name: _rows(ET.fromstring(package.read(f"xl/worksheets/sheet{number}.xml")))
            for number, name in enumerate(names, 1)
        }


def _rows(sheet: ET.Element) -> list[list[str]]:
    found = []
    for row in sheet.findall(".//s:row", NAMESPACE):
        cells = {}
        for cell in row.findall("s:c", NAMESPACE):
            place = cell.attrib["r"].rstrip("0123456789")
            assert cell.find("s:f", NAMESPACE) is None
            text = cell.find(".//s:t", NAMESPACE) if cell.get("t") == "inlineStr" else cell.find("s:v", NAMESPACE)
            assert text is not None
            cells[sum((ord(sign) - 64) * 26**at for at, sign in enumerate(reversed(place)))] = text.text or ""
        found.append([cells.get(number, "") for number in range(1, max(cells, default=0) + 1)])
    return found


@pytest.mark.parametrize("known", [course(), course("obe-cel"), changed()])
def test_the_workbook_holds_the_schedule_cell_by_cell(known: EvaluatedPlan) -> None:
    found = sheets(schedule_xlsx(known, "abc"))
    assert list(found) == ["Schedule", "Blocks", "Findings", "About"]
    header, *rows = found["Schedule"]
    assert header == list(COLUMNS)
    wanted = [[str(row[name]) for name in COLUMNS] for row in schedule_rows(known)]
    assert [row + [""] * (len(COLUMNS) - len(row)) for row in rows] == wanted
    assert [row[0] for row in found["Blocks"][1:]] == [block.id for block in known.schedule.blocks]
    assert ["Version", "abc"] in found["About"]
    assert found["About"][0][1] == "Plan, may change. Not a prescription or an order."


def test_a_column_of_the_workbook_shows_its_longest_cell() -> None:
    """The dates were cut by the cells beside them: no column had a width."""
    with zipfile.ZipFile(io.BytesIO(schedule_xlsx(course(), "abc"))) as package:
        sheet = ET.fromstring(package.read("xl/worksheets/sheet1.xml"))
    wide = [int(one.attrib["width"]) for one in sheet.findall("s:cols/s:col", NAMESPACE)]
    for row in _rows(sheet):
        assert all(len(text) < shown or shown > 60 for text, shown in zip(row, wide, strict=False))
    assert [one.tag.rpartition("}")[2] for one in sheet] == ["sheetViews", "cols", "sheetData"]


def test_what_leaves_for_another_program_says_that_it_is_a_draft() -> None:
    """Sheets say DRAFT on every page; a calendar that was filled from the same plan said nothing."""
    known = course("blinatumomab-mrd")
    items = open_items(known.plan, known.schedule)
    confirmed = tuple(Confirmation(one.pin, one.order, "B. P.", "2026-11-22T12:00:00+00:00") for one in items)
    verified = (SignOff("verified", "abc", "B. P.", "2026-11-22T12:00:00+00:00"),)
    clean = replace(known, plan=replace(known.plan, confirmations=confirmed, sign_offs=verified))
    for plan, draft in ((known, True), (clean, False), (replace(known, plan=replace(clean.plan, sign_offs=())), True)):
        text = schedule_ics(plan, "abc", STAMP)
        assert all(("DRAFT. Plan, may change." in one["DESCRIPTION"]) is draft for one in entries(text))
        assert ("X-WR-CALDESC:DRAFT. Plan\\, may change." in text) is draft
        (care,) = (one for one in resources(schedule_fhir(plan, "abc")) if one["resourceType"] == "CarePlan")
        assert care["description"].startswith("DRAFT. Plan," if draft else "Plan,")
        (said,) = (row[1] for row in sheets(schedule_xlsx(plan, "abc"))["About"] if row[0] == "Draft")
        assert said.endswith("this version was not verified by a second person" if draft else "no")


def test_hostile_text_stays_text_in_the_workbook() -> None:
    hostile = '=HYPERLINK("http://x")<&>\x07\''
    known = course(name=hostile)
    found = sheets(schedule_xlsx(known, "abc"))
    assert found["About"][1][1].startswith(hostile.replace("\x07", "\ufffd"))
    assert schedule_xlsx(known, "abc") == schedule_xlsx(known, "abc")


def entries(text: str) -> list[dict[str, str]]:
    """The entries of a calendar, unfolded and unescaped by a reader of its own."""
    assert text.endswith("END:VCALENDAR\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    found: list[dict[str, str]] = []
    for line in text.replace("\r\n ", "").split("\r\n"):
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found and name:
            plain = value.replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\")
            found[-1].setdefault(name.partition(";")[0], plain)
    return found


@pytest.mark.parametrize("known", [course(), course("obe-cel"), changed(), course("hyper-cvad")])
def test_the_calendar_covers_the_schedule_day_by_day(known: EvaluatedPlan) -> None:
    found = entries(schedule_ics(known, "abc", STAMP))
    assert len({one["UID"] for one in found}) == len(found)
    covered: Counter[tuple[date, str]] = Counter()
    for one in found:
        start = datetime.strptime(one["DTSTART"][:8], "%Y%m%d").date()
        times = "T" in one["DTSTART"]
        end = start if times else datetime.strptime(one["DTEND"], "%Y%m%d").date() - timedelta(1)
        name = one["SUMMARY"]
        a_day = int(name.partition(" × ")[2].split()[0]) if " a day" in name else 1
        agent = next(
            (event.placed.agent_name for event in known.schedule.events if name.startswith(event.placed.agent_name)), ""
        )
        while start <= end:
            covered[start, agent[:9]] += a_day
            start += timedelta(1)
    wanted = Counter((event.date, event.placed.agent_name[:9]) for event in known.schedule.events)
    assert covered == wanted


def test_the_calendar_tells_states_and_names_nobody() -> None:
    known = changed()
    text = schedule_ics(known, "abc", STAMP)
    found = entries(text)
    assert {one["STATUS"] for one in found} == {"CONFIRMED", "CANCELLED", "TENTATIVE"}
    assert any("(omitted)" in one["SUMMARY"] and one["STATUS"] == "CANCELLED" for one in found)
    assert "Golden" not in text
    assert all("Not a prescription or an order. Version abc." in one["DESCRIPTION"] for one in found)
    assert {one["DTSTAMP"] for one in found} == {"20261128T093000Z"}


def test_a_title_tells_the_route_and_a_dose_to_enter() -> None:
    titles = {one["SUMMARY"] for one in entries(schedule_ics(course("hyper-cvad"), "abc", STAMP))}
    assert "Methotrexate 12 mg INTRATHECAL" in titles
    assert any(title.startswith("Vincristine 2 mg intravenous") for title in titles)
    local = {one["SUMMARY"] for one in entries(schedule_ics(course("e1910"), "abc", STAMP))}
    assert any(title.startswith("Cytarabine INTRATHECAL, enter dose") for title in local)


def resources(text: str) -> list[dict]:  # type: ignore[type-arg]
    bundle = json.loads(text)
    assert (bundle["resourceType"], bundle["type"]) == ("Bundle", "collection")
    addresses = [entry["fullUrl"] for entry in bundle["entry"]]
    assert len(set(addresses)) == len(addresses)
    for entry in bundle["entry"]:
        for reference in _references(entry["resource"]):
            assert reference in addresses
    return [entry["resource"] for entry in bundle["entry"]]


def _references(value: object) -> list[str]:
    if isinstance(value, dict):
        own = [value["reference"]] if isinstance(value.get("reference"), str) else []
        return own + [one for inner in value.values() for one in _references(inner)]
    return [one for inner in value for one in _references(inner)] if isinstance(value, list) else []


@pytest.mark.parametrize("known", [course(), course("obe-cel"), changed()])
def test_the_bundle_plans_every_dose_and_examination(known: EvaluatedPlan) -> None:
    patient, care, *requests = resources(schedule_fhir(known, "abc"))
    assert patient["identifier"] == [{"value": known.plan.patient.id}]
    assert care["intent"] == "plan"
    assert len(care["activity"]) == len(requests)
    told: Counter[tuple[str, str, str]] = Counter()
    for one in requests:
        assert one["intent"] == "plan"
        if one["resourceType"] == "MedicationRequest":
            (instruction,) = one["dosageInstruction"]
            quantity = instruction.get("doseAndRate", [{"doseQuantity": {}}])[0]["doseQuantity"]
            amount = str(Decimal(str(quantity["value"])).normalize()) if quantity else ""
            for day in instruction["timing"]["event"]:
                told[day, one["medicationCodeableConcept"]["text"], amount] += 1
        else:
            for day in one["occurrenceTiming"]["event"]:
                told[day, one["code"]["text"], ""] += 1
    wanted = Counter(
        (
            event.date.isoformat(),
            event.placed.agent_name,
            str(event.dose.value.normalize()) if event.dose and event.dose.value is not None else "",
        )
        for event in known.schedule.events
        if event.placed.kind not in ("decision", "bag")
    )
    assert told == wanted


def test_the_bundle_tells_a_rate_that_a_source_states() -> None:
    _, _, *requests = resources(schedule_fhir(course("inotuzumab-rr"), "abc"))
    rates = {
        (one["medicationCodeableConcept"]["text"], amount["rateQuantity"]["value"], amount["rateQuantity"]["code"])
        for one in requests
        if one["resourceType"] == "MedicationRequest"
        for amount in one["dosageInstruction"][0].get("doseAndRate", ())
        if "rateQuantity" in amount
    }
    assert rates == {("Inotuzumab ozogamicin", 50, "mL/h")}


@pytest.mark.parametrize(
    ("drug", "words"),
    [
        ("Cyclophosphamide", "Part A 1 C1 D1 to 3 at 09:00, 21:00; 300 mg/m2; over 2 h"),
        ("Leucovorin", "Part B 2 C2 D3, 4 at 03:00, 09:00, 15:00, 21:00; 15 mg"),
        ("Mesna", "Part A 1 C1 D1 to 3; 600 mg/m2/day"),
    ],
)
def test_the_bundle_tells_each_clock_time_and_how_long_it_runs(drug: str, words: str) -> None:
    """Twice a day read "09:00" on two like dates, as if both doses were due at nine."""
    texts = [
        one["dosageInstruction"][0]["text"]
        for one in resources(schedule_fhir(course("hyper-cvad"), "abc"))[2:]
        if one["resourceType"] == "MedicationRequest" and one["medicationCodeableConcept"]["text"] == drug
    ]
    assert any(text.startswith(words) for text in texts)


def test_the_bundle_tells_what_is_left_out_by_its_status() -> None:
    requests = resources(schedule_fhir(changed(), "abc"))[2:]
    found = {one["status"] for one in requests if one["resourceType"] == "MedicationRequest"}
    assert found == {"draft", "cancelled", "stopped", "on-hold"}
    assert {one["status"] for one in requests if one["resourceType"] == "ServiceRequest"} >= {"draft", "revoked"}


def test_what_was_put_off_without_a_day_is_held_and_nobodys_appointment() -> None:
    """Its date is the protocol's: an order of that day would be given on it."""
    known = postponed()
    waiting = [one for one in known.schedule.events if one.placed.block.waits]
    requests = [one for one in resources(schedule_fhir(known, "abc"))[2:] if "no day set yet after" in json.dumps(one)]
    assert len(requests) >= len({one.placed.id for one in waiting if one.placed.kind not in ("decision", "bag")}) > 3
    assert {one["status"] for one in requests} == {"on-hold"}
    assert "event" not in json.dumps(requests)
    rows = [row for row in schedule_rows(known) if "no day set yet after" in str(row["note"])]
    assert len(rows) == len(waiting)
    assert {row["status"] for row in rows} == {"held"}
    titles = [one["SUMMARY"] for one in entries(schedule_ics(known, "abc", STAMP)) if "no day set" in one["SUMMARY"]]
    assert len(titles) > 3
    assert not [title for title in titles if "(held)" in title]


@pytest.mark.parametrize("form", sorted(EXPORTS))
def test_an_empty_plan_exports_too(form: str) -> None:
    empty = evaluate(replace(plan_of("d-alba"), blocks=(), pins=()), SHELF)
    assert exported(empty, form, STAMP)


def test_rescue_of_what_is_begun_is_not_cancelled_with_its_block() -> None:
    """A ward's calendar took nine doses of leucovorin out again after methotrexate that had run."""
    evaluated = seen(given_and_stopped())
    begun = entries(schedule_ics(evaluated, "v", STAMP))
    rescue = [one for one in begun if one["SUMMARY"].startswith("Leucovorin") and "Part B 2" in one["DESCRIPTION"]]
    assert len(rescue) == 9
    assert {one["STATUS"] for one in rescue} == {"CONFIRMED"}
    assert all("(NOT to be left out, ask now)" in one["SUMMARY"] for one in rescue)
    assert any(one["SUMMARY"].startswith("Cytarabine") and one["STATUS"] == "CANCELLED" for one in begun)
    resources = [one["resource"] for one in json.loads(schedule_fhir(evaluated, "v"))["entry"]]
    asked = [one for one in resources if one.get("medicationCodeableConcept", {}).get("text") == "Leucovorin"]
    due = [one for one in asked if "NOT to be left out" in one["dosageInstruction"][0]["text"]]
    assert due
    assert {one["status"] for one in due} == {"draft"}


def test_a_bag_has_its_number_and_taking_the_pump_off_gives_no_drug() -> None:
    """ "Blinatumomab: bag intravenous" for each of five, and a request for medication on the day the pump comes off."""
    evaluated = bagged()
    files = schedule_ics(evaluated, "v1", STAMP).replace("\r\n ", "").split("\r\n")
    titles = [line.removeprefix("SUMMARY:") for line in files if line.startswith("SUMMARY:Blinatumomab: ")]
    assert any(title.startswith("Blinatumomab: bag 2 of ") for title in titles)
    assert "Blinatumomab: disconnect" in titles
    assert not [title for title in titles if "bag intravenous" in title]
    entries = json.loads(schedule_fhir(evaluated, "v1"))["entry"]
    kinds = {one["resource"]["resourceType"] for one in entries if "disconnect" in json.dumps(one)}
    assert kinds == {"ServiceRequest"}
