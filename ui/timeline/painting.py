"""The order in which one frame is painted: ground, lanes, pinned rows, names, axis, today, overview."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping

from msgspec import Struct
from PySide6.QtCore import QLineF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter

from planner.model.civil import weekday_date
from planner.model.timeline import Bar, redrawn
from ui.theme import qcolor
from ui.timeline.axis import paint_axis, paint_ground, paint_today, paint_today_line
from ui.timeline.drag import BlockDrag, paint_ghost, paint_outlook
from ui.timeline.frame import AXIS, AXIS_ROW, OVERVIEW, Frame
from ui.timeline.geometry import DayScale
from ui.timeline.lanes import Focus, LanePainter, paint_header
from ui.timeline.marks import paint_finding_row
from ui.timeline.overview import Overview
from ui.timeline.paint import Kit, pen
from ui.timeline.picks import Band
from ui.timeline.ribbons import STRIP_HEIGHT, STRIP_TOP, border_days, paint_borders, paint_ribbons
from ui.timeline.scene import Row, Scene

TODAY_ROOM = 24
"""Px below the lanes from which "Today" is written at the lower end of its line as well."""


class Picture(Struct, frozen=True):
    """Everything one frame is painted from."""

    kit: Kit
    scene: Scene
    frame: Frame
    scale: DayScale
    focus: Focus
    today: int
    pointed: int | None
    drag: BlockDrag | None
    outlook: Mapping[int, str]
    """During a drag the worst severity, or "", of the days looked at so far, by days moved."""
    by_day_numbers: bool = False


def paint_all(painter: QPainter, picture: Picture, overview: Overview, area: QRectF) -> None:
    """Paint the part `area` of the frame."""
    frame, theme = picture.frame, picture.kit.theme
    painter.fillRect(area, qcolor(theme.ground))
    _paint_days(painter, picture)
    _paint_names(painter, picture)
    painter.save()
    painter.setClipRect(QRectF(frame.header, 0, frame.plot_width, frame.height))
    painter.translate(frame.header, 0)
    overview.paint(painter, picture.kit, picture.scene, picture.scale, picture.today)
    cycles = cycles_of(picture.scene) if picture.by_day_numbers else None
    paint_axis(painter, picture.kit, picture.scale, OVERVIEW, (picture.pointed, picture.today), cycles)
    has_room = frame.body_rows + TODAY_ROOM <= frame.body_height
    ends = (frame.blocks_top, frame.body_bottom if has_room else None)
    paint_today(painter, picture.kit, picture.scale, ends, picture.today)
    painter.restore()
    _paint_rules(painter, picture)


def _paint_days(painter: QPainter, picture: Picture) -> None:
    """All rows within the part that shows days."""
    kit, scene, frame, scale = picture.kit, picture.scene, picture.frame, picture.scale
    painter.save()
    painter.setClipRect(QRectF(frame.header, frame.blocks_top, frame.plot_width, frame.height - frame.blocks_top))
    painter.translate(frame.header, 0)
    ground = QRect(0, frame.blocks_top, frame.plot_width, frame.height - frame.blocks_top)
    paint_ground(painter, kit, scale, ground, picture.today)
    paint_borders(painter, kit, scene.top, scale, frame.body_top, frame.height)
    paint_today_line(painter, kit, scale, (frame.blocks_top, frame.height), picture.today)
    painter.save()
    painter.setClipRect(QRectF(0, frame.body_top, frame.plot_width, frame.body_height))
    lines = (*border_days(scene.top), picture.today)
    lanes = LanePainter(kit, scale, picture.focus, scene.finding_days, lines)
    for row in frame.seen_rows(scene.body):
        y = frame.y(row)
        if row.lane.id == picture.focus.lane:
            painter.fillRect(QRectF(0, y, frame.plot_width, row.height), qcolor(kit.theme.muted, 16))
        _paint_row(painter, picture, lanes, row, y)
    painter.restore()
    for row in (*scene.top, *scene.bottom):
        _paint_row(painter, picture, lanes, row, frame.y(row))
    if picture.drag is not None and picture.drag.active:
        _paint_drag(painter, picture, lanes, picture.drag)
    painter.restore()


def _paint_row(painter: QPainter, picture: Picture, lanes: LanePainter, row: Row, y: float) -> None:
    if row.lane.kind == "blocks":
        paint_ribbons(painter, picture.kit, row, y, picture.scale, picture.focus)
    elif row.lane.kind == "findings":
        paint_finding_row(painter, picture.kit, row, y, picture.scale, picture.focus.bar)
    else:
        lanes.paint(painter, row, y)


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


def _paint_names(painter: QPainter, picture: Picture) -> None:
    """The sticky column of names."""
    kit, scene, frame = picture.kit, picture.scene, picture.frame
    column = QRectF(0, 0, frame.header, frame.height)
    painter.fillRect(column, qcolor(kit.theme.panel))
    painter.save()
    painter.setClipRect(QRectF(0, frame.body_top, frame.header, frame.body_height))
    for row in frame.seen_rows(scene.body):
        paint_header(painter, kit, row, frame.y(row), frame.header, row.lane.id == picture.focus.lane)
    painter.restore()
    _paint_hidden(painter, picture)
    _paint_pinned_names(painter, picture)


def _paint_hidden(painter: QPainter, picture: Picture) -> None:
    """How many lanes lie above and below, at the edges of the column of names."""
    kit, frame = picture.kit, picture.frame
    above, below = frame.hidden_rows(picture.scene.body)
    for count, arrow, y in ((above, "▴", frame.body_top + 8.0), (below, "▾", frame.body_bottom - 8.0)):
        if count:
            words = f"{arrow} {count} {'lane' if count == 1 else 'lanes'}"
            width = kit.width(words, "small bold")
            field = QRectF(frame.header - width - 14, y - 8, width + 10, 16)
            painter.fillRect(field, qcolor(kit.theme.panel))
            kit.write(painter, (field.left() + 5, y), words, kit.theme.muted, "small bold")


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
    return f"{round(days)} days in sight" if days < 21 else f"{round(days / 7)} weeks in sight"


def _paint_pinned_names(painter: QPainter, picture: Picture) -> None:
    kit, scene, frame = picture.kit, picture.scene, picture.frame
    weeks = round((scene.timeline.end - scene.timeline.start) / 7)
    kit.write(painter, (12, OVERVIEW / 2), f"Whole course, {weeks} weeks", kit.theme.muted)
    middle = OVERVIEW + AXIS_ROW * 1.5
    if picture.pointed is not None:
        kit.write(painter, (12, middle), weekday_date(picture.pointed), kit.theme.text, "label bold")
    else:
        kit.write(painter, (12, middle), span_words(picture.scale.right - picture.scale.left), kit.theme.muted)
    for row in scene.top[:1]:
        kit.write(painter, (12, frame.y(row) + 13), "Blocks", kit.theme.text, "label bold")
        words = kit.elided(block_day(scene, picture.pointed), frame.header - 20)
        kit.write(painter, (12, frame.y(row) + STRIP_TOP + STRIP_HEIGHT / 2), words, kit.theme.muted)
    if scene.bottom:
        count = sum(len(row.bars) for row in scene.rows if row.lane.kind == "findings")
        words = f"{count} finding{'' if count == 1 else 's'}"
        kit.write(painter, (12, frame.y(scene.bottom[0]) + 9), words, kit.theme.text, "label bold")


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
    frame, line = picture.frame, pen(picture.kit.theme.line)
    painter.setPen(line)
    for y in (OVERVIEW, OVERVIEW + AXIS, frame.body_top):
        painter.drawLine(QLineF(0, y - 0.5, frame.width, y - 0.5))
    if picture.scene.bottom:
        painter.drawLine(QLineF(0, frame.body_bottom + 0.5, frame.width, frame.body_bottom + 0.5))
    painter.drawLine(QLineF(frame.header - 0.5, 0, frame.header - 0.5, frame.height))
    painter.setClipRect(QRectF(0, frame.body_top, frame.width, frame.body_height))
    first = bisect_left(picture.scene.groups, frame.scroll - 1)
    for gap in picture.scene.groups[first : bisect_right(picture.scene.groups, frame.scroll + frame.body_height)]:
        between = frame.body_top - frame.scroll + gap + 0.5
        painter.drawLine(QLineF(0, between, frame.width, between))
    painter.setClipping(False)
