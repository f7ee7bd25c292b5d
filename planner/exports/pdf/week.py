"""A week of a month as a grid: its days, the bars over several of them, and its parts where a page cannot hold it."""

from collections.abc import Callable, Sequence
from itertools import pairwise

from msgspec.structs import replace

from planner.errors import InputProblem
from planner.exports.pdf.flow import Piece
from planner.exports.pdf.table import TOO_LONG, take_further, take_lines
from planner.exports.pdf.text import BoxOp, Op, RuleOp, Typesetter, tick_in
from planner.exports.pdf.wrapping import BASELINE
from planner.exports.sheets.sheet import DayCell, Line, Month, Week, WeekBar

PAD = 3.0
CELL_PADS = 2 * PAD + 1.5
SHORTEST_WEEK = 54.0
OUTSIDE_FILL = 0.93
BAR_FILL = 0.94
BAR_GAP = 2.5
AFTER_NUMBER = 5.0
"""Points between a date and what stands beside it."""
LEAST_GAP = 3.0
"""Points between two boxes to tick."""


class LaidWeek:
    """One week measured and ready to be drawn at any height from its own upwards."""

    def __init__(self, week: Week, setter: Typesetter, edges: Sequence[float]) -> None:
        self._week = week
        self._setter = setter
        self._edges = edges
        self._columns = [(left, right - left) for left, right in pairwise(edges)]
        """Left edge and width of each."""
        self._ops: list[Op] = []
        self._tops = self._numbers()
        self._draw_bars()
        self.fullest = 0
        """The day with what reaches lowest."""
        self.height = max(self._draw_days() + PAD + 1, SHORTEST_WEEK)

    @property
    def part(self) -> int:
        """Which of the months on its grid has most of its days."""
        return self._week.part

    def piece(self, height: float) -> Piece:
        """The week as tall as asked for: grid behind, text in front."""
        grid: list[Op] = []
        for day, (left, wide), top in zip(self._week.days, self._columns, self._tops, strict=True):
            fill = OUTSIDE_FILL if day.outside or day.past else -1.0
            grid.append(BoxOp(left, 0, wide, height, 0.6, fill=fill, ground=True))
            if day.dashed:
                grid.append(BoxOp(left + 1.8, top, wide - 3.6, height - top - 1.8, 0.8, dashed=True))
        return Piece(height, [*grid, *self._dates(), *self._ops])

    def _dates(self) -> list[Op]:
        """The date of each cell: made of the week that is drawn alone, not of those that are only measured."""
        shown = zip(self._week.days, self._columns, strict=True)
        return [op for day, (left, wide) in shown if day.number for op in self._date(day, left + PAD + 1, wide)]

    def _numbers(self) -> list[float]:
        """The day number of each cell; the y below them, the same over the whole week."""
        shown = [(day, *place) for day, place in zip(self._week.days, self._columns, strict=True) if day.number]
        under = max([self._setter.styles["number"].leading, *(self._month(*one)[0] for one in shown)])
        bottom = under
        # One label alone below its number looked like another thing than those beside theirs.
        beside = all(self._fits_beside(day, wide) for day, _, wide in shown)
        for day, left, wide in shown:
            if day.label:
                taken = self._taken(day) if beside else 0.0
                top = self._lower if taken else under
                bottom = max(bottom, self._draw_label(day, left + PAD + 1 + taken, wide - 2 * PAD - 1 - taken, top))
        return [bottom + 1] * 7

    def _date(self, day: DayCell, x: float, wide: float) -> list[Op]:
        """The date, with its month where it is a neighbour's."""
        style = self._setter.styles["number"]
        _, found = self._setter.place([Line(day.number, "number")], wide, x, 1)
        ops: list[Op] = [*found]
        if day.past:  # the grey is gone on a fax
            level = 1 + style.leading * BASELINE - style.size * 0.3
            ops.append(RuleOp(x - 1, level, x + 1 + self._wide(day.number, "number"), level, 0.9))
        return [*ops, *self._month(day, x - PAD - 1, wide)[1]]

    def _month(self, day: DayCell, left: float, wide: float) -> tuple[float, list[Op]]:
        """The month beside the date: the y below it, on two lines where the day is too narrow for "de noviembre"."""
        if not day.month:
            return 0.0, []
        taken = self._wide(day.number, "number") + AFTER_NUMBER
        return self._setter.place([Line(day.month, "strong")], wide - taken - PAD, left + taken + PAD, self._lower)

    def _taken(self, day: DayCell) -> float:
        month = self._wide(day.month, "strong") + AFTER_NUMBER if day.month else 0.0
        return self._wide(day.number, "number") + AFTER_NUMBER + month

    def _wide(self, text: str, name: str) -> float:
        style = self._setter.styles[name]
        return style.face.width(self._setter.clean(text), style.size)

    @property
    def _lower(self) -> float:
        """The top of what stands beside a date."""
        return (self._setter.styles["number"].leading - self._setter.styles["body"].leading) * 0.78 + 1

    def _fits_beside(self, day: DayCell, wide: float) -> bool:
        """Whether the day's label has room beside its date in one line."""
        room = wide - 2 * PAD - 1 - self._taken(day)
        return not day.label or self._setter.is_one_line(day.label, self._setter.styles["body"], room)

    def _draw_label(self, day: DayCell, x: float, wide: float, top: float) -> float:
        """The day number; the y below it."""
        bottom, ops = self._setter.place([Line(day.label)], wide, x, top)
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
        left = self._edges[bar.first] + 2.5
        width = self._edges[bar.last + 1] - self._edges[bar.first] - 5
        bottom, text = self._setter.place([bar.line], width - 8, left + 4, top + 1)
        boxes, deep = self._bar_boxes(bar, bottom + 1) if bar.ticks else ([], 2.0)
        bottom += deep
        self._ops.append(
            BoxOp(left, top, width, bottom - top, 0.8, dashed=bar.dashed, fill=1.0 if bar.dashed else BAR_FILL)
        )
        self._ops += [*text, *boxes]
        return bottom

    def _bar_boxes(self, bar: WeekBar, top: float) -> tuple[list[Op], float]:
        """As many boxes on each day as doses, in rows where the day is too narrow, and how deep they are."""
        side = self._setter.styles["body"].size * 0.9
        days = range(bar.first, bar.last + 1)
        room = min(self._columns[day][1] for day in days) - 8
        step = side + max(LEAST_GAP, min(6.0, room / bar.ticks - side))  # closer where that keeps them in one row
        across = max(1, int(room // step))
        places = [(tick % across * step, tick // across * (side + 3)) for tick in range(bar.ticks)]
        boxes: list[Op] = []
        done = dict(bar.done)
        for day in days:
            for number, (right, down) in enumerate(places):
                box = BoxOp(self._edges[day] + 7 + right, top + down, side, side, 0.8, fill=1.0)
                boxes += [box, *tick_in(box)] if number < done.get(day, 0) else [box]
        return boxes, 1 + -(-bar.ticks // across) * (side + 3)

    def _draw_days(self) -> float:
        tallest = max(self._tops) + 1
        shown = zip(self._week.days, self._columns, self._tops, strict=True)
        for number, (day, (left, wide), top) in enumerate(shown):
            if day.lines:
                bottom, ops = self._setter.place(day.lines, wide - CELL_PADS, left + PAD + 1, top + 1)
                self._ops += ops
                self.fullest = number if bottom > tallest else self.fullest
                tallest = max(tallest, bottom)
        return tallest


Take = Callable[[tuple[Line, ...], float, Typesetter, float], tuple[tuple[Line, ...], tuple[Line, ...]]]
"""Takes of some lines, in that width, what has room in that height."""


def fitted(week: Week, setter: Typesetter, edges: Sequence[float], room: float, month: Month) -> list[LaidWeek]:
    """The week, or its parts where it is taller than a page."""
    whole = LaidWeek(week, setter, edges)
    if whole.height <= room:
        return [whole]
    return [LaidWeek(part, setter, edges) for part in _split(week, setter, edges, room, month)]


def _split(week: Week, setter: Typesetter, edges: Sequence[float], room: float, month: Month) -> list[Week]:
    """Weeks that say the same line by line, each short enough for a page."""
    columns = [right - left - CELL_PADS for left, right in pairwise(edges)]
    parts, bars = _bars_over_pages(week, setter, edges, room, month.more)
    first = len(parts)
    bare = _bare(week, bars, setter, edges)
    waiting = [day.lines for day in week.days]
    while any(waiting) or len(parts) == first:
        space = room - (bare if len(parts) == first else setter.styles["number"].leading * 2) - 2 * PAD - 2
        take = take_further if len(parts) > first else take_lines
        shown = zip(waiting, columns, strict=True)
        cut = [_taken(take, lines, column, setter, (space, month.further)) for lines, column in shown]
        if len(parts) > first and not any(taken for taken, _ in cut):
            raise InputProblem((TOO_LONG,))
        waiting = [rest for _, rest in cut]
        days = tuple(
            _part_of(day, taken, month) if parts else replace(day, lines=taken)
            for day, (taken, _) in zip(week.days, cut, strict=True)
        )
        parts.append(replace(week, days=days, bars=bars if len(parts) == first else ()))
    return parts


def _taken(
    take: Take, lines: tuple[Line, ...], width: float, setter: Typesetter, page: tuple[float, str]
) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """The lines that have room on a page of so many points, and the others.

    A day that goes on says so in the words of the page: its first page alone read as all of it.
    """
    space, words = page
    taken, rest = take(lines, width, setter, space)
    if not rest or not words:
        return taken, rest
    further = Line(words)
    below, _ = setter.place([further], width)
    taken, rest = take(lines, width, setter, space - below)
    return ((*taken, further) if taken else ()), rest


def _bare(week: Week, bars: Sequence[WeekBar], setter: Typesetter, edges: Sequence[float]) -> float:
    """How tall the week is with these bars and nothing else in its days."""
    days = tuple(replace(day, lines=()) for day in week.days)
    return LaidWeek(Week(days, tuple(bars)), setter, edges).height


def _bars_over_pages(
    week: Week, setter: Typesetter, edges: Sequence[float], room: float, more: str
) -> tuple[list[Week], tuple[WeekBar, ...]]:
    """Parts with as many bars as a page holds and no lines, while there are more; and the bars that are left."""
    parts: list[Week] = []
    bars = week.bars
    while _bare(week, bars, setter, edges) > room:
        count = next(
            (many for many in range(len(bars) - 1, 0, -1) if _bare(week, bars[:many], setter, edges) <= room), 0
        )
        if not count:
            raise InputProblem((TOO_LONG,))
        label = f" {more}" if parts else ""
        days = tuple(replace(day, lines=(), dashed=False, label=f"{day.label}{label}".strip()) for day in week.days)
        parts.append(replace(week, days=days, bars=bars[:count]))
        bars = bars[count:]
    return parts, bars


def _part_of(day: DayCell, lines: tuple[Line, ...], month: Month) -> DayCell:
    """A day on a further page of its week; one with nothing there says where it stands: no day is left empty."""
    if lines:
        return replace(day, lines=lines, label=f"{day.label} {month.more}".strip())
    return replace(day, lines=(Line(month.earlier),) if day.number and month.earlier else (), dashed=False)
