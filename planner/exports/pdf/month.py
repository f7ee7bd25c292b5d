"""A month as a grid: weeks that share the page under the names of the weekdays, in columns that all months share."""

from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise

from msgspec import Struct
from msgspec.structs import replace

from planner.exports.pdf.flow import Piece
from planner.exports.pdf.table import lay_paragraphs
from planner.exports.pdf.text import BoxOp, Op, Typesetter, beside
from planner.exports.pdf.week import CELL_PADS, PAD, LaidWeek, fitted
from planner.exports.pdf.wrapping import TIGHTEST
from planner.exports.sheets.sheet import Line, Month, Paragraphs, Week

ROUNDS = 200
"""Steps in which the width of a page is given to the weekdays; far fewer are needed."""
NARROW, NARROWEST = 1 / 8, 1 / 9
"""Part of the page's width below which no weekday is set, and below which none is where that spares pages."""
NARROW_WORD = 0.86
"""How narrow the longest word may be set to keep its column narrow."""
STEPS = ((NARROW, 0.35), (NARROW, 0.7), (NARROW, 1.0), (NARROWEST, 1.0))
"""The part that no weekday is narrower than, and how far the columns go from equal ones to those that suit it best."""
NEARLY = 1.03
"""Part of the fewest pages that is few enough."""
EACH, FULL = 54.0, 4000.0
"""What a week weighs besides its height where pages are filled alike, and more than all weeks of a month weigh."""
CROWDED, GIVEN = 6, 4.0
"""Entries of a day from which a week may be too tall for a page, and the points by which its column grows at once."""
MUCH_LESS = 0.9
"""Part of the pages that is worth columns that are not equal."""


class _Room(Struct):
    """A month with what stands above and below its weeks, and the height that is left for these on a page.

    `again` are the titles of further pages by the months of the first and the last week there.
    """

    month: Month
    title: Piece
    again: Mapping[tuple[int, int], Piece]
    after: list[Piece]
    height: float


class _Laid(Struct):
    """The weeks of a month in some columns, which of them stand on which page, how many words are cut, weeks broken."""

    weeks: list[LaidWeek]
    groups: list[list[int]]
    cut: int
    broken: int


Texts = tuple[float, float, float]
"""What stands on a weekday, in points: its longest word, its longest line, the sum of all."""


def lay_months(months: Sequence[Month], setter: Typesetter, width: float, tallest: float) -> list[list[Piece]]:
    """The pieces of each month of a calendar, all in the same columns.

    Title, names of the weekdays, weeks: spread evenly over as few pages as hold them, and each page filled. The seven
    columns are equal, but where wider ones for weekdays with much on them spare a word cut inside, a broken week or
    many pages: then they are as unlike as that takes.
    """
    if not months:
        return []
    rooms = [_room(month, setter, width, tallest) for month in months]
    edges, laid = _in_columns(rooms, setter, width)
    names = _weekdays(months[0], setter, edges)
    return [_pieces(room, one, names) for room, one in zip(rooms, laid, strict=True)]


def _room(month: Month, setter: Typesetter, width: float, tallest: float) -> _Room:
    setter.where = month.title
    title = _title(month, month.headline or month.title, setter, width)
    further = month.spans or {(0, 0): month.again}
    again = {span: _title(replace(month, subtitle=()), words, setter, width) for span, words in further.items()}
    after = lay_paragraphs(Paragraphs(month.after, boxed=True), setter, width, tallest) if month.after else []
    below = sum(piece.height for piece in after)
    room = tallest - max(one.height for one in (title, *again.values())) - setter.styles["strong"].leading - 2 - below
    return _Room(month, title, again, after, room)


def _pieces(room: _Room, laid: _Laid, names: Piece) -> list[Piece]:
    pieces = [room.title, names]
    for number, group in enumerate(laid.groups):
        stretch = (room.height - sum(laid.weeks[index].height for index in group)) / len(group)
        again = room.again[laid.weeks[group[0]].part, laid.weeks[group[-1]].part]
        for index in group:
            piece = laid.weeks[index].piece(laid.weeks[index].height + stretch)
            piece.heads = (again, names)
            piece.new_page = number > 0 and index == group[0]
            piece.keep = bool(room.after) and index == len(laid.weeks) - 1
            pieces.append(piece)
    return [*pieces, *room.after]


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


def _in_columns(rooms: Sequence[_Room], setter: Typesetter, width: float) -> tuple[list[float], list[_Laid]]:
    """The edges of the columns, and the months in them."""
    equal = _edges([width / 7] * 7)
    plain = _all_laid(rooms, setter, equal)
    best = (0, 0, len(rooms))
    if not _is_worth(best, _costs(plain)):
        return equal, plain
    texts = texts_by_weekday([room.month for room in rooms], setter)
    widest = {narrowest: uneven_columns(texts, width, narrowest) for narrowest in (NARROW, NARROWEST)}
    least = _costs(_all_laid(rooms, setter, _edges(widest[NARROWEST])))
    edges, laid = equal, plain
    steps = STEPS if _is_worth(least, _costs(plain)) else ()
    for narrowest, part in steps:
        edges = _edges([width / 7 + (wide - width / 7) * part for wide in widest[narrowest]])
        laid = _all_laid(rooms, setter, edges)
        found = _costs(laid)
        if found[:2] <= least[:2] and found[2] <= NEARLY * least[2]:
            break
    wider = _edges(_widened(rooms, setter, texts, edges)) if _costs(laid)[1] else edges
    again = laid if wider == edges else _all_laid(rooms, setter, wider)
    return (wider, again) if _costs(again)[:2] < _costs(laid)[:2] else (edges, laid)


def _widened(rooms: Sequence[_Room], setter: Typesetter, texts: Sequence[Texts], edges: Sequence[float]) -> list[float]:
    """Columns of which the others give to that of the fullest day of a week until a page holds it, down to their words.

    By how much stands on each weekday in two years the one day with eleven things to do was as narrow as a rest day.
    """
    least = [max(word + CELL_PADS, edges[-1] * NARROWEST) for word, _, _ in texts]
    widths = [right - left for left, right in pairwise(edges)]
    crowded = [(week, room.height) for room in rooms for week in room.month.weeks if _lines_of_fullest(week) >= CROWDED]
    for _ in range(ROUNDS):
        weeks = ((LaidWeek(week, setter, _edges(widths)), height) for week, height in crowded)
        place = next((one.fullest for one, height in weeks if one.height > height), -1)
        spare = [0.0 if number == place else max(0.0, widths[number] - least[number]) for number in range(7)]
        if place < 0 or sum(spare) < GIVEN:
            break
        widths = [wide - GIVEN * left / sum(spare) for wide, left in zip(widths, spare, strict=True)]
        widths[place] += GIVEN
    return widths


Costs = tuple[int, int, int]
"""Words cut inside, broken weeks, pages."""


def _costs(laid: Sequence[_Laid]) -> Costs:
    return sum(one.cut for one in laid), sum(one.broken for one in laid), sum(len(one.groups) for one in laid)


def _is_worth(costs: Costs, equal: Costs) -> bool:
    """Whether columns that are not equal are worth it: a family looks for a weekday where it stood before."""
    return costs[:2] < equal[:2] or (costs[:2] == equal[:2] and costs[2] <= MUCH_LESS * equal[2])


def _lines_of_fullest(week: Week) -> int:
    """Entries on the fullest day of a week, frames over it included."""
    return max(len(day.lines) for day in week.days) + len(week.bars)


def _all_laid(rooms: Sequence[_Room], setter: Typesetter, edges: Sequence[float]) -> list[_Laid]:
    return [_laid(room, setter, edges) for room in rooms]


def _laid(room: _Room, setter: Typesetter, edges: Sequence[float]) -> _Laid:
    setter.where = room.month.title
    weeks = [part for week in room.month.weeks for part in fitted(week, setter, edges, room.height, room.month)]
    groups = _pages([week.height for week in weeks], room.height)
    return _Laid(weeks, groups, _cut_words(room.month, setter, edges), len(weeks) - len(room.month.weeks))


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


def uneven_columns(texts: Sequence[Texts], width: float, narrowest: float) -> list[float]:
    """Widths by how much text stands on each weekday, from its longest word to its longest line; they fill the width.

    None is narrower than `narrowest` of it; equal where not even the longest words fit beside each other.
    """
    bounds: list[tuple[float, float]] = []
    for word, line, _ in texts:
        least = max(word + CELL_PADS, width * narrowest)
        bounds.append((least, max(least, line + CELL_PADS + 1.0, width / 9)))
    if sum(least for least, _ in bounds) >= width:
        return [width / 7] * 7
    return _shared(bounds, [total for _, _, total in texts], width)


def texts_by_weekday(months: Sequence[Month], setter: Typesetter) -> list[Texts]:
    """The texts of each weekday, each different one measured once."""
    found: list[Texts] = []
    weeks = [week for month in months for week in month.weeks]
    for place, name in enumerate(months[0].weekdays):
        days = [week.days[place] for week in weeks]
        lines = [line for day in days for line in day.lines]
        alone = [bar.line for week in weeks for bar in week.bars if bar.first == bar.last == place]
        told = [*(Line(day.label) for day in days), *lines, *alone]
        wide = {line: _natural(line.text, line, setter) for line in told}
        longest = max(_longest_word(line, setter) for line in (Line(name, "strong"), *wide))
        total = sum(wide[line] for line in (*told, *lines)) / 2 + 1.0
        found.append((longest, max([wide[line] for line in lines], default=0.0), total))
    return found


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
    count = len(_filled(heights, room, FULL))
    low, high = 0.0, FULL
    while high - low > 1:
        middle = (low + high) / 2
        if len(_filled(heights, room, middle)) <= count:
            high = middle
        else:
            low = middle
    return _filled(heights, room, high)


def _filled(heights: Sequence[float], room: float, most: float) -> list[list[int]]:
    """Pages filled one after the other, each up to its room and to the weight of `most`: each week has some of its own.

    By height alone one week filled a page, and three shared the next.
    """
    pages: list[list[int]] = [[]]
    used = weight = 0.0
    for number, height in enumerate(heights):
        if pages[-1] and (used + height > room or weight + height + EACH > most):
            pages.append([])
            used = weight = 0.0
        pages[-1].append(number)
        used += height
        weight += height + EACH
    return pages
