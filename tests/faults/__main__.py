"""`dev.py faults`: the plug is pulled, the disk is full, bits flip, somebody means harm. With figures.

python3 dev.py faults                  everything, in full counts (about two hours)
python3 dev.py faults --only damage    one part of it
python3 dev.py faults --part 100       a hundredth of the counts
python3 dev.py faults --seed 2         other random choices
"""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

from tests.faults import (
    calls,
    canary,
    damage,
    full_disk,
    fuzz,
    hostile,
    keys,
    lost_drive,
    power_loss,
    restoring,
    shares,
    syncs,
    tampering,
    two_writers,
    window,
)
from tests.faults.killing import kill

BAD = (
    "corrupt",
    "partial",
    "acknowledged but lost",
    "silent changes",
    "crashes",
    "truncated files",
    "lost",
    "not opened",
    "left behind",
    "other results",
    "opened",
    "locked out",
    "bad backups",
    "not detected",
    "written",
    "syncs too many or too few",
    "unsaid",
    "problems",
    "hits",
    "hits in errors",
    "names in PDF metadata",
    "hangs",
    "writes outside",
)
MEMORY = "/dev/shm"
"""Where the machine offers it, faults that do not need a disk are done in memory, which is many times as fast."""
ON_DISK = ("kill", "disk", "drive", "syncs")
KILLS = {"edits": 600, "backup": 150, "upgrade": 200, "printing": 100}


def parts(share, folders=(), seed=1):
    """By name: the work, given a folder. `share` divides every count; `folders` are shares of a network."""

    def less(count):
        return max(2, count // share)

    return {
        "kill": lambda folder: kill(folder, {kind: less(count) for kind, count in KILLS.items()}, seed=seed),
        "window": lambda folder: window.kill_windows(folder, less(500), seed=seed),
        "power": lambda folder: power_loss.cut_power(folder, less(1500), seed=seed),
        "calls": lambda folder: calls.fail_calls(folder, share, seed=seed),
        "restore": lambda folder: restoring.kill_restores(folder, less(100), seed=seed),
        "keys": lambda folder: keys.try_keys(folder, less(1000), less(200), seed=seed),
        "drive": lambda folder: lost_drive.lose_drives(folder, less(51), seed=seed),
        "share": lambda folder: shares.work_on_shares(folder, folders, less(200), seed=seed),
        "damage": lambda folder: damage.break_stores(folder, less(3000), less(300), seed=seed),
        "disk": lambda folder: full_disk.fill_disks(folder, less(200)),
        "syncs": lambda folder: syncs.count_syncs(folder, less(200)),
        "writers": lambda folder: two_writers.write_together(folder, less(10_000)),
        "trail": lambda folder: tampering.edit_trails(folder, less(1000), seed=seed),
        "canary": lambda folder: canary.scan_after_a_day(folder, less(20), seed=seed),
        "hostile": lambda folder: hostile.read_hostile(folder, less(500), seed=seed),
        "fuzz": lambda folder: fuzz.fuzz_readers(folder, less(1_000_000), seed=seed),
    }


def bad_in(figures):
    """How much of what must not be is there."""
    inner = [one for one in figures.values() if isinstance(one, dict)]
    missed = figures.get("edits", 0) - figures.get("located", figures.get("edits", 0)) if "located" in figures else 0
    return sum(figures.get(name, 0) for name in BAD) + sum(map(bad_in, inner)) + missed


def main():
    parser = argparse.ArgumentParser(prog="dev.py faults", description=__doc__)
    parser.add_argument("--only", choices=list(parts(1)), action="append", help="this part; may be given again")
    parser.add_argument("--part", type=int, default=1, metavar="N", help="the N-th part of every count")
    parser.add_argument("--share", action="append", default=[], metavar="FOLDER", help="a mounted SMB or NFS share")
    parser.add_argument("--seed", type=int, default=1, help="where the random choices begin")
    chosen = parser.parse_args()
    bad = 0
    for name, work in parts(chosen.part, chosen.share, chosen.seed).items():
        if chosen.only and name not in chosen.only:
            continue
        place = MEMORY if name not in ON_DISK and Path(MEMORY).is_dir() else None
        with tempfile.TemporaryDirectory(prefix="regimap-faults-", dir=place) as folder:
            began = time.monotonic()
            figures = work(Path(folder) / name)
        wrong = bad_in(figures)
        bad += wrong
        came = "not run" if "not run" in figures else f"{wrong} WRONG" if wrong else "as it must be"
        print(f"{name}: {came} ({time.monotonic() - began:.0f} s)")
        print("   ", json.dumps(figures, ensure_ascii=False), flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
