"""What is not to be given on the hand-over: a course left out, on hold or stopped, drug by drug under its reason."""

from collections.abc import Sequence

from planner.exports.sheets.sheet import Cell, Column, Line, Part, Row, Table
from planner.exports.wording.doses import NOT_TO_BE_GIVEN, STATES, dose_of_day, is_intrathecal, route_words
from planner.exports.wording.holds import UNTIL
from planner.exports.wording.not_given import kept_words
from planner.exports.wording.order_words import own_notes
from planner.exports.wording.text import listed
from planner.model.civil import weekday_date
from planner.model.cycle_content import State
from planner.model.language import glued
from planner.model.schedule import Event

FEWEST = 3
"""Events of one block and reason that stand in this table; fewer are told on their days."""
REASONS = "on hold", "stopped", "cycle skipped", "left out", "not given"
"""How the note begins that says why something is not given."""
_COLUMNS = (
    Column((Line("NOT to be given or done", "strong"),), 150, 1),
    Column((Line("Dose, route", "strong"),), 130, 0.8),
    Column((Line("Days it was drawn on", "strong"),), 240, 2),
)


def apart(events: Sequence[Event], micrograms: str) -> tuple[tuple[Part, ...], list[Event]]:
    """The table of what is not to be given, and the events that are told on their days.

    Three pages of struck rows stood between the doses of a patient whose next course was left out.
    """
    groups: dict[tuple[str, State, str], list[Event]] = {}
    for event in events:
        if event.state in NOT_TO_BE_GIVEN and not kept_words(event):
            groups.setdefault((event.placed.block.id, event.state, _why(event)), []).append(event)
    several = {key: found for key, found in groups.items() if len(found) >= FEWEST}
    told = {id(event) for found in several.values() for event in found}
    rows = [row for (_, state, why), found in several.items() for row in _rows(found, state, why, micrograms)]
    table = (Table(_COLUMNS, tuple(rows), bands_together=True),) if rows else ()
    return table, [event for event in events if id(event) not in told]


def _why(event: Event) -> str:
    return next((note for note in own_notes(event) if note.startswith(REASONS)), "")


def _rows(events: Sequence[Event], state: State, why: str, micrograms: str) -> list[Row]:
    """The band of a block with its reason, and under it each drug and dose with its days."""
    words = f"{why or STATES[state]}{f', {UNTIL}' if state is State.HELD else ''}"
    found: dict[tuple[str, str], list[Event]] = {}
    for event in events:
        way = ", ".join(filter(None, (dose_of_day(event, micrograms), route_words(event.placed.route))))
        name = event.placed.agent_name.upper() if is_intrathecal(event.placed) else event.placed.agent_name
        found.setdefault((name, way), []).append(event)
    band = Row((Cell((Line(f"{events[0].placed.block.title}: {words}", "strong"),)),), band=True)
    return [band, *(_row(name, way, several) for (name, way), several in found.items())]


def _row(name: str, way: str, events: Sequence[Event]) -> Row:
    days: dict[int, int] = {}
    for event in events:
        days[event.day] = days.get(event.day, 0) + 1
    dates = [f"{glued(weekday_date(day))}{f' ({count} times)' if count > 1 else ''}" for day, count in days.items()]
    return Row(
        (
            Cell((Line(name, "struck"),)),
            Cell((Line(way, "struck"),) if way else ()),
            Cell((Line(listed(dates)),)),
        )
    )
