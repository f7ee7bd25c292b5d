"""Where a store may lie: the folder that a person chooses for it before there is one."""

import tempfile
from pathlib import Path

from planner.errors import EnvironmentProblem
from planner.files import cause_of, is_closed, told
from planner.model import store_words as words
from planner.services.store.protection import STORE_FILE, lost_store
from planner.storage.place import unsafe_place

NAME = "Regimap"
"""What a new folder is called that is made in one with other files."""


def keeps_plans(folder: Path) -> bool:
    """Whether there is a store in that folder, so that it is opened and not made; not where nobody may look."""
    return not is_closed(folder) and (folder / STORE_FILE).exists()


def refuse_folder(folder: Path, *, own: bool = False) -> None:
    """EnvironmentProblem for a folder in which no new store should be made; the folder itself may be new.

    One that keeps plans already may be taken, wherever it lies: they open there, where need be for reading only. The
    program's `own` folder holds its settings, and those above it are made with it.
    """
    if refused := _refused(folder, own=own):
        raise EnvironmentProblem(told(folder, refused))


def suggested(picked: Path) -> Path:
    """The folder that was picked, or a new one in it where it holds other files."""
    return picked / NAME if _holds_others(picked) else picked


def _refused(folder: Path, *, own: bool) -> str:
    if not folder.is_absolute():
        return words.HALF_PATH
    if is_closed(folder):
        return words.CLOSED
    if keeps_plans(folder):
        return ""
    if folder.exists() and not folder.is_dir():
        return words.NO_DIRECTORY
    if not own and not folder.parent.is_dir():
        return words.NO_PARENT
    if unsafe := unsafe_place(folder):
        return words.UNSAFE_NEW.format(place=unsafe)
    if lost := lost_store(folder):
        return lost
    if not own and _holds_others(folder):
        return words.HOLDS_OTHERS
    return _barred(next(one for one in (folder, *folder.parents) if one.exists()))


def _holds_others(folder: Path) -> bool:
    if is_closed(folder) or keeps_plans(folder) or not folder.is_dir():
        return False
    try:
        return any(folder.iterdir())
    except OSError:
        return False  # it is told that nothing can be written there, which is why


def _barred(folder: Path) -> str:
    """Why nothing can be written there, found by writing: what the system says beforehand is not always so."""
    try:
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        return words.NOT_WRITTEN.format(cause=cause_of(error))
    return ""
