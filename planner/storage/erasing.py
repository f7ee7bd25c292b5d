"""Erasing a patient: what the law may ask for, and nothing else. The trail keeps that it was done, not of whom.

The bytes go too: deleted cells are overwritten (secure_delete), the index of words is written anew, the file is packed,
and the log is cut. Copies that somebody made outside the store's folders are beyond reach.
"""

import json
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from planner.errors import InputProblem, KnownError, Refusal
from planner.files import force_file, told
from planner.model import store_words as words
from planner.model.store import StoreKey
from planner.storage import acts
from planner.storage.backup import backups_in, check_copy
from planner.storage.database import connect, guarded, make_part, prepare, remove_with_logs
from planner.storage.migrations import VERSION, WORD_INDEX
from planner.storage.plan_list import PlanList, words_of
from planner.storage.repository import Repository

if TYPE_CHECKING:
    from sqlite3 import Connection

_CUT_LOG = "PRAGMA wal_checkpoint(TRUNCATE)"
_THEIRS = "SELECT row, id FROM plan WHERE patient_id = ? OR id IN (SELECT value FROM json_each(?))"
_BLANK = "UPDATE act SET plan = '', what = '', salt = x'', body = NULL WHERE plan = ?"


def erase_patient(
    repository: Repository, patient_id: str, reason: str, who: str, at: str, plans: Sequence[str] = ()
) -> int:
    """Erase every plan of a patient with all its revisions; how many plans there were.

    `plans` are ids of plans that are theirs too: in a backup one may stand under an id that was corrected since.
    `reason` goes into the trail and must not name the patient. InputProblem where the store knows no such patient.
    """
    if not reason.strip():
        raise Refusal("a patient is erased with a reason only, for example the number of the request")
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
    with repository.reading() as connection:
        connection.execute("VACUUM")
        connection.execute(_CUT_LOG).fetchall()
    return len(rows)


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
        for backup in backups_in(folder):
            try:
                erased += _erase_from(backup.path, key, patient_id, act, plans)
            except KnownError as problem:
                left.append(told(backup.path, words.ERASE_LEFT, cause=problem))
        left += [told(path, words.ERASE_KEPT) for path in sorted(folder.glob("damaged-*.db*"))]
    return erased, tuple(left)


def _erase_from(backup: Path, key: StoreKey, patient_id: str, act: tuple[str, str, str], plans: Sequence[str]) -> bool:
    """Whether the patient was in it."""
    with guarded(backup):
        part = make_part(backup)
        try:
            with closing(connect(backup, "ro", key)) as source, closing(connect(part, "rw", key)) as copy:
                source.backup(copy)
                prepare(copy)
            with closing(Repository(part, key)) as repository:
                try:
                    erase_patient(repository, patient_id, *act, plans)
                except InputProblem:
                    return False  # the patient came after this backup
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
