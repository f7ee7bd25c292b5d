"""What is no healthy store: foreign, newer, empty, cut, with flipped bits, on a full disk, in use by another."""

import os
import random
import shutil
import sqlite3
from contextlib import closing, suppress

import pytest
from msgspec.structs import replace
from sqlcipher3 import dbapi2

from planner.errors import EnvironmentProblem, KnownError
from planner.storage import database
from planner.storage.acts import check_trail
from planner.storage.database import guarded
from planner.storage.key_file import new_key
from planner.storage.migrations import VERSION
from planner.storage.repository import Repository
from planner.storage.verification import _pages_in_log
from tests.storage.plans import AT, later, small_plan


def _empty(path):
    path.write_bytes(b"")


def _picture(path):
    path.write_bytes(b"\xff\xd8\xff\xe0" + b"JFIF" * 400)


def _short(path):
    path.write_bytes(b"SQLite format 3\0")


def _foreign(path):
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE plan (id TEXT)")
        other.execute("CREATE TRIGGER t AFTER INSERT ON plan BEGIN DELETE FROM plan; END")
        other.commit()


def _newer(path):
    Repository(path).close()
    with closing(database.connect(path, "rw")) as raw:
        raw.execute(f"PRAGMA user_version = {VERSION + 1}")


def _folder(path):
    path.mkdir()


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (_empty, "empty"),
        (_picture, "no store of this program"),
        (_short, "store"),
        (_foreign, "another program"),
        (_newer, "newer version"),
        (_folder, "store"),
    ],
)
def test_file_that_is_no_store_is_refused_and_left_alone(path, make, says):
    path.parent.mkdir()
    make(path)
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(EnvironmentProblem, match=says) as caught:
        Repository(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert (path.read_bytes() if path.is_file() else b"") == before


@pytest.mark.skipif(os.name != "posix", reason="pipes")
def test_a_pipe_in_the_place_of_a_store_is_not_waited_for(path):
    path.parent.mkdir()
    os.mkfifo(path)
    with pytest.raises(EnvironmentProblem, match="no store of this program"):
        database.is_plain(path)


def filled(path):
    with closing(Repository(path)) as store:
        for number in range(6):
            for days in range(1, 5):
                store.append(later(small_plan(f"plan-{number}", f"Name {number}"), days), "Edit", "Ph. One", AT)
        return {(f"plan-{n}", c): store.load(f"plan-{n}", c) for n in range(6) for c in range(1, 5)}


def looked_at(path, good):
    """Read everything a user could see; what is shown must be what was saved. Returns how much was refused."""
    refused = 0
    try:
        store = Repository(path)
    except KnownError:
        return 1
    with closing(store):
        try:
            lines = store.summaries()
            assert {line.given_name for line in lines if not line.damaged} <= {f"Name {n}" for n in range(6)}
            refused += len(lines) < 6 or any(line.damaged for line in lines)
        except KnownError:
            refused += 1
        for (plan_id, counter), saved in good.items():
            try:
                assert store.load(plan_id, counter) == saved
            except KnownError:
                refused += 1
        used(store)
    return refused


def used(store):
    """Everything else a user does with a store; a damaged one may refuse, in a sentence."""
    for act in (
        store.verify,
        lambda: store.summaries("name exam"),
        lambda: store.history("plan-2"),
        lambda: store.append(small_plan("plan-2"), "Edit", "Ph. One", AT),
        lambda: store.append(small_plan("plan-new"), "New plan", "Ph. One", AT),
    ):
        with suppress(KnownError):
            act()


@pytest.mark.parametrize("seed", range(4))
def test_flipped_bits_are_never_shown_as_good(path, tmp_path, seed):
    good = filled(path)
    raw, chance, noticed = path.read_bytes(), random.Random(seed), 0
    for _ in range(12):
        broken, bad = bytearray(raw), tmp_path / "bad.db"
        broken[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
        bad.write_bytes(broken)
        noticed += bool(looked_at(bad, good))
        for left in tmp_path.glob("bad.db*"):
            left.unlink()
    assert noticed


@pytest.mark.parametrize("percent", range(0, 100, 10))
def test_truncated_store_is_never_shown_as_good(path, tmp_path, percent):
    good = filled(path)
    raw, bad = path.read_bytes(), tmp_path / "bad.db"
    bad.write_bytes(raw[: len(raw) * percent // 100])
    assert looked_at(bad, good)


def test_lost_pages_at_the_end_leave_a_sentence(path, tmp_path):
    filled(path)
    raw = path.read_bytes()
    path.write_bytes(raw[:-4096])
    with pytest.raises(EnvironmentProblem, match="damaged"):
        Repository(path).load("plan-5")


def test_store_in_use_by_another_writer_is_told(store, path, monkeypatch):
    monkeypatch.setattr(database, "_BUSY_SECONDS", 0)
    with closing(Repository(path)) as other, closing(database.connect(path, "rw")) as writer:
        writer.execute("BEGIN IMMEDIATE")
        with pytest.raises(EnvironmentProblem, match="another program is writing"):
            other.append(small_plan(), "New plan", "Ph. One", AT)
        writer.execute("ROLLBACK")
        other.append(small_plan(), "New plan", "Ph. One", AT)


def test_full_disk_is_told_and_loses_nothing(store):
    store.append(small_plan(), "New plan", "Ph. One", AT)
    (pages,) = store._connection.execute("PRAGMA page_count").fetchone()
    store._connection.execute(f"PRAGMA max_page_count = {pages}")
    big = replace(small_plan(), patient=replace(small_plan().patient, diagnosis="x" * 10**6))
    with pytest.raises(EnvironmentProblem, match="disk is full"):
        store.append(big, "Edit", "Ph. One", AT)
    store._connection.execute("PRAGMA max_page_count = 1000000")
    assert store.verify() == ()
    store.append(small_plan(), "Goes on", "Ph. One", AT)
    assert store.history("plan-1")[-1].what == "Goes on"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("database or disk is full", r"the disk is full .*MB free\); make room"),
        ("disk I/O error", "the disk failed"),
        ("attempt to write a readonly database", "write-protected"),
        ("database is locked", "another program is writing"),
        ("something new", "damaged or was changed"),
    ],
)
def test_an_error_without_a_name_is_called_by_its_words(store, path, words, says):
    with pytest.raises(EnvironmentProblem, match=says), guarded(path):
        raise dbapi2.OperationalError(words)


def test_a_share_on_which_another_computer_edits_is_no_failed_disk(store, path, monkeypatch):
    store.append(small_plan(), "New plan", "w", AT)  # leaves a log beside the file
    monkeypatch.setattr(database, "unsafe_place", lambda folder: "an NFS share")
    with pytest.raises(EnvironmentProblem, match="another computer edits"), guarded(path):
        raise dbapi2.OperationalError("disk I/O error")


def test_a_drive_that_does_not_answer_is_no_damaged_store(store, path, monkeypatch):
    def refuse(*_arguments, **_words):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(database.Path, "open", refuse)
    with pytest.raises(EnvironmentProblem, match="drive does not answer"), guarded(path):
        raise dbapi2.DatabaseError("database disk image is malformed")


def test_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(EnvironmentProblem, match="file"):
        Repository(tmp_path / "file" / "plans.db")


def test_two_that_make_the_store_at_once_end_in_one(path, monkeypatch):
    real = database._give_name

    def other_is_faster(part, name):
        if not name.exists():
            monkeypatch.setattr(database, "_give_name", real)
            with closing(Repository(name)) as other:
                other.append(small_plan(), "Theirs", "Ph. Two", AT)
        real(part, name)

    monkeypatch.setattr(database, "_give_name", other_is_faster)
    with closing(Repository(path)) as store:
        assert [line.what for line in store.history("plan-1")] == ["Theirs"]


def test_disk_without_hard_links_still_gets_its_store(path, monkeypatch):
    def refuse(self, target):
        raise PermissionError(1, "not supported")

    monkeypatch.setattr(type(path), "hardlink_to", refuse)
    with closing(Repository(path)) as store:
        assert store.append(small_plan(), "New plan", "Ph. One", AT).counter == 1


def test_copy_of_a_closed_store_is_whole(path, tmp_path):
    good = filled(path)
    shutil.copy(path, tmp_path / "copy.db")
    assert looked_at(tmp_path / "copy.db", good) == 0


class _OutOfOrder:
    """A connection to a damaged file: its lines come again and again."""

    def __init__(self, connection):
        self._connection = connection

    def execute(self, statement, values=()):
        return self._connection.execute(statement, (0, values[1]) if "number > ?" in statement else values)


def test_lines_that_come_again_end_with_a_word(path):
    filled(path)
    with closing(database.connect(path, "rw")) as raw:
        assert "stands after" in check_trail(_OutOfOrder(raw))[-1]


def test_a_page_torn_while_the_log_holds_it_is_no_damage(tmp_path):
    path, key = tmp_path / "plans.db", new_key(bytes)
    (tmp_path / "cut").mkdir()
    with closing(Repository(path, key)) as store:
        store.append(small_plan(), "New plan", "w", AT)
        with store.reading() as connection:
            page = max(number for number in _pages_in_log(connection) if number * 4096 <= path.stat().st_size)
        for name in ("plans.db", "plans.db-wal"):
            shutil.copy(tmp_path / name, tmp_path / "cut" / name)
    path = tmp_path / "cut" / "plans.db"
    _tear(path, page)
    with closing(Repository(path, key, read_only="this only reads")) as store:
        assert store.verify() == ()
    with closing(Repository(path, key)) as store:
        assert store.verify() == ()
    _tear(path, page)
    with pytest.raises(EnvironmentProblem), closing(Repository(path, key, read_only="this only reads")) as store:
        assert store.verify() == ()


def _tear(path, page):
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096 + 512)
        file.write(bytes(512))
