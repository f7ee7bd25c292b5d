"""The store as the window cares for it: backups, restore, protection, trail, deletion. What may take long is a job.

A job is a function without Qt that may run beside the window; it opens the store for itself.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from functools import partial
from pathlib import Path

from planner.errors import KnownError
from planner.files import Backup, read_text, write_output
from planner.model.agent import Agent
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.plan import Plan
from planner.model.revision import Passed, PlanSummary, TrailLine
from planner.model.store import Protection, StoreKey
from planner.paths import resources
from planner.services.store import keeping, protection
from planner.services.store.archive import Archive, reopen
from planner.services.store.beside import Beside, beside
from planner.services.store.coming_home import passed_of
from planner.services.store.exchange import (
    Incoming,
    bring_in,
    look_at_plans,
    plan_of_file,
    plans_of_patients,
    sealed_plan_text,
)
from planner.services.store.issued import issue_before
from planner.services.store.keeping import BackedUp, Verified
from planner.services.store.plan_files import hashes_below, plan_text
from planner.services.store.store_tables import read_patients_csv, trail_csv
from planner.settings import Settings

MOST_LINES = 5000
"""Lines of the trail that are shown; an export holds all."""


class Vault:
    """One store. `site_folder` holds the site's own protocols.

    `aside` is true while its file is being replaced, and once the window closes; then nothing may be asked of the
    archive.
    """

    def __init__(
        self, archive: Archive, settings: Callable[[], Settings], moment: Callable[[], datetime], site_folder: Path
    ) -> None:
        self.archive = archive
        self._settings = settings
        self._moment = moment
        self.site_folder = site_folder
        self.aside = False
        self.records = Records(self)

    @property
    def folder(self) -> Path:
        """Where the store lies."""
        return self.archive.repository.path.parent

    @property
    def key(self) -> StoreKey:
        """The key of this session."""
        return self.archive.repository.key

    @property
    def read_only(self) -> str:
        """Why nothing can be saved; empty where it can."""
        return self.archive.read_only

    # --- backups ------------------------------------------------------------------------------------------------------

    @property
    def second_folder(self) -> Path | None:
        """Where a copy of every backup goes."""
        chosen = self._settings().second_folder.strip()
        return Path(chosen).expanduser() if chosen else None

    def backups(self) -> tuple[Backup, ...]:
        """All backups beside the store, the newest first."""
        return tuple(reversed(keeping.backups(self.folder)))

    def is_backup_due(self) -> bool:
        """Whether something changed since the newest backup and that is old enough."""
        if self.aside or self.read_only:
            return False
        return keeping.is_due(self.folder, self.archive.repository.trail_end(), self._moment())

    def back_up(self, why: str = "") -> Callable[[], BackedUp]:
        """The job that writes a backup and reads it again."""
        folder, key, now, second = self.folder, self.key, self._moment(), self.second_folder
        return lambda: keeping.back_up(folder, key, now, why, second)

    def follow_protection(self) -> Callable[[], str]:
        """The job that brings each folder of backups up to the protection of now, and gives what is amiss there."""
        folder, key, now, second = self.folder, self.key, self._moment(), self.second_folder
        return lambda: "\n".join(keeping.follow_protection(folder, key, now, second))

    def put_back(self, backup: Backup) -> Callable[[], Path | None]:
        """The job that puts a backup in the store's place. Step aside first, come back after it."""
        folder, key, now, who = self.folder, self.key, self._moment(), self.who()
        return lambda: keeping.restore(folder, key, backup, who, now)

    # --- the file -----------------------------------------------------------------------------------------------------

    def step_aside(self) -> None:
        """Let go of the file, so that a job can replace it."""
        self.aside = True
        self.archive.close()

    def come_back(self, key: StoreKey | None = None) -> None:
        """Open the store again. Raises KnownError where that fails; the archive then answers every question so."""
        reopen(self.archive, key or self.key)
        self.aside = False

    def verify(self) -> Callable[[], Verified]:
        """The job that reads everything."""
        folder, key = self.folder, self.key
        return lambda: keeping.verify_store(folder, key)

    # --- protection ---------------------------------------------------------------------------------------------------

    @property
    def protection(self) -> Protection:
        """How the store is protected."""
        return protection.protection_of(self.folder)

    def opens(self, passphrase: str) -> bool:
        """Whether this passphrase opens the store that is open. Raises KnownError where the key file is damaged."""
        return protection.unlock(self.folder, passphrase) == self.key

    def protect(self, kind: Protection, passphrase: str) -> None:
        """Keep the key in another way or under another passphrase; a plain store is encrypted first."""
        if self.key.raw is None:
            self.step_aside()
            key = None
            try:
                key = keeping.encrypt_store(self.folder, kind, passphrase, self._moment())
            finally:
                self.come_back(key)
        else:
            protection.protect(self.folder, self.key, kind, passphrase)
        self.archive.record("passphrase", f"The store is protected by: {kind}", self.who(), self.now())

    def now(self) -> str:
        """The moment with its offset, for the trail."""
        return self._moment().isoformat(timespec="seconds")

    def who(self) -> str:
        """The name of whoever works here."""
        return self._settings().who


class Records:
    """The plans of a vault as things that are deleted, taken back and erased; and the trail of all that was done."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def trail(self, plan_id: str = "") -> tuple[TrailLine, ...]:
        """The newest lines of the trail, of one plan or of all; the newest first."""
        after = 0 if plan_id else max(0, self._vault.archive.repository.trail_end() - MOST_LINES)
        return tuple(reversed(self._vault.archive.trail(plan_id, after)))

    def export_trail(self, path: Path, plan_id: str = "") -> int:
        """Write the whole trail, of one plan or of all, as a table; how many lines. It is itself noted in the trail."""
        if not self._vault.read_only:
            self._vault.archive.record("export", "audit trail", self._vault.who(), self._vault.now(), plan_id)
        lines = self._vault.archive.trail(plan_id)
        write_output(path, trail_csv(lines).encode())
        return len(lines)

    def delete(self, plan_id: str, reason: str, who: str) -> None:
        """Take a plan off the list, with a reason; it can be taken back."""
        self._vault.archive.delete((plan_id,), reason, who, self._vault.now())

    def deleted(self) -> tuple[PlanSummary, ...]:
        """The deleted plans, with the reason."""
        return self._vault.archive.deleted()

    def take_back(self, plan_id: str, reason: str, who: str) -> None:
        """Put a deleted plan back on the list."""
        self._vault.archive.take_back(plan_id, reason, who, self._vault.now())

    def as_issued(self, shown: EvaluatedPlan, sheet: str) -> Plan | None:
        """The plan as that sheet was handed out last, where it said something else."""
        plan, archive = shown.plan, self._vault.archive
        states = (partial(archive.load, plan.id, one.counter) for one in reversed(archive.history(plan.id)))
        return issue_before(plan, sheet, states, shown.dosed_as)

    def beside(self, plan: Plan) -> Beside:
        """The other plans of its patient, and who else has the patient's number."""
        return beside(self._vault.archive, plan)

    def note_print(self, plan_id: str, sheet: str) -> None:
        """Note in the trail that a sheet was saved to be printed; where nothing may be written, nothing is."""
        if not self._vault.read_only:
            self._vault.archive.record("print", sheet, self._vault.who(), self._vault.now(), plan_id)

    def plans_of(self, patient_id: str) -> int:
        """How many plans of that patient there are, deleted ones included."""
        everything = (*self._vault.archive.list(limit=-1), *self._vault.archive.deleted())
        return sum(one.patient_id == patient_id for one in everything)

    def persons_under(self, patient_id: str) -> tuple[str, ...]:
        """Of whom the plans under that id tell: as a rule one person."""
        return keeping.persons_under(self._vault.archive, patient_id)

    def names(self, sentences: Sequence[str]) -> tuple[str, ...]:
        """The sentences, each plan in them with its patient."""
        known = {one.plan_id: one for one in self._vault.archive.list(limit=-1) if not one.damaged}
        found = []
        for sentence in sentences:
            plan = known.get(sentence.removeprefix("plan ").partition(":")[0].partition(",")[0])
            patient = f"{plan.family_name}, {plan.given_name} ({plan.patient_id}): " if plan else ""
            found.append(f"{patient}{sentence}")
        return tuple(found)

    def save_plan(self, plan: Plan, path: Path, passphrase: str) -> None:
        """Write a plan as a file, sealed where a passphrase is given. Needs nothing of the store, which may be full."""
        passed = self._passed(plan)
        text = sealed_plan_text(plan, passphrase, passed) if passphrase else plan_text(plan, passed)
        write_output(path, text.encode())

    def _passed(self, plan: Plan) -> tuple[Passed, ...]:
        """The saved states a plan went through, and its own; none where the store cannot tell them."""
        with suppress(KnownError):
            return passed_of(self._vault.archive, plan, None, self._vault.who(), self._vault.now())
        return ()

    def note_export(self, plan_id: str) -> None:
        """Note in the trail that a plan went out as a file."""
        if not self._vault.read_only:
            self._vault.archive.record("export", "plan file", self._vault.who(), self._vault.now(), plan_id)

    def read_files(
        self, files: Sequence[str], agents: Mapping[str, Agent], passphrase: str, new_id: Callable[[], str]
    ) -> tuple[Incoming, ...]:
        """The plans and patients in these files and what would happen to each. KeyNeeded without a passphrase."""
        lists = [file for file in files if file.lower().endswith(".csv")]
        archive, today = self._vault.archive, date.fromisoformat(self._vault.now()[:10])
        trusted = hashes_below(resources() / "protocols", self._vault.site_folder / "protocols")
        plans = [plan_of_file(file, agents, trusted, lambda: passphrase) for file in files if file not in lists]
        found = look_at_plans(archive, [one._replace(file=Path(one.file).name) for one in plans])
        for file in lists:
            name = Path(file).name
            patients = read_patients_csv(read_text(Path(file)), name, today)
            found += plans_of_patients(archive, patients, name, new_id)
        return found

    def take_in(self, incoming: Sequence[Incoming], *, later: bool = False) -> tuple[str, ...]:
        """Save the new ones, and where wanted the later states as next revisions, all or none; their ids."""
        return bring_in(self._vault.archive, incoming, self._vault.who(), self._vault.now(), later=later)

    def erase(self, patient_id: str, reason: str, who: str) -> Callable[[], tuple[int, tuple[str, ...]]]:
        """The job that erases a patient everywhere we reach. Step aside first, come back after it."""
        folder, key, at = self._vault.folder, self._vault.key, self._vault.now()
        folders = [folder / "backups", *([self._vault.second_folder] if self._vault.second_folder else [])]

        def job() -> tuple[int, tuple[str, ...]]:
            with Archive.open(folder, key) as archive:
                return keeping.erase(archive, folders, patient_id, reason, who, at)

        return job
