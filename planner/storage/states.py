"""Saved states as they lie in the store: found, put together from their differences, compared with their checksums."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from planner.errors import EnvironmentProblem, InputProblem
from planner.files import told
from planner.model import store_words as words
from planner.model.plan import Plan
from planner.model.revision import Passed, Revision
from planner.storage import acts
from planner.storage.acts import Act
from planner.storage.body_difference import apply_difference, text_difference
from planner.storage.plan_codec import PlanWriter, checksum_of, hash_of_text, read_own_body, read_passed_text
from planner.storage.plan_list import PlanList, damaged

if TYPE_CHECKING:
    from sqlite3 import Connection

WHOLE_EVERY = 32
"""States between two that are kept whole: so many rows are read at most to load one."""
_TEXT = "SELECT text FROM protocol_text WHERE sha256 = ?"
_LINE = """SELECT number, at, zone, who, kind, plan, counter, before, what, salt, checksum, said, seal, depth, body
    FROM act WHERE number = ?"""
_BODY = "SELECT before, depth, body FROM act WHERE number = ?"
_ELSEWHERE = """WITH RECURSIVE line (number, before) AS (SELECT number, before FROM act WHERE number = ?
    UNION ALL SELECT act.number, act.before FROM line CROSS JOIN act ON act.number = line.before
    WHERE act.number < line.number)
    SELECT act.number, at, zone, who, kind, plan, counter, act.before, what, salt, checksum, said, seal, depth, body
    FROM line CROSS JOIN act ON act.number = line.number + 1 WHERE kind = ? AND plan = ?"""
_MOST_PARTS = 4096


class _Line(NamedTuple):
    """A line of the trail as it lies in the store."""

    act: Act
    said: bytes
    seal: bytes
    depth: int
    body: str | None

    @property
    def is_sound(self) -> bool:
        return self.seal == acts.line_seal(self.act, self.said) and self.said == acts.said_of(self.act)


class Newest(NamedTuple):
    """The last state that was read or written: its line of the trail, how it is kept there, its text, and the plan."""

    plan_id: str = ""
    number: int = 0
    depth: int = 0
    body: str = ""
    plan: Plan | None = None


class States:
    """The saved states of one store. `newest` is the last one read or written."""

    def __init__(self, connection: "Connection", plans: PlanList, path: Path) -> None:
        self._connection = connection
        self._list = plans
        self._path = path
        self.writer = PlanWriter()
        self.newest = Newest()

    def load(self, plan_id: str, counter: int | None = None) -> tuple[Plan, Revision]:
        """See Repository.load."""
        line, number = self._find(plan_id, counter)
        place = f"plan {plan_id}, revision {line.act.counter}"
        body = self._sound_body(number, line, place)
        try:
            plan = read_own_body(body, self._texts(place), place, self.writer)
        except InputProblem as problem:
            raise _not_understood(place) from problem
        if counter is None:
            self.newest = Newest(plan_id, number, line.depth, body, plan)
        return plan, _revision(line.act)

    def _find(self, plan_id: str, counter: int | None) -> tuple[_Line, int]:
        """The line of a revision, found by going back from the newest one."""
        number = self._list.newest(plan_id) if counter is None else self._list.last_line(plan_id)
        if not number:
            raise InputProblem((f"{self._path}: there is no plan {plan_id}",))
        wanted = counter
        while number:
            line = self._line(number, plan_id)
            if wanted is None or line.act.counter == wanted:
                return line, number
            number = line.act.before
        raise InputProblem((f"{self._path}: there is no revision {counter} of plan {plan_id}",))

    def _line(self, number: int, plan_id: str) -> _Line:
        line = self._any_line(number, plan_id)
        if line.act.plan != plan_id or not (_is_number(line.act.before) and 0 <= line.act.before < number):
            raise damaged(f"plan {plan_id}: a line of its history")
        return line

    def _any_line(self, number: int, plan_id: str = "") -> _Line:
        row = self._connection.execute(_LINE, (number,)).fetchone()
        if row is None:
            raise damaged(f"plan {plan_id}: a line of its history")
        return _Line(Act(*row[:11]), *row[11:])

    def _sound_body(self, number: int, line: _Line | None = None, place: str = "", known: Newest | None = None) -> str:
        """The text of a state, which agrees with its checksum and its line with the seal.

        Put together from the `known` one where it is the difference to that.
        """
        line = line or self._any_line(number)
        place = place or f"plan {line.act.plan}, revision {line.act.counter}"
        if not line.is_sound:
            raise damaged(place)
        parts, depth, body, before = list[str](), line.depth, line.body, line.act.before
        try:
            while depth and len(parts) < _MOST_PARTS:
                parts.append(str(body))
                if known and before == known.number:
                    depth, body = 0, known.body
                else:
                    before, depth, body = self._connection.execute(_BODY, (before,)).fetchone()
            text = str(body)
            for part in reversed(parts):
                text = apply_difference(text, part)
        except (TypeError, ValueError) as problem:
            raise damaged(place) from problem
        if checksum_of(text) != line.act.checksum:
            raise damaged(place)
        return text

    def text_of(self, number: int, known: Newest) -> Newest:
        """The text of the state on that line of the trail, by the `known` one. EnvironmentProblem for a damaged one."""
        line = self._any_line(number)
        return Newest(line.act.plan, number, line.depth, self._sound_body(number, line, known=known))

    def check_state(self, number: int, known: Newest, texts: dict[str, str]) -> Newest:
        """Read the state on that line of the trail as if somebody opened it. EnvironmentProblem where it is damaged.

        `known` is the one that was checked before it, and `texts` are the sound protocols that were met so far.
        """
        line = self._any_line(number)
        place = f"plan {line.act.plan}, revision {line.act.counter}"
        body = self._sound_body(number, line, place, known)
        try:
            read_own_body(body, self._texts(place, texts), place, PlanWriter())
        except InputProblem as problem:
            raise _not_understood(place) from problem
        return Newest(line.act.plan, number, line.depth, body)

    def _texts(self, place: str, known: dict[str, str] | None = None) -> Callable[[str], str]:
        """Gives a protocol's text by its hash, and keeps it among the `known` ones."""
        texts = {} if known is None else known

        def text_of(sha256: str) -> str:
            if sha256 not in texts:
                row = self._connection.execute(_TEXT, (sha256,)).fetchone()
                if row is None or hash_of_text(str(row[0])) != sha256:
                    raise damaged(place)
                texts[sha256] = str(row[0])
            return texts[sha256]

        return text_of

    def history(self, plan_id: str) -> tuple[Revision, ...]:
        """See Repository.history."""
        found: list[Revision] = []
        number = self._list.newest(plan_id)
        while number:
            line = self._line(number, plan_id)
            if not line.is_sound or (found and line.act.counter != found[-1].counter - 1):
                raise damaged(f"plan {plan_id}, history line {line.act.counter}")
            found.append(_revision(line.act))
            number = line.act.before
        if found and found[-1].counter != 1:
            raise damaged(f"plan {plan_id}, history line {found[-1].counter}")
        return tuple(reversed(found))

    def elsewhere(self, plan_id: str) -> dict[int, tuple[Passed, ...]]:
        """By revision the states that the plan went through elsewhere before it, as the file told that it came from.

        EnvironmentProblem where one of the lines was damaged.
        """
        found = {}
        for row in self._connection.execute(_ELSEWHERE, (self._list.newest(plan_id), acts.ELSEWHERE, plan_id)):
            line, text = _Line(Act(*row[:11]), *row[11:]), str(row[14])
            place = f"plan {plan_id}, history line {line.act.counter}"
            if not line.is_sound or checksum_of(text) != line.act.checksum:
                raise damaged(place)
            found[line.act.counter] = read_passed_text(text, place)
        return found

    def known(self, plan_id: str, number: int) -> Newest | None:
        """The state on that line where it is the last one read or written."""
        return self.newest if number and self.newest[:2] == (plan_id, number) else None

    def as_difference(self, plan_id: str, before: int, body: str) -> tuple[int, str]:
        """How a state is kept: its depth (0 for whole) and the text for its row."""
        if not before:
            return 0, body
        known = self.known(plan_id, before)
        depth = known.depth if known else self._depth(before)
        if not (_is_number(depth) and 0 <= depth < WHOLE_EVERY - 1):
            return 0, body
        try:
            old = known.body if known else self._sound_body(before)
        except (EnvironmentProblem, InputProblem):
            return 0, body  # a damaged state is no ground to build on
        difference = text_difference(old, body)
        return (0, body) if len(difference) > len(body) // 2 else (depth + 1, difference)

    def _depth(self, number: int) -> int:
        row = self._connection.execute("SELECT depth FROM act WHERE number = ?", (number,)).fetchone()
        return row[0] if row else WHOLE_EVERY


def _not_understood(place: str) -> EnvironmentProblem:
    """The sentence for a text that agrees with its checksum, its protocols' too, and yet is no plan here."""
    return EnvironmentProblem(told(place, words.NEWER_PLAN))


def _is_number(value: object) -> bool:
    """A flipped bit can turn a number into anything."""
    return isinstance(value, int)


def _revision(act: Act) -> Revision:
    return Revision(act.plan, act.counter, act.at, act.who, act.what, act.checksum, act.zone)
