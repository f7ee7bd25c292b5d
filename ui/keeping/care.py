"""Everything of this package for one window: made after the first paint, ends with the window."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from planner.errors import KnownError
from planner.services.store.keeping import warnings
from ui.keeping.backups import BackupClock
from ui.keeping.clipboard import ClipboardGuard
from ui.keeping.lock import Clocks, LockGuard
from ui.keeping.session import SessionWatch
from ui.vault import Vault
from ui.workers import Workers


class Care(QObject):
    """`tell_wrong` shows a sentence about what failed in the window, `list_again` the saved plans.

    They are listed again where the store holds more than was seen last, whenever somebody comes back to the window: the
    command line or another program may have taken plans in.
    """

    def __init__(
        self,
        app: QApplication,
        window: QWidget,
        vault: Vault,
        workers: Workers,
        *,
        lock_minutes: Callable[[], int],
        clocks: Clocks,
        tell_wrong: Callable[[str], None],
        list_again: Callable[[], None],
    ) -> None:
        super().__init__(window)
        self._vault, self._list_again, self._seen = vault, list_again, 0
        self._seen = self._end()
        self.backups = BackupClock(vault, workers, self)
        self.lock = LockGuard(app, vault, lock_minutes, clocks, self)
        self.clipboard = ClipboardGuard(QGuiApplication.clipboard(), self)
        for warning in warnings(vault.archive, datetime.fromisoformat(vault.now())):
            tell_wrong(warning)
        self.session = SessionWatch(self)
        self.session.locked.connect(self.lock.lock)
        self.backups.failed.connect(tell_wrong)
        self.lock.locked.connect(self.clipboard.clear)
        app.aboutToQuit.connect(self.clipboard.clear)
        self.lock.leaving.connect(window.close)
        self.lock.leaving.connect(app.quit)
        self.lock.opened.connect(self.come_back)
        app.applicationStateChanged.connect(self._state_changed)
        self._lock_key = window.findChild(QAction, "lock")
        app.focusWindowChanged.connect(self._lend_key)

    def come_back(self) -> None:
        """Somebody is at the window again."""
        end = self._end()
        if end != self._seen:
            self._seen = end
            self._list_again()

    def _state_changed(self, state: Qt.ApplicationState) -> None:
        if state == Qt.ApplicationState.ApplicationActive:
            self.come_back()

    def _lend_key(self) -> None:
        """Let a question be locked by the same keys: whoever is called away from it may not close it first."""
        asked = QApplication.activeModalWidget()
        if asked is not None and isinstance(self._lock_key, QAction):
            asked.addAction(self._lock_key)

    def _end(self) -> int:
        """How far the store's trail goes; as far as it was seen where nobody may ask now."""
        if not self._vault.aside:
            with suppress(KnownError):
                return self._vault.archive.repository.trail_end()
        return self._seen
