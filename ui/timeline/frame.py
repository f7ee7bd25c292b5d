"""How the widget's area is divided: overview, date axis, pinned blocks, lanes, pinned findings, names. No Qt types."""

from bisect import bisect_left, bisect_right

from msgspec import Struct
from msgspec.structs import replace

from ui.timeline.places import Row
from ui.timeline.scene import Scene, height_of

OVERVIEW, AXIS_ROW = 36, 19
"""Heights in px of the overview strip and of one of the two rows of the date axis."""
AXIS = 2 * AXIS_ROW
LEAST_BODY = 88
"""Height in px that the lanes have at the least: in a low window what is pinned below them gives way."""
BODY_GAP = 4
"""Free space between the pinned parts and the lanes."""


class Frame(Struct, frozen=True):
    """The parts of a widget of `width` by `height` px that shows a scene scrolled down by `scroll` px."""

    width: int
    height: int
    header: int
    top_rows: int
    bottom_rows: int
    body_rows: int
    scroll: int
    fold: int = 0
    """Height of the line that tells of lanes with nothing in sight, between the lanes and the pinned findings."""
    strip: int = OVERVIEW
    """Height of the overview strip, 0 where the window is too low for it."""

    @property
    def blocks_top(self) -> int:
        """Where the pinned blocks begin."""
        return self.strip + AXIS

    @property
    def body_top(self) -> int:
        """Where the scrolling lanes begin."""
        return self.blocks_top + self.top_rows + BODY_GAP

    @property
    def body_bottom(self) -> int:
        """Where the lanes end: the line of the folded ones and the pinned findings follow."""
        return max(self.height - self.bottom_rows - self.fold, self.body_top)

    @property
    def bottom_top(self) -> int:
        """Where the pinned findings begin."""
        return self.body_bottom + self.fold

    @property
    def body_height(self) -> int:
        return self.body_bottom - self.body_top

    @property
    def plot_width(self) -> int:
        """Width of the part that shows days."""
        return max(self.width - self.header, 1)

    @property
    def most_scroll(self) -> int:
        """The furthest the lanes can be scrolled."""
        return max(self.body_rows + BODY_GAP - self.body_height, 0)

    def y(self, row: Row) -> int:
        """Where the row begins."""
        part = {"top": self.blocks_top, "body": self.body_top - self.scroll, "bottom": self.bottom_top + BODY_GAP}
        return part[row.part] + row.top

    def hidden_rows(self, rows: tuple[Row, ...]) -> tuple[int, int]:
        """How many of the scrolling rows lie wholly above and wholly below what is in sight."""
        shown = self._shown(rows)
        above, below = rows[: shown.start], rows[shown.stop :]
        return sum(1 for row in above if row.height), sum(1 for row in below if row.height)

    def seen_rows(self, rows: tuple[Row, ...]) -> list[Row]:
        """Those of the scrolling rows that are at least partly in sight."""
        shown = self._shown(rows)
        return [row for row in rows[shown.start : shown.stop] if row.height]

    def _shown(self, rows: tuple[Row, ...]) -> range:
        """The numbers of the rows in sight, looked up: there can be thousands of lanes, and a frame has little time."""
        first = bisect_right(rows, self.scroll, key=_bottom)
        return range(first, max(bisect_left(rows, self.scroll + self.body_height, key=_top), first))


def _top(row: Row) -> int:
    return row.top


def _bottom(row: Row) -> int:
    return row.bottom


def frame_of(scene: Scene, width: int, height: int, scroll: int) -> Frame:
    """The frame of a scene at that size."""
    top, bottom = height_of(scene.top), height_of(scene.bottom)
    bottom += 2 * BODY_GAP if bottom else 0
    frame = Frame(width, height, scene.header, top, bottom, height_of(scene.body), 0, scene.fold)
    if frame.body_height < LEAST_BODY and scene.bottom:  # first the findings make room, but for one row, then all
        one = scene.bottom[0].height + 2 * BODY_GAP
        frame = replace(frame, bottom_rows=min(one, bottom))
    if frame.body_height < LEAST_BODY:
        frame = replace(frame, bottom_rows=0, fold=0)
    if frame.body_height < LEAST_BODY:
        frame = replace(frame, strip=0)
    return replace(frame, scroll=min(max(scroll, 0), frame.most_scroll))
