"""Everything in a store compared with its checksums, seals and chain: one sentence for each disagreement."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from planner.errors import EnvironmentProblem, KnownError
from planner.files import told
from planner.model import store_words as words
from planner.model.store import StoreKey
from planner.storage.acts import ELSEWHERE, check_trail, seal_of
from planner.storage.database import guarded, one_moment, open_store
from planner.storage.plan_codec import checksum_of
from planner.storage.states import Newest

if TYPE_CHECKING:
    from sqlite3 import Connection

    from planner.storage.states import States

_LOG_HEAD, _FRAME_HEAD = 32, 24
"""Bytes before the first frame of a write-ahead log, and before the page in a frame."""
_TAIL = 3
"""Lines of the trail that are compared at each opening; all of them by `verify`."""


def verify(states: "States", connection: "Connection", *, encrypted: bool) -> tuple[str, ...]:
    """Read everything; no sentence where all is well. Takes about a second for 10,000 saved states."""
    return (
        *_pages(connection, encrypted=encrypted),
        *check_trail(connection),
        *_lists(connection),
        *_plans(states, connection),
        *_elsewhere(connection),
    )


def verify_end(connection: "Connection") -> tuple[str, ...]:
    """Compare the newest lines of the trail, which takes no longer for a large store."""
    (last,) = connection.execute("SELECT coalesce(max(number), 0) FROM act").fetchone()
    return check_trail(connection, max(0, last - _TAIL))


def check_with_log(path: Path, key: StoreKey) -> None:
    """Read a store and the log that a killed program left, before anything is written: EnvironmentProblem for damage.

    A log lies there too where somebody put another file in the place of the store. Whoever opens that for writing
    carries the log over into a file it is not of, and neither of them can be had back.
    """
    with guarded(path), closing(open_store(path, key, read_only=True)) as connection, one_moment(connection):
        problems = [row[0] for row in connection.execute("PRAGMA quick_check(1)") if row[0] != "ok"]
        problems += verify_end(connection)
    if problems:
        raise EnvironmentProblem(told(path, words.CHANGED, cause=problems[0].replace("\n", " ")))


def _pages(connection: "Connection", *, encrypted: bool) -> Iterator[str]:
    """SQLite's own check, and for an encrypted store that of each page's authentication code."""
    lines = [row[0] for row in connection.execute("PRAGMA integrity_check")]
    if encrypted:
        found = [row[0] for row in connection.execute("PRAGMA cipher_integrity_check")]
        # That check reads the file alone. A page that a power cut tore while the log was carried over lies whole in the
        # log, where everybody reads it from.
        newer = {f"HMAC verification failed for page {page}" for page in _pages_in_log(connection)} if found else set()
        lines += [line for line in found if line not in newer]
    yield from (f"the file: {line}" for line in lines if line != "ok")


def _pages_in_log(connection: "Connection") -> Iterator[int]:
    """The numbers of the pages that the write-ahead log holds (sqlite.org/fileformat2.html, section 4)."""
    file = connection.execute("PRAGMA database_list").fetchone()[2]
    size = int(connection.execute("PRAGMA page_size").fetchone()[0])
    log = Path(f"{file}-wal")
    content = log.read_bytes() if file and log.exists() else b""
    salt = content[16:24]
    for start in range(_LOG_HEAD, len(content) - _FRAME_HEAD - size + 1, _FRAME_HEAD + size):
        if content[start + 8 : start + 16] == salt:
            yield int.from_bytes(content[start : start + 4], "big")


def _lists(connection: "Connection") -> Iterator[str]:
    """The list and the trail must know the same plans, and the newest state of each."""
    newest = dict(
        connection.execute("SELECT plan, max(number) FROM act WHERE kind = 'save' AND plan <> '' GROUP BY plan")
    )
    rows = connection.execute(
        """SELECT row, id, patient_id, family_name, given_name, birth_date, protocols, saved_at, counter, demo, void,
        words, number, seal FROM plan"""
    ).fetchall()
    found = {row[0] for row in connection.execute("SELECT rowid FROM word")}
    listed = {row[1] for row in rows}
    for row in rows:
        if row[13] != seal_of(row[1:13]):
            yield f"plan {row[1]}: its line in the list is damaged"
        elif row[1] not in newest:
            yield f"plan {row[1]}: has no revisions"
        elif row[12] != newest[row[1]]:
            yield f"plan {row[1]}: its newest revision is missing, or the list does not know it"
        if row[0] not in found:
            yield f"plan {row[1]}: cannot be found by its words"
    yield from (f"plan {plan_id}: is missing from the list" for plan_id in newest if plan_id not in listed)
    (count,) = connection.execute("SELECT plans FROM head").fetchone()
    if count != sum(1 for row in rows if row[10] == ""):
        yield "the count of plans does not agree with the list"


def _elsewhere(connection: "Connection") -> Iterator[str]:
    """What files told of the states before: it stands beside the trail's words and is in the seal by its checksum."""
    rows = connection.execute("SELECT number, checksum, body FROM act WHERE kind = ? AND plan <> ''", (ELSEWHERE,))
    yield from (
        f"audit trail: line {number} was changed: the states it holds"
        for number, checksum, body in rows
        if checksum_of(str(body)) != checksum
    )


def _plans(states: "States", connection: "Connection") -> Iterator[str]:
    """Every state of every plan: its text agrees with its checksum, and it follows the state before it."""
    last, state, texts = ("", 0, 0), Newest(), dict[str, str]()
    # Plan by plan: a state is mostly kept as its difference to the one that was read just before it.
    rows = connection.execute(
        "SELECT plan, number, counter, before FROM act WHERE kind = 'save' AND plan <> '' ORDER BY plan, number"
    )
    for plan_id, number, counter, before in rows:
        number_before, counter_before = last[1:] if last[0] == plan_id else (0, 0)
        if (before, counter) != (number_before, counter_before + 1):
            yield f"plan {plan_id}, revision {counter}: does not follow the revision before it"
        last = plan_id, number, counter
        try:
            state = states.check_state(number, state, texts)
        except KnownError as problem:
            yield from problem.lines
