"""The lanes of one frame with what lies behind them, and the column of their names."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from msgspec.structs import replace
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter

from planner.model.cycle_content import State
from ui.theme import qcolor
from ui.timeline.axis import paint_ground, paint_today_line
from ui.timeline.lanes import LanePainter, paint_header
from ui.timeline.marks import paint_finding_row
from ui.timeline.picture import Picture
from ui.timeline.places import Row
from ui.timeline.ribbons import STRIP_HEIGHT, STRIP_TOP, paint_borders, paint_ribbons
from ui.tongue import say


def lane_painter(picture: Picture, hints: bool = True) -> LanePainter:
    """What paints the lanes of that picture."""
    lines = tuple(sorted((*picture.scene.borders, picture.today)))
    focus, scene = picture.focus, picture.scene
    names = (focus.bar, focus.hovered, *focus.chosen)
    scene.bars.find(names)
    outlined = frozenset(id(place.bar) for name in names if (place := scene.bars.get(name)) is not None)
    unseen = scene.bars.marks(focus.unseen)
    return LanePainter(
        picture.kit, picture.scale, focus, scene.finding_days, lines, outlined, unseen, hints, picture.today
    )


def paint_lanes(
    painter: QPainter, picture: Picture, band: tuple[float, float] | None = None, hints: bool = True
) -> None:
    """Everything below the pinned blocks, or of it what touches the heights `band`; origin: left edge of the days.

    Without `hints` nothing tells of what lies outside the days in sight.
    """
    frame = picture.frame
    first, last = band or (frame.body_top, frame.height)
    paint_behind(painter, picture, frame.body_top, frame.height)
    lanes = lane_painter(picture, hints)
    painter.save()
    painter.setClipRect(QRectF(0, frame.body_top, frame.plot_width, frame.body_height), Qt.ClipOperation.IntersectClip)
    for row in frame.seen_rows(picture.scene.body):
        y = frame.y(row)
        if y < last and y + row.height > first:
            if row.lane.id == picture.focus.lane:
                painter.fillRect(QRectF(0, y, frame.plot_width, row.height), qcolor(picture.kit.theme.muted, 16))
            _paint_row(painter, picture, lanes, row, y)
    _paint_gaps(painter, picture, frame.plot_width)
    painter.restore()
    for row in picture.scene.bottom:
        y = frame.y(row)
        if y < last and y + row.height > first:
            _paint_row(painter, picture, lanes, row, y)


def paint_pinned(painter: QPainter, picture: Picture) -> None:
    """The pinned blocks with what lies behind them; origin: left edge of the days."""
    frame = picture.frame
    paint_behind(painter, picture, frame.blocks_top, frame.body_top)
    for row in picture.scene.top:
        paint_ribbons(painter, picture.kit, row, frame.y(row), picture.scale, picture.focus)


def paint_behind(painter: QPainter, picture: Picture, top: int, bottom: int) -> None:
    """The past, weekends, borders of blocks and the line of today from `top` down to `bottom`."""
    kit, scale, width = picture.kit, picture.scale, picture.frame.plot_width
    painter.fillRect(QRect(0, top, width, bottom - top), qcolor(kit.theme.ground))
    paint_ground(painter, kit, scale, QRect(0, top, width, bottom - top), picture.today)
    paint_borders(painter, kit, picture.scene.borders, scale, max(picture.frame.body_top, top), bottom)
    paint_today_line(painter, kit, scale, (top, bottom), picture.today)


def _paint_row(painter: QPainter, picture: Picture, lanes: LanePainter, row: Row, y: float) -> None:
    if row.lane.kind == "blocks":
        paint_ribbons(painter, picture.kit, row, y, picture.scale, picture.focus)
    elif row.lane.kind == "findings":
        paint_finding_row(painter, picture.kit, row, y, picture.scale, picture.focus.bar)
    else:
        lanes.paint(painter, row, y)


def _paint_gaps(painter: QPainter, picture: Picture, width: int) -> None:
    """The lines between groups of lanes."""
    frame, gaps, line = picture.frame, picture.scene.groups, qcolor(picture.kit.theme.line)
    first = bisect_left(gaps, frame.scroll - 1)
    for gap in gaps[first : bisect_right(gaps, frame.scroll + frame.body_height)]:
        painter.fillRect(QRect(0, frame.body_top - frame.scroll + gap, width, 1), line)


def paint_names(painter: QPainter, picture: Picture) -> None:
    """The column of names, without its counts and what stands in it beside the axis and the blocks."""
    kit, scene, frame = picture.kit, picture.scene, picture.frame
    painter.fillRect(QRectF(0, 0, frame.header, frame.height), qcolor(kit.theme.panel))
    painter.save()
    painter.setClipRect(QRectF(0, frame.body_top, frame.header, frame.body_height))
    seen = frame.seen_rows(scene.body)
    for before, row in zip((None, *seen), seen, strict=False):
        again = before is not None and before.lane.kind == row.lane.kind == "findings"
        named = replace(row, title=()) if again else row
        paint_header(painter, kit, named, frame.y(row), frame.header, row.lane.id == picture.focus.lane)
    _paint_gaps(painter, picture, frame.header)
    painter.restore()
    for row in scene.top[:1]:
        kit.write(painter, (12, frame.y(row) + 13), say("Blocks"), kit.theme.text, "label bold")
    for words, y in hidden_lanes(picture):
        width = kit.width(words, "small bold")
        painter.fillRect(QRectF(frame.header - width - 14, y - 8, width + 10, 16), qcolor(kit.theme.panel))
        kit.write(painter, (frame.header - width - 9, y), words, kit.theme.muted, "small bold")


def paint_counts(painter: QPainter, picture: Picture) -> None:
    """What most edits change in the column of names: the length of the course and the number of findings."""
    kit, scene, frame = picture.kit, picture.scene, picture.frame
    if frame.strip:
        kit.write(painter, (12, frame.strip / 2), _length(scene.timeline.end - scene.timeline.start), kit.theme.muted)
    if scene.bottom:
        band = (row for row in scene.rows if row.lane.kind == "findings")
        # Those that nobody let stand: the number that their tab tells as well.
        count = sum(bar.state is not State.GIVEN for row in band for bar in row.bars)
        words = say("1 finding") if count == 1 else say("{count} findings", count=count)
        kit.write(painter, (12, frame.y(scene.bottom[0]) + 9), words, kit.theme.text, "label bold")


def _length(days: int) -> str:
    """How long the course is: in days up to three weeks, as what is in sight is counted."""
    if days < 21:
        return say("Whole course, {count} day" if days == 1 else "Whole course, {count} days", count=days)
    return say("Whole course, {count} weeks", count=round(days / 7))


def names_of(picture: Picture) -> tuple[object, ...]:
    """All that the column of names tells but for its counts: where this is equal it looks the same."""
    scene = picture.scene
    seen = picture.frame.seen_rows(scene.body)
    lanes = [(row.title, row.top, row.lane.id, row.lane.role, row.lane.kind) for row in seen]
    return (*lanes, scene.groups, len(scene.top))


def hidden_lanes(picture: Picture) -> Iterator[tuple[str, float]]:
    """How many lanes lie above and below, with the heights at which that is said: beside the pinned rows' names."""
    frame, scene = picture.frame, picture.scene
    above, below = frame.hidden_rows(scene.body)
    high = frame.y(scene.top[0]) + 13.0 if scene.top else frame.body_top + 8.0
    # Where the window is too low for the findings, beside the day numbers: a lane's name must stay whole.
    free = frame.y(scene.top[0]) + STRIP_TOP + STRIP_HEIGHT / 2 if scene.top else frame.body_bottom - 8.0
    low = frame.y(scene.bottom[0]) + 9.0 if frame.bottom_rows else free
    if above:
        yield (say("▴ 1 lane") if above == 1 else say("▴ {count} lanes", count=above)), high
    if below:
        yield (say("▾ 1 lane") if below == 1 else say("▾ {count} lanes", count=below)), low
