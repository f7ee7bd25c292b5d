"""Selections of several bars: between two, within a field drawn with the pointer, of a cycle, all. No Qt types."""

from collections.abc import Iterator

from msgspec import Struct

from planner.model.timeline import Bar
from ui.timeline.frame import Frame
from ui.timeline.geometry import DayScale
from ui.timeline.places import Place, Row
from ui.timeline.scene import Scene

BEGINS_AFTER = 4.0
"""Px the pointer has to travel over free ground before a field is drawn."""
KINDS = ("drug", "intrathecal", "assessments")
"""Lanes whose bars may be selected together; blocks may be as well, among themselves or with them."""


class Band(Struct, frozen=True):
    """A field drawn over free ground, in px of the widget from where it began to where the pointer is.

    `kept` are the bars that were selected before and stay so.
    """

    x: float
    y: float
    to_x: float
    to_y: float
    kept: frozenset[str] = frozenset()

    @property
    def is_drawn(self) -> bool:
        return max(abs(self.to_x - self.x), abs(self.to_y - self.y)) >= BEGINS_AFTER

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom."""
        return min(self.x, self.to_x), min(self.y, self.to_y), max(self.x, self.to_x), max(self.y, self.to_y)


def may_be_picked(row: Row, bar: Bar) -> bool:
    """Whether a bar can be one of several: everything of a block but its cycles."""
    return row.lane.kind in KINDS or bar.form == "ribbon"


def within(scene: Scene, frame: Frame, scale: DayScale, band: Band) -> frozenset[str]:
    """The bars of the lanes in sight that the field touches, with those that were selected before."""
    left, top, right, bottom = band.box
    first, last = scale.day(left - frame.header), scale.day(right - frame.header)
    found = set(band.kept)
    for row in frame.seen_rows(scene.body):
        middle = frame.y(row) + row.height / 2
        if max(top, frame.body_top) <= middle <= min(bottom, frame.body_bottom):
            found |= {bar.id for bar in _between(row, first, last)}
    return frozenset(found)


def between(scene: Scene, one: Place, other: Place) -> frozenset[str]:
    """All bars of the lanes from the one to the other that fall on days from the one to the other."""
    rows = [row for row in scene.rows if row.lane.kind != "findings"]
    numbers = sorted(next((n for n, row in enumerate(rows) if row is place.row), 0) for place in (one, other))
    first = min(one.bar.start, other.bar.start)
    last = max(one.bar.start, other.bar.start) + 1
    return frozenset(
        bar.id for row in rows[numbers[0] : numbers[1] + 1] for bar in _between(row, first, last, whole=True)
    ) | {one.bar.id, other.bar.id}


def of_cycle(scene: Scene, cycle: str) -> frozenset[str]:
    """Everything in the lanes that belongs to that cycle, given as block/cycle, and the cycle itself.

    Picked with the others it says that of a bar over several cycles only the days of this one are meant.
    """
    return frozenset(
        one.id
        for row in scene.body
        for one in row.bars
        if row.lane.kind in KINDS and any(order.rpartition("/")[0] == cycle for order in one.orders)
    ) | frozenset(one.id for row in scene.rows for one in row.bars if one.form == "cycle" and one.id == cycle)


def everything(scene: Scene) -> frozenset[str]:
    """All bars of all lanes that can be selected together, blocks apart."""
    return frozenset(bar.id for row in scene.body if row.lane.kind in KINDS for bar in row.bars)


def cycle_of(scene: Scene, bar: Bar) -> str:
    """The cycle a bar stands in as block/cycle; of a block its first one."""
    if bar.orders and bar.form not in ("ribbon", "cycle"):
        return bar.orders[0].rpartition("/")[0]
    cycles = (one.id for row in scene.rows for one in row.bars if one.form == "cycle" and one.block == bar.block)
    return next(cycles, "")


def _between(row: Row, first: float, last: float, *, whole: bool = False) -> Iterator[Bar]:
    """The bars of a row that touch those days, or with `whole` begin within them."""
    for index in row.seen(first, last):
        bar = row.bars[index]
        touches = first <= bar.start < last if whole else bar.end > first and bar.start < last
        if touches and may_be_picked(row, bar):
            yield bar
