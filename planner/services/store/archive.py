"""The door to the saved plans of this user: save, load, list, history, delete and take back."""

import os
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from msgspec.structs import replace

from planner.errors import EnvironmentProblem, Refusal
from planner.files import told
from planner.model import store_words as words
from planner.model.plan import Plan
from planner.model.release import with_record_of
from planner.model.revision import PlanSummary, Revision, TrailLine
from planner.model.store import Holder, Protection, StoreKey
from planner.services.store.protection import STORE_FILE, create, keep_key_beside, passphrase_from_environment, unlock
from planner.storage.backup import FOLDER, clear_remains, write_backup
from planner.storage.database import OlderLayout, full_words, is_full, stands_alone
from planner.storage.lock import EditingLock, holder_of, myself, take_lock
from planner.storage.place import unsafe_place
from planner.storage.repository import Repository
from planner.storage.verification import check_with_log, verify_end

MASS = 5
"""More plans than this deleted at once is a mass change, which wants to be confirmed (promises.md R10)."""
MASS_SHARE = 5
"""So is one part in this many of all plans."""


class Archive:
    """All saved plans. Every method raises EnvironmentProblem where disk or store fail, and says what is safe.

    Use from one thread, and close when done, best with `with`.
    """

    def __init__(self, repository: Repository) -> None:
        self.repository = repository

    @classmethod
    def open(cls, folder: Path, key: StoreKey | None = None) -> Self:
        """Open the store of that folder; both are made where they do not exist yet.

        Without a key the store is unlocked by what the environment gives; KeyNeeded where that is not enough. Where
        nothing may be written the store opens for reading, and `read_only` says why. A new store is encrypted: under
        the environment's passphrase, else with its key in a file beside it.
        """
        store = folder / STORE_FILE
        if not store.exists():
            key = _create(folder)
        key = unlock(folder) if key is None else key
        read_only = why_read_only(folder)
        alone = not read_only and _nobody_else_edits(store)
        try:
            if alone and not stands_alone(store):
                check_with_log(store, key)
            repository = Repository(store, key, read_only)
        except OlderLayout:
            if read_only:
                raise
            _upgrade(folder, key)
            repository = Repository(store, key)
        with repository.reading() as connection:
            problems = verify_end(connection)
        if problems:
            repository.close()
            raise EnvironmentProblem(told(store, words.CHANGED, cause=problems[0]))
        if alone:
            clear_remains(store)
            if repository.key.raw is not None:
                keep_key_beside(folder)
        return cls(repository)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the file free. Everything saved is on disk already."""
        self.repository.close()

    @property
    def read_only(self) -> str:
        """Why nothing can be saved, as the sentence of a banner; empty where it can."""
        return self.repository.read_only

    def save(self, plan: Plan, what: str, who: str, at: str, after: int | None = None) -> Revision:
        """Keep the plan as its next revision; it is on disk when this returns.

        `what` is the name of the edit, `at` the moment as ISO text with the local offset. `after` is the counter of the
        revision the edit started from: Refusal where somebody saved a newer one meanwhile. InputProblem for what no
        file may hold.
        """
        return self.repository.append(plan, what, who, at, after)

    def load(self, plan_id: str, counter: int | None = None) -> Plan:
        """A saved plan, its newest revision unless `counter` says another; InputProblem where there is none."""
        return self.load_revision(plan_id, counter)[0]

    def load_revision(self, plan_id: str, counter: int | None = None) -> tuple[Plan, Revision]:
        """The plan together with the line of its history it was saved as."""
        return self.repository.load(plan_id, counter)

    def list(self, words: str = "", limit: int = 1000, order: str = "newest") -> tuple[PlanSummary, ...]:
        """Plans with the newest first, or by "name"; `words` narrows to plans in which each of them starts a word.

        Searched are names, ids, protocols, diagnosis, medicines, block titles, notes and reasons. Accents do not
        matter.
        """
        return self.repository.summaries(words, limit, order)

    def count(self) -> int:
        """How many plans there are, without the deleted ones."""
        return self.repository.count()

    def history(self, plan_id: str) -> tuple[Revision, ...]:
        """Every saved state of a plan, oldest first; empty where there is no such plan."""
        return self.repository.history(plan_id)

    def go_back(
        self, plan_id: str, counter: int, who: str, at: str, *, patient_too: bool = False
    ) -> tuple[Plan, Revision]:
        """Make an older revision the newest again, as a revision of its own; nothing between is lost.

        What was signed and handed out since stays recorded, and so does what was given; Refusal where the older plan
        does not have the dose that was given. What is known of the patient stays as it is now, because an allergy that
        was recorded since must not vanish with the change of a course, unless it goes back `patient_too`.
        """
        # Imported here because opening a store must not wait for the dates of plans.
        from planner.services.verbs.lasting import with_given_of

        newest, standing = self.load_revision(plan_id)
        older = self.load(plan_id, counter)
        if not patient_too:
            older = replace(older, patient=newest.patient)
        plan = with_given_of(with_record_of(older, newest), newest)
        return plan, self.save(plan, f"Back to revision {counter}", who, at, after=standing.counter)

    def verify(self) -> tuple[str, ...]:
        """Read everything and compare it with its checksums: one line a problem, none where all is well."""
        return self.repository.verify()

    def delete(self, plan_ids: Sequence[str], reason: str, who: str, at: str, confirmed: int = 0) -> None:
        """Take plans off the list, with a reason; each can be taken back, nothing is lost.

        Refusal for a mass change (more than 5 plans, or a fifth of all) unless `confirmed` is their number: whoever
        asks makes a backup first and lets the person type it.
        """
        if self.is_mass(len(plan_ids)) and confirmed != len(plan_ids):
            raise Refusal("{count} plans at once: confirm the number, and a backup is made first", count=len(plan_ids))
        self.repository.void(plan_ids, reason, who, at)

    def is_mass(self, number: int) -> bool:
        """Whether changing so many plans at once must be confirmed."""
        return number > MASS or (number > 1 and number * MASS_SHARE > self.count())

    def take_back(self, plan_id: str, reason: str, who: str, at: str) -> None:
        """Put a deleted plan back on the list."""
        self.repository.unvoid(plan_id, reason, who, at)

    def deleted(self) -> tuple[PlanSummary, ...]:
        """The deleted plans with the reason (`void`), the newest first."""
        return self.repository.void_plans()

    def record(self, kind: str, what: str, who: str, at: str, plan_id: str = "", counter: int = 0) -> None:
        """Note in the audit trail what was done: kind "print", "export" and so on. No patient data in `what`."""
        self.repository.record(kind, what, who, at, plan_id, counter)

    def trail(self, plan_id: str = "", after: int = 0) -> tuple[TrailLine, ...]:
        """The audit trail of one plan, or of everything from a line on."""
        return self.repository.trail(plan_id, after)


def reopen(archive: Archive, key: StoreKey) -> None:
    """Open the store again after its file was replaced; `archive` is the same door as before. Raises as `open` does."""
    archive.close()
    archive.repository = Archive.open(archive.repository.path.parent, key).repository


def start_editing(folder: Path, who: str, since: str, door: str = "") -> EditingLock | Holder:
    """Take the store for this window, or learn who has it. `door` is the name at which another start may knock.

    Release the lock when the window closes; it also ends with the process. EnvironmentProblem where nothing can be
    written.
    """
    return take_lock(folder / STORE_FILE, myself(who, since, door))


def is_me(holder: Holder) -> bool:
    """Whether the holder is this user on this machine: then their window is raised instead of opening a second."""
    mine = myself("", "")
    return (holder.account, holder.host) == (mine.account, mine.host)


def editor_of(folder: Path) -> Holder | None:
    """Who edits the store of that folder at this moment; None where nobody does."""
    return holder_of(folder / STORE_FILE)


def why_read_only(folder: Path) -> str:
    """The sentence that says why the store of that folder may only be read; empty where it may be written."""
    store = folder / STORE_FILE
    if unsafe := unsafe_place(folder):
        return words.UNSAFE.format(folder=folder, place=unsafe)
    holder = holder_of(store)
    if holder and not is_me(holder):
        return words.HELD.format(holder=holder.sentence)
    if store.exists() and not os.access(store, os.W_OK):
        return words.PROTECTED.format(path=store)
    if folder.exists() and not os.access(folder, os.W_OK):
        return words.PROTECTED.format(path=folder)
    if store.exists() and is_full(store):
        return full_words(store, words.FULL_SHOWN)
    return ""


def _nobody_else_edits(store: Path) -> bool:
    """Whether the editing lock is free, or held by this very process."""
    holder = holder_of(store)
    return holder is None or (is_me(holder) and holder.pid == os.getpid())


def _create(folder: Path) -> StoreKey | None:
    passphrase = passphrase_from_environment()
    try:
        return create(folder, Protection.PASSPHRASE if passphrase else Protection.FILE, passphrase)
    except EnvironmentProblem:
        if (folder / STORE_FILE).exists():
            return None  # somebody else made it a moment ago
        raise


def _upgrade(folder: Path, key: StoreKey) -> None:
    """Bring an older layout up, after a backup, and with nobody else at it."""
    from datetime import UTC, datetime

    from planner.storage.rewriting import upgrade

    store = folder / STORE_FILE
    lock = start_editing(folder, "", "the start of an upgrade")
    if isinstance(lock, Holder) and lock.pid != os.getpid():
        raise EnvironmentProblem(told(store, words.OLDER_HELD, holder=lock.sentence))
    # No clock comes in here; the moment of the last save names the backup just as well.
    moment = datetime.fromtimestamp(store.stat().st_mtime, UTC)
    try:
        write_backup(store, key, folder / FOLDER, moment, "before upgrade")
        upgrade(store, key, "", moment.isoformat(timespec="seconds"))
    finally:
        if isinstance(lock, EditingLock):
            lock.release()
