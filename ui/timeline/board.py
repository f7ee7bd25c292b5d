"""The lanes and their names as pictures that are kept, and painted anew only where something else is to be seen.

While a person scrolls or zooms on and on, what was painted is moved or stretched and only what comes into sight is
painted; the date axis and the blocks are exact in every frame. As soon as the movement rests, all is painted anew.
"""

from collections.abc import Callable, Iterable
from math import ceil

from msgspec.structs import replace
from PySide6.QtCore import QRect, QRectF, QTimer
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from ui.theme import qcolor
from ui.timeline.area import names_of, paint_lanes, paint_names, paint_pinned
from ui.timeline.geometry import DayScale
from ui.timeline.lanes import Focus
from ui.timeline.looks import altered_rows
from ui.timeline.picture import Picture
from ui.timeline.places import Row
from ui.timeline.scene import Scene

REST = 120
"""Milliseconds without a movement after which what was moved or stretched is painted anew."""
PIECE, MARGIN = 384, 120
"""Width in px of a piece that is painted when it comes into sight, and of what is laid out beside it unseen."""
PIECES = 12
"""Pieces that are kept; beyond them all is painted anew."""
LEAST_STRETCH, MOST_STRETCH = 0.85, 1.6
"""Factors between which a picture is stretched while a person zooms."""
AROUND = 6
"""Px by which signs reach beyond their lane."""
FEW = 12
"""Rows up to which the rows that changed are painted one by one."""


class Board:
    """The kept pictures of one view; `area` is the widget they are painted on."""

    def __init__(self, area: QWidget) -> None:
        self._resting = QTimer(area)
        self._resting.setSingleShot(True)
        self._resting.setInterval(REST)
        self._resting.timeout.connect(area.update)
        self._shown: DayScale | None = None
        self._seen: tuple[object, ...] = ()
        self._of: Picture | None = None
        """What the whole picture shows."""
        self._scale = DayScale(0.0, 1.0, 1.0)
        self._whole: QPixmap | None = None
        self._pieces: dict[int, QPixmap] = {}
        self._names: QPixmap | None = None
        self._named: tuple[object, ...] = ()
        self._names_key: tuple[object, ...] = ()
        self._pinned: QPixmap | None = None
        self._pinned_key: tuple[object, ...] = ()
        self._kept_of: dict[str, Picture] = {}
        """Kept alive, because keys name scenes by their place in memory."""

    def settle(self) -> None:
        """Take the movement for ended: the next frame is painted anew."""
        self._resting.stop()

    def paint(self, painter: QPainter, picture: Picture) -> None:
        """Paint the lanes of the picture; the painter's origin is the left edge of the days."""
        moving, scale = self._resting.isActive(), picture.scale
        if scale != self._shown:
            self._shown = scale
            self._resting.start()
        ratio = painter.device().devicePixelRatioF()
        if ratio != int(ratio):  # a kept picture would lie between the pixels
            paint_lanes(painter, picture)
            return
        seen = (id(picture.kit), picture.frame, picture.today, ratio)
        same = self._whole is not None and seen == self._seen and self._touch_up(picture)
        if not same or (scale != self._scale and not (moving and self._move(painter, picture, ratio))):
            self._seen, self._scale, self._of, self._pieces = seen, scale, picture, {}
            self._whole = self._painted(picture, picture.frame.plot_width, 0, ratio)
        if scale == self._scale and self._whole is not None:
            painter.drawPixmap(0, picture.frame.body_top, self._whole)

    def paint_names(self, painter: QPainter, picture: Picture) -> None:
        """Paint the column of names; the painter's origin is the corner of the view."""
        ratio = painter.device().devicePixelRatioF()
        if ratio != int(ratio):
            paint_names(painter, picture)
            return
        key, frame = (*_view(picture, ratio), picture.focus.lane), picture.frame
        if key != self._names_key:
            self._names_key, self._kept_of["names"] = key, picture
            named = (picture.kit.theme.name, frame, picture.focus.lane, ratio, *names_of(picture))
            if self._names is None or named != self._named:
                self._names, self._named = _drawn(frame.header, frame.height, ratio, picture, paint_names), named
        if self._names is not None:
            painter.drawPixmap(0, 0, self._names)

    def paint_pinned(self, painter: QPainter, picture: Picture) -> None:
        """Paint the pinned blocks, exact in every frame; kept only while something is dragged over them."""
        ratio = painter.device().devicePixelRatioF()
        if picture.drag is None or not picture.drag.active or ratio != int(ratio):
            self._pinned = None
            paint_pinned(painter, picture)
            return
        key, frame = (*_view(picture, ratio), picture.scale, picture.focus), picture.frame
        if self._pinned is None or key != self._pinned_key:
            self._pinned_key, self._kept_of["pinned"] = key, picture
            height = frame.body_top - frame.blocks_top
            self._pinned = _drawn(frame.plot_width, height, ratio, picture, paint_pinned, top=frame.blocks_top)
        painter.drawPixmap(0, frame.blocks_top, self._pinned)

    def _painted(self, picture: Picture, width: int, margin: int, ratio: float) -> QPixmap:
        """The lanes of the picture as a picture of that width, `margin` px of the scale at both sides left out."""
        frame = picture.frame
        made = _empty(width, max(frame.height - frame.body_top, 1), ratio)
        painter = QPainter(made)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(-margin, -frame.body_top)
        paint_lanes(painter, picture, hints=not margin)
        painter.end()
        return made

    def _touch_up(self, picture: Picture) -> bool:
        """Paint anew the rows that an edit or the focus changed; False where that is better done for all of them."""
        before = self._of
        if before is None or self._whole is None:
            return False
        if picture.scene is before.scene and picture.focus == before.focus:
            return True
        if self._pieces or picture.scale != self._scale:
            return False
        if picture.scene is before.scene:
            rows = changed_rows(picture.scene, before.focus, picture.focus)
        else:
            rows = altered_rows(before, picture)
        if rows is None:
            return False
        self._of, frame = picture, picture.frame
        painter = QPainter(self._whole)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(0, -frame.body_top)
        for top, bottom in _bands([(frame.y(row) - AROUND, frame.y(row) + row.height + AROUND) for row in rows]):
            painter.setClipRect(QRect(0, top, frame.plot_width, bottom - top))
            paint_lanes(painter, picture, (top, bottom))
        painter.end()
        return True

    def _move(self, painter: QPainter, picture: Picture, ratio: float) -> bool:
        """Paint what is kept, moved or stretched to where it is now; False where it is too far away."""
        if picture.scale.per_day == self._scale.per_day:
            return self._shift(painter, picture, ratio)
        return self._stretch(painter, picture, ratio)

    def _shift(self, painter: QPainter, picture: Picture, ratio: float) -> bool:
        """The kept picture and beside it the pieces that came into sight."""
        width, top = picture.frame.plot_width, picture.frame.body_top
        offset = round(self._scale.x(picture.scale.left))
        wanted = _pieces(offset, width)
        if len(self._pieces.keys() | wanted) > PIECES or self._whole is None:
            return False
        for number in wanted:
            if number not in self._pieces:
                self._pieces[number] = self._piece(picture, number, ratio)
            painter.drawPixmap(_place(number, width) - offset, top, self._pieces[number])
        painter.drawPixmap(-offset, top, self._whole)
        return True

    def _piece(self, picture: Picture, number: int, ratio: float) -> QPixmap:
        """A piece beside the kept picture: 0, 1, ... to its right and -1, -2, ... to its left."""
        frame, scale = picture.frame, self._scale
        at = _place(number, frame.plot_width) - MARGIN
        wide = PIECE + 2 * MARGIN
        days = DayScale(scale.day(at), scale.per_day, wide)
        part = replace(picture, scale=days, frame=replace(frame, width=frame.header + wide))
        return self._painted(part, PIECE, MARGIN, ratio)

    def _stretch(self, painter: QPainter, picture: Picture, ratio: float) -> bool:
        """The kept picture across the days it shows, as long as that looks like what it stands for."""
        factor, frame = picture.scale.per_day / self._scale.per_day, picture.frame
        if self._whole is None or not LEAST_STRETCH <= factor <= MOST_STRETCH:
            return False
        left, right = (picture.scale.x(day) for day in (self._scale.left, self._scale.right))
        if left > frame.plot_width * 0.2 or right < frame.plot_width * 0.8:
            return False
        height, ground = frame.height - frame.body_top, qcolor(picture.kit.theme.ground)
        first, last = max(left, 0.0), min(right, float(frame.plot_width))
        for begin, end in ((0.0, first), (last, float(frame.plot_width))):
            painter.fillRect(QRectF(begin, frame.body_top, end - begin, height), ground)
        source = QRectF((first - left) / factor * ratio, 0, (last - first) / factor * ratio, height * ratio)
        painter.drawPixmap(QRectF(first, frame.body_top, last - first, height), self._whole, source)
        return True


def changed_rows(scene: Scene, before: Focus, now: Focus) -> list[Row] | None:
    """The rows outside the pinned blocks that look otherwise; None where they are many or cannot be told."""
    if before.dragged != now.dragged:
        return None
    names = (before.chosen ^ now.chosen) | (before.unseen ^ now.unseen)
    names |= {before.bar, now.bar, before.hovered, now.hovered}
    if len(names) > FEW:
        return None
    places = (scene.bars.get(name) for name in names)
    found = {id(place.row): place.row for place in places if place is not None}
    lanes = {before.lane, now.lane} if before.lane != now.lane else set()
    moved = _of_blocks(before) != _of_blocks(now)
    for row in (*scene.body, *scene.bottom):
        if row.lane.id in lanes or (moved and (row.shifted or row.lane.kind == "blocks")):
            found[id(row)] = row
    rows = [row for row in found.values() if row.part != "top"]
    return rows if len(rows) <= FEW else None


def _of_blocks(focus: Focus) -> tuple[str, str, bool]:
    """What of the focus the ribbons of blocks show: beside several selected bars none is outlined for its bar."""
    return focus.block, focus.hovered_block, bool(focus.picked)


def _bands(heights: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Pairs of top and bottom, in order; those that touch are one."""
    bands: list[tuple[int, int]] = []
    for top, bottom in sorted(heights):
        if bands and top <= bands[-1][1]:
            bands[-1] = (bands[-1][0], max(bottom, bands[-1][1]))
        else:
            bands.append((top, bottom))
    return bands


def _pieces(offset: int, width: int) -> set[int]:
    """The numbers of the pieces in sight where the kept picture was scrolled by so many px."""
    if offset > 0:
        return set(range(max(offset - width, 0) // PIECE, ceil(offset / PIECE)))
    return set(range(-ceil(-offset / PIECE), -(max(-offset - width, 0) // PIECE)))


def _place(number: int, width: int) -> int:
    """Px from the left edge of the kept picture to that of a piece."""
    return number * PIECE + (width if number >= 0 else 0)


def _view(picture: Picture, ratio: float) -> tuple[object, ...]:
    """Equal where two pictures show one plan on one day in one way and at one size."""
    return id(picture.scene), id(picture.kit), picture.frame, picture.today, ratio


def _drawn(
    width: int, height: int, ratio: float, picture: Picture, paint: Callable[[QPainter, Picture], None], top: int = 0
) -> QPixmap:
    """What `paint` paints of that picture from `top` down."""
    made = _empty(width, height, ratio)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(0, -top)
    paint(painter, picture)
    painter.end()
    return made


def _empty(width: int, height: int, ratio: float) -> QPixmap:
    made = QPixmap(round(width * ratio), round(height * ratio))
    made.setDevicePixelRatio(ratio)
    return made
