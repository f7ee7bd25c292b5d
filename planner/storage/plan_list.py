"""The list of plans: one sealed line a plan, made from its newest state, and the words it is found by."""

import hashlib
import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import Struct

from planner.errors import EnvironmentProblem
from planner.files import told
from planner.model import store_words as words
from planner.model.plan import Plan
from planner.model.revision import PlanSummary
from planner.model.words import fold, spellings
from planner.storage.acts import seal_of

if TYPE_CHECKING:
    from sqlite3 import Connection

_COLUMNS = """id, patient_id, family_name, given_name, birth_date, protocols, saved_at, counter, demo, void, words,
    number, seal"""
_LINE = f"SELECT row, {_COLUMNS} FROM plan WHERE id = ?"  # noqa: S608 - a constant of this file
_LAST_SAVE = "SELECT coalesce(max(number), 0) FROM act WHERE plan = ? AND kind = 'save'"
_BY_DAY = f"SELECT {_COLUMNS} FROM plan WHERE void = '' ORDER BY day DESC, row DESC LIMIT ?"  # noqa: S608
_BY_NAME = f"SELECT {_COLUMNS} FROM plan WHERE void = '' ORDER BY sort, row LIMIT ?"  # noqa: S608
_NAMED = f"""SELECT {_COLUMNS} FROM plan WHERE void = '' AND sort >= ?1 AND sort < ?2
    ORDER BY sort, row LIMIT ?3"""  # noqa: S608
_FOUND = f"""SELECT {_COLUMNS} FROM word JOIN plan ON plan.row = word.rowid WHERE word MATCH ? AND void = ''
    ORDER BY word.rowid DESC LIMIT ?"""  # noqa: S608
_FOUND_BY_NAME = f"""SELECT {_COLUMNS} FROM word JOIN plan ON plan.row = word.rowid WHERE word MATCH ? AND void = ''
    ORDER BY sort, row LIMIT ?"""  # noqa: S608
_VOID = f"SELECT {_COLUMNS} FROM plan WHERE void <> '' ORDER BY number DESC"  # noqa: S608
_INSERT = "INSERT INTO plan VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_TOUCH = "UPDATE plan SET saved_at = ?, counter = ?, number = ?, seal = ? WHERE row = ?"
_REPLACE = """UPDATE plan SET id = ?, patient_id = ?, family_name = ?, given_name = ?, birth_date = ?, protocols = ?,
    saved_at = ?, counter = ?, demo = ?, void = ?, words = ?, number = ?, seal = ?, day = ?, sort = ? WHERE row = ?"""
_WORD = r"[^\W_]+"
_TITLE = re.compile(r'^title *= *"(.*)"', re.MULTILINE)
_LAST = "\U0010ffff"


class NewLine(NamedTuple):
    """A plan's line as it lies in the store. What follows `row` is sealed; `seal` is kept."""

    row: int
    id: str
    patient_id: str
    family_name: str
    given_name: str
    birth_date: str
    protocols: str
    saved_at: str
    counter: int
    demo: int
    void: str
    words: bytes
    number: int
    seal: bytes


class PlanList:
    """Reads and writes the lines of one store; transactions are the caller's.

    `indexed` are the rows of plans whose words this connection wrote; whoever takes a transaction back empties it.
    """

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection
        self.indexed = set[int]()

    def line(self, plan_id: str) -> NewLine | None:
        """The line of a plan. EnvironmentProblem where it is damaged, because nothing may be built on it."""
        row = self._connection.execute(_LINE, (plan_id,)).fetchone()
        if row is None:
            return None
        if row[13] != seal_of(row[1:13]):
            raise damaged(f"plan {plan_id}: its line in the list")
        return NewLine(*row)

    def newest(self, plan_id: str) -> int:
        """The number of a plan's newest saved state, 0 for an unknown plan. EnvironmentProblem as in `line`."""
        line = self.line(plan_id)
        return line.number if line else 0

    def last_line(self, plan_id: str) -> int:
        """The same where the plan's line is damaged: found in the trail, for whoever asks for one certain revision."""
        try:
            return self.newest(plan_id)
        except EnvironmentProblem:
            return int(self._connection.execute(_LAST_SAVE, (plan_id,)).fetchone()[0])

    def put(
        self, plan: Plan, at: str, counter: int, number: int, before: NewLine | None, like: Plan | None = None
    ) -> None:
        """Bring the line of a plan up to its newest state. `like` is the state before, where that is at hand."""
        patient = plan.patient
        protocols = ", ".join(dict.fromkeys(pin.id for pin in plan.pins))
        # An edit rarely changes the words, and comparing the parts they stand in costs next to nothing. The first time
        # they are made anew: an earlier version may have let a plan be found by fewer.
        are_known = before and before.row in self.indexed and like and _has_words_of(plan, like)
        words = None if are_known else words_of(plan)
        hashed = before.words if before and words is None else _hash_of(words or "")
        facts = (
            plan.id, patient.id, patient.family_name, patient.given_name, patient.birth_date.isoformat(), protocols,
        )  # fmt: skip
        rest = (int(plan.demo), before.void if before else "", hashed)
        sealed = (*facts, at, counter, *rest, number)
        if before:
            self.indexed.add(before.row)
        if before and (*facts, *rest) == (*before[1:7], *before[9:12]) and at[:10] == before.saved_at[:10]:
            self._connection.execute(_TOUCH, (at, counter, number, seal_of(sealed), before.row))
            return
        where = (at[:10], _sort_key(patient.family_name, patient.given_name))
        if before:
            self._connection.execute(_REPLACE, (*sealed, seal_of(sealed), *where, before.row))
            row = before.row
        else:
            row = self._new_row()
            self._connection.execute(_INSERT, (row, *sealed, seal_of(sealed), *where))
            self._connection.execute("UPDATE head SET plans = plans + 1")
        if words is not None and (before is None or before.words != hashed):
            self.index(row, words)

    def _new_row(self) -> int:
        (last,) = self._connection.execute("SELECT coalesce(max(row), 0) FROM plan").fetchone()
        return int(last) + 1

    def index(self, row: int, words: str) -> None:
        """Let a plan be found by these words and no others."""
        self._connection.execute("DELETE FROM word WHERE rowid = ?", (row,))
        self._connection.execute("INSERT INTO word (rowid, text) VALUES (?, ?)", (row, words))

    def set_void(self, line: NewLine, reason: str) -> None:
        """Take a plan off the list, or with an empty reason back onto it."""
        sealed = line._replace(void=reason)
        self._connection.execute(
            "UPDATE plan SET void = ?, seal = ? WHERE row = ?", (reason, seal_of(sealed[1:13]), line.row)
        )
        self._connection.execute("UPDATE head SET plans = plans + ?", (-1 if reason else 1,))

    def summaries(self, words: str, limit: int, order: str) -> tuple[PlanSummary, ...]:
        """See Repository.summaries."""
        by_name = order == "name"
        if words.strip():
            match = match_of(words)
            if not match:
                return ()
            return self._read(_FOUND_BY_NAME if by_name else _FOUND, (match, limit))
        if by_name:
            return self._read(_BY_NAME, (limit,))
        rows = self._connection.execute(_BY_DAY, (limit,)).fetchall()
        # Of one day the index knows only the order in which the plans were made; the last save decides.
        rows.sort(key=lambda row: (str(row[6])[:10], row[11] if isinstance(row[11], int) else 0), reverse=True)
        return tuple(map(_summary, rows))

    def named(self, start: str, limit: int) -> tuple[PlanSummary, ...]:
        """See Repository.named."""
        key = start.casefold()
        return self._read(_NAMED, (key, key + _LAST, limit))

    def void_plans(self) -> tuple[PlanSummary, ...]:
        """The deleted plans."""
        return self._read(_VOID, ())

    def count(self) -> int:
        """The number of plans that are not deleted."""
        return int(self._connection.execute("SELECT plans FROM head").fetchone()[0])

    def _read(self, statement: str, values: tuple[object, ...]) -> tuple[PlanSummary, ...]:
        return tuple(map(_summary, self._connection.execute(statement, values).fetchall()))


def match_of(words: str) -> str:
    """A search as typed, for FTS5: each word may go on. Only letters and figures get through: nothing is a command."""
    return " ".join(f'"{word}"*' for word in re.findall(_WORD, fold(words)))


def words_of(plan: Plan) -> str:
    """All words a plan is found by: the patient's, those of protocols and blocks, and every note and reason."""
    return " ".join(filter(None, map(_folded, _texts_of(plan))))


def _texts_of(plan: Plan) -> Iterator[str]:
    yield plan.id
    for pin in plan.pins:
        yield pin.id
        yield from _TITLE.findall(pin.text)[:1]
    yield from _texts_within(plan.patient)
    yield from spellings(plan.patient.family_name)
    yield from spellings(plan.patient.given_name)
    yield from (block.title for block in plan.blocks)
    for part in _told(plan):
        yield from (getattr(one, name) for one in part for name in ("note", "reason") if hasattr(one, name))


def _told(plan: Plan) -> tuple[tuple[Struct, ...], ...]:
    """The parts in which people gave reasons and notes."""
    return plan.decisions, plan.modifications, plan.acknowledgements, plan.course_changes


def _has_words_of(plan: Plan, other: Plan) -> bool:
    """Whether nothing differs in which words stand; then the words are the same. The other way round need not hold."""
    return (
        (plan.id, plan.pins, plan.patient) == (other.id, other.pins, other.patient)
        and _told(plan) == _told(other)
        and [block.title for block in plan.blocks] == [block.title for block in other.blocks]
    )


def _hash_of(words: str) -> bytes:
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).digest()


def _texts_within(value: object) -> Iterator[str]:
    """Every text in the patient, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Struct):
        for name in value.__struct_fields__:
            yield from _texts_within(getattr(value, name))
    elif isinstance(value, tuple):
        for one in value:
            yield from _texts_within(one)


@lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    return fold(text)


def _sort_key(family: str, given: str) -> str:
    return f"{family}, {given}".casefold() if given else family.casefold()


def _summary(row: tuple[Any, ...]) -> PlanSummary:
    if row[12] != seal_of(row[:12]):
        return PlanSummary(str(row[0]), damaged=True)
    plan_id, patient_id, family, given, born, protocols, saved_at = row[:7]
    return PlanSummary(
        plan_id, patient_id, family, given, _day(born), protocols, saved_at, row[7], row[8] == 1, void=row[9]
    )


@lru_cache(maxsize=1024)
def _day(text: str) -> date:
    return date.fromisoformat(text)


def damaged(place: str) -> EnvironmentProblem:
    """The sentence for what does not agree with its checksum."""
    return EnvironmentProblem(told(place, words.DAMAGED_PLAN))
