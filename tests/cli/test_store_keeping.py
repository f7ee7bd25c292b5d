"""The care for the store on the command line: passphrases, backups, deletion, erasing, trail, sealed files, tables."""

import csv
import io
import signal
import sys
from datetime import UTC, datetime

import pytest

from planner.services.store import keeping
from planner.services.store.archive import start_editing
from planner.services.store.protection import unlock
from planner.settings import Settings, save_settings
from tests.faults.forking import Child
from tests.quick_keys import stretch_quickly

GOOD, NEW = "correct horse", "battery staple"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    stretch_quickly(monkeypatch)
    for name in ("REGIMAP_PASSPHRASE", "REGIMAP_PASSPHRASE_FILE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def passphrase(tmp_path):
    """Files that hold a passphrase each."""

    def written(words):
        path = tmp_path / f"{words.replace(' ', '-')}.txt"
        path.write_text(f"{words}\n", encoding="utf-8")
        return path

    return written


@pytest.fixture
def kept(run, patient):
    new = ("plan", "new", "d-alba", "--patient", patient(), "--start", "2026-03-02")
    for number in (1, 2):
        made = run(*new, "--id", f"plan-{number}", "--by", "Ph. One", "-o", "store:")
        assert (made.code, "another plan of this patient" in made.error) == (0, number == 2)


def test_the_help_says_what_is_not_promised(fine):
    words = " ".join(fine("store", "--help").out.split())
    assert "not safe from an administrator" in words
    assert "Use full-disk encryption" in words


def test_passphrase_by_file_by_environment_and_not_at_all(fine, refused, passphrase, monkeypatch, tmp_path):
    fine("store", "init", "--passphrase-file", passphrase(GOOD))
    assert "locked" in refused("store", "list")[0]
    assert "wrong" in refused("store", "list", "--passphrase-file", passphrase(NEW))[0]
    assert fine("store", "list", "--passphrase-file", passphrase(GOOD)).out == ""
    monkeypatch.setenv("REGIMAP_PASSPHRASE_FILE", str(passphrase(GOOD)))
    assert fine("store", "verify").out.startswith("0 plans")
    monkeypatch.setenv("REGIMAP_PASSPHRASE", GOOD)
    assert fine("store", "verify").out.startswith("0 plans")
    assert b"regimap-key" in (tmp_path / "data" / "plans.key").read_bytes()


def test_passphrase_is_set_and_changed(fine, refused, kept, passphrase):
    assert fine("store", "passphrase", "--new-passphrase-file", passphrase(GOOD)).out.endswith("plans.db: passphrase\n")
    assert "locked" in refused("plan", "show", "store:plan-1")[0]
    old = ("--passphrase-file", passphrase(GOOD))
    fine("store", "passphrase", *old, "--new-passphrase-file", passphrase(NEW))
    assert "wrong" in refused("store", "list", *old)[0]
    assert (
        "at least 8"
        in refused(
            "store", "passphrase", "--passphrase-file", passphrase(NEW), "--new-passphrase-file", passphrase("short")
        )[0]
    )
    fine("store", "passphrase", "--passphrase-file", passphrase(NEW), "--no-passphrase")
    assert len(fine("store", "list").out.splitlines()) == 2
    assert [line.split(": ")[2] for line in fine("store", "trail").out.splitlines()[2:]] == ["passphrase"] * 3


def test_no_copy_of_the_key_lies_in_clear_once_a_passphrase_is_set(fine, run, kept, passphrase, tmp_path):
    """A backup keeps the key file of its day beside it, in each folder."""
    second = tmp_path / "second"
    save_settings(tmp_path / "data" / "settings.json", Settings(second_folder=str(second)))
    keeping.back_up(tmp_path / "data", unlock(tmp_path / "data"), datetime(2026, 11, 29, tzinfo=UTC), "", second)
    raw = unlock(tmp_path / "data").raw.hex().encode()

    def in_clear():
        files = (path for folder in (tmp_path / "data", second) for path in folder.rglob("*key*"))
        return [path for path in files if raw in path.read_bytes()]

    assert len(in_clear()) == 4
    fine("store", "passphrase", "--new-passphrase-file", passphrase(GOOD))
    assert in_clear() == []
    assert "protection" in fine("store", "backup", "--list").out


def test_no_passphrase_is_changed_under_somebody_who_has_the_plans_open(run, kept, passphrase, tmp_path, monkeypatch):
    """It was changed, the trail did not say so, and whoever worked there could not come back."""
    other = "Ph. Two (ward on elsewhere) has the plans open"
    monkeypatch.setattr("planner.cli.store_keeping.why_read_only", lambda _: other)
    told = run("store", "passphrase", "--new-passphrase-file", passphrase(GOOD))
    assert (told.code, told.error) == (3, f"regimap: {other}\n")
    unlock(tmp_path / "data")


def test_nobody_is_asked_where_nobody_sits(refused, kept):
    assert "--new-passphrase-file" in refused("store", "passphrase")[0]
    assert "--new-passphrase-file" in refused("store", "export", "plan-1", "--seal")[0]


def test_plain_store_is_made_only_by_wish_and_encrypted_later(fine, patient, passphrase, tmp_path):
    fine("store", "init", "--plain")
    fine("plan", "new", "d-alba", "--patient", patient(), "--start", "2026-03-02", "--id", "p", "-o", "store:")
    assert b"Example" in (tmp_path / "data" / "plans.db").read_bytes()
    fine("store", "backup")
    fine("store", "passphrase", "--new-passphrase-file", passphrase(GOOD))
    assert all(b"Example" not in path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file())
    assert fine("store", "list", "--passphrase-file", passphrase(GOOD)).out.startswith("p: Example, Ana")


def test_backup_list_and_restore(fine, run, refused, kept, tmp_path):
    name = fine("store", "backup", "--to", tmp_path / "usb").out.strip().rpartition("/")[2]
    assert (tmp_path / "usb" / name).exists()
    assert fine("store", "backup", "--list").out.startswith(f"{name}: ")
    fine("plan", "defer", "store:plan-1", "--block", "blinatumomab", "--days", "7", "--scope", "following",
         "--reason", "counts", "-o", "store:plan-1")  # fmt: skip
    said = fine("store", "restore", name, "--by", "Ph. Two").out
    assert "the state before is kept in" in said
    assert len(fine("store", "history", "plan-1").out.splitlines()) == 1
    assert "Ph. Two: restore" in fine("store", "trail").out
    assert "no backup" in refused("store", "restore", "plans-20200101T000000Z-1.db")[0]
    assert "say --revision N as well, see regimap store history plan-1" in refused("store", "restore", "plan-1")[0]
    (tmp_path / "data" / "plans.db").write_bytes(b"")
    assert run("store", "list").code == 3
    fine("store", "restore", tmp_path / "usb" / name)
    assert len(fine("store", "list").out.splitlines()) == 2


def test_backup_of_a_passphrase_store_asks_for_its_passphrase(fine, refused, kept, passphrase, tmp_path):
    """On another computer nothing is known of the store but what lies beside the backup."""
    good = ("--passphrase-file", passphrase(GOOD))
    fine("store", "passphrase", "--new-passphrase-file", passphrase(GOOD))
    name = fine("store", "backup", "--to", tmp_path / "usb", *good).out.strip().rpartition("/")[2]
    (tmp_path / "data").rename(tmp_path / "before")
    (said,) = refused("store", "restore", tmp_path / "usb" / name)
    assert name in said
    assert "locked; give its passphrase in a file (--passphrase-file" in said
    assert not (tmp_path / "data").exists()
    assert "wrong" in refused("store", "restore", tmp_path / "usb" / name, "--passphrase-file", passphrase(NEW))[0]
    fine("store", "restore", tmp_path / "usb" / name, *good)
    assert len(fine("store", "list", *good).out.splitlines()) == 2


def test_second_backup_folder_that_fails_ends_with_3(run, kept, tmp_path):
    (tmp_path / "file").write_text("x")
    done = run("store", "backup", "--to", tmp_path / "file" / "usb")
    assert done.code == 3
    assert "second backup folder" in done.error
    assert done.out.endswith(".db\n")


def test_older_revision_comes_back_and_differences_are_shown(run, fine, kept):
    fine("plan", "defer", "store:plan-1", "--block", "blinatumomab", "--days", "7", "--scope", "following",
         "--reason", "counts", "-o", "store:plan-1")  # fmt: skip
    assert "->" in fine("store", "history", "plan-1", "--compare", "1", "2").out
    fine("plan", "marker", "store:plan-1", "cd20=positive", "-o", "store:plan-1")
    back = run("store", "restore", "plan-1", "--revision", "1")
    assert (back.code, back.out) == (0, "Back to revision 1 of plan plan-1, now revision 4\n")
    # The dates went back, and what was recorded of the patient since stays.
    assert "moved: " in back.error
    assert "marker" not in back.error
    assert "marker: cd20 positive" in fine("store", "history", "plan-1", "--compare", "1", "4").out


def test_what_is_known_of_the_patient_goes_back_where_that_is_asked_for(run, fine, kept):
    fine("plan", "defer", "store:plan-1", "--block", "blinatumomab", "--days", "7", "--scope", "following",
         "--reason", "counts", "-o", "store:plan-1")  # fmt: skip
    fine("plan", "marker", "store:plan-1", "cd20=positive", "-o", "store:plan-1")
    back = run("store", "restore", "plan-1", "--revision", "1", "--patient-too")
    assert (back.code, back.out) == (0, "Back to revision 1 of plan plan-1, now revision 4\n")
    # Both are told.
    assert "marker: cd20 negative" in back.error
    assert "marker taken back: cd20 positive" in back.error
    assert "moved: " in back.error
    assert fine("store", "history", "plan-1", "--compare", "1", "4").out == "no difference\n"


def test_plans_are_deleted_and_taken_back(fine, refused, kept):
    assert "say it with --reason" in refused("store", "void", "plan-1")[0]
    fine("store", "void", "plan-1", "--reason", "moved away")
    assert [line[:6] for line in fine("store", "list").out.splitlines()] == ["plan-2"]
    assert fine("store", "void").out.endswith(", deleted: moved away\n")
    assert "deleted" in refused("store", "void", "plan-1", "--reason", "again")[0]
    (told,) = refused("print", "store:plan-1", "--sheet", "roadmap", "-o", "x.pdf")
    assert "was deleted" in told
    assert "store void plan-1 --back" in told
    assert "moved away" not in told, "a reason may name the patient, an error may not"
    fine("store", "void", "plan-1", "--back", "--reason", "mistake")
    assert "confirm" in refused("store", "void", "plan-1", "plan-2", "--reason", "both")[0]
    fine("store", "void", "plan-1", "plan-2", "--reason", "both", "--confirm", "2")
    assert fine("store", "list").out == ""
    assert "before void" in fine("store", "backup", "--list").out


def test_patient_is_erased_with_a_second_word(fine, refused, kept, tmp_path):
    fine("store", "backup")
    assert "--confirm 00123" in refused("store", "erase", "00123", "--reason", "request 7")[0]
    assert "names the patient" in refused("store", "erase", "00123", "--reason", "of 00123", "--confirm", "00123")[0]
    assert fine("store", "erase", "00123", "--reason", "request 7", "--confirm", "00123").out.startswith(
        "2 plans erased"
    )
    assert fine("store", "verify").out.startswith("0 plans")
    assert "(erased)" in fine("store", "trail").out
    assert "no patient" in refused("store", "erase", "00123", "--reason", "request 7", "--confirm", "00123")[0]


def test_patient_is_erased_from_the_second_folder_too(fine, run, kept, tmp_path):
    """The settings name it; nothing of it was looked into, and nothing said that the patient was there still."""
    second = tmp_path / "second"
    save_settings(tmp_path / "data" / "settings.json", Settings(second_folder=str(second)))
    fine("store", "backup", "--to", second)
    (copy,) = second.glob("*.db")
    second.rename(tmp_path / "unplugged")
    erase = ("store", "erase", "00123", "--reason", "request 7", "--confirm", "00123")
    told = run(*erase, "--also", tmp_path / "slip")
    assert told.code == 3
    for away in (second, tmp_path / "slip"):
        assert f"{away}: may still hold the patient in its backups" in told.error
    assert told.error.count("the folder is not there") == 2
    assert fine("store", "verify").out.startswith("0 plans")
    (tmp_path / "unplugged").rename(second)
    assert fine(*erase).out == "erased from the backups\n"
    assert fine("store", "restore", copy)
    assert fine("store", "verify").out.startswith("0 plans")


def test_new_plans_beside_the_key_of_plans_that_are_gone_are_told(fine, run, kept, tmp_path):
    (tmp_path / "data" / "plans.db").unlink()
    made = run("store", "init", "--no-passphrase")
    assert made.code == 0
    assert "plans-old-1.key: a key lay here without plans" in made.error
    assert "a key lay here" not in run("store", "init").error


def test_several_persons_of_one_id_are_erased_together_only_where_that_is_said(fine, run, refused, kept, patient):
    other = patient(name={"family": "Other", "given": "Olaf"}, birth_date="1950-05-06")
    new = ("plan", "new", "d-alba", "--patient", other, "--start", "2026-03-02", "--id", "plan-3", "-o", "store:")
    assert "one of them is a slip" in run(*new).error
    erase = ("store", "erase", "00123", "--reason", "request 7", "--confirm", "00123")
    (told,) = refused(*erase)
    assert "several persons" in told
    assert "Other, Olaf, born 06-May-1950" in told
    assert told.count(", born ") == 2, "two plans of one person name them once"
    assert len(fine("store", "list").out.splitlines()) == 3
    assert fine(*erase, "--sure").out.startswith("3 plans erased")


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot be split in two there")
def test_a_patient_is_not_erased_while_a_window_has_the_plans_open(fine, run, kept, tmp_path):
    """What that window saved next was refused in words of somebody's edit, and its screen still named the patient."""

    def hold(tell):
        with start_editing(tmp_path / "data", "Ph. One", "2026-11-30T10:00+00:00"):
            tell("held")
            signal.pause()

    window = Child(hold)
    assert window.first_line() == "held"
    erase = ("store", "erase", "00123", "--reason", "request 7", "--confirm", "00123")
    try:
        refused = run(*erase)
    finally:
        window.kill_after(0)
    assert (refused.code, "close that window first" in refused.error) == (3, True)
    assert "Ph. One" in refused.error
    assert fine("store", "verify").out.startswith("2 plans")
    assert fine(*erase).out.startswith("2 plans erased")


def test_trail_as_table_and_as_json(fine, kept, tmp_path):
    fine("store", "trail", "--format", "csv", "-o", "trail.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "trail.csv").read_text())))
    assert [(row["act"], row["plan"], row["who"]) for row in rows] == [
        ("save", "plan-1", "Ph. One"),
        ("save", "plan-2", "Ph. One"),
    ]
    assert [one["number"] for one in fine("store", "trail", "plan-2", "--format", "json").json] == [2]


def test_sealed_plan_is_handed_over(fine, refused, kept, passphrase, monkeypatch, tmp_path):
    fine("store", "export", "plan-1", "--seal", "--new-passphrase-file", passphrase(NEW), "-o", "sealed.json")
    assert b"Example" not in (tmp_path / "sealed.json").read_bytes()
    monkeypatch.setenv("REGIMAP_DATA_DIR", str(tmp_path / "theirs"))
    assert "--sealed-with" in refused("store", "import", "sealed.json")[0]
    assert fine("store", "import", "sealed.json", "--look", "--sealed-with", passphrase(NEW)).out.endswith(": new\n")
    assert fine("store", "list").out == ""
    assert fine("store", "import", "sealed.json", "--sealed-with", passphrase(NEW)).out == "plan-1\n"


def test_list_of_patients_goes_out_and_comes_in(fine, refused, run, kept, monkeypatch, tmp_path):
    fine("store", "export", "--patients", "-o", "patients.csv")
    assert (
        (tmp_path / "patients.csv")
        .read_text()
        .splitlines()[1]
        .startswith("00123,Example,Ana,1998-03-14,female,B-ALL,168")
    )
    assert fine("store", "import", "patients.csv", "--look").out.endswith("has this patient already; nothing changes\n")
    (tmp_path / "LIST.CSV").write_text((tmp_path / "patients.csv").read_text())
    again = run("store", "import", "LIST.CSV")
    known = "LIST.CSV: patient 1 of the list: the store has this patient already; nothing changes"
    assert (again.code, again.error) == (0, f"regimap: not taken in: {known}\n"), "no plan of theirs has the id of one"
    monkeypatch.setenv("REGIMAP_DATA_DIR", str(tmp_path / "theirs"))
    fine("store", "import", "patients.csv")
    assert "Example, Ana (00123), no block yet, saved " in fine("store", "list").out
    (tmp_path / "wrong.csv").write_text("id,family\n1,2\n")
    assert "wrong.csv: line 1" in refused("store", "import", "wrong.csv")[0]


def test_what_is_not_taken_in_is_told(fine, run, kept, monkeypatch, tmp_path):
    for number in (1, 2):
        fine("store", "export", f"plan-{number}", "-o", f"{number}.json")
    monkeypatch.setenv("REGIMAP_DATA_DIR", str(tmp_path / "theirs"))
    fine("store", "import", "1.json")
    half = run("store", "import", "1.json", "2.json")
    assert (half.code, half.out) == (0, "plan-2\n")
    assert half.error == "regimap: not taken in: 1.json: plan plan-1: is there already, letter for letter\n"


def test_a_backup_makes_the_whole_store_on_another_computer(fine, kept, passphrase, monkeypatch, tmp_path):
    """Every state of every plan, deleted ones too, and the trail; with the same passphrase."""
    move = ("plan", "defer", "store:plan-1", "--block", "blinatumomab", "--scope", "following", "--reason", "counts")
    for days in ("3", "4"):
        fine(*move, "--days", days, "-o", "store:plan-1")
    fine("store", "void", "plan-2", "--reason", "double")
    fine("store", "passphrase", "--new-passphrase-file", passphrase(GOOD))
    monkeypatch.setenv("REGIMAP_PASSPHRASE_FILE", str(passphrase(GOOD)))
    fine("store", "backup", "--to", tmp_path / "stick")
    states = [fine("store", "export", "plan-1", "--revision", str(number)).raw for number in (1, 2, 3)]
    told = fine("store", "export", "--all", tmp_path / "all").out
    assert told.splitlines()[0] == f"1 plan in {tmp_path / 'all'}"
    assert "older states and 1 deleted plan are not" in told
    history = fine("store", "history", "plan-1").out
    monkeypatch.setenv("REGIMAP_DATA_DIR", str(tmp_path / "other" / "computer"))
    (backup,) = (tmp_path / "stick").glob("*.db")
    fine("store", "restore", backup)
    assert [fine("store", "export", "plan-1", "--revision", str(number)).raw for number in (1, 2, 3)] == states
    assert fine("store", "history", "plan-1").out == history
    assert fine("store", "void").out.startswith("plan-2: ")
    assert fine("store", "verify").out.startswith("1 plan: it agrees")


def test_everything_goes_out_and_comes_in(fine, refused, kept, monkeypatch, tmp_path):
    assert fine("store", "export", "--all", tmp_path / "all").out.startswith("2 plans")
    assert "name one plan" in refused("store", "export")[0]
    monkeypatch.setenv("REGIMAP_DATA_DIR", str(tmp_path / "theirs"))
    assert sorted(fine("store", "import", tmp_path / "all").out.split()) == ["plan-1", "plan-2"]


def test_pounds_in_a_list_of_patients_are_asked_about_before_it_is_taken_in(run, tmp_path):
    (tmp_path / "list.csv").write_text(
        "id,family,given,birth_date,sex,height_cm,weight_kg,measured_on\n7,Example,Ana,1980-01-02,female,168,154,2026-01-02\n"
    )
    run("store", "init", "--no-passphrase")
    looked = run("store", "import", "list.csv", "--look")
    taken = run("store", "import", "list.csv")
    assert "regimap: to consider: " in looked.error
    assert looked.error.partition("; ")[2] == taken.error.partition("; ")[2]
    assert "pounds" in looked.error
