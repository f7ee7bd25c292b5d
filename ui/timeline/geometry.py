"""Days to pixels and back, what part of a lane is seen, and where a label has room. No Qt types."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

CLOSEST = 320.0
"""Most pixels a day may take."""
FIT_MARGIN = 0.02
"""Share of the width left free at both ends when a span is fitted."""

LONG, REACH, DASHES = 4000, 200, 5
"""Px of a bar from which its ends are brought near what is shown, to so many px; px from one dash to the next."""


class DayScale(Struct, frozen=True):
    """`left` is the day (ordinal with fraction) at x = 0, `per_day` the pixels of one day, `width` the pixels shown."""

    left: float
    per_day: float
    width: float

    def x(self, day: float) -> float:
        """Pixels from the left edge to the beginning of that day."""
        return (day - self.left) * self.per_day

    def day(self, x: float) -> float:
        """The day with its fraction at that pixel: the inverse of `x`."""
        return self.left + x / self.per_day

    def day_at(self, x: float) -> int:
        """The whole day under that pixel."""
        return int(self.day(x) // 1)

    @property
    def right(self) -> float:
        """The day at the right edge."""
        return self.left + self.width / self.per_day

    def zoomed(self, factor: float, about: float, least: float) -> "DayScale":
        """Closer by `factor`; the day at pixel `about` stays there. `least` is the fewest pixels a day may take."""
        per_day = min(max(self.per_day * factor, least), max(CLOSEST, least))
        return DayScale(self.day(about) - about / per_day, per_day, self.width)

    def moved(self, pixels: float) -> "DayScale":
        """Scrolled to later days by so many pixels."""
        return replace(self, left=self.left + pixels / self.per_day)

    def on_grid(self) -> "DayScale":
        """Scrolled by less than a pixel so that days lie on the same pixels wherever it is scrolled to."""
        return replace(self, left=round(self.left * self.per_day) / self.per_day)

    def kept_within(self, start: float, end: float) -> "DayScale":
        """Scrolled so that no more than needed lies outside `start` to `end`; centred where all of it fits."""
        shown = self.width / self.per_day
        if shown >= end - start:
            return replace(self, left=(start + end - shown) / 2)
        return replace(self, left=min(max(self.left, start), end - shown))


def near_sight(left: int, right: int, width: float) -> tuple[int, int]:
    """The ends of a bar, those far outside `width` px brought nearer, by whole dashes so that these stay in place.

    On a screen that is scaled Qt draws more than 5,000 dashes as a solid line, which is the sign of another state.
    """
    if right - left <= LONG:
        return left, right
    before = max(min(right, 0) - REACH - left, 0)
    after = max(right - REACH - max(left, int(width)), 0)
    return left + before // DASHES * DASHES, right - after // DASHES * DASHES


def fitted(start: float, end: float, width: float) -> DayScale:
    """A scale that shows the days from `start` to `end` (exclusive) with a small margin; at least one day."""
    days = max(end - start, 1.0)
    per_day = min(max(width, 1.0) * (1 - 2 * FIT_MARGIN) / days, CLOSEST)
    centre = start + days / 2
    return DayScale(centre - max(width, 1.0) / per_day / 2, per_day, max(width, 1.0))


def reaches(ends: Sequence[int]) -> list[int]:
    """For each bar the latest end so far, which never falls; `seen` needs it to find long bars that began earlier."""
    found: list[int] = []
    for end in ends:
        found.append(end if not found or end > found[-1] else found[-1])
    return found


def seen(starts: Sequence[int], reached: Sequence[int], first: float, last: float) -> range:
    """Indexes of the bars, sorted by start, that may touch the days from `first` to `last`."""
    return range(bisect_right(reached, first), bisect_left(starts, last))


def clusters(centres: Sequence[float], size: float) -> list[range]:
    """Runs of signs that would touch each other at that size; a sign with room around it is a run of one."""
    found: list[range] = []
    for index, centre in enumerate(centres):
        if found and centre - centres[index - 1] < size:
            found[-1] = range(found[-1].start, index + 1)
        else:
            found.append(range(index, index + 1))
    return found


def day_runs(days: Iterable[int]) -> list[tuple[int, int]]:
    """Days in a row as pairs of first and last, in order."""
    found: list[tuple[int, int]] = []
    for day in sorted(set(days)):
        if found and day == found[-1][1] + 1:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found
