"""Whether the desktop locked its own screen: then the window locks too (promises.md S2). Linux, over the session's bus.

Other systems do not tell a program through Qt; there the idle time and a sleep of the machine lock the window.
"""

import os
from typing import Any

from PySide6.QtCore import SLOT, QObject, Signal, Slot

SAYS_IT = ("org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver", "org.cinnamon.ScreenSaver", "org.mate.ScreenSaver")
"""The interfaces of desktops whose signal `ActiveChanged(bool)` comes when the screen is locked."""
BUS = "DBUS_SESSION_BUS_ADDRESS"


class SessionWatch(QObject):
    """`locked` comes when the desktop locks. `listens` tells whether there is anybody to listen to."""

    locked = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.listens = bool(os.environ.get(BUS)) and self._listen()

    def _listen(self) -> bool:
        try:
            from PySide6.QtDBus import QDBusConnection
        except ImportError:
            return False  # a Qt without this part
        bus = QDBusConnection.sessionBus()
        slot: Any = SLOT("changed(bool)")  # a text; its stub asks for bytes, which are refused
        heard = [bus.connect("", "", name, "ActiveChanged", self, slot) for name in SAYS_IT]
        return bus.isConnected() and any(heard)

    @Slot(bool)
    def changed(self, active: bool) -> None:
        """The desktop says that its screen is locked, or open again."""
        if active:
            self.locked.emit()
