"""Another program copies something over the file of an open store: told before the next edit, which is not saved."""

import os
from datetime import UTC, datetime

import pytest

from planner.errors import EnvironmentProblem
from planner.model.store import Protection
from planner.services.store.archive import Archive
from planner.services.store.keeping import back_up
from planner.services.store.protection import STORE_FILE, unlock
from planner.storage import own_file
from planner.storage.database import one_moment
from tests.services.store.test_mishaps import folder, made
from tests.storage.plans import AT, later, small_plan

__all__ = ["folder"]

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def waited(monkeypatch):
    """How long was waited before the file was looked into; nobody waits here."""
    waits = []
    monkeypatch.setattr(own_file.time, "sleep", waits.append)
    return waits


def edit(archive, days):
    archive.save(later(small_plan(), days), "Edit", "Ph. One", AT)


def carry_over(archive):
    """As SQLite does after a thousand pages: what is in the log gets into the file."""
    archive.repository._connection.execute("PRAGMA wal_checkpoint(PASSIVE)")


@pytest.mark.parametrize("protection", [Protection.FILE, Protection.PLAIN])
def test_nothing_is_saved_into_a_backup_that_was_copied_over_the_open_store(tmp_path, protection):
    """Into the same file, as a copying program does: its name and number stay. The log beside it is of the old one."""
    folder = made(tmp_path / "data", protection)
    key = unlock(folder)
    backup, store = back_up(folder, key, NOW).backup, folder / STORE_FILE
    with Archive.open(folder, key) as archive:
        for days in range(1, 4):
            edit(archive, days)
            archive.repository._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with store.open("r+b") as file:
            file.truncate(0)
            file.write(backup.path.read_bytes())
        for _ in range(2):
            with pytest.raises(EnvironmentProblem, match="copied over"):
                edit(archive, 4)


@pytest.mark.parametrize("protection", [Protection.FILE, Protection.PLAIN])
@pytest.mark.parametrize("opened", ["at once", "beside another"])
def test_nothing_is_saved_into_an_older_copy_of_the_file_that_was_put_over_it(tmp_path, protection, opened):
    """A copy made by hand has the same salt and format as the file itself; only where its trail ends tells them apart.

    Where another had the store open before, its log is full: then the file ends with another line than the trail.
    """
    folder = made(tmp_path / "data", protection)
    key, store = unlock(folder), folder / STORE_FILE
    copy = store.read_bytes()
    with Archive.open(folder, key) as other:
        if opened != "at once":
            edit(other, 1)
        with Archive.open(folder, key) as archive:
            for days in range(2, 6):
                edit(archive if days % 2 else other, days)
            carry_over(other)
            edit(archive, 6)
            carry_over(other)
            with store.open("r+b") as file:
                file.truncate(0)
                file.write(copy)
            for _ in range(2):
                with pytest.raises(EnvironmentProblem, match="copied over"):
                    edit(archive, 7)


def test_a_file_that_others_touch_or_carry_the_log_into_is_still_the_same(folder):
    key = unlock(folder)
    with Archive.open(folder, key) as other, Archive.open(folder, key) as archive:
        for days in range(1, 9):
            edit(other, days)
            edit(other, days + 20)
            carry_over(other)
            edit(archive, days + 40)
            os.utime(folder / STORE_FILE)
        edit(archive, 99)
        assert archive.verify() == ()


def test_a_file_into_which_the_log_was_carried_in_part_is_still_the_same(folder):
    """Somebody reads an older state meanwhile; the file by itself is no state of the store then, or cannot be read."""
    key, seen = unlock(folder), set()
    with Archive.open(folder, key) as reader, Archive.open(folder, key) as other, Archive.open(folder, key) as archive:
        for days in range(1, 60):
            with one_moment(reader.repository._connection):
                reader.count()
                edit(archive, days)
                edit(other, days + 100)
                carry_over(other)
                edit(archive, days + 200)
            seen.add(archive.repository._own._own_end())
        assert archive.verify() == ()
        assert len(seen) > 3


def test_a_file_is_looked_into_again_while_another_carries_its_log_over(folder, waited, monkeypatch):
    """In the midst of it the file by itself is half old and half new."""
    key = unlock(folder)
    with Archive.open(folder, key) as archive:
        own = archive.repository._own
        edit(archive, 1)
        for found, there, waits in (
            ([0, -1, 2], True, 3),
            ([0, None], True, 2),
            ([3] * 4, False, 4),
            ([0] * 4, False, 4),
        ):
            waited.clear()
            monkeypatch.setattr(own_file.OwnFile, "_own_end", lambda own, ends=list(found): ends.pop(0))
            own._facts = (0, 0)
            assert own.is_there() == there
            assert len(waited) == waits


@pytest.mark.parametrize("content", [b"", b"no store " * 1000])
def test_what_is_no_store_at_all_is_told_as_well(folder, content):
    key = unlock(folder)
    with Archive.open(folder, key) as archive:
        edit(archive, 1)
        with (folder / STORE_FILE).open("r+b") as file:
            file.truncate(0)
            file.write(content)
        with pytest.raises(EnvironmentProblem, match="copied over"):
            edit(archive, 2)
