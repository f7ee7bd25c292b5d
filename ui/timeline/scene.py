"""A timeline made ready for painting: rows with heights, bars sorted for looking up, ids found. No Qt types."""

from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from math import ceil

from msgspec import Struct
from msgspec.structs import replace

from planner.model.cycle_content import State
from planner.model.timeline import NO_TRAITS, Bar, Lane, Timeline
from ui.timeline.geometry import reaches
from ui.timeline.places import Place, Places, Row
from ui.tongue import say

LANE, RIBBON, FINDING = 22, 40, 18
"""Heights in px of a lane, of a row of block ribbons and of a row of the findings band."""
SECOND_LINE = 14
"""What a second line of a long name adds to a lane's height."""
GROUP_GAP = 5
"""Free space before a lane of another kind or sign."""
BODY_TOP = 5
"""Free space above the first lane, so that a sign on its bars is seen whole."""
HEADER_LEAST, HEADER_MOST = 136, 208
"""Width in px of the lane names; a longer name takes a second line and is never cut."""
HEADER_PAD = 38
"""What of the header's width is not name: the sign before it and the margins."""
PINNED_RIBBONS, PINNED_FINDINGS = 2, 3
"""Rows of blocks and findings that stay in sight while the lanes scroll."""

POINTS = ("diamond", "triangle", "hexagon", "disc")
"""Forms that stand on a day whatever its width, and collapse to a count where they would touch."""

Measure = Callable[[str], float]


class Scene(Struct, frozen=True):
    """Rows in three parts: blocks pinned on top, lanes that scroll, findings pinned at the bottom."""

    timeline: Timeline
    top: tuple[Row, ...]
    body: tuple[Row, ...]
    bottom: tuple[Row, ...]
    header: int
    bars: Places
    groups: tuple[int, ...]
    borders: frozenset[int]
    """The days on which blocks begin, and the days after their last."""
    finding_days: Mapping[str, tuple[tuple[int, str], ...]]
    vacant: frozenset[str] = frozenset()
    """The ids of the lanes with nothing on the days in sight, as far as they may be folded."""
    folds: bool = False
    """Whether those lanes are folded: their rows have no height then, and all else about them stays as it is."""
    vacant_names: tuple[str, ...] = ()
    """The names of those lanes, each once, from top to bottom."""

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows from top to bottom."""
        return (*self.top, *self.body, *self.bottom)

    @property
    def is_empty(self) -> bool:
        return not self.timeline.lanes or self.timeline.end <= self.timeline.start

    @property
    def fold(self) -> int:
        """Height in px of the line that tells of lanes with nothing in sight; 0 where there are none."""
        return LANE if self.vacant else 0

    def again(self, place: Place) -> Place:
        """That place of a scene of the same timeline in this one."""
        return next((Place(row, place.index) for row in self.rows if row.lane.id == place.row.lane.id), place)

    def find(self, name: str) -> Place | None:
        """The place of a block, bar, order or finding id; None where the timeline does not show it."""
        return self.bars.get(name) or next(self._with_order(name), None)

    def _with_order(self, name: str) -> Iterator[Place]:
        """The bars of the lanes that an order stands on; looked for when asked, which is seldom."""
        for row in self.body:
            for index, bar in enumerate(row.bars):
                if name in bar.orders:
                    yield Place(row, index)


def lane_name(lane: Lane) -> str:
    """How the lane is called: a drug by its own name, all else in the language of the window.

    Findings have a name only where the band below the lanes has no more room for them.
    """
    if lane.kind == "findings":
        return say("More findings")
    return say(lane.title) if lane.kind in ("assessments", "intrathecal") else lane.title


def height_of(rows: Sequence[Row]) -> int:
    """Height in px of the rows of one part."""
    return rows[-1].bottom if rows else 0


def prepare(timeline: Timeline, measure: Measure) -> Scene:
    """The scene of a timeline; `measure` gives the width in px of a lane's name in bold."""
    widest = max((measure(lane_name(lane)) for lane in timeline.lanes), default=0.0)
    header = ceil(min(max(widest + HEADER_PAD, HEADER_LEAST), HEADER_MOST))
    room = header - HEADER_PAD
    lanes = timeline.lanes
    blocks = [lane for lane in lanes if lane.kind == "blocks"]
    findings = [lane for lane in lanes if lane.kind == "findings"]
    others = [lane for lane in lanes if lane.kind not in ("blocks", "findings")]
    pinned, overflow = blocks[:PINNED_RIBBONS], blocks[PINNED_RIBBONS:]
    shown, more = findings[:PINNED_FINDINGS], findings[PINNED_FINDINGS:]
    body, groups = _body([_row(lane, "body", 0, measure, room) for lane in (*overflow, *others, *more)])
    top = _stack(pinned, "top", measure, room)
    bottom = _stack(shown, "bottom", measure, room)
    bars = Places((*top, *body, *bottom))
    ribbons = [bar for row in top for bar in row.bars if bar.form == "ribbon"]
    borders = frozenset(day for bar in ribbons for day in (bar.start, bar.end))
    days = finding_days(bar for lane in findings for bar in lane.bars)
    return Scene(timeline, tuple(top), tuple(body), tuple(bottom), header, bars, groups, borders, days)


def finding_days(marks: Iterable[Bar]) -> dict[str, tuple[tuple[int, str], ...]]:
    """For each order the days on which an open finding speaks about it, with the severity."""
    found: dict[str, list[tuple[int, str]]] = {}
    for mark in marks:
        if mark.state is State.PLANNED:
            days = [(day, mark.finding) for day in mark.ticks]
            for order in mark.orders:
                found.setdefault(order, []).extend(days)
    return {order: tuple(days) for order, days in found.items()}


def _stack(lanes: Iterable[Lane], part: str, measure: Measure, room: float) -> list[Row]:
    rows: list[Row] = []
    for lane in lanes:
        rows.append(_row(lane, part, rows[-1].bottom if rows else 0, measure, room))
    return rows


def folded(scene: Scene, vacant: frozenset[str], *, folds: bool) -> Scene:
    """The scene with those lanes as the ones that have nothing in sight, folded or not."""
    body, groups = _body(scene.body, vacant if folds else ())
    bars = scene.bars.standing_on((*scene.top, *body, *scene.bottom))
    names = tuple(dict.fromkeys(lane_name(row.lane) for row in body if row.lane.id in vacant and row.lane.title))
    return replace(scene, body=tuple(body), groups=groups, bars=bars, vacant=vacant, folds=folds, vacant_names=names)


def whole_height(scene: Scene) -> int:
    """Height in px of the lanes that scroll with none of them folded."""
    return height_of(_body(scene.body)[0]) if scene.folds else height_of(scene.body)


def _body(lanes: Iterable[Row], away: Collection[str] = ()) -> tuple[list[Row], tuple[int, ...]]:
    """Rows under each other with a gap between groups, and the places of those gaps; lanes in `away` take no room."""
    rows: list[Row] = []
    gaps: list[int] = []
    group, top = "", BODY_TOP
    for row in lanes:
        if row.lane.id in away:
            rows.append(replace(row, top=top, height=0))
            continue
        if group and group != _group(row.lane):
            gaps.append(top + GROUP_GAP // 2)
            top += GROUP_GAP
        rows.append(replace(row, top=top, height=_height(row.lane, row.title)))
        group, top = _group(row.lane), rows[-1].bottom
    return rows, tuple(gaps)


def _height(lane: Lane, title: Sequence[str]) -> int:
    return {"blocks": RIBBON, "findings": FINDING}.get(lane.kind, LANE) + SECOND_LINE * (len(title) - 1)


def _group(lane: Lane) -> str:
    """Lanes of one group stand together without a line between them."""
    together = {"premedication": "support", "supportive": "support", "hydration": "support"}
    together |= {"rescue": "rescue", "growth factor": "rescue"}
    return together.get(lane.role, lane.role) if lane.kind == "drug" else lane.kind


def _row(lane: Lane, part: str, top: int, measure: Measure, room: float) -> Row:
    title = _lines(lane_name(lane), measure, room)
    height = _height(lane, title)
    bars = tuple(sorted(lane.bars, key=lambda bar: bar.start))
    figures = [bar.figure for bar in bars]
    traits = {id(one): one for figure in figures if (one := figure.traits) is not NO_TRAITS}.values()
    pad = max((max(*one.window, abs(one.shift), 0) for one in traits), default=0)
    shifted = any(one.shift for one in traits)
    has_points = any(figure.form in POINTS for figure in figures)
    starts = array("i", [bar.start for bar in bars])
    reached = array("i", reaches([start + bar.figure.days for start, bar in zip(starts, bars, strict=True)]))
    return Row(lane, part, top, height, title, bars, starts, reached, pad, shifted, has_points)


def _lines(title: str, measure: Measure, room: float) -> tuple[str, ...]:
    """The name whole, on as few lines as the room allows; it breaks at spaces and after hyphens only."""
    if measure(title) <= room:
        return (title,)
    pieces = title.replace("-", "-\0").replace(" ", " \0").split("\0")
    lines = [""]
    for piece in pieces:
        if lines[-1] and measure((lines[-1] + piece).rstrip()) > room:
            lines.append("")
        lines[-1] += piece
    return tuple(line.rstrip() for line in lines)
