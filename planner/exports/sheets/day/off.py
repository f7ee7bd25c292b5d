"""Days of the day sheet on which nothing is to be given: one short list, where nine pages of struck rows stood."""

from collections import defaultdict
from collections.abc import Container, Iterator, Sequence

from msgspec.structs import replace

from planner.exports.sheets.day.runs import LEADS, Day, infusion_on, is_home_medicine
from planner.exports.sheets.day_numbers import place_of
from planner.exports.sheets.notes import Beside, mark_of, state_words
from planner.exports.sheets.sheet import Cell, Column, Facts, Line, Paragraphs, Part, Row, Section, Table
from planner.exports.wording.doses import NOT_TO_BE_GIVEN, dose_of_day, is_drug, is_intrathecal, route_words
from planner.exports.wording.order_words import own_notes
from planner.exports.wording.runs import SHORTEST_RUN
from planner.exports.wording.text import continued, counted, goes_on, listed
from planner.model.civil import clock, weekday_date
from planner.model.cycle_content import State
from planner.model.language import glued
from planner.model.schedule import Event

Why = tuple[str, str]
"""The word for a state, and what the event says of why."""
NOTHING_HERE = "Nothing that stands here is to be given."


def is_off(today: Day, *also: Container[int]) -> bool:
    """Whether nothing of a day is to be given; nor is it one of those on which something else runs or may go on."""
    day, events = today
    return bool(events) and all(one.state in NOT_TO_BE_GIVEN for one in events) and not any(day in one for one in also)


def off_section(days: Sequence[Day], parts: tuple[Part, ...], beside: Beside, *, below: bool) -> Section:
    """Such days under `parts`, those in a row that say the same in one; `below` takes what is left of a page."""
    title = " to ".join(dict.fromkeys(weekday_date(day) for day in (days[0][0], days[-1][0])))
    shared = _shared([one for _, today in days for one in today])
    events = [one for _, today in days for one in today]
    infusion = infusion_on([one for one in events if one.state is not State.OMITTED])
    lead = Line(f"{LEADS[infusion][len(days) > 1]} {NOTHING_HERE}".strip(), "strong")
    why = (Line(f"{name}: {', '.join(filter(None, told))}", "strong") for name, told in shared.items())
    rows = tuple(_row(stretch, shared, beside) for stretch in _alike(days))
    columns = (
        Column((Line("Date", "strong"),), 104, 0),
        Column((Line("Cycle, day", "strong"),), 60, 0),
        Column((Line("What is not given", "strong"),), 238, 0.6),
        Column((Line("Notes", "strong"),), 110, 1),
    )
    return Section(
        title,
        (*map(leading, parts), Paragraphs((lead, *why), leads=True), Table(columns, rows, together=below)),
        level=1 if below else 0,
        new_page=not below,
        again=continued(title),
        goes_on=goes_on(title),
    )


def leading(part: Part) -> Part:
    """What stands above a list goes with it: heading and facts were left at the foot of a page."""
    if isinstance(part, Facts | Paragraphs):
        return replace(part, leads=True)
    return part


def _why(event: Event) -> Why:
    notes = own_notes(event)
    return state_words(event), notes[0] if notes else ""


def _shared(events: Sequence[Event]) -> dict[str, Why]:
    """By block what is said of all of it: a course that is left out is told once. One drug alone is no block."""
    found: dict[str, set[Why]] = defaultdict(set)
    drugs: dict[str, set[str]] = defaultdict(set)
    for event in events:
        found[event.placed.block.title].add(_why(event))
        drugs[event.placed.block.title].add(event.placed.agent_name)
    return {title: next(iter(whys)) for title, whys in found.items() if len(whys) == 1 < len(drugs[title])}


def _alike(days: Sequence[Day]) -> Iterator[list[Day]]:
    """Days in a row on which the same is not given, for the same reason."""
    stretch: list[Day] = []
    for day, events in days:
        if stretch and not (day == stretch[-1][0] + 1 and _said(events) == _said(stretch[-1][1])):
            yield stretch
            stretch = []
        stretch.append((day, events))
    yield stretch


def _said(events: Sequence[Event]) -> object:
    return [(one.placed.id, one.minute, one.dose and one.dose.value, own_notes(one), one.state) for one in events]


def _row(days: Sequence[Day], shared: dict[str, Why], beside: Beside) -> Row:
    (first, events), (last, then) = days[0], days[-1]
    dates = [Line(glued(weekday_date(first)), "strong")]
    dates += [Line(glued(f"to {weekday_date(last)}"), "strong")] if last != first else []
    pairs = zip(events, then, strict=True)
    numbers = dict.fromkeys(
        " to ".join(dict.fromkeys(place_of(one, beside.numbered) for one in pair)) for pair in pairs
    )
    return Row(
        (
            Cell(tuple(dates)),
            Cell((Line(listed(list(numbers))),)),
            Cell(tuple(_struck(events, beside.site.micrograms))),
            Cell(tuple(_notes(events, shared, beside))),
        )
    )


def _struck(events: Sequence[Event], micrograms: str) -> Iterator[Line]:
    """What is not given: each drug and dose once with its hours, or how often."""
    alike: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        name = event.placed.agent_name.upper() if is_intrathecal(event.placed) else event.placed.agent_name
        told = f"{name} {dose_of_day(event, micrograms)}".strip()
        way = route_words(event.placed.route) if is_drug(event.placed) else ""
        alike[", ".join(filter(None, (told, way)))].append(event)
    for told, several in alike.items():
        hours = listed([clock(one.minute) for one in several if one.minute >= 0])
        times = counted(len(several), "time") if len(several) > 1 else ""
        times += " a day" if times and is_home_medicine(several[0]) else ""
        yield Line(", ".join(filter(None, (told, times, hours))), "struck")


def _notes(events: Sequence[Event], shared: dict[str, Why], beside: Beside) -> Iterator[Line]:
    """The state and why, where that is not told of the whole block, and what changed since the issue before."""
    names: dict[Why, dict[str, None]] = defaultdict(dict)
    for event in events:
        if event.placed.block.title not in shared:
            names[_why(event)][event.placed.agent_name] = None
    for why, found in names.items():
        told = ", ".join(filter(None, why))
        yield Line(f"{listed([*found])}: {told}" if len(names) > 1 else told, "strong")
    for event in events:
        for line in mark_of(event, beside.marks):
            yield Line(f"{event.placed.agent_name}: {line.text}", line.style)


def off_in_a_row(days: Sequence[Day]) -> dict[tuple[str, int], Event | None]:
    """By order and day of what is not given on days in a row, for one reason: its last dose; None behind the first day.

    They are one row: a stopped infusion stood struck out beside the tablets of each day.
    """
    runs: dict[str, list[list[list[Event]]]] = defaultdict(list)
    for day, events in days:
        here: dict[str, list[Event]] = defaultdict(list)
        for event in events:
            here[event.placed.id].append(event)
        for order, several in here.items():
            if is_off((day, tuple(several))):
                before = runs[order][-1][-1] if runs[order] else []
                if before and before[0].day == day - 1 and _said(before) == _said(several):
                    runs[order][-1].append(several)
                else:
                    runs[order].append([several])
    found: dict[tuple[str, int], Event | None] = {}
    for order, stretches in runs.items():
        for stretch in (one for one in stretches if len(one) >= SHORTEST_RUN):
            found |= {(order, several[0].day): None for several in stretch}
            found[order, stretch[0][0].day] = stretch[-1][0]
    return found
