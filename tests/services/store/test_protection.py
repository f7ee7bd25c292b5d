"""How a store is protected: chosen once, opened by the right way only, changed whole."""

import json
import shutil
import sys
from types import ModuleType, SimpleNamespace

import pytest

from planner.errors import EnvironmentProblem, KeyNeeded, WrongPassphrase
from planner.model.store import Protection
from planner.services.store import protection
from planner.services.store.archive import Archive
from planner.services.store.protection import (
    STORE_FILE,
    create,
    key_for_backup,
    look_at,
    protect,
    protection_of,
    unlock,
)
from planner.storage.database import is_plain
from planner.storage.key_file import copy_path, key_path, write_box
from tests.quick_keys import stretch_quickly
from tests.storage.plans import AT, small_plan

GOOD = "correct horse"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    stretch_quickly(monkeypatch)
    for name in ("REGIMAP_PASSPHRASE", "REGIMAP_PASSPHRASE_FILE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def keyring(monkeypatch):
    """A keyring of the account, kept in a dictionary."""
    kept, module, errors = {}, ModuleType("keyring"), ModuleType("keyring.errors")
    errors.KeyringError = type("KeyringError", (Exception,), {})
    module.get_password = lambda service, account: kept.get((service, account))
    module.set_password = lambda service, account, secret: kept.__setitem__((service, account), secret)
    monkeypatch.setitem(sys.modules, "keyring", module)
    monkeypatch.setitem(sys.modules, "keyring.errors", errors)
    return SimpleNamespace(kept=kept, module=module, error=errors.KeyringError)


def filled(folder, key):
    with Archive.open(folder, key) as archive:
        archive.save(small_plan(), "New plan", "Ph. One", AT)


@pytest.mark.parametrize("kind", [Protection.PASSPHRASE, Protection.FILE, Protection.PLAIN])
def test_each_kind_opens_in_its_way(tmp_path, kind):
    assert look_at(tmp_path).exists is False
    assert look_at(tmp_path).protection is Protection.PASSPHRASE
    filled(tmp_path, create(tmp_path, kind, GOOD))
    assert protection_of(tmp_path) is kind
    assert (look_at(tmp_path).exists, look_at(tmp_path).unsafe, look_at(tmp_path).holder) == (True, "", None)
    assert is_plain(tmp_path / STORE_FILE) == (kind is Protection.PLAIN)
    with Archive.open(tmp_path, unlock(tmp_path, GOOD)) as archive:
        assert archive.load("plan-1") == small_plan()


def test_locked_store_asks_and_refuses(tmp_path, monkeypatch):
    filled(tmp_path, create(tmp_path, Protection.PASSPHRASE, GOOD))
    with pytest.raises(KeyNeeded, match="passphrase"):
        Archive.open(tmp_path)
    with pytest.raises(WrongPassphrase):
        unlock(tmp_path, "wrong horse")
    monkeypatch.setenv("REGIMAP_PASSPHRASE", GOOD)
    Archive.open(tmp_path).close()
    monkeypatch.delenv("REGIMAP_PASSPHRASE")
    (tmp_path / "pass.txt").write_text(f"{GOOD}\r\nnot this\n")
    monkeypatch.setenv("REGIMAP_PASSPHRASE_FILE", str(tmp_path / "pass.txt"))
    Archive.open(tmp_path).close()
    (tmp_path / "pass.txt").write_text("\n")
    with pytest.raises(KeyNeeded, match="first line"):
        Archive.open(tmp_path)


def test_new_store_is_encrypted_by_default(tmp_path, monkeypatch):
    Archive.open(tmp_path / "one").close()
    assert protection_of(tmp_path / "one") is Protection.FILE
    monkeypatch.setenv("REGIMAP_PASSPHRASE", GOOD)
    Archive.open(tmp_path / "two").close()
    assert protection_of(tmp_path / "two") is Protection.PASSPHRASE


def test_passphrase_is_changed_whole(tmp_path):
    key = create(tmp_path, Protection.PASSPHRASE, GOOD)
    filled(tmp_path, key)
    protect(tmp_path, key, Protection.PASSPHRASE, "another one")
    assert unlock(tmp_path, "another one") == key
    with pytest.raises(WrongPassphrase):
        unlock(tmp_path, GOOD)
    with pytest.raises(WrongPassphrase, match="at least"):
        protect(tmp_path, key, Protection.PASSPHRASE, "short")
    assert unlock(tmp_path, "another one") == key
    protect(tmp_path, key, Protection.FILE)
    assert unlock(tmp_path) == key
    with pytest.raises(EnvironmentProblem, match="plain"):
        protect(tmp_path, key, Protection.PLAIN)


def test_key_in_the_keyring(tmp_path, keyring):
    assert protection.keyring_works()
    filled(tmp_path, create(tmp_path, Protection.KEYRING))
    assert all(secret not in key_path(tmp_path / STORE_FILE).read_text() for secret in keyring.kept.values())
    Archive.open(tmp_path).close()
    keyring.kept.clear()
    with pytest.raises(KeyNeeded, match="keyring"):
        unlock(tmp_path)


def test_keyring_that_fails_leaves_no_store(tmp_path, keyring):
    def fail(*_words):
        raise keyring.error("locked, with a secret word")

    keyring.module.set_password = fail
    with pytest.raises(EnvironmentProblem, match="does not answer") as caught:
        create(tmp_path, Protection.KEYRING)
    assert "secret" not in str(caught.value)
    assert not (tmp_path / STORE_FILE).exists()
    keyring.module.set_password = lambda *_words: None
    with pytest.raises((EnvironmentProblem, KeyNeeded), match="keyring"):
        create(tmp_path, Protection.KEYRING)


def test_without_the_package_there_is_no_keyring(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert not protection.keyring_works()
    with pytest.raises(EnvironmentProblem, match="Python package keyring"):
        create(tmp_path, Protection.KEYRING)


def test_store_is_never_made_over_another_or_on_a_share(tmp_path, monkeypatch):
    create(tmp_path, Protection.FILE)
    with pytest.raises(EnvironmentProblem, match="already"):
        create(tmp_path, Protection.FILE)
    monkeypatch.setattr(protection, "unsafe_place", lambda folder: "an NFS share")
    with pytest.raises(EnvironmentProblem, match="NFS"):
        create(tmp_path / "far", Protection.FILE)


def test_lost_key_file_is_taken_from_beside_a_backup(tmp_path):
    key = create(tmp_path, Protection.PASSPHRASE, GOOD)
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / "plans.key").write_bytes(key_path(tmp_path / STORE_FILE).read_bytes())
    for path in (key_path(tmp_path / STORE_FILE), copy_path(tmp_path / STORE_FILE)):
        path.unlink()
    with pytest.raises(WrongPassphrase):
        unlock(tmp_path, "wrong horse!")
    assert unlock(tmp_path, GOOD) == key
    assert not key_path(tmp_path / STORE_FILE).exists(), "only what opened the store is kept beside it"
    Archive.open(tmp_path, key).close()
    shutil.rmtree(tmp_path / "backups")
    assert unlock(tmp_path, GOOD) == key


def test_a_missing_store_takes_its_key_from_beside_a_backup(tmp_path):
    key = create(tmp_path, Protection.PASSPHRASE, GOOD)
    (tmp_path / "backups").mkdir()
    for path in (tmp_path / STORE_FILE, copy_path(tmp_path / STORE_FILE)):
        path.unlink()
    key_path(tmp_path / STORE_FILE).rename(tmp_path / "backups" / "plans.key")
    assert key_for_backup(tmp_path, tmp_path / "backups" / "plans-20261128T120000Z-1.db", GOOD) == key


def test_the_key_beside_the_backups_never_stands_in_for_a_newer_one(tmp_path):
    create(tmp_path, Protection.FILE)
    (tmp_path / "backups").mkdir()
    box = json.loads(key_path(tmp_path / STORE_FILE).read_text())
    (tmp_path / "backups" / "plans.key").write_text(json.dumps(box))
    box.pop("checksum")
    write_box(tmp_path / STORE_FILE, {**box, "version": 2})
    with pytest.raises(EnvironmentProblem, match="newer version"):
        unlock(tmp_path)


def test_where_the_key_beside_the_backups_is_damaged_too_the_person_is_sent_to_other_copies(tmp_path):
    create(tmp_path, Protection.FILE)
    (tmp_path / "backups").mkdir()
    for path in (key_path(tmp_path / STORE_FILE), copy_path(tmp_path / STORE_FILE), tmp_path / "backups" / "plans.key"):
        path.write_text("{}")
    with pytest.raises(EnvironmentProblem, match="second folder of backups"):
        unlock(tmp_path)


def test_key_that_is_nowhere_is_told_so(tmp_path):
    create(tmp_path, Protection.PASSPHRASE, GOOD)
    for path in (key_path(tmp_path / STORE_FILE), copy_path(tmp_path / STORE_FILE)):
        path.unlink()
    with pytest.raises(EnvironmentProblem, match="neither beside the plans nor beside their backups"):
        key_for_backup(tmp_path, tmp_path / "backups" / "plans-20261128T120000Z-1.db", GOOD)


def test_everything_is_for_this_user_alone(tmp_path):
    folder = tmp_path / "data"
    create(folder, Protection.PASSPHRASE, GOOD)
    assert folder.stat().st_mode & 0o077 == 0
    assert [path.name for path in folder.iterdir() if path.stat().st_mode & 0o077] == []
