"""The way into the window: words of the command line, and the order in which its parts are loaded."""

import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from planner.errors import EnvironmentProblem, InputProblem, KnownError
from planner.process import refuse_core_dumps
from ui.quick_enums import quick_enums
from ui.quick_import import import_qt, import_structs


def main(argv: Sequence[str] | None = None) -> int:
    """Open the window and stay until it is closed; 2 where there is no display, 3 where the machine failed us."""
    refuse_core_dumps()
    data, demo = _parse(sys.argv[1:] if argv is None else argv)
    try:
        _refuse_without_display()
        return _run(Path(data).expanduser() if data else None, demo=demo)
    except KnownError as problem:
        sys.stderr.write("".join(f"regimap: {line}\n" for line in problem.lines))
        return problem.exit_code


def _parse(words: Sequence[str]) -> tuple[str, bool]:
    """The folder that was named, or an empty text, and whether the demo is wanted."""
    if not set(words) - {"--demo"}:
        return "", bool(words)  # as it is nearly always started, without waiting for what reads all other words
    import argparse

    parser = argparse.ArgumentParser(prog="regimap", description="Plan one patient's whole treatment course.")
    parser.add_argument("--demo", action="store_true", help="open the invented demo patient")
    parser.add_argument("--data", metavar="DIR", default="", help="folder for plans and settings")
    chosen = parser.parse_args(words)
    return chosen.data, chosen.demo


def _refuse_without_display() -> None:
    # Qt ends the whole process where it finds no display, so look first.
    if sys.platform.startswith("linux") and not any(
        os.environ.get(name) for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY")
    ):
        raise InputProblem(("there is no display here; use the command line, see regimap --help",))


def _run(folder: Path | None, *, demo: bool) -> int:
    # What is made up to the first paint stays; looking for rubbish in it only delays. The desk turns it on again.
    gc.disable()
    try:
        import_structs()
        quick_enums()
        import_qt()
        code: int = _desk().run(folder, demo=demo)
        return code
    finally:
        gc.enable()


def _desk() -> ModuleType:
    try:
        import ui.desk
    except ImportError as error:
        raise EnvironmentProblem(f"the window cannot be opened here ({error}); see regimap --help") from error
    return ui.desk


if __name__ == "__main__":
    sys.exit(main())
