"""Keeping the store: backups by themselves and by hand, putting one back, encrypting, erasing a patient."""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from planner.errors import EnvironmentProblem, InputProblem, KnownError, Refusal
from planner.files import Backup, cause_of, is_closed, make_private_folder, told
from planner.model import store_words as words
from planner.model.civil import clinical_date
from planner.model.revision import PlanSummary
from planner.model.store import Holder, Protection, StoreKey
from planner.model.words import fold, names_any
from planner.services.store.archive import Archive, is_me, start_editing
from planner.services.store.protection import STORE_FILE, create_key, protection_of
from planner.storage import acts
from planner.storage.backup import (
    FOLDER,
    backups_in,
    check_backup,
    clear_remains,
    copy_backup,
    find_backup,
    free_name,
    refuse_anothers,
    thin,
    write_backup,
)
from planner.storage.database import guarded, is_plain, lacks_room, stands_alone
from planner.storage.erasing import erase_from_backups, erase_patient, left_in_history, pack
from planner.storage.key_file import drop_key
from planner.storage.repository import Repository
from planner.storage.rewriting import encrypt, put_backup

EVERY = timedelta(minutes=10)
"""So often a store that changed is backed up by itself (promises.md R6)."""


class BackedUp(NamedTuple):
    """What a backup came to: the backup, and what went wrong with the second folder, if anything."""

    backup: Backup
    problem: str


def backups(folder: Path) -> tuple[Backup, ...]:
    """The backups of the store in that folder, oldest first."""
    return backups_in(folder / FOLDER)


def is_due(folder: Path, last_line: int, now: datetime) -> bool:
    """Whether a backup should be made: something changed since the newest one, and that was ten minutes ago or more.

    `last_line` is the number of the newest line of the trail. Backups that lie ahead of the clock make none wait.
    """
    made = backups(folder)
    if not made:
        return last_line > 0
    fresh = any(timedelta(0) <= now - one.at < EVERY for one in made)
    # Another number and not a higher one: after a restore the lines are counted on from the backup that was put back.
    return all(one.number != last_line for one in made) and not fresh


def back_up(folder: Path, key: StoreKey, now: datetime, why: str = "", second: Path | None = None) -> BackedUp:
    """Write a backup, read it again, copy it to the second folder, and thin both. May run in a thread of its own.

    EnvironmentProblem where no sound backup could be made; a second folder that fails is only told.
    """
    if second and not os.access(folder, os.W_OK):
        # From a medium that may only be read, the second folder is the one place a backup can go to.
        _refuse_second(second, folder, key)
        return BackedUp(write_backup(folder / STORE_FILE, key, second, now, why), "")
    made = write_backup(folder / STORE_FILE, key, folder / FOLDER, now, why)
    thin(folder / FOLDER, now)
    _encrypt_plain(folder / FOLDER, key)
    problem = ""
    if second:
        try:
            _refuse_second(second, folder, key)
            clear_remains(folder / STORE_FILE, second)
            copy_backup(made, second)
            thin(second, now)
            _encrypt_plain(second, key)
        except KnownError as failure:
            problem = f"the second backup folder: {failure}"
    return BackedUp(made, problem)


def clock_behind(archive: Archive, now: datetime) -> str:
    """The sentence that the clock stands before the latest save, by more than an hour; empty where it does not.

    Nothing in the store depends on it: lines are numbered, and the chain holds whatever the clock says. It is told
    again at each start until the clock is right, also where something was saved by the wrong clock since.
    """
    with archive.repository.reading() as connection:
        last = acts.latest_moment(connection)
    if last is None or last - now <= timedelta(hours=1):
        return ""
    said = (f"{clinical_date(one.date())} {one:%H:%M}" for one in (now, last.astimezone(now.tzinfo)))
    return words.CLOCK.format(now=next(said), last=next(said))


def older_than_backup(archive: Archive) -> str:
    """The sentence that a backup has lines the store has not, though none was put back since; empty where all is well.

    The chain cannot show that its end is missing: whoever deletes the log of a program that was killed, or puts an
    older file in place, has a store that is sound as it is.
    """
    newest = max(backups(archive.repository.path.parent), key=lambda one: one.number, default=None)
    with archive.repository.reading() as connection:
        last, at = acts.last_moment(connection)
    if newest is None or newest.number <= last or (at and newest.at <= at):
        return ""
    return words.OLDER_THAN_BACKUP.format(backup=newest.label)


def warnings(archive: Archive, now: datetime) -> tuple[str, ...]:
    """What whoever opens the store has to be told about it, a sentence each."""
    return tuple(filter(None, (clock_behind(archive, now), older_than_backup(archive))))


def let_go(archive: Archive) -> None:
    """Give back the memory that holds pages of the file: every save leaves there the one that it wrote."""
    with archive.repository.reading() as connection:
        connection.execute("PRAGMA shrink_memory")


class Verified(NamedTuple):
    """What reading everything came to: a sentence for each problem, the number of plans and of lines of the trail."""

    problems: tuple[str, ...]
    plans: int
    lines: int


def verify_store(folder: Path, key: StoreKey) -> Verified:
    """Compare everything with its checksums through a connection of its own. May run in a thread of its own."""
    with closing(Repository(folder / STORE_FILE, key, read_only="this only reads")) as store:
        return Verified(store.verify(), store.count(), store.trail_end())


def newest_sound_backup(folder: Path, key: StoreKey, now: datetime) -> Backup | None:
    """The newest backup that is sound as a whole, read through to know it; None where there is none.

    One that lies ahead of `now` was made by a clock that was wrong, and comes last.
    """
    for backup in sorted(backups(folder), key=lambda one: (one.at <= now, one.at, one.number), reverse=True):
        with suppress(KnownError):
            check_backup(backup.path, key)
            return backup
    return None


def restore(folder: Path, key: StoreKey, backup: Backup, who: str, now: datetime) -> Path | None:
    """Put a backup in the place of the store; gives where the present state was kept before, None where was no store.

    The backup is read as a whole first, and the present state is saved first, as it is if it is damaged. The archive
    must be closed. EnvironmentProblem where the backup is not sound or somebody edits the store; then nothing changes.
    """
    store = folder / STORE_FILE
    with alone(folder, now):
        try:
            check_backup(backup.path, key)
        except EnvironmentProblem as problem:
            if any(newer in str(problem) for newer in (words.NEWER, words.NEWER_PLAN)):
                raise
            raise EnvironmentProblem(told(backup.path, words.BAD_BACKUP)) from problem
        before, kept = _keep_present(folder, key, now)
        where = f"the state before is kept in {before.name}" if before else "there was no store before"
        what = f"Backup of {backup.label} put back; {where}"
        put_backup(store, key, backup.path, (what, who, now.isoformat(timespec="seconds")), kept)
    return before


def named_backup(folder: Path, name: str) -> Backup:
    """The backup of that file name in the store's own backup folder, or at that path."""
    path = Path(name)
    return find_backup(folder / FOLDER if path.parent == Path() else path.parent, path.name)


def backup_at(path: Path) -> Backup:
    """The backup in that file. InputProblem where it is none."""
    return find_backup(path.parent, path.name)


def encrypt_store(folder: Path, protection: Protection, passphrase: str, now: datetime) -> StoreKey:
    """Encrypt a plain store and its backups; gives the key. The archive must be closed.

    Refusal where the store is encrypted already. Copies that somebody made elsewhere stay in clear.
    """
    if protection_of(folder) is not Protection.PLAIN or protection is Protection.PLAIN:
        raise Refusal("{file}: only a plain store can be encrypted", file=folder / STORE_FILE)
    with alone(folder, now):
        store = folder / STORE_FILE
        key = create_key(folder, protection, passphrase)
        try:
            encrypt(store, key)
        except BaseException:
            if is_plain(store):  # a key that opens nothing would be taken for the store's
                drop_key(store)
            raise
        _encrypt_plain(folder / FOLDER, key)
    return key


def follow_protection(folder: Path, key: StoreKey, now: datetime, second: Path | None) -> tuple[str, ...]:
    """A backup that brings the key file in each folder of backups up to date; what is amiss there, a sentence each.

    EnvironmentProblem where none could be made.
    """
    try:
        problem = back_up(folder, key, now, "protection", second).problem
    except KnownError as failure:
        raise EnvironmentProblem(told(folder / FOLDER, words.KEY_BEHIND, cause=failure)) from failure
    return (*filter(None, (problem,)), *in_clear(folder, second))


def in_clear(folder: Path, second: Path | None) -> tuple[str, ...]:
    """A sentence for each damaged store that was kept among the backups and that anybody can read."""
    kept = [path for one in (folder / FOLDER, second) if one for path in sorted(one.glob("damaged-*.db"))]
    return tuple(told(path, words.IN_CLEAR) for path in kept if is_plain(path))


def persons_under(archive: Archive, patient_id: str) -> tuple[str, ...]:
    """Name and birth date of each person of whom plans under a patient id tell, deleted ones too; as a rule one.

    Erasing takes what stands under the id. Of a slip in an id, or a number given twice, that is somebody else as well.
    """
    told = {
        (fold(one.family_name), fold(one.given_name), one.birth_date): one for one in _plans_under(archive, patient_id)
    }
    return tuple(
        f"{one.family_name}, {one.given_name}, born {clinical_date(one.birth_date)}"
        for one in told.values()
        if one.birth_date is not None
    )


def _plans_under(archive: Archive, patient_id: str) -> list[PlanSummary]:
    return [one for one in (*archive.list(limit=-1), *archive.deleted()) if one.patient_id == patient_id]


def erase(
    archive: Archive, folders: Sequence[Path], patient_id: str, reason: str, who: str, at: str
) -> tuple[int, tuple[str, ...]]:
    """Erase a patient from the store and from the backups in these folders: how many plans, and what may be left.

    This cannot be taken back. `reason` stays in the audit trail and must not name the patient. One who was erased
    before, and is in one of these folders still, is erased from there; then there are no plans.
    """
    known = _plans_under(archive, patient_id)
    if names_any(reason, (patient_id, *(name for one in known for name in (one.family_name, one.given_name)))):
        raise Refusal("the reason names the patient, and it would stay in the audit trail")
    count, missing = 0, None
    try:
        count = erase_patient(archive.repository, patient_id, reason, who, at)
    except InputProblem as problem:
        missing = problem
    packed = pack(archive.repository)
    plans = [one.plan_id for one in known]
    erased, left = erase_from_backups(folders, archive.repository.key, patient_id, (reason, who, at), plans)
    if missing and not erased:
        raise missing
    return count, (*packed, *left_in_history(archive.repository, patient_id), *left)


def _encrypt_plain(kept: Path, key: StoreKey) -> None:
    """Backups in clear of an encrypted store are encrypted too: those of before, also where a kill left them."""
    if key.raw is not None:
        for backup in backups_in(kept):
            with guarded(backup.path):
                plain = is_plain(backup.path)
            if plain:
                encrypt(backup.path, key)


def _refuse_second(second: Path, folder: Path, key: StoreKey) -> None:
    """Refuse a second folder that is another store's, or whose drive is not there: nothing is made in its place."""
    if is_closed(second):
        raise EnvironmentProblem(told(second, words.CLOSED))
    if not (second.is_dir() or second.parent.is_dir()):
        raise EnvironmentProblem(told(second, words.NO_PARENT))
    refuse_anothers(second, folder / STORE_FILE, key)


def _keep_present(folder: Path, key: StoreKey, now: datetime) -> tuple[Path | None, int | None]:
    """A backup of the store as it is, and its last line; where it is damaged, its bytes as they are, and no line.

    So nothing is thrown away: not the log either that a store left which is missing.
    """
    store = folder / STORE_FILE
    try:
        if store.exists():
            made = write_backup(store, key, folder / FOLDER, now, "before restore")
            return made.path, made.number
    except KnownError as problem:
        if lacks_room(store):  # what is not damaged is not kept as such
            raise EnvironmentProblem(told(store, words.NOT_KEPT, cause=problem)) from problem
    there = [whole for suffix in ("", "-wal") if (whole := store.with_name(store.name + suffix)).exists()]
    if not store.exists() and stands_alone(store):
        return None, None
    make_private_folder(folder / FOLDER)
    kept = free_name(folder / FOLDER, f"damaged-{now:%Y%m%dT%H%M%S}")
    copies = [kept.with_name(kept.name + whole.name.removeprefix(store.name)) for whole in there]
    try:
        for whole, copy in zip(there, copies, strict=True):
            shutil.copyfile(whole, copy)
            copy.chmod(0o600)
    except OSError as error:
        raise EnvironmentProblem(told(kept, words.NOT_KEPT, cause=cause_of(error))) from error
    return copies[0], None


@contextmanager
def alone(folder: Path, now: datetime) -> Iterator[None]:
    """With the editing lock held, so that no window of anybody works on what is being replaced or erased.

    EnvironmentProblem that names who has the plans open.
    """
    lock = start_editing(folder, "", now.isoformat(timespec="minutes"))
    if isinstance(lock, Holder):
        if not (is_me(lock) and lock.pid == os.getpid()):
            raise EnvironmentProblem(words.CLOSE_FIRST.format(holder=lock.sentence))
        yield
        return
    with lock:
        yield
