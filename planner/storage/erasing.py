"""Erasing a patient: what the law may ask for, and nothing else. The trail keeps that it was done, not of whom.

The bytes go too: deleted cells are overwritten (secure_delete), the index of words is written anew, the file is packed,
and the log is cut. Copies that somebody made outside the store's folders are beyond reach.
"""

import json
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from planner.errors import EnvironmentProblem, InputProblem, KnownError, Refusal
from planner.files import Backup, force_file, told
from planner.model import store_words as words
from planner.model.store import StoreKey
from planner.storage import acts
from planner.storage.backup import backups_in, check_copy
from planner.storage.database import (
    connect,
    full_words,
    guarded,
    identify,
    lacks_room,
    make_part,
    prepare,
    remove_with_logs,
    run_steps,
)
from planner.storage.migrations import VERSION, WORD_INDEX
from planner.storage.plan_list import PlanList, words_of
from planner.storage.repository import Repository
from planner.storage.states import Newest

if TYPE_CHECKING:
    from sqlite3 import Connection


class _Who(Struct):
    id: str


class _Head(Struct):
    """Of a state only whose it is."""

    patient: _Who


_HEAD = msgspec.json.Decoder(_Head)
_STATES = "SELECT number, plan, counter FROM act WHERE kind = 'save' AND plan <> '' ORDER BY plan, number"
_CUT_LOG = "PRAGMA wal_checkpoint(TRUNCATE)"
_THEIRS = "SELECT row, id FROM plan WHERE patient_id = ? OR id IN (SELECT value FROM json_each(?))"
_BLANK = "UPDATE act SET plan = '', what = '', salt = x'', body = NULL WHERE plan = ?"


def erase_patient(
    repository: Repository, patient_id: str, reason: str, who: str, at: str, plans: Sequence[str] = ()
) -> int:
    """Erase every plan of a patient with all its revisions; how many plans there were. `pack` makes the bytes go.

    `plans` are ids of plans that are theirs too: in a backup one may stand under an id that was corrected since.
    `reason` goes into the trail and must not name the patient. InputProblem where the store knows no such patient,
    EnvironmentProblem where the disk has no room for it.
    """
    if not reason.strip():
        raise Refusal("a patient is erased with a reason only, for example the number of the request")
    if lacks_room(repository.path):
        raise EnvironmentProblem(told(repository.path, full_words(repository.path)))
    with repository.writing() as connection:
        rows = connection.execute(_THEIRS, (patient_id, json.dumps(list(plans)))).fetchall()
        if not rows:
            raise InputProblem((f"{repository.path}: there is no patient {patient_id}",))
        for row, plan_id in rows:
            connection.execute(_BLANK, (plan_id,))
            connection.execute("DELETE FROM plan WHERE row = ?", (row,))
        connection.execute("UPDATE head SET plans = (SELECT count(*) FROM plan WHERE void = '')")
        acts.add_act(connection, "erase", f"{len(rows)} plans of one patient erased: {reason}", who, at)
        _write_words_anew(repository, connection)
    return len(rows)


def pack(repository: Repository) -> tuple[str, ...]:
    """Write the file anew without its unused parts and cut its log; a sentence where that fails."""
    try:
        with repository.reading() as connection:
            connection.execute("VACUUM")
    except EnvironmentProblem as problem:
        with suppress(EnvironmentProblem), repository.reading() as connection:
            connection.execute(_CUT_LOG).fetchall()
        return (told(repository.path, words.ERASE_PACK, cause=problem),)
    return left_in_log(repository)


def left_in_log(repository: Repository) -> tuple[str, ...]:
    """A sentence where the log could not be cut, because somebody reads what stood in the store before."""
    with repository.reading() as connection:
        busy = connection.execute(_CUT_LOG).fetchone()[0]
    return (told(f"{repository.path}-wal", words.ERASE_REST),) if busy else ()


def erase_from_backups(
    folders: Sequence[Path], key: StoreKey, patient_id: str, act: tuple[str, str, str], plans: Sequence[str] = ()
) -> tuple[int, tuple[str, ...]]:
    """Erase the patient from every backup too; `act` is reason, who, when. From how many, and what may be left.

    `plans` as of `erase_patient`.
    """
    erased, left = 0, []
    for folder in folders:
        try:
            found = _looked_into(folder)
        except KnownError as problem:
            left.append(told(folder, words.ERASE_AWAY, cause=problem))
            continue
        for backup in found:
            try:
                erased += _erase_from(backup.path, key, patient_id, act, plans)
            except KnownError as problem:
                left.append(told(backup.path, words.ERASE_LEFT, cause=problem))
        left += [told(path, words.ERASE_KEPT) for path in sorted(folder.glob("damaged-*.db*"))]
    return erased, tuple(left)


def left_in_history(repository: Repository, patient_id: str) -> tuple[str, ...]:
    """A sentence for each plan that is somebody else's now and stood under this patient's id in earlier states."""
    found = dict[str, list[int]]()
    with repository.reading() as connection:
        rows = connection.execute(_STATES).fetchall()
        state = Newest()
        for number, plan_id, counter in rows:
            with suppress(KnownError, ValueError):  # one that is damaged tells of nobody
                state = repository.states.text_of(number, state)
                if _HEAD.decode(state.body).patient.id == patient_id:
                    found.setdefault(plan_id, []).append(counter)
    return tuple(
        told(f"plan {plan_id}", words.ERASE_HISTORY, revisions=", ".join(map(str, counters)))
        for plan_id, counters in found.items()
    )


def _looked_into(folder: Path) -> Sequence[Backup]:
    """The backups in a folder; EnvironmentProblem where it is away. A store need not have backups beside it."""
    if not folder.is_dir() and (folder.is_symlink() or not (folder.parent / "plans.db").exists()):
        raise EnvironmentProblem(words.CAUSES["ENOENT"])
    return backups_in(folder)


def _erase_from(backup: Path, key: StoreKey, patient_id: str, act: tuple[str, str, str], plans: Sequence[str]) -> bool:
    """Whether the patient was in it."""
    with guarded(backup):
        part = make_part(backup)
        try:
            with closing(connect(backup, "ro", key)) as source, closing(connect(part, "rw", key)) as copy:
                source.backup(copy)
                prepare(copy)
                run_steps(copy, identify(copy, backup))
            with closing(Repository(part, key)) as repository:
                try:
                    erase_patient(repository, patient_id, *act, plans)
                except InputProblem:
                    return False  # the patient came after this backup
                if left := pack(repository):
                    raise EnvironmentProblem(left[0])
            with closing(connect(part, "rw", key)) as copy:
                copy.execute("PRAGMA journal_mode = DELETE").fetchone()
            check_copy(part, key, VERSION)
            force_file(part)
            part.replace(backup)
            return True
        finally:
            remove_with_logs(part)


def _write_words_anew(repository: Repository, connection: "Connection") -> None:
    """The index keeps deleted words in its older parts, so it is made again from the plans that stay."""
    connection.execute("DROP TABLE word")
    connection.execute(WORD_INDEX)
    lines = PlanList(connection)
    for row, plan_id in connection.execute("SELECT row, id FROM plan").fetchall():
        try:
            lines.index(row, words_of(repository.load(plan_id)[0]))
        except KnownError:
            lines.index(row, plan_id)  # a damaged plan can still be found by its id
