"""A store on a network share: recognised, shown, not written, whole after kills; a share as second backup folder.

python3 dev.py faults --only share --share FOLDER=BEHIND

names the folder of a mounted share and, where this machine is its server too, the folder it is a view of.
"""

import random
import shutil
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from planner.errors import EnvironmentProblem, KnownError
from planner.model.store import Protection
from planner.services.store.archive import Archive
from planner.services.store.keeping import back_up
from planner.services.store.protection import STORE_FILE, create
from planner.storage.backup import backups_in, check_backup
from planner.storage.place import unsafe_place
from planner.storage.repository import Repository
from tests.faults.forking import Child
from tests.storage.plans import AT, later, small_plan

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
STATES = 6
MOST_SECONDS = 0.15


def work_on_shares(folder, shares, count, seed=1):
    """All of it on each of these shares, written "folder" or "folder=behind it"; the figures by share."""
    if not shares:
        return {"not run": "no share was named; --share FOLDER, of a mounted SMB or NFS share"}
    return {name: _one(folder / str(number), name, count, seed) for number, name in enumerate(shares)}


def _one(folder, name, count, seed):
    share, _, behind = name.partition("=")
    chance, here = random.Random(seed), Path(share) / "regimap-faults"
    local = folder / "local"
    shutil.rmtree(here, ignore_errors=True)
    here.mkdir()
    found = {"kind": unsafe_place(here), "not detected": not unsafe_place(here), "kills": count}
    found |= dict.fromkeys(
        ("written", "corrupt", "partial", "silent changes", "unsaid", "bad backups", "not opened", "states read"), 0
    )
    key = create(local, Protection.FILE)
    with Archive.open(local, key) as archive:
        for days in range(1, STATES + 1):
            archive.save(later(small_plan(), days), "Edit", "w", AT)
    try:
        _nothing_new(here / "new", found)
        shutil.copytree(local, here / "store")
        _kill_readers(here / "store", key, count, chance, found)
        _kill_backups(local, key, here / "backups", max(2, count // 4), chance, found)
        if behind:
            # Refusing takes a share up to 40 seconds, and kills are what was promised a number of.
            _two_machines(here / "edited", Path(behind) / here.name / "edited", max(2, count // 10), found)
    finally:
        shutil.rmtree(here, ignore_errors=True)
    return found


def _nothing_new(place, found):
    """No store is made there."""
    try:
        create(place, Protection.FILE)
        found["written"] += 1
    except EnvironmentProblem as problem:
        found["refusal"] = str(problem).partition(": ")[2]


def _kill_readers(place, key, count, chance, found):
    """What lies there is shown with the reason why it is not changed; killed readers change no byte."""
    before = {path.name: path.read_bytes() for path in place.iterdir()}

    def work(tell):
        with Archive.open(place, key) as archive:
            tell("ready")
            assert archive.read_only
            while True:
                tell("seen" if archive.load("plan-1") == later(small_plan(), STATES) else "other")
                try:
                    archive.save(later(small_plan(), STATES + 1), "Edit", "w", AT)
                    tell("written")
                except EnvironmentProblem as problem:
                    tell("refused" if str(problem) == archive.read_only else f"error {problem}")

    for _ in range(count):
        child = Child(work)
        found["not opened"] += child.first_line() != "ready"
        said = child.kill_after(chance.uniform(0, MOST_SECONDS))
        found["states read"] += len(said)
        found["silent changes"] += "other" in said
        found["written"] += "written" in said
        errors = [line for line in said if line.startswith("error")]
        found["unsaid"] += len(errors)
        found |= {"first error": errors[0]} if errors else {}
    after = {path.name: path.read_bytes() for path in place.iterdir()}
    found["written"] += before != after


def _kill_backups(local, key, second, count, chance, found):
    """A share is a good second folder for backups: killed at any moment, what has a name there is sound."""

    def work(tell):
        tell("ready")
        while True:
            tell(back_up(local, key, NOW, second=second).problem or "copied")

    lasts = time.monotonic()
    found["second folder"] = back_up(local, key, NOW, second=second).problem or "copied"
    lasts = time.monotonic() - lasts
    found["bad backups"] += found["second folder"] != "copied"
    for _ in range(count):
        child = Child(work)
        child.first_line()
        child.kill_after(chance.uniform(0, 2) * lasts)
        for backup in backups_in(second):
            try:
                check_backup(backup.path, key)
            except KnownError as problem:
                found["bad backups"] += 1
                found["first problem"] = str(problem)
            backup.path.unlink()
    with closing(Repository(local / STORE_FILE, key)) as store:
        found["corrupt"] += bool(store.verify())


def _two_machines(seen, own, count, found):
    """One computer edits on its own disk, another looks on through the share: it sees saved states, or says why not."""
    key = create(own, Protection.FILE)
    with Archive.open(own, key) as archive:
        archive.save(later(small_plan(), 1), "Edit", "w", AT)

    def write(tell):
        with Archive.open(own, key) as archive:
            tell("ready")
            for days in range(2, 100_000):
                archive.save(later(small_plan(), days % 1000), "Edit", "w", AT)

    looks = {"looks": count, "seen": 0, "refused": 0, "words": set()}
    writer = Child(write)
    writer.first_line()
    for _ in range(count):
        try:
            with Archive.open(seen, key) as other:
                plan, revision = other.load_revision("plan-1")
                found["silent changes"] += plan != later(small_plan(), revision.counter % 1000)
                looks["seen"] += 1
        except KnownError as problem:
            looks["refused"] += 1
            looks["words"].add(str(problem).rpartition(": ")[2])
    found["unsaid"] += any(line.startswith("error") for line in writer.kill_after(0))
    with closing(Repository(own / STORE_FILE, key)) as store:
        found["corrupt"] += bool(store.verify())
    found["two machines"] = looks | {"words": sorted(looks["words"])}
