"""The program as a user starts it, until its plans are listed and painted.

A module of its own that loads nothing else: what is loaded here would be counted as the program's, and Qt loaded here
would be loaded otherwise than the program loads it (`ui/quick_import.py`).
"""

import os
import sys
from types import ModuleType

from ui import app

_desk = app._desk


def _watched() -> ModuleType:
    """The desk as the program loads it, told to leave once the plans are painted."""
    desk = _desk()
    from PySide6.QtCore import QCoreApplication, QEvent

    from ui.main_window import MainWindow

    show_plans = MainWindow.show_plans

    def listed(window: MainWindow) -> None:
        show_plans(window)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.UpdateRequest)
        assert window.plans.model.rowCount() > 100, "the plans are not listed"
        os._exit(0)

    MainWindow.show_plans = listed  # type: ignore[assignment,method-assign]  # leaves where the program would go on
    return desk


if __name__ == "__main__":
    app._desk = _watched
    os.environ.pop("PLANNER_EXIT_AFTER_FIRST_PAINT", None)
    sys.exit(app.main(["--demo"]))
