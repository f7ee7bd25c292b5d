"""The course as a drawing: lanes under an axis of months and weeks, one piece a lane, the axis again on each page."""

from datetime import date

from planner.exports.pdf.flow import Piece
from planner.exports.pdf.signs import LEAST, Place, sign_ops
from planner.exports.pdf.text import BoxOp, Op, RuleOp, Typesetter
from planner.exports.sheets.sheet import Chart, Line, Signs
from planner.model.civil import add_months
from planner.model.cycle_content import State
from planner.model.timeline import Bar, Lane, redrawn

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
TITLES = 138.0
"""Points for the names of the lanes."""
AFTER = 12.0
"""Points behind the last day, for the letter of a sign there or the head of an arrow."""
LANE = 16.0
CLOSE_LANE = 14.0
"""Points of a lane, and of one where a little less keeps the drawing on one page."""
PAD = 3.0
WEEK_NUMBERS = 14.0
"""Points a week needs before its Mondays are numbered."""
HALF_LINE = 6.0
"""Points from the top of a line of text to its middle."""
SAMPLE = 46.0
"""Points for a sign in the list of signs, and in it for one day."""
SAMPLE_DAY = 9.0
STEPS = (1, 2, 3, 6, 12)
"""Months from one that is named to the next, where not all have room."""
FARTHEST = 30.0
"""Points from a sign to its letter at the most."""
BESIDE, GAP = 6.0, 4.0
"""Points from the middle of a sign to its letter, and from a letter to what does not belong to it."""
NUMBERED = ("No. {}", "({})")
"""How a block is numbered that has no room for its name: "7" beside "POMP 5 to 7" read as a cycle."""
HEAPED = {"diamond": 10.0, "triangle": 10.0, "intrathecal": 14.0}
"""Points from the middle of such a sign to the next from which they lie side by side."""
LETTERED = ("diamond", "triangle", "hexagon", "disc")


def lay_chart(chart: Chart, setter: Typesetter, width: float, tallest: float) -> list[Piece]:
    """The axis and every lane that has something between the chart's days.

    Lanes are set closer where that keeps the drawing on one page.
    """
    drawing = _Chart(chart, setter, width)
    pieces = drawing.pieces(CLOSE_LANE if setter.close else LANE)
    if sum(piece.height for piece in pieces) > tallest:
        closer = drawing.pieces(CLOSE_LANE)
        pieces = closer if sum(piece.height for piece in closer) <= tallest else pieces
    pieces[0].together = sum(piece.height for piece in pieces)
    return pieces


def lay_signs(part: Signs, setter: Typesetter, width: float, _tallest: float) -> list[Piece]:
    """Each sign drawn beside its words, in two columns."""
    column = width / 2
    pieces = []
    for pair in (part.signs[first : first + 2] for first in range(0, len(part.signs), 2)):
        ops: list[Op] = []
        height = CLOSE_LANE if setter.close else LANE
        above = height / 2 - HALF_LINE
        for number, sign in enumerate(pair):
            left = number * column
            length = (sign.bar.end - sign.bar.start) * SAMPLE_DAY
            place = Place(left + 8, left + 8 + length, height / 2)
            ops += sign_ops(sign.bar, sign.role, place, SAMPLE_DAY)
            bottom, words = setter.place([Line(sign.text)], column - SAMPLE - PAD, left + SAMPLE, above)
            ops += words
            height = max(height, bottom + above)
        pieces.append(Piece(height, ops, keep=True))
    for line in part.lines:
        bottom, ops = setter.place([line], width)
        pieces.append(Piece(bottom, ops, keep=True))
    if pieces:
        pieces[-1].keep = False
    return pieces


class _Chart:
    """One chart of a fixed width: turns days into points."""

    def __init__(self, chart: Chart, setter: Typesetter, width: float) -> None:
        self._chart = chart
        self._setter = setter
        self._width = width
        self._per_day = (width - TITLES - AFTER) / max(chart.last - chart.first, 1)

    def _x(self, day: float) -> float:
        return TITLES + (min(max(day, self._chart.first), self._chart.last) - self._chart.first) * self._per_day

    def pieces(self, lane_height: float) -> list[Piece]:
        """The axis, and each lane of at least that height."""
        axis = self.axis()
        lanes = [self.lane(lane, lane_height) for lane in self._chart.lanes]
        for piece in lanes:
            piece.heads = (axis,)
        return [axis, *lanes]

    def axis(self) -> Piece:
        """Months above, the dates of Mondays below where there is room."""
        months, weeks = self._months(), self._weeks()
        ops: list[Op] = []
        leading = self._setter.styles["body"].leading
        for left, words in self._named(months):
            ops += self._setter.place([Line(words, "strong")], self._width - left + 1, left, 0)[1]
        numbered = 7 * self._per_day >= WEEK_NUMBERS
        written: list[tuple[float, float]] = []
        """From where to where each date stands."""
        if numbered:
            for day in weeks:
                left, words = self._x(day) + 1, str(date.fromordinal(day).day)
                if left <= self._width - WEEK_NUMBERS:
                    ops += self._setter.place([Line(words)], 20, left, leading)[1]
                    written.append((left, left + self._wide(words)))
            ops += self._setter.place([Line("Mondays")], TITLES, 0, leading)[1]
        height = leading * (2 if numbered else 1) + 2
        top = 0 if numbered else leading
        for day, _ in months:
            x = self._x(day)
            ends = leading if any(left < x < right for left, right in written) else height  # no line through a date
            ops.append(RuleOp(x, top, x, ends, 0.6))
        return Piece(height, [*ops, RuleOp(0, height, self._width, height, 1.0)], keep=True)

    def _named(self, months: list[tuple[int, str]]) -> list[tuple[float, str]]:
        """Where which months are named: every one, or every 2nd, 3rd, 6th or 12th; not the rest of one without room."""
        for step in STEPS:
            lefts = [self._x(day) + PAD for day, _ in months]
            rooms = [
                right - left - PAD for left, right in zip(lefts, [*lefts[step:], *[self._width] * step], strict=False)
            ]
            words = [
                name if self._fits(name, room) else _short(name) for (_, name), room in zip(months, rooms, strict=True)
            ]
            fits = [self._fits(*one) for one in zip(words, rooms, strict=True)]
            first = 0 if fits[0] or len(months) == 1 else 1
            shown = range(first, len(months), step)
            if all(fits[number] for number in shown[:-1]):
                return [(lefts[number], words[number]) for number in shown if fits[number]]
        return []

    def lane(self, lane: Lane, least: float) -> Piece:
        """The lane's name and its bars, over the lines of months and weeks."""
        above = 2 if least >= LANE else 0
        wide = TITLES - 2 * PAD
        style = "capital" if lane.kind == "intrathecal" else "strong" if lane.kind == "blocks" else "body"
        bottom, title = self._setter.place([Line(lane.title, style)] if lane.title else [], wide, 0, above)
        height = max(least, bottom + above)
        ops: list[Op] = [*self._lines(height), *title]
        shown = [
            self._clipped(bar) for bar in lane.bars if bar.start < self._chart.last and bar.end > self._chart.first
        ]
        if lane.kind == "blocks":
            ops += self._ribbons(shown, height)
        else:
            ops += self._bars(shown, lane.role, height / 2)
        return Piece(height, [*ops, RuleOp(0, height, self._width, height, 0.3)])

    def _bars(self, bars: list[Bar], role: str, middle: float) -> list[Op]:
        """The signs with their letters; where not all of them find room, at least those that do beside their own."""
        bars = [_as_one(heap) for heap in self._heaps(bars)]
        places = [Place(self._x(bar.start), max(self._x(bar.end), self._x(bar.start) + LEAST), middle) for bar in bars]
        signs = [
            op for bar, place in zip(bars, places, strict=True) for op in sign_ops(bar, role, place, self._per_day)
        ]
        spinal = ((bar, place) for bar, place in zip(bars, places, strict=True) if bar.form == "intrathecal")
        inside = [op for bar, place in spinal if bar.letter for op in self._within(bar.letter, place)]
        return [*signs, *inside, *self._lettered(bars, places, middle)]

    def _within(self, words: str, place: Place) -> list[Op]:
        """How many days a sign stands for that is wide enough to hold the number."""
        wide = self._wide(words)
        return self._setter.place([Line(words, "strong")], wide + 1, place.centre - wide / 2, place.middle - 6)[1]

    def _heaps(self, bars: list[Bar]) -> list[list[Bar]]:
        """The bars, those signs together that are alike and would lie over each other: nine days were one black heap.

        Days in a row are one heap however many they are, others only as far as one sign reaches.
        """
        heaps: list[list[Bar]] = []
        for bar in bars:
            heap = heaps[-1] if heaps and _is_alike(heaps[-1][0], bar) else []
            reach = heap[-1] if heap and bar.start <= heap[-1].end else heap[0] if heap else bar
            if heap and self._middle(bar) - self._middle(reach) < HEAPED[bar.form]:
                heap.append(bar)
            else:
                heaps.append([bar])
        return heaps

    def _middle(self, bar: Bar) -> float:
        return (self._x(bar.start) + self._x(bar.end)) / 2

    def _lettered(self, bars: list[Bar], places: list[Place], middle: float) -> list[Op]:
        """The letters of the signs that find room beside them.

        Those of signs that touch wait for the last of these; where that has no room they have none: behind a sign that
        stands apart, or far behind their own, they would be read as those of another.
        """
        ops: list[Op] = []
        letters: dict[str, None] = {}
        """Of the signs so far beside which there is no room."""
        free = first = TITLES
        """Where the signs and letters end that are done, and where the first sign begins whose letter is not."""
        for number, (bar, place) in enumerate(zip(bars, places, strict=True)):
            if bar.form not in LETTERED:
                continue
            apart = number == 0 or place.centre - places[number - 1].centre >= 2 * BESIDE
            if letters and (apart or place.centre - first > FARTHEST):
                letters, free = {}, places[number - 1].centre + BESIDE
            first = first if letters else place.centre - BESIDE
            letters |= {bar.letter: None} if bar.letter else {}
            following = places[number + 1].centre - BESIDE if number + 1 < len(places) else self._width
            after = place.centre + BESIDE
            wide = self._wide(", ".join(letters))
            left = after if wide <= following - after else first - wide
            if letters and left >= free:  # before its sign it stands as far from what is before
                ops += self._letters(", ".join(letters), left, middle)
                letters, after = {}, max(left + wide + GAP, after)
            free = free if letters else after
        return ops

    def _letters(self, words: str, left: float, middle: float) -> list[Op]:
        """On white: the line of a week through a letter made another of it."""
        wide = self._wide(words)
        text = self._setter.place([Line(words, "strong")], wide + 1, left, middle - 6)[1]
        return [BoxOp(left, middle - 4, wide, 8, 0.0, fill=1.0), *text]

    def _ribbons(self, bars: list[Bar], height: float) -> list[Op]:
        """Blocks as frames with their names; the cycles as strokes, short where a name stands."""
        ops: list[Op] = []
        named: list[tuple[float, float]] = []
        """From where to where each name stands: the block's frame comes before the strokes of its cycles."""
        numbered = self._numbered(bars)
        frames = _frames(bars)
        for bar in bars:
            left, right = self._x(bar.start), self._x(bar.end)
            if bar.form == "cycle":
                below = 3.5 if any(begin < left < end for begin, end in named) else height - 1.5
                ops.append(RuleOp(left, 1.5, left, below, 0.5))
                continue
            dashed = bar.state is State.PROVISIONAL
            box = BoxOp(left, 1.5, max(right - left, LEAST), height - 3, 0.9, dashed=dashed, fill=1.0)
            ops.append(box)
            names = (bar.label, numbered.format(bar.letter)) if bar.letter else (bar.label,)
            room = self._x(_free_to(bar, frames)) - left - 2 * PAD
            words = next((one for one in names if self._fits(one, room)), "")
            if words:
                ops += self._setter.place([Line(words, "strong")], right - left, left + PAD, 2)[1]
                named.append((left, left + PAD + self._wide(words) + 1))
        return ops

    def _numbered(self, bars: list[Bar]) -> str:
        """How the blocks without room for their names are numbered, all alike: "1" stood beside "No. 2".

        As short as the narrowest asks for that has room for its bare number.
        """
        frames = _frames(bars)
        rooms = [(bar, self._x(_free_to(bar, frames)) - self._x(bar.start) - 2 * PAD) for bar in frames if bar.letter]
        unnamed = [(bar.letter, room) for bar, room in rooms if not self._fits(bar.label, room)]
        narrow = [(number, room) for number, room in unnamed if self._fits(number, room)]
        forms = (form for form in NUMBERED if all(self._fits(form.format(number), room) for number, room in narrow))
        return next(forms, "{}")

    def _fits(self, text: str, room: float) -> bool:
        return self._wide(text) <= room

    def _wide(self, text: str) -> float:
        style = self._setter.styles["strong"]
        return style.face.width(self._setter.clean(text), style.size)

    def _clipped(self, bar: Bar) -> Bar:
        """The part of the bar, and of the days it may also fall on, between the chart's days; its end where it is."""
        first, last = self._chart.first, self._chart.last
        earlier, later = bar.window
        window = (min(earlier, max(bar.start - first, 0)), min(later, max(last - bar.end, 0)))
        if first <= bar.start and bar.end <= last and window == bar.window:
            return bar
        inside = tuple(day for day in bar.ticks if first <= day < last)
        ends = bar.open_end and bar.end <= last
        return redrawn(
            bar, start=max(bar.start, first), end=min(bar.end, last), ticks=inside, window=window, open_end=ends
        )

    def _lines(self, height: float) -> list[Op]:
        ops: list[Op] = [RuleOp(self._x(day), 0, self._x(day), height, 0.6) for day, _ in self._months()]
        if 7 * self._per_day >= WEEK_NUMBERS:
            ops += [RuleOp(self._x(day), 0, self._x(day), height, 0.2) for day in self._weeks()]
        return ops

    def _months(self) -> list[tuple[int, str]]:
        """First days of the months in the chart (the chart's own first day for the first), with their names."""
        first = date.fromordinal(self._chart.first)
        found = [(self._chart.first, f"{MONTHS[first.month - 1]} {first.year}")]
        following = add_months(first.replace(day=1), 1)
        while following.toordinal() < self._chart.last:
            found.append((following.toordinal(), f"{MONTHS[following.month - 1]} {following.year}"))
            following = add_months(following, 1)
        return found

    def _weeks(self) -> range:
        """The Mondays; ordinal 1 was one."""
        return range(self._chart.first + (1 - self._chart.first) % 7, self._chart.last, 7)


def _frames(bars: list[Bar]) -> list[Bar]:
    """The blocks of a lane without their cycles, by their first days."""
    return sorted((one for one in bars if one.form != "cycle"), key=lambda one: one.start)


def _free_to(bar: Bar, frames: list[Bar]) -> int:
    """The day up to which the name of a block may run: the first of the next one, which may come before its own end."""
    behind = (one.start for one in frames[frames.index(bar) + 1 :] if one.start < bar.end)
    return min(behind, default=bar.end)


def _is_alike(one: Bar, other: Bar) -> bool:
    return one.form in HEAPED and (one.form, one.letter, one.state) == (other.form, other.letter, other.state)


def _as_one(heap: list[Bar]) -> Bar:
    """The first sign of a heap with how many there are: "9 A", and the days that any of them may fall on."""
    first, last = heap[0], heap[-1]
    if len(heap) == 1:
        return first
    number, letter = first.letter.split(" ")[0], first.letter.split(" ")[-1]
    each = int(number) if number.isdigit() else 1
    told = f"{each * len(heap)} {letter if letter.isalpha() else ''}".rstrip()
    moved = any(any(bar.window) for bar in heap)
    window = (first.window[0], last.end + last.window[1] - first.end) if moved else (0, 0)
    return redrawn(first, letter=told, window=window)


def _short(month: str) -> str:
    """Aug 2026 for August 2026."""
    name, year = month.split(" ")
    return f"{name[:3]} {year}"
