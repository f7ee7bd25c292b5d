"""The date changes while the window stays open: over midnight, or while the computer sleeps."""

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QObject, QTimer, SignalInstance
from PySide6.QtWidgets import QApplication

LOOK_EVERY = 30_000
"""Milliseconds between two looks at the date."""


class DateWatch(QObject):
    """Calls `show_again` once it is another day than the one that is shown, so that "today" never means yesterday.

    Not while a question is open, for it is about what is shown; and at once where `comes_back` says that somebody is at
    the window again.
    """

    def __init__(
        self, today: Callable[[], date], show_again: Callable[[], None], comes_back: SignalInstance, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._today, self._show_again, self._seen = today, show_again, today()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._timer.start(LOOK_EVERY)
        comes_back.connect(self.look)

    def look(self) -> None:
        """Show the plan again where the date is another one."""
        if self._today() == self._seen or QApplication.activeModalWidget() is not None:
            return
        self._seen = self._today()
        self._show_again()
