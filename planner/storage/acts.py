"""The trail: one line for everything that was done to the store, each sealed and chained to the line before it.

The seal covers the line itself, the chain covers the seal and the chain before it. So a changed line shows by its own
seal, and a line that was taken out, put in or moved breaks the chain at that place. What was done to whom (plan and
words) goes into the seal through a salted hash: when a patient is erased those words can be blanked, and the chain
still holds.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from planner.errors import EnvironmentProblem
from planner.model import store_words as words
from planner.model.revision import TrailLine

if TYPE_CHECKING:
    from sqlite3 import Connection

NO_CHAIN = b""
"""What the first line is chained to."""
SAVE = "save"
ELSEWHERE = "elsewhere"
"""Stands right after the saved state of a plan that came from a file, with the states that it went through before."""
_ADD = "INSERT INTO act VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_END = "SELECT number, chain FROM act ORDER BY number DESC LIMIT 1"
_CHAIN_OF = "SELECT chain FROM act WHERE number = ?"
_LINES = """SELECT number, at, zone, who, kind, plan, counter, before, what, salt, checksum, said, seal, chain FROM act
    WHERE number > ? ORDER BY number LIMIT ?"""
_OF_PLAN = """SELECT number, at, zone, who, kind, plan, counter, before, what, salt, checksum, said, seal, chain
    FROM act WHERE plan = ? ORDER BY number"""
_MOMENTS = "SELECT DISTINCT at FROM (SELECT at FROM act ORDER BY number DESC LIMIT ?)"
_CHUNK = 500
_LOOKED_BACK = 1000


class Act(NamedTuple):
    """One line before it is sealed. `before` is the number of the plan's revision before this one, 0 for none."""

    number: int
    at: str
    zone: str
    who: str
    kind: str
    plan: str
    counter: int
    before: int
    what: str
    salt: bytes
    checksum: str


class KnownEnd:
    """The last line that a connection has seen of the trail.

    Others may add lines after it. Where it is gone or another, a backup took the place of the store, and nothing that
    is remembered of it holds any longer.
    """

    __slots__ = ("_connection", "_others", "line")

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection
        self._others = self._commits_of_others()
        self.look()

    def look(self) -> None:
        """Take the line that is the last one now."""
        self.line: tuple[int, object] = self._connection.execute(_END).fetchone() or (0, NO_CHAIN)

    def is_kept(self) -> bool:
        """Whether the line is still there; looked for only where another connection wrote meanwhile."""
        others = self._commits_of_others()
        if others == self._others:
            return True
        number, chain = self.line
        kept = not number or self._connection.execute(_CHAIN_OF, (number,)).fetchone() == (chain,)
        self._others = others if kept else self._others
        return kept

    def _commits_of_others(self) -> object:
        """A number that is another one after each commit of another connection."""
        return self._connection.execute("PRAGMA data_version").fetchone()


def last_number(connection: "Connection") -> int:
    """The number of the last line."""
    found = connection.execute("SELECT max(number) FROM act").fetchone()[0]
    return found if isinstance(found, int) else 0


def seal_of(values: tuple[object, ...]) -> bytes:
    """The hash over values of a row. A flipped bit can turn a text into bytes; that gives another seal, no error."""
    return hashlib.sha256(msgspec.json.encode(values)).digest()


def insert_act(connection: "Connection", act: Act, chain: bytes, depth: int, body: str | None) -> bytes:
    """Write one line after the line that ended in `chain`; the chain it ends in itself."""
    said = said_of(act)
    seal = line_seal(act, said)
    after = hashlib.sha256(chain + seal).digest()
    connection.execute(_ADD, (*act[:10], said, act.checksum, seal, after, depth, body))
    return after


def end_of_trail(connection: "Connection") -> tuple[int, bytes]:
    """The number and the chain of the last line. EnvironmentProblem where it is damaged: nothing is added to that."""
    number, chain = connection.execute(_END).fetchone() or (0, NO_CHAIN)
    if not (isinstance(number, int) and isinstance(chain, bytes)):
        raise EnvironmentProblem(words.TRAIL_END)
    return number, chain


def add_act(
    connection: "Connection",
    kind: str,
    what: str,
    who: str,
    at: str,
    *,
    plan: str = "",
    counter: int = 0,
    body: str | None = None,
) -> int:
    """Note something that was done and is no saved state, inside the caller's transaction; the line's number.

    A `body` is text that belongs to it and is not shown.
    """
    number, chain = end_of_trail(connection)
    moment, zone = split_moment(at)
    checksum = "" if body is None else hashlib.sha256(body.encode()).hexdigest()
    act = Act(number + 1, moment, zone, clean(who), kind, plan, counter, 0, clean(what), new_salt(), checksum)
    insert_act(connection, act, chain, 0, body)
    connection.execute("UPDATE head SET last = ?", (act.number,))
    return act.number


def latest_moment(connection: "Connection") -> datetime | None:
    """The latest moment by the clock among the newest thousand lines.

    Reading the whole trail would make each start slower with every year, and a moment that a wrong clock once put
    far ahead must not be told of for ever.
    """
    found = []
    for (at,) in connection.execute(_MOMENTS, (_LOOKED_BACK,)):
        with suppress(ValueError, TypeError):  # written without a clock that was read, or damaged
            moment = datetime.fromisoformat(at)
            found.append(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    return max(found, default=None)


def last_moment(connection: "Connection") -> tuple[int, datetime | None]:
    """The number of the last line, and its moment where it has one."""
    number, at = connection.execute("SELECT number, at FROM act ORDER BY number DESC LIMIT 1").fetchone() or (0, "")
    with suppress(ValueError, TypeError):
        moment = datetime.fromisoformat(at)
        return number, moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return number, None


def new_salt() -> bytes:
    """So that words that were blanked cannot be found again by trying likely ones."""
    return os.urandom(16)


def said_of(act: Act) -> bytes:
    """The hash that stands for plan and words in the seal of a line."""
    return seal_of((act.salt, act.plan, act.what))


def line_seal(act: Act, said: bytes) -> bytes:
    """The seal of a line."""
    return seal_of((act.number, act.at, act.zone, act.who, act.kind, act.counter, act.before, said, act.checksum))


@lru_cache(maxsize=64)
def split_moment(at: str) -> tuple[str, str]:
    """A moment with its local offset (ISO text) as the moment in UTC and the offset: "+01:00"."""
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return clean(at), ""
    if moment.tzinfo is None:
        return at, ""
    return moment.astimezone(UTC).isoformat(timespec="seconds"), moment.isoformat()[-6:]


def clean(text: str) -> str:
    """Text that can be written: halves of characters, as a damaged word on the command line has, are replaced."""
    return text.encode("utf-8", "replace").decode()


def trail_lines(connection: "Connection", plan: str = "", after: int = 0) -> Iterator[TrailLine]:
    """The lines of the trail, of one plan or of all, in the order they were written."""
    rows = connection.execute(_OF_PLAN, (plan,)) if plan else connection.execute(_LINES, (after, -1))
    for row in rows:
        act, said, seal = Act(*row[:11]), row[11], row[12]
        erased = not act.salt
        fine = seal == line_seal(act, said) and (erased or said == said_of(act))
        yield TrailLine(
            act.number, act.at, act.zone, act.who, act.kind, act.plan, act.counter, act.what, erased, damaged=not fine
        )


def check_trail(connection: "Connection", after: int = 0) -> tuple[str, ...]:
    """Compare every line from there on with its seal and the chain: one sentence a line, with its number."""
    problems: list[str] = []
    chain: bytes | None = NO_CHAIN
    if after:
        row = connection.execute(_CHAIN_OF, (after,)).fetchone()
        chain = row[0] if row else None
    number = after
    while rows := connection.execute(_LINES, (number, _CHUNK)).fetchall():
        for row in rows:
            act, said, seal, kept = Act(*row[:11]), row[11], row[12], row[13]
            if act.number <= number:
                # Only in a damaged file; going on would begin the same lines again without end.
                return (*problems, f"audit trail: line {act.number} stands after line {number}; the file is damaged")
            if act.number != number + 1:
                problems.append(f"audit trail: lines {number + 1} to {act.number - 1} are missing")
            elif seal != line_seal(act, said):
                problems.append(f"audit trail: line {act.number} was changed")
            elif act.salt and said != said_of(act):
                problems.append(f"audit trail: line {act.number} was changed: its words or its plan")
            elif not act.salt and (act.plan or act.what):
                problems.append(f"audit trail: line {act.number} was changed: it is half erased")
            elif not isinstance(chain, bytes) or kept != hashlib.sha256(chain + seal).digest():
                problems.append(f"audit trail: line {act.number} does not follow the line before it")
            number, chain = act.number, kept
    return tuple(problems)
