"""One editor at a time: who has it is told, whoever dies frees it, nobody deletes a lock by hand."""

import errno
import io
import json
import os
import signal
import subprocess
import sys

import pytest

from planner.errors import EnvironmentProblem
from planner.model.store import Holder
from planner.storage import lock
from planner.storage.lock import EditingLock, holder_of, lock_path, myself, take_lock
from tests.storage.plans import ROOT

SCRIPT = """
import sys, time
from pathlib import Path
from planner.storage.lock import myself, take_lock
lock = take_lock(Path(sys.argv[1]), myself("Ph. Two", "2026-11-22T10:00", "door"))
print(type(lock).__name__, flush=True)
time.sleep(60)
"""


@pytest.fixture
def store(tmp_path):
    return tmp_path / "data" / "plans.db"


@pytest.fixture
def other(store):
    """Another process that holds the lock."""
    store.parent.mkdir()
    process = subprocess.Popen([sys.executable, "-c", SCRIPT, str(store)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "EditingLock\n"
    yield process
    process.kill()
    process.communicate()


def test_second_learns_who_has_it_and_at_which_door(store, other):
    found = take_lock(store, myself("Ph. One", "later"))
    assert isinstance(found, Holder)
    assert (found.who, found.pid, found.since, found.door) == ("Ph. Two", other.pid, "2026-11-22T10:00", "door")
    assert "Ph. Two" in found.sentence
    assert holder_of(store) == found


def test_lock_of_a_killed_process_clears_itself(store, other):
    os.kill(other.pid, signal.SIGKILL)
    other.wait()
    assert holder_of(store) is None
    with take_lock(store, myself("Ph. One", "now")) as mine:
        assert isinstance(mine, EditingLock)
        assert holder_of(store).who == "Ph. One"
    assert holder_of(store) is None
    assert lock_path(store).exists()


def test_released_twice_is_no_harm(store):
    mine = take_lock(store, myself("Ph. One", "now"))
    mine.release()
    mine.release()
    with take_lock(store, myself("Ph. Two", "now")) as other:
        assert isinstance(other, EditingLock)


def test_lock_file_is_as_private_as_its_folder(store):
    with take_lock(store, myself("", "")):
        assert lock_path(store).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("content", ["", "{", "[]", '{"who": 1}', "\x00" * 50, "[" * 9000])
def test_words_that_cannot_be_read_hold_nothing_and_hide_nobody(store, content):
    mine = take_lock(store, myself("Ph. One", "now"))
    lock_path(store).write_text(content)
    found = take_lock(store, myself("Ph. Two", "now"))
    assert isinstance(found, Holder)
    assert found.account == "another program"
    mine.release()
    lock_path(store).write_text(content)
    with take_lock(store, myself("Ph. Two", "now")) as other:
        assert isinstance(other, EditingLock)


def gone(holder):
    """A process number that nobody has."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return holder._replace(pid=process.pid)


@pytest.mark.parametrize(
    ("change", "free"),
    [
        (lambda one: one, False),
        (lambda one: one._replace(boot="an earlier start of the machine"), True),
        (gone, True),
        (lambda one: one._replace(host="elsewhere", pid=1), False),
    ],
)
def test_without_locks_of_the_system_the_words_decide(store, monkeypatch, change, free):
    def no_locks(_handle, **_shared):
        raise OSError(37, "No locks available")

    monkeypatch.setattr(lock, "_lock", no_locks)
    store.parent.mkdir()
    lock_path(store).write_text(json.dumps(change(myself("Ph. Two", "before"))._asdict()))
    assert (holder_of(store) is None) == free
    taken = take_lock(store, myself("Ph. One", "now"))
    assert isinstance(taken, EditingLock) == free
    if free:
        taken.release()


def test_folder_that_cannot_be_written_is_told(store, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(lock, "_opened", refuse)
    with pytest.raises(EnvironmentProblem, match="you may not"):
        take_lock(store, myself("", ""))


def test_nobody_is_nobody(store):
    assert holder_of(store) is None


def test_a_lock_that_fails_half_way_is_free_again(store, monkeypatch):
    def fail(*_arguments):
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(lock, "EditingLock", fail)
        with pytest.raises(MemoryError) as told:
            take_lock(store, myself("Ph. One", "now"))
    taken = take_lock(store, myself("Ph. One", "now"))
    assert isinstance(taken, EditingLock), told
    taken.release()


def test_a_window_can_be_left_where_the_drive_of_its_lock_is_gone(store):
    class Gone(io.StringIO):
        def truncate(self, _size=None):
            raise OSError(errno.EIO, "Input/output error")

    handle = Gone("somebody")
    with EditingLock(lock_path(store), handle):
        pass
    assert handle.closed


class Full(io.StringIO):
    """A file on a disk without any room."""

    def flush(self):
        raise OSError(errno.ENOSPC, "No space left on device")


def test_on_a_full_disk_the_lock_holds_without_words(store, monkeypatch):
    """A traceback, and no window at all, where the disk was full to the last byte."""
    monkeypatch.setattr(lock, "_opened", lambda _path: Full())
    monkeypatch.setattr(lock, "_lock", lambda _handle: True)
    taken = take_lock(store, myself("Ph. One", "now"))
    assert isinstance(taken, EditingLock)
    taken.release()


def test_on_a_full_disk_without_locks_of_the_system_it_is_told(store, monkeypatch):
    def no_locks(_handle):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(lock, "_opened", lambda _path: Full())
    monkeypatch.setattr(lock, "_lock", no_locks)
    with pytest.raises(EnvironmentProblem, match="the disk is full"):
        take_lock(store, myself("Ph. One", "now"))


@pytest.mark.skipif(os.name != "posix", reason="elsewhere whoever looks holds nothing for others")
def test_who_only_looks_is_not_taken_for_an_editor(store, monkeypatch):
    """A window that started while a command looked who has the plans could only read them."""
    store.parent.mkdir()
    lock_path(store).touch()
    with lock_path(store).open("r+") as looking, lock_path(store).open("r+") as too:
        assert lock._lock(looking, shared=True)
        assert lock._lock(too, shared=True)
        monkeypatch.setattr(lock.time, "sleep", lambda _: (looking.close(), too.close()))
        with take_lock(store, myself("Ph. One", "now")) as taken:
            assert isinstance(taken, EditingLock)
