"""One editor at a time: a lock file that says who edits the store, since when, and how to reach their window.

The lock is the operating system's lock on the open file, which ends with its process however that ends. So nobody ever
has to delete a stale lock. Where a file system has no such locks, the words in the file decide: a process that is gone,
or that ran before the machine was started again, holds nothing.
"""

import json
import os
import platform
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, Self

from planner.errors import EnvironmentProblem
from planner.files import boot_id, cause_of, make_private_folder, told
from planner.model import store_words as words
from planner.model.store import Holder

_LOCKED_BYTE = 1 << 20
"""On Windows the locked byte lies far behind the text, which others must be able to read."""
_WAITS = (0.01, 0.02, 0.04, 0.08)
"""Seconds after each try."""


class EditingLock:
    """Held while a window edits the store. Release it, or end: both free it."""

    def __init__(self, path: Path, handle: IO[str]) -> None:
        self._path = path
        self._handle = handle

    def release(self) -> None:
        """Give the store free for others; also where its drive is gone, for the lock ends with the open file."""
        if self._handle.closed:
            return
        with suppress(OSError), self._handle:
            self._handle.seek(0)
            self._handle.truncate()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self.release()


def lock_path(store: Path) -> Path:
    """The lock file of a store. It stays when nobody holds it; only its lock counts."""
    return store.with_suffix(".lock")


def take_lock(store: Path, holder: Holder) -> EditingLock | Holder:
    """The lock, or who holds it. EnvironmentProblem where the folder cannot be written."""
    path = lock_path(store)
    make_private_folder(path.parent)
    try:
        handle = _opened(path)
    except OSError as error:
        if other := holder_of(store):
            return other
        raise EnvironmentProblem(told(path, words.CANNOT_USE, cause=cause_of(error))) from error
    try:
        return _taken(path, handle, holder)
    except BaseException:
        handle.close()  # else nobody could take it as long as somebody looks at what went wrong
        raise


def _taken(path: Path, handle: IO[str], holder: Holder) -> EditingLock | Holder:
    locks = True
    try:
        free = _lock_soon(handle)
    except OSError:
        # No locks here: believe the words, if their process can still be running.
        locks, written = False, _read(handle)
        free = written is None or not _alive(written)
    if not free:
        other = _read(handle) or holder._replace(who="", account="another program", since="a moment ago", door="")
        handle.close()
        return other
    try:
        handle.seek(0)
        handle.truncate()
        handle.write(json.dumps(holder._asdict()))
        handle.flush()
    except OSError as error:
        # On a full disk the lock holds without words, so that what is saved can be seen and room be made.
        if not locks:
            raise EnvironmentProblem(told(path, words.CANNOT_USE, cause=cause_of(error))) from error
    return EditingLock(path, handle)


def holder_of(store: Path) -> Holder | None:
    """Who edits the store at this moment, None where nobody does. Changes nothing."""
    path = lock_path(store)
    # Another account may be allowed to look and not to write; then the lock can be tried all the same.
    for mode in ("r+", "r"):
        try:
            with path.open(mode, encoding="utf-8") as handle:
                return _holder_in(handle)
        except PermissionError:
            continue
        except OSError:
            return None
    return Holder("", "another account", platform.node(), 0, "", "an unknown time")


def _holder_in(handle: IO[str]) -> Holder | None:
    try:
        if _lock(handle, shared=True):
            return None
    except OSError:
        written = _read(handle)
        return written if written and _alive(written) else None
    return _read(handle)


def myself(who: str, since: str, door: str = "") -> Holder:
    """This process as a holder; `since` is its moment as ISO text, `door` the name another start may knock at."""
    return Holder(who, _account(), platform.node(), os.getpid(), boot_id(), since, door)


def _opened(path: Path) -> IO[str]:
    # Whoever may enter the folder may see who edits; the folder itself is private unless somebody shared it.
    mode = 0o600 | (path.parent.stat().st_mode & 0o066)
    handle = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, mode), "r+", encoding="utf-8")
    if sys.platform != "win32":
        kept = os.fstat(handle.fileno())
        if kept.st_uid == os.geteuid() and kept.st_mode & 0o777 != mode:  # the account's mask, or shared since
            os.fchmod(handle.fileno(), mode)
    return handle


def _lock(handle: IO[str], *, shared: bool = False) -> bool:
    """Whether the system gave us the lock; OSError where it has none here. `shared` with others who only look."""
    if sys.platform == "win32":
        import msvcrt

        handle.seek(_LOCKED_BYTE)
        try:
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            handle.seek(0)
        return True
    import fcntl

    try:
        fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _lock_soon(handle: IO[str]) -> bool:
    """As `_lock`, tried again for a moment: whoever only looks who has the store holds its lock while looking."""
    for wait in _WAITS:
        if _lock(handle):
            return True
        time.sleep(wait)
    return False


def _read(handle: IO[str]) -> Holder | None:
    try:
        handle.seek(0)
        kept = json.loads(handle.read(10_000))
        return Holder(**{name: Holder.__annotations__[name](kept[name]) for name in Holder._fields})
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _alive(holder: Holder) -> bool:
    """Whether the process may still run; one on another machine must be believed."""
    if holder.host != platform.node():
        return True
    if holder.boot != boot_id():
        return False
    try:
        os.kill(holder.pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _account() -> str:
    try:
        if sys.platform == "win32":
            import getpass

            return getpass.getuser()
        import pwd

        return pwd.getpwuid(os.geteuid()).pw_name
    except (OSError, KeyError, ImportError):
        return "unknown"
