"""What changed since the issue before, for whoever holds the older sheet (promises P10)."""

from collections.abc import Callable, Sequence

from planner.exports.sheets.sheet import Cell, Column, Line, Part, Row, Section, Table
from planner.exports.wording.text import counted
from planner.model.civil import weekday_date
from planner.model.difference import Difference
from planner.model.language import glued
from planner.model.schedule import Event

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

Key = tuple[str, int, int]
"""The placed order, day and minute of an event."""


def changes_section(changes: Sequence[Difference], concerns: Callable[[Event], bool] = lambda _: True) -> list[Section]:
    """Every event that differs and that the sheet is about: the old struck out, the new in bold.

    What changes alike stands once, with its first and last day. Nothing where nothing changed.
    """
    about = [one for one in changes if any(event and concerns(event) for event in (one.old, one.new))]
    if not about:
        return []
    columns = (
        Column((Line("Changed", "strong"),), 90, 0.3),
        Column((Line("What", "strong"),), 180, 1.5),
        Column((Line("Before", "strong"),), 130, 1),
        Column((Line("Now", "strong"),), 130, 1),
    )
    groups = _groups(about)
    parts: tuple[Part, ...] = (Table(columns, tuple(_row(one) for one in groups[:SHOWN])),)
    title = f"Changes since the issue before: {len(about)}"
    if len(groups) > SHOWN:
        title += f", the first {SHOWN} listed: read the whole sheet as new"
    return [Section(title, parts, level=1)]


def change_marks(changes: Sequence[Difference]) -> dict[Key, str]:
    """For each event of now that differs: what a sheet says beside it."""
    found: dict[Key, list[str]] = {}
    for one in changes:
        if one.new is not None:
            words = f"before: {one.before}" if one.before else "new"
            found.setdefault(key_of(one.new), []).append(words)
    return {key: f"CHANGED, {'; '.join(dict.fromkeys(words))}" for key, words in found.items()}


def key_of(event: Event) -> Key:
    """What a change is found by."""
    return event.placed.id, event.day, event.minute


def _groups(changes: Sequence[Difference]) -> list[list[Difference]]:
    """Changes of one order that are alike, in order of time; orders by their first change."""
    found: dict[tuple[object, ...], list[Difference]] = {}
    for one in changes:
        found.setdefault((one.order_id, one.what, *_likeness(one)), []).append(one)
    return list(found.values())


def _likeness(one: Difference) -> tuple[object, ...]:
    old, new = one.old, one.new
    if one.what == "moved" and old and new:
        return new.day - old.day, new.minute - old.minute, old.minute
    if one.what in ("appeared", "vanished"):
        return ()
    return one.before, one.after


def _row(group: Sequence[Difference]) -> Row:
    first, last = group[0], group[-1]
    label = first.label
    if len(group) > 1:
        label += f" to {glued(f'D{last.event.cycle_day}')}, {counted(len(group), 'time')}"
    cells = (
        Cell((Line(KINDS.get(first.what, first.what), "strong"),)),
        Cell((Line(label),)),
        Cell((Line(_span(first.before, last.before, first, last.old_day), "struck"),) if first.before else ()),
        Cell((Line(_span(first.after, last.after, first, last.new_day), "strong"),) if first.after else ()),
    )
    return Row(cells)


def _span(first: str, last: str, one: Difference, last_day: int) -> str:
    """The text of the first, up to the day of the last where they differ by their day."""
    dated = one.what in ("moved", "appeared", "vanished") and first != last
    return f"{first} to {glued(weekday_date(last_day))}" if dated else first
