"""Files read and written whole: what cannot be read is a sentence, what cannot be written leaves no trace.

And the noun for a file that everybody from the store to the window speaks of: a backup.
"""

import os
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from planner.errors import EnvironmentProblem, InputProblem

LIMIT = 32 * 1024 * 1024
"""Largest text file read, in bytes. A plan of many years with all its protocols takes less than a tenth of it."""


class Backup(NamedTuple):
    """One backup: its file, when it was made (UTC), the last line of the trail in it, and why if not by the clock."""

    path: Path
    at: datetime
    number: int
    why: str

    @property
    def label(self) -> str:
        """For a list: when and why."""
        return f"{self.at:%d-%b-%Y %H:%M} UTC{f' ({self.why})' if self.why else ''}"


def read_text(path: Path) -> str:
    """The text of a UTF-8 file (a byte order mark is dropped).

    Raises InputProblem where it is missing, no plain file, too large or not UTF-8; EnvironmentProblem where the machine
    will not let us read it.
    """
    try:
        if path.is_file() and path.stat().st_size > LIMIT:
            raise InputProblem((f"{path}: larger than {LIMIT // 1024 // 1024} MB, which no file of this kind is",))
        content = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise InputProblem((f"{path}: there is no such file",)) from None
    except IsADirectoryError:
        raise InputProblem((f"{path}: this is a folder, name a file",)) from None
    except (OSError, ValueError) as error:
        raise EnvironmentProblem(f"{path}: cannot be read ({_reason(error)})") from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise InputProblem((f"{path}: line {line}: not UTF-8 text; save the file as UTF-8",)) from None


def write_whole(path: Path, content: bytes) -> None:
    """Put the content at that path as a whole or not at all, readable by this user only.

    A new file is written beside it, forced to disk, then renamed over it, so that a full disk or a killed process
    leaves what was there before. Raises EnvironmentProblem.
    """
    try:
        if path.exists() and not path.is_file():
            # A device or a pipe must not be replaced by a file of its name.
            path.write_bytes(content)
            return
        _replace(path.resolve(), content)
    except (OSError, ValueError) as error:
        raise EnvironmentProblem(f"{path}: cannot be written ({_reason(error)}); nothing was changed") from error


def _replace(path: Path, content: bytes) -> None:
    import tempfile  # its import would be seen at every start

    handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as part:
            part.write(content)
            part.flush()
            os.fsync(part.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    force_folder(path.parent)


def force_file(path: Path) -> None:
    """Make a file's content survive a power cut."""
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def force_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut, where the system offers it."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_private_folder(folder: Path) -> None:
    """Create a folder only this user may enter; one that exists keeps its permissions. Raises EnvironmentProblem.

    A new folder survives a power cut together with what is forced in it.
    """
    try:
        missing = [one for one in (folder, *folder.parents) if not one.exists()]
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for made in reversed(missing):
            force_folder(made.parent)
    except OSError as error:
        raise EnvironmentProblem(f"{folder}: the folder cannot be made ({_reason(error)})") from error


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else "") or str(error)
