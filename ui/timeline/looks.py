"""What a row of the lanes is painted from: rows of two pictures that look alike here are alike to the pixel."""

from bisect import bisect_left
from collections.abc import Iterator

from ui.timeline.area import lane_painter
from ui.timeline.lanes import LanePainter
from ui.timeline.picture import Picture
from ui.timeline.places import Row


def altered_rows(before: Picture, now: Picture) -> list[Row] | None:
    """The rows in sight that look otherwise than in the picture before; None where more than rows differs.

    Both pictures are of one size and scale.
    """
    if _around(before) != _around(now):
        return None
    rows = list(zip(_rows(before), _rows(now), strict=True))
    if any((old.part, old.top, old.height) != (new.part, new.top, new.height) for old, new in rows):
        return None
    old_lanes, lanes = lane_painter(before), lane_painter(now)
    return [new for old, new in rows if _look(before, old_lanes, old) != _look(now, lanes, new)]


def _around(picture: Picture) -> tuple[object, ...]:
    """What lies behind and between the rows, and how many there are."""
    scene, scale = picture.scene, picture.scale
    borders = frozenset(day for day in scene.borders if scale.left <= day <= scale.right)
    return borders, scene.groups, picture.focus.dragged, len(list(_rows(picture)))


def _rows(picture: Picture) -> Iterator[Row]:
    yield from picture.frame.seen_rows(picture.scene.body)
    yield from picture.scene.bottom


def _look(picture: Picture, lanes: LanePainter, row: Row) -> tuple[object, ...]:
    """All that the painting of that row reads."""
    focus, scale, chosen = picture.focus, picture.scale, picture.focus.chosen
    seen = row.seen(scale.left, scale.right)
    bars = row.bars[seen.start : seen.stop]
    marks = [
        # Where nothing is chosen the focus names "", as does a bar here that is no more than unseen.
        (
            index,
            id(bar) in lanes.unseen,
            bool(name) and name in chosen,
            bool(name) and name in (focus.hovered, focus.bar),
        )
        for index, bar in enumerate(bars)
        if (name := bar.id if id(bar) in lanes.outlined else "") or id(bar) in lanes.unseen
    ]
    # Of a long bar the days are told apart on which findings speak.
    spoken = [lanes.findings.get(order) for bar in bars if bar.finding and bar.figure.days > 1 for order in bar.orders]
    blocks = (focus.block, focus.hovered_block, focus.picked) if row.shifted or row.lane.kind == "blocks" else ()
    outside: tuple[int, ...] = ()
    if not any(bar.end > scale.left and bar.start < scale.right for bar in bars):
        following = bisect_left(row.starts, scale.right)
        outside = (row.starts[following] if following < len(row.bars) else 0, row.reached[-1] if row.bars else 0)
    kind = (row.lane.kind, row.lane.role, row.shifted, row.has_points, row.lane.id == focus.lane)
    return bars, marks, spoken, blocks, outside, kind
