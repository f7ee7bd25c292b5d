"""The store's file: opened, told apart from foreign, newer and empty files, and brought to the present layout.

Every connection is made in `connect`; a key for an encrypted store has its place there, before the first statement.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from planner.errors import EnvironmentProblem
from planner.files import force_folder, make_private_folder
from planner.storage.migrations import STEPS, VERSION

if TYPE_CHECKING:
    from sqlite3 import Connection

APPLICATION_ID = 0x52474D50
"""Marks a file as ours: "RGMP" in the header field that SQLite keeps for this."""
WAL_IS_SAFE_FROM = (3, 51, 3)
"""Older SQLite can lose a commit when a write-ahead log is reset while another connection writes."""
_BUSY_SECONDS = 5


def connect(path: Path, mode: str) -> "Connection":
    """A connection to an existing file; `mode` is "ro" or "rw". Statements commit by themselves unless begun."""
    # Imported here so that programs that open no store do not pay for it.
    from sqlcipher3 import dbapi2

    uri = f"{path.resolve().as_uri()}?mode={mode}"
    connection: Connection = dbapi2.connect(uri, uri=True, isolation_level=None, timeout=_BUSY_SECONDS)
    # Flipped bits must not stop a whole list from being read: the seal of the row tells.
    connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
    connection.execute("PRAGMA cipher_log_level = NONE")
    connection.execute("PRAGMA trusted_schema = OFF")
    return connection


def open_store(path: Path) -> "Connection":
    """Open the store at that path, and make a new one where no file is.

    Raises EnvironmentProblem in one sentence for a file that is empty, foreign, damaged or from a newer version.
    """
    with guarded(path):
        if not path.exists():
            _create(path)
        if path.stat().st_size == 0:
            raise EnvironmentProblem(f"{path}: the store is empty (0 bytes): it was cut off; put a backup in its place")
        with closing(connect(path, "ro")) as looking:
            version = _identify(looking, path)
        connection = connect(path, "rw")
        try:
            _prepare(connection)
            _migrate(connection, version)
            _check_counter(connection, path)
        except BaseException:
            connection.close()
            raise
        return connection


@contextmanager
def guarded(path: Path) -> Iterator[None]:
    """Turn what SQLite and the disk raise into a sentence that names the file."""
    from sqlcipher3 import dbapi2

    try:
        yield
    except dbapi2.Error as error:
        raise EnvironmentProblem(f"{path}: {_sentence(error)}") from error
    except UnicodeError as error:
        # The driver cannot even read SQLite's own message where that quotes damaged bytes.
        raise EnvironmentProblem(f"{path}: the store is damaged; put a backup in its place") from error
    except OSError as error:
        raise EnvironmentProblem(f"{path}: the store cannot be used ({error.strerror})") from error


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


def _identify(connection: "Connection", path: Path) -> int:
    """The version of the store; a sentence for what is none of ours."""
    (mark,) = connection.execute("PRAGMA application_id").fetchone()
    if mark != APPLICATION_ID:
        raise EnvironmentProblem(f"{path}: this is the database of another program, not a store of this one")
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        raise EnvironmentProblem(f"{path}: the store was made by a newer version of this program; update the program")
    return version


def _create(path: Path) -> None:
    """Make the whole store beside its place, then give it its name, so that no half store is ever seen."""
    make_private_folder(path.parent)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".new", dir=path.parent)
    os.close(handle)
    part = Path(name)
    try:
        with closing(connect(part, "rw")) as connection:
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            _prepare(connection)
            _migrate(connection, 0)
        _give_name(part, path)
    finally:
        part.unlink(missing_ok=True)
    force_folder(path.parent)


def _give_name(part: Path, path: Path) -> None:
    # A link fails where another process was faster; a rename would put our empty store over theirs.
    with suppress(FileExistsError):
        try:
            path.hardlink_to(part)
        except FileExistsError:
            raise
        except OSError:
            part.rename(path)


def _prepare(connection: "Connection") -> None:
    from sqlcipher3 import dbapi2

    mode = "WAL" if dbapi2.sqlite_version_info >= WAL_IS_SAFE_FROM else "DELETE"
    connection.execute(f"PRAGMA journal_mode = {mode}")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA cell_size_check = ON")
    connection.execute("PRAGMA temp_store = MEMORY")


def _migrate(connection: "Connection", version: int) -> None:
    for number, statements in enumerate(STEPS[version:], start=version + 1):
        with transaction(connection):
            for statement in statements:
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")


def _check_counter(connection: "Connection", path: Path) -> None:
    """A store that lost its revisions must not look like a new one."""
    (kept,) = connection.execute("SELECT coalesce(max(number), 0) FROM revision").fetchone()
    counted = connection.execute("SELECT revisions FROM store").fetchone()
    if counted != (kept,):
        raise EnvironmentProblem(f"{path}: the store has lost saved plans; put a backup in its place")


def _sentence(error: Exception) -> str:
    name = getattr(error, "sqlite_errorname", "")
    for start, text in (
        ("SQLITE_NOTADB", "this is not a store of this program, or it is damaged at its start"),
        ("SQLITE_CORRUPT", "the store is damaged; put a backup in its place"),
        ("SQLITE_FULL", "the disk is full; nothing was saved by this step, what was saved before is safe"),
        ("SQLITE_READONLY", "the store may only be read, it or its folder is write-protected; nothing was saved"),
        ("SQLITE_BUSY", "another program is writing to the store; try again"),
        ("SQLITE_CANTOPEN", "the store cannot be opened; check that its folder exists and that you may use it"),
        ("SQLITE_IOERR", "the disk failed; nothing was saved by this step, what was saved before is safe"),
    ):
        if name.startswith(start):
            return text
    return f"the store is damaged or was changed by another program ({error})"
