"""The date axis, and behind the lanes the weekends, the past and the line of today."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from math import ceil, floor

from PySide6.QtCore import QLineF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from planner.model.timeline import Bar
from ui.theme import qcolor
from ui.timeline.dates import DAYS, WEEKENDS_FROM, WEEKS, Interval, day_numbers, lower, upper, weekends
from ui.timeline.frame import AXIS, AXIS_ROW
from ui.timeline.geometry import DayScale
from ui.timeline.paint import Kit, pen
from ui.tongue import say, weekday_date

WEEKEND, PAST = 16, 12
"""How much of the muted colour, of 255, lies on weekends and on the past."""
STRETCH = 64
"""Days to whose multiples the fields of the axis are made."""
Row = Callable[[int, int, float], Iterator[Interval]]
"""Makes the fields of a row of the axis between two days at so many px a day."""
CHIP = 16.0
"""Height in px of the field that says "Today"."""


def paint_ground(painter: QPainter, kit: Kit, scale: DayScale, area: QRect, today: int) -> None:
    """Weekends, and the past: they differ in their background only, never in the items."""
    theme = kit.theme
    shades = [_shade(theme.ground, theme.muted, strength) for strength in (PAST, WEEKEND + PAST, WEEKEND)]
    past = min(max(round(scale.x(today)), 0), area.right() + 1)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    painter.fillRect(QRect(0, area.top(), past, area.height()), shades[0])
    if scale.per_day >= WEEKENDS_FROM:
        for first, after in weekends(floor(scale.left), ceil(scale.right)):
            left, right = round(scale.x(first)), round(scale.x(after))
            shade = shades[1] if right <= past else shades[2]
            painter.fillRect(QRect(left, area.top(), right - left, area.height()), shade)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)


@lru_cache(maxsize=32)
def _shade(ground: str, muted: str, strength: int) -> QColor:
    """The ground with so much, of 255, of the muted colour in it; opaque, which is several times faster to fill."""
    share = strength / 255
    one, other = qcolor(ground), qcolor(muted)
    pairs = ((one.red(), other.red()), (one.green(), other.green()), (one.blue(), other.blue()))
    return QColor(*(round(base + (more - base) * share) for base, more in pairs))


def paint_axis(
    painter: QPainter,
    kit: Kit,
    scale: DayScale,
    top: int,
    days: tuple[int | None, int],
    cycles: Sequence[Bar] | None = None,
) -> None:
    """Two rows of dates; the painter's origin is the left edge of the days. `days`: under the pointer, and today.

    With `cycles` the lower row has their day numbers in place of the dates.
    """
    pointed, today = days
    chip = today_chip(kit, scale, today)
    middle = top + AXIS_ROW / 2 + 1
    above = _in_sight(upper, scale)
    _ticks(painter, kit, scale, above, (top + 4, AXIS_ROW - 2))
    kit.write_row(painter, middle, _at_left(kit, scale, above, "label bold"), kit.theme.text, "label bold")
    middle += AXIS_ROW - 1
    if pointed is not None and scale.per_day >= WEEKS:
        width = max(scale.per_day, 2.0)
        cell = QRectF(scale.x(pointed), top + AXIS_ROW, width, AXIS_ROW)
        painter.fillRect(cell, qcolor(kit.theme.hover))
    if cycles is None:
        below = _in_sight(lower, scale)
    else:
        below = list(day_numbers(cycles, floor(scale.left), ceil(scale.right), scale.per_day))
    free = [one for one in below if not _covered(chip, scale.x(one.start), scale.x(one.end))]
    if scale.per_day < DAYS:
        _ticks(painter, kit, scale, below, (top + AXIS_ROW + 5, AXIS_ROW - 5))
        kit.write_row(painter, middle, _at_left(kit, scale, free, "small"), kit.theme.muted)
    else:
        for weekend, color in ((False, kit.theme.text), (True, kit.theme.muted)):
            days_of = [one for one in free if one.weekend is weekend]
            kit.write_row(painter, middle, _centred(kit, scale, days_of), color)
    painter.fillRect(0, top + AXIS - 1, ceil(scale.width), 1, qcolor(kit.theme.line))


def _in_sight(row: Row, scale: DayScale) -> list[Interval]:
    """Those of a row's fields that are in sight."""
    left, right = scale.left, scale.right
    first, last = floor(left / STRETCH) * STRETCH, ceil(right / STRETCH) * STRETCH
    return [one for one in _fields(row, first, last, scale.per_day) if one.end > left and one.start < right]


@lru_cache(maxsize=16)
def _fields(row: Row, first: int, last: int, per_day: float) -> tuple[Interval, ...]:
    """The fields of a row, kept while a person scrolls."""
    return tuple(row(first, last, per_day))


def _ticks(painter: QPainter, kit: Kit, scale: DayScale, fields: Sequence[Interval], at: tuple[int, int]) -> None:
    """A line where each field begins, from the height `at` down by so many px."""
    left, per_day, color = scale.left, scale.per_day, qcolor(kit.theme.line)
    for field in fields:
        painter.fillRect(round((field.start - left) * per_day), at[0], 1, at[1], color)


def _at_left(kit: Kit, scale: DayScale, fields: Sequence[Interval], face: str) -> Iterator[tuple[float, str]]:
    """The longest text that fits, at the beginning of its field; in bold it stays in sight with its field."""
    begin, per_day, width, bold = scale.left, scale.per_day, scale.width, face.endswith("bold")
    for field in fields:
        x = (field.start - begin) * per_day
        left = max(x, 0.0) + 6 if bold else x + 4
        if left >= 0:
            room = min((field.end - begin) * per_day, width) - left - 2
            for text in field.texts:
                if kit.width(text, face) <= room:
                    yield left, text
                    break


def _centred(kit: Kit, scale: DayScale, fields: Sequence[Interval]) -> Iterator[tuple[float, str]]:
    """The longest text that fits, in the middle of its day; none at the edges, where 17 would be cut to 7."""
    for field in fields:
        text = next((one for one in field.texts if kit.width(one) <= scale.per_day - 4), field.texts[-1])
        width = kit.width(text)
        x = scale.x(field.start + 0.5) - width / 2
        if 0 <= x <= scale.width - width:
            yield x, text


def today_chip(kit: Kit, scale: DayScale, today: int) -> tuple[float, float]:
    """Left and right edge of the field on the axis that says today's date; it turns to the left at the right edge."""
    x = round(scale.x(today)) + 0.5
    width = kit.width(_today_words(scale, today), "small bold") + 10
    return (x, x + width) if x + width <= scale.width else (x - width, x)


def _covered(chip: tuple[float, float], left: float, right: float) -> bool:
    """Whether a field of the axis lies under the chip, seen from the place of its text."""
    return left + 2 < chip[1] and min(right, left + 44) > chip[0]


def _today_words(scale: DayScale, today: int) -> str:
    """With the date where there are days or weeks; its number alone where the axis names the days beside it."""
    if scale.per_day >= DAYS:
        return f"{say('Today')} {date.fromordinal(today).day}"
    return f"{say('Today')} {weekday_date(today)}" if scale.per_day >= WEEKS else say("Today")


def paint_today_line(painter: QPainter, kit: Kit, scale: DayScale, ends: tuple[float, float], today: int) -> None:
    """The line of today through all lanes, behind what is planned."""
    x = round(scale.x(today)) + 0.5
    if -1 <= x <= scale.width:
        painter.setPen(pen(kit.theme.accent, 1.5))
        painter.drawLine(QLineF(x, ends[0], x, ends[1]))


def paint_today(painter: QPainter, kit: Kit, scale: DayScale, ends: tuple[float, float | None], today: int) -> None:
    """The names at both ends of the line of today, below only where the lanes leave room (else None)."""
    x = round(scale.x(today)) + 0.5
    if not -1 <= x <= scale.width:
        return
    top, bottom = ends
    _chip(painter, kit, (today_chip(kit, scale, today)[0], top - CHIP - 1), _today_words(scale, today))
    if bottom is not None:
        short = kit.width(say("Today"), "small bold") + 10
        _chip(painter, kit, (x if x + short <= scale.width else x - short, bottom - CHIP), say("Today"))


def _chip(painter: QPainter, kit: Kit, at: tuple[float, float], text: str) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(qcolor(kit.theme.accent))
    field = QRectF(at[0], at[1], kit.width(text, "small bold") + 10, CHIP)
    painter.drawRoundedRect(field, 3, 3)
    kit.write(painter, (at[0] + 5, field.center().y()), text, kit.theme.on_accent, "small bold")
