"""Backups in clear and keys that open nothing: neither stands in the way of plans that are put back."""

import shutil
from datetime import UTC, datetime

import pytest

from planner.errors import EnvironmentProblem
from planner.model.store import Protection
from planner.services.store import keeping
from planner.services.store.archive import Archive
from planner.services.store.keeping import back_up, encrypt_store, restore
from planner.services.store.protection import STORE_FILE, create, key_for_backup, unlock
from planner.storage.database import is_plain
from planner.storage.key_file import PLAIN_KEY, file_box, key_path, new_key, write_box
from tests.storage.plans import AT, small_plan

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "data"
    with Archive.open(folder, create(folder, Protection.PLAIN)) as archive:
        archive.save(small_plan(), "New plan", "Ph. One", AT)
    return folder


def test_a_lost_plain_store_comes_back_beside_a_key_that_opens_nothing(folder):
    """A kill between key and encryption leaves one; the backup was called damaged, or wanted a passphrase."""
    backup = back_up(folder, PLAIN_KEY, NOW).backup
    write_box(folder / STORE_FILE, file_box(new_key()))
    (folder / STORE_FILE).unlink()
    key = key_for_backup(folder, backup.path, "")
    assert key == PLAIN_KEY
    restore(folder, key, backup, "Ph. One", NOW)
    with Archive.open(folder) as archive:
        assert archive.load("plan-1") == small_plan()


def test_a_copy_in_clear_of_before_is_put_back_encrypted(folder, tmp_path):
    """From a drive that was not there when the store was encrypted: it was called damaged or another store's."""
    backup = back_up(folder, PLAIN_KEY, NOW).backup
    elsewhere = tmp_path / backup.path.name
    shutil.copyfile(backup.path, elsewhere)
    key = encrypt_store(folder, Protection.FILE, "", NOW)
    with Archive.open(folder, key) as archive:
        archive.save(small_plan("plan-2"), "New plan", "Ph. One", AT)
    assert key_for_backup(folder, elsewhere, "") == key
    restore(folder, key, backup._replace(path=elsewhere), "Ph. One", NOW)
    with Archive.open(folder, key) as archive:
        assert [one.plan_id for one in archive.list()] == ["plan-1"]
        assert archive.verify() == ()
    assert not any(is_plain(path) for path in folder.rglob("*.db"))
    (folder / STORE_FILE).unlink()
    restore(folder, key_for_backup(folder, elsewhere, ""), backup._replace(path=elsewhere), "Ph. One", NOW)
    assert not is_plain(folder / STORE_FILE), "a lost store that was encrypted comes back encrypted"


def test_an_encryption_that_fails_leaves_no_key(folder, monkeypatch):
    def fail(*_):
        raise EnvironmentProblem("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(keeping, "encrypt", fail)
        with pytest.raises(EnvironmentProblem):
            encrypt_store(folder, Protection.FILE, "", NOW)
    assert not list(folder.glob("plans.key*"))
    encrypt_store(folder, Protection.FILE, "", NOW)
    assert key_path(folder / STORE_FILE).exists()
    assert unlock(folder).raw
