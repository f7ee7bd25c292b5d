"""Plans in the store, from the command line."""

import json
import re
from pathlib import Path

import pytest

from planner.services.store.protection import unlock
from planner.storage import database
from tests.exports.papers import page_texts


@pytest.fixture
def kept(fine, patient):
    fine(
        "plan", "new", "d-alba", "--patient", patient(), "--start", "2026-03-02", "--id", "plan-1", "--by", "Ph. One",
        "-o", "store:plan-1",
    )  # fmt: skip
    return "store:plan-1"


DEFER = ("--block", "blinatumomab", "--days", "7", "--scope", "following", "--reason", "counts")


def test_plan_in_the_store_is_used_like_a_file(fine, kept, tmp_path):
    fine("store", "export", "plan-1", "-o", "plan.json")
    assert fine("schedule", kept).raw == fine("schedule", "plan.json").raw
    assert fine("store", "export", "plan-1").raw == (tmp_path / "plan.json").read_bytes()


def test_every_edit_is_a_revision(fine, kept):
    fine("plan", "defer", kept, *DEFER, "--by", "Ph. Two", "-o", kept)
    lines = fine("store", "history", "plan-1").out.splitlines()
    assert [line.split(" ", 2)[2] for line in lines] == [
        "Ph. One: New plan: d-alba",
        "Ph. Two: Defer blinatumomab C1 D1 by +7 days (counts)",
    ]
    fine("store", "export", "plan-1", "--revision", "1", "-o", "first.json")
    assert "moved: " in fine("plan", "diff", "first.json", kept).out
    assert [one["counter"] for one in fine("store", "history", "plan-1", "--json").json] == [1, 2]
    fine("store", "export", "plan-1")
    assert [one["counter"] for one in fine("store", "trail", "--format", "json").json] == [1, 2, 1, 2]


def test_list_and_search(fine, kept, patient):
    name = {"family": "M\u00fcller", "given": "Ben"}
    new = ("plan", "new", "calgb-10403", "--patient", patient(id="00124", name=name), "--start", "2026-03-02")
    fine(*new, "--id", "plan-2", "-o", "store:")
    assert [one["plan_id"] for one in fine("store", "list", "--json").json] == ["plan-2", "plan-1"]
    (line,) = fine("store", "list", "muller", "calgb").out.splitlines()
    assert line.startswith("plan-2: M\u00fcller, Ben (00124), calgb-10403, saved ")
    assert re.search(r", saved \d\d-[A-Z][a-z][a-z]-2\d\d\d \d\d:\d\d$", line)


def test_new_plan_never_goes_over_one_that_is_there(refused, fine, kept, patient):
    new = ("plan", "new", "d-alba", "--patient", patient(), "--start", "2027-03-02", "--id", "plan-1", "-o", kept)
    assert "somebody else" in refused(*new)[0]
    assert len(fine("store", "history", "plan-1").out.splitlines()) == 1


def test_import_never_goes_over_one_that_is_there(refused, fine, kept, plan):
    assert "already" in refused("store", "import", plan)[0]
    text = fine("store", "export", "plan-1", "-o", "copy.json")
    assert text.raw == b""


def test_import_takes_a_file(fine, plan):
    assert fine("store", "import", plan).out == "plan-1\n"
    assert fine("schedule", "store:plan-1").raw == fine("schedule", plan).raw


def test_edit_goes_only_under_its_own_id(refused, kept):
    (line,) = refused("plan", "defer", kept, *DEFER, "-o", "store:other")
    assert "store:plan-1" in line


def test_a_new_plan_into_the_store_under_an_id_says_how_that_is_written(refused, fine, patient):
    """It named an id to write that was another one at the next call."""
    new = ("plan", "new", "pomp", "--patient", patient(), "--start", "2026-03-02", "-o", "store:mine")
    (line,) = refused(*new)
    assert line.endswith("write -o store: and it is told, or --id mine besides")
    fine(*new, "--id", "mine")


def test_looking_makes_no_store_where_there_is_none(run, refused, tmp_path):
    """A drive that is not connected must not look like a store without plans."""
    listed = run("store", "list")
    assert (listed.code, listed.out) == (0, "")
    assert "there are no saved plans here" in listed.error
    for command in (["verify"], ["history", "p1"], ["export", "--patients"], ["trail"], ["backup"], ["void"]):
        assert "not connected" in refused("store", *command)[0]
    assert "not connected" in refused("schedule", "store:p1")[0]
    assert not (tmp_path / "data" / "plans.db").exists()


def test_plan_that_is_not_in_the_store(fine, refused):
    fine("store", "init", "--no-passphrase")
    about = (["store", name, "nix"] for name in ("history", "export", "trail"))
    for command in (["schedule", "store:nix"], *about):
        assert "no plan nix" in refused(*command)[0]


def test_init_and_verify(fine, run, tmp_path):
    made = run("store", "init")
    assert (made.code, made.out) == (0, f"{tmp_path / 'data'}\n")
    assert "set a passphrase" in made.error
    assert (tmp_path / "data" / "plans.db").exists()
    assert fine("store", "verify").out.startswith("0 plans")


def test_damage_ends_with_3_and_names_the_plan(run, kept, tmp_path):
    with database.connect(tmp_path / "data" / "plans.db", "rw", unlock(tmp_path / "data")) as raw:
        raw.execute("DROP TRIGGER act_unchanged")
        raw.execute("UPDATE act SET body = replace(body, '70.4', '7.04')")
        raw.commit()
    for command in (["store", "verify"], ["schedule", kept], ["check", kept], ["store", "export", "plan-1"]):
        result = run(*command)
        assert (result.code, result.raw) == (3, b"")
        assert "plan plan-1" in result.error
        assert "damaged" in result.error
    everything = run("store", "export", "--all", "out")
    assert (everything.code, everything.out.partition(" in")[0]) == (3, "0 plans")
    assert "not in these files: plan plan-1, revision 1: damaged" in everything.error


def test_the_command_line_says_how_a_backup_is_put_back(run, kept, tmp_path):
    (tmp_path / "data" / "plans.db").write_bytes(b"not a store any more" * 5000)
    lines = run("store", "list").error.splitlines()
    assert lines[0].endswith("put a backup in its place")
    assert "regimap store restore NAME" in lines[1]


def test_store_that_is_no_store_ends_with_3(run, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "plans.db").write_bytes(b"")
    for command in (["store", "list"], ["store", "verify"], ["schedule", "store:x"]):
        result = run(*command)
        assert (result.code, result.raw) == (3, b"")
        assert "0 bytes" in result.error


def test_who_comes_from_the_settings_when_nobody_says(fine, patient, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "settings.json").write_text(json.dumps({"who": "Ph. Kept"}))
    fine("plan", "new", "d-alba", "--patient", patient(), "--start", "2026-03-02", "--id", "p", "-o", "store:p")
    assert fine("store", "history", "p", "--json").json[0]["who"] == "Ph. Kept"


def test_another_plan_of_the_patient_is_told_where_rules_and_sheets_cannot_see_it(run, fine, kept, patient):
    """Rules look at one plan: two courses of one patient look whole each."""
    assert "another plan" not in run("check", kept).error
    other = patient("other.json", id="00124", name={"family": "Wieland", "given": "Ana"})
    for plan_id, person in (("plan-2", patient()), ("plan-3", other)):
        made = run("plan", "new", "pomp", "--patient", person, "--start", "2026-03-02", "--id", plan_id, "-o", "store:")
        assert ("of this patient: plan-1 (d-alba)" in made.error) == (plan_id == "plan-2")
    for command in (("check", kept), ("print", kept, "--sheet", "roadmap", "-o", "roadmap.pdf")):
        told = run(*command).error
        assert "another plan of this patient: plan-2 (pomp)" in told
        assert "plan-3" not in told
    printed = Path("roadmap.pdf").read_bytes()
    assert all("ANOTHER PLAN of this patient is in the store (plan-2)" in page for page in page_texts(printed))
    assert not any("plan-3" in page or "pomp" in page for page in page_texts(printed))


def test_a_plan_made_into_the_store_is_told_by_its_new_id(run, fine, refused, patient):
    """Nothing was said, and nobody knew what to write behind store: next."""
    made = run("plan", "new", "pomp", "--patient", patient(), "--start", "2026-03-02", "-o", "store:")
    name = fine("store", "list").out.partition(":")[0]
    assert made.error.splitlines()[-1] == f"regimap: saved as store:{name}"
    assert "the key lies beside them" in made.error.splitlines()[0]
    again = run("plan", "new", "pomp", "--patient", patient(), "--start", "2026-03-02", "-o", "store:")
    assert "the key lies beside" not in again.error
    assert fine("store", "verify").out.startswith("2 plans: all agree with their checksums; ")
    assert "write store:PLAN_ID" in refused("plan", "show", "store:")[0]


@pytest.fixture
def changed_elsewhere(fine, run, kept, monkeypatch, tmp_path):
    """The plan handed over to another computer, changed there, and handed back as a file."""
    fine("store", "export", "plan-1", "-o", "out.json")
    with monkeypatch.context() as there:
        there.setenv("REGIMAP_DATA_DIR", str(tmp_path / "elsewhere"))
        assert run("store", "import", "out.json", "--by", "Ph. Two").code == 0
        fine("plan", "defer", "store:plan-1", *DEFER, "--by", "Ph. Two", "-o", "store:plan-1")
        fine("store", "export", "plan-1", "-o", "back.json")
    return "back.json"


def test_changes_made_elsewhere_come_home(fine, run, refused, kept, changed_elsewhere):
    (line,) = refused("store", "import", changed_elsewhere)
    assert "--as-revision takes it in" in line
    assert "1 change, by Ph. Two on" in line
    looked = fine("store", "import", changed_elsewhere, "--look").out
    assert "a later state of revision 1 here" in looked
    assert "\n    moved: " in looked
    taken = run("store", "import", changed_elsewhere, "--as-revision", "--by", "Ph. One")
    assert (taken.code, taken.out) == (0, "plan-1\n")
    assert "\nregimap: moved: " in f"\n{taken.error}", "what changes is told"
    second = fine("store", "history", "plan-1").out.splitlines()[1]
    assert "Ph. One: Import of changes made elsewhere: 1 change, by Ph. Two on" in second
    assert "before import" in fine("store", "backup", "--list").out
    assert fine("schedule", kept).raw == fine("schedule", changed_elsewhere).raw


def test_what_was_changed_here_meanwhile_stays(fine, run, refused, kept, changed_elsewhere):
    for days in ("1", "2"):
        fine("plan", "defer", kept, *DEFER, "--days", days, "--by", "Ph. One", "-o", kept)
    (line,) = refused("store", "import", changed_elsewhere, "--as-revision")
    assert "changed both here (2 changes, the last by Ph. One on" in line
    assert len(fine("store", "history", "plan-1").out.splitlines()) == 3
    (line,) = refused("plan", "defer", changed_elsewhere, *DEFER, "-o", kept)
    assert "is not the newest state of plan plan-1" in line


def test_an_edit_of_a_file_goes_to_the_store_that_still_has_its_state(fine, kept):
    fine("store", "export", "plan-1", "-o", "out.json")
    fine("plan", "defer", "out.json", *DEFER, "-o", kept)
    assert len(fine("store", "history", "plan-1").out.splitlines()) == 2


def test_a_file_that_was_edited_as_a_file_comes_home_too(fine, run, kept):
    fine("store", "export", "plan-1", "-o", "out.json")
    for name in ("one.json", "two.json"):
        fine("plan", "defer", "out.json", *DEFER, "--by", "Ph. Two", "-o", name)
        assert fine("plan", "defer", name, *DEFER, "--by", "Ph. Two", "-o", "two.json").code == 0
    assert run("store", "import", "two.json", "--as-revision").code == 0
    assert "2 changes, the last by Ph. Two" in fine("store", "history", "plan-1").out
