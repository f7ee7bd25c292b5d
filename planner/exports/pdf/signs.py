"""The signs of the timeline in black and grey: told apart by form and pattern alone, also on a fax (promises P5)."""

from collections.abc import Callable
from itertools import pairwise
from math import cos, pi, sin
from typing import NamedTuple

from planner.exports.pdf.text import BoxOp, Op, PolygonOp, RuleOp
from planner.model.cycle_content import State
from planner.model.timeline import Bar

PATTERNS = {
    "premedication": "hatched",
    "supportive": "hatched",
    "hydration": "hatched",
    "rescue": "dotted",
    "growth factor": "dotted",
}
"""How doses of a lane of that role are filled; all others are black."""

LEAST = 1.6
"""Points that a bar of one day is wide at the least."""
FULL, HALF, THIN, DOT, ROUND = 8.0, 5.0, 3.0, 2.6, 9.0
CLOSEST = 3.0
"""Points between two strokes at the least."""
HOLLOW = (State.PROVISIONAL, State.OMITTED, State.STOPPED, State.HELD)
"""Drawn as an outline: on a black bar neither a stroke through it nor the two of a hold were seen."""
GIVEN_UP = (State.OMITTED, State.STOPPED)
BLACK, PALE, WHITE = 0.0, 0.85, 1.0


class Place(NamedTuple):
    """Where a bar stands: its left and right edge and the middle of its lane, in points."""

    left: float
    right: float
    middle: float

    @property
    def centre(self) -> float:
        return (self.left + self.right) / 2


def sign_ops(bar: Bar, role: str, place: Place, per_day: float) -> list[Op]:
    """What to draw for a bar of a lane of that role."""
    form = bar.form if bar.form in _FORMS else "dose"
    ops = _FORMS[form](bar, PATTERNS.get(role, ""), place, per_day)
    if bar.state in GIVEN_UP:
        ops.append(RuleOp(place.left - 1.5, place.middle, place.right + 1.5, place.middle, 0.8))
    if bar.open_end:
        ops.append(PolygonOp(_around((place.right + 2.0, place.middle), 2.4, 3), fill=BLACK))
    if bar.state is State.HELD:
        ops += _pauses(bar, place, per_day)
    if bar.state is State.GIVEN and form != "mark":  # an acknowledged finding is thin: nothing was given
        ops += _tick(place)
    return [*ops, *_window(bar, place, per_day)]


def _bar_box(bar: Bar, place: Place, height: float, fill: float, edge: float = 0.0) -> list[Op]:
    """A bar of that height; hollow with a broken edge where it hangs on a decision."""
    width = max(place.right - place.left, LEAST)
    top = place.middle - height / 2
    if bar.state in HOLLOW:
        return [BoxOp(place.left, top, width, height, 0.6, dashed=bar.state is State.PROVISIONAL, fill=WHITE)]
    return [BoxOp(place.left, top, width, height, edge, fill=fill)]


def _dose(bar: Bar, pattern: str, place: Place, per_day: float) -> list[Op]:
    if not pattern:
        gap = 0.6 if per_day >= 3 else 0.0
        return _bar_box(bar, place._replace(right=place.right - gap), FULL, BLACK)
    width = max(place.right - place.left, LEAST)
    top = place.middle - HALF / 2
    box: list[Op] = [BoxOp(place.left, top, width, HALF, 0.5, dashed=bar.state is State.PROVISIONAL, fill=WHITE)]
    if bar.state in HOLLOW:
        return box
    step = 2.4
    count = int(width / step)
    if pattern == "dotted":
        return box + [
            BoxOp(place.left + 0.8 + number * step, place.middle - 0.5, 1.0, 1.0, 0.0, fill=BLACK)
            for number in range(max(count, 1))
        ]
    lean = min(HALF, width)
    return box + [
        RuleOp(place.left + number * step, top + HALF, place.left + number * step + lean, top + HALF - lean, 0.4)
        for number in range(max(int((width - lean) / step) + 1, 1))
    ]


def _infusion(bar: Bar, _pattern: str, place: Place, per_day: float) -> list[Op]:
    """Pale, as high as its dose is of the highest; a stroke where a bag or the dose changes.

    Not where the strokes would merge: twelve bags of a cycle made the infusion black, which is the sign of a dose.
    """
    height = max(FULL * bar.level, THIN)
    low = place._replace(middle=place.middle + (FULL - height) / 2)
    ops = _bar_box(bar, low, height, PALE, edge=0.8)
    apart = min((later - day for day, later in pairwise(sorted(bar.ticks))), default=CLOSEST / per_day)
    ops += [
        RuleOp(x, place.middle - FULL / 2 - 1.5, x, place.middle + FULL / 2, 0.7)
        for day in (bar.ticks if apart * per_day >= CLOSEST else ())
        if place.left < (x := place.left + (day - bar.start) * per_day) < place.right
    ]
    return ops


def _span(bar: Bar, _pattern: str, place: Place, _per_day: float) -> list[Op]:
    return _bar_box(bar, place, THIN, BLACK)


def _dots(bar: Bar, _pattern: str, place: Place, per_day: float) -> list[Op]:
    days = bar.ticks or (bar.start,)
    hollow = bar.state in HOLLOW
    return [
        PolygonOp(
            _around((place.left + (day - bar.start + 0.5) * per_day, place.middle), DOT, 10),
            weight=0.6 if hollow else 0.0,
            fill=WHITE if hollow else BLACK,
        )
        for day in days
    ]


def _intrathecal(bar: Bar, _pattern: str, place: Place, _per_day: float) -> list[Op]:
    """A thick outlined bar with pointed ends, never narrower than can be seen."""
    half = max(place.right - place.left, 6.0) / 2
    x, y, h = place.centre, place.middle, FULL / 2
    points = ((x - half - 3, y), (x - half, y - h), (x + half, y - h), (x + half + 3, y), (x + half, y + h))
    return [PolygonOp((*points, (x - half, y + h)), weight=1.3, dashed=bar.state is State.PROVISIONAL, fill=WHITE)]


def _polygon(sides: int) -> Callable[[Bar, str, Place, float], list[Op]]:
    def draw(bar: Bar, _pattern: str, place: Place, _per_day: float) -> list[Op]:
        points = _around((place.centre, place.middle), ROUND / 2 + 0.6, sides)
        return [PolygonOp(points, weight=0.9, dashed=bar.state is State.PROVISIONAL, fill=WHITE)]

    return draw


def _decision(bar: Bar, pattern: str, place: Place, per_day: float) -> list[Op]:
    """A hexagon, with a tick in it once it is answered: an open one has its question mark beside it."""
    hexagon = _polygon(6)(bar, pattern, place, per_day)
    return hexagon if bar.letter else [*hexagon, *_tick(place._replace(middle=place.middle + FULL / 2 + 2.5))]


def _mark(bar: Bar, _pattern: str, place: Place, per_day: float) -> list[Op]:
    """A finding: a thin line over its days, a stroke on each day, thick while it is open."""
    weight = 0.6 if bar.state is State.GIVEN else 1.4
    ops: list[Op] = [RuleOp(place.left, place.middle, max(place.right, place.left + LEAST), place.middle, 0.5)]
    for day in bar.ticks or (bar.start,):
        x = place.left + (day - bar.start + 0.5) * per_day
        ops.append(RuleOp(x, place.middle - FULL / 2, x, place.middle + FULL / 2, weight))
    return ops


def _window(bar: Bar, place: Place, per_day: float) -> list[Op]:
    """Whiskers: how many days earlier and later it may fall."""
    earlier, later = bar.window
    if not earlier and not later:
        return []
    y = place.middle + ROUND / 2 + 1.6
    left, right = place.left - earlier * per_day, place.right + later * per_day
    return [RuleOp(left, y, right, y, 0.5), *(RuleOp(x, y - 1.5, x, y + 1.5, 0.5) for x in (left, right))]


def _pauses(bar: Bar, place: Place, per_day: float) -> list[Op]:
    """The two strokes of a hold, above the bar as a tick is, or above each dot; on white, for weeks are strokes too.

    On a bar of one day they were its edges.
    """
    days = bar.ticks if bar.form == "dots" else ()
    y, ops = place.middle - FULL / 2 - 5.5, list[Op]()
    for x in [place.left + (day - bar.start + 0.5) * per_day for day in days] or [place.centre]:
        ops.append(BoxOp(x - 3.2, y, 6.4, 4.5, 0.0, fill=WHITE))
        ops += [RuleOp(x + side, y, x + side, y + 4.5, 1.2) for side in (-1.5, 1.5)]
    return ops


def _tick(place: Place) -> list[Op]:
    x, y = place.centre, place.middle - FULL / 2 - 1
    return [RuleOp(x - 2, y - 1.5, x - 0.5, y, 0.9), RuleOp(x - 0.5, y, x + 2.5, y - 4, 0.9)]


def _around(centre: tuple[float, float], radius: float, corners: int) -> tuple[tuple[float, float], ...]:
    """The corners of a regular polygon that stands on its tip, or looks right with three corners."""
    turn = 0.0 if corners == 3 else pi / 2
    x, y = centre
    return tuple(
        (x + radius * cos(turn + 2 * pi * number / corners), y - radius * sin(turn + 2 * pi * number / corners))
        for number in range(corners)
    )


def _triangle(bar: Bar, _pattern: str, place: Place, _per_day: float) -> list[Op]:
    x, y, r = place.centre, place.middle, ROUND / 2 + 0.4
    points = ((x, y - r), (x + r, y + r * 0.8), (x - r, y + r * 0.8))
    return [PolygonOp(points, weight=0.9, dashed=bar.state is State.PROVISIONAL, fill=WHITE)]


_FORMS: dict[str, Callable[[Bar, str, Place, float], list[Op]]] = {
    "dose": _dose,
    "infusion": _infusion,
    "span": _span,
    "dots": _dots,
    "intrathecal": _intrathecal,
    "disc": _polygon(16),
    "diamond": _polygon(4),
    "triangle": _triangle,
    "hexagon": _decision,
    "mark": _mark,
}
