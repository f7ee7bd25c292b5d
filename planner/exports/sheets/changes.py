"""What changed since the issue before, for whoever holds the older sheet (promises P10)."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from planner.exports.sheets.sheet import Cell, Column, Line, Part, Row, Section, Table
from planner.exports.wording.doses import NOT_TO_BE_GIVEN, STATES
from planner.exports.wording.order_words import event_name
from planner.exports.wording.text import counted, day_name
from planner.model.civil import weekday_date
from planner.model.difference import UNDATED, Difference
from planner.model.language import glued
from planner.model.quantity import format_number
from planner.model.schedule import Event

DETAILED = 24
"""Rows at the most in which each order stands for itself: about a page. With more, what moves with its block by as many
days is one row, for a list of six pages is not read."""
SHOWN = 200
"""Rows at the most; a sheet with more changes than that is a new sheet, and says so."""

ON_THESE_DAYS = ", on the days of this extract"
IN_THESE_BLOCKS = ", in the blocks of this extract"

SEE_BAGS = "new lengths or changes: see each bag"

KINDS = {
    "moved": "Changed date",
    "appeared": "New",
    "vanished": "Dropped",
    UNDATED: "No day set any more",
    "dose": "Changed dose",
    "agent": "Changed drug",
    "bag": "Changed bag",
    "status": "Changed",
}

BY_DAY = ("appeared", "vanished", UNDATED)
"""What is told by its day alone."""

Key = tuple[str, int, int]
"""The placed order, day and minute of an event."""


def changes_section(
    changes: Sequence[Difference], concerns: Callable[[Event], bool] = lambda _: True, where: str = ""
) -> list[Section]:
    """Every event that differs and that the sheet is about: the old struck out, the new in bold.

    What changes alike stands once, with its first and last day. Nothing where nothing changed. `where` says of an
    extract that only the changes of its days are listed.
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
    groups = _by_block(groups) if len(groups) > DETAILED else groups
    several = len({one.event.placed.block.id for one in about}) > 1
    parts: tuple[Part, ...] = (Table(columns, tuple(_row(one, several) for one in groups[:SHOWN])),)
    title = f"Changes since the issue before{where}: {_number(len(groups))}"
    title += (
        f" {'line' if len(groups) == 1 else 'lines'} about {_number(len(about))} events"
        if len(groups) < len(about)
        else ""
    )
    if len(groups) > SHOWN:
        title += f", the first {SHOWN} listed: read the whole sheet as new"
    return [Section(title, parts, level=1)]


def _number(count: int) -> str:
    return format_number(Decimal(count))


def change_marks(changes: Sequence[Difference]) -> dict[Key, str]:
    """For each event of now that differs: what a sheet says beside it."""
    found: dict[Key, list[str]] = {}
    for one in changes:
        if one.new is not None:
            before = glued(one.before) if one.what == "moved" else one.before
            words = f"before: {before}" if before else "new"
            found.setdefault(key_of(one.new), []).append(words)
    return {key: f"CHANGED, {'; '.join(dict.fromkeys(words))}" for key, words in found.items()}


def key_of(event: Event) -> Key:
    """What a change is found by."""
    return event.placed.id, event.day, event.minute


def _groups(changes: Sequence[Difference]) -> list[list[Difference]]:
    """Changes of one order that are alike, over all cycles of its block, in order of time; orders by their first."""
    found: dict[tuple[object, ...], list[Difference]] = {}
    for one in changes:
        placed = one.event.placed
        what = placed.block.id, placed.order.id, placed.kind, one.what, _off(one)
        found.setdefault((*what, *_likeness(one)), []).append(one)
    return list(found.values())


def _by_block(groups: Sequence[Sequence[Difference]]) -> list[list[Difference]]:
    """The groups, with those of one block that moved by as many days and keep their hour as one, in order of time.

    Likewise the bags of a block: each of them says in its own row how long it runs and what comes next; and what became
    of all of it alike: a course behind one on hold was a row "planned, now provisional" for each of its drugs.
    """
    found: dict[tuple[object, ...], list[Difference]] = {}
    for number, group in enumerate(groups):
        one = group[0]
        days = one.new_day - one.old_day
        same_hour = one.what == "moved" and one.old and one.new and one.old.minute == one.new.minute
        alike = same_hour or one.what in ("bag", "status")
        became = (one.before, one.after) if one.what == "status" else ()
        key = one.event.placed.block.id, one.what, days, _off(one), *became
        found.setdefault(key if alike else (number,), []).extend(group)
    return [sorted(group, key=lambda one: one.event.day) for group in found.values()]


def _off(one: Difference) -> str:
    """STOPPED, OMITTED or HELD of what has other days, dose or bags now and is not to be given.

    Two doses of a drug stopped for a reaction moved with their block: whoever read the list alone ordered them.
    """
    is_off = one.what != "status" and one.new is not None and one.new.state in NOT_TO_BE_GIVEN
    return STATES[one.new.state] if is_off and one.new else ""


def _likeness(one: Difference) -> tuple[object, ...]:
    old, new = one.old, one.new
    if one.what == "moved" and old and new:
        later = new.minute - old.minute
        # Three rows of leucovorin differed by an hour that none of them tells: their days moved, their hours did not.
        return new.day - old.day, later, old.minute if later else 0
    if one.what in BY_DAY:
        return ()
    return one.before, one.after


def _row(group: Sequence[Difference], several: bool) -> Row:
    """Changes that are alike; with the block where the list is about `several`, and all names where it is a block."""
    first, last = group[0], group[-1]
    names = list(dict.fromkeys(_name(one.event) for one in group))
    days = glued(_cycle_day(first.event, first.event))
    if len(group) > 1:
        days += f" to {glued(_cycle_day(last.event, first.event))}, {counted(len(group), 'time')}"
    block = first.event.placed.block.title
    label = f"{names[0]} {days}" if len(names) == 1 else f"{block} {days}"
    label = f"{block}: {label}" if several and len(names) == 1 else label
    bags = first.what == "bag" and len({one.after for one in group}) > 1
    before = "" if bags else _span(first.before, last.before, first, last.old_day)
    after = SEE_BAGS if bags else _span(first.after, last.after, first, last.new_day)
    cells = (
        Cell((Line(KINDS.get(first.what, first.what), "strong"),)),
        Cell((Line(label), *((Line(", ".join(names)),) if len(names) > 1 else ()))),
        Cell((Line(before, "struck"),) if before else ()),
        Cell(tuple(Line(text, "strong") for text in (after, _off(first)) if text)),
    )
    return Row(cells)


def _name(event: Event) -> str:
    """Its name; of a bag that it is one: "Dropped: Blinatumomab C2 D10 to D28" read as the drug taken off for weeks."""
    name = event_name(event.placed)
    return f"{name}: bag change" if event.placed.kind == "bag" else name


def _cycle_day(event: Event, first: Event) -> str:
    """C2 D8; the cycle only where it is not that of the first."""
    cycle = f"C{event.placed.cycle} " if event is first or event.placed.cycle != first.placed.cycle else ""
    return f"{cycle}D{day_name(event.cycle_day)}"


def _span(first: str, last: str, one: Difference, last_day: int) -> str:
    """The text of the first, up to the day of the last where they differ by their day."""
    dated = one.what in ("moved", *BY_DAY) and first != last
    return f"{first} to {glued(weekday_date(last_day))}" if dated else first
