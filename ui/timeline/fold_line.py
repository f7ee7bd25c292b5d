"""The line below the lanes that tells how many of them have nothing in sight, and which."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from ui.theme import qcolor
from ui.timeline.paint import Kit
from ui.timeline.picture import Picture
from ui.tongue import say

BETWEEN = " · "


def paint_fold_line(painter: QPainter, picture: Picture) -> None:
    """The line; the painter's origin is the corner of the view. It stays where it is when the days move."""
    kit, frame, scene = picture.kit, picture.frame, picture.scene
    if not frame.fold:
        return
    theme, middle = kit.theme, frame.body_bottom + frame.fold / 2
    painter.fillRect(QRectF(0, frame.body_bottom, frame.width, frame.fold), qcolor(theme.panel))
    painter.fillRect(QRectF(0, frame.body_bottom, frame.width, 1), qcolor(theme.line))
    kit.write(painter, (14, middle), "▸" if scene.folds else "▾", theme.text, "label")
    kit.write(painter, (32, middle), lane_count(len(scene.vacant)), theme.text, "label")
    begin = say("without entries in view:")
    left = frame.header + 8
    kit.write(painter, (left, middle), begin, theme.text, "label")
    left += round(kit.width(begin, "label")) + 6
    kit.write(painter, (left, middle), fitting(scene.vacant_names, kit, frame.width - left - 8), theme.muted, "label")


def lane_count(count: int) -> str:
    """ "14 lanes"."""
    return say("1 lane") if count == 1 else say("{count} lanes", count=count)


def fitting(names: Sequence[str], kit: Kit, room: float) -> str:
    """As many of the names as have room, each whole; dots stand for the others."""
    gap, dots = kit.width(BETWEEN, "label"), kit.width("…", "label")
    taken = 0.0
    for count, name in enumerate(names):
        taken += (gap if count else 0.0) + kit.width(name, "label")
        rest = gap + dots if count + 1 < len(names) else 0.0
        if taken + rest > room:
            return BETWEEN.join((*names[:count], "…")) if count else ""
    return BETWEEN.join(names)
