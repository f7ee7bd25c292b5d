#!/usr/bin/env python3
"""One script for every task, with nothing but Python's standard library: python3 dev.py TASK

  run     set up, then open the window on the demo patient (without a screen: make the demo's sheets)
  test    set up, then run the whole test suite, first without Qt, then the window's part off screen
  check   set up, then format, lint, types, architecture and the shipped protocols and rules
  slow    set up, then the large and exhaustive tests
  faults  set up, then pull the plug, fill the disk, flip bits, tamper: what must not happen to the plans, with figures
  bench   set up, then measure: start to first paint, edit to shown findings; --kit adds the peers' benchmark kit
  shots   set up, then write pictures of the window and of every sheet into shots/
  bom     set up, then write the bill of materials (CycloneDX) to bom.json

What stands after the task's name is handed on: python3 dev.py test -k calendar
Setting up makes .venv and installs the locked packages; it does nothing where nothing has changed.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
WINDOW = PYTHON.with_name("regimap-gui.exe" if os.name == "nt" else "regimap-gui")
RUN_LOCK, DEV_LOCK = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"
OLDEST, NEWEST = (3, 11), (3, 14)
QT_TESTS = ("tests/ui", "tests/journeys")
NO_TESTS_CHOSEN = 5  # pytest's exit code

QT_LIBRARIES = {  # what Qt loads even without a screen -> Debian's package
    "libglib-2.0.so.0": "libglib2.0-0",
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
}
SCREEN_LIBRARIES = {  # what a real window needs besides
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}


class Stop(Exception):
    """The task cannot go on; the text says in one sentence why and what to do."""

    def __init__(self, text: str, code: int = 3) -> None:
        super().__init__(text)
        self.code = code


def say(text: str) -> None:
    """One line for the person at the terminal, in order with what the started programs print."""
    print(f"dev.py: {text}", flush=True)


def call(command: Sequence[str | Path], **variables: str) -> int:
    """Run a program from the project's folder and give its exit code; of apt-get only the errors are shown."""
    words = [str(word) for word in command]
    out = subprocess.DEVNULL if words[0] == "apt-get" else None
    return subprocess.run(words, cwd=ROOT, env={**os.environ, **variables}, stdout=out, check=False).returncode


def need(command: Sequence[str | Path], failure: str, **variables: str) -> None:
    """Run a program that must succeed."""
    if call(command, **variables) != 0:
        raise Stop(failure)


# --- set-up -----------------------------------------------------------------------------------------------------------


def set_up(lock: Path) -> None:
    """Make .venv and install the locked packages and the project itself, where that is not done yet."""
    _check_python()
    if not _venv_works():
        _make_venv()
    stamp, wanted = VENV / f"{lock.name}.installed", _fingerprint(lock)
    if not (stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted):
        _install(lock)
        stamp.write_text(_fingerprint(lock), encoding="utf-8")
        if lock == DEV_LOCK:  # it holds all that the smaller lock holds
            (VENV / f"{RUN_LOCK.name}.installed").write_text(_fingerprint(RUN_LOCK), encoding="utf-8")
    # Else every start compiles 170 files again where Python is told to write no bytecode by itself.
    call([PYTHON, "-m", "compileall", "-q", "planner", "ui"])
    call([PYTHON, "-m", "ui.quick_import"])


def _install(lock: Path) -> None:
    say("installing the locked packages into .venv (once; this takes a minute)")
    pip: list[str | Path] = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    quiet = {"PIP_ROOT_USER_ACTION": "ignore"}
    need(
        [*pip, "--require-hashes", "-r", lock], f"pip could not install {lock.name}; its message stands above.", **quiet
    )
    editable: list[str | Path] = [
        "--no-deps",
        "--no-build-isolation",
        "--config-settings",
        "editable_mode=compat",
        "--editable",
        ROOT,
    ]
    need([*pip, *editable], "pip could not install the project; its message stands above.", **quiet)


def _check_python() -> None:
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        have = ".".join(map(str, sys.version_info[:3]))
        raise Stop(f"Regimap needs Python 3.11 to 3.14, this is {have}; start dev.py with another one.")


def _venv_works() -> bool:
    command = [str(PYTHON), "-c", "import pip, sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))"]
    return PYTHON.exists() and subprocess.run(command, capture_output=True, check=False).returncode == 0


def _make_venv() -> None:
    if importlib.util.find_spec("ensurepip") is None:  # Debian and Ubuntu keep it in a package of its own
        version = ".".join(map(str, sys.version_info[:2]))
        apt_install([f"python{version}-venv"], "Python's venv module is missing")
    say("making .venv")
    need([sys.executable, "-m", "venv", "--clear", VENV], "Python could not make .venv; its message stands above.")


def _fingerprint(lock: Path) -> str:
    """What the installation depends on: the lock, the project's own set-up, the interpreter, where it lies."""
    parts = [lock.read_bytes(), (ROOT / "pyproject.toml").read_bytes(), str(ROOT).encode()]
    parts.append((VENV / "pyvenv.cfg").read_bytes())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


# --- system libraries -------------------------------------------------------------------------------------------------


def need_libraries(libraries: dict[str, str]) -> None:
    """See that Qt's system libraries are there; as root on Debian and Ubuntu install them, else say how."""
    if not sys.platform.startswith("linux"):
        return
    missing = {name: package for name, package in libraries.items() if not _loads(name)}
    if missing:
        apt_install(sorted(missing.values()), f"Qt's system libraries are missing ({', '.join(missing)})")


def _loads(library: str) -> bool:
    """Tried in a process of its own, which also sees what was installed a moment ago."""
    script = f"import ctypes; ctypes.CDLL({library!r})"
    return subprocess.run([sys.executable, "-c", script], capture_output=True, check=False).returncode == 0


def apt_install(packages: list[str], lack: str) -> None:
    """Install Debian packages as root; otherwise stop with the one line that does it."""
    line = f"apt-get install -y --no-install-recommends {' '.join(packages)}"
    if shutil.which("apt-get") is None:
        raise Stop(f"{lack}; install what your system calls {' '.join(packages)} (Debian's names).")
    if os.geteuid() != 0:
        raise Stop(f"{lack}; run: sudo {line}")
    say(f"{lack}; installing {' '.join(packages)}")
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    call(["apt-get", "update", "-qq"], **quiet)  # an old list of packages may still do
    need([*line.split(), "-qq"], f"apt-get failed; run it yourself: {line}", **quiet)


# --- tasks ------------------------------------------------------------------------------------------------------------


def run(extra: list[str]) -> int:
    """The window on the demo patient, or the same job on paper where there is no screen."""
    set_up(RUN_LOCK)
    if not has_screen():
        say("there is no screen, so the demo's sheets are made instead of a window")
        return run_demo()
    need_libraries({**QT_LIBRARIES, **SCREEN_LIBRARIES})
    code = call([WINDOW, "--demo", *extra])
    if code in (-6, 134):  # Qt's abort where a named display cannot be reached
        say("the screen could not be opened, so the demo's sheets are made instead of a window")
        return run_demo()
    return code


def run_demo() -> int:
    """Make the demo's files in demo-out and say where the PDFs lie."""
    out = ROOT / "demo-out"
    code = call([PYTHON, "-m", "planner", "demo", "--out", out])
    if code in (0, 1):  # 1: the demo plan has an open finding
        for sheet in sorted(out.glob("*.pdf")):
            say(f"wrote {sheet.relative_to(ROOT)}")
        return 0
    return code


def has_screen() -> bool:
    """Whether a window can be shown; Qt would abort the process where it cannot."""
    if os.environ.get("QT_QPA_PLATFORM", "").startswith(("offscreen", "minimal")):
        return False
    return not sys.platform.startswith("linux") or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY")))


def test(extra: list[str]) -> int:
    """The headless suite in a process where Qt cannot be imported, then the window's suite off screen."""
    set_up(DEV_LOCK)
    need_libraries(QT_LIBRARIES)
    options, paths = split_paths(extra)
    headless, window = paths_of_suites(paths)
    # A file stays with one worker, so that what its tests share is made once.
    spread = ["-n", "auto", "--dist", "loadfile"]
    codes = []
    if headless:
        say("the headless suite (Qt cannot be imported)")
        codes.append(pytest([*spread, "-p", "no:pytest-qt", "-p", "tests.without_qt", *options, *headless]))
    if window:
        say("the window's suite (Qt off screen)")
        codes.append(pytest([*spread, *options, *window]))
    return verdict(codes)


def slow(extra: list[str]) -> int:
    """The tests marked slow, with large searches."""
    set_up(DEV_LOCK)
    need_libraries(QT_LIBRARIES)
    return pytest(["-m", "slow", "--timeout=3600", "--hypothesis-profile=large", *extra])


def pytest(arguments: list[str]) -> int:
    """One pytest run; its closing lines are the last thing it prints."""
    return call([PYTHON, "-m", "pytest", *arguments], QT_QPA_PLATFORM="offscreen")


def split_paths(extra: list[str]) -> tuple[list[str], list[str]]:
    """Options for pytest, and the files or folders among them."""
    paths = [word for word in extra if word.startswith("tests") and (ROOT / word.partition("::")[0]).exists()]
    return [word for word in extra if word not in paths], paths


def paths_of_suites(paths: list[str]) -> tuple[list[str], list[str]]:
    """Which of the paths belong to the headless suite and which to the window's; no path means everything."""
    if not paths:
        return ["tests"], list(QT_TESTS)
    window = [path for path in paths if path.startswith(QT_TESTS)]
    return [path for path in paths if path not in window], window


def verdict(codes: list[int]) -> int:
    """The first failure; a suite from which nothing was chosen is none, unless nothing ran at all."""
    failures = [code for code in codes if code not in (0, NO_TESTS_CHOSEN)]
    if failures:
        return failures[0]
    return 0 if 0 in codes else NO_TESTS_CHOSEN


def check(extra: list[str]) -> int:
    """Every gate but the tests; all are run, and the failed ones are named at the end."""
    set_up(DEV_LOCK)
    content = [path for kind in ("protocols", "rules") for path in sorted((ROOT / "resources" / kind).rglob("*.toml"))]
    gates: dict[str, list[str | Path]] = {
        "format": ["-m", "ruff", "format", "--check", "--quiet", "."],
        "lint": ["-m", "ruff", "check", "."],
        "types": ["-m", "mypy"],
        "architecture": ["-m", "pytest", "-q", "-p", "no:pytest-qt", "-p", "tests.without_qt", "tests/architecture"],
        "content": ["-m", "planner", "protocols", "validate", *content],
    }
    failed = []
    for name, command in gates.items():
        say(name)
        if call([PYTHON, *command, *extra]) != 0:
            failed.append(name)
    say(f"failed: {', '.join(failed)}" if failed else "all checks passed")
    return 1 if failed else 0


def faults(extra: list[str]) -> int:
    """Everything that could go wrong with the saved plans, done on purpose; prints what came of it."""
    set_up(DEV_LOCK)
    return call([PYTHON, "-m", "tests.faults", *extra])


def bench(extra: list[str]) -> int:
    """Measure the program, and with --kit put it beside its peers."""
    set_up(DEV_LOCK)
    need_libraries(QT_LIBRARIES)
    return call([PYTHON, "-m", "tests.benchmarks.run", *extra])


def shots(extra: list[str]) -> int:
    """Pictures of the window and of the sheets, for looking at."""
    set_up(DEV_LOCK)
    need_libraries(QT_LIBRARIES)
    return call([PYTHON, "-m", "tests.gallery", *extra], QT_QPA_PLATFORM="offscreen")


def bom(extra: list[str]) -> int:
    """The bill of materials, from the lock files."""
    set_up(DEV_LOCK)
    return call([PYTHON, "-m", "tests.bill", *extra])


TASKS: dict[str, Callable[[list[str]], int]] = {
    "run": run,
    "test": test,
    "check": check,
    "slow": slow,
    "faults": faults,
    "bench": bench,
    "shots": shots,
    "bom": bom,
}


def main(arguments: list[str]) -> int:
    """Do one task; a wish that cannot be met is one sentence, never a traceback."""
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(__doc__)
        return 0 if arguments else 2
    task = TASKS.get(arguments[0])
    if task is None:
        print(f'dev.py: there is no task "{arguments[0]}"; the tasks are {", ".join(TASKS)}.', file=sys.stderr)
        return 2
    try:
        return task(arguments[1:])
    except Stop as stop:
        print(f"dev.py: {stop}", file=sys.stderr)
        return stop.code
    except OSError as problem:
        print(f"dev.py: {problem.strerror or problem}: {problem.filename or ''}", file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
