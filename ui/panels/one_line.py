"""A line of text that gives way: it shows what there is room for, and all of it in its tip."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy


class OneLine(QLabel):
    """A label that never makes its window wider. Where it `asks`, it has the room of its words as long as there is."""

    def __init__(self, *, asks: bool = False) -> None:
        super().__init__()
        self._whole = ""
        self._shorter: tuple[str, ...] = ()
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

    def setText(self, words: str, more: str = "", shorter: Sequence[str] = ()) -> None:
        """Say that from now on, and `more` below it in the tip.

        `shorter` says less in fewer words, the fullest first: what still has room is shown before anything is cut.
        """
        self._whole, self._shorter = words, tuple(shorter)
        self.setToolTip(f"{words}\n{more}" if more else words)
        self.setAccessibleName(words)
        self.updateGeometry()
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room, measure = self.contentsRect().width(), self.fontMetrics()
        tried = (self._whole, *self._shorter)
        words = next((one for one in tried if measure.horizontalAdvance(one) <= room), tried[-1])
        super().setText(measure.elidedText(words, Qt.TextElideMode.ElideRight, room))
