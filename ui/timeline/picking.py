"""What lies at a point of the timeline. No Qt types."""

from planner.model.timeline import Bar
from ui.timeline.frame import BODY_GAP, Frame
from ui.timeline.geometry import DayScale
from ui.timeline.places import Place, Row
from ui.timeline.ribbons import STRIP_TOP
from ui.timeline.scene import Scene

NEAR, NEAR_SIGN = 5.0, 10.0
"""How many px beside a bar, and from the middle of a sign, still count as on it: targets are at least 10 px wide."""
SIGNS = ("diamond", "triangle", "hexagon", "disc", "intrathecal", "mark")


def row_at(scene: Scene, frame: Frame, y: float) -> Row | None:
    """The row under that height; None on the overview, the axis and the gaps."""
    if y < frame.blocks_top:
        return None
    if y < frame.body_top - BODY_GAP:
        rows = scene.top
    elif frame.body_top <= y < frame.body_bottom:
        rows = scene.body
    else:
        rows = scene.bottom
    return next((row for row in rows if 0 <= y - frame.y(row) < row.height), None)


def on_fold_line(frame: Frame, y: float) -> bool:
    """Whether that height is on the line that tells of folded lanes."""
    return frame.body_bottom <= y < frame.bottom_top


def pick(scene: Scene, frame: Frame, scale: DayScale, x: float, y: float) -> Place | None:
    """The bar at that point of the widget, or the nearest of its row where it is near enough."""
    row = row_at(scene, frame, y)
    if row is None or x < frame.header or y < frame.strip:
        return None
    at = x - frame.header
    day = scale.day(at)
    margin = NEAR_SIGN / scale.per_day
    wanted = "cycle" if y - frame.y(row) >= STRIP_TOP else "ribbon"
    found = [
        (distance, index)
        for index in row.seen(day - margin - 1, day + margin + 1)
        if row.lane.kind != "blocks" or row.bars[index].form == wanted
        if (distance := _distance(row.bars[index], scale, at)) is not None
    ]
    return Place(row, min(found)[1]) if found else None


def _distance(bar: Bar, scale: DayScale, x: float) -> float | None:
    """Px from the bar to `x`, 0 within it; None where it is too far."""
    if bar.form in SIGNS or bar.form == "dots":
        days = bar.ticks or (bar.start,)
        distance = min(abs(scale.x(day + 0.5) - x) for day in days)
        limit = max(NEAR_SIGN, scale.per_day / 2)
        if bar.form == "mark" and scale.x(bar.start) <= x <= scale.x(bar.end):
            return min(distance, limit)
        return distance if distance <= limit else None
    outside = max(scale.x(bar.start) - x, x - scale.x(bar.end), 0.0)
    limit = 0.0 if bar.form in ("ribbon", "cycle") else NEAR
    return outside if outside <= limit else None
