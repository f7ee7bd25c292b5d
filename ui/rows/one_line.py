"""A line of text that gives way: it shows what there is room for, and all of it in its tip."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

KEPT = 240
"""Px at the most that a line keeps for itself beside one that asks for room."""


class OneLine(QLabel):
    """A label that never makes its window wider. Where it `asks`, it has the room of its words as long as there is.

    One that `keeps` has the room of its fewest words also beside one that asks.
    """

    def __init__(self, *, asks: bool = False, keeps: bool = False) -> None:
        super().__init__()
        self._keeps = keeps
        self._whole = ""
        self._shorter: tuple[str, ...] = ()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setIndent(0)  # beside a padding Qt adds half a letter, which the words would lack
        across = QSizePolicy.Policy.Preferred if asks else QSizePolicy.Policy.Ignored
        if keeps:
            across = QSizePolicy.Policy.MinimumExpanding
        self.setSizePolicy(across, QSizePolicy.Policy.Preferred)

    def sizeHint(self) -> QSize:
        """The room of all its words, shown or not; where it only keeps room, that of its fewest."""
        if self._keeps:
            return self.minimumSizeHint()
        measure, shown = self.fontMetrics(), super().text()
        missing = measure.horizontalAdvance(self._whole) - measure.horizontalAdvance(shown)
        return super().sizeHint() + QSize(missing, 0)

    def minimumSizeHint(self) -> QSize:
        fewest = (self._whole, *self._shorter)[-1]
        kept = super().sizeHint().width() - self.fontMetrics().horizontalAdvance(super().text())
        kept += self.fontMetrics().horizontalAdvance(fewest)
        return QSize(min(kept, KEPT) if self._keeps else 0, super().minimumSizeHint().height())

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
