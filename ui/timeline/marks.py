"""Findings on the timeline: a sign for each severity, on the items they speak about and in the band below."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap, QPolygonF

from planner.model.cycle_content import State
from planner.model.finding import SEVERITIES
from planner.model.timeline import Bar
from ui.theme import qcolor
from ui.timeline.geometry import DayScale, day_runs
from ui.timeline.paint import Kit, pen
from ui.timeline.places import Row
from ui.timeline.scene import FINDING

SHORT = 12.0
"""Px of a finding's line behind its name that are left out, since they would look like a sign of their own."""
MARK = 11.0
"""Size in px of a severity's sign."""


SPRITE = 17
"""Side in px of the picture of a sign: room for its outline."""
UNSEEN = 3.0
"""Radius in px of the dot at what was moved and not looked at yet."""
DOT = 10
"""Side in px of the picture of that dot."""


def paint_mark(painter: QPainter, kit: Kit, centre: QPointF, severity: str, seen: bool = False) -> None:
    """The sign of a severity: square with a cross, triangle with "!", circle with "i"; hollow once acknowledged."""
    ratio = painter.device().devicePixelRatioF()
    sprite = kit.sprites.get((severity, seen, ratio))
    if sprite is None:
        sprite = _sprite(SPRITE, ratio, lambda inner, middle: _draw_mark(inner, kit, middle, severity, seen))
        kit.sprites[severity, seen, ratio] = sprite
    painter.drawPixmap(round(centre.x() - SPRITE / 2), round(centre.y() - SPRITE / 2), sprite)


def paint_dot(painter: QPainter, kit: Kit, centre: QPointF) -> None:
    """At the corner of what an edit moved, until somebody looks at it; `centre` is on whole pixels."""
    ratio = painter.device().devicePixelRatioF()
    sprite = kit.sprites.get(("moved", False, ratio))
    if sprite is None:
        sprite = kit.sprites["moved", False, ratio] = _sprite(DOT, ratio, partial(_draw_dot, kit))
    painter.drawPixmap(QPointF(centre.x() - DOT / 2, centre.y() - DOT / 2), sprite)


def _sprite(side: int, ratio: float, draw: Callable[[QPainter, QPointF], None]) -> QPixmap:
    """The sign once as a picture, drawn around its middle: a crowded course shows hundreds of it."""
    picture = QPixmap(round(side * ratio), round(side * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw(painter, QPointF(side / 2, side / 2))
    painter.end()
    return picture


def _draw_dot(kit: Kit, painter: QPainter, centre: QPointF) -> None:
    painter.setPen(pen(kit.theme.ground, 1.0))
    painter.setBrush(qcolor(kit.theme.accent))
    painter.drawEllipse(centre, UNSEEN, UNSEEN)


def _draw_mark(painter: QPainter, kit: Kit, centre: QPointF, severity: str, seen: bool) -> None:
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
    runs = _groups([row.bars[index] for index in row.seen(scale.left, scale.right)], scale)
    for number, bars in enumerate(runs):
        bar = min(bars, key=lambda one: SEVERITIES.index(one.finding))
        spots = _signs(bars[0], scale)
        end = scale.x(bars[-1].end - 0.5)
        _lines(painter, kit, bar, middle, scale)
        for x in spots:
            paint_mark(painter, kit, QPointF(x, middle), bar.finding, bar.state is State.GIVEN)
        if selected in [one.id for one in bars]:
            painter.setPen(pen(kit.theme.accent, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(spots[0] - 9, middle - 8.5, max(end - spots[0], 0) + 18, 17), 4, 4)
        following = scale.x(runs[number + 1][0].start + 0.5) - MARK if number + 1 < len(runs) else scale.width
        text = bar.label if len(bars) == 1 else f"× {len(bars)}"
        _name(painter, kit, (bar, text), (spots, following), (middle, end))


def _lines(painter: QPainter, kit: Kit, bar: Bar, middle: float, scale: DayScale) -> None:
    """A thin line over all the days between the first and the last, a thick one over days in a row."""
    days = bar.ticks or (bar.start,)
    painter.setPen(pen(kit.theme.severity(bar.finding), 1.2))
    painter.drawLine(QLineF(scale.x(days[0] + 0.5), middle, scale.x(days[-1] + 0.5), middle))
    painter.setPen(pen(kit.theme.severity(bar.finding), 3.0))
    for first, last in day_runs(days):
        if last > first:
            painter.drawLine(QLineF(scale.x(first + 0.5), middle, scale.x(last + 1), middle))


def _signs(bar: Bar, scale: DayScale) -> list[float]:
    """Where the signs of a finding stand: at the first of days in a row, never on each other."""
    found: list[float] = []
    for first, _ in day_runs(bar.ticks or (bar.start,)):
        x = scale.x(first + 0.5)
        if not found or x - found[-1] >= MARK + 2:
            found.append(x)
    return found


def _name(
    painter: QPainter,
    kit: Kit,
    bar: tuple[Bar, str],
    around: tuple[list[float], float],
    line: tuple[float, float],
) -> None:
    """The rule behind the first sign, or at the edge where the finding began before; on a clear ground, or nowhere."""
    (finding, text), (spots, following), (middle, end) = bar, around, line
    width = kit.width(text, "small bold")
    x = spots[0] + MARK / 2 + 4
    room = min([spot - MARK / 2 - 4 for spot in spots[1:2]] + [following])
    if x < 0:
        x, later = 8.0, [spot for spot in spots if spot > 0]
        room = min([spot - MARK / 2 - 4 for spot in later[:1]] + [following])
        if end < x + width:
            return
    if x + width > room:
        return
    cleared = max(width + 3, end - x + 4) if end < x + width + SHORT else width + 3
    # The clear ground hides the stub of a line, never the sign of another day of the same finding.
    cleared = min([cleared, *(spot - MARK / 2 - 1 - x for spot in spots if spot - MARK / 2 > x + width)])
    painter.fillRect(QRectF(x - 3, middle - 7, cleared + 3, 14), qcolor(kit.theme.ground))
    kit.write(painter, (x, middle), text, kit.theme.severity(finding.finding), "small bold")


def _groups(bars: list[Bar], scale: DayScale) -> list[list[Bar]]:
    """Findings in groups whose signs would touch; a group is drawn as its worst with their number."""
    groups: list[list[Bar]] = []
    for bar in bars:
        if groups and scale.x(bar.start + 0.5) - scale.x(groups[-1][-1].end - 0.5) < MARK + 2:
            groups[-1].append(bar)
        else:
            groups.append([bar])
    return groups
