"""The plug is pulled: what the system had not been told to force to disk may be there, or not, or in part.

Every write, name and force of a working process is recorded (by strace). Then, at each point of that record, disks are
made as a power cut could leave them: what was forced stays; of the writes since, any may be missing, and the last may
be torn; of the names since the folder was forced, the later may be missing. Each disk is opened as a person would.
"""

import os
import random
import re
import shutil
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from planner.errors import KnownError
from planner.settings import Settings, load_settings, save_settings
from planner.storage.backup import backups_in, check_backup, write_backup
from planner.storage.key_file import new_key
from planner.storage.repository import Repository
from tests.storage.plans import AT, ROOT, later, small_plan

KEY = new_key(bytes)
NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
CALLS = (
    "mkdir,openat,write,pwrite64,fsync,fdatasync,ftruncate,rename,unlink,link,linkat,writev,pwritev,pwritev2,fallocate"
)
KNOWN = ("openat", "write", "pwrite64", "fsync", "fdatasync", "ftruncate", "rename", "unlink", "link", "linkat")
SECTOR = 512
_LINE = re.compile(r"^\d+ +(\w+)\((.*)\) += (-?\d+)")
_HEX = re.compile(r"\\x([0-9a-f]{2})")


def cut_power(folder, count, seed=1):
    """Make so many disks of a process that saves, backs up, closes and opens again; the figures."""
    found = {"disks": 0, "corrupt": 0, "partial": 0, "acknowledged but lost": 0}
    if not shutil.which("strace"):
        return {**found, "left out": "there is no strace here"}
    work = folder / "work"
    _prepare(work)
    base = _contents(work)
    steps = _record(work, folder / "trace.txt")
    found["steps"] = len(steps)
    chance, place = random.Random(seed), folder / "disk"
    for number in range(count):
        # Every point of the record in turn, and then again with other luck.
        end = number % (len(steps) + 1)
        disk = Disk(base, work)
        for step in steps[:end]:
            disk.do(step)
        _write(place, disk.after_power_loss(chance, ("nothing", "all", "some")[chance.randrange(3)]))
        _judge(place, disk.told, found)
        found["disks"] += 1
    return found


def _prepare(folder):
    with closing(Repository(folder / "plans.db", KEY)) as store:
        store.append(later(small_plan(), 1), "New plan", "w", AT)
    save_settings(folder / "settings.json", Settings(who="before"))


def _work(folder):
    """What the recorded process does; each line it tells was acknowledged."""

    def tell(words):
        os.write(1, f"{words}\n".encode())

    for turn in range(2):
        with closing(Repository(folder / "plans.db", KEY)) as store:
            for _ in range(5):
                count = len(store.history("plan-1"))
                store.append(later(small_plan(), count + 1), "Edit", "w", AT, after=count)
                tell(f"saved {count + 1}")
            if turn == 0:
                tell(f"backup {write_backup(folder / 'plans.db', KEY, folder / 'backups', NOW).path.name}")
                save_settings(folder / "settings.json", Settings(who="after"))
                tell("settings")


def _record(folder, trace):
    command = ["strace", "-f", "-y", "-qq", "-xx", "-s", "16000000", "-e", f"trace={CALLS}", "-o", str(trace)]
    command += [sys.executable, "-m", "tests.faults.power_loss", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    steps = []
    for line in trace.read_text(encoding="ascii").splitlines():
        match = _LINE.match(line)
        if match and not match[3].startswith("-"):
            plain = _HEX.sub(lambda one: chr(int(one[1], 16)), match[2].partition(', "')[0])
            steps += _step(match[1], plain, match[2], int(match[3]), folder)
    return steps


def _step(call, plain, raw, result, folder):
    """One call as a step of the disk; none for what lies elsewhere."""
    quoted = [bytes.fromhex(text.replace("\\x", "")) for text in re.findall(r'"((?:\\x[0-9a-f]{2})*)"', raw)]
    if call == "openat":
        path = quoted[0].decode()
        made = "O_CREAT" in raw
        return [("create" if made else "look", path, "O_TRUNC" in raw)] if made and _is_in(path, folder) else []
    if call in ("rename", "link", "linkat"):
        names = [one.decode() for one in quoted]
        return [("rename" if call == "rename" else "link", *names)] if _is_in(names[0], folder) else []
    if call == "mkdir":
        return [("folder", quoted[0].decode())] if _is_in(quoted[0].decode(), folder) else []
    if call == "unlink":
        return [("unlink", quoted[0].decode())] if _is_in(quoted[0].decode(), folder) else []
    path = re.search(r"<([^>]*)>", plain)[1]
    if call == "write" and plain.startswith("1<"):
        return [("told", quoted[0].decode().strip())]
    if not _is_in(path, folder):
        return []
    if call not in KNOWN:
        raise AssertionError(f"{call} on {path}: no disk knows this step")
    if call in ("write", "pwrite64"):
        assert result == len(quoted[0]), (call, path)
        offset = int(raw.rpartition(", ")[2]) if call == "pwrite64" else None
        return [("write", path, offset, quoted[0])]
    if call == "ftruncate":
        return [("cut", path, int(raw.rpartition(", ")[2]))]
    return [("force", path)]


def _is_in(path, folder):
    return path == str(folder) or path.startswith(f"{folder}/")


class File:
    """A file's forced content and what was done to it since."""

    def __init__(self, content=b""):
        self.forced, self.since, self.end = content, [], len(content)

    def force(self):
        self.forced, self.since = _applied(self.forced, self.since), []


class Disk:
    """What a process did to a folder, as far as the system may have brought it to the disk."""

    def __init__(self, base, folder):
        self.names = {path: File(content) for path, content in base.items()}
        self.forced_names = dict(self.names)
        self.since, self.told = [], []
        self._always = str(folder)

    def do(self, step):
        """Carry out one recorded step."""
        kind, *words = step
        getattr(self, f"_{kind}")(*words)

    def _told(self, words):
        self.told.append(words)

    def _name(self, change):
        change(self.names)
        self.since.append(change)

    def _folder(self, path):
        self._name(lambda names: names.__setitem__(path, None))

    def _create(self, path, emptied):
        if path not in self.names:
            file = File()
            self._name(lambda names: names.__setitem__(path, file))
        elif emptied:
            self._cut(path, 0)

    def _rename(self, old, new):
        file = self.names[old]

        def change(names):
            names.pop(old, None)
            names[new] = file

        self._name(change)

    def _link(self, old, new):
        file = self.names[old]
        self._name(lambda names: names.__setitem__(new, file))

    def _unlink(self, path):
        self._name(lambda names: names.pop(path, None))

    def _write(self, path, offset, content):
        file = self.names[path]
        at = file.end if offset is None else offset
        file.since.append((at, content))
        file.end = max(file.end, at + len(content))

    def _cut(self, path, size):
        self.names[path].since.append((size, None))
        self.names[path].end = size

    def _force(self, path):
        if self.names.get(path):
            self.names[path].force()
            return
        # A folder: the names in it are there from now on.
        kept = {name: file for name, file in self.names.items() if os.path.dirname(name) == path}
        others = {name: file for name, file in self.forced_names.items() if os.path.dirname(name) != path}
        self.forced_names = {**others, **kept}
        self.since = []

    def after_power_loss(self, chance, luck):
        """The content of each file as the machine finds it: with nothing, all or some of what was not forced."""
        names = dict(self.forced_names)
        kept = {"nothing": 0, "all": len(self.since)}.get(luck, chance.randint(0, len(self.since)))
        for change in self.since[:kept]:
            change(names)
        there = {self._always, *(name for name, file in names.items() if file is None)}
        return {
            name: _applied(file.forced, _surviving(file.since, chance, luck))
            for name, file in names.items()
            if file and os.path.dirname(name) in there
        }


def _surviving(since, chance, luck):
    if luck == "nothing":
        return []
    if luck == "all":
        return since
    found = [one for one in since if chance.random() < 0.6]
    if found and found[-1][1]:
        at, content = found[-1]
        found[-1] = (at, content[: chance.randint(0, len(content) // SECTOR) * SECTOR])
    return found


def _applied(content, steps):
    made = bytearray(content)
    for at, written in steps:
        if written is None:
            made = made[:at].ljust(at, b"\0")
        elif written:
            made = made.ljust(at, b"\0")
            made[at : at + len(written)] = written
    return bytes(made)


def _contents(folder):
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _write(place, contents):
    shutil.rmtree(place, ignore_errors=True)
    root = place.parent / "work"
    for name, content in contents.items():
        path = place / Path(name).relative_to(root)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _judge(place, told, found):
    words = dict([("saved", "1"), *(line.split(" ", 1) if " " in line else (line, "") for line in told)])
    saved = int(words["saved"])
    try:
        with closing(Repository(place / "plans.db", KEY)) as store:
            found["corrupt"] += bool(store.verify())
            history = store.history("plan-1")
            found["acknowledged but lost"] += len(history) < saved
            found["partial"] += len(history) > saved + 1
            found["partial"] += store.load("plan-1")[0] != later(small_plan(), len(history))
        for backup in backups_in(place / "backups"):
            check_backup(backup.path, KEY)
    except KnownError as problem:
        found["corrupt"] += 1
        found["first problem"] = str(problem)
    if "backup" in words:
        found["acknowledged but lost"] += not (place / "backups" / words["backup"]).exists()
    who = load_settings(place / "settings.json").who
    found["acknowledged but lost"] += "settings" in words and who != "after"
    found["partial"] += who not in ("before", "after")


if __name__ == "__main__":
    _work(Path(sys.argv[1]))
