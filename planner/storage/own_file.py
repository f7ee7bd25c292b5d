"""Whether the file of an open store is still the one that was opened: another program may copy something over it.

Such a copy keeps the file's name and its number, and SQLite does not look: what it holds in memory and in the log is
of the file that lay there before. Only the carrying over of the log may change the file; so the file by itself always
ends with a line of the trail that was the last one at some moment since it was looked into before.
"""

import time
from contextlib import closing
from pathlib import Path

from planner.model.store import StoreKey
from planner.storage.acts import KnownEnd, last_line
from planner.storage.database import connect, stands_alone

STATE = ("st_mtime_ns", "st_size")
_WAITS = (0, 0.05, 0.2, 0.5, 1)
"""Seconds before each look: in the midst of being carried over by another process, a log shows no end of its own."""


class OwnFile:
    """Looks into the file where its time or size changed; made as soon as the store is open."""

    __slots__ = ("_end", "_facts", "_key", "_path")

    def __init__(self, path: Path, key: StoreKey, end: KnownEnd) -> None:
        self._path, self._key, self._end = path, key, end
        self._facts = facts_of(path, *STATE)
        if not stands_alone(path) and (found := self._own_end()):
            end.seen.update((found,))

    def is_there(self) -> bool:
        """Whether it is our file that lies there; also where nothing can be seen of it, which is told of elsewhere."""
        if facts_of(self._path, *STATE) in ((), self._facts):
            return True
        for wait in _WAITS:
            time.sleep(wait)
            facts, found = facts_of(self._path, *STATE), self._own_end()
            if found and self._was_an_end(found):
                self._end.forget_before(found[0])
                self._facts = facts
                return True
        return False

    def _own_end(self) -> tuple[int, object] | None:
        """The last line of the file by itself, without its log; nothing where it is no store with our key."""
        from sqlcipher3 import dbapi2

        try:
            with closing(connect(self._path, "ro&immutable=1", self._key)) as alone:
                return last_line(alone)
        except dbapi2.Error:
            return None

    def _was_an_end(self, line: tuple[int, object]) -> bool:
        seen = self._end.seen.items()
        return line in seen or (self._end.is_kept() and line in seen)


def facts_of(path: Path, *names: str) -> tuple[int, ...]:
    """What the system says of the file of that name at this moment; nothing where there is none."""
    try:
        file = path.stat()
    except OSError:
        return ()
    return tuple(getattr(file, name) for name in names)
