"""Who may open the store: how it is protected, the key for a session, and the choice at the first start."""

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

from msgspec import Struct

from planner.errors import EnvironmentProblem, KeyNeeded, KnownError
from planner.files import cause_of, make_private_folder, read_text, told
from planner.model import store_words as words
from planner.model.store import Holder, Protection, StoreKey
from planner.storage import key_file
from planner.storage.backup import FOLDER, backups_in, opens_with, refuse_anothers
from planner.storage.database import create_store, is_plain, refuse_link, stands_alone
from planner.storage.key_file import PLAIN_KEY
from planner.storage.lock import EditingLock, holder_of, myself, take_lock
from planner.storage.place import unsafe_place

STORE_FILE = "plans.db"
PASSPHRASE_VARIABLE = "REGIMAP_PASSPHRASE"  # noqa: S105 - the name of a variable
PASSPHRASE_FILE_VARIABLE = "REGIMAP_PASSPHRASE_FILE"  # noqa: S105
"""Environment variables for scripts: the passphrase itself, or a file whose first line it is."""
_KEYRING_SERVICE = "regimap"
_MAKING_SECONDS, _LOOK_SECONDS = 5.0, 0.05
"""So long the making of a store waits for another process that makes one, and so often it looks."""
LIMITS = (
    "Encrypted plans are safe from whoever finds or copies the disk. They are not safe from an administrator of this "
    "computer or from harmful software on it, and what is shown here stays for a time in memory and may be written to "
    "disk by the system. Use full-disk encryption, and lock the screen when you leave. A passphrase that is forgotten "
    "cannot be recovered."
)
"""What the store does not promise (promises.md S19), told in the help of window and command line."""


class StoreState(Struct, frozen=True):
    """What can be told about a store without opening it."""

    exists: bool
    protection: Protection
    """What it has, or for a store that is not there yet what is proposed."""
    unsafe: str
    """Why the place is only good for reading ("an NFS share"), empty for a local folder."""
    holder: Holder | None
    """Who edits it at this moment."""


def look_at(folder: Path) -> StoreState:
    """How the store of that folder is protected, where it lies, who has it. KnownError for a broken key file."""
    store = folder / STORE_FILE
    exists = store.exists()
    protection = protection_of(folder) if exists else Protection.PASSPHRASE
    return StoreState(exists, protection, unsafe_place(folder), holder_of(store))


def protection_of(folder: Path) -> Protection:
    """How an existing store is protected."""
    store = folder / STORE_FILE
    refuse_link(store)
    try:
        cut_off = store.stat().st_size == 0
        if is_plain(store) or (cut_off and is_key_lost(folder, folder / FOLDER)):
            return Protection.PLAIN
    except OSError as error:
        raise EnvironmentProblem(told(store, words.CANNOT_USE, cause=cause_of(error))) from error
    return Protection(_boxes_of(folder)[0]["kind"])


def lost_store(folder: Path) -> str:
    """The sentence that a store which is missing in that folder is lost and not new; empty where none ever was.

    It left its backups or its log. A link that leads nowhere is one to a drive that is not connected.
    """
    kept = folder / FOLDER
    if backups_in(kept) or (kept.is_symlink() and not kept.exists()):
        return words.MISSING
    return "" if stands_alone(folder / STORE_FILE) else words.LOG_LEFT


def keys_aside(folder: Path) -> frozenset[Path]:
    """The key files that were put aside in that folder, of plans that were gone when new ones began."""
    return frozenset(key_file.asides(folder / STORE_FILE))


def create(folder: Path, protection: Protection, passphrase: str = "") -> StoreKey:
    """Make a new empty store and give its key. The key is on disk before the store is.

    WrongPassphrase for a passphrase that is too short; EnvironmentProblem where a store is there already, or was and is
    lost while its backups are there, or the keyring cannot be used.
    """
    store = folder / STORE_FILE
    if store.exists():
        raise EnvironmentProblem(f"{store}: there is a store already")
    if unsafe := unsafe_place(folder):
        raise EnvironmentProblem(told(folder, words.UNSAFE_NEW, place=unsafe))
    if lost := lost_store(folder):
        # Never an empty store in the place of a lost one, and never a new key over the one its backups need.
        raise EnvironmentProblem(told(store, lost))
    with _making_alone(store):
        key = create_key(folder, protection, passphrase)
        create_store(store, key)
    return key


@contextmanager
def _making_alone(store: Path) -> Iterator[None]:
    """With nobody else making a store there: of two keys one would lie beside the store that has the other.

    EnvironmentProblem where somebody else made it meanwhile, or works on what is no store yet for longer than that.
    """
    me, waited = myself("", "the making of a store"), 0.0
    while isinstance(lock := take_lock(store, me), Holder) and (lock.host, lock.pid) != (me.host, me.pid):
        if waited > _MAKING_SECONDS:
            raise EnvironmentProblem(words.CLOSE_FIRST.format(holder=lock.sentence))
        time.sleep(_LOOK_SECONDS)
        waited += _LOOK_SECONDS
    with lock if isinstance(lock, EditingLock) else nullcontext():
        if store.exists():
            raise EnvironmentProblem(f"{store}: there is a store already")
        yield


def create_key(folder: Path, protection: Protection, passphrase: str = "") -> StoreKey:
    """A new key, on disk when this returns, for a store that is about to be made or encrypted."""
    if protection is Protection.PLAIN:
        return PLAIN_KEY
    key = key_file.new_key()
    key_file.put_aside(folder / STORE_FILE)
    _write_key(folder / STORE_FILE, key, protection, passphrase)
    return key


def unlock(folder: Path, passphrase: str = "") -> StoreKey:
    """The key of an existing store. Without a passphrase the environment's is tried.

    KeyNeeded where it wants a passphrase and has none, WrongPassphrase where it is the wrong one, EnvironmentProblem
    where the key file is damaged or the keyring does not answer.
    """
    store = folder / STORE_FILE
    if protection_of(folder) is Protection.PLAIN:
        return PLAIN_KEY
    return _first_that_opens(_boxes_of(folder), store, passphrase)


def _first_that_opens(boxes: Sequence[Mapping[str, Any]], store: Path, passphrase: str) -> StoreKey:
    """The key in the first of these boxes; of several in the first that opens the store, which then are made alike."""
    problems = list[KnownError]()
    for box in boxes:
        try:
            key = _key_in(box, store, passphrase)
        except KnownError as problem:
            problems.append(problem)
            continue
        if len(boxes) == 1:
            return key
        if opens_with(store, key):
            key_file.make_whole(store, box)
            return key
    raise problems[0] if problems else EnvironmentProblem(told(store, words.UNREADABLE))


def _key_in(box: Mapping[str, Any], store: Path, passphrase: str) -> StoreKey:
    if box["kind"] == Protection.KEYRING:
        return _from_keyring(str(box["account"]))
    if box["kind"] == Protection.FILE:
        return key_file.open_box(box, "")
    passphrase = passphrase or passphrase_from_environment()
    if not passphrase:
        raise KeyNeeded(told(store, words.LOCKED))
    return key_file.open_box(box, passphrase)


def key_for_backup(folder: Path, backup: Path, passphrase: str) -> StoreKey:
    """The key for putting a backup back: that of the store, also of one that is lost, or else that beside the backup.

    Only where no key of the store can be read any more is the backup's put in its place, once it has opened the backup.
    A plain backup needs none where there is no store and no backup that is encrypted. EnvironmentProblem where other
    backups lie here than of that key: at the next backup the key they need would be overwritten.
    """
    if _is_all_plain(folder, backup):
        return PLAIN_KEY
    try:
        return _own_key(folder, passphrase)
    except EnvironmentProblem as problem:
        if words.NEWER_KEY in str(problem):
            raise
        box = _box_beside(folder, backup, problem)
    key = _key_in(box, backup, passphrase) if box else PLAIN_KEY
    if not opens_with(backup, key):
        raise EnvironmentProblem(told(backup, words.UNREADABLE))
    refuse_anothers(folder / FOLDER, folder / STORE_FILE, key)
    if box:
        make_private_folder(folder)
        key_file.write_box(folder / STORE_FILE, box)
    return key


def _is_all_plain(folder: Path, backup: Path) -> bool:
    """Whether the store is lost and was plain, whatever key a kill or a slip left there."""
    if (folder / STORE_FILE).exists():
        return False
    with suppress(OSError):
        return all(map(is_plain, (backup, *(one.path for one in backups_in(folder / FOLDER)))))
    return False


def _own_key(folder: Path, passphrase: str) -> StoreKey:
    """The store's key, also where the store itself is lost and only its key is left."""
    if (folder / STORE_FILE).exists():
        return unlock(folder, passphrase)
    return _key_in(_boxes_of(folder)[0], folder / STORE_FILE, passphrase)


def _box_beside(folder: Path, backup: Path, problem: EnvironmentProblem) -> Mapping[str, Any]:
    """What the key file beside the backup holds, nothing for a plain one; `problem` is why the store has none."""
    if not (folder / STORE_FILE).exists():
        with suppress(OSError):
            if is_plain(backup):
                return {}
    if is_key_lost(folder, backup.parent):
        raise problem
    return key_file.read_box(backup.parent / STORE_FILE)


def _boxes_of(folder: Path) -> tuple[Mapping[str, Any], ...]:
    """What key file and copy of that folder hold; where both are lost or damaged, what those beside its backups hold.

    So nobody puts back a backup, and loses the edits since, for want of a small file.
    """
    store, kept = folder / STORE_FILE, folder / FOLDER / STORE_FILE
    if is_key_lost(folder, kept.parent):
        raise EnvironmentProblem(told(store, words.NO_KEY_LEFT))
    try:
        return key_file.read_boxes(store)
    except EnvironmentProblem as problem:
        if words.NEWER_KEY not in str(problem):
            with suppress(EnvironmentProblem):
                return key_file.read_boxes(kept)
        raise


def keep_key_beside(folder: Path) -> None:
    """Put the key file that opened the store just now beside it, where only its backups or its copy had one."""
    if key_file.is_kept_twice(folder / STORE_FILE):
        return
    with suppress(EnvironmentProblem):
        boxes = _boxes_of(folder)
        if len(boxes) == 1:  # of two that differ the right one is known to whoever opened the store with it
            key_file.make_whole(folder / STORE_FILE, boxes[0])


def is_key_lost(folder: Path, backup_folder: Path) -> bool:
    """Whether there is no key file at all, neither beside the store nor beside its backups."""
    stores = folder / STORE_FILE, backup_folder / STORE_FILE
    return not any(path.exists() for one in stores for path in (key_file.key_path(one), key_file.copy_path(one)))


def protect(folder: Path, key: StoreKey, protection: Protection, passphrase: str = "") -> None:
    """Keep the key of an encrypted store in another way, or under another passphrase. Takes effect whole or not at all.

    The key stays the same: whoever had an old copy of the key file and its passphrase can still open the store.
    """
    if key.raw is None or protection is Protection.PLAIN:
        raise EnvironmentProblem(f"{folder / STORE_FILE}: a plain store has no key; encrypt it first")
    store = folder / STORE_FILE
    before = key_file.content_of(store)
    _write_key(store, key, protection, passphrase)
    for one in (store, folder / FOLDER / STORE_FILE):
        key_file.drop_copies(one, before)  # they would open with the passphrase of before


def passphrase_from_environment() -> str:
    """The passphrase that a script gives; empty where it gives none. KnownError for a file that cannot be read."""
    given = os.environ.get(PASSPHRASE_VARIABLE, "")
    if given:
        return given
    file = os.environ.get(PASSPHRASE_FILE_VARIABLE, "")
    return passphrase_in(Path(file)) if file else ""


def passphrase_in(file: Path) -> str:
    """The passphrase in a file: its first line, without the line end."""
    lines = read_text(file).splitlines()
    if not lines or not lines[0]:
        raise KeyNeeded(f"{file}: the first line, which should be the passphrase, is empty")
    return lines[0]


def keyring_works() -> bool:
    """Whether this account has a keyring that can keep a key (the optional package keyring, and a system behind it)."""
    with suppress(KnownError):
        _keyring().get_password(_KEYRING_SERVICE, "probe")
        return True
    return False


def _write_key(store: Path, key: StoreKey, protection: Protection, passphrase: str) -> None:
    make_private_folder(store.parent)
    if protection is Protection.PASSPHRASE:
        key_file.write_box(store, key_file.sealed_box(key, passphrase))
    elif protection is Protection.KEYRING:
        account = os.urandom(8).hex()
        _into_keyring(account, key)
        key_file.write_box(store, key_file.keyring_box(account))
    else:
        key_file.write_box(store, key_file.file_box(key))


class _Keyring:
    """The keyring of this account, with its failures turned into sentences."""

    def get_password(self, service: str, account: str) -> str | None:
        return self._ask("get_password", service, account)

    def set_password(self, service: str, account: str, secret: str) -> None:
        self._ask("set_password", service, account, secret)

    def _ask(self, what: str, *values: str) -> str | None:
        try:
            import keyring
            from keyring.errors import KeyringError
        except ImportError as error:
            raise EnvironmentProblem(
                "the keyring needs the Python package keyring; the README says how to add it"
            ) from error
        try:
            answer: str | None = getattr(keyring, what)(*values)
        except (KeyringError, RuntimeError, OSError) as error:
            raise EnvironmentProblem(f"the keyring of this account does not answer ({type(error).__name__})") from error
        return answer


def _keyring() -> _Keyring:
    return _Keyring()


def _into_keyring(account: str, key: StoreKey) -> None:
    if key.raw is None:
        raise ValueError("a plain store has no key")
    _keyring().set_password(_KEYRING_SERVICE, account, key.raw.hex())
    if _from_keyring(account) != key:
        raise EnvironmentProblem("the keyring of this account did not keep the key")


def _from_keyring(account: str) -> StoreKey:
    kept = _keyring().get_password(_KEYRING_SERVICE, account)
    try:
        raw = bytes.fromhex(kept or "")
    except ValueError:
        raw = b""
    if len(raw) != key_file.KEY_BYTES:
        raise KeyNeeded("the keyring of this account does not hold the key of the store")
    return StoreKey(raw)
