"""Measures the program: start to first paint beside a minimal window, an edit to the findings on screen.

`python3 dev.py bench` measures the program itself; with --kit also the peers' benchmark kit, in an environment of its
own (.venv-bench), put beside the project by tests/benchmarks/adapter.py. Figures of different runs do not compare;
ratios do.
"""

import argparse
import json
import os
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.architecture.imports import ROOT
from tests.startup_probe import HEAVY

OUT = ROOT / "bench-out"
KIT = Path(os.environ.get("REGIMAP_BENCH_KIT") or ROOT.parent / "shared" / "bench")
KIT_VENV = ROOT / ".venv-bench"
KIT_PARTS = ("a_expand", "b_rules", "c_reflow", "d_timeline", "e_pdf", "m_memory", "f_store", "h_startup")
"""The parts of the kit for which the adapter offers something."""
OPEN = "from ui.app import main; raise SystemExit(main())"
WINDOW = [sys.executable, "-c", OPEN, "--demo"]
MINIMAL = [sys.executable, "-m", "tests.benchmarks.minimal_window"]

PLANS = 10_000
"""Plans in the store that is listed."""
SCREEN = {"name": "bench", "x": 0, "y": 0, "width": 1366, "height": 768, "logicalDpi": 96, "dpr": 1}
"""The screen the window is designed for; without it Qt's own is 800 by 800 and windows are cut to it."""


def main() -> int:
    """Measure, print a table, write bench-out/*.json."""
    parser = argparse.ArgumentParser(prog="dev.py bench", description=__doc__)
    parser.add_argument("--kit", action="store_true", help="also run the peers' benchmark kit")
    parser.add_argument("--rounds", type=int, default=15, help="rounds of each race (15)")
    parser.add_argument(
        "--moves", type=int, default=1000, help="of the long day (1000; promises.md R14 asks for 10000)"
    )
    chosen = parser.parse_args()
    OUT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        environment = _environment(home)
        rows = [*_start(environment, chosen.rounds), *_edit(environment, chosen.rounds), *_drag(environment)]
        rows += [*_many(environment, chosen.rounds), *_loaded(environment), *_long_day(environment, chosen.moves)]
        rows += _sheets(environment, chosen.rounds)
        rows += _library(environment, chosen.rounds, Path(home))
    _print(rows)
    (OUT / "own.json").write_text(json.dumps(rows, indent=1), encoding="utf-8")
    return _run_kit() if chosen.kit else 0


def _environment(home: str) -> dict[str, str]:
    """A user of the benchmark's own, off screen, told to leave at the first paint; compiled files are kept as usual."""
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    screen = Path(home) / "screen.json"
    screen.write_text(json.dumps({"screens": [SCREEN]}), encoding="utf-8")
    return {
        **inherited,
        "HOME": home,
        "REGIMAP_DATA_DIR": str(Path(home) / "data"),
        "QT_QPA_PLATFORM": f"offscreen:configfile={screen}",
        "PLANNER_EXIT_AFTER_FIRST_PAINT": "1",
    }


def _start(environment: dict[str, str], rounds: int) -> list[dict]:
    """The window on the demo plan and the least window that PySide6 can show."""
    times, ratio = _race(
        {"the window on the demo plan": WINDOW, "a minimal PySide6 window": MINIMAL}, environment, rounds
    )
    rows = [_row(f"start to first paint: {name}", found, "ms") for name, found in times.items()]
    return [*rows, {"what": "start, times the minimal window", "median": ratio, "unit": "x", "goal": 1.5}]


def _race(
    cases: dict[str, list[str]], environment: dict[str, str], rounds: int
) -> tuple[dict[str, list[float]], float]:
    """Whole processes, taking turns: their times, and how many times longer the first takes than the second."""
    times: dict[str, list[float]] = {name: [] for name in cases}
    for number in range(rounds + 1):
        for name in list(cases)[:: 1 if number % 2 else -1]:
            began = time.perf_counter()
            _call(cases[name], environment)
            if number:  # the first round only warms up
                times[name].append((time.perf_counter() - began) * 1e3)
    window, minimal = times.values()
    ratio = statistics.median(one / other for one, other in zip(window, minimal, strict=True))
    return times, ratio


def _drag(environment: dict[str, str]) -> list[dict]:
    """What 95 of 100 movements of the mouse take at the most while a block is dragged."""
    ((what, times),) = _call([sys.executable, "-m", "tests.benchmarks.drag", "4"], environment).items()
    p95 = sorted(times)[round(0.95 * (len(times) - 1))]
    return [_row(what, times, "ms"), {"what": "drag, 95 of 100 within", "median": p95, "unit": "ms", "goal": 8.3}]


def _many(environment: dict[str, str], rounds: int) -> list[dict]:
    """Thousands of plans: until they are listed, the memory then, and each key typed into the search line."""
    script = [sys.executable, "-m", "tests.benchmarks.many"]
    store = Path(environment["REGIMAP_DATA_DIR"]) / "demo"
    _call([*script, "fill", str(store), str(PLANS)], environment)
    start = [sys.executable, "-m", "tests.benchmarks.listed"]
    times, ratio = _race({"listed": start, "minimal": MINIMAL}, environment, rounds)
    held = _peak(start, environment) / _peak(MINIMAL, environment)
    typed = _call([*script, "search", str(store)], environment)
    return [
        _row(f"start until {PLANS} plans are listed", times["listed"], "ms"),
        {"what": "listed, times the minimal window", "median": ratio, "unit": "x", "goal": 1.3},
        {"what": "memory then, times the minimal window's", "median": held, "unit": "x", "goal": 1.25},
        {**_row(f"{PLANS} patients searched, each key", typed, "ms", 100), "median": max(typed)},
    ]


def _long_day(environment: dict[str, str], moves: int) -> list[dict]:
    """How much more memory the window holds after so many edits, all of which can be undone. Linux tells it."""
    if not sys.platform.startswith("linux"):
        return []
    held = _call([sys.executable, "-m", "tests.benchmarks.long_day", str(moves)], environment)
    grown = (held["after the moves"] / held["after opening"] - 1) * 100
    rows = [_row(f"memory {when} ({moves})", [mb], "MB") for when, mb in held.items()]
    return [*rows, {"what": "memory, grown by", "median": grown, "unit": "%", "goal": 10}]


def _peak(command: list[str], environment: dict[str, str]) -> int:
    """The most memory a process held, in KiB."""
    process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, code, used = os.wait4(process.pid, 0)
    process.returncode = code
    return used.ru_maxrss


def _edit(environment: dict[str, str], rounds: int) -> list[dict]:
    """In a process of its own, because this one must not hold Qt while others are timed."""
    command = [sys.executable, "-m", "tests.benchmarks.edit", str(max(rounds, 15))]
    found = _call(command, environment)
    return [_row(what, times, "ms", None if "saved" in what else 16) for what, times in found.items()]


def _sheets(environment: dict[str, str], rounds: int) -> list[dict]:
    """A calendar of a year within a second; this one has more than two."""
    command = [sys.executable, "-m", "tests.benchmarks.sheets", str(max(rounds // 2, 3))]
    found = _call(command, environment)
    goals = {what: 1000 for what in found if "calendar" in what and "whole" in what}
    return [_row(what, times, "ms", goals.get(what)) for what, times in found.items()]


def _library(environment: dict[str, str], rounds: int, home: Path) -> list[dict]:
    """All that is shipped, read by a process that has just begun: with what an earlier one kept, and the first time."""
    times: dict[str, list[float]] = {"kept": [], "first": []}
    for number in range(rounds + 1):
        for name in times:
            cache = home / (name if name == "kept" else f"library-{number}")
            took = _call([sys.executable, "-m", "tests.benchmarks.library", str(cache)], environment)
            times[name] += took if number else []  # the first round only keeps
    return [
        _row("the whole library, a new process", times["kept"], "ms", 150),
        _row("the same the first time, nothing kept", times["first"], "ms", 150),
    ]


def _call(command: list[str], environment: dict[str, str]):
    """Run a process that must succeed; what it printed as JSON, if anything."""
    done = subprocess.run(command, env=environment, cwd=ROOT, check=False, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command[1:])} failed:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1]) if done.stdout else None


def _loaded(environment: dict[str, str]) -> list[dict]:
    modules = _call([sys.executable, "-m", "tests.startup_probe"], environment)
    (OUT / "modules-at-first-paint.json").write_text(json.dumps(modules, indent=1), encoding="utf-8")
    slow = sorted(set(HEAVY) & set(modules))
    return [
        {"what": "modules at first paint (listed in bench-out)", "median": len(modules), "unit": ""},
        {"what": f"slow libraries among them {slow or ''}".rstrip(), "median": len(slow), "unit": "", "goal": 0},
    ]


def _row(what: str, times: list[float], unit: str, goal: float | None = None) -> dict:
    row = {"what": what, "median": statistics.median(times), "min": min(times), "max": max(times), "unit": unit}
    return row if goal is None else {**row, "goal": goal}


def _print(rows: list[dict]) -> None:
    print(f"{'':58} {'median':>9} {'min':>9} {'max':>9}   goal")
    for row in rows:
        figures = [f"{row[name]:9.2f}" if name in row else " " * 9 for name in ("median", "min", "max")]
        goal = f"at most {row['goal']} {row['unit']}".rstrip() if "goal" in row else ""
        verdict = "" if "goal" not in row else " met" if row["median"] <= row["goal"] else " MISSED"
        print(f"{row['what']:58} {' '.join(figures)} {row['unit']:2} {goal}{verdict}".rstrip())


def _run_kit() -> int:
    """The peers' kit, with the project in it. Its own requirements go into an environment of its own."""
    if not (KIT / "run_all.py").is_file():
        print(f"The benchmark kit is not at {KIT}; set REGIMAP_BENCH_KIT to its folder.", file=sys.stderr)
        return 3
    python = KIT_VENV / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(KIT_VENV)], check=True)
        pip = [str(python), "-m", "pip", "install", "-q"]
        subprocess.run([*pip, "-r", str(ROOT / "requirements.lock")], check=True)
        wanted = [line for line in (KIT / "requirements.txt").read_text().splitlines() if line and line[0] != "#"]
        for line in wanted:  # one by one: a peer that cannot be had is left out of its table
            subprocess.run([*pip, line.partition("==")[0]], check=False)
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryDirectory() as copy:
        kit = shutil.copytree(KIT, Path(copy) / "bench")
        variables = _environment(home) | {"PLANNER_ADAPTER": "tests.benchmarks.adapter", "BENCH_OUT": str(OUT)}
        variables |= {"PYTHONPATH": str(ROOT), "PLANNER_CMD": shlex.join([str(python), *WINDOW[1:]])}
        variables.pop("PLANNER_EXIT_AFTER_FIRST_PAINT")
        command = [str(python), str(kit / "run_all.py"), *KIT_PARTS]
        done = subprocess.run(command, env=variables, check=False).returncode
        choices = [str(python), "-m", "tests.benchmarks.choices"]
        return done or subprocess.run(choices, env=variables, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
