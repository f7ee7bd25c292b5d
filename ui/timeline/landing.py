"""A protocol on its way from the catalogue onto the timeline: the day it would begin on."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPoint, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from ui.theme import Theme
from ui.timeline.paint import pen
from ui.timeline.view import TimelineView
from ui.tongue import say, weekday_date

if TYPE_CHECKING:
    from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QPaintEvent

PROTOCOL = "application/x-regimap-protocol"
"""What a row of the catalogue carries while it is dragged: the protocol's id."""


class LandingTimeline(TimelineView):
    """A timeline on which a protocol can be let go: `protocolDropped` carries its id and the day (ordinal) under it."""

    protocolDropped = Signal(str, int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.landing: int | None = None
        self.setAcceptDrops(True)

    def dragEnterEvent(self, event: "QDragEnterEvent") -> None:
        if event.mimeData().hasFormat(PROTOCOL):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: "QDragMoveEvent") -> None:
        at = event.position().toPoint()
        self._land_on(self._day_at(at), at)
        if self.landing is None:
            event.ignore()
        else:
            event.acceptProposedAction()

    def dragLeaveEvent(self, _event: "QDragLeaveEvent") -> None:
        self._land_on(None, QPoint())

    def dropEvent(self, event: "QDropEvent") -> None:
        day = self._day_at(event.position().toPoint())
        self._land_on(None, QPoint())
        if day is not None:
            event.acceptProposedAction()
            name = bytes(event.mimeData().data(PROTOCOL).data()).decode()
            self.protocolDropped.emit(name, day)

    def paintEvent(self, event: "QPaintEvent") -> None:
        super().paintEvent(event)
        if self.landing is not None:
            painter = QPainter(self.viewport())
            painter.setPen(pen(self.kit.theme.accent, 2.0))
            x = self.frame.header + round(self.scale.on_grid().x(self.landing)) + 0.5
            painter.drawLine(QLineF(x, self.frame.blocks_top, x, self.frame.height))

    def _day_at(self, at: QPoint) -> int | None:
        """The day under that point; None beside the days."""
        if self.scene.is_empty or at.x() < self.frame.header or at.y() < self.frame.blocks_top:
            return None
        return self.scale.day_at(at.x() - self.frame.header)

    def _land_on(self, day: int | None, at: QPoint) -> None:
        self.landing = day
        if day is None:
            self.pointer.readout.hide()
        else:
            lines = [("", say("Begins {day}", day=weekday_date(day))), ("", say("Release to add, Esc to cancel"))]
            # Above the lanes, as for a block: the row that hangs on the pointer lay over the day.
            self.pointer.readout.tell(self.kit, lines, at, self.frame.blocks_top)
        self.viewport().update()
