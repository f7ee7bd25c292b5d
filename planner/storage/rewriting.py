"""What replaces a whole store: bringing up an older layout, encrypting a plain one, putting a backup in its place.

Each works on a copy that is read again before it counts, and each takes effect in one step: a transaction of SQLite, or
one rename. Killed at any moment, the store is the one before or the one after. The caller holds the editing lock.
"""

import os
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from planner.errors import EnvironmentProblem
from planner.files import force_file, force_folder, told
from planner.model import store_words
from planner.model.store import StoreKey
from planner.storage import acts
from planner.storage.backup import check_copy, last_line
from planner.storage.database import (
    APPLICATION_ID,
    check_header,
    connect,
    copy_over,
    guarded,
    identify,
    is_plain,
    make_part,
    prepare,
    remove_with_logs,
    run_steps,
    transaction,
)
from planner.storage.migrations import VERSION

if TYPE_CHECKING:
    from sqlite3 import Connection


class _SavedMeanwhile(EnvironmentProblem):
    """Somebody saved while a backup was about to be put in the place of the store."""


def upgrade(path: Path, key: StoreKey, who: str, at: str) -> None:
    """Bring an older layout up to the present one: step by step on a copy, which then takes its place at once."""
    with guarded(path):
        part = make_part(path)
        try:
            with closing(connect(path, "rw", key)) as live:
                version = identify(live, path)
                if version == VERSION:
                    return
                with closing(connect(part, "rw", key)) as copy:
                    live.backup(copy)
                    prepare(copy)
                    run_steps(copy, version)
                    with transaction(copy):
                        acts.add_act(copy, "upgrade", f"Layout {version} to {VERSION}", who, at)
                check_copy(part, key, VERSION)
                with closing(connect(part, "ro", key)) as whole:
                    copy_over(whole, live)
        finally:
            remove_with_logs(part)


def put_backup(path: Path, key: StoreKey, backup: Path, words: tuple[str, str, str], kept: int | None = None) -> None:
    """Put a backup in the place of the store; `words` are what, who and when for the trail.

    The backup was read and found sound by the caller. A store that cannot be opened any more is replaced as a file.
    `kept` is the last line of the state that was kept of the store. EnvironmentProblem where somebody saved since.
    """
    what, who, at = words
    with guarded(path):
        part = make_part(path)
        try:
            _copy_of(backup, part, key)
            with closing(connect(part, "rw", key)) as copy:
                prepare(copy)
                run_steps(copy, identify(copy, backup))
                with transaction(copy):
                    acts.add_act(copy, "restore", what, who, at)
            check_copy(part, key, VERSION)
            if not _copied_over(part, path, key, kept):
                _take_place(part, path)
        finally:
            remove_with_logs(part)


def encrypt(path: Path, key: StoreKey) -> None:
    """Write a plain store anew under a key. The key file is in place already; until the rename the plain store counts.

    EnvironmentProblem where another program has the store open.
    """
    with guarded(path):
        if not is_plain(path):
            raise EnvironmentProblem(f"{path}: the store is encrypted already")
        part = make_part(path)
        try:
            with closing(connect(path, "rw")) as plain:
                version = identify(plain, path)
                _alone(plain)
                _export(plain, part, key, version)
                check_copy(part, key, version)
                force_file(part)
                if os.name == "posix":
                    part.replace(path)
                    _disown(plain)
            if os.name != "posix":
                part.replace(path)
        finally:
            remove_with_logs(part)
        force_folder(path.parent)


def _alone(plain: "Connection") -> None:
    """No log beside the file, and nobody else in it: a log of the old file must never meet the new one."""
    from sqlcipher3 import dbapi2

    plain.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    (mode,) = plain.execute("PRAGMA journal_mode = DELETE").fetchone()
    if mode != "delete":
        raise dbapi2.OperationalError("the store is open in another program")
    plain.execute("PRAGMA locking_mode = EXCLUSIVE").fetchone()
    plain.execute("BEGIN EXCLUSIVE")
    plain.execute("COMMIT")


def _export(plain: "Connection", part: Path, key: StoreKey, version: int) -> None:
    if key.raw is None:
        raise ValueError("encrypting needs a key")
    plain.execute("ATTACH DATABASE ? AS sealed KEY ?", (str(part), f"x'{key.raw.hex()}'"))
    plain.execute("SELECT sqlcipher_export('sealed')").fetchall()
    plain.execute(f"PRAGMA sealed.application_id = {APPLICATION_ID}")
    plain.execute(f"PRAGMA sealed.user_version = {version}")
    plain.execute("DETACH DATABASE sealed")


def _disown(plain: "Connection") -> None:
    """Whoever still waits for the old file, which has no name any more, must not take it for the store."""
    plain.execute("PRAGMA journal_mode = OFF").fetchall()
    plain.execute("PRAGMA application_id = 0")


def _copy_of(backup: Path, part: Path, key: StoreKey) -> None:
    """A copy of a backup under the key; one in clear, of before the store was encrypted, is never copied in clear."""
    if is_plain(backup) and key.raw is not None:
        with closing(connect(backup, "ro")) as plain:
            _export(plain, part, key, identify(plain, backup))
        return
    with closing(connect(backup, "ro", key)) as source, closing(connect(part, "rw", key)) as copy:
        source.backup(copy)


def _copied_over(part: Path, path: Path, key: StoreKey, kept: int | None) -> bool:
    """Whether the store could be replaced by a transaction of its own."""
    from sqlcipher3 import dbapi2

    try:
        check_header(path)
        with closing(connect(path, "rw", key)) as live, closing(connect(part, "ro", key)) as whole:
            live.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            if kept is not None and last_line(live, identify(live, path)) != kept:
                raise _SavedMeanwhile(told(path, store_words.BUSY))  # it would be neither here nor in what was kept
            copy_over(whole, live)
    except _SavedMeanwhile:
        raise
    except (dbapi2.DatabaseError, EnvironmentProblem) as error:
        if getattr(error, "sqlite_errorname", "").startswith(("SQLITE_BUSY", "SQLITE_FULL", "SQLITE_READONLY")):
            raise
        return False
    return True


def _take_place(part: Path, path: Path) -> None:
    # A log of the broken store must not meet the new file.
    for suffix in ("-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    force_file(part)
    part.replace(path)
    force_folder(path.parent)
