"""Small signs before words: the ones the timeline uses, and one of its own for what could not be checked."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from ui.timeline.marks import MARK, paint_mark
from ui.timeline.paint import Kit, pen


def paint_sign(painter: QPainter, kit: Kit, centre: QPointF, mark: str) -> None:
    """A severity, "warning seen" once accepted, or "cannot_check": an open circle with a question mark."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    severity, _, seen = mark.partition(" ")
    if severity == "cannot_check":
        box = QRectF(centre.x() - MARK / 2, centre.y() - MARK / 2, MARK, MARK)
        painter.setPen(pen(kit.theme.muted, 1.2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(box)
        kit.write_centred(painter, box, "?", kit.theme.muted, "letter")
    else:
        paint_mark(painter, kit, centre, severity, bool(seen))
    painter.restore()
