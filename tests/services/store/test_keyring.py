"""The keyring of the account through the library itself, with a backend of our own behind it."""

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, NoKeyringError, PasswordDeleteError

from planner.errors import EnvironmentProblem, KeyNeeded
from planner.model.store import Protection
from planner.services.store import protection
from planner.services.store.archive import Archive
from planner.services.store.protection import STORE_FILE, create, protect, protection_of, unlock
from planner.storage.key_file import key_path
from tests.quick_keys import stretch_quickly
from tests.storage.plans import AT, small_plan


class Kept(KeyringBackend):
    """Keeps secrets in a dictionary, or fails as told."""

    priority = 1

    def __init__(self):
        super().__init__()
        self.kept, self.fails = {}, None

    def get_password(self, service, username):
        if self.fails:
            raise self.fails
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        if self.fails:
            raise self.fails
        self.kept[service, username] = password

    def delete_password(self, service, username):
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError


@pytest.fixture
def backend(monkeypatch):
    stretch_quickly(monkeypatch)
    before = keyring.get_keyring()
    made = Kept()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


def test_a_key_goes_into_the_keyring_and_comes_back(tmp_path, backend):
    assert protection.keyring_works()
    key = create(tmp_path, Protection.KEYRING)
    with Archive.open(tmp_path, key) as archive:
        archive.save(small_plan(), "New plan", "w", AT)
    assert protection_of(tmp_path) is Protection.KEYRING
    assert list(backend.kept.values()) == [key.raw.hex()]
    assert key.raw.hex() not in key_path(tmp_path / STORE_FILE).read_text()
    with Archive.open(tmp_path) as archive:
        assert archive.load("plan-1") == small_plan()


@pytest.mark.parametrize("failure", [KeyringLocked("secret words"), NoKeyringError("none"), RuntimeError("bus")])
def test_a_keyring_that_fails_is_one_sentence_and_loses_nothing(tmp_path, backend, failure):
    create(tmp_path, Protection.KEYRING)
    backend.fails = failure
    assert not protection.keyring_works()
    with pytest.raises(EnvironmentProblem, match="does not answer") as told:
        unlock(tmp_path)
    assert str(failure) not in str(told.value)
    backend.fails = None
    Archive.open(tmp_path).close()


def test_a_key_that_left_the_keyring_is_told(tmp_path, backend):
    create(tmp_path, Protection.KEYRING)
    backend.kept.clear()
    with pytest.raises(KeyNeeded, match="does not hold"):
        Archive.open(tmp_path)


def test_from_a_passphrase_to_the_keyring_and_back(tmp_path, backend):
    key = create(tmp_path, Protection.PASSPHRASE, "correct horse")
    protect(tmp_path, key, Protection.KEYRING)
    assert unlock(tmp_path) == key
    protect(tmp_path, key, Protection.PASSPHRASE, "correct horse")
    backend.kept.clear()
    assert unlock(tmp_path, "correct horse") == key
