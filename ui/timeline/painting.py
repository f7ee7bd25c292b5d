"""The order in which one frame is painted: ground, lanes, pinned rows, names, axis, today, overview."""

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QRegion

from planner.model.timeline import Bar, redrawn
from ui.theme import qcolor
from ui.timeline.area import hidden_lanes, lane_painter, paint_counts
from ui.timeline.axis import paint_axis, paint_today
from ui.timeline.board import Board
from ui.timeline.drag import BlockDrag, paint_ghost, paint_outlook
from ui.timeline.fold_line import paint_fold_line
from ui.timeline.frame import AXIS_ROW
from ui.timeline.lanes import LanePainter
from ui.timeline.overview import Overview
from ui.timeline.paint import pen
from ui.timeline.picks import Band
from ui.timeline.picture import Picture
from ui.timeline.ribbons import STRIP_HEIGHT, STRIP_TOP
from ui.timeline.scene import Scene
from ui.tongue import say, weekday_date

TODAY_ROOM = 24
"""Px below the lanes from which "Today" is written at the lower end of its line as well."""


def paint_all(painter: QPainter, picture: Picture, overview: Overview, board: Board, region: QRegion) -> None:
    """Paint the frame where it touches the region; what did not change since the last one is taken from the board."""
    frame = picture.frame
    if region.intersects(QRect(0, 0, frame.header, frame.height)):
        board.paint_names(painter, picture)
        paint_counts(painter, picture)
        _paint_pointed(painter, picture)
    painter.save()
    painter.setClipRect(QRectF(frame.header, 0, frame.plot_width, frame.height))
    painter.translate(frame.header, 0)
    board.paint(painter, picture)
    board.paint_pinned(painter, picture)
    if picture.drag is not None and picture.drag.active:
        painter.save()
        painter.setClipRect(QRect(0, frame.blocks_top, frame.plot_width, frame.height - frame.blocks_top))
        _paint_drag(painter, picture, lane_painter(picture), picture.drag)
        painter.restore()
    if region.intersects(QRect(frame.header, 0, frame.plot_width, frame.blocks_top)):
        _paint_above(painter, picture, overview)
    has_room = frame.body_rows + TODAY_ROOM <= frame.body_height
    ends = (frame.blocks_top, frame.body_bottom if has_room else None)
    paint_today(painter, picture.kit, picture.scale, ends, picture.today)
    painter.restore()
    if region.intersects(QRect(0, frame.body_bottom, frame.width, frame.fold)):
        paint_fold_line(painter, picture)
    _paint_rules(painter, picture)


def _paint_above(painter: QPainter, picture: Picture, overview: Overview) -> None:
    """The strip of the whole course and the dates."""
    kit, frame, scale = picture.kit, picture.frame, picture.scale
    painter.fillRect(QRect(0, 0, frame.plot_width, frame.blocks_top), qcolor(kit.theme.ground))
    if frame.strip:
        overview.paint(painter, kit, picture.scene, scale, picture.today)
    cycles = cycles_of(picture.scene) if picture.by_day_numbers else None
    paint_axis(painter, kit, scale, frame.strip, (picture.pointed, picture.today), cycles)


def _paint_drag(painter: QPainter, picture: Picture, lanes: LanePainter, drag: BlockDrag) -> None:
    """The ghosts of the blocks and of all their bars."""
    frame = picture.frame
    for bar in (*drag.others, drag.block):
        place = picture.scene.bars.get(bar.id)
        if place is not None:
            moved = redrawn(bar, start=bar.start + drag.delta, end=bar.end + drag.delta)
            paint_ghost(painter, picture.kit, moved, frame.y(place.row), picture.scale, frame.body_bottom)
            if bar is drag.block:
                middle = frame.y(place.row) + STRIP_TOP + STRIP_HEIGHT / 2
                paint_outlook(painter, picture.kit, drag, picture.outlook, middle, picture.scale)
    painter.save()
    painter.setClipRect(QRectF(0, frame.body_top, frame.plot_width, frame.body_height))
    for row in frame.seen_rows(picture.scene.body):
        lanes.paint_ghost(painter, row, frame.y(row), drag.delta)
    painter.restore()


def block_day(scene: Scene, day: int | None) -> str:
    """Cycle and day number of the first block on that day: "Induction C1 D8"; "" outside all blocks."""
    if day is None:
        return ""
    for row in scene.top:
        for bar in row.bars:
            number = bar.day_number(day) if bar.form == "cycle" else None
            if number is not None:
                return f"{scene.bars[bar.block].bar.label} {bar.label} D{number}"
    return ""


def cycles_of(scene: Scene) -> list[Bar]:
    """All cycles, those of the uppermost row of blocks first."""
    return [bar for row in scene.rows if row.lane.kind == "blocks" for bar in row.bars if bar.form == "cycle"]


def span_words(days: float) -> str:
    """How much is in sight: "9 days in sight", "13 weeks in sight"."""
    if days < 21:
        return say("{count} days in sight", count=round(days))
    return say("{count} weeks in sight", count=round(days / 7))


def _paint_pointed(painter: QPainter, picture: Picture) -> None:
    """In the column of names, the day under the pointer and its number in the block, or how much is in sight."""
    kit, scene, frame = picture.kit, picture.scene, picture.frame
    middle = frame.strip + AXIS_ROW * 1.5
    if picture.pointed is not None:
        kit.write(painter, (12, middle), weekday_date(picture.pointed), kit.theme.text, "label bold")
    else:
        kit.write(painter, (12, middle), span_words(picture.scale.right - picture.scale.left), kit.theme.muted)
    for row in scene.top[:1]:
        y = frame.y(row) + STRIP_TOP + STRIP_HEIGHT / 2
        beside = max(
            (kit.width(told, "small bold") + 12 for told, at in hidden_lanes(picture) if abs(at - y) < 8), default=0
        )
        words = kit.elided(block_day(scene, picture.pointed), frame.header - 20 - beside)
        kit.write(painter, (12, y), words, kit.theme.muted)


def paint_band(painter: QPainter, picture: Picture, band: Band) -> None:
    """The field drawn with the pointer, as far as it lies in the lanes."""
    frame, accent = picture.frame, picture.kit.theme.accent
    left, top, right, bottom = band.box
    lanes = QRectF(frame.header, frame.body_top, frame.plot_width, frame.body_height)
    box = QRectF(left, top, right - left, bottom - top).intersected(lanes)
    painter.fillRect(box, qcolor(accent, 24))
    painter.setPen(pen(accent, dashed=True))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))


def _paint_rules(painter: QPainter, picture: Picture) -> None:
    """The lines between the parts, of one weight."""
    frame, line = picture.frame, qcolor(picture.kit.theme.line)
    across = [frame.strip - 1, frame.blocks_top - 1, frame.body_top - 1]
    for y in (*across, frame.bottom_top) if picture.scene.bottom else across:
        painter.fillRect(QRect(0, y, frame.width, 1), line)
    painter.fillRect(QRect(frame.header - 1, 0, 1, frame.height), line)
