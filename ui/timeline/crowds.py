"""Bars that have nothing particular: each in one go, and very many that would lie on each other together."""

from collections.abc import Collection

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap

from planner.model.cycle_content import State
from planner.model.timeline import NO_TRAITS, Bar, Figure
from ui.theme import RADIUS_BAR
from ui.timeline.geometry import DayScale
from ui.timeline.paint import Kit, pen
from ui.timeline.places import Row
from ui.timeline.signs import BAR, HALF, LEAST

CROWDED = 24
"""Bars of a lane in sight from which they are painted together where they would lie on each other."""
PLAIN = (State.PLANNED,)
NARROW = 8.0
"""Width in px below which a bar has no round corners."""
MOST_SHAPES = 400
"""Pictures of plain bars that are kept."""


def is_plain(figure: Figure) -> bool:
    """Whether nothing but its box tells of a bar: a planned dose, not moved, without window, nothing to check."""
    if figure.form != "dose" or figure.state not in PLAIN or figure.needs_check:
        return False
    traits = figure.traits
    return traits is NO_TRAITS or not (traits.shift or traits.window[0] or traits.window[1])


def paint_plain(painter: QPainter, kit: Kit, role: str, box: QRectF) -> None:
    """Paint a plain bar as `paint_sign` does; solid ones with round corners are pictures that are kept."""
    width = box.width()
    if kit.is_patterned(role):
        painter.setPen(pen(kit.theme.role(role)))
        painter.setBrush(kit.fill(role))
        radius = min(RADIUS_BAR, width / 3)
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
    elif width < NARROW:
        painter.fillRect(box, kit.fill(role))
    else:
        key = (role, width, box.height(), painter.device().devicePixelRatioF())
        painter.drawPixmap(box.topLeft(), kit.shapes.get(key) or _shape(kit, key))


def _shape(kit: Kit, key: tuple[str, float, float, float]) -> QPixmap:
    role, width, height, ratio = key
    if len(kit.shapes) >= MOST_SHAPES:
        kit.shapes.clear()
    shape = kit.shapes[key] = QPixmap(round(width * ratio), round(height * ratio))
    shape.setDevicePixelRatio(ratio)
    shape.fill(Qt.GlobalColor.transparent)
    painter = QPainter(shape)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(kit.fill(role))
    painter.drawRoundedRect(QRectF(0, 0, width, height), RADIUS_BAR, RADIUS_BAR)
    painter.end()
    return shape


def paint_crowd(
    painter: QPainter,
    kit: Kit,
    scale: DayScale,
    crowd: tuple[Row, list[Bar]],
    middle: float,
    apart: tuple[Collection[int], Collection[str]],
) -> list[Bar]:
    """Paint the plain bars of a row as fields from the first to the last that touch; gives back the others.

    Every day with a dose is covered, as by bars of its own. A bar in another state, moved or with a finding is not
    plain: its own sign has to be seen. `apart` are the bars that are marked (as `id`) and the blocks that are dragged.
    """
    (row, shown), per_day, left = crowd, scale.per_day, scale.left
    height = HALF if kit.is_patterned(row.lane.role) else BAR
    top, brush = round(middle - height / 2), kit.fill(row.lane.role)
    special: list[Bar] = []
    begin = end = None
    for bar in shown:
        figure = bar.figure
        if id(bar) in apart[0] or (apart[1] and bar.block in apart[1]) or bar.finding:
            special.append(bar)
            continue
        if figure.traits.shift or figure.form != "dose" or figure.state not in PLAIN:
            special.append(bar)
            continue
        start = bar.start
        x = round((start - left) * per_day)
        if begin is None or end is None or x > end + 1:
            if begin is not None and end is not None:
                painter.fillRect(QRectF(begin, top, end - begin, height), brush)
            begin = end = float(x)
        end = max(end, x + LEAST, round((start + figure.days - left) * per_day))
    if begin is not None and end is not None:
        painter.fillRect(QRectF(begin, top, end - begin, height), brush)
    return special
