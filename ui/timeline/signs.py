"""The sign of each form: how a bar looks apart from its text, known by shape and pattern besides colour."""

from collections.abc import Callable
from functools import lru_cache

from msgspec import Struct
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPen, QPolygonF

from planner.model.cycle_content import State
from planner.model.timeline import Bar
from ui.theme import RADIUS_BAR, qcolor
from ui.timeline.geometry import DayScale, near_sight
from ui.timeline.paint import Kit, pen

BAR, HALF, SPAN, DOT, SIGN = 14.0, 8.0, 5.0, 7.0, 16.0
"""Heights in px: a full bar, a supportive bar, an oral span, a dot, a sign with a letter in it."""
TICKS_APART = 4.0
"""Px between two ticks of a bar; closer ones would be a fog."""
LEAST = 3.0
"""Width in px that a bar of one day has at the least."""
DASHED_FROM = 11.0
"""Width in px from which dashes can be told from a line; a narrower provisional bar is hollow only."""
ARROW = 7.0
"""Px an arrow head needs before its bar."""
ROUND = ("diamond", "triangle", "hexagon", "disc")
"""Forms of one size, whatever the width of their day."""
HOLLOW = (State.PROVISIONAL, State.OMITTED, State.STOPPED, State.HELD)
"""States of what does not run as planned: nobody may take such a bar for one that does."""
END_ROOM = 28.0
"""Px of a bar from which tick and pause stand at its end, clear of the words that begin at its left."""


class Look(Struct, frozen=True):
    """Everything a sign is painted with: the bar, its box of days, its colour, how it is filled and outlined."""

    kit: Kit
    bar: Bar
    box: QRectF
    role: str
    color: str
    brush: QBrush
    pen: QPen
    scale: DayScale


NO_PEN = QPen(Qt.PenStyle.NoPen)

Sign = Callable[[QPainter, Look], None]


def box_of(bar: Bar, scale: DayScale, middle: float, patterned: bool = False) -> QRectF:
    """The box of a bar: whole pixels, at least `LEAST` wide, a free pixel between neighbours where there is room."""
    form = bar.form
    left, right = near_sight(round(scale.x(bar.start)), round(scale.x(bar.end)), scale.width)
    gap = 1 if scale.per_day >= 6 and form not in ("span", "infusion") else 0
    width = max(right - left - gap, LEAST)
    if form == "span":
        return QRectF(left, middle + 3, width, SPAN)
    height = DOT if form == "dots" else HALF if patterned else BAR
    return QRectF(left, round(middle - height / 2), width, height)


def look_of(kit: Kit, bar: Bar, role: str, box: QRectF, scale: DayScale) -> Look:
    """How that bar is painted in its state."""
    color = kit.theme.role(role)
    brush, outline = kit.fill(role), NO_PEN
    if kit.is_patterned(role):
        outline = pen(color)
    if bar.state in HOLLOW:
        brush = QBrush(qcolor(kit.theme.ground))
        outline = pen(
            color, dashed=bar.state is State.PROVISIONAL and bar.form != "dots" and box.width() >= DASHED_FROM
        )
    return Look(kit, bar, box, role, color, brush, outline, scale)


def paint_sign(painter: QPainter, look: Look, has_room: bool = True) -> None:
    """The bar in its form, then what its state adds; without room before it no arrow tells of its deferral."""
    _SIGNS.get(look.bar.form, _dose)(painter, look)
    if look.bar.form not in ("dots", "span") or look.bar.state is not State.PLANNED:
        _state(painter, look, has_room)


def _crisp(box: QRectF) -> QRectF:
    """The box inset by half a pixel, so that a line of one pixel covers one row of pixels."""
    return box.adjusted(0.5, 0.5, -0.5, -0.5)


def _set(painter: QPainter, look: Look) -> None:
    painter.setPen(look.pen)
    painter.setBrush(look.brush)


def _dose(painter: QPainter, look: Look) -> None:
    box = look.box
    if look.pen.style() == Qt.PenStyle.NoPen and box.width() < 8:
        painter.fillRect(box, look.brush)
        return
    _set(painter, look)
    if look.bar.needs_check and box.width() >= 8:
        painter.drawPolygon(_open_corner(box))
    else:
        radius = min(RADIUS_BAR, box.width() / 3)
        outlined = look.pen.style() != Qt.PenStyle.NoPen
        painter.drawRoundedRect(_crisp(box) if outlined else box, radius, radius)
    if look.bar.open_end and box.width() >= 8:
        torn_edge(painter, look.kit, box)


def _open_corner(box: QRectF) -> QPolygonF:
    """The box without its upper right corner: a value that a person still has to check."""
    cut = min(6.0, box.height() * 0.6)
    inner = _crisp(box)
    corner = QPointF(inner.right() - cut, inner.top()), QPointF(inner.right(), inner.top() + cut)
    return QPolygonF([inner.topLeft(), *corner, inner.bottomRight(), inner.bottomLeft()])


def _span(painter: QPainter, look: Look) -> None:
    _set(painter, look)
    box = _crisp(look.box) if look.pen.style() != Qt.PenStyle.NoPen else look.box
    radius = min(box.height() / 2, box.width() / 2)
    painter.drawRoundedRect(box, radius, radius)
    if look.bar.open_end:
        torn_edge(painter, look.kit, look.box)


def _infusion(painter: QPainter, look: Look) -> None:
    full = look.box
    height = round(full.height() * look.bar.level)
    box = QRectF(full.left(), full.bottom() - height, full.width(), height)
    _set(painter, look)
    outlined = look.pen.style() != Qt.PenStyle.NoPen
    painter.drawRoundedRect(_crisp(box) if outlined else box, 1, 1)
    painter.setPen(pen(look.kit.theme.ground, 1.0))
    before = box.left()
    for day in look.bar.ticks:
        x = round(look.scale.x(day)) + 0.5
        if x - before >= TICKS_APART:
            painter.drawLine(QLineF(x, box.top(), x, box.bottom()))
            before = x
    if look.bar.open_end:
        torn_edge(painter, look.kit, box)


def torn_edge(painter: QPainter, kit: Kit, box: QRectF) -> None:
    """The right end cut in teeth: it goes on, nobody has said until when."""
    top, bottom, right = box.top() - 1, box.bottom() + 1, box.right()
    step = (bottom - top) / 4
    teeth = [QPointF(right - (3 if number % 2 else 0), top + step * number) for number in range(5)]
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(qcolor(kit.theme.ground))
    painter.drawPolygon(QPolygonF([*teeth, QPointF(right + 2, bottom), QPointF(right + 2, top)]))


def _dots(painter: QPainter, look: Look) -> None:
    size = DOT if look.scale.per_day * 7 >= 12 else 4.0
    middle = look.box.center().y()
    spots = [
        QPointF(x, middle) for day in look.bar.ticks if -size < (x := look.scale.x(day + 0.5)) < look.scale.width + size
    ]
    if look.pen.style() == Qt.PenStyle.NoPen and look.brush.style() == Qt.BrushStyle.SolidPattern:
        # All at once: a dot is a point drawn with a round pen as wide as the dot.
        painter.setPen(_dot_pen(look.color, size))
        painter.drawPoints(QPolygonF(spots))
        return
    _set(painter, look)
    for spot in spots:
        painter.drawEllipse(spot, size / 2, size / 2)


@lru_cache(maxsize=64)
def _dot_pen(color: str, size: float) -> QPen:
    return QPen(qcolor(color), size, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)


def _intrathecal(painter: QPainter, look: Look) -> None:
    centre = look.box.center()
    half = max(look.box.width() / 2, 6.0 if look.scale.per_day * 7 >= 14 else 3.0)
    tip = min(half, 5.0)
    tall = BAR / 2 - 1
    left, right, top, bottom = centre.x() - half, centre.x() + half, centre.y() - tall, centre.y() + tall
    shape = [(left, centre.y()), (left + tip, top), (right - tip, top), (right, centre.y()), (right - tip, bottom)]
    shape.append((left + tip, bottom))
    solid = look.bar.state not in HOLLOW
    small = half < DASHED_FROM / 2
    painter.setPen(pen(look.color, 1.2 if small else 2.0, dashed=look.bar.state is State.PROVISIONAL and not small))
    painter.setBrush(qcolor(look.color, 70) if solid else qcolor(look.kit.theme.ground))
    painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in shape]))


def _disc(painter: QPainter, look: Look) -> None:
    _set(painter, look)
    box = _sign_box(look.box)
    painter.drawEllipse(box)
    color = look.color if look.bar.state in HOLLOW else look.kit.theme.on_bar
    look.kit.write_centred(painter, box, look.bar.letter, color, "letter")


def _sign_box(box: QRectF, size: float = SIGN) -> QRectF:
    centre = box.center()
    return QRectF(centre.x() - size / 2, centre.y() - size / 2, size, size)


def _shape(painter: QPainter, look: Look, corners: list[tuple[float, float]], lower: float = 0) -> None:
    """A hollow sign with its letter; `corners` in halves of the sign's size from its middle."""
    box = _sign_box(look.box)
    centre, half = box.center(), SIGN / 2
    painter.setPen(pen(look.color, 1.2, dashed=look.bar.state is State.PROVISIONAL))
    painter.setBrush(qcolor(look.kit.theme.ground))
    painter.drawPolygon(QPolygonF([QPointF(centre.x() + x * half, centre.y() + y * half) for x, y in corners]))
    if look.bar.letter:
        look.kit.write_centred(painter, box.translated(0, lower), look.bar.letter, look.color, "letter")


def _diamond(painter: QPainter, look: Look) -> None:
    _shape(painter, look, [(0, -1.1), (1.1, 0), (0, 1.1), (-1.1, 0)])


def _triangle(painter: QPainter, look: Look) -> None:
    _shape(painter, look, [(0, -1), (1.1, 0.9), (-1.1, 0.9)], 2.0)


def _hexagon(painter: QPainter, look: Look) -> None:
    _shape(painter, look, [(-0.5, -0.95), (0.5, -0.95), (1.05, 0), (0.5, 0.95), (-0.5, 0.95), (-1.05, 0)])
    if not look.bar.letter:
        tick(painter, _sign_box(look.box), look.color)


def tick(painter: QPainter, box: QRectF, color: str) -> None:
    """A tick in the middle of the box."""
    centre = box.center()
    painter.setPen(pen(color, 1.6))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    points = [QPointF(centre.x() + x, centre.y() + y) for x, y in ((-3.5, 0.2), (-1, 2.8), (3.5, -2.8))]
    painter.drawPolyline(QPolygonF(points))


def _state(painter: QPainter, look: Look, has_room: bool) -> None:
    state = look.bar.state
    box = _sign_box(look.box) if look.bar.form in ROUND else look.box
    if state is State.GIVEN:
        _given(painter, look)
    elif state in (State.OMITTED, State.STOPPED):
        painter.setPen(pen(look.color, 1.4))
        middle = box.center().y()
        painter.drawLine(QLineF(box.left() - 3, middle + 4, box.right() + 3, middle - 4))
    elif state is State.HELD:
        _pause(painter, look, box)
    elif look.bar.shift and state is State.DEFERRED and has_room:
        _arrow(painter, look, box)


def _pause(painter: QPainter, look: Look, box: QRectF) -> None:
    """Two upright strokes: in the middle of a short bar, at the end of a long one."""
    place = _end_of(box)
    if box.width() >= END_ROOM:
        painter.fillRect(QRectF(place.left(), box.top() + 2, 10, box.height() - 4), qcolor(look.kit.theme.ground))
    pause(painter, place, look.kit.theme.text)


def pause(painter: QPainter, box: QRectF, color: str) -> None:
    """Two upright strokes in the middle of the box."""
    for x in (-2.5, 1.0):
        painter.fillRect(QRectF(box.center().x() + x, box.top() + 3, 1.8, box.height() - 6), qcolor(color))


def _end_of(box: QRectF) -> QRectF:
    """Where the sign of a state stands: at the end of a long bar, clear of its words, else in the middle."""
    middle = box.right() - 8 if box.width() >= END_ROOM else box.center().x()
    return QRectF(middle - 5, box.top(), 10, box.height())


def _on(look: Look) -> str:
    """The colour of a mark on the bar: intrathecal and patterned bars are light, the others filled."""
    theme = look.kit.theme
    return theme.text if look.bar.form == "intrathecal" or look.kit.is_patterned(look.role) else theme.on_bar


def _given(painter: QPainter, look: Look) -> None:
    """A tick in the bar, at its end where it is long; under it as a foot where it is too narrow for a tick."""
    box = look.box
    if box.width() >= 11 and box.height() >= 9:
        tick(painter, _end_of(box), _on(look))
        return
    painter.fillRect(QRectF(box.left() - 1, box.bottom() + 1, box.width() + 2, 2), qcolor(look.color))


def _arrow(painter: QPainter, look: Look, box: QRectF) -> None:
    """A small arrow head at the side the dose came from."""
    later = look.bar.shift > 0
    edge = box.left() - 1 if later else box.right() + 1
    back = edge - 5 if later else edge + 5
    middle = box.center().y()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(qcolor(look.color))
    painter.drawPolygon(QPolygonF([QPointF(edge, middle), QPointF(back, middle - 3.5), QPointF(back, middle + 3.5)]))


_SIGNS: dict[str, Sign] = {
    "dose": _dose,
    "span": _span,
    "infusion": _infusion,
    "dots": _dots,
    "intrathecal": _intrathecal,
    "disc": _disc,
    "diamond": _diamond,
    "triangle": _triangle,
    "hexagon": _hexagon,
}
