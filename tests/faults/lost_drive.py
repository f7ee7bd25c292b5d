"""The drive goes away in mid-edit: pulled, failed and read-only, taken out of the tree. Nothing acknowledged is lost.

A small disk of its own is mounted for it, which only the administrator may do; elsewhere the part says it was not run.
"""

import fcntl
import os
import random
import shutil
import signal
import struct
import subprocess
import sys
import time
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

from planner.errors import EnvironmentProblem, KnownError
from planner.model.store import Protection
from planner.services.store.archive import Archive, start_editing
from planner.services.store.keeping import back_up
from planner.services.store.protection import STORE_FILE, create, unlock
from planner.storage.lock import EditingLock
from planner.storage.repository import Repository
from tests.faults.forking import Child
from tests.storage.plans import AT, later, small_plan

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
SHUT_DOWN = 0x8004587D
"""ext4's order to let every later access fail, as a drive does that was pulled (EXT4_IOC_SHUTDOWN)."""
NO_FLUSH = 2
QUIT_SECONDS = 5
DISK_BYTES = 24 * 1024 * 1024


class NotHere(Exception):
    """This machine does not let a disk be mounted; the text says what refused."""


def lose_drives(folder, count, seed=1):
    """Take the drive away so often while somebody edits; the figures."""
    chance = random.Random(seed)
    found = {"drives lost": count, "acknowledged but lost": 0, "corrupt": 0, "unsaid": 0, "hangs": 0, "messages": {}}
    disk, point = folder / "disk.img", folder / "drive"
    point.mkdir(parents=True)
    try:
        _make_disk(disk)
        for number in range(count):
            how = tuple(WAYS)[number % len(WAYS)]
            with Mounted(disk, point):
                told = _lose(point, how, chance, found)
            with Mounted(disk, point):
                _judge(point / "plans", told, found)
                shutil.rmtree(point / "plans")
    except NotHere as reason:
        return {"not run": str(reason)}
    found["messages"] = {how: sorted(words) for how, words in found["messages"].items()}
    return found


def _make_disk(disk):
    if sys.platform != "linux" or os.geteuid() != 0 or not shutil.which("mkfs.ext4"):
        raise NotHere("only the administrator of a Linux machine with ext4 can mount a disk for it")
    with disk.open("wb") as file:
        file.truncate(DISK_BYTES)
    _run("mkfs.ext4", "-q", "-F", str(disk))


def _run(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotHere(f"{command[0]}: {done.stderr.strip()}")


class Mounted:
    """The disk in the tree; taken out at the end however it went."""

    def __init__(self, disk, point):
        self._disk, self._point = disk, point

    def __enter__(self):
        _run("mount", "-o", "loop", str(self._disk), str(self._point))

    def __exit__(self, *_raised):
        # A disk that was taken out of the tree is in use until the last file in it is closed.
        while os.path.ismount(self._point) or _in_use(self._disk):
            subprocess.run(["umount", str(self._point)], capture_output=True, check=False)
            time.sleep(0.01)


def _in_use(disk):
    return bool(subprocess.run(["losetup", "-j", str(disk)], capture_output=True, check=False).stdout)


def _pull(point):
    handle = os.open(point, os.O_RDONLY)
    try:
        fcntl.ioctl(handle, SHUT_DOWN, struct.pack("I", NO_FLUSH))
    finally:
        os.close(handle)


def _fail(point):
    subprocess.run(["mount", "-o", "remount,abort", str(point)], capture_output=True, check=False)


def _take_out(point):
    subprocess.run(["umount", "-l", str(point)], check=True)


WAYS = {"pulled": _pull, "failed, now read-only": _fail, "taken out of the tree": _take_out}


def _lose(point, how, chance, found):
    """Somebody edits, the drive goes, they go on as long as they can, then they quit."""
    plans = point / "plans"
    key = create(plans, Protection.FILE)

    def work(tell):
        lock = start_editing(plans, "Ph. One", AT)
        assert isinstance(lock, EditingLock)
        with suppress(EnvironmentProblem), Archive.open(plans, key) as archive:
            tell("ready")
            _edit(archive, tell, point)
            try:
                back_up(plans, key, NOW)
            except KnownError as problem:
                tell(f"refused {problem}")
            began = time.monotonic()
        lock.release()
        tell(f"quit {time.monotonic() - began}")

    child = Child(work)
    child.first_line()
    time.sleep(chance.uniform(0, 0.05))
    _hold(child)
    WAYS[how](point)
    os.kill(child.pid, signal.SIGCONT)
    said = child.end()
    saved = [int(line) for line in said if line.isdigit()]
    refused = {line.partition(": ")[2] for line in said if line.startswith("refused")}
    found["messages"].setdefault(how, set()).update(refused)
    quits = [float(line.split()[1]) for line in said if line.startswith("quit")]
    errors = [line for line in said if line.startswith("error")]
    found["unsaid"] += len(errors) or not quits
    found |= {"first error": errors[0]} if errors else {}
    found["hangs"] += any(seconds > QUIT_SECONDS for seconds in quits)
    return max(saved, default=0)


def _hold(child):
    """Stop it between two system calls: Linux says "synced" of a flush that its own order to fail has cut off."""
    os.kill(child.pid, signal.SIGSTOP)
    while Path(f"/proc/{child.pid}/stat").read_text().rpartition(") ")[2][0] not in "TZ":
        time.sleep(0.001)


def _edit(archive, tell, point):
    """Save until it is refused, or for a moment after the drive has left the tree."""
    last, more = 0, 20
    while more:
        try:
            last = archive.save(later(small_plan(), last + 1), "Edit", "w", AT, after=last).counter
        except EnvironmentProblem as problem:
            tell(f"refused {problem}")
            return
        tell(last)
        more -= not os.path.ismount(point)


def _judge(plans, told, found):
    try:
        with closing(Repository(plans / STORE_FILE, unlock(plans))) as store:
            found["corrupt"] += bool(store.verify())
            history = store.history("plan-1")
            found["acknowledged but lost"] += len(history) < told
            if history:
                found["corrupt"] += store.load("plan-1")[0] != later(small_plan(), len(history))
    except KnownError as problem:
        found["corrupt"] += 1
        found["first problem"] = str(problem)
