"""What changed since the issue before, for whoever holds the older sheet (promises P10)."""

from collections.abc import Sequence

from planner.exports.sheet import Cell, Column, Line, Part, Row, Section, Table
from planner.model.difference import Difference

SHOWN = 200
"""Rows at the most; a sheet with more changes than that is a new sheet, and says so."""

KINDS = {
    "moved": "Changed date",
    "appeared": "New",
    "vanished": "Dropped",
    "dose": "Changed dose",
    "agent": "Changed drug",
    "bag": "Changed bag",
    "status": "Changed",
}


def changes_section(changes: Sequence[Difference]) -> list[Section]:
    """Every event that differs: the old struck out, the new in bold. Nothing where nothing changed."""
    if not changes:
        return []
    columns = (
        Column((Line("Changed", "strong"),), 90, 0.3),
        Column((Line("What", "strong"),), 180, 1.5),
        Column((Line("Before", "strong"),), 130, 1),
        Column((Line("Now", "strong"),), 130, 1),
    )
    parts: tuple[Part, ...] = (Table(columns, tuple(_row(one) for one in changes[:SHOWN])),)
    title = f"Changes since the issue before: {len(changes)}"
    if len(changes) > SHOWN:
        title += f", the first {SHOWN} listed: read the whole sheet as new"
    return [Section(title, parts, level=1)]


def _row(one: Difference) -> Row:
    cells = (
        Cell((Line(KINDS.get(one.what, one.what), "strong"),)),
        Cell((Line(one.label),)),
        Cell((Line(one.before, "struck"),) if one.before else ()),
        Cell((Line(one.after, "strong"),) if one.after else ()),
    )
    return Row(cells)
