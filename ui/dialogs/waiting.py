"""Shown while the store's file is being replaced: nothing can be asked of it then, and nothing may be cut off."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QProgressBar, QVBoxLayout, QWidget

from ui.rows.words import plain_label


class WaitingDialog(QDialog):
    """One sentence and a moving bar. It goes when the work is done and not before."""

    def __init__(self, words: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Please wait")
        self._over = False
        bar = QProgressBar()
        bar.setRange(0, 0)
        bar.setAccessibleName(words)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(12)
        column.addWidget(plain_label(words))
        column.addWidget(bar)
        self.setWindowModality(Qt.WindowModality.ApplicationModal)
        self.resize(420, 100)

    def end(self) -> None:
        """The work is done."""
        self._over = True
        self.accept()

    def reject(self) -> None:
        if self._over:
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._over:
            event.ignore()
