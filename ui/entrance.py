"""The way to the store before the window stands: which folder, which key, and whether another window has it."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from PySide6.QtWidgets import QApplication

from planner.errors import DataFolderGone, EnvironmentProblem, KnownError
from planner.files import make_private_folder, told
from planner.model.store import Holder, Protection
from planner.paths import user_data
from planner.services.store.archive import Archive, editor_of, is_me, start_editing
from planner.services.store.protection import (
    STORE_FILE,
    keys_aside,
    lost_store,
    passphrase_from_environment,
    protection_of,
)
from planner.settings import SETTINGS_FILE, Settings, load_settings
from ui.style import theme_named
from ui.surroundings import Entry
from ui.tongue import use_language


def find_data(app: QApplication) -> Path | None:
    """The folder of this user's data; None where the one that was chosen is not there and the person leaves."""
    try:
        return user_data()
    except DataFolderGone as gone:
        from ui.gate import wait_for_data

        return wait_for_data(app, gone)


def enter(app: QApplication, folder: Path, settings: Settings) -> Entry | None:
    """The key of the store, asked for where it has to be.

    None where the person leaves instead, or where another window of this person has the store and came forward.
    """
    if not (folder / STORE_FILE).exists():
        if settings.welcomed or passphrase_from_environment() or lost_store(folder):
            return Entry(folder, settings)
        from ui.gate import welcome

        answer = welcome(app, folder, settings, theme_named(settings.theme))
        if answer is None or answer.demo or answer.key:
            return answer
        # A folder was chosen in which plans are kept already: these are opened as at any other start.
        folder, settings = answer.folder, load_settings(answer.folder / SETTINGS_FILE)
        use_language(settings.language)
    try:
        sealed = protection_of(folder) is Protection.PASSPHRASE
    except KnownError:
        sealed = False  # the key file is lost: opening the store says so, and offers a backup
    if not sealed or passphrase_from_environment():
        return Entry(folder, settings)
    if _comes_forward(editor_of(folder)):
        return None  # before anybody types a passphrase for nothing
    from ui.gate import unlock

    key = unlock(app, folder, theme_named(settings.theme))
    return Entry(folder, settings, key) if key else None


def take_lock(place: Path, who: str, now: datetime) -> AbstractContextManager[object] | None:
    """The lock of that store; None where another window of this person has it, which then came forward.

    A store that somebody else has, or that cannot be written, opens for reading only.
    """
    make_private_folder(place)
    try:
        held = start_editing(place, who, now.isoformat(timespec="minutes"), door_of(place))
    except KnownError:
        return nullcontext()
    if not isinstance(held, Holder):
        return held
    return None if _comes_forward(held) else nullcontext()


def _comes_forward(holder: Holder | None) -> bool:
    """Whether it is a window of this person on this machine, which answered and came forward."""
    if holder is None or not is_me(holder) or not holder.door:
        return False
    from ui.door import knock

    return knock(holder.door)


def door_of(folder: Path) -> str:
    """The name of that folder's door on this machine; it tells nothing about the folder."""
    return f"regimap-{sha256(str(folder.resolve()).encode()).hexdigest()[:16]}"


def opened(app: QApplication, entry: Entry, now: datetime, tell: Callable[[str], None]) -> Archive:
    """The store, where need be after a backup took its place, which is told. Raises KnownError where none did."""
    before = keys_aside(entry.folder)
    try:
        archive = Archive.open(entry.folder, entry.key)
    except EnvironmentProblem as problem:
        from ui.gate import Broken, mended

        broken = Broken(entry.folder, problem, entry.settings.who, now)
        return mended(app, broken, theme_named(entry.settings.theme), entry.key, tell)
    if aside := keys_aside(entry.folder) - before:
        from planner.model.store_words import KEY_LEFT
        from ui.problem_words import problem_words

        tell("\n".join(problem_words(told(one, KEY_LEFT)) for one in aside))
    return archive
