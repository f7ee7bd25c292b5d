"""A line of text that gives way: it shows what there is room for, and all of it in its tip."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy


class OneLine(QLabel):
    """A label that never makes its window wider. Where it `asks`, it has the room of its words as long as there is."""

    def __init__(self, *, asks: bool = False) -> None:
        super().__init__()
        self._whole = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        across = QSizePolicy.Policy.Preferred if asks else QSizePolicy.Policy.Ignored
        self.setSizePolicy(across, QSizePolicy.Policy.Preferred)

    def sizeHint(self) -> QSize:
        """The room of all its words, shown or not."""
        measure, shown = self.fontMetrics(), super().text()
        missing = measure.horizontalAdvance(self._whole) - measure.horizontalAdvance(shown)
        return super().sizeHint() + QSize(missing, 0)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def text(self) -> str:
        """All of it, shown or not."""
        return self._whole

    def setText(self, words: str, more: str = "") -> None:
        """Say that from now on, and `more` below it in the tip."""
        self._whole = words
        self.setToolTip(f"{words}\n{more}" if more else words)
        self.setAccessibleName(words)
        self.updateGeometry()
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = self.contentsRect().width()
        super().setText(self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room))
