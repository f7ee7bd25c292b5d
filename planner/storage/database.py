"""The store's file: opened with its key, told apart from foreign, newer and empty files, brought to the present layout.

Every connection is made in `connect`, which gives the key before the first statement.
"""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from planner.errors import EnvironmentProblem
from planner.files import cause_of, force_folder, make_private_folder, part_beside, told
from planner.model import store_words as words
from planner.model.store import StoreKey
from planner.storage.key_file import PLAIN_KEY
from planner.storage.migrations import STEPS, VERSION
from planner.storage.place import unsafe_place

if TYPE_CHECKING:
    from sqlite3 import Connection


class OlderLayout(EnvironmentProblem):
    """The store was written by an earlier version of this program; `upgrade` brings it up."""


APPLICATION_ID = 0x52474D50
"""Marks a file as ours: "RGMP" in the header field that SQLite keeps for this."""
WAL_IS_SAFE_FROM = (3, 51, 3)
"""Older SQLite can lose a commit when a write-ahead log is reset while another connection writes."""
PLAIN_HEADER = b"SQLite format 3\0"
"""How a file starts that is not encrypted."""
_NAMES = {
    "database or disk is full": "SQLITE_FULL",
    "disk I/O error": "SQLITE_IOERR",
    "unable to open database file": "SQLITE_CANTOPEN",
    "attempt to write a readonly database": "SQLITE_READONLY",
    "database is locked": "SQLITE_BUSY",
    "database disk image is malformed": "SQLITE_CORRUPT",
    "file is not a database": "SQLITE_NOTADB",
}
"""The copying of a whole database raises errors without a name."""
_MB = 1024 * 1024
_LEAST_ROOM = 64 * 1024
_ROOM = 2
"""Times its size: what a copy of the store wants beside it, with its log."""
_BUSY_SECONDS = 5
_CACHE_KIB = 16_000


def connect(path: Path, mode: str, key: StoreKey = PLAIN_KEY) -> "Connection":
    """A connection to an existing file; `mode` is "ro" or "rw". Statements commit by themselves unless begun."""
    # Imported here so that programs that open no store do not pay for it.
    from sqlcipher3 import dbapi2

    uri = f"{path.resolve().as_uri()}?mode={mode}"
    connection: Connection = dbapi2.connect(uri, uri=True, isolation_level=None, timeout=_BUSY_SECONDS)
    connection.execute("PRAGMA cipher_log_level = NONE")
    if key.raw is None:
        # Flipped bits must not stop a whole list from being read: the seal of the row tells. An encrypted page that has
        # one is not read at all.
        connection.text_factory = _text
    else:
        connection.execute(f"PRAGMA key = \"x'{key.raw.hex()}'\"")
    connection.execute("PRAGMA trusted_schema = OFF")
    return connection


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def is_plain(path: Path) -> bool:
    """Whether the file is a database that is not encrypted. EnvironmentProblem for a pipe or a device."""
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise EnvironmentProblem(told(path, words.UNREADABLE))  # reading it could wait for ever
    with path.open("rb") as file:
        return file.read(len(PLAIN_HEADER)) == PLAIN_HEADER


def open_store(path: Path, key: StoreKey = PLAIN_KEY, *, read_only: bool = False) -> "Connection":
    """Open the store at that path.

    Raises EnvironmentProblem in one sentence for a file that is missing, empty, foreign, damaged, from a newer version,
    or from an older one (which `upgrade` brings to the present layout).
    """
    with guarded(path):
        refuse_link(path)
        check_header(path)
        connection = connect_reading(path, key) if read_only else connect(path, "rw", key)
        try:
            version = identify(connection, path)
            if version < VERSION:
                raise OlderLayout(told(path, words.OLDER))
            if not read_only:
                prepare(connection)
            with one_moment(connection):
                _check_end(connection, path)
        except BaseException:
            connection.close()
            raise
        return connection


def refuse_link(path: Path) -> None:
    """EnvironmentProblem for a store that is a link: its log, its lock and what replaces it would lie elsewhere."""
    if path.is_symlink():
        raise EnvironmentProblem(told(path, words.LINKED))


def check_header(path: Path) -> None:
    """Refuse, before any connection is made, what is no store at all; a foreign database is not even opened."""
    if not path.exists():
        raise EnvironmentProblem(told(path, words.NO_STORE))
    if path.stat().st_size == 0:
        raise EnvironmentProblem(told(path, words.EMPTY))
    with path.open("rb") as file:
        head = file.read(100)
    mark = int.from_bytes(head[68:72], "big")
    if head.startswith(PLAIN_HEADER) and len(head) == 100 and mark != APPLICATION_ID:
        raise EnvironmentProblem(told(path, words.FOREIGN))


def identify(connection: "Connection", path: Path) -> int:
    """The version of the store; a sentence for what is none of ours."""
    (mark,) = connection.execute("PRAGMA application_id").fetchone()
    if mark != APPLICATION_ID:
        raise EnvironmentProblem(told(path, words.FOREIGN))
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        raise EnvironmentProblem(told(path, words.NEWER))
    return version


@contextmanager
def guarded(path: Path) -> Iterator[None]:
    """Turn what SQLite and the disk raise into a sentence that names the file."""
    from sqlcipher3 import dbapi2

    try:
        yield
    except dbapi2.Error as error:
        raise EnvironmentProblem(f"{path}: {_sentence(error, path)}") from error
    except UnicodeError as error:
        # The driver cannot even read SQLite's own message where that quotes damaged bytes.
        raise EnvironmentProblem(told(path, words.DAMAGED)) from error
    except OSError as error:
        raise EnvironmentProblem(told(path, _of_system(error, path))) from error


def is_full(path: Path) -> bool:
    """Whether the disk has no room left even for what SQLite needs beside the file to open it for writing."""
    free = _free(path)
    return free is not None and free < _LEAST_ROOM


def lacks_room(path: Path) -> bool:
    """Whether the disk has no room for a copy of the store beside it, or where it is packed."""
    free = _free(path)
    return free is not None and free < _LEAST_ROOM + (_ROOM * path.stat().st_size if path.exists() else 0)


def full_words(path: Path, sentence: str = words.FULL_BY) -> str:
    """That the disk is full, and how much a copy of the store wants, for the person who makes room."""
    free = _free(path)
    if free is None:
        return words.FULL
    room = max(1.0, _ROOM * path.stat().st_size / _MB) if path.exists() else 1.0
    return sentence.format(folder=path.parent, free=f"{free / _MB:.1f}", room=f"{room:.0f}")


def _free(path: Path) -> int | None:
    """Bytes this user may still write beside the file; None where the system does not say."""
    import shutil  # its import would be seen at every start

    try:
        return shutil.disk_usage(path.parent).free
    except OSError:
        return None


def _gone(path: Path) -> str:
    """What to say where the file cannot be reached at all, so that a pulled drive is not taken for a damaged store."""
    try:
        with path.open("rb") as file:
            if hasattr(os, "posix_fadvise"):  # what the system still remembers of it is no answer of the drive
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            file.read(len(PLAIN_HEADER))
    except PermissionError:
        return words.NOT_ALLOWED
    except FileNotFoundError:
        return ""
    except OSError as error:
        return words.NO_ANSWER.format(cause=cause_of(error))
    return ""


@contextmanager
def one_moment(connection: "Connection") -> Iterator[None]:
    """Let all statements inside read the same state of the store, whatever others write meanwhile."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


@contextmanager
def transaction(connection: "Connection") -> Iterator[None]:
    """All or nothing, and nobody else writes meanwhile."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def create_store(path: Path, key: StoreKey) -> None:
    """Make the whole store beside its place, then give it its name, so that no half store is ever seen."""
    with guarded(path):
        make_private_folder(path.parent)
        part = make_part(path)
        try:
            with closing(connect(part, "rw", key)) as connection:
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                prepare(connection)
                run_steps(connection, 0)
            _give_name(part, path)
        finally:
            remove_with_logs(part)
        force_folder(path.parent)


def make_part(path: Path) -> Path:
    """An empty private file beside the path, for what will get its name once it is whole."""
    handle, name = part_beside(path, ".new")
    os.close(handle)
    return Path(name)


def remove_with_logs(part: Path) -> None:
    """Remove a database together with the files SQLite keeps beside it."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        part.with_name(part.name + suffix).unlink(missing_ok=True)


def prepare(connection: "Connection") -> None:
    """How every connection that may write works: durable at each commit, deleted bytes overwritten."""
    from sqlcipher3 import dbapi2

    mode = "WAL" if dbapi2.sqlite_version_info >= WAL_IS_SAFE_FROM else "DELETE"
    connection.execute(f"PRAGMA journal_mode = {mode}")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA cell_size_check = ON")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    if sys.platform == "darwin":  # fsync there leaves the data in the drive's own memory
        connection.execute("PRAGMA fullfsync = ON")
        connection.execute("PRAGMA checkpoint_fullfsync = ON")


def run_steps(connection: "Connection", version: int) -> None:
    """Bring the layout up from that version, each step in one transaction."""
    for number, step in enumerate(STEPS[version:], start=version + 1):
        with transaction(connection):
            step(connection)
            connection.execute(f"PRAGMA user_version = {number}")


def copy_over(source: "Connection", target: "Connection") -> None:
    """Put the whole content of one store in the place of another's, in one transaction. Both have the same key."""
    from sqlcipher3 import dbapi2

    try:
        source.backup(target)
    except MemoryError as error:  # so the driver calls a page of the target whose authentication code is wrong
        raise dbapi2.DatabaseError("a page of it has a wrong authentication code") from error


def stands_alone(path: Path) -> bool:
    """Whether everything of the store is in its one file: nobody has a log beside it."""
    log = path.with_name(path.name + "-wal")
    return not (log.exists() and log.stat().st_size)


def is_read_as_it_lies(path: Path) -> bool:
    """Whether a reader takes the file as it is, without a log's index: nobody is at it, and there is no place for one.

    There is none on a share, and none on a full disk.
    """
    return stands_alone(path) and (is_full(path) or bool(unsafe_place(path.parent)))


def connect_reading(path: Path, key: StoreKey) -> "Connection":
    """A reading connection. Where SQLite cannot keep its log's index beside the file, the file must stand alone.

    On a share nothing is written, no index either: memory that is shared through a file is not shared over a network.
    """
    from sqlcipher3 import dbapi2

    if is_read_as_it_lies(path):
        return connect(path, "ro&immutable=1", key)
    connection = connect(path, "ro", key)
    try:
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except dbapi2.OperationalError:
        connection.close()
        if not stands_alone(path):
            raise
        return connect(path, "ro&immutable=1", key)
    except BaseException:
        connection.close()
        raise
    return connection


def _give_name(part: Path, path: Path) -> None:
    # A link fails where another process was faster; a rename would put our empty store over theirs.
    with suppress(FileExistsError):
        try:
            path.hardlink_to(part)
        except FileExistsError:
            raise
        except OSError:
            part.rename(path)


def _check_end(connection: "Connection", path: Path) -> None:
    """A store that lost its newest lines, or all of them, must not look like an older or a new one."""
    last = connection.execute("SELECT number, kind, plan FROM act ORDER BY number DESC LIMIT 1").fetchone()
    head = connection.execute("SELECT last FROM head").fetchone()
    kept = last[0] if last else 0
    lost = head is None or not isinstance(head[0], int) or head[0] > kept
    if last and last[1] == "save" and last[2]:
        newest = connection.execute("SELECT number FROM plan WHERE id = ?", (last[2],)).fetchone()
        lost = lost or newest is None or newest[0] != kept
    if not last:
        lost = lost or connection.execute("SELECT 1 FROM plan LIMIT 1").fetchone() is not None
    if lost:
        raise EnvironmentProblem(told(path, words.LOST_PLANS))


def _sentence(error: Exception, path: Path) -> str:
    name = getattr(error, "sqlite_errorname", "") or _NAMES.get(str(error), "")
    if not name and "closed database" in str(error):
        return words.NOT_OPEN
    if name.startswith(("SQLITE_IOERR", "SQLITE_PROTOCOL")) and unsafe_place(path.parent) and not stands_alone(path):
        # Measured on NFS: the log's index of a writer elsewhere cannot be shared.
        return words.ELSEWHERE
    if not name.startswith(("SQLITE_FULL", "SQLITE_BUSY")) and (gone := _gone(path)):
        return gone
    if name.startswith(("SQLITE_IOERR", "SQLITE_CANTOPEN")) and lacks_room(path):
        return full_words(path)  # a log's index or a copy had no room, which SQLite calls a failed disk
    for start, text in (
        ("SQLITE_NOTADB", words.UNREADABLE),
        ("SQLITE_CORRUPT", words.DAMAGED),
        ("SQLITE_FULL", full_words(path)),
        ("SQLITE_READONLY_R", words.CUT_OFF),
        ("SQLITE_READONLY", words.READ_ONLY),
        ("SQLITE_BUSY", words.BUSY),
        ("SQLITE_CANTOPEN", words.CANNOT_OPEN),
        ("SQLITE_IOERR", words.FAILED),
    ):
        if name.startswith(start):
            return text
    return words.CHANGED.format(cause=error)


def _of_system(error: OSError, path: Path) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return full_words(path)
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return words.READ_ONLY
    return words.CANNOT_USE.format(cause=cause_of(error))
