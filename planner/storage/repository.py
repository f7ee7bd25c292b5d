"""Plans in the store: every saved state is a new line of the trail that nothing changes later.

Each state carries the checksum of its content, and its line a seal, so that a changed bit is noticed wherever it falls.
SQLite's own check does not. A state is kept as its difference to the one before, and whole every so often.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from planner.errors import EnvironmentProblem, InputProblem, Refusal
from planner.files import told
from planner.model import store_words as words
from planner.model.plan import Plan
from planner.model.revision import Passed, PlanSummary, Revision, TrailLine
from planner.model.store import StoreKey
from planner.storage import acts
from planner.storage.acts import SAVE, Act
from planner.storage.database import create_store, guarded, is_read_as_it_lies, one_moment, open_store, transaction
from planner.storage.key_file import PLAIN_KEY
from planner.storage.own_file import STATE, OwnFile, facts_of
from planner.storage.plan_codec import checksum_of, passed_text
from planner.storage.plan_list import NewLine, PlanList
from planner.storage.states import Newest, States

if TYPE_CHECKING:
    from sqlite3 import Connection

_ADD_TEXT = """INSERT INTO protocol_text VALUES (?, ?)
    ON CONFLICT (sha256) DO UPDATE SET text = excluded.text WHERE text <> excluded.text"""
_IDENTITY = ("st_dev", "st_ino")


class Edit(NamedTuple):
    """A plan to be saved under the name of its edit. `after` is the counter of the revision it started from.

    `passed` are states that it went through elsewhere and that no revision here is, and `told` says it in words.
    """

    plan: Plan
    what: str
    after: int | None = None
    passed: tuple[Passed, ...] = ()
    told: str = ""


class Repository:
    """The plans of one store. Use from one thread; close when done.

    `read_only` is the sentence that says why nothing may be written, empty where writing is allowed.
    """

    def __init__(self, path: Path, key: StoreKey = PLAIN_KEY, read_only: str = "") -> None:
        self.path = path
        self.key = key
        self.read_only = read_only
        if not read_only and not path.exists():
            create_store(path, key)
        self._connection: Connection = open_store(path, key, read_only=bool(read_only))
        self._file = facts_of(path, *_IDENTITY)
        self._as_it_lay = facts_of(path, *STATE) if read_only and is_read_as_it_lies(path) else None
        self._list = PlanList(self._connection)
        self._known_texts: set[str] = set()
        self.states = States(self._connection, self._list, path)
        with guarded(path):
            self._end = acts.KnownEnd(self._connection)
            self._own = OwnFile(path, key, self._connection)

    def close(self) -> None:
        """Give the file free. Everything saved is on disk already."""
        with guarded(self.path):
            self._connection.close()

    # --- saved states -------------------------------------------------------------------------------------------------

    def append(self, plan: Plan, what: str, who: str, at: str, after: int | None = None) -> Revision:
        """Save the plan as its next revision; it is on disk when this returns.

        `at` is the moment as ISO text with the local offset. `after` is the counter this edit started from: Refusal
        where a newer revision exists by now, so that nobody's edit is overwritten unseen. InputProblem for values no
        file holds.
        """
        return self.append_all((Edit(plan, what, after),), who, at)[0]

    def append_all(self, edits: Iterable[Edit], who: str, at: str) -> tuple[Revision, ...]:
        """Save plans, all or none, as `append` does."""
        bodies = [(edit, self.states.writer.body(edit.plan)) for edit in edits]
        with self.writing() as connection:
            number, chain = acts.end_of_trail(connection)
            saved = []
            for edit, body in bodies:
                plan, number = edit.plan, number + 1
                line = self._list.line(plan.id)
                _may_follow(plan.id, line.counter if line else 0, line.void if line else "", edit.after)
                revision, chain = self._add(plan, body, line, (edit.what, who, at), (number, chain))
                saved.append(revision)
                if edit.passed:
                    _note_passed(connection, edit, revision.counter, who, at)
                    number, chain = acts.end_of_trail(connection)
        return tuple(saved)

    def _add(
        self, plan: Plan, body: str, line: NewLine | None, words: tuple[str, str, str], end: tuple[int, bytes]
    ) -> tuple[Revision, bytes]:
        (what, who, at), (number, chain) = words, end
        moment, zone = acts.split_moment(at)
        before, counter = (line.number, line.counter + 1) if line else (0, 1)
        for pin in plan.pins:
            if pin.sha256 not in self._known_texts:
                self._connection.execute(_ADD_TEXT, (pin.sha256, pin.text))
        depth, kept = self.states.as_difference(plan.id, before, body)
        checksum = checksum_of(body)
        act = Act(
            number, moment, zone, acts.clean(who), SAVE, plan.id, counter, before, acts.clean(what), acts.new_salt(),
            checksum,
        )  # fmt: skip
        after = acts.insert_act(self._connection, act, chain, depth, kept)
        known = self.states.known(plan.id, before)
        self._list.put(plan, moment, counter, number, line, known.plan if known else None)
        self._known_texts |= {pin.sha256 for pin in plan.pins}
        self.states.newest = Newest(plan.id, number, depth, body, plan)
        return Revision(plan.id, counter, moment, act.who, act.what, checksum, zone), after

    def load(self, plan_id: str, counter: int | None = None) -> tuple[Plan, Revision]:
        """A revision of a plan, the newest unless `counter` says another.

        InputProblem where there is none; EnvironmentProblem naming the plan where it is damaged.
        """
        with self.reading():
            return self.states.load(plan_id, counter)

    def history(self, plan_id: str) -> tuple[Revision, ...]:
        """All revisions of a plan, oldest first. EnvironmentProblem where one of the lines was damaged."""
        with self.reading():
            return self.states.history(plan_id)

    # --- the list -----------------------------------------------------------------------------------------------------

    def summaries(self, words: str = "", limit: int = 1000, order: str = "newest") -> tuple[PlanSummary, ...]:
        """One line a plan; with `words` those in which each of them starts a word. Deleted plans are left out.

        `order` is "newest" (by day saved; of one day by the last save) or "name".
        """
        with self.reading():
            return self._list.summaries(words, limit, order)

    def named(self, start: str, limit: int) -> tuple[PlanSummary, ...]:
        """The plans whose patient's name starts like this, in order of name."""
        with self.reading():
            return self._list.named(start, limit)

    def void_plans(self) -> tuple[PlanSummary, ...]:
        """The deleted plans that can be taken back, with the reason."""
        with self.reading():
            return self._list.void_plans()

    def count(self) -> int:
        """How many plans there are, without the deleted ones."""
        with self.reading():
            return self._list.count()

    # --- other acts ---------------------------------------------------------------------------------------------------

    def void(self, plan_ids: Iterable[str], reason: str, who: str, at: str) -> None:
        """Delete plans: they leave the list and can be taken back; nothing is lost. All of them or none."""
        if not reason.strip():
            raise Refusal("a plan is deleted with a reason only")
        with self.writing() as connection:
            for plan_id in plan_ids:
                line = self._known(plan_id)
                if line.void:
                    raise Refusal("plan {plan_id} is deleted already", plan_id=plan_id)
                acts.add_act(connection, "void", reason, who, at, plan=plan_id, counter=line.counter)
                self._list.set_void(line, acts.clean(reason))

    def unvoid(self, plan_id: str, reason: str, who: str, at: str) -> None:
        """Take a deleted plan back."""
        with self.writing() as connection:
            line = self._known(plan_id)
            if not line.void:
                raise Refusal("plan {plan_id} is not deleted", plan_id=plan_id)
            acts.add_act(connection, "unvoid", reason, who, at, plan=plan_id, counter=line.counter)
            self._list.set_void(line, "")

    def record(self, kind: str, what: str, who: str, at: str, plan_id: str = "", counter: int = 0) -> int:
        """Note in the trail what was done with a plan or the store: a print, an export, a sign-off."""
        with self.writing() as connection:
            return acts.add_act(connection, kind, what, who, at, plan=plan_id, counter=counter)

    def trail(self, plan_id: str = "", after: int = 0) -> tuple[TrailLine, ...]:
        """The audit trail, of one plan or from a line on."""
        with self.reading():
            return tuple(acts.trail_lines(self._connection, plan_id, after))

    def trail_end(self) -> int:
        """The number of the newest line of the trail."""
        with self.reading() as connection:
            return acts.end_of_trail(connection)[0]

    def verify(self) -> tuple[str, ...]:
        """Read everything and compare it with its checksums: one line a problem, none where all is well."""
        from planner.storage.verification import verify

        with self.reading() as connection, one_moment(connection):
            return verify(self.states, connection, encrypted=self.key.raw is not None)

    def _known(self, plan_id: str) -> NewLine:
        line = self._list.line(plan_id)
        if line is None:
            raise InputProblem((f"{self.path}: there is no plan {plan_id}",))
        return line

    # --- the file -----------------------------------------------------------------------------------------------------

    @contextmanager
    def reading(self) -> Iterator["Connection"]:
        """The connection, with what it raises turned into sentences."""
        if self._as_it_lay and facts_of(self.path, *STATE) != self._as_it_lay:
            raise EnvironmentProblem(told(self.path, words.OUTDATED))
        with guarded(self.path):
            yield self._connection

    @contextmanager
    def writing(self) -> Iterator["Connection"]:
        """The connection inside one transaction. EnvironmentProblem where this store is open for reading only."""
        if self.read_only:
            raise EnvironmentProblem(self.read_only)
        with guarded(self.path):
            if not self._own.is_there():
                raise EnvironmentProblem(told(self.path, words.COPIED_OVER))
        before, end = self.states.newest, self._end.line
        try:
            with guarded(self.path), transaction(self._connection):
                if not self._end.is_kept():
                    raise EnvironmentProblem(told(self.path, words.REPLACED))
                yield self._connection
                self._end.look()
                if facts_of(self.path, *_IDENTITY) != self._file:
                    # The system would let us write on into a file that has no name any more.
                    raise EnvironmentProblem(told(self.path, words.GONE))
        except BaseException:
            self.states.newest, self._end.line = before, end
            self._known_texts.clear()
            self._list.indexed.clear()
            raise
        self._own.note()


def _note_passed(connection: "Connection", edit: Edit, counter: int, who: str, at: str) -> None:
    body = passed_text(edit.passed)
    acts.add_act(connection, acts.ELSEWHERE, edit.told, who, at, plan=edit.plan.id, counter=counter, body=body)


def _may_follow(plan_id: str, counter: int, void: str, after: int | None) -> None:
    """Refuse to save over a deleted plan, or over a newer edit of somebody else."""
    if void:
        # The reason may name the patient and is not repeated in an error.
        raise Refusal(words.DELETED, plan=plan_id)
    if after is not None and counter != after:
        raise Refusal(words.NEWER_EDIT, plan=plan_id)
