"""The store's layout, as steps from one version to the next. A step that was released is never edited."""

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from planner.storage.acts import NO_CHAIN, Act, insert_act, seal_of

if TYPE_CHECKING:
    from sqlite3 import Connection

WORD_INDEX = """CREATE VIRTUAL TABLE word USING fts5 (text, content='', contentless_delete=1, detail=none, prefix='3',
    tokenize="unicode61 remove_diacritics 2")"""
_VERSION_1 = (
    "CREATE TABLE store (only INTEGER PRIMARY KEY CHECK (only = 1), revisions INTEGER NOT NULL) STRICT",
    "INSERT INTO store VALUES (1, 0)",
    "CREATE TABLE protocol_text (sha256 TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT, WITHOUT ROWID",
    """CREATE TABLE revision (
        number INTEGER PRIMARY KEY, plan_id TEXT NOT NULL, counter INTEGER NOT NULL, at TEXT NOT NULL,
        who TEXT NOT NULL, what TEXT NOT NULL, checksum TEXT NOT NULL, previous TEXT NOT NULL, seal TEXT NOT NULL,
        body TEXT NOT NULL, UNIQUE (plan_id, counter)) STRICT""",
    """CREATE TABLE plan (
        id TEXT PRIMARY KEY, patient_id TEXT NOT NULL, family_name TEXT NOT NULL, given_name TEXT NOT NULL,
        birth_date TEXT NOT NULL, protocols TEXT NOT NULL, saved_at TEXT NOT NULL, counter INTEGER NOT NULL,
        demo INTEGER NOT NULL, seal TEXT NOT NULL, number INTEGER NOT NULL, words TEXT NOT NULL) STRICT""",
    "CREATE INDEX plan_newest ON plan (number DESC)",
    """CREATE TRIGGER revision_unchanged BEFORE UPDATE ON revision
        BEGIN SELECT RAISE(ABORT, 'a revision is never changed'); END""",
    """CREATE TRIGGER revision_kept BEFORE DELETE ON revision
        BEGIN SELECT RAISE(ABORT, 'a revision is never deleted'); END""",
)
_VERSION_2 = (
    "ALTER TABLE plan RENAME TO old_plan",
    "DROP INDEX plan_newest",
    """CREATE TABLE head (
        only INTEGER PRIMARY KEY CHECK (only = 1), last INTEGER NOT NULL, plans INTEGER NOT NULL) STRICT""",
    "INSERT INTO head VALUES (1, 0, 0)",
    """CREATE TABLE act (
        number INTEGER PRIMARY KEY, at TEXT NOT NULL, zone TEXT NOT NULL, who TEXT NOT NULL, kind TEXT NOT NULL,
        plan TEXT NOT NULL, counter INTEGER NOT NULL, before INTEGER NOT NULL, what TEXT NOT NULL, salt BLOB NOT NULL,
        said BLOB NOT NULL, checksum TEXT NOT NULL, seal BLOB NOT NULL, chain BLOB NOT NULL, depth INTEGER NOT NULL,
        body TEXT) STRICT""",
    """CREATE TABLE plan (
        row INTEGER NOT NULL UNIQUE, id TEXT NOT NULL UNIQUE, patient_id TEXT NOT NULL, family_name TEXT NOT NULL,
        given_name TEXT NOT NULL, birth_date TEXT NOT NULL, protocols TEXT NOT NULL, saved_at TEXT NOT NULL,
        counter INTEGER NOT NULL, demo INTEGER NOT NULL, void TEXT NOT NULL, words BLOB NOT NULL,
        number INTEGER NOT NULL, seal BLOB NOT NULL, day TEXT NOT NULL, sort TEXT NOT NULL,
        PRIMARY KEY (sort, row)) STRICT, WITHOUT ROWID""",
    "CREATE INDEX plan_day ON plan (day, row)",
    WORD_INDEX,
    # The one change that is ever allowed: a patient is erased, and with them what was done and said of them.
    """CREATE TRIGGER act_unchanged BEFORE UPDATE ON act WHEN NOT (NEW.plan = '' AND NEW.what = '' AND NEW.salt = x''
        AND NEW.body IS NULL AND (NEW.number, NEW.at, NEW.zone, NEW.who, NEW.kind, NEW.counter, NEW.before, NEW.said,
        NEW.checksum, NEW.seal, NEW.chain) = (OLD.number, OLD.at, OLD.zone, OLD.who, OLD.kind, OLD.counter, OLD.before,
        OLD.said, OLD.checksum, OLD.seal, OLD.chain))
        BEGIN SELECT RAISE(ABORT, 'what was done is never changed'); END""",
    """CREATE TRIGGER act_kept BEFORE DELETE ON act
        BEGIN SELECT RAISE(ABORT, 'what was done is never deleted'); END""",
)
_VERSION_2_END = ("DROP TABLE revision", "DROP TABLE old_plan", "DROP TABLE store")


def _first(connection: "Connection") -> None:
    for statement in _VERSION_1:
        connection.execute(statement)


def _second(connection: "Connection") -> None:
    for statement in _VERSION_2:
        connection.execute(statement)
    count = _carry_list(connection, _carry_revisions(connection))
    connection.execute("UPDATE head SET plans = ?", (count,))
    for statement in _VERSION_2_END:
        connection.execute(statement)


def _carry_revisions(connection: "Connection") -> dict[str, int]:
    """Each revision of version 1 becomes a line of the trail; gives each plan's newest number."""
    chain, newest = NO_CHAIN, dict[str, int]()
    rows = connection.execute(
        "SELECT number, plan_id, counter, at, who, what, checksum, body FROM revision ORDER BY number"
    ).fetchall()
    for number, plan_id, counter, at, who, what, checksum, body in rows:
        # No salt by chance here: the same old store always gives the same new one.
        salt = hashlib.sha256(f"{number}/{checksum}".encode()).digest()[:16]
        before = newest.get(plan_id, 0)
        act = Act(number, at, "+00:00", who, "save", plan_id, counter, before, what, salt, checksum)
        chain = insert_act(connection, act, chain, 0, body)
        newest[plan_id] = number
    return newest


def _carry_list(connection: "Connection", newest: dict[str, int]) -> int:
    rows: list[tuple[Any, ...]] = connection.execute(
        """SELECT id, patient_id, family_name, given_name, birth_date, protocols, saved_at, counter, demo, words
        FROM old_plan ORDER BY number"""
    ).fetchall()
    for row, (plan_id, *rest, words) in enumerate(rows, start=1):
        hashed = hashlib.sha256(words.encode()).digest()
        sealed = (plan_id, *rest, "", hashed, newest[plan_id])
        sort = f"{rest[1]}, {rest[2]}".casefold() if rest[2] else rest[1].casefold()
        connection.execute(
            "INSERT INTO plan VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (row, *sealed, seal_of(sealed), rest[5][:10], sort),
        )
        connection.execute("INSERT INTO word (rowid, text) VALUES (?, ?)", (row, words))
    return len(rows)


STEPS: tuple[Callable[["Connection"], None], ...] = (_first, _second)
"""Version n of the store is reached by running the first n steps, each in one transaction.

1   Protocol texts once each; revisions, which triggers keep from being changed or deleted; a line per plan for the
    list; the count of revisions, so that a store that lost them all is not taken for a new one.
2   One trail of everything done, chained from line to line; a saved state is a line with a body, most of them the
    difference to the state before. A line per plan for the list, in order of name and of day; words for searching.
"""

VERSION = len(STEPS)
