"""Where a store begins: one process makes it, and what lies there of one that is gone is neither mixed in nor lost."""

import os
import shutil
import subprocess
import sys

import pytest

from planner.errors import EnvironmentProblem
from planner.model.store import Protection
from planner.services.store import protection
from planner.services.store.archive import Archive, start_editing
from planner.services.store.keeping import back_up, restore
from planner.services.store.protection import STORE_FILE, create, keys_aside, lost_store, protect, unlock
from planner.storage.key_file import key_path
from tests.storage.plans import AT, ROOT, small_plan
from tests.storage.test_remains import NOW

SAVES = """
import sys
from pathlib import Path
from planner.services.store.archive import Archive
from tests.storage.plans import AT, small_plan
sys.stdin.readline()
archive = Archive.open(Path(sys.argv[1]))
archive.save(small_plan(sys.argv[2]), "New plan", "Ph. One", AT)
"""
KILLED = SAVES + "import os\nos._exit(1)"


def started(folder, plan_id, code=SAVES):
    command = [sys.executable, "-c", code, str(folder), plan_id]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_of_several_that_begin_at_once_nobody_is_locked_out(tmp_path):
    """Each made a key, the last key was written, and the plans had another one."""
    folder, ids = tmp_path / "data", [f"plan-{number}" for number in range(4)]
    several = [started(folder, plan_id) for plan_id in ids]
    for one in several:
        one.stdin.write("\n")
        one.stdin.flush()
    assert [one.communicate()[1] for one in several] == [""] * 4
    with Archive.open(folder) as archive:
        assert sorted(one.plan_id for one in archive.list()) == ids
        assert archive.verify() == ()
    assert keys_aside(folder) == frozenset()


def test_who_comes_second_waits_and_finds_the_plans(tmp_path, monkeypatch):
    holder = protection.myself("", "")._replace(pid=1)
    answers = [holder, holder]

    def made_meanwhile(store, me):
        if len(answers) == 1:
            monkeypatch.undo()
            create(tmp_path, Protection.FILE)
        return answers.pop() if answers else protection.take_lock(store, me)

    monkeypatch.setattr(protection, "take_lock", made_meanwhile)
    with pytest.raises(EnvironmentProblem, match="there is a store already"):
        create(tmp_path, Protection.FILE)
    unlock(tmp_path)


def test_who_holds_the_place_for_long_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(protection, "_MAKING_SECONDS", 0)
    holder = protection.myself("Ph. Two", "")._replace(pid=1)
    monkeypatch.setattr(protection, "take_lock", lambda *_: holder)
    with pytest.raises(EnvironmentProblem, match=r"Ph\. Two"):
        create(tmp_path, Protection.FILE)
    assert not key_path(tmp_path / STORE_FILE).exists()


def test_a_window_makes_the_store_in_the_place_it_holds(tmp_path):
    with start_editing(tmp_path, "Ph. One", "now"):
        create(tmp_path, Protection.FILE)
    unlock(tmp_path)


@pytest.mark.skipif(os.name != "posix", reason="elsewhere an open file is not moved away")
@pytest.mark.parametrize("kind", [Protection.FILE, Protection.PLAIN])
def test_the_log_of_plans_that_are_gone_never_meets_new_ones(tmp_path, kind):
    """Somebody moves plans.db alone after a kill: the new plans could not be opened, or got the old ones mixed in."""
    folder = tmp_path / "data"
    create(folder, kind)
    assert started(folder, "plan-1", KILLED).communicate("\n")[1] == ""
    (folder / STORE_FILE).rename(tmp_path / "away.db")
    before = {path: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(EnvironmentProblem, match=r"its log plans\.db-wal .* is still here"):
        create(folder, kind)
    assert before == {path: path.read_bytes() for path in folder.iterdir()}
    assert lost_store(folder)
    (tmp_path / "away.db").rename(folder / STORE_FILE)
    with Archive.open(folder) as archive:
        assert archive.load("plan-1") == small_plan("plan-1")


@pytest.mark.skipif(os.name != "posix", reason="elsewhere an open file is not moved away")
def test_the_log_of_plans_that_are_gone_is_kept_where_a_backup_takes_their_place(tmp_path):
    """It holds the edits since; who finds plans.db again has all of them."""
    folder = tmp_path / "data"
    key = create(folder, Protection.FILE)
    backup = back_up(folder, key, NOW).backup
    assert started(folder, "plan-1", KILLED).communicate("\n")[1] == ""
    (folder / STORE_FILE).rename(tmp_path / "away.db")
    log = (folder / f"{STORE_FILE}-wal").read_bytes()
    kept = restore(folder, key, backup, "Ph. One", NOW)
    assert (kept.name, kept.read_bytes()) == ("damaged-20261128T120000.db-wal", log)
    with Archive.open(folder, key) as archive:
        assert (archive.count(), archive.verify()) == (0, ())
    kept.rename(tmp_path / "away.db-wal")
    for name in ("plans.key", "plans.key.copy"):
        shutil.copyfile(folder / name, tmp_path / name)
    (tmp_path / "away.db-wal").rename(tmp_path / f"{STORE_FILE}-wal")
    (tmp_path / "away.db").rename(tmp_path / STORE_FILE)
    with Archive.open(tmp_path, key) as archive:
        assert archive.load("plan-1") == small_plan("plan-1")


def test_a_backup_among_none_does_not_put_the_stores_own_key_aside(tmp_path):
    """Of two first backups at once the second found a key without a backup and kept it, for an older passphrase."""
    key = create(tmp_path, Protection.FILE)
    with Archive.open(tmp_path, key) as archive:
        archive.save(small_plan(), "New plan", "Ph. One", AT)
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / "plans.key").write_bytes(key_path(tmp_path / STORE_FILE).read_bytes())
    back_up(tmp_path, key, NOW)
    assert sorted(path.name for path in (tmp_path / "backups").glob("*.key")) == ["plans.key"]


def test_no_key_put_aside_opens_what_has_another_protection_now(tmp_path):
    key = create(tmp_path, Protection.FILE)
    (tmp_path / "backups").mkdir()
    copies = [tmp_path / "plans-old-1.key", tmp_path / "backups" / "plans-old-7.key"]
    for copy in copies:
        copy.write_bytes(key_path(tmp_path / STORE_FILE).read_bytes())
    another = tmp_path / "plans-old-2.key"
    another.write_bytes(b"of another store")
    protect(tmp_path, key, Protection.PASSPHRASE, "correct horse")
    assert not any(copy.exists() for copy in copies)
    assert another.exists()
