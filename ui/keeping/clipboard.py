"""What is copied here leaves the clipboard after a while, at the lock and at the end, where it is still ours."""

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QClipboard

STAYS = 30_000
"""Milliseconds (promises.md S5)."""


class ClipboardGuard(QObject):
    """Watches one clipboard. What somebody else put there is never touched."""

    def __init__(self, clipboard: QClipboard, parent: QObject) -> None:
        super().__init__(parent)
        self._clipboard = clipboard
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.clear)
        clipboard.dataChanged.connect(self._look)

    def clear(self) -> None:
        """Take what is ours off the clipboard."""
        self._timer.stop()
        if self._clipboard.ownsClipboard():
            self._clipboard.clear()

    def _look(self) -> None:
        if self._clipboard.ownsClipboard() and self._clipboard.text():
            self._timer.start(STAYS)
        else:
            self._timer.stop()
