"""Where the window stood and which plan was open: kept in a small file of its own, never anything about a patient."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QWidget

from ui.rooms import Rooms


class WindowState:
    """Reads and writes the state file; a file that makes no sense is the same as none."""

    def __init__(self, file: Path) -> None:
        self._settings = QSettings(str(file), QSettings.Format.IniFormat)

    @property
    def plan_id(self) -> str:
        """The plan that was open last, or an empty text."""
        return str(self._settings.value("plan", "") or "")

    def restore(self, window: QWidget, rooms: Rooms) -> None:
        """Put the window and its rooms where they were."""
        geometry, sizes = self._settings.value("geometry"), str(self._settings.value("rooms") or "").split()
        if isinstance(geometry, QByteArray):
            window.restoreGeometry(geometry)
        if len(sizes) == len(rooms.sizes()) and all(size.isdecimal() and len(size) < 6 for size in sizes):
            rooms.set_sizes([int(size) for size in sizes])

    def keep(self, window: QWidget, rooms: Rooms, plan_id: str) -> None:
        """Remember how the window stands and the id of the open plan."""
        self._settings.setValue("geometry", window.saveGeometry())
        self._settings.setValue("rooms", " ".join(str(size) for size in rooms.sizes()))
        self._settings.setValue("plan", plan_id)
        self._settings.sync()
