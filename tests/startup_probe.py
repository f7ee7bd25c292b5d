"""Runs the window on the demo plan up to its first paint and prints, as JSON, the modules that are loaded by then.

A script of its own because the modules of a whole process are wanted: `python -m tests.startup_probe`.
"""

import json
import os
import sys
from typing import NoReturn

HEAVY = (
    *("argon2", "asyncio", "fontpkg", "numpy", "ortools", "pandas", "platformdirs", "pydantic", "pypdfium2"),
    *("reportlab", "xml", "xml.etree.ElementTree"),
)
"""Slow libraries that nothing on the way to the first paint may load."""

_leave = os._exit


def _report(code: int) -> NoReturn:
    print(json.dumps(sorted(sys.modules)), flush=True)
    _leave(code)


def main() -> None:
    """The program as a user starts it, told to leave at its first paint."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["PLANNER_EXIT_AFTER_FIRST_PAINT"] = "1"
    os._exit = _report
    sys.argv = ["regimap-gui", "--demo"]
    from ui.app import main as start

    _report(start() or 0)


if __name__ == "__main__":
    main()
