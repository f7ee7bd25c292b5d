"""Plans in the store: every saved state is a new revision that nothing changes later.

Each revision carries the checksum of its content and a seal over its own line (who, when, what, which plan, which
number, and the seal before it), so that a changed bit is noticed wherever it falls. SQLite's own check does not.
"""

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from planner.errors import EnvironmentProblem, InputProblem, KnownError, Refusal
from planner.model.plan import Plan
from planner.model.revision import PlanSummary, Revision
from planner.model.words import fold
from planner.storage.database import guarded, open_store, transaction
from planner.storage.plan_codec import decode_apart, encode_apart

if TYPE_CHECKING:
    from sqlite3 import Connection

_LAST = "SELECT counter, seal FROM revision WHERE plan_id = ? ORDER BY counter DESC LIMIT 1"
_ADD_TEXT = """INSERT INTO protocol_text VALUES (?, ?)
    ON CONFLICT (sha256) DO UPDATE SET text = excluded.text WHERE text <> excluded.text"""
_ADD_REVISION = """INSERT INTO revision (plan_id, counter, at, who, what, checksum, previous, seal, body)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_COUNT = "UPDATE store SET revisions = ?"
_SUMMARISE = """INSERT OR REPLACE INTO plan (id, patient_id, family_name, given_name, birth_date, protocols, saved_at,
    counter, demo, seal, number, words) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_LOAD = """SELECT plan_id, counter, at, who, what, checksum, previous, seal, body FROM revision WHERE plan_id = ?1
    AND counter = coalesce(?2, (SELECT max(counter) FROM revision WHERE plan_id = ?1))"""
_TEXT = "SELECT text FROM protocol_text WHERE sha256 = ?"
_SUMMARIES = """SELECT id, patient_id, family_name, given_name, birth_date, protocols, saved_at, counter, demo, seal
    FROM plan WHERE NOT EXISTS (SELECT 1 FROM json_each(?) AS word WHERE instr(plan.words, word.value) = 0)
    ORDER BY number DESC LIMIT ?"""
_HISTORY = """SELECT plan_id, counter, at, who, what, checksum, previous, seal FROM revision WHERE plan_id = ?
    ORDER BY counter"""


class Repository:
    """The plans of one store. Use from one thread; close when done."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: Connection = open_store(path)

    def close(self) -> None:
        """Give the file free. Everything saved is on disk already."""
        with guarded(self._path):
            self._connection.close()

    def append(self, plan: Plan, what: str, who: str, at: str, after: int | None = None) -> Revision:
        """Save the plan as its next revision; on disk when this returns.

        `at` is the moment in UTC as ISO text. `after` is the counter this edit started from: Refusal where a newer
        revision exists by now, so that nobody's edit is overwritten unseen. InputProblem for values no file may hold.
        """
        body, checksum, texts = encode_apart(plan)
        with guarded(self._path), transaction(self._connection):
            last, previous = self._connection.execute(_LAST, (plan.id,)).fetchone() or (0, "")
            if not (isinstance(last, int) and isinstance(previous, str)):
                raise _damaged(f"plan {plan.id}, its newest revision")
            if after is not None and last != after:
                raise Refusal(
                    f"plan {plan.id} was changed by somebody else meanwhile; open it again and repeat the edit"
                )
            revision = Revision(plan.id, last + 1, at, who, what, checksum)
            self._connection.executemany(_ADD_TEXT, texts.items())
            line = _line(revision)
            row = self._connection.execute(_ADD_REVISION, (*line, previous, _seal(*line, previous), body))
            self._connection.execute(_COUNT, (row.lastrowid,))
            self._summarise(plan, revision, row.lastrowid or 0)
        return revision

    def load(self, plan_id: str, counter: int | None = None) -> tuple[Plan, Revision]:
        """A revision of a plan, the newest unless `counter` says another.

        InputProblem where there is none; EnvironmentProblem naming the plan where it is damaged.
        """
        with guarded(self._path):
            row = self._connection.execute(_LOAD, (plan_id, counter)).fetchone()
            if row is None:
                which = f"revision {counter} of plan" if counter is not None else "plan"
                raise InputProblem((f"{self._path}: there is no {which} {plan_id}",))
            revision = Revision(*row[:6])
            place = f"plan {plan_id}, revision {revision.counter}"
            if row[7] != _seal(*row[:7]):
                raise _damaged(place)
            try:
                return decode_apart(str(row[8]), revision.checksum, self._text, place), revision
            except InputProblem as problem:
                raise _damaged(place) from problem

    def summaries(self, words: str = "", limit: int = 1000) -> tuple[PlanSummary, ...]:
        """One line a plan, newest first; with `words` those whose names, ids or protocols hold each of them."""
        wanted = json.dumps(fold(words).split())
        with guarded(self._path):
            rows = self._connection.execute(_SUMMARIES, (wanted, limit)).fetchall()
        return tuple(_summary(row) for row in rows)

    def history(self, plan_id: str) -> tuple[Revision, ...]:
        """All revisions of a plan, oldest first. EnvironmentProblem where one of the lines was damaged."""
        with guarded(self._path):
            rows = self._connection.execute(_HISTORY, (plan_id,)).fetchall()
        before = ""
        for number, row in enumerate(rows, start=1):
            if row[1] != number or row[6] != before or row[7] != _seal(*row[:7]):
                raise _damaged(f"plan {plan_id}, history line {number}")
            before = row[7]
        return tuple(Revision(*row[:6]) for row in rows)

    def verify(self) -> tuple[str, ...]:
        """Read everything and compare it with its checksums: one line a problem, none where all is well."""
        with guarded(self._path):
            checks = [row[0] for row in self._connection.execute("PRAGMA integrity_check")]
            plans = [row[0] for row in self._connection.execute("SELECT DISTINCT plan_id FROM revision")]
            listed = [row[0] for row in self._connection.execute("SELECT id FROM plan")]
        problems = [f"{self._path}: {line}" for line in checks if line != "ok"]
        problems += [f"plan {plan_id}: has no revisions" for plan_id in listed if plan_id not in set(plans)]
        problems += [f"plan {plan_id}: is missing from the list" for plan_id in plans if plan_id not in set(listed)]
        problems += [
            f"plan {one.plan_id}: its line in the list is damaged" for one in self.summaries("", -1) if one.damaged
        ]
        for plan_id in plans:
            problems += self._verify_plan(plan_id)
        return tuple(problems)

    def _verify_plan(self, plan_id: str) -> list[str]:
        problems: list[str] = []
        try:
            for revision in self.history(plan_id):
                self.load(plan_id, revision.counter)
        except KnownError as problem:
            problems.extend(problem.lines)
        return problems

    def _text(self, sha256: str) -> str | None:
        row = self._connection.execute(_TEXT, (sha256,)).fetchone()
        return str(row[0]) if row else None

    def _summarise(self, plan: Plan, revision: Revision, number: int) -> None:
        patient = plan.patient
        protocols = ", ".join(dict.fromkeys(pin.id for pin in plan.pins))
        row = (plan.id, patient.id, patient.family_name, patient.given_name, patient.birth_date.isoformat(), protocols)
        row_full = (*row, revision.at, revision.counter, int(plan.demo))
        words = fold(f"{patient.family_name} {patient.given_name} {patient.id} {plan.id} {protocols}")
        self._connection.execute(_SUMMARISE, (*row_full, _seal(*row_full), number, words))


def _line(revision: Revision) -> tuple[str, int, str, str, str, str]:
    return (revision.plan_id, revision.counter, revision.at, revision.who, revision.what, revision.checksum)


def _summary(row: tuple[object, ...]) -> PlanSummary:
    if row[9] != _seal(*row[:9]):
        return PlanSummary(str(row[0]), damaged=True)
    plan_id, patient_id, family, given, born, protocols, saved_at = (str(value) for value in row[:7])
    return PlanSummary(
        plan_id, patient_id, family, given, date.fromisoformat(born), protocols, saved_at, int(str(row[7])), row[8] == 1
    )


def _seal(*values: object) -> str:
    # A flipped bit can turn a text into bytes; such a value gets a seal that fits nothing.
    return hashlib.sha256(json.dumps(values, ensure_ascii=True, default=repr).encode()).hexdigest()


def _damaged(place: str) -> EnvironmentProblem:
    return EnvironmentProblem(
        f"{place}: damaged on disk and not shown; load an older revision of this plan, or restore a backup"
    )
