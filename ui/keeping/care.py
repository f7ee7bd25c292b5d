"""Everything of this package for one window: made after the first paint, ends with the window."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from planner.services.store.keeping import warnings
from ui.keeping.backups import BackupClock
from ui.keeping.clipboard import ClipboardGuard
from ui.keeping.lock import Clocks, LockGuard
from ui.keeping.session import SessionWatch
from ui.vault import Vault
from ui.workers import Workers


class Care(QObject):
    """`tell_wrong` shows a sentence about what failed in the window."""

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
    ) -> None:
        super().__init__(window)
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
