"""The pharmacist's roadmap around its grid: reasons, criteria, decisions, findings, arithmetic, counters, names."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from planner.exports.pdf.writer import write_pdf
from planner.exports.sheets.frame import draft_reasons, marks
from planner.exports.sheets.roadmap.bands import NOTHING_AFTER
from planner.exports.sheets.roadmap.findings import by_host, findings_part
from planner.exports.sheets.sheet import Line, Paragraphs, Section, Sheet, Table
from planner.model.evidence import Status
from planner.model.finding import FindingStatus
from planner.model.patient import Patient
from planner.model.plan import BagPlan, DecisionTaken, Given, GivenRecord
from planner.model.signing import Confirmation, SignOff
from planner.services.evaluation import evaluate
from tests.courses import PATIENT, course_plan, finding
from tests.exports.papers import (
    STAMP,
    course,
    library,
    lines_of,
    make,
    page_texts,
    shipped,
    squashed,
    words_of,
)
from tests.schedules import schedule_of, with_events


def sections(sheet: Sheet, title: str) -> list[Section]:
    return [section for section in sheet.sections if section.title == title]


def text_of(section: Section) -> str:
    sheet = Sheet("", "", "", None, (section,))  # type: ignore[arg-type]
    return "\n".join(line.text for line in lines_of(sheet)).replace("\u00a0", " ")


def rows_of(section: Section) -> list[list[str]]:
    return [
        [words_of(cell) for cell in row.cells] for part in section.parts if isinstance(part, Table) for row in part.rows
    ]


def test_every_block_begins_a_page_and_ends_with_signatures() -> None:
    evaluated = course()
    sheet = make(evaluated, "roadmap")
    for block in evaluated.schedule.blocks:
        assert [section.new_page for section in sections(sheet, block.title)] == [True]
    signed = sections(sheet, "Signatures")
    assert len(signed) == len(evaluated.schedule.blocks)
    for section in signed:
        lines = [line for part in section.parts for row in part.rows for cell in row.cells for line in cell.lines]
        assert all(line.text == "" for line in lines), "never filled in"
        assert sum(line.blank for line in lines) == 6


def test_the_head_of_a_block_says_when_and_why() -> None:
    text = text_of(sections(make(shipped("calgb-10403"), "roadmap"), "Consolidation")[0])
    assert "56 days: Mon 06-Apr-2026 to Sun 31-May-2026" in text
    assert "ANC ≥ 0.75 × 10⁹/L and platelets ≥ 75 × 10⁹/L" in text
    assert "168 cm, 70.4 kg on 02-Jan-2026; BSA 1.813 m2 (Mosteller" in text
    assert "starts after Induction ends on 05-Apr-2026" in text
    assert "PROVISIONAL" in text
    assert "Largest single dose of pegaspargase: No cap" in text


def test_the_drug_table_gives_dose_cap_route_days_and_evidence() -> None:
    rows = {(row[0], row[2]): row for row in rows_of(sections(make(course(), "roadmap"), "Drugs")[0])}
    assert rows["Vincristine", "intravenous"][1:5] == [
        "1.5 mg/m2, cap 2 mg",
        "intravenous",
        "D1, D8, D15, D22; up to 2 days later",
        "trial [T1]",
    ]
    assert ("Methotrexate", "INTRATHECAL") in rows
    assert rows["Prednisone", "by mouth"][3] == "D1 to D28 (28 days); 2 times a day"
    assert rows["Sodium chloride 0.9% hydration", "intravenous"][1] == "no sourced dose: enter the site's own"
    assert "CHECK" in rows["Sodium chloride 0.9% hydration", "intravenous"][4]
    weekly = rows_of(sections(make(course(), "roadmap"), "Drugs")[4])
    assert any("once a week, on Mondays, not every day" in row[3] for row in weekly if row[0] == "Methotrexate")


def test_the_grid_ends_with_the_next_course_and_its_criteria() -> None:
    grids = [part for section in sections(make(shipped("calgb-10403"), "roadmap"), "Days") for part in section.parts]
    assert words_of(grids[0].rows[-1].cells[0]) == (
        "Next: Consolidation, due Mon 06-Apr-2026 · start when ANC ≥ 0.75 × 10⁹/L and platelets ≥ 75 × 10⁹/L"
    )
    assert words_of(grids[-1].rows[-1].cells[0]) == NOTHING_AFTER


def test_intrathecal_has_its_own_thick_column_in_capitals() -> None:
    for section in sections(make(course(), "roadmap"), "Days")[:3]:
        grid = section.parts[0]
        headings = [column.heading[0].text for column in grid.columns]
        column = grid.columns[headings.index("INTRATHECAL")]
        assert (column.edge, column.heading[0].style) == ("thick", "capital")
        assert "Methotrexate" not in headings


def test_no_drug_is_given_ahead_of_its_place() -> None:
    grid = sections(make(course(), "roadmap"), "Days")[0].parts[0]
    given = [row.cells[1] for row in grid.rows if not row.band]
    assert all(line.text == "" for cell in given for line in cell.lines)


def test_drugs_without_a_column_of_their_own_are_named_in_full() -> None:
    grid = sections(make(course(), "roadmap"), "Days")[0].parts[0]
    headings = [column.heading[0].text for column in grid.columns]
    place = headings.index("Other drugs")
    cells = " ".join(words_of(row.cells[place]) for row in grid.rows if not row.band)
    for words in ("Pegaspargase, intravenous 3,750 units", "Dexamethasone, intravenous, premedication 12 mg"):
        assert words in cells


def test_a_moved_day_says_from_where() -> None:
    grid = sections(make(course(), "roadmap"), "Days")[1].parts[0]
    row = next(row for row in grid.rows if words_of(row.cells[0]) == "Mon 16-Mar-2026")
    assert "moved from Mon 09-Mar-2026" in words_of(row.cells[-1])


def test_open_decisions_have_boxes_taken_ones_a_name() -> None:
    found = [text_of(section) for section in sections(make(course(), "roadmap"), "Decisions")]
    assert "Decided: Complete remission: go on, by A. Pharmacist on 04-Feb-2026" in found[0]
    assert "Needs: Marrow blasts, MRD by flow, marrow" in found[0]
    assert "MRD negative: maintenance (this plan is drawn with this answer)" in found[1]
    part = sections(make(course(), "roadmap"), "Decisions")[1].parts[0]
    assert isinstance(part, Paragraphs)
    assert part.boxed
    assert sum(line.tick for line in part.lines) == 2


def test_findings_show_severity_rule_words_source_and_who_let_them_stand() -> None:
    rows = rows_of(sections(make(course(), "roadmap"), "Findings in this block")[0])
    assert [row[0] for row in rows] == [
        "contraindicated VC-06 open",
        "warning VC-09 acknowledged",
        "warning VC-07 open",
        "advice VC-08 open",
    ]
    assert "Vincristine 2 mg falls on a day with posaconazole." in rows[0][1]
    assert "Acknowledged by B. Pharmacist, 20-Jan-2026 10:00 UTC: Posaconazole was stopped" in rows[1][1]
    assert rows[0][3] == "made up (label)"


def compared_of(message: str, *inputs: tuple[str, str], arithmetic: str = "", **more: object) -> list[str]:
    """The column "Compared" of one finding."""
    one = replace(finding(1, "warning", (), (), message=message, **more), inputs=inputs, arithmetic=arithmetic)
    (table,) = findings_part(course_plan(), [one])
    return [line.text for line in table.rows[0].cells[2].lines]


def test_what_was_compared_alike_is_told_once() -> None:
    away = "100 mg against 109 mg = 8 %, above 6 %"
    further = [(f"also {number}", away) for number in range(2, 13)]
    told = compared_of("Too much.", ("limit", "6 %"), *further, ("further", "16 more of the same"), arithmetic=away)
    assert told == ["limit: 6 %", away, "also 2 to 12: the same", "further: 16 more of the same"]
    dates = (("also 2", "both on 19-Oct-2026"), ("also 3", "both on 14-Dec-2026"), ("also 4", "both on 14-Dec-2026"))
    assert compared_of("Two.", *dates) == ["also 2 to 4: both on 19-Oct-2026; 14-Dec-2026"]
    assert compared_of("Two.", dates[0], arithmetic="both") == ["both", "also 2: both on 19-Oct-2026"]
    assert compared_of("Two.", ("also 2", "12 h"), ("also 3", "120 h")) == ["also 2 to 3: 12 h; 120 h"]
    none = [(f"also {number}", f"A C{number} D1 (1, provisional) has no dose at all.") for number in (2, 3)]
    assert compared_of("None.", *none) == [
        "also 2 to 3: A C2 D1 (1, provisional); C3 D1 (1, provisional) has no dose at all."
    ]
    days = [("also 2", "01-Jun-2026: fluids: none"), ("also 3", "27-Jul-2026: fluids: none")]
    assert compared_of("None.", *days) == ["also 2 to 3: 01-Jun-2026: fluids: none; 27-Jul-2026: fluids: none"]
    days = [(name, f"{value} in the plan") for name, value in days]
    assert compared_of("None.", *days) == ["also 2 to 3: 01-Jun-2026; 27-Jul-2026: fluids: none in the plan"]


def test_what_the_arithmetic_says_with_its_day_is_not_said_before_it() -> None:
    said = "02-Mar-2026: fluids: none in the plan"
    assert compared_of("None.", ("found", "fluids: none in the plan"), arithmetic=said) == [said]
    assert compared_of("Both.", ("days", "1 day"), arithmetic="both on 1 day") == ["both on 1 day"]
    asked = "age 44 years; asked for: age at most 25 years"
    assert compared_of("Old.", ("asked for", "age at most 25 years"), arithmetic=asked) == [asked]
    assert compared_of("Low.", ("limit", "6 %"), arithmetic="8 % > 6 %") == ["limit: 6 %", "8 % > 6 %"]


def test_facts_that_the_message_holds_are_not_told_again_and_all_others_are() -> None:
    message = "Vincristine C1 D1 (02-Mar-2026): 2,500 units of lipase, amylase not recorded."
    facts = (
        ("dose", "Vincristine C1 D1 (02-Mar-2026)"),
        ("missing", "lipase; amylase"),
        ("is", "500 units"),
        ("h", "1"),
    )
    assert compared_of(message, *facts, ("missing", "lipase; bilirubin")) == [
        "is: 500 units",  # not the end of 2,500 units
        "h: 1",
        "missing: lipase; bilirubin",
    ]
    cannot = compared_of("Not known.", ("is", "open"), arithmetic="1, above 2", status=FindingStatus.CANNOT_CHECK)
    assert cannot == ["is: open"]


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("US label, https://www.empr.com/drug/oncaspar/; Swiss text.", "US label, empr.com; Swiss text."),
        ("https://drugs.com/dosage/aucatzyl.html). Threshold: FELIX", "drugs.com). Threshold: FELIX"),
        ("no address; https://a.org", "no address; https://a.org"),
    ],
)
def test_a_long_address_is_told_by_its_site(source: str, told: str) -> None:
    assert by_host(source) == told


def test_a_finding_about_several_blocks_is_told_once_and_named_again() -> None:
    found = sections(make(course(), "roadmap"), "Findings in this block")
    assert len(found) == 2
    assert "Also about this block, told under Induction: advice VC-08" in text_of(found[1])
    assert rows_of(found[1]) == []


def test_what_could_not_be_checked_is_said() -> None:
    section = sections(make(course(), "roadmap"), "Findings about the whole plan")[0]
    assert "CANNOT CHECK" in text_of(section)
    assert "20 rules checked, 1 not checkable: height. What no rule covers was not checked." in text_of(section)


def test_dose_arithmetic_is_told_once_for_each_result() -> None:
    rows = rows_of(sections(make(course(), "roadmap"), "Dose arithmetic")[0])
    vincristine = [row for row in rows if row[0] == "Vincristine, intravenous"]
    assert len(vincristine) == 1
    assert vincristine[0][1] == "2 mg"
    assert "1.5 mg/m2 × BSA 1.813 m2" in vincristine[0][2]
    assert "more than the cap: 2 mg" in vincristine[0][2]
    assert [
        "Sodium chloride 0.9%, intravenous",
        "enter dose",
        "not computed: no sourced dose: enter the site's own",
    ] in rows


def test_counters_count_what_is_planned_and_leave_out_what_is_omitted() -> None:
    tables = [rows_of(section) for section in sections(make(course(), "roadmap"), "Counters, as planned")]
    induction = {row[0]: row[1:] for row in tables[0]}
    assert induction["Daunorubicin, intravenous"] == ["3", "135.9 mg (75 mg/m2)", "3", "135.9 mg (75 mg/m2)"]
    assert induction["Methotrexate, INTRATHECAL"][0] == "2"
    consolidation = {row[0]: row[1:] for row in tables[1]}
    assert consolidation["Vincristine, intravenous"][0] == "4"
    assert consolidation["Vincristine, intravenous"][2] == "8"


def test_sources_are_listed_behind_their_codes() -> None:
    text = text_of(sections(make(shipped("blinatumomab-mrd"), "roadmap"), "Sources")[0])
    assert "[B" in text
    assert "http" not in text


def test_a_demo_plan_says_demo_and_a_draft_why() -> None:
    evaluated = shipped("d-alba")
    assert marks(evaluated, STAMP) == ("DEMO", "DRAFT")
    reasons = draft_reasons(evaluated, STAMP.release)
    assert "is not signed by this site (draft)" in reasons[0]
    assert "Corticosteroid" in reasons[1]
    assert reasons[0] in text_of(make(evaluated, "roadmap").sections[0])


def test_a_signed_protocol_with_sourced_values_is_no_draft() -> None:
    evaluated = course()
    schedule = evaluated.schedule
    signed = tuple(
        replace(block, protocol=replace(block.protocol, status=Status.REVIEWED)) for block in schedule.blocks
    )
    sourced = tuple(event for event in schedule.events if not event.placed.evidence.needs_confirmation)
    clean = replace(evaluated, schedule=schedule_of(sourced, signed, schedule.decisions))
    verified = SignOff("verified", STAMP.version, "B. Pharmacist", "2026-11-22T12:00:00+00:00")
    signed_off = replace(STAMP, release=replace(STAMP.release, verified=verified))
    assert marks(clean, signed_off) == ()
    assert marks(clean, STAMP) == ("DRAFT",)
    assert draft_reasons(clean, STAMP.release) == ("this version was not verified by a second person",)
    unsure = replace(clean, schedule=with_events(clean.schedule, schedule.events))
    assert marks(unsure, signed_off) == ("DRAFT",)
    pin = unsure.plan.block(unsure.schedule.blocks[0].id).pin
    orders = {event.placed.order.id for event in schedule.events if event.placed.evidence.needs_confirmation}
    confirmed = tuple(Confirmation(pin, order, "B. Pharmacist", verified.at) for order in orders)
    assert marks(replace(unsure, plan=replace(unsure.plan, confirmations=confirmed)), signed_off) == ()


def test_unknown_facts_say_not_recorded() -> None:
    bare = Patient("", "Doe", "", PATIENT.birth_date, "", measurements=PATIENT.measurements)
    sheet = make(course(bare), "roadmap")
    assert "not recorded · id not recorded" in sheet.frame.identity
    assert text_of(sheet.sections[0]).count("not recorded") == 5


def test_a_plan_without_measurements_prints_and_says_what_is_missing() -> None:
    sheet = make(course(replace(PATIENT, measurements=())), "roadmap")
    rows = rows_of(sections(sheet, "Dose arithmetic")[0])
    assert ["Vincristine, intravenous", "enter dose", "1.5 mg/m2: not computed: height and weight not recorded"] in rows
    assert "height and weight not recorded" in text_of(sections(sheet, "Induction")[0])


def test_an_empty_plan_prints() -> None:
    plan = replace(course_plan(), blocks=(), decisions=(), modifications=())
    evaluated = course(plan=plan)
    for kind in ("roadmap", "calendar"):
        assert make(evaluated, kind).sections


def test_a_decision_taken_another_way_changes_what_follows() -> None:
    plan = course_plan()
    other = DecisionTaken("g1", "mrd", "positive", PATIENT.birth_date, "C. Doctor")
    sheet = make(course(plan=replace(plan, decisions=(*plan.decisions, other))), "roadmap")
    assert not sections(sheet, "Maintenance")
    assert "Decided: MRD positive: transplant, by C. Doctor" in text_of(sections(sheet, "Decisions")[1])


def test_what_was_given_is_printed_with_its_date_and_dose_and_nothing_is_left_to_write() -> None:
    evaluated = shipped("calgb-10403")
    event = next(one for one in evaluated.schedule.events if one.placed.agent == "daunorubicin")
    on = date.fromordinal(event.day + 1)
    place = (event.placed.block.id, event.placed.cycle, event.cycle_day, event.placed.order.id, 0)
    record = GivenRecord(*place, Given.GIVEN, on, Decimal(40), "mg", "N. Nurse")
    given = evaluate(replace(evaluated.plan, given=(record,)), library())
    (grid, *_) = sections(make(given, "roadmap"), "Days")
    rows = [row for part in grid.parts if isinstance(part, Table) for row in part.rows if not row.band]
    told = [row for row in rows if words_of(row.cells[1]).strip() == f"{on:%d-%b-%Y}"]
    assert len(told) == 1
    cell = next(cell for cell in told[0].cells if any(line.text == "GIVEN" for line in cell.lines))
    assert cell.lines[0].text.replace("\u00a0", " ") == "40 mg"
    assert not any(line.blank for line in cell.lines)
    others = [row for row in rows if row is not told[0]]
    assert not any(words_of(row.cells[1]).strip() for row in others)
    assert not any(line.text == "GIVEN" for row in others for cell in row.cells for line in cell.lines)


def test_a_draft_names_each_open_value_once() -> None:
    (reason,) = (
        one for one in draft_reasons(shipped("blinatumomab-rr"), STAMP.release) if "entered by the site" in one
    )
    named = reason.split(": ", 1)[1].split("; ")
    assert len(named) == len(set(named))


def test_the_summary_of_the_checks_stays_whole_and_with_its_table() -> None:
    sheet = make(evaluate(shipped("gmall-07-03").plan, library()), "roadmap")
    pages = page_texts(write_pdf(sheet, "A4"))
    (page,) = (one for one in pages if "rules checked" in one)
    assert "Findings about the whole plan" in page
    assert "What no rule covers was not checked." in page.replace("\n", " ")
    assert squashed("Severity, rule") in squashed(page.partition("rules checked")[2])


def test_bags_say_their_days_in_the_key_of_studies() -> None:
    plan = shipped("blinatumomab-mrd").plan
    first = plan.blocks[0].id
    evaluated = evaluate(replace(plan, bag_plans=(BagPlan(first, (168,), (0, 3)),)), library())
    rows = rows_of(sections(make(evaluated, "roadmap"), "Studies")[0])
    bags = [row for row in rows if "bag" in row[1]]
    assert [row[2] for row in bags] == ["D1, D8, D15, D22"]


def test_the_key_of_studies_has_the_letters_of_the_days_and_no_other() -> None:
    """Block by block (promises P6): what a letter means stands with it, and nothing is explained that is not there."""
    blocks = 0
    for protocol in ("hyper-cvad-blinatumomab", "obe-cel", "ponalfil", "e1910", "blinatumomab-rr"):
        used: set[str] = set()
        for section in make(shipped(protocol), "roadmap").sections:
            tables = [part for part in section.parts if isinstance(part, Table)]
            if section.title == "Days":
                used = {line.text.split(" ")[0] for table in tables for line in _studies_in(table)}
            elif section.title == "Studies":
                keys = [words_of(row.cells[0]) for table in tables for row in table.rows]
                assert len(keys) == len(set(keys)), protocol
                assert set(keys) == used, protocol
                blocks += 1
                used = set()
            elif section.title.startswith("Findings"):
                assert not used, f"{protocol}: letters without a key"
    assert blocks > 10


def _studies_in(table: Table) -> Iterator[Line]:
    (place,) = (n for n, column in enumerate(table.columns) if column.heading and column.heading[0].text == "Studies")
    for row in table.rows:
        if not row.band:
            yield from (line for line in row.cells[place].lines if line.text)
