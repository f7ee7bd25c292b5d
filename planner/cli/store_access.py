"""How a command opens the store: with the passphrase of a file, of the environment, or of somebody at the keyboard."""

import argparse
import getpass
import sys
from collections.abc import Callable
from pathlib import Path

from planner.cli.streams import tell
from planner.errors import InputProblem, KeyNeeded
from planner.files import told
from planner.model import store_words as words
from planner.model.store import Protection, StoreKey
from planner.paths import user_data
from planner.services.store import protection
from planner.services.store.archive import Archive

KEY_BESIDE = "the plans are encrypted, but the key lies beside them; set a passphrase: regimap store passphrase"
FILE_HELP = "the first line of this file is the passphrase; else REGIMAP_PASSPHRASE or REGIMAP_PASSPHRASE_FILE"


def add_passphrase(parser: argparse.ArgumentParser) -> None:
    """The option of every command that opens the store."""
    parser.add_argument("--passphrase-file", default="", metavar="FILE", help=FILE_HELP)


def open_archive(chosen: argparse.Namespace | None = None, *, make: bool = False) -> Archive:
    """The store of this user; where there is none it is made if `make` says so. Raises KnownError.

    Whoever only looks never makes one: an empty store in the place of a drive that is not connected would look as if
    all plans were gone.
    """
    folder = user_data()
    if (folder / protection.STORE_FILE).exists():
        return Archive.open(folder, open_key(chosen))
    if not make and (nothing := no_store()):
        raise InputProblem((nothing,))
    before = protection.keys_aside(folder)
    archive = Archive.open(folder)
    tell_key_left(before)
    if protection.protection_of(folder) is Protection.FILE:
        tell((KEY_BESIDE,))
    return archive


def tell_key_left(before: frozenset[Path]) -> None:
    """Say which key was put aside where a store was made; `before` are those that were there already."""
    tell(told(key, words.KEY_LEFT) for key in protection.keys_aside(user_data()) - before)


def no_store() -> str:
    """The sentence that no store was ever here; empty where one is, or was and left its backups."""
    store = user_data() / protection.STORE_FILE
    if store.exists() or protection.lost_store(user_data()):
        return ""
    return told(store, words.NO_STORE)


def open_key(chosen: argparse.Namespace | None = None) -> StoreKey:
    """The key of the store that is there; asks at the keyboard where somebody sits at it."""
    return _opened(chosen, user_data() / protection.STORE_FILE, lambda given: protection.unlock(user_data(), given))


def open_backup_key(chosen: argparse.Namespace, backup: Path) -> StoreKey:
    """The key for putting a backup back; asks as `open_key` does."""
    return _opened(chosen, backup, lambda given: protection.key_for_backup(user_data(), backup, given))


def _opened(chosen: argparse.Namespace | None, locked: Path, opened: Callable[[str], StoreKey]) -> StoreKey:
    given = given_passphrase(chosen)
    try:
        return opened(given)
    except KeyNeeded:
        if given:
            raise
        if not someone_is_there():
            raise KeyNeeded(told(locked, words.LOCKED_HERE)) from None
    return opened(getpass.getpass("Passphrase of the store: "))


def given_passphrase(chosen: argparse.Namespace | None) -> str:
    """What --passphrase-file or the environment say; empty where they say nothing."""
    file: str = getattr(chosen, "passphrase_file", "")
    return protection.passphrase_in(Path(file)) if file else protection.passphrase_from_environment()


def ask_new_passphrase(file: str) -> str:
    """A passphrase to be set: from the file, else typed twice. KeyNeeded where nobody can be asked or they differ."""
    if file:
        return protection.passphrase_in(Path(file))
    if not someone_is_there():
        raise KeyNeeded("give the new passphrase in a file: --new-passphrase-file FILE")
    typed = getpass.getpass("New passphrase (it cannot be recovered): ")
    if getpass.getpass("The same again: ") != typed:
        raise KeyNeeded("the two differ; nothing was changed")
    return typed


def someone_is_there() -> bool:
    """Whether a person can be asked."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()
