"""From bar to bar with the arrow keys. No Qt types."""

from planner.model.timeline import Bar
from ui.timeline.places import Place, Row
from ui.timeline.scene import Scene


def beside(scene: Scene, place: Place | None, key: str, shown: tuple[int, int]) -> Place | None:
    """The bar that Left, Right, Up, Down, Home or End leads to; None where there is none.

    Without a selection every key leads to the first block in sight. Folded lanes are passed over.
    """
    if key not in ("Left", "Right", "Up", "Down", "Home", "End"):
        return None
    rows = [row for row in scene.rows if (row.height or (place and row is place.row)) and _stops(row)]
    if place is None:
        return _nearest(rows[0], max(shown[0], scene.timeline.start)) if rows else None
    stops = _stops(place.row)
    at = stops.index(place.index) if place.index in stops else 0
    if key in ("Up", "Down"):
        return _in_other_row(rows, place, 1 if key == "Down" else -1)
    wanted = {"Left": at - 1, "Right": at + 1, "Home": 0, "End": len(stops) - 1}[key]
    return Place(place.row, stops[wanted]) if 0 <= wanted < len(stops) else None


def on_day(scene: Scene, place: Place | None, day: int) -> Place | None:
    """What stands on that day, or nearest to it, in the row of the place; without one in the first row that is seen."""
    rows = [place.row] if place is not None else [row for row in scene.rows if row.height and _stops(row)]
    return _nearest(rows[0], day) if rows else None


def _stops(row: Row) -> list[int]:
    """Indexes of the bars that can be selected: cycles go with their block."""
    return [index for index, bar in enumerate(row.bars) if bar.form != "cycle"]


def _in_other_row(rows: list[Row], place: Place, step: int) -> Place | None:
    number = next((index for index, row in enumerate(rows) if row is place.row), 0) + step
    return _nearest(rows[number], place.bar.start) if 0 <= number < len(rows) else None


def _nearest(row: Row, day: int) -> Place:
    return Place(row, min(_stops(row), key=lambda index: (_away(row.bars[index], day), index)))


def _away(bar: Bar, day: int) -> int:
    """Days from the bar to that day; 0 within it."""
    return max(bar.start - day, day - bar.end + 1, 0)
