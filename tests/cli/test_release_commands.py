"""`plan confirm`, `sign`, `issue` and `stage`, and what the sheets then say."""

import json
import re
from io import BytesIO

import pypdf
import pytest


@pytest.fixture
def confirmed(fine, patient, tmp_path):
    """A blinatumomab plan in which every open item was confirmed."""
    path = tmp_path / "mrd.json"
    words = ("--patient", patient(prior_exposures=[], co_medications=[]), "--start", "2026-03-02", "-o", path)
    fine("plan", "new", "blinatumomab-mrd", *words)
    while item := re.search(r"to confirm: (\S+):", fine("plan", "stage", path).out):
        fine("plan", "confirm", path, item[1], "--by", "Ana", "-o", path)
    return path


def first_page(pdf):
    return pypdf.PdfReader(BytesIO(pdf.read_bytes())).pages[0].extract_text().replace("\n", " ").replace("\u00a0", " ")


def test_a_plan_is_signed_issued_and_changed(fine, run, refused, confirmed, tmp_path):
    fine("plan", "sign", confirmed, "--as", "prepared", "--by", "Ana", "-o", confirmed)
    assert "another person" in refused("plan", "sign", confirmed, "--as", "verified", "--by", "ana")[0]
    fine("plan", "sign", confirmed, "--as", "verified", "--by", "Ben", "-o", confirmed)
    fine("plan", "issue", confirmed, "--sheet", "roadmap", "--by", "Ben", "--copies", "2", "-o", confirmed)
    sheet = tmp_path / "roadmap.pdf"
    fine("print", confirmed, "--sheet", "roadmap", "-o", sheet)
    text = first_page(sheet)
    assert "Issue 1 of" in text
    assert "DRAFT" not in text
    assert re.search(r"Prepared by Ana, \d\d-\w{3}-\d{4}.*Verified by Ben, \d\d-\w{3}-\d{4}", text)
    assert "roadmap, issue 1, version" in fine("plan", "stage", confirmed).out
    moved = ("--days", 1, "--scope", "following", "--reason", "counts")
    fine("plan", "defer", confirmed, "--block", "induction", *moved, "-o", confirmed)
    stage = fine("plan", "stage", confirmed).out
    assert ": draft\n" in stage
    assert "out of date: roadmap, issue 1" in stage
    told = run("print", confirmed, "--sheet", "roadmap", "-o", sheet).error
    assert "changes since issue 1 are not marked" in told, "a file keeps no earlier version"
    text = first_page(sheet)
    assert "Working copy, not issued. Issue 1 of" in text
    assert "DRAFT because • this version was not verified by a second person" in text


def test_a_patients_sheet_is_not_issued_without_a_phone_number(fine, refused, confirmed):
    fine("plan", "sign", confirmed, "--as", "prepared", "--by", "Ana", "-o", confirmed)
    fine("plan", "sign", confirmed, "--as", "verified", "--by", "Ben", "-o", confirmed)
    lines = refused("plan", "issue", confirmed, "--sheet", "calendar", "--by", "Ben")
    assert "24-hour phone number" in lines[0]


def test_what_is_not_open_cannot_be_confirmed(refused, plan):
    told = refused("plan", "confirm", plan, "nonsense", "--by", "Ana")[0]
    assert "no open item is named nonsense; it has " in told
    assert "/" in told


def test_a_reissue_marks_its_changes_and_the_old_copy_says_that_it_is_superseded(fine, refused, confirmed, tmp_path):
    plan_id = json.loads(confirmed.read_text())["plan"]["id"]
    stored, sheet = f"store:{plan_id}", tmp_path / "roadmap.pdf"

    def hand_out():
        fine("plan", "sign", stored, "--as", "prepared", "--by", "Ana", "-o", stored)
        fine("plan", "sign", stored, "--as", "verified", "--by", "Ben", "-o", stored)
        fine("plan", "issue", stored, "--sheet", "roadmap", "--by", "Ben", "-o", stored)

    fine("store", "import", confirmed)
    hand_out()
    fine("print", stored, "--sheet", "roadmap", "-o", sheet)
    assert "Changes since" not in first_page(sheet)
    moved = ("--days", 1, "--scope", "following", "--reason", "counts")
    fine("print", stored, "--revision", 1, "--sheet", "roadmap", "-o", sheet)
    assert "SUPERSEDED" not in first_page(sheet), "signing changes nothing of the plan"
    fine("plan", "defer", stored, "--block", "induction", *moved, "-o", stored)
    fine("print", stored, "--revision", 4, "--sheet", "roadmap", "-o", sheet)
    assert re.search(r"Issue 1 of \d\d-\w{3}-\d{4}. SUPERSEDED, the plan was changed since", first_page(sheet))
    hand_out()
    fine("print", stored, "--sheet", "roadmap", "-o", sheet)
    text = first_page(sheet)
    assert "Changes since the issue before" in text
    assert "Issue 2 of" in text
    assert "SUPERSEDED" not in text
    fine("print", stored, "--revision", 4, "--sheet", "roadmap", "-o", sheet)
    assert re.search(r"Issue 1 of \d\d-\w{3}-\d{4}, SUPERSEDED by issue 2 of", first_page(sheet))
    assert "is a file" in refused("print", confirmed, "--revision", 1, "--sheet", "roadmap", "-o", sheet)[0]


def test_an_item_without_a_dose_says_from_when(fine, patient, tmp_path):
    path = tmp_path / "alba.json"
    fine("plan", "new", "d-alba", "--patient", patient(), "--start", "2026-03-02", "-o", path)
    assert re.search(
        r"to confirm: \S+: .*: no dose yet from \d\d-[A-Z][a-z]{2}-2026\n", fine("plan", "stage", path).out
    )
