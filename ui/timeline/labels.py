"""Where the labels of one lane stand: whole or not at all, never on each other or on a sign. No Qt types."""

from collections.abc import Callable, Sequence
from math import inf
from typing import NamedTuple

from msgspec import Struct

from planner.model.cycle_content import State
from planner.model.timeline import Bar
from ui.plan_words import plan_words
from ui.tongue import say

PAD = 4.0
"""Free px around a label."""
BEHIND_MARK, END_SIGN = 8.0, 12.0
"""Px that the sign of a finding takes at the beginning of a bar, tick and pause at its end."""

Measure = Callable[[str], float]
Extent = tuple[float, float]


class Drawn(NamedTuple):
    """A bar with the edges of its box and of all that is painted for it, whiskers and signs included.

    `until` is where the next bar of the lane begins that is not among those drawn one by one.
    """

    bar: Bar
    box: Extent
    extent: Extent
    until: float = inf


class Label(Struct, frozen=True):
    """A label of the bar `index` from `x` on: inside its bar, above its span, or behind its sign."""

    index: int
    text: str
    x: float
    width: float
    where: str


def words(bar: Bar) -> str:
    """The dose, with "check" where a person still has to look at it; "dose to enter" says so itself."""
    own = bar.label
    checked = bar.needs_check and bar.state is not State.OMITTED and any(letter.isdigit() for letter in own)
    label = plan_words(own)
    return f"{label} · {say('check')}" if checked else label


def lane_labels(
    drawn: Sequence[Drawn],
    shown: float,
    measure: Measure,
    spots: Callable[[Bar], list[float]],
    today: float = -inf,
    *,
    patterned: bool = False,
) -> list[Label]:
    """The labels of a lane's bars in sight, from left to right.

    `shown` is the width in sight, `spots` gives the centres of the dots of a bar. Equal doses on days in a row have one
    label behind the last; where they differ there is none, since it would seem to speak for all.

    The dose of an infusion stands in its bar, behind it only where none follows and the line of today, at the px
    `today`, is not crossed: on days without a pump it would read as if one ran. No words stand on a pattern.
    """
    found: list[Label] = []
    texts = [words(one.bar) for one in drawn]
    free, mixed = 0.0, False
    for index, (bar, box, extent, until) in enumerate(drawn):
        text, form = texts[index], bar.form
        if box[1] <= 0 or not text:
            continue
        following = drawn[index + 1] if index + 1 < len(drawn) else None
        room = min(following.extent[0] - PAD if following else shown, until - PAD, shown)
        width = measure(text)
        if form == "span":
            place = _above(box, width, free, room, shown)
        elif form == "dots":
            place = _between(spots(bar), width, free, room)
        else:
            before = drawn[index - 1].bar if index else None
            mixed = before is not None and before.end == bar.start and (mixed or texts[index - 1] != text)
            open_run = following is not None and following.bar.start == bar.end
            silent = open_run or mixed or (form == "infusion" and following is not None)
            inside = None if patterned else _inside(bar, box, width, shown)
            place = inside or _behind(extent, width, free, 0.0 if silent else room)
            if place and form == "infusion" and extent[1] <= today < place[0] + width:
                place = None
        if place is not None:
            found.append(Label(index, text, place[0], width, place[1]))
            free = place[0] + width + PAD
    return found


def _behind(extent: Extent, width: float, free: float, room: float) -> tuple[float, str] | None:
    x = max(extent[1] + PAD, free)
    return (x, "behind") if extent[1] >= 0 and x + width <= room else None


def _inside(bar: Bar, box: Extent, width: float, shown: float) -> tuple[float, str] | None:
    if box[1] - box[0] < width or bar.form not in ("dose", "infusion"):
        return None
    ends = box[1] - (END_SIGN if bar.state in (State.GIVEN, State.HELD) else 0.0)
    left, right = max(box[0] + (BEHIND_MARK if bar.finding else 0.0), 0.0), min(ends, shown)
    fits = bar.level > 0.7 and right - left >= width + 2 * PAD
    return (left + PAD, "inside") if fits else None


def _above(extent: Extent, width: float, free: float, room: float, shown: float) -> tuple[float, str] | None:
    """Over a span: at its beginning, or at the edge of what is in sight where it began before."""
    x = max(extent[0] + 1, 0.0 + PAD, free)
    end = max(min(extent[1], shown), room)
    return (x, "above") if extent[1] > x and x + width <= end else None


def _between(spots: Sequence[float], width: float, free: float, room: float) -> tuple[float, str] | None:
    """Behind the first dot in sight that has room before the next one."""
    for spot, following in zip(spots, [*spots[1:], room], strict=True):
        x = max(spot + 4 + PAD, free)
        if spot >= 0 and x + width + 4 + PAD <= min(following, room):
            return x, "behind"
    return None
