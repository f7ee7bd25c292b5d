"""kill -9 while a backup is put back: the store is the one before or the one after, and the state before is kept.

Four stores in turn: a sound one, one with a flipped bit, one that cannot be opened any more, one whose file is gone.
"""

import random
import shutil
import time
from contextlib import closing
from datetime import UTC, datetime

from planner.errors import KnownError
from planner.model.store import Protection
from planner.services.store.archive import Archive
from planner.services.store.keeping import back_up, restore
from planner.services.store.protection import STORE_FILE, create
from planner.storage.backup import FOLDER, backups_in, check_backup
from planner.storage.repository import Repository
from tests.faults.forking import Child
from tests.storage.plans import AT, later, small_plan

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
OLD, PRESENT = 3, 5
"""So many states of the plan stand in the backup, and so many in the store it is to replace."""
PLANS = 40
BROKEN = b"not a store any more" * 5000


def kill_restores(folder, count, seed=1):
    """Kill so many restores at random moments; the figures."""
    chance = random.Random(seed)
    found = {
        "kills": count,
        "corrupt": 0,
        "partial": 0,
        "lost": 0,
        "acknowledged but lost": 0,
        "bad backups": 0,
        "not opened": 0,
        "left behind": 0,
        "put back": 0,
    }
    key, backup = _prepared(folder / "good")
    lasts = _seconds_of_one(folder, key, backup)
    for number in range(count):
        place = folder / "work"
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(folder / "good", place)
        kind = ("sound", "flipped", "broken", "missing")[number % 4]
        _spoil(place / STORE_FILE, kind, chance)
        raw = (place / STORE_FILE).read_bytes() if kind != "missing" else None
        before = backups_in(place / FOLDER)

        def work(tell, place=place):
            tell("ready")
            restore(place, key, backup._replace(path=place / FOLDER / backup.path.name), "Ph. One", NOW)
            tell("restored")

        child = Child(work)
        child.first_line()
        said = child.kill_after(chance.uniform(0, 2) * lasts)
        lasts *= 0.9 if "restored" in said else 1.1  # how busy the machine is changes
        found["corrupt"] += sum(line.startswith("error") for line in said)
        _judge((place, key), kind, raw, "restored" in said, found)
        found["lost"] += not set(before) <= set(backups_in(place / FOLDER))
        _restored_at_last(place, key, backup, found)
    return found


def _prepared(folder):
    key = create(folder, Protection.FILE)
    with Archive.open(folder, key) as archive:
        for number in range(PLANS):
            archive.save(small_plan(f"plan-{number}"), "New plan", "w", AT)
        for days in range(2, OLD + 1):
            archive.save(later(small_plan("plan-1"), days), "Edit", "w", AT)
    backup = back_up(folder, key, NOW).backup
    with Archive.open(folder, key) as archive:
        for days in range(OLD + 1, PRESENT + 1):
            archive.save(later(small_plan("plan-1"), days), "Edit", "w", AT)
    return key, backup


def _seconds_of_one(folder, key, backup):
    """How long a restore takes on this machine, so that kills fall before its end and after it."""
    place = folder / "timed"
    shutil.copytree(folder / "good", place)
    began = time.monotonic()
    restore(place, key, backup._replace(path=place / FOLDER / backup.path.name), "Ph. One", NOW)
    return time.monotonic() - began


def _spoil(store, kind, chance):
    if kind == "flipped":
        content = bytearray(store.read_bytes())
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        store.write_bytes(content)
    elif kind == "broken":
        store.write_bytes(BROKEN)
    elif kind == "missing":
        store.unlink()


def _judge(opening, kind, raw, told, found):
    """The store is the one before or the one after; where it is the one after, the one before lies in the backups."""
    place, key = opening
    store = place / STORE_FILE
    if kind != "sound" and raw == (store.read_bytes() if store.exists() else None):
        found["acknowledged but lost"] += told
        return
    try:
        with closing(Repository(store, key)) as opened:
            found["corrupt"] += bool(opened.verify())
            states = len(opened.history("plan-1"))
            found["partial"] += opened.load("plan-1")[0] != later(small_plan("plan-1"), states)
            found["partial"] += opened.count() != PLANS
    except KnownError as problem:
        found["corrupt"] += 1
        found["first problem"] = str(problem)
        return
    found["partial"] += states != OLD and not (kind == "sound" and states == PRESENT)
    found["acknowledged but lost"] += told and states != OLD
    if states == OLD:
        found["put back"] += 1
        found["lost"] += not _kept(place / FOLDER, key, raw)


def _kept(folder, key, raw):
    """Whether the state that was replaced is in the folder of backups: whole, or where it was damaged byte for byte."""
    if raw is None or any(path.read_bytes() == raw for path in folder.glob("damaged-*.db")):
        return True
    for backup in backups_in(folder):
        with closing(Repository(backup.path, key, read_only="this is a backup")) as kept:
            if len(kept.history("plan-1")) == PRESENT and not kept.verify():
                return True
    return False


def _restored_at_last(place, key, backup, found):
    """Whatever the kill left: every backup is sound, the same can be done again, and the work goes on."""
    for one in backups_in(place / FOLDER):
        try:
            check_backup(one.path, key)
        except KnownError:
            found["bad backups"] += 1
    try:
        restore(place, key, backup._replace(path=place / FOLDER / backup.path.name), "Ph. One", NOW)
        with Archive.open(place, key) as archive:
            archive.save(later(small_plan("plan-1"), OLD + 1), "Edit", "w", AT, after=OLD)
        found["left behind"] += sum(1 for _ in place.rglob(".*"))
    except KnownError as problem:
        found["not opened"] += 1
        found["first problem"] = str(problem)
