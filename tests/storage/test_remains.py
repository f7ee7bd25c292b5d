"""What killed processes leave unfinished is removed at the next open; what somebody is at stays."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest

from planner import files
from planner.files import clear_parts, part_beside
from planner.model.store import Holder, Protection
from planner.services.store.archive import Archive, start_editing
from planner.services.store.keeping import back_up
from planner.services.store.protection import STORE_FILE, create
from planner.storage.backup import FOLDER
from planner.storage.database import make_part
from tests.storage.plans import AT, ROOT, small_plan

pytestmark = pytest.mark.skipif(os.name != "posix", reason="elsewhere a running process cannot be told from a dead one")
NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
KILLED = """
import os, signal, sys
from pathlib import Path
from planner.storage import backup, database, rewriting
from planner.services.store.keeping import back_up, restore, named_backup
from planner.services.store.protection import unlock
from datetime import UTC, datetime
folder, act = Path(sys.argv[1]), sys.argv[2]
def end(*_):
    os.kill(os.getpid(), signal.SIGKILL)
key = unlock(folder)
backup.check_copy = rewriting.check_copy = end if act != "second" else backup.check_copy
backup._hash = end
now = datetime(2026, 11, 28, 13, 0, tzinfo=UTC)
if act == "restore":
    backup.write_backup = None
    from planner.services.store import keeping
    keeping.check_backup, keeping._keep_present = (lambda *_: None), (lambda folder, *_: (folder, None))
    restore(folder, key, keeping.backups(folder)[0], "Ph. One", now)
else:
    back_up(folder, key, now, second=folder / "second" if act == "second" else None)
"""


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "data"
    key = create(place, Protection.FILE)
    with Archive.open(place, key) as archive:
        archive.save(small_plan(), "New plan", "Ph. One", AT)
    back_up(place, key, NOW)
    return place


def _unfinished(folder):
    return sorted(path for path in folder.rglob(".*") if path.is_file())


def _other(code, path):
    """Another process that has done this and waits."""
    command = [sys.executable, "-c", f"import sys\nfrom pathlib import Path\n{code}\nsys.stdin.read()", str(path)]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("act", ["backup", "restore", "second"])
def test_what_a_killed_process_left_is_removed_at_the_next_open(folder, act):
    done = subprocess.run([sys.executable, "-c", KILLED, str(folder), act], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert _unfinished(folder)
    before = {path: path.read_bytes() for path in folder.rglob("plans*")}
    with Archive.open(folder) as archive:
        assert archive.load("plan-1") == small_plan()
        key = archive.repository.key
    if act == "second":
        back_up(folder, key, NOW, second=folder / "second")
    assert _unfinished(folder) == []
    assert {path for path, content in before.items() if path.exists() and path.suffix != ".db-shm"} >= {
        path for path in before if path.suffix in (".db", ".key", ".copy")
    }


def test_nothing_of_a_running_process_and_nothing_of_others_is_removed(folder):
    waiting = _other(
        "from planner.storage.database import make_part\nprint(make_part(Path(sys.argv[1])), flush=True)",
        folder / STORE_FILE,
    )
    running = waiting.stdout.readline().strip()
    kept = [".hidden", ".plans.db.new", ".other.db.abcdefgh.new", ".plans.db.abcdefgh.tmp", "plans.db.abcdefgh.new"]
    for name in kept:
        (folder / name).write_bytes(b"x")
        os.utime(folder / name, (0, 0))
    Archive.open(folder).close()
    names = {path.name for path in folder.iterdir()}
    assert set(kept) <= names
    assert running.rpartition("/")[2] in names
    waiting.kill()
    waiting.communicate()
    Archive.open(folder).close()
    names = {path.name for path in folder.iterdir()}
    assert set(kept) <= names
    assert running.rpartition("/")[2] not in names


def test_what_an_earlier_version_left_goes_after_a_day(folder):
    young, old = folder / ".plans.db.abcdefgh.new", folder / FOLDER / ".plans-20261128T120000Z-1.db.abcdefgh.new-wal"
    for path in (young, old):
        path.write_bytes(b"x")
    os.utime(old, (time.time() - 90_000,) * 2)
    os.utime(young, (time.time() - 80_000,) * 2)
    Archive.open(folder).close()
    assert young.exists()
    assert not old.exists()


def test_nothing_is_removed_while_somebody_else_edits_or_where_nothing_may_be_written(folder, monkeypatch):
    left = make_part(folder / STORE_FILE)
    monkeypatch.setattr(files, "_runs", lambda _: False)
    other = _other(
        "from planner.services.store.archive import start_editing\n"
        "lock = start_editing(Path(sys.argv[1]), 'Ph. Two', 'now'); print('held', flush=True)",
        folder,
    )
    assert other.stdout.readline() == "held\n"
    Archive.open(folder).close()
    assert left.exists()
    other.kill()
    other.communicate()
    monkeypatch.setattr("planner.services.store.archive.why_read_only", lambda _: "only to be read")
    Archive.open(folder).close()
    assert left.exists()
    monkeypatch.undo()
    monkeypatch.setattr(files, "_runs", lambda _: False)
    held = start_editing(folder, "Ph. One", "now")
    assert not isinstance(held, Holder)
    with held:
        Archive.open(folder).close()
    assert not left.exists()


def test_what_another_machine_left_stays_for_a_day_where_it_may_still_be_at_it(tmp_path, monkeypatch):
    handle, name = part_beside(tmp_path / "plans.db", ".new")
    os.close(handle)
    monkeypatch.setattr(files, "boot_id", lambda: "another start")
    clear_parts(tmp_path, {"plans.db"}.__contains__, shared=True)
    assert os.path.exists(name)
    clear_parts(tmp_path, {"plans.db"}.__contains__)
    assert not os.path.exists(name)
    clear_parts(tmp_path / "nowhere", {"plans.db"}.__contains__)
