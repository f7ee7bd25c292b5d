"""Whether the file of an open store is still the one that was opened: another program may copy something over it.

Such a copy keeps the file's name and its number, and SQLite does not look: what it holds in memory and in the log is
of the file that lay there before. Only the carrying over of the log may change the file. That never takes a line of the
trail out of it, so that a file which by itself, without its log, ends earlier than it did is another one.
"""

import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from planner.model.store import StoreKey
from planner.storage.acts import last_number
from planner.storage.database import connect, stands_alone

if TYPE_CHECKING:
    from sqlite3 import Connection

STATE = ("st_mtime_ns", "st_size")
_WAITS = (0, 0.05, 0.2, 0.5)
"""Seconds before each look: another process may be carrying a log over at this moment."""
_NONE_OF_OURS = -1
"""Stands for the end of what is no store, or one of another key."""


class OwnFile:
    """Looks into the file where its time or size changed; made as soon as the store is open."""

    __slots__ = ("_connection", "_end", "_facts", "_key", "_path")

    def __init__(self, path: Path, key: StoreKey, connection: "Connection") -> None:
        self._path, self._key, self._connection = path, key, connection
        self._facts = facts_of(path, *STATE)
        self._end = last_number(connection) if stands_alone(path) else max(self._own_end() or 0, 0)

    def is_there(self) -> bool:
        """Whether it is our file that lies there; also where nothing can be seen of it, which is told of elsewhere."""
        facts = facts_of(self._path, *STATE)
        if facts in ((), self._facts):
            return True
        for wait in _WAITS:
            time.sleep(wait)
            found = self._own_end()
            if found is None:
                return True  # carried over in part, because somebody reads an older state: looked into the next time
            if self._end <= found <= last_number(self._connection):
                self._facts, self._end = facts, found
                return True
        return False

    def note(self) -> None:
        """Take in what our own step carried over, at once: what is copied over later is compared with that."""
        facts = facts_of(self._path, *STATE)
        if facts not in ((), self._facts) and (found := self._own_end()) is not None and found >= self._end:
            self._facts, self._end = facts, found

    def _own_end(self) -> int | None:
        """The number of the last line in the file without its log; None where the file by itself is half old."""
        from sqlcipher3 import dbapi2

        try:
            with closing(connect(self._path, "ro&immutable=1", self._key)) as alone:
                return last_number(alone)
        except (dbapi2.Error, MemoryError) as error:  # the latter for a page with a wrong authentication code
            return _NONE_OF_OURS if str(error).startswith(("file is not a database", "no such table")) else None


def facts_of(path: Path, *names: str) -> tuple[int, ...]:
    """What the system says of the file of that name at this moment; nothing where there is none."""
    try:
        file = path.stat()
    except OSError:
        return ()
    return tuple(getattr(file, name) for name in names)
