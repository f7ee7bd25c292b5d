"""Which lanes may be folded away: those that hold nothing on the days in sight. No Qt types."""

from collections.abc import Collection, Iterable

from ui.timeline.geometry import seen
from ui.timeline.places import Row

FOLDABLE = ("drug", "assessments", "co-medications", "findings")
"""Kinds of lanes that fold. Blocks never do, nor what is given intrathecally: its lane is looked for."""
MARGIN, MOST = 0.15, 14
"""Share of the days in sight, and most days, before and after them whose bars keep a lane: a small step to either side
brings nothing unseen."""
LEAST = 2
"""Lanes from which folding gains room: the line that tells of them takes that of one."""


def lanes_without(rows: Iterable[Row], days: tuple[float, float], kept: Collection[str] = ()) -> frozenset[str]:
    """The ids of the lanes that may be folded while the days from the first to the second, exclusive, are in sight.

    None of them has a bar on those days. Lanes named in `kept` stay; a single lane is not worth folding.
    """
    margin = min((days[1] - days[0]) * MARGIN, MOST)
    first, last = days[0] - margin, days[1] + margin
    found = frozenset(
        row.lane.id
        for row in rows
        if row.lane.kind in FOLDABLE and row.lane.id not in kept and not seen(row.starts, row.reached, first, last)
    )
    return found if len(found) >= LEAST else frozenset()
