"""The way into the window: words of the command line, and the order in which its parts are loaded."""

import builtins
import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType

from planner.errors import EnvironmentProblem, InputProblem, KnownError
from planner.paths import user_data
from planner.process import refuse_core_dumps


def main(argv: Sequence[str] | None = None) -> int:
    """Open the window and stay until it is closed; 2 where there is no display, 3 where the machine failed us."""
    refuse_core_dumps()
    data, demo = _parse(sys.argv[1:] if argv is None else argv)
    try:
        _refuse_without_display()
        return _run(Path(data).expanduser() if data else user_data(), demo=demo)
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


def _run(folder: Path, *, demo: bool) -> int:
    # What is made up to the first paint stays; looking for rubbish in it only delays. The desk turns it on again.
    gc.disable()
    try:
        _load_structs()
        _keep_pythons_import()
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


def _keep_pythons_import() -> None:
    """PySide6 puts an import of its own in the place of Python's, so that modules may ask for `__feature__`; none does.

    It would read the source of every module that comes after it. A PySide6 that is built otherwise is left as it is.
    """
    try:
        import PySide6.QtCore  # noqa: F401
    except ImportError:
        return  # the desk says so in words
    before = getattr(builtins, "__orig_import__", None)
    if before is not None:
        builtins.__import__ = before


def _load_structs() -> None:
    """Load msgspec without what the nouns do not need of it: a tenth of the whole start.

    It takes from typing_extensions, where that is installed, what typing has too by now; told that the file is not
    there, it asks typing. And it loads readers of formats and schemas, which here wait until somebody asks for them.
    """
    if "msgspec" in sys.modules:
        return
    for part in ("inspect", "json", "toml", "yaml"):
        sys.modules[f"msgspec.{part}"] = Later(f"msgspec.{part}")
    known = sys.modules.get("typing_extensions")
    sys.modules["typing_extensions"] = None  # type: ignore[assignment]
    try:
        import msgspec  # noqa: F401
    finally:
        del sys.modules["typing_extensions"]
        if known:
            sys.modules["typing_extensions"] = known


class Later(ModuleType):
    """Stands for a module that is loaded when something is first taken from it."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)


if __name__ == "__main__":
    sys.exit(main())
