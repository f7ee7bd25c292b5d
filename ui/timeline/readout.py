"""The field beside the pointer that tells all about what lies under it, and where a dragged block would land."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.theme import RADIUS_PANEL, qcolor
from ui.timeline.marks import paint_mark
from ui.timeline.paint import Kit, pen

LINE, PAD, MOST = 17, 10, 360
"""Height of a line, margin and most width in px."""
MARK_ROOM = 18
"""What the sign of a severity takes before its line."""

CONTINUED = "continued"
Line = tuple[str, str]
"""A severity, "" for none or `CONTINUED` below a line with one, and the text of the line."""


class Readout(QWidget):
    """Lines of text, the first in bold; a line may begin with a severity's sign. The mouse does not see it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._area = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName("Readout")
        self.lines: tuple[Line, ...] = ()
        self._kit: Kit | None = None
        self.hide()

    def tell(self, kit: Kit, lines: Sequence[Line], at: QPoint, above: int = 0) -> None:
        """Show the lines near that point of the parent, where they cover it least.

        They end above the pixel `above` where they have room there: what lies below it has to be seen.
        """
        self._kit = kit
        self.lines = tuple(
            (CONTINUED if severity and number else severity, part)
            for severity, text in lines
            for number, part in enumerate(_wrapped(kit, text))
        )
        widths = [
            kit.width(text, "label" if number else "label bold") + (MARK_ROOM if severity else 0)
            for number, (severity, text) in enumerate(self.lines)
        ]
        self.resize(round(max(widths, default=0)) + 2 * PAD, LINE * len(self.lines) + 2 * PAD - 4)
        self.move(self._place(at, above))
        self.show()
        self.raise_()
        self.update()

    @property
    def text(self) -> str:
        """What is shown, line by line; empty while it is hidden."""
        return "\n".join(text for _, text in self.lines) if self.isVisible() else ""

    def _place(self, at: QPoint, above: int) -> QPoint:
        area = self._area.rect()
        x = at.x() + 16 if at.x() + 16 + self.width() <= area.right() else at.x() - 12 - self.width()
        y = at.y() + 18 if at.y() + 18 + self.height() <= area.bottom() else at.y() - 12 - self.height()
        if self.height() <= above:
            x, y = min(at.x() + 16, area.right() - self.width()), above - self.height()
        return QPoint(max(x, 0), max(y, 0))

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._kit is None:
            return
        kit, theme = self._kit, self._kit.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(pen(theme.muted))
        painter.setBrush(qcolor(theme.panel))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_PANEL, RADIUS_PANEL)
        for number, (severity, text) in enumerate(self.lines):
            middle = PAD - 2 + LINE * (number + 0.5)
            x = float(PAD)
            if severity and severity != CONTINUED:
                paint_mark(painter, kit, QPointF(x + 6, middle), severity)
            if severity:
                x += MARK_ROOM
            face = "label" if number else "label bold"
            kit.write(painter, (x, middle), text, theme.text if number < 2 or severity else theme.muted, face)


def _wrapped(kit: Kit, text: str) -> list[str]:
    """The text on lines of at most `MOST` px, broken at spaces."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and kit.width(longer, "label") > MOST:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines
