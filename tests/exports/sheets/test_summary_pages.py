"""The treatment summary holds on two pages, and tells what is on hold or not entered from what is planned."""

import re
from datetime import date

import pytest
from msgspec.structs import replace

from planner.exports.pdf.writer import write_pdf
from planner.exports.sheets.sheet import Sheet, Table
from planner.model.plan import BlockStart, Hold, Scope
from planner.paths import resources
from planner.services.evaluation import evaluate
from planner.services.printing import BUILDERS
from planner.services.telling.totals import totals
from planner.services.verbs.pausing import hold
from planner.services.verbs.placing import add_protocol, new_plan
from tests.courses import PATIENT
from tests.exports.papers import SITE, job, library, make, page_texts, printed, shipped, words_of

LONGEST = ("mini-hyper-cvd-inotuzumab", "hyper-cvad-blinatumomab", "hyper-cvad", "calgb-10403", "e1910")


def rows(sheet: Sheet) -> dict[str, list[str]]:
    tables = [part for section in sheet.sections for part in section.parts if isinstance(part, Table)]
    return {words_of(row.cells[0]): [words_of(cell) for cell in row.cells[1:]] for one in tables for row in one.rows}


@pytest.mark.parametrize("paper", ["A4", "Letter"])
@pytest.mark.parametrize("protocol", LONGEST)
def test_the_summary_of_the_longest_courses_has_two_pages_at_most(protocol: str, paper: str) -> None:
    plan = add_protocol(new_plan("p", PATIENT), library().protocols[protocol], BlockStart(on=date(2026, 3, 2)))
    evaluated = evaluate(plan, library(), SITE)
    sheet = BUILDERS["summary"](evaluated, job(totals=totals(evaluated, library(), resources(), SITE)))
    pages = page_texts(write_pdf(sheet, paper))
    assert len(pages) <= 2
    assert "Checked by another" in pages[-1]


@pytest.mark.parametrize("protocol", sorted(library().protocols))
def test_no_page_of_a_summary_is_only_to_write_on(protocol: str) -> None:
    """PhALLCON: what was still to be written in stood alone on a second page."""
    *_, last = page_texts(printed(shipped(protocol), "summary"))
    assert re.search("Patient and course|Anticancer drugs|Sums over|Changes, responses", last)


def test_what_is_on_hold_is_not_counted_as_planned() -> None:
    """Ponatinib on hold from cycle 3 on: the drugs said "568 planned", the sums below them 40 days."""
    before = shipped("phallcon")
    change = Hold("induction", 3, 5, "toxicity", grade=3, order="ponatinib", scope=Scope.ALL)
    held = evaluate(hold(before.plan, before.schedule, change), replace(library(), rules=()))
    told = rows(make(held, "summary"))["Ponatinib, by mouth"]
    assert told[0].startswith("0 given, 0 left out, 60 planned, ")
    assert told[0].endswith(" on hold")
    assert told[2] == "1,800 mg"
    assert "on hold" not in rows(make(before, "summary"))["Ponatinib, by mouth"][0]


def test_a_block_whose_drugs_are_to_be_entered_plans_nothing_yet() -> None:
    """E1910, induction 2: "0 planned" and "no anticancer dose in the plan" read as a block without treatment."""
    told = rows(make(shipped("e1910"), "summary"))
    assert told["Induction 2"][-1] == "doses still to be entered"
    (after,) = (rows(make(shipped("ptcy-gvhd"), "summary")).values(),)
    assert not any("still to be entered" in cells[-1] for cells in after)


def test_cells_and_radiotherapy_are_no_anticancer_doses() -> None:
    """A graft and four days of radiation stood among "7 anticancer doses" of conditioning."""
    sheet = make(shipped("hsct-cy-tbi"), "summary")
    tables = {
        section.title: [
            words_of(row.cells[0]) for part in section.parts if isinstance(part, Table) for row in part.rows
        ]
        for section in sheet.sections
    }
    assert tables["Anticancer drugs: given of planned"] == ["Cyclophosphamide, intravenous"]
    assert tables["Cells and radiotherapy: given of planned"] == [
        "Total body irradiation, radiation",
        "Haematopoietic stem cells, intravenous",
    ]
    assert rows(sheet)["Conditioning"][-1] == " ".join(
        f"{kind}0 given, 0 left out, {count} planned"
        for kind, count in (("", 2), ("radiotherapy: ", 4), ("cells: ", 1))
    )
    assert rows(make(shipped("brexu-cel"), "summary"))["Brexu-cel"][-1] == "cells: 0 given, 0 left out, 1 planned"


def test_one_dose_to_be_entered_does_not_hide_the_sum_of_the_others() -> None:
    """AALL1731: ten doses of methotrexate were "not known", of which five are 1,813 mg."""
    told = rows(make(shipped("aall1731"), "summary"))
    assert told["Methotrexate, intravenous"][-1] == "1,813 mg and 5 doses not known"
    assert rows(make(shipped("hsct-bu-cy"), "summary"))["Haematopoietic stem cells, intravenous"][1:] == [
        "none",
        "1 dose not known",
    ]


def test_a_sum_has_the_sites_word_for_mcg() -> None:
    site = replace(SITE, micrograms="micrograms")
    assert rows(make(shipped("blinatumomab-rr"), "summary", site))["Blinatumomab, intravenous"][-1].endswith(
        " micrograms"
    )


def test_what_hangs_on_an_answer_is_told_in_the_numbers() -> None:
    """Rituximab, only if CD20 is positive, was "8 planned"; intrathecal doses of exclusive alternatives were added."""
    told = rows(make(shipped("hyper-cvad-ponatinib"), "summary"))
    assert told["Rituximab, intravenous"][0] == "0 given, 0 left out, 8 planned, all provisional"
    assert told["Cytarabine, intravenous"][0] == "0 given, 0 left out, 16 planned"
    assert told["Ponatinib, by mouth"][0].endswith(" 917 planned, of 903 only the dose is provisional")
    assert told["Part A 1"][-1] == "0 given, 0 left out, 35 planned, of these 2 provisional"
    told = rows(make(shipped("aall0232-hr"), "summary"))
    doses, _, total = told["Methotrexate, INTRATHECAL"]
    assert doses == (
        "0 given, 0 left out, 25 planned, of these 23 provisional; in all at most 23, whatever the CNS status"
    )
    assert total == "at most 345 mg"
    assert told["Maintenance (provisional)"][-1].endswith(" planned"), "its name says that all are provisional"


def test_the_counters_of_a_block_tell_what_hangs_on_an_answer() -> None:
    """AALL0232, consolidation: 8 intrathecal doses up to its end, of which two and two exclude each other."""
    sheet = make(shipped("aall0232-hr"), "roadmap")
    found = [
        [words_of(cell) for cell in row.cells]
        for section in sheet.sections
        if section.title == "Counters, as planned"
        for part in section.parts
        for row in part.rows
        if words_of(row.cells[0]) == "Methotrexate, INTRATHECAL"
    ]
    assert found[0][1:] == ["4, of these 2 provisional", "60 mg"] * 2
    assert found[1][1:] == [
        "4, all provisional",
        "60 mg",
        "8, of these 6 provisional; in all at most 6, whatever the CNS status",
        "at most 90 mg",
    ]


def test_the_summary_says_what_nobody_confirmed_and_that_a_block_has_no_end() -> None:
    """POMP: 20 mg/m2 of methotrexate, unverified; ponatinib "last day 25-Jul-2032" of a block that goes on."""
    assert rows(make(shipped("pomp"), "summary"))["Methotrexate, by mouth"][0].endswith(" planned unverified: CHECK")
    for kind, place in (("summary", 2), ("roadmap", 1), ("glance", 2)):
        sheet = make(shipped("d-alba"), kind)
        tables = [part for section in sheet.sections for part in section.parts if isinstance(part, Table)]
        found = [[words_of(cell) for cell in row.cells] for one in tables for row in one.rows]
        (last,) = {row[place + 1] for row in found if len(row) > 3 and "goes on, no end planned" in row[place + 1]}
        assert last.startswith("Sun ") or last[3] == " "


def test_days_of_an_infusion_are_no_doses() -> None:
    """Mini-hyper-CVD: blinatumomab "224 planned" under "Doses", which the roadmap calls 224 days."""
    told = rows(make(shipped("mini-hyper-cvd-inotuzumab"), "summary"))
    assert told["Blinatumomab, intravenous"][0].startswith("0 days given, 0 left out, 224 planned")
    assert told["Vincristine, intravenous"][0].endswith(" planned")
    assert "days" not in told["Vincristine, intravenous"][0]
