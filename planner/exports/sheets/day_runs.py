"""Days of the day sheet on which nothing is begun: a row each to check and to sign on, instead of a page each."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from planner.exports.sheets.day_notes import (
    Beside,
    given_lines,
    mark_of,
    moved_words,
    notes_of,
    state_words,
    without_words,
)
from planner.exports.sheets.sheet import Cell, Column, Line, Paragraphs, Part, Row, Section, Table
from planner.exports.wording.checks import Checks
from planner.exports.wording.doses import (
    AT_HOME,
    NOT_TO_BE_GIVEN,
    PREMEDICATION,
    dose_of_day,
    is_drug,
    is_to_enter,
    is_unsure,
    route_words,
)
from planner.exports.wording.not_given import Doses
from planner.exports.wording.order_words import own_notes
from planner.exports.wording.pumps import Bag
from planner.exports.wording.text import continued, counted, day_name, goes_on, listed
from planner.model.civil import clock, weekday_date
from planner.model.cycle_content import State
from planner.model.finding import SEVERITIES, Finding, FindingStatus
from planner.model.language import glued
from planner.model.protocol import TO_ENTER, TemplateAssessment
from planner.model.schedule import Event

Day = tuple[int, tuple[Event, ...]]
"""A day with its events."""
Note = tuple[str, str]
"""The id of an order and what is noted of one of its days."""


class _Elsewhere(Struct, frozen=True):
    """What the rows do not say again: notes that stand `above` the table, and `moves`, said for a run of days at once.

    A move is kept by its order and day, with the words that stand for it there; empty where an earlier row says it.
    `every` are the medicines taken every day that have rows of some days alone: each row says so in few words.
    """

    above: frozenset[Note]
    moves: Mapping[tuple[str, int], str]
    every: frozenset[str]


EXAMINED = ("assessment", "procedure")
TAKEN = "What is checked, what is taken"
RUNS, INTERRUPTED, NOTHING = "runs", "interrupted", "nothing"
"""What is with the infusion of such days: it runs, it is on hold or left out, or there is none."""
LEADS = {
    RUNS: ("Today the infusion runs on.", "On each of these days the infusion runs on.", "Nothing is begun"),
    INTERRUPTED: (
        "The infusion is interrupted and is not given today.",
        "The infusion is interrupted and is not given on these days.",
        "Nothing is given",
    ),
    NOTHING: ("", "", "Nothing is given"),
}
"""What is said of one such day and of several."""
TICK = " Tick what was done."
PUMP = Column((Line("Pump checked", "strong"), Line("rate, time")), 106, 0.1)
DONE = Column((Line("Done", "strong"), Line("time, result")), 72, 0.1)
"""What is written beside a day, with an infusion that runs and without."""


def stretches(
    days: Sequence[Day],
    by_day: Mapping[int, tuple[Event, ...]],
    earlier: Mapping[int, Sequence[Event]],
    findings: Mapping[int, Sequence[Finding]],
) -> list[list[Day]]:
    """The days of the clinic in order: each alone, or those together on which nothing is begun.

    Days stand together where they are of the same blocks, an infusion runs on all, is interrupted on all or is on none,
    and nothing but what is taken at home lies between them. `by_day` are the events of all days, `earlier` the doses of
    a day before that run or end on a day. What the rules warn of stands over all the days of a page: a day with other
    warnings begins a new one.
    """
    found: list[list[Day]] = []
    shared: object = None
    for day, events in days:
        key = None
        clinic = [event for event in events if not is_home_medicine(event)]
        if clinic and day not in earlier and _begins_nothing(events, by_day.get(day - 1, ())):
            blocks = frozenset(event.placed.block.id for event in clinic)
            key = blocks, _infusion_on(events), _warned(findings.get(day, ()))
        if key is not None and key == shared:
            found[-1].append((day, events))
        else:
            found.append([(day, events)])
        shared = key
    return found


def is_quiet(today: Day, by_day: Mapping[int, tuple[Event, ...]], earlier: Mapping[int, Sequence[Event]]) -> bool:
    """Whether a day alone has the list as well: an infusion runs on, or is interrupted, and nothing is begun."""
    day, events = today
    begins = day in earlier or not _begins_nothing(events, by_day.get(day - 1, ()))
    return not begins and _infusion_on(events) != NOTHING


def _infusion_on(events: Sequence[Event]) -> str:
    states = [event.state for event in events if event.placed.kind == "infusion"]
    if not states:
        return NOTHING
    return INTERRUPTED if all(state in NOT_TO_BE_GIVEN for state in states) else RUNS


def is_home_medicine(event: Event) -> bool:
    """What has no hour and is swallowed or dropped in: it stands in a list of its own.

    Not a premedication: below, on the next page, paracetamol "before the infusion" came after the cells.
    """
    at_home = is_drug(event.placed) and event.placed.route in AT_HOME and event.minute < 0
    return at_home and event.placed.role != PREMEDICATION


def _begins_nothing(events: Sequence[Event], before: Sequence[Event]) -> bool:
    """Whether nothing is given but what is taken at home and infusions that ran the day before.

    Nothing is decided and nothing is to be entered either: both need room to write.
    """
    drugs = [event for event in events if is_drug(event.placed) and not is_home_medicine(event)]
    others = [event for event in events if not is_drug(event.placed)]
    return (
        all(event.placed.kind == "infusion" for event in drugs)
        and _doings(drugs) <= _doings(before)
        and all(event.placed.kind in EXAMINED and not _is_to_enter(event.placed.order) for event in others)
    )


def _is_to_enter(order: object) -> bool:
    return isinstance(order, TemplateAssessment) and order.topic == TO_ENTER


def _doings(events: Iterable[Event]) -> frozenset[tuple[object, ...]]:
    """What is given, when and how much."""
    return frozenset(
        (event.placed.id, event.minute, event.dose.value if event.dose else None, event.state, tuple(own_notes(event)))
        for event in events
    )


def _warned(findings: Sequence[Finding]) -> frozenset[str]:
    """The findings that are more than advice and could be checked."""
    return frozenset(
        one.id for one in findings if one.severity != SEVERITIES[-1] and one.status is not FindingStatus.CANNOT_CHECK
    )


def quiet_section(
    days: Sequence[Day], parts: tuple[Part, ...], findings: Mapping[int, Sequence[Line]], beside: Beside
) -> Section:
    """Such days under `parts`, what is said of all of them; `findings` are what is said of each day alone."""
    title = " to ".join(dict.fromkeys(weekday_date(day) for day in (days[0][0], days[-1][0])))
    shared = _shared_notes(days, beside.checks)
    between = _taken_between(days, beside.doses)
    every = frozenset(name for name, always in between.items() if always)
    elsewhere = _Elsewhere(frozenset(shared), _moves_in_a_row(days, shared), every)
    infusion = _infusion_on(days[0][1])
    columns = (
        Column((Line("Date", "strong"),), 92, 0),
        Column((Line("Cycle, day", "strong"),), 52, 0),
        Column((Line("Time", "strong"),), 40, 0),
        Column((Line("What runs, is checked, is taken" if infusion == RUNS else TAKEN, "strong"),), 238, 0.2),
        PUMP if infusion == RUNS else DONE,
        Column((Line("By, checked by", "strong"),), 78, 0.1),
        Column((Line("Notes", "strong"),), 110, 1.8),
    )
    rows = []
    for day, events in days:
        told = findings.get(day, ())
        for group in _by_hour(events):
            rows.append(_row(day, group, told, elsewhere, beside))
            told = ()
    notes = [f"{name}: {text}" for name, text in dict.fromkeys(shared.values())]
    lines = (Line(_lead(days, infusion), "strong"), *_between_lines(days, between), *map(Line, notes))
    return Section(
        title,
        (*parts, Paragraphs(lines), Table(columns, tuple(rows))),
        new_page=True,
        again=continued(title),
        goes_on=goes_on(title),
    )


def _lead(days: Sequence[Day], infusion: str) -> str:
    one, several, nothing = LEADS[infusion]
    alone = len(days) == 1
    ends = "" if one else " today" if alone else " on these days"
    boxes = any(not is_drug(one.placed) or is_home_medicine(one) for _, events in days for one in events)
    told = f"{one if alone else several} {nothing} at the clinic{ends}.".strip()
    return f"{told}{TICK}" if boxes else told


def _taken_between(days: Sequence[Day], doses: Doses) -> Mapping[str, bool]:
    """What is taken at home on days between these as well, and whether on every day from the first to the last."""
    rows = {day for day, _ in days}
    span = range(min(rows), max(rows) + 1)
    taken: dict[str, set[int]] = defaultdict(set)
    for one in (one for several in doses.values() for one in several):
        if is_home_medicine(one) and one.state not in NOT_TO_BE_GIVEN and one.day in span:
            taken[_medicine(one)].add(one.day)
    return {name: len(found) == len(span) for name, found in taken.items() if found - rows}


def _medicine(event: Event) -> str:
    return f"{event.placed.agent_name}, {route_words(event.placed.route)}"


def _between_lines(days: Sequence[Day], between: Mapping[str, bool]) -> Iterator[Line]:
    """A tablet of every day read as one of every fourth week, beside the liver tests."""
    first, last = (glued(weekday_date(day)) for day, _ in (days[0], days[-1]))
    for name, every in between.items():
        told = f"every day from {first} to {last}, also on the days" if every else "also on days between these"
        yield Line(f"{name}: {told} that have no row here.", "strong")


def _shared_notes(days: Sequence[Day], checks: Checks) -> dict[Note, Note]:
    """What is noted on every one of several days of an order, or on a day alone: by order and text its name and it."""
    by_order: dict[str, list[Event]] = defaultdict(list)
    for _, events in days:
        for event in events:
            by_order[event.placed.id].append(event)
    several = {
        order: events
        for order, events in by_order.items()
        if len({event.day for event in events}) > 1 or len(days) == 1
    }
    return _shared_moves(several) | {
        (order, text): (events[0].placed.agent_name, text)
        for order, events in several.items()
        for text in notes_of(events[0], checks)
        if text != state_words(events[0]) and all(text in notes_of(event, checks) for event in events)
    }


def _moves_in_a_row(days: Sequence[Day], shared: Mapping[Note, Note]) -> dict[tuple[str, int], str]:
    """By order and day, what is said of days in a row that moved by as many: on the first of them for all of them.

    Not where all days of the order did: that stands above the table.
    """
    found: dict[tuple[str, int], str] = {}
    runs: dict[str, list[list[Event]]] = defaultdict(list)
    for event in (one for _, events in days for one in events):
        run = runs[event.placed.id][-1:]
        if run and 0 <= event.day - run[0][-1].day <= 1 and _moved_by(event) == _moved_by(run[0][-1]):
            run[0].append(event)
        else:
            runs[event.placed.id].append([event])
    for first, *others in (run for several in runs.values() for run in several):
        by = _moved_by(first)
        if not by or not others or others[-1].day == first.day or (first.placed.id, moved_words(first)) in shared:
            continue
        found |= {(one.placed.id, one.day): "" for one in others}
        told = f"each {counted(abs(by), 'day')} {'later' if by > 0 else 'earlier'}"
        last = glued(weekday_date(others[-1].day))
        found[first.placed.id, first.day] = f"{moved_words(first)}, and so the days to {last}: {told}"
    return found


def _moved_by(event: Event) -> int:
    return 0 if event.moved_from is None else event.day - event.moved_from


def _shared_moves(by_order: Mapping[str, Sequence[Event]]) -> dict[Note, Note]:
    """The days that an order was due on, where all its days moved by as many: that is told once."""
    found: dict[Note, Note] = {}
    for order, events in by_order.items():
        moves = {_moved_by(event) for event in events}
        if len(moves) == 1 and (days := moves.pop()):
            told = f"each moved {counted(abs(days), 'day')} {'later' if days > 0 else 'earlier'}"
            found |= {(order, moved_words(event)): (events[0].placed.agent_name, told) for event in events}
    return found


def _by_hour(events: Sequence[Event]) -> list[list[Event]]:
    """What is done at one hour stands together; what has none, and what is taken at home, stands with the first."""
    found: dict[int, list[Event]] = defaultdict(list)
    for event in sorted(events, key=lambda event: (event.minute < 0, event.minute, is_home_medicine(event))):
        found[event.minute if event.minute >= 0 or not found else min(found)].append(event)
    return list(found.values())


def _row(day: int, events: Sequence[Event], findings: Sequence[Line], elsewhere: _Elsewhere, beside: Beside) -> Row:
    first = events[0]
    clinic = [event for event in events if not is_home_medicine(event)] or events
    numbers = dict.fromkeys(glued(f"C{one.placed.cycle} D{day_name(one.day_number)}") for one in clinic)
    alike: dict[tuple[object, ...], list[Event]] = defaultdict(list)
    for event in events:
        alike[event.placed.id, event.dose and event.dose.value, event.state, event.minute].append(event)
    # A frame round all of them would say of what is sure that it may be left out.
    unsure = [is_unsure(one) for one in events]
    mixed = any(unsure) and not all(unsure)
    lines = [
        replace(line, unsure=mixed and is_unsure(same[0]))
        for same in alike.values()
        for line in _lines(same, first.minute, elsewhere, beside)
    ]
    notes = [line for same in alike.values() for line in _notes(same[0], len(alike) > 1, elsewhere, beside)]
    return Row(
        (
            Cell((Line(glued(weekday_date(day)), "strong"),)),
            Cell((Line(listed(list(numbers))),)),
            Cell((Line(clock(first.minute) or "no time", "strong" if first.minute >= 0 else "body"),)),
            Cell(tuple(lines), "dashed" if all(unsure) else ""),
            *_written(clinic, beside),
            Cell((*findings, *notes)) if findings or notes else Cell((Line("", blank=True),)),
        )
    )


def _written(events: Sequence[Event], beside: Beside) -> tuple[Cell, Cell]:
    """Where it is written what was done and by whom: nothing where all is done, or nothing is to be done.

    In front of the line stands the rate that the pump has to show.
    """
    if all(event.state in NOT_TO_BE_GIVEN for event in events):
        return Cell(), Cell()
    if all(event.state is State.GIVEN for event in events):
        return Cell(given_lines(events[0])[:1]), Cell()
    rates = dict.fromkeys(filter(None, (beside.pumps.rate(event) for event in events)))
    return Cell((Line(glued(" ".join(rates)), blank=True),)), Cell((Line("", blank=True),))


def _lines(events: Sequence[Event], minute: int, elsewhere: _Elsewhere, beside: Beside) -> list[Line]:
    """What is done, its dose, its way, how often that day, its state; an examination has a box, an infusion its bag."""
    event, placed = events[0], events[0].placed
    words = f"{placed.agent_name} {dose_of_day(event, beside.site.micrograms)}".strip()
    state = state_words(event)
    if event.state in NOT_TO_BE_GIVEN:
        return [Line(words, "struck"), Line(state, "strong")]
    way = route_words(placed.route) if is_drug(placed) else ""
    way = ", ".join(filter(None, (way, "continuous infusion" if placed.kind == "infusion" else "")))
    often = counted(len(events), "time") if len(events) > 1 else ""
    hour = "no time" if placed.kind == "assessment" and event.minute < 0 <= minute else ""
    every = "as every day" if is_home_medicine(event) and _medicine(event) in elsewhere.every else ""
    text = ", ".join(filter(None, (words, way, often, every, hour, state)))
    style = "body" if is_home_medicine(event) else "strong"
    ticks = not is_drug(placed) or is_home_medicine(event)
    line = Line(text, style, tick=ticks, blank=is_to_enter(event), ticked=event.state is State.GIVEN)
    hung = beside.pumps.hanging(event)
    return [line, Line(_bag_words(*hung))] if hung else [line]


def _bag_words(hung: Event, bag: Bag) -> str:
    """ "bag 2 of 8, 1.8 mL/h, until Mon 01-Mar-2027 09:00"."""
    until = f"until {glued(f'{weekday_date(hung.end_day)} {clock(hung.end_minute)}')}"
    return ", ".join(filter(None, (glued(bag.number), glued(bag.rate), until)))


def _notes(event: Event, named: bool, elsewhere: _Elsewhere, beside: Beside) -> list[Line]:
    """Changes, and what is noted of this day alone; `named` with what it is about, lest it is read of another thing."""
    name = f"{event.placed.agent_name}: " if named else ""
    own = [text for text in notes_of(event, beside.checks) if (event.placed.id, text) not in elsewhere.above]
    moved = elsewhere.moves.get((event.placed.id, event.day))
    told = (moved if moved is not None and text == moved_words(event) else text for text in own)
    texts = [text for text in told if text and text != state_words(event)]
    lines = *mark_of(event, beside.marks), *without_words(event, beside.doses), *map(Line, texts)
    return [Line(f"{name}{line.text}", line.style) for line in lines]
