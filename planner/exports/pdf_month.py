"""A month as a grid: weeks that share the page, bars over several days, day cells with their boxes to tick."""

from collections.abc import Sequence

from msgspec.structs import replace

from planner.exports.pdf_flow import Piece
from planner.exports.pdf_table import take_lines
from planner.exports.pdf_text import BoxOp, Op, Typesetter
from planner.exports.sheet import DayCell, Line, Month, Week, WeekBar

PAD = 3.0
SHORTEST_WEEK = 54.0
OUTSIDE_FILL = 0.93
BAR_FILL = 0.94
BAR_GAP = 2.5


def lay_month(month: Month, setter: Typesetter, width: float, tallest: float) -> list[Piece]:
    """Title, names of the weekdays, weeks: spread evenly over as few pages as hold them, and each page filled."""
    title = _title(month, month.title, setter, width)
    again = _title(month, month.again, setter, width)
    names = _weekdays(month, setter, width)
    room = tallest - max(title.height, again.height) - names.height
    weeks = [part for week in month.weeks for part in _fitted(week, setter, width, room, month.more)]
    heights = [max(SHORTEST_WEEK, week.height) for week in weeks]
    pieces = [title, names]
    for number, group in enumerate(_pages(heights, room)):
        stretch = (room - sum(heights[index] for index in group)) / len(group)
        for index in group:
            piece = weeks[index].piece(heights[index] + stretch)
            piece.heads = (again, names)
            piece.new_page = number > 0 and index == group[0]
            pieces.append(piece)
    return pieces


def _title(month: Month, words: str, setter: Typesetter, width: float) -> Piece:
    """The month in large letters, and beside it what runs in it."""
    style = setter.styles["title"]
    height, ops = setter.place([Line(words, "title")], width)
    taken = style.face.width(words, style.size) + 18
    lower = (style.leading - setter.styles["body"].leading) * 0.72
    bottom, beside = setter.place(month.subtitle, width - taken, taken, lower)
    bottom = max(height, bottom) + 2
    ops += beside
    if month.notice:
        top = bottom
        bottom, text = setter.place([Line(month.notice, "strong")], width - 12, 6, top + 3)
        ops += [BoxOp(0.5, top, width - 1, bottom + 4 - top, 1.0, dashed=True), *text]
        bottom += 8
    return Piece(bottom, ops, keep=True)


def _weekdays(month: Month, setter: Typesetter, width: float) -> Piece:
    style = setter.styles["strong"]
    ops: list[Op] = []
    for number, name in enumerate(month.weekdays):
        _, drawn = setter.place([Line(name, "strong")], width / 7 - 2 * PAD, number * width / 7 + PAD)
        ops += drawn
    return Piece(style.leading + 2, ops, keep=True)


def _pages(heights: Sequence[float], room: float) -> list[list[int]]:
    """Week numbers page by page: as few pages as needed, and no page much fuller than another."""
    count = len(_filled(heights, room))
    low, high = max(heights), room
    while high - low > 1:
        middle = (low + high) / 2
        if len(_filled(heights, middle)) <= count:
            high = middle
        else:
            low = middle
    return _filled(heights, high)


def _filled(heights: Sequence[float], room: float) -> list[list[int]]:
    pages: list[list[int]] = [[]]
    used = 0.0
    for number, height in enumerate(heights):
        if pages[-1] and used + height > room:
            pages.append([])
            used = 0.0
        pages[-1].append(number)
        used += height
    return pages


class _Week:
    """One week measured and ready to be drawn at any height from its own upwards."""

    def __init__(self, week: Week, setter: Typesetter, width: float) -> None:
        self._week = week
        self._setter = setter
        self._column = width / 7
        self._ops: list[Op] = []
        self._tops = self._numbers()
        self._draw_bars()
        self.height = max(self._draw_days(), *self._tops) + PAD + 1

    def piece(self, height: float) -> Piece:
        """The week as tall as asked for: grid behind, text in front."""
        grid: list[Op] = []
        for number, day in enumerate(self._week.days):
            fill = OUTSIDE_FILL if day.outside or day.past else -1.0
            grid.append(BoxOp(number * self._column, 0, self._column, height, 0.6, fill=fill))
            if day.dashed:
                top = self._tops[number]
                left, wide = number * self._column + 1.8, self._column - 3.6
                grid.append(BoxOp(left, top, wide, height - top - 1.8, 0.8, dashed=True))
        return Piece(height, [*grid, *self._ops])

    def _numbers(self) -> list[float]:
        """Date and day number of each cell; the y below them, the same over the whole week."""
        style = self._setter.styles["number"]
        bottom = style.leading
        for number, day in enumerate(self._week.days):
            x = number * self._column + PAD + 1
            _, ops = self._setter.place([Line(day.number, "number")], self._column, x, 1)
            self._ops += ops
            if day.label:
                bottom = max(bottom, self._draw_label(day, x))
        return [bottom + 1] * 7

    def _draw_label(self, day: DayCell, x: float) -> float:
        """The day number beside the date where it fits there in one line, else under it; the y below."""
        setter = self._setter
        style, body = setter.styles["number"], setter.styles["body"]
        taken = style.face.width(day.number, style.size) + 5
        wide = self._column - 2 * PAD - 1
        lower = (style.leading - body.leading) * 0.78 + 1
        if len(setter.wrap(day.label, body, wide - taken)) == 1:
            bottom, ops = setter.place([Line(day.label)], wide - taken, x + taken, lower)
        else:
            bottom, ops = setter.place([Line(day.label)], wide, x, style.leading)
        self._ops += ops
        return bottom

    def _draw_bars(self) -> None:
        """Bars in rows under the numbers, each in the first row that is free over all its days."""
        for bar in self._week.bars:
            days = range(bar.first, bar.last + 1)
            top = max(self._tops[day] for day in days)
            bottom = self._draw_bar(bar, top)
            for day in days:
                self._tops[day] = bottom + BAR_GAP

    def _draw_bar(self, bar: WeekBar, top: float) -> float:
        left = bar.first * self._column + 2.5
        width = (bar.last - bar.first + 1) * self._column - 5
        bottom, text = self._setter.place([bar.line], width - 8, left + 4, top + 1)
        side = self._setter.styles["body"].size * 0.9
        boxes: list[Op] = []
        if bar.ticks:
            bottom += 1
            for day in range(bar.first, bar.last + 1):
                for tick in range(bar.ticks):
                    x = day * self._column + 7 + tick * (side + 6)
                    boxes.append(BoxOp(x, bottom, side, side, 0.8, fill=1.0))
            bottom += side + 3
        else:
            bottom += 2
        self._ops.append(
            BoxOp(left, top, width, bottom - top, 0.8, dashed=bar.dashed, fill=1.0 if bar.dashed else BAR_FILL)
        )
        self._ops += [*text, *boxes]
        return bottom

    def _draw_days(self) -> float:
        tallest = 0.0
        for number, day in enumerate(self._week.days):
            x = number * self._column + PAD + 1
            bottom, ops = self._setter.place(day.lines, self._column - 2 * PAD - 1.5, x, self._tops[number] + 1)
            self._ops += ops
            tallest = max(tallest, bottom)
        return tallest


def _fitted(week: Week, setter: Typesetter, width: float, room: float, more: str) -> list[_Week]:
    """The week, or its parts where it is taller than a page."""
    whole = _Week(week, setter, width)
    if whole.height <= room:
        return [whole]
    return [_Week(part, setter, width) for part in _split(week, setter, width, room, more)]


def _split(week: Week, setter: Typesetter, width: float, room: float, more: str) -> list[Week]:
    """Weeks that say the same line by line, each short enough for a page."""
    column = width / 7 - 2 * PAD - 1.5
    bare = _Week(replace(week, days=tuple(replace(day, lines=()) for day in week.days)), setter, width).height
    waiting = [setter.explode(day.lines, column) for day in week.days]
    parts: list[Week] = []
    while any(waiting) or not parts:
        space = room - (bare if not parts else setter.styles["number"].leading * 2) - 2 * PAD - 2
        taken = [take_lines(lines, column, setter, space) for lines in waiting]
        if parts and not any(taken):
            raise ValueError(f"a page with {room:.0f} points of room cannot hold one line of a week")
        waiting = [lines[len(some) :] for lines, some in zip(waiting, taken, strict=True)]
        days = tuple(_part_of(day, some, more if parts else "") for day, some in zip(week.days, taken, strict=True))
        parts.append(Week(days, () if parts else week.bars))
    return parts


def _part_of(day: DayCell, lines: Sequence[Line], more: str) -> DayCell:
    return replace(day, lines=tuple(lines), label=f"{day.label} {more}".strip() if more and lines else day.label)
