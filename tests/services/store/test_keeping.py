"""Backups by themselves, putting one back, encrypting, deleting, erasing, as the window and the commands do it."""

import shutil
from datetime import UTC, datetime, timedelta

import pytest

from planner.errors import EnvironmentProblem, InputProblem, Refusal
from planner.model import store_words as words
from planner.model.store import Protection
from planner.services.store import archive as archives
from planner.services.store import keeping
from planner.services.store.archive import Archive, is_me, start_editing, why_read_only
from planner.services.store.keeping import (
    EVERY,
    back_up,
    backups,
    clock_behind,
    encrypt_store,
    erase,
    in_clear,
    is_due,
    named_backup,
    restore,
)
from planner.services.store.protection import STORE_FILE, create, key_for_backup, protection_of, unlock
from planner.storage.backup import backups_in
from planner.storage.lock import EditingLock, myself
from tests.quick_keys import stretch_quickly
from tests.storage.plans import AT, ROOT, later, small_plan

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    stretch_quickly(monkeypatch)


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "data"
    with Archive.open(folder, create(folder, Protection.FILE)) as archive:
        for number in range(3):
            archive.save(small_plan(f"plan-{number}"), "New plan", "Ph. One", AT)
    return folder


def test_backup_is_due_when_something_changed_and_ten_minutes_went_by(folder):
    key = unlock(folder)
    assert is_due(folder, 3, NOW)
    assert not is_due(folder.parent / "empty", 0, NOW)
    back_up(folder, key, NOW)
    assert not is_due(folder, 3, NOW + timedelta(days=1))
    assert not is_due(folder, 4, NOW + EVERY - timedelta(seconds=1))
    assert is_due(folder, 4, NOW + EVERY)
    assert is_due(folder, 4, NOW - timedelta(days=365))
    back_up(folder, key, NOW - timedelta(days=365))
    for seconds, due in ((30, False), (599, False), (600, True)):
        assert is_due(folder, 5, NOW - timedelta(days=365) + timedelta(seconds=seconds)) is due


def test_second_folder_gets_its_copy_and_its_failure_is_only_told(folder, tmp_path):
    key = unlock(folder)
    made = back_up(folder, key, NOW, "by hand", tmp_path / "usb")
    assert made.problem == ""
    assert (tmp_path / "usb" / made.backup.path.name).read_bytes() == made.backup.path.read_bytes()
    (tmp_path / "file").write_text("x")
    told = back_up(folder, key, NOW, "", tmp_path / "file" / "usb")
    assert "second backup folder" in told.problem
    assert len(backups(folder)) == 2


@pytest.mark.parametrize("place", ["", "backups", "usb"])
def test_another_stores_key_and_backups_are_left_alone(folder, tmp_path, place):
    """Two stores with one second folder, or a slip in its name: the other's backups could never be opened again."""
    other = tmp_path / "other"
    with Archive.open(other, create(other, Protection.FILE)) as archive:
        archive.save(small_plan(), "New plan", "Ph. Two", AT)
    back_up(other, unlock(other), NOW, "", tmp_path / "usb")
    second = other / place if place != "usb" else tmp_path / "usb"
    before = {path.name: path.read_bytes() for path in second.iterdir() if path.is_file()}
    made = back_up(folder, unlock(folder), NOW + timedelta(days=500), "", second)
    assert "another store" in made.problem
    assert backups(folder) == (made.backup,)
    assert {path.name: path.read_bytes() for path in second.iterdir() if path.is_file()} == before
    with Archive.open(other) as archive:
        assert archive.load("plan-1") == small_plan()


def test_its_own_folder_and_plain_backups_of_before_are_no_other_stores(tmp_path):
    store, second = tmp_path / "data", tmp_path / "usb"
    with Archive.open(store, create(store, Protection.PLAIN)) as archive:
        archive.save(small_plan(), "New plan", "Ph. One", AT)
    assert back_up(store, unlock(store), NOW, "", second).problem == ""
    encrypt_store(store, Protection.FILE, "", NOW)
    assert back_up(store, unlock(store), NOW + timedelta(hours=1), "", second).problem == ""
    assert back_up(store, unlock(store), NOW + timedelta(hours=2), "", store).problem == ""


def test_backup_from_where_nothing_can_be_written_goes_to_the_second_folder(folder, tmp_path, monkeypatch):
    """A store on a medium that may only be read, or a disk about to fail, can still be carried away."""
    key = unlock(folder)
    monkeypatch.setattr(keeping.os, "access", lambda path, mode: mode != keeping.os.W_OK)
    made = back_up(folder, key, NOW, "", tmp_path / "usb")
    assert (made.problem, made.backup.path.parent) == ("", tmp_path / "usb")
    assert backups(folder) == ()
    there = keeping.backup_at(made.backup.path)
    found = key_for_backup(tmp_path / "new", there.path, "")
    restore(tmp_path / "new", found, there, "Ph. One", NOW)
    with Archive.open(tmp_path / "new") as archive:
        assert archive.count() == 3


def test_plain_backup_needs_no_key_on_a_computer_without_a_store(tmp_path):
    with Archive.open(tmp_path / "old", create(tmp_path / "old", Protection.PLAIN)) as archive:
        archive.save(small_plan(), "New plan", "Ph. One", AT)
    made = back_up(tmp_path / "old", unlock(tmp_path / "old"), NOW).backup
    key = key_for_backup(tmp_path / "new", made.path, "")
    restore(tmp_path / "new", key, made, "Ph. One", NOW)
    with Archive.open(tmp_path / "new") as archive:
        assert archive.load("plan-1") == small_plan()


def test_a_clock_set_back_is_told_and_changes_nothing_of_the_order(folder):
    with Archive.open(folder, unlock(folder)) as archive:
        last = datetime.fromisoformat(AT)
        assert clock_behind(archive, last - timedelta(minutes=59)) == ""
        assert clock_behind(archive, last + timedelta(days=400)) == ""
        told = clock_behind(archive, last - timedelta(days=365))
        assert "says 22-Nov-2025 10:00, but the plans were saved last on 22-Nov-2026 10:00" in told
        before = archive.load("plan-1")
        archive.save(later(before, 1), "Edit", "Ph. One", (last - timedelta(days=365)).isoformat())
        assert archive.load("plan-1") == later(before, 1)
        assert archive.verify() == ()
        # Saved since by the wrong clock: the latest moment counts, not the newest line.
        assert clock_behind(archive, last - timedelta(days=365)) == told
        for _edit in range(3):
            archive.save(small_plan("plan-2"), "Edit", "Ph. One", (last - timedelta(days=30)).isoformat())
        assert clock_behind(archive, last - timedelta(days=365)) == told
        assert clock_behind(archive, last + timedelta(minutes=1)) == ""
    with Archive.open(tmp := folder.parent / "empty", create(tmp, Protection.PLAIN)) as archive:
        assert clock_behind(archive, NOW) == ""


def test_file_that_is_not_named_as_a_backup_is_told_so(folder):
    made = back_up(folder, unlock(folder), NOW).backup.path
    other = made.rename(folder / "monday.db")
    with pytest.raises(InputProblem, match="not named as a backup"):
        named_backup(folder, str(other))


def test_restore_keeps_the_present_first(folder):
    key = unlock(folder)
    made = back_up(folder, key, NOW).backup
    with Archive.open(folder) as archive:
        archive.save(later(small_plan("plan-1"), 5), "Edit", "Ph. One", AT)
    before = restore(folder, key, named_backup(folder, made.path.name), "Ph. Two", NOW)
    with Archive.open(folder) as archive:
        assert [line.what for line in archive.history("plan-1")] == ["New plan"]
        assert archive.trail()[-1].who == "Ph. Two"
        assert before.name in archive.trail()[-1].what
        assert archive.verify() == ()
    assert restore(folder, key, named_backup(folder, str(before)), "Ph. Two", NOW + timedelta(minutes=1))
    with Archive.open(folder) as archive:
        assert [line.what for line in archive.history("plan-1")] == ["New plan", "Edit"]


def test_restore_over_a_damaged_store_keeps_its_bytes(folder):
    key = unlock(folder)
    made = back_up(folder, key, NOW).backup
    (folder / STORE_FILE).write_bytes(b"broken" * 500)
    before = restore(folder, key, made, "Ph. Two", NOW)
    assert before.read_bytes() == b"broken" * 500
    with Archive.open(folder) as archive:
        assert archive.count() == 3


@pytest.mark.parametrize("place", [100, 4096 + 17, 5 * 4096 + 1000, -2000])
def test_restore_over_a_store_with_a_flipped_bit(folder, place):
    key = unlock(folder)
    made = back_up(folder, key, NOW).backup
    content = bytearray((folder / STORE_FILE).read_bytes())
    content[place] ^= 4
    (folder / STORE_FILE).write_bytes(content)
    before = restore(folder, key, made, "Ph. Two", NOW)
    assert before.read_bytes() == content
    with Archive.open(folder) as archive:
        assert archive.verify() == ()
        assert archive.count() == 3


def test_unsound_backup_changes_nothing(folder):
    key = unlock(folder)
    made = back_up(folder, key, NOW).backup
    made.path.write_bytes(made.path.read_bytes()[:-4096])
    raw = (folder / STORE_FILE).read_bytes()
    with pytest.raises(EnvironmentProblem):
        restore(folder, key, made, "Ph. Two", NOW)
    assert (folder / STORE_FILE).read_bytes() == raw
    with pytest.raises(InputProblem, match="no backup"):
        named_backup(folder, "plans-20200101T000000Z-1.db")


def test_nothing_is_replaced_while_somebody_edits(folder, monkeypatch):
    key = unlock(folder)
    made = back_up(folder, key, NOW).backup
    other = myself("Ph. Two", "10:00")._replace(account="somebody", pid=1)
    monkeypatch.setattr(keeping, "start_editing", lambda *_words: other)
    with pytest.raises(EnvironmentProblem, match=r"Ph\. Two"):
        restore(folder, key, made, "Ph. One", NOW)


def test_plain_store_and_its_backups_are_encrypted(tmp_path):
    create(tmp_path, Protection.PLAIN)
    with Archive.open(tmp_path) as archive:
        archive.save(small_plan(), "New plan", "Ph. One", AT)
    back_up(tmp_path, unlock(tmp_path), NOW)
    key = encrypt_store(tmp_path, Protection.PASSPHRASE, "correct horse", NOW)
    assert protection_of(tmp_path) is Protection.PASSPHRASE
    assert unlock(tmp_path, "correct horse") == key
    for path in tmp_path.rglob("*"):
        assert path.is_dir() or b"Ana" not in path.read_bytes()
    restore(tmp_path, key, backups(tmp_path)[0], "Ph. One", NOW)
    with Archive.open(tmp_path, key) as archive:
        assert archive.load("plan-1") == small_plan()
    with pytest.raises(Refusal):
        encrypt_store(tmp_path, Protection.PASSPHRASE, "correct horse", NOW)


def test_copies_in_clear_in_the_second_folder_are_encrypted_and_damaged_stores_are_told(tmp_path):
    folder, second = tmp_path / "data", tmp_path / "second"
    create(folder, Protection.PLAIN)
    with Archive.open(folder) as archive:
        archive.save(small_plan(), "New plan", "Ph. One", AT)
    backup = back_up(folder, unlock(folder), NOW, second=second).backup
    with (folder / STORE_FILE).open("r+b") as file:
        file.seek(100)
        file.write(bytes(100))
    damaged = restore(folder, unlock(folder), backup, "Ph. One", NOW)
    key = encrypt_store(folder, Protection.FILE, "", NOW)
    assert back_up(folder, key, NOW + timedelta(hours=1), "protection", second).problem == ""
    assert in_clear(folder, second) == (f"{damaged}: {words.IN_CLEAR}",)
    damaged.unlink()
    assert in_clear(folder, None) == ()
    assert not any(b"Ana" in path.read_bytes() for path in tmp_path.rglob("*.db*"))
    assert len(backups_in(second)) == 2


def test_store_of_the_first_version_opens_after_a_backup(tmp_path):
    shutil.copy(ROOT / "tests" / "old" / "store-1.db", tmp_path / STORE_FILE)
    with Archive.open(tmp_path) as archive:
        assert archive.count() == 3
        assert archive.trail()[-1].kind == "upgrade"
    (backup,) = backups(tmp_path)
    assert backup.why == "before upgrade"


def test_deleting_many_wants_to_be_confirmed_and_all_can_be_taken_back(folder):
    with Archive.open(folder) as archive:
        for number in range(3, 40):
            archive.save(small_plan(f"plan-{number}"), "New plan", "Ph. One", AT)
        ids = [f"plan-{number}" for number in range(6)]
        with pytest.raises(Refusal, match="6 plans at once"):
            archive.delete(ids, "moved away", "Ph. One", AT)
        with pytest.raises(Refusal, match="reason"):
            archive.delete(["plan-1"], " ", "Ph. One", AT)
        archive.delete(ids, "moved away", "Ph. One", AT, confirmed=6)
        assert archive.count() == 34
        assert {one.void for one in archive.deleted()} == {"moved away"}
        assert "plan-1" not in {one.plan_id for one in (*archive.list(limit=-1), *archive.list("exa", limit=-1))}
        with pytest.raises(Refusal, match="deleted"):
            archive.save(later(small_plan("plan-1"), 3), "Edit", "Ph. One", AT)
        with pytest.raises(Refusal, match="already"):
            archive.delete(["plan-1"], "again", "Ph. One", AT)
        for plan_id in ids:
            archive.take_back(plan_id, "mistake", "Ph. One", AT)
        with pytest.raises(Refusal, match="not deleted"):
            archive.take_back("plan-1", "mistake", "Ph. One", AT)
        with pytest.raises(InputProblem, match="no plan"):
            archive.take_back("nix", "mistake", "Ph. One", AT)
        assert archive.count() == 40
        assert archive.load("plan-1") == small_plan("plan-1")
        assert [line.kind for line in archive.trail("plan-1")] == ["save", "void", "unvoid"]
        assert archive.verify() == ()


def test_going_back_to_a_revision_is_a_revision(folder):
    with Archive.open(folder) as archive:
        archive.save(later(small_plan("plan-1"), 5), "Edit", "Ph. One", AT)
        plan, saved = archive.go_back("plan-1", 1, "Ph. Two", "2026-11-28T10:00:00+01:00")
        assert plan == small_plan("plan-1")
        assert (saved.counter, saved.what, saved.at, saved.zone) == (
            3, "Back to revision 1", "2026-11-28T09:00:00+00:00", "+01:00",
        )  # fmt: skip
        assert archive.load("plan-1", 2) == later(small_plan("plan-1"), 5)


def test_erasing_reaches_the_backups(folder):
    key = unlock(folder)
    made = back_up(folder, key, NOW).backup
    with Archive.open(folder) as archive:
        assert erase(archive, [folder / "backups"], "00123", "request 7", "Ph. One", AT) == (3, ())
        assert archive.count() == 0
        assert archive.trail()[0].erased
    restore(folder, key, named_backup(folder, made.path.name), "Ph. One", NOW)
    with Archive.open(folder) as archive:
        assert archive.count() == 0


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("unsafe_place", lambda folder: "an NFS share", "NFS"),
        ("holder_of", lambda store: myself("Ph. Two", "10:00")._replace(account="somebody"), "Ph. Two"),
    ],
)
def test_where_nothing_may_be_written_plans_are_shown(folder, monkeypatch, name, value, says):
    monkeypatch.setattr(archives, name, value)
    with Archive.open(folder) as archive:
        assert says in archive.read_only
        assert archive.load("plan-1") == small_plan("plan-1")
        for act in (
            lambda: archive.save(later(small_plan("plan-1"), 1), "Edit", "Ph. One", AT),
            lambda: archive.delete(["plan-1"], "x", "Ph. One", AT),
            lambda: archive.record("print", "sheet", "Ph. One", AT),
        ):
            with pytest.raises(EnvironmentProblem, match=says):
                act()
    monkeypatch.undo()
    with Archive.open(folder) as archive:
        assert archive.read_only == ""


def test_write_protected_places_are_told_apart(folder, monkeypatch):
    said = []
    for protected in (folder / STORE_FILE, folder):
        monkeypatch.setattr(archives.os, "access", lambda path, mode, wrong=protected: path != wrong)
        said.append(why_read_only(folder))
    assert len({*said, ""}) == 3
    assert STORE_FILE in said[0]


def test_my_own_window_does_not_lock_me_out(folder):
    lock = start_editing(folder, "Ph. One", "10:00", "door")
    with lock, Archive.open(folder) as archive:
        assert isinstance(lock, EditingLock)
        assert archive.read_only == ""
        second = start_editing(folder, "Ph. One", "10:05")
        assert is_me(second)
        assert second.door == "door"
