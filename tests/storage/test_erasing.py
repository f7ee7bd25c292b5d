"""Erasing a patient: nothing of them is left in any byte, everything else is, and the trail still holds."""

import shutil
from contextlib import closing
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from planner.errors import InputProblem, Refusal
from planner.storage.backup import backups_in, write_backup
from planner.storage.database import connect
from planner.storage.erasing import erase_from_backups, erase_patient, left_in_history, pack
from planner.storage.key_file import PLAIN_KEY
from planner.storage.repository import Repository
from tests.storage.plans import AT, ROOT, later, small_plan

CANARY = "Zyx\u00f8wvut-Canary"
NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)


def canary(plan_id):
    patient = replace(small_plan().patient, id="CANARY-77", family_name=CANARY, diagnosis=f"{CANARY} disease")
    return replace(small_plan(plan_id), patient=patient)


@pytest.fixture
def path(tmp_path):
    """A plain store, in which every byte can be looked at."""
    path = tmp_path / "plans.db"
    with closing(Repository(path)) as store:
        for number in range(20):
            store.append(small_plan(f"plan-{number}"), "New plan", "Ph. One", AT)
        for plan_id in ("gone-1", "gone-2"):
            for days in range(1, 5):
                store.append(later(canary(plan_id), days), f"Edit for {CANARY}", "Ph. One", AT)
        store.void(["gone-2"], f"{CANARY} left", "Ph. One", AT)
    return path


def left_in(folder):
    needles = [
        text.encode() for text in (CANARY, CANARY.casefold(), "zyxowvut", "CANARY-77", "canary", "gone-1", "gone-2")
    ]
    return [
        (file.name, needle)
        for file in folder.rglob("*")
        if file.is_file()
        for needle in needles
        if needle in file.read_bytes()
    ]


def test_nothing_is_left_and_the_rest_is_whole(path, tmp_path):
    write_backup(path, PLAIN_KEY, tmp_path / "backups", NOW)
    assert left_in(tmp_path)
    with closing(Repository(path)) as store:
        assert erase_patient(store, "CANARY-77", "request 12", "Ph. One", AT) == 2
        assert pack(store) == ()
        assert store.verify() == ()
        assert store.summaries("canary") == ()
        assert [line.plan_id for line in store.summaries("plan 7")] == ["plan-7"]
        assert store.count() == 20
        assert store.load("plan-3")[0] == small_plan("plan-3")
        assert erase_from_backups([tmp_path / "backups"], PLAIN_KEY, "CANARY-77", ("request 12", "Ph. One", AT)) == (
            1,
            (),
        )
        lines = store.trail()
        assert sum(line.erased for line in lines) == 9
        assert not any(line.damaged for line in lines)
        assert (lines[-1].kind, lines[-1].what) == ("erase", "2 plans of one patient erased: request 12")
    assert left_in(tmp_path) == []
    (backup,) = backups_in(tmp_path / "backups")
    with closing(Repository(backup.path, PLAIN_KEY, "reading")) as copy:
        assert copy.verify() == ()
        assert copy.count() == 20


def test_backup_that_cannot_be_opened_is_listed(path, tmp_path):
    made = write_backup(path, PLAIN_KEY, tmp_path / "backups", NOW)
    made.path.write_bytes(made.path.read_bytes()[:3000])
    erased, (line,) = erase_from_backups([tmp_path / "backups"], PLAIN_KEY, "CANARY-77", ("request 12", "Ph. One", AT))
    assert erased == 0
    assert made.path.name in line
    assert "may still hold" in line


def test_backup_from_before_the_patient_stays_as_it_is(path, tmp_path):
    made = write_backup(path, PLAIN_KEY, tmp_path / "backups", NOW)
    before = made.path.read_bytes()
    assert erase_from_backups([tmp_path / "backups"], PLAIN_KEY, "nobody", ("request", "Ph. One", AT)) == (0, ())
    assert made.path.read_bytes() == before


def test_unknown_patient_and_missing_reason_change_nothing(path):
    with closing(Repository(path)) as store:
        with pytest.raises(InputProblem, match="no patient"):
            erase_patient(store, "nobody", "request", "Ph. One", AT)
        with pytest.raises(Refusal, match="reason"):
            erase_patient(store, "CANARY-77", " ", "Ph. One", AT)
        assert store.count() == 21


def test_a_backup_of_an_older_layout_is_gone_through_too(tmp_path):
    """It was listed as one that could not be read, for ever: the backup before an upgrade stays for months."""
    (tmp_path / "backups").mkdir()
    backup = tmp_path / "backups" / "plans-20261128T120000Z-9-before-upgrade.db"
    shutil.copy(ROOT / "tests" / "old" / "store-1.db", backup)
    assert "Ex\u00e1mple".encode() in backup.read_bytes()
    act = ("request 12", "Ph. One", AT)
    assert erase_from_backups([tmp_path / "backups"], PLAIN_KEY, "nobody", act) == (0, ())
    with closing(connect(backup, "ro")) as opened:
        assert opened.execute("PRAGMA user_version").fetchone() == (1,)
    assert erase_from_backups([tmp_path / "backups"], PLAIN_KEY, "00123", act) == (1, ())
    assert "Ex\u00e1mple".encode() not in backup.read_bytes()
    with closing(Repository(backup, PLAIN_KEY, "reading")) as copy:
        assert (copy.count(), copy.verify()) == (0, ())


def test_a_plan_that_is_somebody_elses_now_tells_of_its_earlier_states(path):
    """It was begun under the id and the name of who is erased now; its history still names them."""
    other = replace(small_plan("plan-x"), patient=replace(small_plan().patient, id="00200", family_name="Other"))
    with closing(Repository(path)) as store:
        for plan in (canary("plan-x"), later(canary("plan-x"), 1), other, later(other, 2)):
            store.append(plan, "Edit", "Ph. One", AT)
        assert erase_patient(store, "CANARY-77", "request 12", "Ph. One", AT) == 2
        (line,) = left_in_history(store, "CANARY-77")
        assert line.startswith("plan plan-x: is somebody else's now")
        assert "(revisions 1, 2)" in line
        assert left_in_history(store, "nobody") == ()
        assert len(left_in_history(store, "00123")) == 20
