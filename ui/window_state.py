"""Where the window stood and which plan was open: kept in a small file of its own, never anything about a patient."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QMainWindow

LAYOUT_VERSION = 1
"""Raised when docks change, so that an older layout is not forced on a newer window."""


class WindowState:
    """Reads and writes the state file; a file that makes no sense is the same as none."""

    def __init__(self, file: Path) -> None:
        self._settings = QSettings(str(file), QSettings.Format.IniFormat)

    @property
    def plan_id(self) -> str:
        """The plan that was open last, or an empty text."""
        return str(self._settings.value("plan", "") or "")

    def restore(self, window: QMainWindow) -> None:
        """Put the window and its docks where they were."""
        geometry, layout = self._settings.value("geometry"), self._settings.value("layout")
        if isinstance(geometry, QByteArray):
            window.restoreGeometry(geometry)
        if isinstance(layout, QByteArray):
            window.restoreState(layout, LAYOUT_VERSION)

    def keep(self, window: QMainWindow, plan_id: str) -> None:
        """Remember how the window stands and the id of the open plan."""
        self._settings.setValue("geometry", window.saveGeometry())
        self._settings.setValue("layout", window.saveState(LAYOUT_VERSION))
        self._settings.setValue("plan", plan_id)
        self._settings.sync()
