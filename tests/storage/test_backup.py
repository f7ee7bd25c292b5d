"""Backups: sound or not there, readable on their own, thinned by age."""

import errno
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import EnvironmentProblem, InputProblem
from planner.files import Backup
from planner.storage import backup as backups
from planner.storage.backup import (
    backups_in,
    check_backup,
    copy_backup,
    find_backup,
    thin,
    too_many,
    write_backup,
)
from planner.storage.key_file import file_box, key_path, new_key, open_box, read_box, write_box
from planner.storage.repository import Repository
from tests.storage.plans import AT, later, small_plan

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
KEY = new_key(bytes)


@pytest.fixture
def store(tmp_path):
    path = tmp_path / "data" / "plans.db"
    path.parent.mkdir(mode=0o700)
    write_box(path, file_box(KEY))
    with closing(Repository(path, KEY)) as repository:
        for number in range(3):
            repository.append(small_plan(f"plan-{number}"), "New plan", "Ph. One", AT)
    return path


def test_backup_holds_everything_and_its_key(store, tmp_path):
    with closing(Repository(store, KEY)) as open_store:
        open_store.append(later(small_plan("plan-1"), 3), "Edit", "Ph. One", AT)
        made = write_backup(store, KEY, tmp_path / "b", NOW, "before import")
    assert made.path.name == "plans-20261128T120000Z-4-before-import.db"
    assert (made.at, made.number, made.why) == (NOW, 4, "before import")
    assert backups_in(tmp_path / "b") == (made,)
    key = open_box(read_box(tmp_path / "b" / "plans.db"), "")
    with closing(Repository(made.path, key, "reading")) as copy:
        assert copy.load("plan-1")[0] == later(small_plan("plan-1"), 3)
        assert copy.verify() == ()
    assert made.path.stat().st_mode & 0o077 == 0
    assert sorted(one.name for one in (tmp_path / "b").iterdir() if one.suffix == ".db") == [made.path.name]


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the clock's place is set as POSIX systems do")
def test_labels_are_told_apart_in_the_hour_that_comes_twice(monkeypatch):
    """By the clock of whoever reads, to the second: two backups of one minute have two labels."""
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
    time.tzset()
    try:
        first = datetime(2026, 10, 25, 0, 30, 5, tzinfo=UTC)
        moments = (first, first + timedelta(seconds=1), first + timedelta(hours=1))
        labels = [Backup(Path("x"), at, 1, "before import").label for at in moments]
    finally:
        monkeypatch.undo()
        time.tzset()
    assert labels == [
        "25-Oct-2026 02:30:05 UTC+02:00 (before import)",
        "25-Oct-2026 02:30:06 UTC+02:00 (before import)",
        "25-Oct-2026 02:30:05 UTC+01:00 (before import)",
    ]


def test_backup_never_takes_the_place_of_another(store, tmp_path):
    names = {write_backup(store, KEY, tmp_path / "b", NOW).path.name for _ in range(3)}
    assert len(names) == 3
    assert len(backups_in(tmp_path / "b")) == 3


def test_bad_data_is_never_backed_up_as_good(store, tmp_path):
    good = write_backup(store, KEY, tmp_path / "b", NOW)
    whole = bytearray(store.read_bytes())
    whole[len(whole) // 2] ^= 4
    store.write_bytes(whole)
    with pytest.raises(EnvironmentProblem):
        write_backup(store, KEY, tmp_path / "b", NOW + timedelta(hours=1))
    assert backups_in(tmp_path / "b") == (good,)
    assert [one for one in (tmp_path / "b").iterdir() if one.name.endswith(".new")] == []
    check_backup(good.path, KEY)


def test_copy_in_a_second_folder_is_compared(store, tmp_path, monkeypatch):
    made = write_backup(store, KEY, tmp_path / "b", NOW)
    second = copy_backup(made, tmp_path / "usb")
    assert second.path.read_bytes() == made.path.read_bytes()
    assert key_path(tmp_path / "usb" / "plans.db").exists()

    def torn(source, target):
        Path(target).write_bytes(Path(source).read_bytes()[:-1])

    monkeypatch.setattr(backups.shutil, "copyfile", torn)
    with pytest.raises(EnvironmentProblem, match="differs"):
        copy_backup(made, tmp_path / "usb2")
    assert backups_in(tmp_path / "usb2") == ()


def test_full_disk_leaves_no_backup_and_is_told(store, tmp_path, monkeypatch):
    def full(path):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(backups, "force_file", full)
    with pytest.raises(EnvironmentProblem, match="the disk is full"):
        write_backup(store, KEY, tmp_path / "b", NOW)
    assert [one for one in (tmp_path / "b").iterdir() if one.suffix != ".key"] == []


def test_unknown_backup_is_told(tmp_path):
    with pytest.raises(InputProblem, match="no backup"):
        find_backup(tmp_path, "plans-20261128T120000Z-4.db")


def made_at(*ages, why=""):
    return [Backup(Path(f"{age}"), NOW - age, 1, why) for age in ages]


def test_old_backups_grow_fewer():
    all_of_them = made_at(*(timedelta(minutes=10 * step) for step in range(6 * 24 * 500)))
    gone = set(too_many(all_of_them, NOW))
    kept = [one for one in all_of_them if one not in gone]
    ages = [(NOW - one.at) / timedelta(days=1) for one in kept]
    assert len([age for age in ages if age <= 2]) == 2 * 24 * 6 + 1
    assert 24 * 12 <= len([age for age in ages if 2 < age <= 14]) <= 24 * 12 + 1
    assert 45 <= len([age for age in ages if 14 < age <= 60]) <= 48
    assert 48 <= len([age for age in ages if 60 < age <= 400]) <= 51
    assert 3 <= len([age for age in ages if age > 400]) <= 5


def test_a_clock_set_years_ahead_makes_no_backup_old_before_seven_days_of_it():
    kept = set(made_at(*(timedelta(hours=step) for step in range(24 * 30))))
    kept -= set(too_many(kept, NOW))
    ahead = [NOW + timedelta(days=3650 + day, hours=hour) for day in range(6) for hour in (0, 8)]
    for at in ahead:
        kept.add(Backup(Path("x"), at, 1, ""))
        kept -= set(too_many(kept, at))
    assert len({one.at.date() for one in kept if one.at <= NOW}) >= 30, "every day of the month still has one"
    assert len([one for one in kept if one.at > NOW]) == len(ahead)
    assert too_many(kept, NOW + timedelta(hours=1)) == (), "the clock is right again"
    at = ahead[0] + timedelta(days=6)
    kept.add(Backup(Path("x"), at, 1, ""))
    kept -= set(too_many(kept, at))
    assert len([one for one in kept if one.at <= NOW]) <= 2, "as long as nobody says otherwise, it is that late"


def test_backups_with_a_cause_stay_longer():
    hour = [timedelta(days=30, minutes=step) for step in range(5)]
    assert too_many(made_at(*hour, why="before import"), NOW) == ()
    assert len(too_many(made_at(*hour), NOW)) == 2


@given(st.lists(st.integers(-10_000, 2_000_000), max_size=40, unique=True))
def test_newest_three_and_the_future_always_stay(minutes):
    all_of_them = made_at(*(timedelta(minutes=age) for age in minutes))
    newest, kept = sorted(all_of_them, key=lambda one: one.at, reverse=True), set(all_of_them)
    for _ in all_of_them:
        gone = set(too_many(kept, NOW))
        assert not set(newest[:3]) & gone
        assert all(one.at < NOW for one in gone)
        kept -= gone
    assert too_many(kept, NOW) == ()


def test_thinning_removes_the_files(store, tmp_path):
    for step in range(6):
        write_backup(store, KEY, tmp_path / "b", NOW - timedelta(days=30, minutes=step))
    (tmp_path / "b" / "notes.txt").write_text("mine")
    (tmp_path / "b" / "plans-other.db").write_text("mine")
    thin(tmp_path / "b", NOW)
    assert len(backups_in(tmp_path / "b")) == 3
    assert (tmp_path / "b" / "plans-other.db").exists()


def test_a_folder_that_cannot_be_listed_is_told(tmp_path, monkeypatch):
    def fail(*_arguments):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(Path, "glob", fail)
    with pytest.raises(EnvironmentProblem, match="the disk failed"):
        backups_in(tmp_path)
