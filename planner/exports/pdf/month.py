"""A month as a grid: weeks that share the page, bars over several days, day cells with their boxes to tick."""

from collections.abc import Sequence
from itertools import accumulate, pairwise

from msgspec.structs import replace

from planner.errors import InputProblem
from planner.exports.pdf.flow import Piece
from planner.exports.pdf.table import TOO_LONG, lay_paragraphs, take_lines
from planner.exports.pdf.text import BASELINE, TIGHTEST, BoxOp, Op, RuleOp, Typesetter, beside
from planner.exports.sheets.sheet import DayCell, Line, Month, Paragraphs, Week, WeekBar

PAD = 3.0
ROUNDS = 200
"""Steps in which the width of a page is given to the weekdays; far fewer are needed."""
CELL_PADS = 2 * PAD + 1.5
SHORTEST_WEEK = 54.0
NARROWEST = 1 / 11
"""Part of the page's width below which no weekday is set."""
NARROW_WORD = 0.86
"""How narrow the longest word may be set to keep its column narrow."""
OUTSIDE_FILL = 0.93
BAR_FILL = 0.94
BAR_GAP = 2.5
STEPS = (0.35, 0.7, 1.0)
"""How far the columns go from equal ones to those that suit their text best."""
ONE_WHOLE_PAGE = (0, 1, 0)
"""What a month costs at least: no word cut inside, a page, no broken week."""
LEAST_GAP = 3.0
"""Points between two boxes to tick."""


def lay_month(month: Month, setter: Typesetter, width: float, tallest: float) -> list[Piece]:
    """Title, names of the weekdays, weeks: spread evenly over as few pages as hold them, and each page filled.

    The seven columns are equal, but where wider ones for weekdays with much on them spare a word cut inside, a page or
    a broken week: then they are as unlike as that takes.
    """
    title = _title(month, month.title, setter, width)
    again = _title(replace(month, subtitle=()), month.again, setter, width)
    after = lay_paragraphs(Paragraphs(month.after, boxed=True), setter, width, tallest) if month.after else []
    below = sum(piece.height for piece in after)
    room = tallest - max(title.height, again.height) - setter.styles["strong"].leading - 2 - below
    edges, weeks, groups = _in_columns(month, setter, width, room)
    names = _weekdays(month, setter, edges)
    pieces = [title, names]
    for number, group in enumerate(groups):
        stretch = (room - sum(weeks[index].height for index in group)) / len(group)
        for index in group:
            piece = weeks[index].piece(weeks[index].height + stretch)
            piece.heads = (again, names)
            piece.new_page = number > 0 and index == group[0]
            piece.keep = bool(after) and index == len(weeks) - 1
            pieces.append(piece)
    return [*pieces, *after]


def _title(month: Month, words: str, setter: Typesetter, width: float) -> Piece:
    """The month in large letters, and beside it what runs in it."""
    style = setter.styles["title"]
    height, ops = setter.place([Line(words, "title")], width)
    taken = style.face.width(words, style.size) + 18
    lower = (style.leading - setter.styles["body"].leading) * 0.72
    notice = Line(month.notice, "strong")
    framed = _natural(month.notice, notice, setter) + 12 if month.notice else 0.0
    told = max((_natural(line.text, line, setter) for line in month.subtitle), default=0.0)
    fits = taken + told + 18 + framed <= width
    bottom, beside = setter.place(month.subtitle, width - taken, taken, lower)
    bottom = max(height, bottom) + 2
    ops += beside
    if month.notice:
        left, top = (width - framed, 2.0) if fits else (0.0, bottom)
        below, text = setter.place([notice], width - left - 11, left + 6, top + 3)
        ops += [BoxOp(left + 0.5, top, width - left - 1, below + 4 - top, 1.0, dashed=True), *text]
        bottom = max(bottom, below + 8)
    return Piece(bottom, ops, keep=True)


def _edges(widths: Sequence[float]) -> list[float]:
    """The left edge of each column, and the right edge of the last."""
    return [0.0, *accumulate(widths)]


def _in_columns(
    month: Month, setter: Typesetter, width: float, room: float
) -> tuple[list[float], list["_Week"], list[list[int]]]:
    """The edges of the columns, the weeks measured in them, and which of them stand on which page."""
    edges = _edges([width / 7] * 7)
    weeks, groups, costs = _laid(month, setter, edges, room)
    if costs > ONE_WHOLE_PAGE:
        uneven = uneven_columns(month, setter, width)
        least = _laid(month, setter, _edges(uneven), room)[2]
        for part in STEPS if least < costs else ():
            edges = _edges([width / 7 + (wide - width / 7) * part for wide in uneven])
            weeks, groups, costs = _laid(month, setter, edges, room)
            if costs <= least:
                break
    return edges, weeks, groups


def _laid(
    month: Month, setter: Typesetter, edges: Sequence[float], room: float
) -> tuple[list["_Week"], list[list[int]], tuple[int, int, int]]:
    """The weeks in these columns, which stand on which page, and what that costs: words cut inside, pages, parts."""
    weeks = [part for week in month.weeks for part in _fitted(week, setter, edges, room, month)]
    groups = _pages([week.height for week in weeks], room)
    return weeks, groups, (_cut_words(month, setter, edges), len(groups), len(weeks) - len(month.weeks))


def _cut_words(month: Month, setter: Typesetter, edges: Sequence[float]) -> int:
    """How many words in the cells are too long for their column."""
    if not setter.parted:
        return 0
    count = 0
    for place, (left, right) in enumerate(pairwise(edges)):
        for line in (line for week in month.weeks for line in week.days[place].lines):
            room = (right - left - CELL_PADS - beside(line, setter.styles[line.style])) / TIGHTEST
            face, size = setter.styles[line.style].face, setter.styles[line.style].size
            words = setter.clean(line.text).split(" ")
            count += sum(face.width(word, size) > room for word in words if word in setter.parted)
    return count


def uneven_columns(month: Month, setter: Typesetter, width: float) -> list[float]:
    """Widths by how much text stands on each weekday, from its longest word to its longest line; they fill the width.

    Equal columns where not even the longest words fit beside each other.
    """
    bounds: list[tuple[float, float]] = []
    texts: list[float] = []
    for place, name in enumerate(month.weekdays):
        days = [week.days[place] for week in month.weeks]
        lines = [line for day in days for line in day.lines]
        alone = [bar.line for week in month.weeks for bar in week.bars if bar.first == bar.last == place]
        words = [Line(name, "strong"), *(Line(day.label) for day in days), *lines, *alone]
        least = max(max(_longest_word(line, setter) for line in words) + CELL_PADS, width * NARROWEST)
        most = max((_natural(line.text, line, setter) for line in lines), default=0.0) + CELL_PADS + 1.0
        bounds.append((least, max(least, most, width / 9)))
        texts.append(sum(_natural(line.text, line, setter) for line in (*words[1:], *lines)) / 2 + 1.0)
    if sum(least for least, _ in bounds) >= width:
        return [width / 7] * 7
    return _shared(bounds, texts, width)


def _shared(bounds: Sequence[tuple[float, float]], parts: Sequence[float], width: float) -> list[float]:
    """The width by parts, within the bounds; what is left over when all have their most is shared alike."""
    widths = [least for least, _ in bounds]
    for _ in range(ROUNDS):
        left = width - sum(widths)
        growing = [place for place, (_, most) in enumerate(bounds) if widths[place] < most]
        if left < 1.0 or not growing:
            break
        # Whoever has the most text for its width is given some of what is left.
        needy = max(growing, key=lambda place: parts[place] / widths[place])
        widths[needy] = min(widths[needy] + max(left / 8, 2.0), bounds[needy][1], widths[needy] + left)
    rest = (width - sum(widths)) / len(widths)
    return [one + rest for one in widths]


def _longest_word(line: Line, setter: Typesetter) -> float:
    """Points of the longest word, set a little narrower as a single word may be, behind its box to tick."""
    return max(_natural(word, line, setter) for word in setter.clean(line.text).split(" ")) * NARROW_WORD


def _natural(text: str, line: Line, setter: Typesetter) -> float:
    style = setter.styles[line.style]
    return style.face.width(setter.clean(text), style.size) + beside(line, style)


def _weekdays(month: Month, setter: Typesetter, edges: Sequence[float]) -> Piece:
    style = setter.styles["strong"]
    ops: list[Op] = []
    for name, left, right in zip(month.weekdays, edges, edges[1:], strict=False):
        _, drawn = setter.place([Line(name, "strong")], right - left - 2 * PAD, left + PAD)
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

    def __init__(self, week: Week, setter: Typesetter, edges: Sequence[float]) -> None:
        self._week = week
        self._setter = setter
        self._edges = edges
        self._columns = [(left, right - left) for left, right in pairwise(edges)]
        """Left edge and width of each."""
        self._ops: list[Op] = []
        self._tops = self._numbers()
        self._draw_bars()
        self.height = max(self._draw_days() + PAD + 1, SHORTEST_WEEK)

    def piece(self, height: float) -> Piece:
        """The week as tall as asked for: grid behind, text in front."""
        grid: list[Op] = []
        for day, (left, wide), top in zip(self._week.days, self._columns, self._tops, strict=True):
            fill = OUTSIDE_FILL if day.outside or day.past else -1.0
            grid.append(BoxOp(left, 0, wide, height, 0.6, fill=fill, ground=True))
            if day.dashed:
                grid.append(BoxOp(left + 1.8, top, wide - 3.6, height - top - 1.8, 0.8, dashed=True))
        return Piece(height, [*grid, *self._ops])

    def _numbers(self) -> list[float]:
        """Date and day number of each cell; the y below them, the same over the whole week."""
        style = self._setter.styles["number"]
        bottom = style.leading
        for day, (left, wide) in zip(self._week.days, self._columns, strict=True):
            if not day.number:
                continue
            _, ops = self._setter.place([Line(day.number, "number")], wide, left + PAD + 1, 1)
            self._ops += ops
            if day.past:  # the grey is gone on a fax
                level = 1 + style.leading * BASELINE - style.size * 0.3
                self._ops.append(RuleOp(left + PAD, level, left + PAD + 2 + self._wide(day.number), level, 0.9))
            if day.label:
                bottom = max(bottom, self._draw_label(day, left + PAD + 1, wide - 2 * PAD - 1))
        return [bottom + 1] * 7

    def _wide(self, number: str) -> float:
        style = self._setter.styles["number"]
        return style.face.width(number, style.size)

    def _draw_label(self, day: DayCell, x: float, wide: float) -> float:
        """The day number beside the date where it fits there in one line, else under it; the y below."""
        setter = self._setter
        style, body = setter.styles["number"], setter.styles["body"]
        taken = self._wide(day.number) + 5
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
        boxes: list[Op] = [
            BoxOp(self._edges[day] + 7 + right, top + down, side, side, 0.8, fill=1.0)
            for day in days
            for right, down in places
        ]
        return boxes, 1 + -(-bar.ticks // across) * (side + 3)

    def _draw_days(self) -> float:
        tallest = max(self._tops) + 1
        for day, (left, wide), top in zip(self._week.days, self._columns, self._tops, strict=True):
            if day.lines:
                bottom, ops = self._setter.place(day.lines, wide - CELL_PADS, left + PAD + 1, top + 1)
                self._ops += ops
                tallest = max(tallest, bottom)
        return tallest


def _fitted(week: Week, setter: Typesetter, edges: Sequence[float], room: float, month: Month) -> list[_Week]:
    """The week, or its parts where it is taller than a page."""
    whole = _Week(week, setter, edges)
    if whole.height <= room:
        return [whole]
    return [_Week(part, setter, edges) for part in _split(week, setter, edges, room, month)]


def _split(week: Week, setter: Typesetter, edges: Sequence[float], room: float, month: Month) -> list[Week]:
    """Weeks that say the same line by line, each short enough for a page."""
    columns = [right - left - CELL_PADS for left, right in pairwise(edges)]
    parts, bars = _bars_over_pages(week, setter, edges, room, month.more)
    first = len(parts)
    bare = _bare(week, bars, setter, edges)
    waiting = [day.lines for day in week.days]
    while any(waiting) or len(parts) == first:
        space = room - (bare if len(parts) == first else setter.styles["number"].leading * 2) - 2 * PAD - 2
        cut = [take_lines(lines, column, setter, space) for lines, column in zip(waiting, columns, strict=True)]
        if len(parts) > first and not any(taken for taken, _ in cut):
            raise InputProblem((TOO_LONG,))
        waiting = [rest for _, rest in cut]
        days = tuple(
            _part_of(day, taken, month) if parts else replace(day, lines=taken)
            for day, (taken, _) in zip(week.days, cut, strict=True)
        )
        parts.append(Week(days, bars if len(parts) == first else ()))
    return parts


def _bare(week: Week, bars: Sequence[WeekBar], setter: Typesetter, edges: Sequence[float]) -> float:
    """How tall the week is with these bars and nothing else in its days."""
    days = tuple(replace(day, lines=()) for day in week.days)
    return _Week(Week(days, tuple(bars)), setter, edges).height


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
        parts.append(Week(days, bars[:count]))
        bars = bars[count:]
    return parts, bars


def _part_of(day: DayCell, lines: tuple[Line, ...], month: Month) -> DayCell:
    """A day on a further page of its week; one with nothing there says where it stands: no day is left empty."""
    if lines:
        return replace(day, lines=lines, label=f"{day.label} {month.more}".strip())
    return replace(day, lines=(Line(month.earlier),) if day.number and month.earlier else (), dashed=False)
