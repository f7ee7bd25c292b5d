"""Backups by themselves: every so often the store is looked at, and copied beside the window where it changed."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from planner.services.store.keeping import BackedUp
from ui.tongue import say
from ui.vault import Vault
from ui.workers import Workers

LOOK_EVERY = 30_000
"""Milliseconds between two looks; how long a backup is good for is the services' to say."""
REST = 20
"""Looks that are left out after a backup failed, so that a lost disk is told of every ten minutes and not oftener."""


class BackupClock(QObject):
    """`failed` carries why a backup, or its copy in the second folder, could not be made; `made` comes after each."""

    failed = Signal(str)
    made = Signal()

    def __init__(self, vault: Vault, workers: Workers, parent: QObject) -> None:
        super().__init__(parent)
        self._vault, self._workers = vault, workers
        self._running = False
        self._resting = 0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._timer.start(LOOK_EVERY)

    def look(self) -> None:
        """Start a backup where one is due and none is being made."""
        if self._running:
            return
        if self._resting:
            self._resting -= 1
            return
        if self._vault.is_backup_due():
            self.start()

    def start(self, why: str = "", told: Callable[[BackedUp], None] | None = None) -> None:
        """Make a backup now, beside the window; `told` comes after it where it was made."""
        self._running = True
        self._workers.run(self._vault.back_up(why), partial(self._finish, told), self._tell)

    def _finish(self, told: Callable[[BackedUp], None] | None, done: BackedUp) -> None:
        self._running = False
        if done.problem:
            self._tell(done.problem)
        self.made.emit()
        if told:
            told(done)

    def _tell(self, words: str) -> None:
        self._running = False
        self._resting = REST
        self.failed.emit(say("No backup could be made: {words}", words=words))
