"""Backups: whole copies of the store, read again after they were written, thinned as they age."""

import hashlib
import re
import shutil
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from planner.errors import EnvironmentProblem, InputProblem
from planner.files import Backup, cause_of, clear_parts, force_file, force_folder, is_closed, make_private_folder, told
from planner.model import store_words as words
from planner.model.store import StoreKey
from planner.storage.database import (
    check_header,
    connect,
    connect_reading,
    guarded,
    identify,
    is_plain,
    make_part,
    remove_with_logs,
)
from planner.storage.key_file import PLAIN_KEY, content_of, copy_path, key_path, put_aside

if TYPE_CHECKING:
    from sqlite3 import Connection

FOLDER = "backups"
_NAME = re.compile(r"plans-(\d{8}T\d{6}Z)-(\d+)(?:-([a-z0-9-]+?))?(?:\.(\d+))?\.db")
_STAMP = "%Y%m%dT%H%M%SZ"
_KEEP_ALL = timedelta(days=2)
_KEEP_CAUSED = timedelta(days=60)
"""Backups made before something that could go wrong (import, restore, many deletions) stay this long."""
_STEPS = (
    (timedelta(days=14), "%Y%m%d%H"),
    (timedelta(days=60), "%Y%m%d"),
    (timedelta(days=400), "%G%V"),
    (timedelta.max, "%Y%m"),
)
"""Up to an age one backup is kept for each hour, day, week, month: the newest of it."""
_ALWAYS = 3
_KNOWN_DAYS, _GAP = 7, timedelta(days=2)
"""From the seventh last day that has a backup until now seven such gaps are counted, at the most."""


def backups_in(folder: Path) -> tuple[Backup, ...]:
    """The backups among its files, oldest first. EnvironmentProblem for a failing disk or a closed folder."""
    if is_closed(folder):
        raise EnvironmentProblem(told(folder, words.CLOSED))
    found = []
    try:
        paths = tuple(folder.glob("plans-*.db"))
    except OSError as error:
        raise EnvironmentProblem(told(folder, words.CANNOT_USE, cause=cause_of(error))) from error
    for path in paths:
        if match := _NAME.fullmatch(path.name):
            at = datetime.strptime(match[1], _STAMP).replace(tzinfo=UTC)
            found.append(Backup(path, at, int(match[2]), (match[3] or "").replace("-", " ")))
    return tuple(sorted(found, key=lambda one: (one.at, one.number, one.path.name)))


def write_backup(store: Path, key: StoreKey, folder: Path, at: datetime, why: str = "") -> Backup:
    """Copy the store, also while others write to it, and read the copy again. EnvironmentProblem where it is not sound.

    The file gets its name last, so that a half or an unsound backup never stands beside the good ones. Where all newest
    backups there are of another key, somebody put another store here: their key file stays beside the new one.
    """
    with guarded(store), closing(connect_reading(store, key)) as source:
        (version,) = source.execute("PRAGMA user_version").fetchone()
        number = last_line(source, version)
        make_private_folder(folder)
        before = backups_in(folder)[-_ALWAYS:]
        target = free_name(folder, _name(at, number, why))
        part = make_part(target)
        try:
            _copy(source, part, key)
            check_copy(part, key, version)
            force_file(part)
            part.rename(target)
        finally:
            remove_with_logs(part)
        force_folder(folder)
        if _erased_since(source, number):
            target.unlink()  # somebody was erased while this was written, after the backups had been gone through
            return write_backup(store, key, folder, at, why)
        if content_of(folder / store.name) != content_of(store) and not any(
            opens_with(one.path, key) for one in before
        ):
            put_aside(folder / store.name)
    _copy_key(store, folder)
    return Backup(target, at, number, why)


def refuse_anothers(folder: Path, store: Path, key: StoreKey) -> None:
    """Refuse a folder where another store lies or has its backups: they would lose their key, and be thinned with ours.

    Plain backups may be of before this store was encrypted; a damaged one among the newest is no other store's.
    """
    other = folder / store.name
    lies_there = other.exists() and not (store.exists() and other.samefile(store))
    newest = backups_in(folder)[-_ALWAYS:]
    if lies_there or (newest and not any(opens_with(one.path, key) for one in newest)):
        raise EnvironmentProblem(told(folder, words.ANOTHERS))


def opens_with(backup: Path, key: StoreKey) -> bool:
    """Whether this key is the backup's; a plain one needs none."""
    from sqlcipher3 import dbapi2

    if is_plain(backup):
        return True
    try:
        with closing(connect(backup, "ro", key)) as opened:
            opened.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except dbapi2.Error:
        return False
    return True


def copy_backup(backup: Backup, folder: Path) -> Backup:
    """The same backup in a second folder, compared byte by byte, with the key file it needs."""
    target = folder / backup.path.name
    with guarded(target):
        make_private_folder(folder)
        part = make_part(target)
        try:
            shutil.copyfile(backup.path, part)
            force_file(part)
            if _hash(part) != _hash(backup.path):
                raise EnvironmentProblem(told(target, words.DIFFERS))
            part.rename(target)
        finally:
            part.unlink(missing_ok=True)
        force_folder(folder)
    _copy_key(backup.path.parent / "plans.db", folder)
    return backup._replace(path=target)


def check_copy(path: Path, key: StoreKey, version: int) -> None:
    """Read a copy of a store as a whole. EnvironmentProblem with the first thing that does not agree."""
    from planner.storage.migrations import VERSION
    from planner.storage.repository import Repository

    problems: tuple[str, ...]
    if version == VERSION:
        with closing(Repository(path, key, read_only="this is a backup")) as copy:
            problems = copy.verify()
    else:
        with closing(connect(path, "ro", key)) as old:
            problems = tuple(row[0] for row in old.execute("PRAGMA integrity_check") if row[0] != "ok")
    if problems:
        raise EnvironmentProblem(told(path, words.UNSOUND, cause=problems[0]))


def check_backup(path: Path, key: StoreKey) -> None:
    """Read a backup as a whole; one in clear needs no key. EnvironmentProblem where it is none of ours or not sound."""
    path = path.resolve()  # a backup may be a link, unlike a store
    with guarded(path):
        check_header(path)
        key = PLAIN_KEY if is_plain(path) else key
        with closing(connect(path, "ro", key)) as backup:
            version = identify(backup, path)
        check_copy(path, key, version)


def find_backup(folder: Path, name: str) -> Backup:
    """The backup of that file name. InputProblem where there is none."""
    for backup in backups_in(folder):
        if backup.path.name == name:
            return backup
    there = not _NAME.fullmatch(name) and (folder / name).is_file()
    raise InputProblem((told(name, words.NO_BACKUP_NAME if there else words.NO_BACKUP),))


def too_many(backups: Iterable[Backup], now: datetime) -> tuple[Backup, ...]:
    """Which backups have served: the older, the fewer stay. The newest three and all that lie ahead of `now` stay.

    A clock that was set years ahead makes none of them older by more than two weeks before backups were made on seven
    days by it.
    """
    newest_first = sorted(backups, key=lambda one: (one.at, one.number), reverse=True)
    days = sorted({one.at.date(): one.at for one in newest_first if one.at <= now}.values())[-_KNOWN_DAYS:]
    now = min(now, days[0] + _KNOWN_DAYS * _GAP) if days else now
    seen: set[tuple[int, str]] = set()
    gone = []
    for place, backup in enumerate(newest_first):
        age = now - backup.at
        step, pattern = next((index, pattern) for index, (most, pattern) in enumerate(_STEPS) if age <= most)
        period = (step, backup.at.strftime(pattern))
        fresh = age <= _KEEP_ALL or place < _ALWAYS or (bool(backup.why) and age <= _KEEP_CAUSED)
        if not fresh and period in seen:
            gone.append(backup)
        seen.add(period)
    return tuple(gone)


def thin(folder: Path, now: datetime) -> tuple[Backup, ...]:
    """Remove the backups that have served; gives them."""
    gone = too_many(backups_in(folder), now)
    with guarded(folder):
        for backup in gone:
            backup.path.unlink(missing_ok=True)
    return gone


def clear_remains(store: Path, second: Path | None = None) -> None:
    """Remove what killed processes left unfinished beside the store and among its backups, or in a second folder."""
    if second:
        clear_parts(second, _is_backup, shared=True)
        return
    ours = {store.name, key_path(store).name, copy_path(store).name}
    clear_parts(store.parent, ours.__contains__)
    clear_parts(store.parent / FOLDER, _is_backup)


def _is_backup(name: str) -> bool:
    return bool(_NAME.fullmatch(name)) or name.startswith("plans.key")


def _erased_since(source: "Connection", number: int) -> bool:
    """Whether a patient was erased from the store after that line of the trail."""
    has_acts = source.execute("SELECT 1 FROM sqlite_schema WHERE name = 'act'").fetchone()
    found = "SELECT 1 FROM act WHERE kind = 'erase' AND number > ?"
    return bool(has_acts and source.execute(found, (number,)).fetchone())


def last_line(source: "Connection", version: int) -> int:
    """The number of the last line of the trail, in a store of that layout."""
    table = "act" if version >= 2 else "revision"
    return int(source.execute(f"SELECT coalesce(max(number), 0) FROM {table}").fetchone()[0])  # noqa: S608


def _copy(source: "Connection", part: Path, key: StoreKey) -> None:
    with closing(connect(part, "rw", key)) as copy:
        source.backup(copy)
        # One file, without a log beside it.
        copy.execute("PRAGMA journal_mode = DELETE").fetchone()


def _name(at: datetime, number: int, why: str) -> str:
    words = "-".join(re.findall(r"[a-z0-9]+", why.lower()))
    return f"plans-{at.astimezone(UTC):{_STAMP}}-{number}{f'-{words}' if words else ''}"


def free_name(folder: Path, stem: str) -> Path:
    """A name for a database in that folder that no other has."""
    target, count = folder / f"{stem}.db", 1
    while target.exists():
        count += 1
        target = folder / f"{stem}.{count}.db"
    return target


def _copy_key(store: Path, folder: Path) -> None:
    """A backup without its key would be lost with the store's folder."""
    kept = key_path(store)
    if kept.exists():
        from planner.files import write_whole

        with guarded(kept):
            content = kept.read_bytes()
        write_whole(key_path(folder / "plans.db"), content)


def _hash(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
