"""The demo: the same files on every machine, marked DEMO, with something to find."""

import csv
import json
import shlex
from pathlib import Path

import pypdf
import pytest

from tests.exports.papers import page_texts

ROOT = Path(__file__).parents[2]
FILES = ["plan.json", "schedule.csv", "findings.json", "roadmap.pdf", "calendar.pdf"]
FILES += ["daysheet.pdf", "bags.pdf", "supply.pdf", "glance.pdf", "handover.pdf", "summary.pdf"]


@pytest.fixture
def demo(fine, tmp_path):
    folder = tmp_path / "new" / "demo-out"
    said = fine("demo", "--out", folder).out.splitlines()
    assert said == [str(folder / name) for name in FILES]
    return folder


def test_five_files(demo):
    assert sorted(path.name for path in demo.iterdir()) == sorted(FILES)


def test_every_page_says_demo_and_who_and_that_it_may_change(demo):
    for sheet in ("roadmap", "calendar"):
        for text in page_texts((demo / f"{sheet}.pdf").read_bytes()):
            assert "DEMO" in text
            assert "Demo, Ana" in text
            assert "may change" in text


def test_paper_is_chosen(fine, tmp_path):
    fine("demo", "--out", tmp_path / "us", "--paper", "Letter")
    page = pypdf.PdfReader(tmp_path / "us" / "roadmap.pdf").pages[0]
    assert {float(page.mediabox.width), float(page.mediabox.height)} == {612.0, 792.0}


def test_demo_shows_a_finding_an_open_decision_and_a_change(demo, fine):
    findings = {one["rule"]: one for one in json.loads((demo / "findings.json").read_text(encoding="utf-8"))}
    assert findings["TK-05"]["status"] == "open"
    assert findings["TK-05"]["dates"][0] == "2026-10-05"
    shown = fine("plan", "show", demo / "plan.json", "--json").json
    assert shown["demo"] is True
    assert [one["choice"] for one in shown["decisions"]] == ["chr", None]
    assert shown["modifications"]


def test_plan_of_the_demo_is_a_plan_file_like_any_other(demo, fine):
    assert fine("schedule", demo / "plan.json").raw == (demo / "schedule.csv").read_bytes()
    assert (
        json.loads((demo / "findings.json").read_text()) == fine("check", demo / "plan.json", "--format", "json").json
    )


def test_changes_of_the_demo_are_such_as_an_edit_allows(demo, fine, tmp_path):
    """The shipped deferral would also be accepted by hand."""
    plan = json.loads((demo / "plan.json").read_text(encoding="utf-8"))["plan"]
    (made,) = plan["modifications"]
    undone = tmp_path / "undone.json"
    again = tmp_path / "again.json"
    back = ["--block", made["block"], "--cycle", made["cycle"], "--day", made["day"], "--scope", made["scope"]]
    fine("plan", "defer", demo / "plan.json", *back, "--days", -made["days"], "--reason", "other", "-o", undone)
    fine("plan", "defer", undone, *back, "--days", made["days"], "--reason", made["reason"], "-o", again)
    assert fine("plan", "diff", demo / "plan.json", again).out == "no difference\n"


def test_rows_have_the_columns_of_the_contract(demo):
    header = (
        "date,time,end_date,end_time,block,cycle,cycle_day,kind,role,agent,protocol_dose,dose,unit,route,duration_h,"
        "status,evidence,order_id,note"
    )
    with (demo / "schedule.csv").open(encoding="utf-8", newline="") as stream:
        assert ",".join(next(csv.reader(stream))[:19]) == header


def test_demo_over_an_older_one(demo, fine):
    (demo / "plan.json").write_text("old")
    (demo / "mine.txt").write_text("kept")
    fine("demo", "--out", demo)
    assert "regimap-plan" in (demo / "plan.json").read_text(encoding="utf-8")
    assert (demo / "mine.txt").read_text() == "kept"


def test_the_example_of_the_readme_can_be_followed_and_is_no_course_against_its_own_protocol(fine):
    """It placed CALGB 10403 (to 39 years, no Philadelphia chromosome) on a Ph+ patient of 55."""
    text = (ROOT / "README.md").read_text("utf-8").split("The same without a window")[1].split("```")[1]
    lines = [shlex.split(line, comments=True)[1:] for line in text.split("\n") if line.startswith("regimap")]
    kept = {"new", "defer", "diff", "schedule", "check"}
    for line in lines:
        if kept.intersection(line[:2]):
            fine(*(str(ROOT / word) if word.startswith("resources/") else word for word in line))
    found = json.loads(Path("findings.json").read_text("utf-8"))
    assert found
    assert "ST-09" not in {one["rule"] for one in found}
