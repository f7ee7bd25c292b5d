"""A full disk at the k-th write: what was saved stays, what is written is whole or as before, and it is said in words.

The k-th write to the files of the store fails with "no space left" (by strace, where it is there); where it is not,
the process may write only so many bytes to a file.
"""

import os
import resource
import shutil
import signal
import subprocess
import sys
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

from planner.errors import EnvironmentProblem
from planner.files import write_whole
from planner.settings import Settings, load_settings, save_settings
from planner.storage.backup import backups_in, check_backup, write_backup
from planner.storage.key_file import new_key
from planner.storage.repository import Repository
from tests.storage.plans import AT, ROOT, later, small_plan

KEY = new_key(bytes)
NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
OLD, NEW = b"%PDF old " * 900, b"%PDF new " * 900
ALL = "write,pwrite64,writev,pwritev,ftruncate,fallocate"


def fill_disks(folder, count):
    """Fail the k-th write for k = 1 .. count; the figures."""
    found = {"k": count, "truncated files": 0, "lost": 0, "unsaid": 0, "failed saves": 0}
    strace = shutil.which("strace")
    found["by"] = "strace, the k-th write fails" if strace else "a limit on the size of files"
    for k in range(1, count + 1):
        place = folder / str(k)
        _prepare(place)
        command = [sys.executable, "-m", "tests.faults.full_disk", str(place)]
        if strace:
            inject = f"inject={ALL}:error=ENOSPC:when={k}+"
            command = [strace, "-f", "-qq", "-o", os.devnull, "-P", str(place), *_below(place), "-e", inject, *command]
        variables = {**os.environ, "FILE_LIMIT": "" if strace else str(k * 4096)}
        done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, check=False)
        _judge(place, done.stdout.split(), done.stderr, found)
        shutil.rmtree(place)
    return found


def _below(place):
    """strace fails only writes to these names."""
    names = ("plans.db", "plans.db-wal", "plans.db-journal", "sheet.pdf", "settings.json", "backups")
    return [word for name in names for word in ("-P", str(place / name))]


def _prepare(place):
    with closing(Repository(place / "plans.db", KEY)) as store:
        store.append(later(small_plan(), 1), "New plan", "w", AT)
    (place / "sheet.pdf").write_bytes(OLD)
    save_settings(place / "settings.json", Settings(who="before"))


def _judge(place, said, complained, found):
    found["unsaid"] += "Traceback" in complained or "end" not in said or "misnamed" in said
    saved = max([1, *(int(word) for word in said if word.isdigit())])
    found["failed saves"] += "refused" in said
    try:
        with closing(Repository(place / "plans.db", KEY)) as store:
            history = store.history("plan-1")
            found["lost"] += not saved <= len(history) <= saved + 1
            found["truncated files"] += bool(store.verify()) or store.load("plan-1")[0] != later(
                small_plan(), len(history)
            )
    except EnvironmentProblem:
        found["lost"] += 1
    found["truncated files"] += (place / "sheet.pdf").read_bytes() not in (OLD, NEW)
    found["truncated files"] += load_settings(place / "settings.json").who not in ("before", "after")
    for backup in backups_in(place / "backups"):
        try:
            check_backup(backup.path, KEY)
        except EnvironmentProblem:
            found["truncated files"] += 1


def act(place):
    """What a session does, with each step told; a full disk must be a sentence, and the next step goes on."""
    if limit := os.environ.get("FILE_LIMIT"):
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
    with suppress(EnvironmentProblem), closing(Repository(place / "plans.db", KEY)) as store:
        for days in range(2, 40):
            try:
                print(store.append(later(small_plan(), days), "Edit", "w", AT).counter, flush=True)
            except EnvironmentProblem as problem:
                _tell_refusal(problem)
                break
    for step in (
        lambda: write_backup(place / "plans.db", KEY, place / "backups", NOW),
        lambda: write_whole(place / "sheet.pdf", NEW),
        lambda: save_settings(place / "settings.json", Settings(who="after")),
    ):
        try:
            step()
        except EnvironmentProblem as problem:
            _tell_refusal(problem)
    print("end", flush=True)


def _tell_refusal(problem):
    """A full disk must not be called a damaged store."""
    print("misnamed" if "damaged" in str(problem) else "refused", flush=True)


if __name__ == "__main__":
    act(Path(sys.argv[1]))
