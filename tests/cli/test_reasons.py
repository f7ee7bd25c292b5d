"""Reasons of changes of the course by command line: offered, kept, shown; nothing asks for one that did not before."""

from datetime import date

import pytest

from planner.storage.plan_codec import decode

CODES = "toxicity, patient choice, capacity, holiday, counts, infection, other"
WHY = ("--reason", "toxicity", "--grade", "2", "--note", "fever at home")
EDITS = {
    "move": ("move", "--block", "blinatumomab", "--days", "7"),
    "start": ("move", "--block", "induction", "--start", "2026-03-16"),
    "hang": ("move", "--block", "blinatumomab", "--after", "pre-phase", "--gap", "90"),
    "add": ("add", "pomp", "--after", "tki-maintenance"),
    "remove": ("remove", "--block", "tki-maintenance"),
    "measure": ("measure", "--height", "168", "--weight", "69", "--on", "2026-03-01"),
    "result": ("result", "creatinine", "--value", "0.9", "--unit", "mg/dL", "--on", "2026-03-01"),
    "marker": ("marker", "cd20=positive"),
    "medicine": ("medicine", "fluconazole", "--start", "2026-03-05"),
}


@pytest.fixture(autouse=True)
def in_april(monkeypatch):
    for module in ("plan_patient", "plan_records"):
        monkeypatch.setattr(f"planner.cli.{module}.today", lambda: date(2026, 4, 1))


def read(path):
    return decode(path.read_text("utf-8"), "plan.json")


def edit(name, plan, *more):
    verb, *rest = EDITS[name]
    return ("plan", verb, plan, *rest, *more)


@pytest.mark.parametrize("name", EDITS)
def test_each_keeps_its_reason_grade_and_note_and_works_without(run, plan, tmp_path, name):
    bare, told = tmp_path / "bare.json", tmp_path / "told.json"
    assert run(*edit(name, plan, "-o", bare)).code == 0
    assert read(bare).course_changes == ()
    assert run(*edit(name, plan, *WHY, "-o", told)).code == 0
    (kept,) = read(told).course_changes
    assert (kept.reason, kept.grade, kept.note) == ("toxicity", 2, "fever at home")


@pytest.mark.parametrize("name", EDITS)
def test_the_difference_and_the_plan_show_it(run, fine, plan, tmp_path, name):
    told = tmp_path / "told.json"
    run(*edit(name, plan, *WHY, "-o", told))
    (line,) = [one for one in fine("plan", "diff", plan, told).out.splitlines() if "fever at home" in one]
    assert line.endswith("(toxicity grade 2, fever at home)")
    shown = fine("plan", "show", told).out
    assert f"Changes of the course\n  {line}\n" in shown
    (kept,) = fine("plan", "show", told, "--json").json["course_changes"]
    assert (kept["reason"], kept["grade"], kept["note"]) == ("toxicity", 2, "fever at home")


def test_a_new_plan_may_say_why_too(fine, patient, tmp_path):
    path = tmp_path / "new.json"
    fine("plan", "new", "d-alba", "--patient", patient(), "--start", "2026-03-02", "--reason", "other", "-o", path)
    (kept,) = read(path).course_changes
    assert (kept.block, kept.title, kept.was) == ("pre-phase", "Steroid pre-phase – Kinase inhibitor", None)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--reason", "bed"), f'"bed" is not a coded reason; use one of {CODES}'),
        (("--reason", "counts", "--grade", "9"), "grade 9 does not exist; grades are 1 to 5"),
        (("--note", "no bed"), f"--note and --grade belong to a reason: say --reason, one of {CODES}"),
        (("--grade", "2"), f"--note and --grade belong to a reason: say --reason, one of {CODES}"),
    ],
)
def test_what_is_no_reason_is_refused_with_those_there_are(refused, plan, tmp_path, more, said):
    assert said in refused(*edit("move", plan, *more, "-o", tmp_path / "after.json"))[0]


def test_the_history_names_the_reason_beside_the_edit(run, plan):
    run("store", "import", plan)
    run(
        "plan", "move", "store:plan-1", "--block", "blinatumomab", "--days", "7", "--reason", "capacity", "-o", "store:"
    )
    assert run("store", "history", "plan-1").out.splitlines()[-1].endswith("Move blinatumomab by +7 days (capacity)")


def test_a_dose_given_in_part_and_an_entered_one_keep_the_grade(run, fine, plan, tmp_path):
    part = tmp_path / "part.json"
    place = ("--block", "pre-phase", "--day", "-7", "--order", "corticosteroid")
    asked = ("plan", "given", plan, *place, "--status", "not-given", *WHY, "--by", "Ph. One", "-o", part)
    assert run(*asked).code == 0
    record = read(part).given[-1]
    assert (record.reason, record.grade, record.note) == ("toxicity", 2, "fever at home")
    told = "not given on Mon 02-Mar-2026: toxicity grade 2, fever at home (Ph. One)"
    assert told in fine("plan", "show", part).out
    assert told in fine("plan", "diff", plan, part).out


def test_a_fix_and_a_repair_say_what_they_moved_a_block_for(run, fine, plan, tmp_path):
    early, fixed = tmp_path / "early.json", tmp_path / "fixed.json"
    fine("plan", "add", plan, "inotuzumab-rr", "--start", "2026-09-01", "-o", early)
    fine("plan", "add", early, "hsct-cy-tbi", "--start", "2026-10-20", "-o", early)
    moving = [
        (finding["rule"], finding["id"] if "id" in finding else finding["rule"], fix["id"])
        for finding in run("check", early, "--format", "json").json
        for fix in finding["fixes"]
        if fix["id"].startswith("move-block")
    ]
    assert moving
    rule, finding, fix = moving[0]
    assert run("fix", early, finding, fix, "-o", fixed).code == 0
    assert {(one.reason, one.note) for one in read(fixed).course_changes} == {("other", rule)}
