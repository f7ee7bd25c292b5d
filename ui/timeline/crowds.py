"""Very many bars of a lane that would lie on each other, painted together."""

from collections.abc import Collection

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from planner.model.cycle_content import State
from planner.model.timeline import Bar
from ui.timeline.geometry import DayScale
from ui.timeline.paint import Kit
from ui.timeline.scene import Row
from ui.timeline.signs import BAR, HALF, LEAST

CROWDED = 24
"""Bars of a lane in sight from which they are painted together where they would lie on each other."""
PLAIN = (State.PLANNED,)


def paint_crowd(
    painter: QPainter,
    kit: Kit,
    scale: DayScale,
    crowd: tuple[Row, list[Bar]],
    middle: float,
    focus: tuple[Collection[str], Collection[str]],
) -> list[Bar]:
    """Paint the plain bars of a row as fields from the first to the last that touch; gives back the others.

    Every day with a dose is covered, as by bars of its own. A bar in another state, moved or with a finding is not
    plain: its own sign has to be seen. `focus` are the selected bars and the blocks that are dragged: seen too.
    """
    (row, shown), per_day, left = crowd, scale.per_day, scale.left
    height = HALF if kit.is_patterned(row.lane.role) else BAR
    top, brush = round(middle - height / 2), kit.fill(row.lane.role)
    special: list[Bar] = []
    begin = end = None
    for bar in shown:
        if bar.id in focus[0] or bar.block in focus[1]:
            special.append(bar)
            continue
        if bar.shift or bar.finding or bar.form != "dose" or bar.state not in PLAIN:
            special.append(bar)
            continue
        x = round((bar.start - left) * per_day)
        if begin is None or end is None or x > end + 1:
            if begin is not None and end is not None:
                painter.fillRect(QRectF(begin, top, end - begin, height), brush)
            begin = end = float(x)
        end = max(end, x + LEAST, round((bar.end - left) * per_day))
    if begin is not None and end is not None:
        painter.fillRect(QRectF(begin, top, end - begin, height), brush)
    return special
