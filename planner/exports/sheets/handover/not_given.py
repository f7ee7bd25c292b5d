"""What is not to be given on the hand-over: a course left out, on hold or stopped, drug by drug under its reason."""

from collections import Counter
from collections.abc import Mapping, Sequence

from planner.exports.sheets.sheet import Cell, Column, Line, Part, Row, Table
from planner.exports.wording.doses import NOT_TO_BE_GIVEN, STATES, dose_of_day, is_intrathecal, route_words
from planner.exports.wording.holds import UNTIL
from planner.exports.wording.order_words import own_notes
from planner.exports.wording.text import listed
from planner.model.civil import weekday_date
from planner.model.cycle_content import State
from planner.model.kept import kept_words
from planner.model.language import glued
from planner.model.schedule import Event

FEWEST = 3
"""Events of one reason that stand in this table, in all blocks; fewer are told on their days."""
SEE_DAILY = "every day: see Daily medicines"
REASONS = "on hold", "stopped", "cycle skipped", "left out", "not given"
"""How the note begins that says why something is not given."""
GOES_WITH = ": goes with "
"""In the note of what is not given because its drug is not: it stands with that drug, under its reason."""
_Key = tuple[str, State, str]
"""Block, state and reason."""
_COLUMNS = (
    Column((Line("NOT to be given or done", "strong"),), 150, 1),
    Column((Line("Dose, route", "strong"),), 130, 0.8),
    Column((Line("Days it was drawn on", "strong"),), 240, 2),
)


def apart(events: Sequence[Event], daily: Sequence[Event], micrograms: str) -> tuple[tuple[Part, ...], list[Event]]:
    """The table of what is not to be given, and the events that are told on their days.

    Three pages of struck rows stood between the doses of a patient whose next course was left out. Of what is `daily`
    and not to be given, each with its first dose, the table of that tells more; here it is named, for this list reads
    as the whole: those of one stop in a block that lost two doses stood struck two pages on.
    """
    groups: dict[_Key, list[Event]] = {}
    for event in sorted(events, key=lambda one: GOES_WITH in _why(one)):
        if event.state in NOT_TO_BE_GIVEN and not kept_words(event):
            key = event.placed.block.id, event.state, _why(event)
            groups.setdefault(_beside(key, groups), []).append(event)
    often = Counter[tuple[State, str]]()
    for (_, state, why), found in groups.items():
        often[state, why] += len(found)
    several = {key: found for key, found in groups.items() if often[key[1:]] >= FEWEST}
    told = {id(event) for found in several.values() for event in found}
    runs: dict[_Key, list[Event]] = {}
    for first in daily:
        runs.setdefault((first.placed.block.id, first.state, _why(first)), []).append(first)
    rows = [
        row
        for key in (dict.fromkeys([*several, *runs]) if several else ())
        for row in _rows(several.get(key, []), runs.get(key, []), micrograms)
    ]
    table = (Table(_COLUMNS, tuple(rows), begins=2),) if rows else ()
    return table, [event for event in events if id(event) not in told]


def _beside(key: _Key, groups: Mapping[_Key, Sequence[Event]]) -> _Key:
    """Under which reason it stands: with the drug that it goes with under that of the drug."""
    _, goes, agent = key[2].partition(GOES_WITH)
    found = (one for one, events in groups.items() if one[:2] == key[:2] and _has(events, agent)) if goes else ()
    return next(iter(found), key)


def _has(events: Sequence[Event], agent: str) -> bool:
    return any(event.placed.agent_name == agent for event in events)


def _why(event: Event) -> str:
    return next((note for note in own_notes(event) if note.startswith(REASONS)), "")


def _rows(events: Sequence[Event], daily: Sequence[Event], micrograms: str) -> list[Row]:
    """The band of a block with its reason, and under it each drug and dose with its days."""
    one = [*events, *daily][0]
    words = f"{_why(one) or STATES[one.state]}{f', {UNTIL}' if one.state is State.HELD else ''}"
    found: dict[tuple[str, str], list[Event]] = {}
    for event in events:
        way = ", ".join(filter(None, (dose_of_day(event, micrograms), route_words(event.placed.route))))
        name = event.placed.agent_name.upper() if is_intrathecal(event.placed) else event.placed.agent_name
        found.setdefault((name, way), []).append(event)
    band = Row((Cell((Line(f"{one.placed.block.title}: {words}", "strong"),)),), band=True)
    names = list(dict.fromkeys(first.placed.agent_name for first in daily))
    more = [Row((Cell((Line(listed(names), "struck"),)), Cell(), Cell((Line(SEE_DAILY),))))] if names else []
    return [band, *(_row(name, way, several) for (name, way), several in found.items()), *more]


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
