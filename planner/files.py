"""Files read and written whole: what cannot be read is a sentence, what cannot be written leaves no trace.

And the noun for a file that everybody from the store to the window speaks of: a backup.
"""

import errno
import os
import re
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import NamedTuple

from planner.errors import EnvironmentProblem, InputProblem
from planner.model import store_words as words
from planner.model.civil import clinical_date

LIMIT = 32 * 1024 * 1024
"""Largest text file read, in bytes. A plan of many years with all its protocols takes less than a tenth of it."""
_PART = re.compile(
    r"\.(?P<name>.+?)\.(?:(?P<machine>[0-9a-f]{8})-(?P<pid>[0-9]+)\.)?[a-z0-9_]{8}\.(?:new|part)(?:-wal|-shm|-journal)?"
)
"""Files on their way, as `part_beside` names them. Those of earlier versions say nothing of who made them."""
_OF_STORES = re.compile(
    r"plans(-\d{8}T\d{6}Z-.+|-old-\d+)?\.(db(-wal|-shm|-journal)?|key(\.copy)?|lock)", re.IGNORECASE
)
"""The files of a store and its backups, wherever they lie."""
_DAY = 24 * 3600


class Backup(NamedTuple):
    """One backup: its file, when it was made (UTC), the last line of the trail in it, and why if not by the clock."""

    path: Path
    at: datetime
    number: int
    why: str

    @property
    def made(self) -> str:
        """When, by this computer's clock, to the second, with its distance from UTC: one night has an hour twice."""
        local = self.at.astimezone()
        return f"{clinical_date(local.date())} {local:%H:%M:%S} {timezone(local.utcoffset() or timedelta())}"

    @property
    def label(self) -> str:
        """For a sentence: when and why."""
        return f"{self.made}{f' ({self.why})' if self.why else ''}"


def told(path: Path | str, sentence: str, **places: object) -> str:
    """The text of an error about a file: the path and one of the sentences of planner/model/store_words.py."""
    return f"{path}: {sentence.format(**places)}"


def cause_of(error: Exception) -> str:
    """Why the system refused, in plain words where there are any."""
    if not isinstance(error, OSError):
        return str(error)
    return words.CAUSES.get(errno.errorcode.get(error.errno or 0, ""), error.strerror or str(error))


def is_closed(path: Path) -> bool:
    """Whether this account may not look at a folder or into it: then nobody knows what lies there."""
    try:
        path.stat()
    except PermissionError:
        return True  # a folder above it is closed
    except OSError:
        return False
    return path.is_dir() and not os.access(path, os.R_OK | os.X_OK)


def nearest_folder(path: Path) -> Path:
    """That folder, or the first one above it that is there and open to this account; else the home folder."""
    return next((one for one in (path, *path.parents) if not is_closed(one) and one.is_dir()), Path.home())


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
        raise EnvironmentProblem(told(path, words.NOT_READ, cause=cause_of(error))) from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise InputProblem(
            (f"{path}: line {line}: not UTF-8 text; save the file as UTF-8 (in a spreadsheet: CSV UTF-8)",)
        ) from None


def write_output(path: Path, content: bytes) -> None:
    """Write a file that a person named, as `write_whole` does.

    EnvironmentProblem for one of a store: a slip of the hand would cost all plans, or the key to them.
    """
    with suppress(OSError, ValueError):  # `write_whole` tells what is wrong with it
        if _OF_STORES.fullmatch(path.resolve().name):
            raise EnvironmentProblem(told(path, words.OF_A_STORE))
    write_whole(path, content)


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
        raise EnvironmentProblem(told(path, words.NOT_WRITTEN, cause=cause_of(error))) from error


def _replace(path: Path, content: bytes) -> None:
    handle, name = part_beside(path, ".part")
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


def part_beside(path: Path, suffix: str) -> tuple[int, str]:
    """An empty private file beside the path for what will get its name once it is whole: open handle and name.

    The name says which process of which machine makes it, so that what a killed one left can be told from what somebody
    is at. `suffix` is ".part" or ".new".
    """
    import tempfile  # its import would be seen at every start

    short = path.name[:120] if path.name.isascii() else path.name[:40]  # a name has room for 255 bytes
    prefix = f".{short}.{_machine()}-{os.getpid()}."
    return tempfile.mkstemp(prefix=prefix, suffix=suffix, dir=path.parent)


def clear_parts(folder: Path, is_ours: Callable[[str], bool], *, shared: bool = False) -> None:
    """Remove what killed processes left on its way to the files whose names are ours; nothing of a running one.

    In a folder that other machines use too (`shared`), what they left stays until something there is a day younger.
    Never raises: the next time will do as well.
    """
    try:
        paths = tuple(folder.iterdir())
    except OSError:
        return
    for path in paths:
        part = _PART.fullmatch(path.name)
        if part and is_ours(part["name"]):
            with suppress(OSError):
                if _is_left(path, part["machine"], int(part["pid"] or 0), shared=shared):
                    path.unlink()


def _is_left(part: Path, machine: str | None, pid: int, *, shared: bool) -> bool:
    """Whether nobody is at that file any more. Its age is told by its neighbours: no clock comes in here."""
    if machine == _machine():
        if not _runs(pid):
            return True
    elif machine and not shared:
        return True  # made before this machine was started, or elsewhere before the drive came here
    newest = max(path.stat().st_mtime for path in part.parent.iterdir())
    return newest - part.stat().st_mtime > _DAY


def _runs(pid: int) -> bool:
    """Whether a process of that number is there; believed where the system cannot be asked without doing harm."""
    if sys.platform == "win32":
        return True
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return pid > 0


def _machine() -> str:
    """This machine since it was started, in a few figures."""
    import hashlib
    import platform

    return hashlib.sha256(f"{platform.node()}/{boot_id()}".encode()).hexdigest()[:8]


def boot_id() -> str:
    """Which start of the machine this is; empty where the system does not tell."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""


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
        raise EnvironmentProblem(told(folder, words.NO_FOLDER, cause=cause_of(error))) from error
