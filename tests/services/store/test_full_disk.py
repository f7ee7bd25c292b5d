"""Little room on the disk, and somebody who saves at a bad moment: what is said is true, and nothing saved is lost."""

import shutil
from contextlib import contextmanager
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from sqlcipher3 import dbapi2

from planner.errors import EnvironmentProblem, InputProblem
from planner.model.store import Protection
from planner.services.store import keeping
from planner.services.store.archive import Archive
from planner.services.store.keeping import back_up, erase, follow_protection, restore
from planner.services.store.protection import STORE_FILE, create
from planner.storage.database import guarded
from planner.storage.erasing import pack
from planner.storage.key_file import PLAIN_KEY
from tests.storage.plans import AT, small_plan

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
FULL = EnvironmentProblem("the disk is full")


@pytest.fixture
def folder(tmp_path):
    with Archive.open(tmp_path, create(tmp_path, Protection.PLAIN)) as archive:
        archive.save(small_plan(), "New plan", "Ph. One", AT)
    return tmp_path


@pytest.fixture
def little_room(folder, monkeypatch):
    """Enough to open the store for writing, and none for a copy of it."""
    usage = shutil.disk_usage(folder)
    free = 64 * 1024 + (folder / STORE_FILE).stat().st_size
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=free))


def fail(*_):
    raise FULL


def test_a_copy_without_room_is_no_failed_disk(folder, little_room):
    with pytest.raises(EnvironmentProblem, match="the disk is full"), guarded(folder / STORE_FILE):
        raise dbapi2.OperationalError("disk I/O error")


def test_nobody_is_erased_where_the_file_cannot_be_packed(folder, little_room):
    """It was erased from the plans, not from the backups, and told as if nothing had happened."""
    with Archive.open(folder) as archive:
        with pytest.raises(EnvironmentProblem, match="the disk is full"):
            erase(archive, [folder / "backups"], "00123", "request 7", "Ph. One", AT)
        assert archive.count() == 1


def test_a_file_that_could_not_be_packed_is_told(folder):
    asked = []

    @contextmanager
    def reading():
        asked.append(1)
        raise FULL
        yield

    (line,) = pack(SimpleNamespace(path=folder / STORE_FILE, reading=reading))
    assert "the patient is erased, but bytes of them may still lie in unused parts" in line
    assert len(asked) == 2, "the log is cut all the same"


def test_erasing_again_packs_the_file(folder, monkeypatch):
    packed = []
    monkeypatch.setattr(keeping, "pack", lambda repository: packed.append(repository.path) or ())
    with Archive.open(folder) as archive, pytest.raises(InputProblem, match="no patient"):
        erase(archive, [], "nobody", "request 7", "Ph. One", AT)
    assert packed == [folder / STORE_FILE]


def test_a_sound_store_is_not_kept_as_a_damaged_one(folder, little_room, monkeypatch):
    backup = back_up(folder, PLAIN_KEY, NOW).backup
    monkeypatch.setattr(keeping, "write_backup", fail)
    with pytest.raises(EnvironmentProblem, match="cannot be kept"):
        restore(folder, PLAIN_KEY, backup, "Ph. One", NOW)
    assert not list((folder / "backups").glob("damaged-*"))


def test_a_new_protection_tells_where_the_key_beside_the_backups_is_the_old_one(folder, monkeypatch):
    monkeypatch.setattr(keeping, "write_backup", fail)
    with pytest.raises(EnvironmentProblem, match="the key file beside the backups may still be the one of before"):
        follow_protection(folder, PLAIN_KEY, NOW, None)


def test_what_is_saved_while_a_backup_is_put_back_is_not_lost(folder, monkeypatch):
    """It came after the present state was kept, and before the backup took its place: it was in neither."""
    backup = back_up(folder, PLAIN_KEY, NOW).backup
    put_back = keeping.put_backup

    def saved_first(*given):
        with Archive.open(folder) as archive:
            archive.save(small_plan("plan-2"), "New plan", "Ph. Two", AT)
        put_back(*given)

    monkeypatch.setattr(keeping, "put_backup", saved_first)
    with pytest.raises(EnvironmentProblem, match="another program is writing"):
        restore(folder, PLAIN_KEY, backup, "Ph. One", NOW)
    with Archive.open(folder) as archive:
        assert archive.count() == 2
        assert archive.verify() == ()
    monkeypatch.setattr(keeping, "put_backup", put_back)
    restore(folder, PLAIN_KEY, backup, "Ph. One", NOW)
    with Archive.open(folder) as archive:
        assert archive.count() == 1
