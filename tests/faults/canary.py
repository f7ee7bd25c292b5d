"""One patient with words that stand nowhere else: after a day of work they are in no file but the exports asked for."""

import json
import os
import random
import signal
import subprocess
import sys
import time

from tests.storage.plans import ROOT

CANARY = ("Qvxzwjk\u00f8", "Zzyxqwert", "MRN-7Q9X2Z7", "1931-07-19", "Xqzvk-diagnosis")
SCRIPTS = ROOT / "tests" / "faults"


def scan_after_a_day(folder, kills, seed=1):
    """A day on the command line, with errors and killed prints, on an encrypted store; the figures."""
    chance = random.Random(seed)
    home, out = folder / "home", folder / "exports"
    for made in (home, out, folder / "tmp"):
        made.mkdir(parents=True)
    day = _Day(home, out, folder / "tmp")
    day.work()
    for _ in range(kills):
        day.killed_print(chance.uniform(0.2, 1.2))
    day.command("store", "verify")
    hits = [
        path
        for place in (home, folder / "tmp")
        for path in place.rglob("*")
        if path.is_file() and _holds(path.read_bytes())
    ]
    return {
        "files looked at": sum(path.is_file() for place in (home, folder / "tmp") for path in place.rglob("*")),
        "commands": day.count,
        "killed prints": kills,
        "hits": len(hits),
        "hits in errors": day.told,
        "names in PDF metadata": day.named_metadata(),
        "where": sorted({path.name for path in hits}),
    }


def _holds(content):
    plain = [word.encode(code) for word in CANARY for code in ("utf-8", "utf-16-le", "latin-1") if _fits(word, code)]
    folded = [b"qvxzwjk", b"zzyxqwert", b"mrn-7q9x2z7", b"xqzvk"]
    lower = content.lower()
    return any(word in content for word in plain) or any(word in lower for word in folded)


def _fits(word, code):
    try:
        word.encode(code)
    except UnicodeError:
        return False
    return True


class _Day:
    """The commands of a day; every error must be told without a word about the patient."""

    def __init__(self, home, out, temporary):
        self.out, self.count, self.told = out, 0, 0
        self.environment = {
            **os.environ,
            "HOME": str(home),
            "REGIMAP_DATA_DIR": str(home / "data"),
            "REGIMAP_PASSPHRASE": "correct horse",
            "XDG_CACHE_HOME": str(home / "cache"),
            "TMPDIR": str(temporary),
        }
        patient = {
            "id": CANARY[2],
            "name": {"family": CANARY[0], "given": CANARY[1]},
            "birth_date": CANARY[3],
            "sex": "female",
            "diagnosis": CANARY[4],
            "markers": {"ph": "positive"},
            "measurements": [{"date": "2026-01-02", "height_cm": "168", "weight_kg": "70.4"}],
        }
        (out / "patient.json").write_text(json.dumps(patient), encoding="utf-8")

    def command(self, *words, code=0):
        """Run one command; errors go to nobody but the scanner."""
        self.count += 1
        done = subprocess.run(
            [sys.executable, "-m", "planner", *words], cwd=ROOT, env=self.environment, capture_output=True, check=False
        )
        assert done.returncode == code, (words, done.returncode, done.stderr)
        self.told += _holds(done.stderr)

    def work(self):
        """Make, change, search, print, back up, damage, restore, delete; and what goes wrong on the way."""
        patient, sheet = str(self.out / "patient.json"), str(self.out / "sheet.pdf")
        self.command("store", "init")
        self.command(
            "plan", "new", "d-alba", "--patient", patient, "--start", "2026-03-02", "--id", "p1", "-o", "store:"
        )
        for days in ("3", "4"):
            self.command(
                "plan",
                "defer",
                "store:p1",
                "--block",
                "blinatumomab",
                "--days",
                days,
                "--scope",
                "following",
                "--reason",
                "counts",
                "--note",
                CANARY[1],
                "-o",
                "store:p1",
            )
        self.command("store", "search", "qvx")
        self.command("print", "store:p1", "--sheet", "roadmap", "-o", sheet)
        self.command("store", "backup")
        self.command("store", "history", "p1", "--compare", "1", "3")
        self.command("store", "void", "p1", "--reason", f"{CANARY[0]} left")
        self.command(
            "plan",
            "defer",
            "store:p1",
            "--block",
            "blinatumomab",
            "--days",
            "1",
            "--scope",
            "following",
            "--reason",
            "counts",
            "-o",
            "store:p1",
            code=2,
        )
        self.command("store", "void", "p1", "--back", "--reason", "wrong one")
        self.command(
            "plan", "new", "d-alba", "--patient", patient, "--start", "2026-03-02", "--id", "p1", "-o", "store:", code=2
        )
        self.command("store", "export", "p1", "-o", str(self.out / "plan.json"))
        self.command("store", "import", str(self.out / "plan.json"), code=2)
        self.command("store", "export", "--all", str(self.out / "all"))
        self.command("plan", "show", "store:nobody", code=2)

    def killed_print(self, seconds):
        """A print to the exports that is killed on its way."""
        words = ("print", "store:p1", "--sheet", "calendar", "-o", str(self.out / "killed.pdf"))
        child = subprocess.Popen(
            [sys.executable, "-m", "planner", *words],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(seconds)
        child.send_signal(signal.SIGKILL)
        child.wait()

    def named_metadata(self):
        """PDF titles, authors and subjects that name the patient."""
        from pypdf import PdfReader

        found = [str(value) for path in self.out.glob("*.pdf") for value in (PdfReader(path).metadata or {}).values()]
        return sum(_holds(text.encode()) for text in found)
