"""The strip of the whole course with a box around what is in sight."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap

from planner.model.cycle_content import State
from ui.theme import qcolor
from ui.timeline.frame import OVERVIEW
from ui.timeline.geometry import DayScale, fitted
from ui.timeline.paint import Kit, pen
from ui.timeline.places import Row
from ui.timeline.scene import Scene

STRIPES = ("antineoplastic", "infusion", "oral", "intrathecal", "cell therapy", "decision")
"""Signs that have a stripe of their own, from top to bottom; one stripe may hold several lanes."""
RIBBON_TOP, RIBBON_HEIGHT, STRIPES_TOP, STRIPE = 4, 8, 14, 3
LEAST_STRIPE, JOINED = 1.5, 0.5
"""Width in px a day has at the least, and the gap in px between days over which they are painted as one."""
LEAST_BOX = 12.0
"""Width in px the box has at the least, so that it can be grabbed."""


class Overview:
    """The strip. Its picture is made once for a scene, a size and a theme."""

    def __init__(self) -> None:
        self._picture: QPixmap | None = None
        self._made_for: tuple[object, ...] = ()
        self.scale = DayScale(0.0, 1.0, 1.0)

    def fit(self, scene: Scene, width: float) -> None:
        """Lay the whole course into that width."""
        self.scale = fitted(scene.timeline.start, scene.timeline.end, width)

    def box(self, view: DayScale) -> QRectF:
        """The box around the days in sight, within the strip."""
        left = max(self.scale.x(view.left), 0.0)
        right = min(self.scale.x(view.right), self.scale.width)
        if right - left < LEAST_BOX:
            left = min(max((left + right - LEAST_BOX) / 2, 0.0), self.scale.width - LEAST_BOX)
            right = left + LEAST_BOX
        return QRectF(left, 1.0, right - left, OVERVIEW - 3.0)

    def paint(self, painter: QPainter, kit: Kit, scene: Scene, view: DayScale, today: int) -> None:
        """The picture, today and the box; the painter's origin is the left edge of the days."""
        ratio = painter.device().devicePixelRatioF()
        key = (scene.timeline, kit.theme.name, self.scale, ratio)
        if self._picture is None or key != self._made_for:
            self._picture, self._made_for = self._draw(kit, scene, ratio), key
        painter.drawPixmap(0, 0, self._picture)
        box = self.box(view)
        veil = qcolor(kit.theme.ground, 150)
        painter.fillRect(QRectF(0, 0, box.left(), OVERVIEW - 1), veil)
        painter.fillRect(QRectF(box.right(), 0, self.scale.width - box.right(), OVERVIEW - 1), veil)
        x = round(self.scale.x(today)) + 0.5
        if 0 <= x <= self.scale.width:
            painter.setPen(pen(kit.theme.accent, 1.5))
            painter.drawLine(QLineF(x, 0, x, OVERVIEW - 1))
        painter.setPen(pen(kit.theme.accent, 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box.adjusted(0.75, 0.75, -0.75, -0.75), 3, 3)

    def _draw(self, kit: Kit, scene: Scene, ratio: float) -> QPixmap:
        picture = QPixmap(round(self.scale.width * ratio), round(OVERVIEW * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for row in scene.top:
            self._ribbons(painter, kit, row)
        roles = [role for role in STRIPES if any(row.lane.role == role for row in scene.body)]
        for number, role in enumerate(roles):
            for row in scene.body:
                if row.lane.role == role:
                    self._stripe(painter, kit, row, STRIPES_TOP + number * (STRIPE + 1))
        painter.end()
        return picture

    def _ribbons(self, painter: QPainter, kit: Kit, row: Row) -> None:
        for bar in row.bars:
            if bar.form != "ribbon" or row.top:
                continue
            left, right = self.scale.x(bar.start), self.scale.x(bar.end)
            painter.setPen(pen(kit.theme.muted, dashed=bar.state is State.PROVISIONAL))
            painter.setBrush(qcolor(kit.theme.ground if bar.state is State.PROVISIONAL else kit.theme.line))
            painter.drawRoundedRect(
                QRectF(left + 0.5, RIBBON_TOP + 0.5, max(right - left - 2, 2), RIBBON_HEIGHT - 1), 2, 2
            )

    def _stripe(self, painter: QPainter, kit: Kit, row: Row, top: float) -> None:
        """The days of a lane; what would lie side by side is painted as one."""
        color = kit.theme.role(row.lane.role)
        painter.setPen(Qt.PenStyle.NoPen)
        for alpha, days in zip((120, 255), _days(row), strict=True):
            if days:
                painter.setBrush(qcolor(color, alpha))
                painter.drawRects([QRectF(left, top, right - left, STRIPE) for left, right in self._joined(days)])

    def _joined(self, days: Sequence[tuple[int, int]]) -> Iterator[tuple[float, float]]:
        """Left and right edges in px of those days, which are in order; what lies side by side is one."""
        left, per_day = self.scale.left, self.scale.per_day
        begin = end = -2 * JOINED - LEAST_STRIPE
        for first, after in days:
            x = (first - left) * per_day
            if x > end + JOINED:
                if end > begin:
                    yield begin, end
                begin = x
            end = max(end, x + LEAST_STRIPE, (after - left) * per_day)
        yield begin, end


def _days(row: Row) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """First day and day after of all that is drawn in a lane: behind an open decision, and not."""
    provisional: list[tuple[int, int]] = []
    settled: list[tuple[int, int]] = []
    for bar, start in zip(row.bars, row.starts, strict=True):
        figure = bar.figure
        found = provisional if figure.state is State.PROVISIONAL else settled
        if figure.form == "dots":
            found += [(day, day + 1) for day in bar.ticks]
        else:
            found.append((start, start + figure.days))
    return provisional, settled
