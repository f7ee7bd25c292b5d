"""Findings on the timeline: a sign for each severity, on the items they speak about and in the band below."""

from dataclasses import replace

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPolygonF

from planner.model.finding import SEVERITIES
from planner.model.schedule import State
from planner.model.timeline import Bar
from ui.theme import qcolor
from ui.timeline.geometry import DayScale
from ui.timeline.labels import Drawn, behind
from ui.timeline.paint import Kit, pen
from ui.timeline.scene import FINDING, Row

MARK = 11.0
"""Size in px of a severity's sign."""


def paint_mark(painter: QPainter, kit: Kit, centre: QPointF, severity: str, seen: bool = False) -> None:
    """The sign of a severity: square with a cross, triangle with "!", circle with "i"; hollow once acknowledged."""
    color = kit.theme.severity(severity)
    ink = color if seen else kit.theme.on_bar
    painter.setPen(pen(color, 1.2) if seen else pen(kit.theme.ground, 1.0))
    painter.setBrush(qcolor(kit.theme.ground if seen else color))
    half = MARK / 2
    box = QRectF(centre.x() - half, centre.y() - half, MARK, MARK)
    if severity == "contraindicated":
        painter.drawRoundedRect(box, 2, 2)
        _cross(painter, centre, ink)
    elif severity == "warning":
        points = [(0, -half - 1), (half + 1, half), (-half - 1, half)]
        painter.drawPolygon(QPolygonF([centre + QPointF(x, y) for x, y in points]))
        painter.setPen(pen(ink, 1.6))
        painter.drawLine(QLineF(centre.x(), centre.y() - 2.5, centre.x(), centre.y() + 1.2))
        painter.drawLine(QLineF(centre.x(), centre.y() + 2.4, centre.x(), centre.y() + 4))
    else:
        painter.drawEllipse(box)
        painter.setPen(pen(ink, 1.6))
        painter.drawLine(QLineF(centre.x(), centre.y() - 0.8, centre.x(), centre.y() + 3.2))
        painter.drawLine(QLineF(centre.x(), centre.y() - 3.4, centre.x(), centre.y() - 1.9))


def _cross(painter: QPainter, centre: QPointF, color: str) -> None:
    painter.setPen(pen(color, 1.6))
    for sign in (1, -1):
        painter.drawLine(QLineF(centre.x() - 2.6, centre.y() - 2.6 * sign, centre.x() + 2.6, centre.y() + 2.6 * sign))


def paint_finding_row(painter: QPainter, kit: Kit, row: Row, y: float, scale: DayScale, selected: str = "") -> None:
    """One row of the findings band; the painter's origin is the left edge of the days."""
    middle = y + FINDING / 2
    drawn: list[Drawn] = []
    for bars in _runs([row.bars[index] for index in row.seen(scale.left, scale.right)], scale):
        bar = min(bars, key=lambda one: SEVERITIES.index(one.finding))
        xs = [scale.x(day + 0.5) for one in bars[:1] for day in _days(one)]
        if len(xs) > 1:
            painter.setPen(pen(kit.theme.severity(bar.finding), 1.4))
            painter.drawLine(QLineF(xs[0], middle, xs[-1], middle))
        for x in xs:
            paint_mark(painter, kit, QPointF(x, middle), bar.finding, bar.state is State.GIVEN)
        if selected in [one.id for one in bars]:
            painter.setPen(pen(kit.theme.accent, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(xs[0] - 9, middle - 8.5, xs[-1] - xs[0] + 18, 17), 4, 4)
        edge = (xs[0] - MARK, xs[-1] + MARK / 2)
        drawn.append(Drawn(bar if len(bars) == 1 else replace(bar, label=f"× {len(bars)}"), edge, edge))
    for label in behind(drawn, scale.width, lambda text: kit.width(text, "small bold")):
        color = kit.theme.severity(drawn[label.index].bar.finding)
        kit.write(painter, (label.x, middle), label.text, color, "small bold")


def _runs(bars: list[Bar], scale: DayScale) -> list[list[Bar]]:
    """Findings in runs whose signs would touch; a run is drawn as its worst with their number."""
    runs: list[list[Bar]] = []
    for bar in bars:
        if runs and scale.x(_days(bar)[0]) - scale.x(_days(runs[-1][-1])[-1]) < MARK + 2:
            runs[-1].append(bar)
        else:
            runs.append([bar])
    return runs


def _days(bar: Bar) -> tuple[int, ...]:
    return bar.ticks or (bar.start,)
