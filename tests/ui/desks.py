"""A whole window for tests: the program as it is put together, in a folder of its own, with a clock that stands."""

from contextlib import contextmanager
from datetime import date, datetime
from functools import cache
from unittest.mock import patch
from zoneinfo import ZoneInfo

from msgspec.structs import replace
from PySide6.QtWidgets import QApplication, QDialog

from planner.paths import resources
from planner.services.catalogue import load_library
from planner.services.store.archive import Archive
from ui.desk import Desk

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=ZoneInfo("UTC"))


@cache
def shipped_library():
    """The whole library, read once for all tests: a new folder has no files of its own."""
    return load_library(resources())


@contextmanager
def open_desk(qtbot, folder, *, demo=False, library=True, furnished=True, key=None):
    """The desk with its window shown and, unless told otherwise, its library read; closed again at the end."""
    app = QApplication.instance()
    folder.mkdir(exist_ok=True)
    quick = patch("ui.desk.load_library", lambda *_: shipped_library())
    with quick, Archive.open(folder, key) as archive:
        desk = Desk(app, folder, archive, demo=demo, moment=lambda: NOON)
        desk.show()
        desk.window.resize(1366, 768)
        if furnished:
            desk.window.furnish()
        if library:
            qtbot.waitUntil(lambda: bool(desk.document.library.protocols), timeout=20_000)
        try:
            yield desk
        finally:
            desk.window.close()
            desk.window.deleteLater()
            app.setStyleSheet("")


@contextmanager
def all_ahead(window):
    """As if the whole course lay ahead: moving a block that has begun is asked about."""
    changes = window.wishes.changes
    around = changes.around
    changes.around = replace(around, today=lambda: date(2026, 1, 1))
    try:
        yield
    finally:
        changes.around = around


def nudge(window, action):
    """Move the selected block by a key, as if it lay ahead."""
    with all_ahead(window):
        window.act(action)


def open_dialog(qtbot, desk, kind=QDialog):
    """The dialog that stands over the window now."""
    found = []

    def shown():
        found[:] = [one for one in desk.window.findChildren(kind) if one.isVisible() and one.isActiveWindow()]
        return bool(found)

    qtbot.waitUntil(shown)
    return found[0]
