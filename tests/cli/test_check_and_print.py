"""Checking and printing from the command line."""

import io
import re

import pypdf
import pytest

PDF = b"%PDF-"

AZOLE = {"agent": "posaconazole", "start": "2026-01-10", "end": None}
RULE = """
id = "XX-01"
title = "Site: no vincristine at all"
statement = "Our site gives no vincristine to anybody."
kind = "route"
severity = "contraindicated"
status = "draft"
evidence = "local"
reference = "Local policy"
advice = "Leave it out."
valid_from = 2026-11-22

[parameters]
agents = ["vincristine"]
only = ["IM"]

[[examples]]
finds = 1
events = ["8 vincristine 2 mg IV"]

[[examples]]
finds = 0
events = ["8 methotrexate 15 mg IT"]
"""


@pytest.fixture
def course(fine, patient, tmp_path):
    path = tmp_path / "course.json"
    fine("plan", "new", "calgb-10403", "--patient", patient(), "--start", "2026-03-02", "-o", path)
    return path


@pytest.fixture
def site_rule(tmp_path):
    folder = tmp_path / "data" / "rules"
    folder.mkdir(parents=True)
    (folder / "XX-01.toml").write_text(RULE)


def test_findings_as_json_have_the_keys_of_the_contract(fine, plan):
    found = fine("check", plan, "--format", "json").json
    assert found
    keys = {"rule", "severity", "message", "dates", "orders", "source", "evidence", "inputs", "status", "fixes"}
    for one in found:
        assert keys <= one.keys()
        assert one["severity"] in ("contraindicated", "warning", "advice")
        assert one["status"] in ("open", "acknowledged", "cannot_check")
        assert isinstance(one["inputs"], dict)


def test_words_name_rule_source_and_what_was_checked(fine, plan):
    text = fine("check", plan).out
    found = fine("check", plan, "--format", "json").json
    for one in found:
        assert f" {one['rule']}: {one['message']}" in text
    told = {(one["rule"], one["severity"], one["status"], one["advice"]) for one in found}
    assert text.count("  source: ") == text.count("  rule: ") == len(told) < len(found)
    assert f"{len(found)} findings" in text.splitlines()[-1]
    assert "rules checked" in text.splitlines()[-1]


def test_open_contraindication_ends_with_1(run, course, site_rule, tmp_path):
    result = run("check", course)
    assert (result.code, result.error) == (1, "")
    assert result.out.startswith("CONTRAINDICATED XX-01: ")
    as_json = run("check", course, "--format", "json", "-o", tmp_path / "found.json")
    assert (as_json.code, as_json.raw) == (1, b"")
    assert "XX-01" in (tmp_path / "found.json").read_text(encoding="utf-8")


def test_acknowledged_contraindication_is_told_but_no_longer_stops(run, fine, course, site_rule, tmp_path):
    before = run("check", course, "--format", "json").json
    open_ones = [one for one in before if (one["severity"], one["status"]) == ("contraindicated", "open")]
    assert open_ones
    assert {one["rule"] for one in open_ones} == {"XX-01"}
    path = course
    for number, one in enumerate(open_ones):
        after = tmp_path / f"{number}.json"
        who = ("--reason", "tumour board", "--by", "Ph. One", "-o", after)
        fine("plan", "acknowledge", path, one["id"], *who)
        path = after
    result = run("check", path)
    assert result.code == 0
    assert "CONTRAINDICATED, acknowledged XX-01" in result.out
    told = fine("plan", "show", path).out
    assert re.search(r"tumour board \(Ph\. One, \d\d-[A-Z][a-z]{2}-\d{4} \d\d:\d\d UTC\)", told)


def test_rule_that_speaks_several_times_asks_which(refused, run, course, site_rule):
    several = [one for one in run("check", course, "--format", "json").json if one["rule"] == "XX-01"]
    assert len(several) > 1
    (line,) = refused("plan", "acknowledge", course, "XX-01", "--reason", "known", "--by", "Ph. One")
    assert several[0]["id"] in line


@pytest.mark.parametrize("sheet", ["roadmap", "calendar"])
@pytest.mark.parametrize(("paper", "size"), [("A4", (595, 842)), ("Letter", (612, 792))])
def test_sheet_as_a_file(fine, plan, tmp_path, sheet, paper, size):
    path = tmp_path / "sheet.pdf"
    assert fine("print", plan, "--sheet", sheet, "--paper", paper, "--lang", "en", "-o", path).raw == b""
    page = pypdf.PdfReader(path).pages[0]
    assert {round(float(page.mediabox.width)), round(float(page.mediabox.height))} == set(size)
    assert "Example, Ana" in page.extract_text()


def test_sheet_on_standard_output(fine, plan):
    for target in ((), ("-o", "-")):
        raw = fine("print", plan, "--sheet", "roadmap", *target).raw
        assert raw.startswith(PDF)
        assert pypdf.PdfReader(io.BytesIO(raw)).pages


def test_unknown_sheet_paper_and_language_are_refused(refused, plan):
    assert "roadmap" in refused("print", plan, "--sheet", "poster")[0]
    assert "--sheet" in refused("print", plan)[0]
    assert "A4" in refused("print", plan, "--sheet", "roadmap", "--paper", "A5")[0]
    assert "en" in refused("print", plan, "--sheet", "roadmap", "--lang", "tlh")[0]


def test_sheets_in_english_alone_say_so_and_days_the_wrong_way_round_are_refused(run, refused, plan, tmp_path):
    path = tmp_path / "sheet.pdf"
    assert (
        "Supply sheet exists in English alone"
        in run("print", plan, "--sheet", "supply", "--lang", "es", "-o", path).error
    )
    assert "English alone" not in run("print", plan, "--sheet", "calendar", "--lang", "es", "-o", path).error
    days = "--from", "2026-12-31", "--until", "2026-12-01"
    assert "--until: 2026-12-01 lies before --from 2026-12-31" in refused("print", plan, "--sheet", "supply", *days)[0]


def test_name_that_cannot_be_printed_is_refused_and_leaves_no_file(refused, fine, patient, tmp_path):
    name = {"family": "\u674e", "given": "Ana"}
    fine("plan", "new", "d-alba", "--patient", patient(name=name), "--start", "2026-03-02", "-o", "plan.json")
    refused("print", "plan.json", "--sheet", "roadmap", "-o", tmp_path / "sheet.pdf")
    assert not (tmp_path / "sheet.pdf").exists()


def test_a_fix_is_offered_and_done(fine, course, run, tmp_path):
    both = tmp_path / "both.json"
    fine("plan", "add", course, "leukapheresis", "--start", "2026-03-20", "-o", both)
    finding = next(one for one in run("check", both, "--format", "json").json if one["fixes"])
    fixed = tmp_path / "fixed.json"
    fine("fix", both, finding["id"], finding["fixes"][0]["id"], "-o", fixed)
    assert finding["id"] not in {one["id"] for one in run("check", fixed, "--format", "json").json}
    assert f"fix {finding['fixes'][0]['id']}: {finding['fixes'][0]['title']}" in run("check", both).out


def test_a_fix_that_is_not_offered_is_refused(refused, plan):
    (line,) = refused("fix", plan, "XX-99", "move-block:a:+1")
    assert "the plan has no finding XX-99" in line


def test_a_plan_is_repaired_as_a_whole(fine, patient, refused, tmp_path):
    plan, both, repaired = (tmp_path / f"{name}.json" for name in ("one", "both", "repaired"))
    fine("plan", "new", "pomp", "--patient", patient(), "--start", "2026-03-02", "-o", plan)
    fine("plan", "add", plan, "hyper-cvad", "--start", "2027-02-20", "-o", both)
    assert "moved:" in fine("repair", both, "--preview").out
    fine("repair", both, "-o", repaired)
    assert "nothing" not in fine("plan", "diff", both, repaired).out
    (line,) = refused("repair", repaired)
    assert "no block has to move" in line
    told = fine("repair", repaired, "--preview").out  # to ask is no mistake
    assert told == "no block has to move for a hard interval between blocks; open all the same: MT-13\n"


def test_what_no_repair_ends_is_named(fine, patient, tmp_path):
    """The second obe-cel dose behind its last day: "every hard interval is kept" read as if all were well."""
    plan, late = tmp_path / "one.json", tmp_path / "late.json"
    fine("plan", "new", "obe-cel", "--patient", patient(), "--start", "2026-03-02", "-o", plan)
    days = ("--block", "second-dose", "--day", "10", "--days", "60", "--scope", "all", "--reason", "toxicity")
    fine("plan", "defer", plan, *days, "-o", late)
    told = fine("repair", late, "--preview").out
    assert told.startswith("no block has to move for a hard interval between blocks; open all the same: ")
    assert "CT-04" in told
