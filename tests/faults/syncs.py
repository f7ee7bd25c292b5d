"""How often the disk is asked to hold on to what was written: once a save, which is its price on a slow disk."""

import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from planner.storage.key_file import new_key
from planner.storage.repository import Repository
from tests.storage.plans import AT, ROOT, later, small_plan


def count_syncs(folder, count):
    """The same work with so many saves and with twice as many: what differs are the syncs of the saves."""
    strace = shutil.which("strace")
    if strace is None:
        return {"not run": "strace, which counts them, is not there"}
    folder.mkdir(parents=True)
    fewer, more = (_syncs(strace, folder / str(number), number) for number in (count, 2 * count))
    return {"saves": count, "syncs of them": more - fewer, "syncs too many or too few": abs(more - fewer - count)}


def _syncs(strace, place, number):
    told = place.with_suffix(".calls")
    command = [strace, "-f", "-qq", "-e", "trace=fsync,fdatasync", "-o", str(told)]
    command += [sys.executable, "-m", "tests.faults.syncs", str(place), str(number)]
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    return sum("sync(" in line for line in told.read_text(encoding="utf-8").splitlines())


def _save(place, number):
    with closing(Repository(place / "plans.db", new_key(bytes))) as store:
        for days in range(number):
            store.append(later(small_plan(), days % 1000), "Edit", "w", AT)


if __name__ == "__main__":
    _save(Path(sys.argv[1]), int(sys.argv[2]))
