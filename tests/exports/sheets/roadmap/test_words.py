"""Words of roadmap and day sheet that a reader stumbled over."""

import re
from datetime import date
from decimal import Decimal
from itertools import groupby

import pytest
from msgspec.structs import replace

from planner.exports.sheets.day.day_sheet import day_sheet
from planner.exports.wording.text import held_together, weekdays_named
from planner.model.finding import FindingStatus
from planner.model.patient import Measurement
from planner.model.plan import Addition, BagPlan, BlockStart, Deferral, Scope
from planner.model.schedule import Schedule
from planner.model.wish import Wish
from planner.services.evaluation import evaluate
from planner.services.verbs.placing import add_protocol, new_plan
from tests.courses import PATIENT
from tests.exports.papers import job, library, lines_of, make, shipped
from tests.exports.sheets.roadmap.test_roadmap import rows_of, sections, text_of
from tests.exports.sheets.test_after_edits import placed, printed_sheet, rows, text


def test_a_drug_timed_by_another_names_it_as_its_column_does() -> None:
    """ "30 min before the start of brexu cel": a name nobody knows, made from the id."""
    (drugs, *_) = sections(make(shipped("brexu-cel"), "roadmap"), "Drugs")[1:]
    assert "30 min before the start of Brexucabtagene autoleucel" in text_of(drugs)
    assert "brexu cel" not in text_of(drugs)


def test_cells_are_not_counted_by_body_surface() -> None:
    (counted,) = (
        one
        for one in sections(make(shipped("brexu-cel"), "roadmap"), "Counters, as planned")
        if "cells" in text_of(one)
    )
    assert "cells/m2" not in text_of(counted)
    assert "mg/m2" in text_of(sections(make(shipped("brexu-cel"), "roadmap"), "Counters, as planned")[0])


def test_one_day_is_no_days() -> None:
    text = "\n".join(text_of(section) for section in make(shipped("leukapheresis"), "roadmap").sections)
    assert "1 day: Mon 02-Mar-2026 to Mon 02-Mar-2026" in text
    assert "1 days" not in text


def test_what_is_noted_of_several_drugs_of_a_day_is_said_once() -> None:
    """AALL0232, consolidation day 29: four times the counts that it waits for, in a narrow column."""
    days = sections(make(shipped("aall0232-hr"), "roadmap"), "Days")[1]
    told = [line for line in text_of(days).split("\n") if "an estimate: Day 29 waits for" in line]
    first = next(line for line in told if line.startswith("Cyclophosphamide"))
    assert first.startswith("Cyclophosphamide, Cytarabine, Mercaptopurine: an estimate: Day 29 waits for ANC")
    (row,) = (
        row
        for part in days.parts
        for row in part.rows
        if any(line.text == first for c in row.cells for line in c.lines)
    )
    assert sum("an estimate" in line.text for line in row.cells[-1].lines) == 1


def test_rules_that_lack_the_same_stand_behind_it_once() -> None:
    """E1910: "dose (VC-11); dose (AC-05); dose (AN-10); dose (VC-06)"."""
    plan = add_protocol(new_plan("p", PATIENT), library().protocols["e1910"], BlockStart(on=date(2026, 3, 2)))
    sheet = day_sheet(evaluate(plan, library()), job(wish=Wish(date(2026, 3, 9), date(2026, 3, 9))))
    (lacking,) = (line.text for line in lines_of(sheet) if line.text.startswith("CANNOT CHECK"))
    assert lacking.count("dose (") == 1
    assert "dose (VC-11, AN-10, VC-06, VC-07" in lacking


def test_the_day_sheet_names_the_cap_that_a_dose_was_cut_to() -> None:
    """ "2 mg" above "1.4 mg/m2" of 1.8 m2 looked like an error."""
    sheet = day_sheet(shipped("phallcon"), job(wish=Wish(date(2026, 3, 2), date(2026, 3, 2))))
    assert "1.4 mg/m2, cap 2 mg" in [line.text.replace("\u00a0", " ") for line in lines_of(sheet)]


@pytest.mark.parametrize(("choice", "dose", "cap"), [("none", "4,938 units", False), ("one-vial", "3,750 units", True)])
def test_a_cap_is_named_only_where_it_holds(choice: str, dose: str, cap: bool) -> None:
    """CALGB 10403 without a cap for pegaspargase: "2,500 units/m2, cap 3,750 units" stood beside 4,938 units."""
    tall = replace(PATIENT, measurements=(Measurement(date(2026, 1, 1), Decimal(180), Decimal(78)),))
    shelved = library().protocols["calgb-10403"]
    plan = add_protocol(new_plan("p", tall), shelved, BlockStart(on=date(2026, 3, 2)), {"pegaspargase-cap": choice})
    evaluated = evaluate(plan, replace(library(), rules=()))
    told = "2,500 units/m2, cap 3,750 units" if cap else "2,500 units/m2"
    day = date(2026, 3, 5)
    for sheet in (day_sheet(evaluated, job(wish=Wish(day, day))), make(evaluated, "roadmap")):
        texts = [line.text.replace("\u00a0", " ") for line in lines_of(sheet)]
        assert told in texts
        assert dose in texts
        assert cap or not any("cap 3,750" in text for text in texts)


def test_a_condition_that_holds_stands_with_its_block_and_not_in_the_course() -> None:
    """AALL0232 with every question answered: the table of the course needed a second page for the conditions."""
    evaluated = shipped("calgb-10403")
    blocks = [
        replace(one, reasons=("on the plan if age below 40 years",), provisional=number == 1)
        for number, one in enumerate(evaluated.schedule.blocks[:2])
    ]
    sheet = make(replace(evaluated, schedule=Schedule((), tuple(blocks), ())), "roadmap")
    (course,) = sections(sheet, "The course")
    assert text_of(course).count("on the plan if age below 40 years") == 1
    for block in blocks:
        assert "on the plan if age below 40 years" in text_of(sections(sheet, block.title)[0])


def test_counters_add_what_is_known_and_only_what_goes_by_surface_by_surface() -> None:
    """ "12 mg (6.62 mg/m2)" stood beside intrathecal doses, "not known" beside five known ones."""
    sheet = make(shipped("aall1731"), "roadmap")
    told = {row[0]: row for section in sections(sheet, "Counters, as planned") for row in rows_of(section)}
    assert told["Methotrexate, INTRATHECAL"][-1].endswith(" mg")
    assert told["Methotrexate, intravenous"][-1] == "1,813 mg and 5 doses not known"
    assert told["Cyclophosphamide, intravenous"][-1] == "1,813 mg (1,000 mg/m2)"


def test_counters_have_cells_last() -> None:
    (counted,) = sections(make(shipped("hsct-bu-cy"), "roadmap"), "Counters, as planned")
    assert [row[0] for row in rows_of(counted)][-1] == "Haematopoietic stem cells, intravenous"


def test_a_continuous_infusion_is_counted_and_told_by_the_day() -> None:
    """ "Blinatumomab 28 mcg" was a single dose, of which a cycle had 28."""
    sheet = make(shipped("blinatumomab-mrd"), "roadmap")
    (counted, *_) = (row for one in sections(sheet, "Counters, as planned") for row in rows_of(one))
    assert counted[:3] == ["Blinatumomab, intravenous", "28 days", "784 mcg"]
    (told, *_) = (row for one in sections(sheet, "Dose arithmetic") for row in rows_of(one) if row[0] == counted[0])
    assert told[1] == "28 mcg a day"


def test_the_arithmetic_of_a_drug_stands_together() -> None:
    """AALL1731: the intrathecal dose stood among the steps of intravenous methotrexate."""
    for section in sections(make(shipped("aall1731"), "roadmap"), "Dose arithmetic"):
        names = [row[0] for row in rows_of(section)]
        assert [name for name, _ in groupby(names)] == list(dict.fromkeys(names))


def test_what_the_site_has_not_set_is_one_row() -> None:
    """Five rows in each plan said that no number is set, a third of a page above what is lacking of the patient."""
    plan = add_protocol(new_plan("p", PATIENT), library().protocols["hsct-bu-cy"], BlockStart(on=date(2026, 3, 2)))
    (section,) = sections(make(evaluate(plan, library()), "roadmap"), "Findings in this block")
    unset = [row for row in rows_of(section) if "not set by this site" in row[0]]
    assert len(unset) == 1
    for words in ("GE-16 (warning if broken): Counts at the start of a cycle", "GE-18 (advice if broken): ", "set the"):
        assert words in unset[0][1]
    assert "GE-17: Searched for, no number found: local setting (local)" in unset[0][3]
    assert not [row for row in rows_of(section) if row[1].startswith("Not checked: ")]


def test_what_has_to_begin_before_the_cells_is_told_with_the_block_it_begins_in() -> None:
    """Herpes prophylaxis from lymphodepletion on was told under the cells alone, five days later."""
    plan = add_protocol(new_plan("p", PATIENT), library().protocols["tisa-cel"], BlockStart(on=date(2026, 3, 2)))
    sheet = make(evaluate(plan, library()), "roadmap")
    early, late = sections(sheet, "Findings in this block")
    assert any("CT-33" in row[0] for row in rows_of(early))
    assert not any("CT-33" in row[0] for row in rows_of(late))
    assert "told under Lymphodepletion: " in text_of(late)
    days = rows_of(sections(sheet, "Days")[0])
    assert any("advice CT-33" in row[-1] for row in days if "02-Mar-2026" in row[0])


def test_findings_have_the_minus_of_the_tables() -> None:
    """Busulfan: "D-5" in a finding, "D−5" in the table of the same page."""
    plan = add_protocol(new_plan("p", PATIENT), library().protocols["obe-cel"], BlockStart(on=date(2026, 3, 2)))
    evaluated = evaluate(plan, library())
    texts = [line.text for kind in ("roadmap", "handover", "daysheet") for line in lines_of(make(evaluated, kind))]
    assert any("Fludarabine C1 D−6" in text for text in texts)
    assert not [text for text in texts if re.search(r"\bD-\d", text)]


def test_findings_that_differ_in_what_was_found_alone_are_one_row() -> None:
    """E1910: five rows "has no dose", each with the same advice and source below it."""
    plan = add_protocol(new_plan("p", PATIENT), library().protocols["e1910"], BlockStart(on=date(2026, 3, 2)))
    evaluated = evaluate(plan, library())
    missing = [one for one in evaluated.findings if one.rule == "ST-03"]
    sheet = make(evaluated, "roadmap")
    rows = [row for one in sections(sheet, "Findings in this block") for row in rows_of(one) if "ST-03" in row[0]]
    told = " ".join(row[1] for row in rows)
    assert len(missing) > len(rows)
    assert all(held_together(weekdays_named(one.message)) in held_together(told) for one in missing)
    assert [row[1].count("Enter the site's dose.") for row in rows] == [1] * len(rows)
    first = next(row for row in rows if "Cytarabine IT" in row[1])
    assert first[1].count("has no dose") == 5
    compared = [row for row in rows if row[2]]
    assert all(row[1].count("has no dose") == 1 for row in compared), "what was compared is of one of them"


def test_what_somebody_let_stand_stands_alone() -> None:
    plan = add_protocol(new_plan("p", PATIENT), library().protocols["e1910"], BlockStart(on=date(2026, 3, 2)))
    evaluated = evaluate(plan, library())
    first = next(one for one in evaluated.findings if one.rule == "ST-03" and "Cytarabine" in one.message)
    seen = replace(first, status=FindingStatus.ACKNOWLEDGED)
    findings = tuple(seen if one is first else one for one in evaluated.findings)
    sheet = make(replace(evaluated, findings=findings), "roadmap")
    rows = [row for one in sections(sheet, "Findings in this block") for row in rows_of(one) if "ST-03" in row[0]]
    (alone,) = (row for row in rows if "Cytarabine" in row[1])
    assert alone[0].endswith("acknowledged")
    assert alone[1].count("has no dose") == 1


def test_a_course_without_start_criteria_has_no_column_for_them() -> None:
    """E1910: "no criteria in the protocol" beside each of nine blocks, whose reasons wrapped to nine lines."""
    (with_them,) = sections(make(shipped("aall0232-hr"), "roadmap"), "The course")
    (without,) = sections(make(shipped("e1910"), "roadmap"), "The course")
    assert {len(row) for row in rows_of(with_them)} == {6}
    assert {len(row) for row in rows_of(without)} == {5}
    assert "no criteria in the protocol" in rows_of(with_them)[0]


def test_a_dose_of_a_day_says_so_in_its_row() -> None:
    """GMALL: methotrexate "2,720 mg" of 24 h stood in its row as if given at once."""
    rows = [row for one in sections(make(shipped("gmall-07-03"), "roadmap"), "Days") for row in rows_of(one)]
    (found,) = {cell for row in rows for cell in row if "2,720 mg" in cell}
    assert "2,720 mg over 24 h" in found
    assert not any("over 2 h" in cell for row in rows for cell in row), "only where its end is told the day after"


def test_sums_by_surface_are_those_that_people_reckon() -> None:
    """Nelarabine: three doses of 1,500 mg/m2, each rounded, were "4,501 mg/m2"."""
    cells = [text(cell) for row in rows(make(shipped("nelarabine-t-all"), "roadmap")) for cell in row]
    assert any("(4,500 mg/m2)" in one for one in cells)
    assert not any("4,501" in one for one in cells)


def test_a_check_of_some_doses_is_none_of_all_of_their_column() -> None:
    """E1910: "local: CHECK" over the column of dexamethasone, for the one dose that somebody had added."""
    plan = placed("blinatumomab-mrd")
    block = plan.blocks[0].id
    agent, role = "prednisone", "premedication"
    more = Addition(block, 1, "more", agent, role, "IV", (6,), "infection", dose="100 mg", timed_by="blinatumomab")
    sheet = printed_sheet(replace(plan, modifications=(more,)), "roadmap")
    days = sections(sheet, "Days")[0].parts[0]
    (column,) = (one for one in days.columns if one.heading[0].text == "Prednisone")
    assert not any("CHECK" in line.text for line in column.heading)
    cells = [row.cells[days.columns.index(column)] for row in days.rows if not row.band]
    told = [[line.text for line in cell.lines] for cell in cells if cell.lines]
    assert ["local: CHECK" in lines for lines in told] == [False, True]


def test_bags_of_cycles_that_are_not_cut_alike_have_no_list_of_days() -> None:
    """The bag days of two cycles, one of them put off, stood in one list, as those of each."""
    plan = replace(placed("blinatumomab-mrd"), bag_plans=(BagPlan("consolidation", (96, 72), (0, 3)),))
    late = Deferral("consolidation", 3, 1, 3, Scope.CYCLE, "holiday")
    for changes, told in ((), False), ((late,), True):
        studies = sections(printed_sheet(replace(plan, modifications=changes), "roadmap"), "Studies")
        words = "".join(map(text_of, studies))
        assert ("not the same in each cycle: see Days" in words) is told
