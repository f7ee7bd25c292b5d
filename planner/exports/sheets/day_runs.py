"""Days of the day sheet on which an infusion only runs on: a row each to check the pump on, instead of a page each."""

from collections.abc import Iterable, Mapping, Sequence

from planner.exports.sheets.changes_part import Key, key_of
from planner.exports.sheets.sheet import Cell, Column, Line, Paragraphs, Part, Row, Section, Table
from planner.exports.wording.doses import NOT_TO_BE_GIVEN, STATES, dose_words, is_drug, route_words
from planner.exports.wording.order_words import own_notes
from planner.exports.wording.runs import SHORTEST_RUN
from planner.exports.wording.text import continued, day_name
from planner.model.civil import clock, weekday_date
from planner.model.cycle_content import State
from planner.model.language import glued
from planner.model.schedule import Event

Day = tuple[int, tuple[Event, ...]]
"""A day with its events."""

AT_HOME = ("PO", "topical", "ophthalmic")
MOST_DAYS, MOST_DAYS_WITH_MORE = 14, 9
"""Days that a page holds: with the infusion alone, and with medicines beside it."""
ON_EACH_DAY = "On each of these days the infusion runs on. Nothing else is planned at the clinic."

_COLUMNS = (
    Column((Line("Date", "strong"),), 92, 0),
    Column((Line("Cycle, day", "strong"),), 56, 0),
    Column((Line("Time", "strong"),), 40, 0),
    Column((Line("What runs, what is taken", "strong"), Line("dose")), 170, 1),
    Column((Line("Pump checked", "strong"), Line("time, rate")), 96, 0.3),
    Column((Line("By, checked by", "strong"),), 110, 0.3),
    Column((Line("Notes", "strong"),), 110, 0.6),
)


def quiet_stretches(
    days: Sequence[Day], marks: Mapping[Key, str], findings: Mapping[int, tuple[str, ...]]
) -> list[list[Day]]:
    """The days in order: each alone, or at least `SHORTEST_RUN` in a row on which the same goes on and nothing else.

    `marks` are changes since the issue before, `findings` the ids of each day's: a day with a mark, or with other
    findings than the day before, stands alone.
    """
    found: list[list[Day]] = []
    shared: object = None
    for before, (day, events) in zip([None, *days], days, strict=False):
        goes_on = before is not None and _only_goes_on((day, events), before, marks)
        key = (_doings(events), findings.get(day, ())) if goes_on else None
        if key is not None and key == shared:
            found[-1].append((day, events))
        else:
            found.append([(day, events)])
        shared = key
    return [part for one in found for part in (_pages(one) if len(one) >= SHORTEST_RUN else [[day] for day in one])]


def _pages(days: list[Day]) -> list[list[Day]]:
    """A long stretch in even parts, each short enough for a page."""
    most = MOST_DAYS if all(event.placed.kind == "infusion" for event in days[0][1]) else MOST_DAYS_WITH_MORE
    count = -(-len(days) // most)
    size = -(-len(days) // count)
    return [days[first : first + size] for first in range(0, len(days), size)]


def is_home_medicine(event: Event) -> bool:
    """What has no hour and is swallowed or dropped in: it stands in a list of its own."""
    return is_drug(event.placed) and event.placed.route in AT_HOME and event.minute < 0


def _only_goes_on(today: Day, before: Day, marks: Mapping[Key, str]) -> bool:
    """Whether nothing is done but what is taken at home, and what already ran the day before."""
    day, events = today
    running = [event for event in events if event.placed.kind == "infusion"]
    return (
        bool(running)
        and before[0] == day - 1
        and all(event.placed.kind == "infusion" or is_home_medicine(event) for event in events)
        and _doings(running) <= _doings(before[1])
        and not any(key_of(event) in marks for event in events)
        and not any(event.day != event.due_day for event in events)
    )


def _doings(events: Iterable[Event]) -> frozenset[tuple[object, ...]]:
    """What is given, when and how much."""
    return frozenset(
        (event.placed.id, event.minute, event.dose.value if event.dose else None, event.state, tuple(own_notes(event)))
        for event in events
    )


def running_section(days: Sequence[Day], parts: tuple[Part, ...], micrograms: str) -> Section:
    """A stretch of such days under `parts`, what is said of all of them."""
    title = f"{weekday_date(days[0][0])} to {weekday_date(days[-1][0])}"
    notes = dict.fromkeys(
        f"{event.placed.agent_name}: {text}"
        for event in days[0][1]
        for text in (*own_notes(event), event.placed.note)
        if text
    )
    table = Table(_COLUMNS, tuple(_row(day, events, micrograms) for day, events in days))
    lines = (Line(ON_EACH_DAY, "strong"), *map(Line, notes))
    return Section(title, (*parts, Paragraphs(lines), table), new_page=True, again=continued(title))


def _row(day: int, events: Sequence[Event], micrograms: str) -> Row:
    first = next(event for event in events if event.placed.kind == "infusion")
    ordered = sorted(events, key=lambda event: event.placed.kind != "infusion")
    doses = dict.fromkeys(line for event in ordered for line in _lines(event, micrograms))
    provisional = any(event.state is State.PROVISIONAL for event in events)
    written = Cell((Line("", blank=True),))
    return Row(
        (
            Cell((Line(glued(weekday_date(day)), "strong"),)),
            Cell((Line(glued(f"C{first.placed.cycle} D{day_name(first.cycle_day)}")),)),
            Cell((Line(clock(first.minute) or "no time", "strong" if first.minute >= 0 else "body"),)),
            Cell(
                (*doses, *((Line(STATES[State.PROVISIONAL]),) if provisional else ())), "dashed" if provisional else ""
            ),
            written,
            written,
            written,
        )
    )


def _lines(event: Event, micrograms: str) -> list[Line]:
    placed = event.placed
    words = f"{placed.agent_name} {dose_words(event, micrograms)}".strip()
    way = "continuous infusion" if placed.kind == "infusion" else route_words(placed.route)
    if event.state in NOT_TO_BE_GIVEN:
        return [Line(words, "struck"), Line(STATES[event.state], "strong")]
    return [Line(f"{words}, {way}", "strong" if placed.kind == "infusion" else "body")]
