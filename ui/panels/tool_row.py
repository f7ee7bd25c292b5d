"""The tool bar with the finder of actions beside it: the finder loses its words before any tool gives way."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QIcon, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolBar

RIGHT, BETWEEN = 12, 8
"""Px at the end of the row, and between the tools and the finder."""
PADDING = 28
"""Px of the finder beside its words."""


class ToolRow(QFrame):
    """The finder shows its words and keys, its words alone, or its sign alone, as the tools leave room."""

    def __init__(self, tools: QToolBar, finder: QPushButton, keys: str) -> None:
        super().__init__()
        self.setObjectName("tools")
        self._tools, self._finder, self._words = tools, finder, finder.text()
        self._keys, self._sign = keys, QIcon()
        self._row = row = QHBoxLayout(self)  # in a row of our own: PySide6 crashes over a widget put into a tool bar
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft  # margins are none of what Qt mirrors
        row.setContentsMargins(RIGHT if mirrored else 0, 0, 0 if mirrored else RIGHT, 0)
        row.setSpacing(BETWEEN)
        row.addWidget(tools, 1)
        row.addWidget(finder)

    def set_sign(self, sign: QIcon) -> None:
        """What the finder shows where its words have no room."""
        self._sign = sign
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        """The tools take another width once they are dressed: the row itself keeps its size then."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return done

    def _fit(self) -> None:
        room = self.width() - self._tools.sizeHint().width() - RIGHT - BETWEEN
        measure = self._finder.fontMetrics()
        whole = f"{self._words}    {self._keys}"
        shown = next((one for one in (whole, self._words) if measure.horizontalAdvance(one) + PADDING <= room), "")
        sign = QIcon() if shown else self._sign
        # Taking even the same sign again asks for a new layout, which would come back here without end.
        if (shown, sign.cacheKey()) != (self._finder.text(), self._finder.icon().cacheKey()):
            self._finder.setIcon(sign)
            self._finder.setText(shown)
            self._row.activate()
