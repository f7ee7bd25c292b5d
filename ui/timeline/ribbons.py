"""Blocks: a ribbon with its name, its cycles and the protocol's day numbers."""

from collections.abc import Iterable, Iterator

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QPainter

from planner.model.cycle_content import State
from planner.model.timeline import Bar
from ui.theme import RADIUS_BAR, qcolor
from ui.timeline.geometry import DayScale, near_sight
from ui.timeline.lanes import Focus
from ui.timeline.paint import Kit, pen
from ui.timeline.places import Row
from ui.tongue import say

NAME_TOP, NAME_HEIGHT, STRIP_TOP, STRIP_HEIGHT = 3, 20, 24, 14
"""Places in px of the ribbon with the name and of the strip with cycles and day numbers, from the top of the row."""
NUMBER_ROOM = 20.0
"""Px a day number needs; below that only every seventh is written."""
PARTICULAR = (State.PROVISIONAL, State.STOPPED)
"""States of a block that its ribbon says."""
ALL_NUMBERS = 20.0
"""Px a day from which every block shows its day numbers; below that only the block under the pointer or selected."""


def ribbon_box(bar: Bar, scale: DayScale, y: float) -> QRectF:
    """The box of a block's ribbon in the row that begins at `y`."""
    left, right = near_sight(round(scale.x(bar.start)), round(scale.x(bar.end)), scale.width)
    return QRectF(left, y + NAME_TOP, max(right - left - 1, 2), NAME_HEIGHT)


def paint_ribbons(painter: QPainter, kit: Kit, row: Row, y: float, scale: DayScale, focus: Focus) -> None:
    """One row of blocks; the painter's origin is the left edge of the days."""
    shown = [row.bars[index] for index in row.seen(scale.left, scale.right)]
    for bar in shown:
        if bar.form == "ribbon":
            _ribbon(painter, kit, bar, ribbon_box(bar, scale, y), focus, scale.width)
    for bar in shown:
        if bar.form == "cycle":
            _cycle(painter, kit, bar, y, scale, focus)


def _ribbon(painter: QPainter, kit: Kit, bar: Bar, box: QRectF, focus: Focus, width: float) -> None:
    theme = kit.theme
    provisional, stopped = bar.state is State.PROVISIONAL, bar.state is State.STOPPED
    dimmed = bar.block in focus.dragged
    painter.setOpacity(0.4 if dimmed else 1.0)
    painter.setPen(pen(theme.muted, dashed=provisional))
    painter.setBrush(qcolor(theme.ground if provisional or stopped else theme.hover))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_BAR, RADIUS_BAR)
    begin = max(box.left(), 0.0) + 5
    for text, color, wanted in _words(kit, bar, min(box.right(), width) - 4 - begin):
        room = min(box.right(), width) - 4 - begin
        face = wanted if kit.width(text, wanted) <= room else wanted.replace("label", "small")
        if kit.width(text, face) > room:
            break
        kit.write(painter, (begin, box.center().y()), text, color, face)
        begin += kit.width(text, face) + 8
    painter.setOpacity(1.0)
    if (bar.block == focus.block and not focus.picked) or bar.id in focus.picked:
        painter.setPen(pen(theme.accent, 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box.adjusted(0, 0, 0, 0), RADIUS_BAR, RADIUS_BAR)


def _words(kit: Kit, bar: Bar, room: float) -> Iterator[tuple[str, str, str]]:
    """Name, then what is particular about the block, as far as there is room."""
    yield _name(kit, bar.label, room), kit.theme.text, "label bold"
    if bar.shift:
        yield (
            say("{days} day" if abs(bar.shift) == 1 else "{days} days", days=f"{bar.shift:+d}"),
            kit.theme.muted,
            "small",
        )
    if bar.state in PARTICULAR:
        yield say(bar.state.value), kit.theme.muted, "small"


def _name(kit: Kit, name: str, room: float) -> str:
    """The name, or as many of its first words as have room: a block without any name says nothing of itself.

    No word is cut, because it may be a drug.
    """
    words = name.split(" ")
    shorter = (" ".join(words[:count]) + " …" for count in range(len(words) - 1, 0, -1))
    return next((one for one in (name, *shorter) if kit.width(one, "small bold") <= room), name)


def _cycle(painter: QPainter, kit: Kit, bar: Bar, y: float, scale: DayScale, focus: Focus) -> None:
    """The cycle's strip: where it begins, its number, and day numbers where there is room."""
    theme = kit.theme
    left, right = scale.x(bar.start), scale.x(bar.end)
    middle = y + STRIP_TOP + STRIP_HEIGHT / 2
    painter.setPen(pen(theme.line))
    edge = round(left) + 0.5
    painter.drawLine(QLineF(edge, y + STRIP_TOP, edge, y + STRIP_TOP + STRIP_HEIGHT))
    numbered = scale.per_day >= ALL_NUMBERS or bar.block in (focus.block, focus.hovered_block)
    first = bar.day_number(bar.start)
    begins = left + 4 >= 0
    name = f"{bar.label} D{first}" if numbered and begins and first is not None else bar.label
    at = max(left, 0.0) + 4
    if right - at < kit.width(name, "small bold") + 4:
        name = bar.label
    width = kit.width(name, "small bold")
    free = left
    if right - at >= width + 1:
        kit.write(painter, (at, middle), name, theme.text, "small bold")
        free = at + width
    if numbered:
        _numbers(painter, kit, bar, middle, scale, max(free, 0.0))


def _numbers(painter: QPainter, kit: Kit, bar: Bar, middle: float, scale: DayScale, free: float) -> None:
    """Every day's number, or every seventh's, after the cycle's name and never on each other."""
    step = 1 if scale.per_day >= NUMBER_ROOM else 7
    first = max(bar.start, int(scale.left))
    for day in range(first, min(bar.end, int(scale.right) + 1)):
        number = bar.day_number(day)
        if number is None or (step > 1 and number % step != 1):
            continue
        text = str(number)
        width = kit.width(text)
        x = scale.x(day + 0.5) - width / 2
        if x > free + 5 and x + width <= scale.x(bar.end):
            kit.write(painter, (x, middle), text, kit.theme.muted)
            free = x + width


def paint_borders(painter: QPainter, kit: Kit, days: Iterable[int], scale: DayScale, top: float, bottom: float) -> None:
    """A line through all lanes where each block begins and where the last one ends."""
    painter.setPen(pen(kit.theme.line))
    for day in days:
        if scale.left <= day <= scale.right:
            x = round(scale.x(day)) - 0.5
            painter.drawLine(QLineF(x, top, x, bottom))
