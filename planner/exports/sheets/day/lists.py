"""The lists of the day sheet: a row for each of several days on which nothing is begun, to check and to sign on."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from planner.exports.sheets.day.going import Made, apart_row, going_notes, going_row, guarded_rows, key_of, off_rows
from planner.exports.sheets.day.off import leading, off_in_a_row
from planner.exports.sheets.day.runs import LEADS, RUNS, Day, infusion_on, is_home_medicine
from planner.exports.sheets.day_numbers import place_of
from planner.exports.sheets.notes import (
    MOST_LINES,
    Beside,
    given_lines,
    going_line,
    mark_of,
    moved_words,
    notes_of,
    state_words,
    still_going,
    without_words,
)
from planner.exports.sheets.sheet import Cell, Column, Line, Paragraphs, Part, Row, Section, Table
from planner.exports.wording.doses import (
    NOT_TO_BE_GIVEN,
    dose_of_day,
    is_drug,
    is_to_enter,
    is_unsure,
    route_words,
)
from planner.exports.wording.order_words import event_name, once_a_week_words
from planner.exports.wording.pumps import Bag, bag_of
from planner.exports.wording.text import NO_TIME, continued, counted, day_name, goes_on, listed
from planner.model.civil import clock, weekday_date
from planner.model.cycle_content import State
from planner.model.kept import Doses
from planner.model.language import glued
from planner.model.schedule import Event

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
    off: Mapping[tuple[str, int], Event | None]
    """What is not given on days in a row, by its order and day: its last dose, or None behind the first day."""


TAKEN = "What is checked, what is taken"
NOTHING_NEW = "Nothing new is given"
BAGS = "A new bag is hung where a row says so; nothing else is begun at the clinic."
TICK = " Tick what was done."
PUMP = Column((Line("Pump checked", "strong"), Line("rate, time")), 98, 0.1)
DONE = Column((Line("Done", "strong"), Line("time, result")), 72, 0.1)
"""What is written beside a day, with an infusion that runs and without."""


def quiet_section(
    days: Sequence[Day],
    parts: tuple[Part, ...],
    findings: Mapping[int, Sequence[Line]],
    beside: Beside,
    *,
    below: bool = False,
) -> Section:
    """Such days under `parts`, what is said of all of them; `findings` are what is said of each day alone.

    `below` the sheet of a day it takes what is left of its page.
    """
    title = " to ".join(dict.fromkeys(weekday_date(day) for day in (days[0][0], days[-1][0])))
    shared = _shared_notes(days, beside)
    between = _taken_between(days, beside.doses)
    every = frozenset(name for name, always in between.items() if always)
    elsewhere = _Elsewhere(frozenset(shared), _moves_in_a_row(days, shared), every, off_in_a_row(days))
    infusion = infusion_on(days[0][1])
    off = off_rows([day for day, _ in days], beside)
    rows = [
        row
        for day, events in days
        for row in (*_rows(day, events, findings.get(day, ()), elsewhere, beside), *off.get(day, ()))
    ]
    going = dict.fromkeys(one for day, events in days for one in still_going(beside, day, events))
    # What is surely due stands in bold, and this beside it; its rows have the broken frame.
    above = dict.fromkeys(replace(going_line(one, beside), style="body", unsure=False) for one in going)
    told = *shared.values(), *(note for one in going for note in going_notes(one, beside))
    notes = [f"{name}: {text}" for name, text in dict.fromkeys(told)]
    lead = _lead(days, infusion, bool(above))
    lines = (Line(lead, "strong"), *above, *_between_lines(days, between, going), *map(Line, notes))
    return Section(
        title,
        (*map(leading, parts), Paragraphs(lines, leads=True), Table(_columns(infusion), tuple(rows), together=below)),
        level=1 if below else 0,
        new_page=not below,
        again=continued(title),
        goes_on=goes_on(title),
    )


def _columns(infusion: str) -> tuple[Column, ...]:
    return (
        Column((Line("Date", "strong"),), 88, 0),
        Column((Line("Cycle, day", "strong"),), 50, 0),
        Column((Line("Time", "strong"),), 40, 0),
        Column((Line("What runs, is checked, is taken" if infusion == RUNS else TAKEN, "strong"),), 262, 0.4),
        PUMP if infusion == RUNS else DONE,
        Column((Line("By, checked by", "strong"),), 76, 0.1),
        Column((Line("Notes", "strong"),), 110, 1.8),
    )


def _rows(
    day: int, events: Sequence[Event], findings: Sequence[Line], elsewhere: _Elsewhere, beside: Beside
) -> Iterator[Row]:
    """A row for each hour of the day, for each medicine taken at home, and for each drug that may go on.

    Each is signed for: one line beside two boxes said of both that they were done.
    """
    yield from _off_rows(day, events, elsewhere, beside)
    events = [one for one in events if (one.placed.id, day) not in elsewhere.off]
    at_home, others = _at_home(events)
    rows = [_row(group, elsewhere, beside) for group in (*_by_hour(others), *at_home)]
    for first in still_going(beside, day, events):
        rows.append(going_row(day, first, beside))
        rows += guarded_rows(day, first, events, beside)
    rows += [apart_row(day, one, beside) for one in beside.apart.get(day, ()) if key_of(one) not in beside.off]
    for number, (what, said) in enumerate(rows):
        told = (*findings, *said) if not number else said
        date = Cell((Line(glued(weekday_date(day)), "body" if number else "strong"),))
        yield Row((date, *what, Cell(told or (Line("", blank=True),))), joined=number > 0)


def _off_rows(day: int, events: Sequence[Event], elsewhere: _Elsewhere, beside: Beside) -> Iterator[Row]:
    """A row for all days in a row on which something is not given, on the first of them."""
    for order in dict.fromkeys(one.placed.id for one in events):
        if last := elsewhere.off.get((order, day)):
            same = [one for one in events if one.placed.id == order]
            (_, *cells), said = _row(same, elsewhere, beside)
            dates = Line(glued(weekday_date(day)), "strong"), Line(glued(f"to {weekday_date(last.day)}"), "strong")
            first = glued(f"C{last.placed.cycle} D{day_name(same[0].day_number)}")
            numbers = Line(first), Line(glued(f"to D{day_name(last.day_number)}"))
            yield Row((Cell(dates), Cell(numbers), *cells, Cell(said)))


def _at_home(events: Sequence[Event]) -> tuple[list[list[Event]], list[Event]]:
    """What is taken at home, each medicine and dose for itself, and all else."""
    alike: dict[tuple[object, ...], list[Event]] = defaultdict(list)
    for event in events:
        if is_home_medicine(event):
            alike[event.placed.id, event.dose and event.dose.value, event.state].append(event)
    return [*alike.values()], [event for event in events if not is_home_medicine(event)]


def _lead(days: Sequence[Day], infusion: str, going: bool) -> str:
    one, several, nothing = LEADS[infusion]
    alone = len(days) == 1
    ends = "" if one else " today" if alone else " on these days"
    boxes = any(not is_drug(one.placed) or is_home_medicine(one) for _, events in days for one in events)
    hung = any(one.placed.kind == "bag" for _, events in days for one in events)
    told = f"{NOTHING_NEW if going and not one else nothing} at the clinic{ends}."
    told = f"{one if alone else several} {BAGS if hung else told}".strip()
    return f"{told}{TICK}" if boxes else told


def _taken_between(days: Sequence[Day], doses: Doses) -> Mapping[str, bool]:
    """What is taken at home on days between these as well, and whether on every day from the first to the last."""
    rows = {day for day, _ in days}
    span = range(min(rows), max(rows) + 1)
    taken: dict[str, set[int]] = defaultdict(set)
    for one in (one for several in doses.values() for one in several):
        if one.day in span and one.state not in NOT_TO_BE_GIVEN and is_home_medicine(one):
            taken[_medicine(one)].add(one.day)
    return {name: len(found) == len(span) for name, found in taken.items() if found - rows}


def _medicine(event: Event) -> str:
    return f"{event.placed.agent_name}, {route_words(event.placed.route)}"


def _between_lines(days: Sequence[Day], between: Mapping[str, bool], going: Iterable[Event]) -> Iterator[Line]:
    """A tablet of every day read as one of every fourth week, beside the liver tests."""
    first, last = (glued(weekday_date(day)) for day, _ in (days[0], days[-1]))
    for name, every in between.items():
        told = f"every day from {first} to {last}, also on the days" if every else "also on days between these"
        yield Line(f"{name}: {told} that have no row here.", "strong")
    if days[-1][0] - days[0][0] >= len(days):
        for name in dict.fromkeys(one.placed.agent_name for one in going):
            yield Line(f"{name}, while it goes on: also on the days between these that have no row here.", "strong")


def _shared_notes(days: Sequence[Day], beside: Beside) -> dict[Note, Note]:
    """What is noted on every one of several days of an order, or on a day alone: by order and text its name and it."""
    by_order: dict[str, list[Event]] = defaultdict(list)
    for _, events in days:
        for event in events:
            by_order[event.placed.id].append(event)
    several = {
        # What is left out or stopped says why alone; the notes of the other days are above all the same.
        order: [one for one in events if one.state not in (State.OMITTED, State.STOPPED)] or events
        for order, events in by_order.items()
        if len({event.day for event in events}) > 1 or len(days) == 1
    }
    return _shared_moves(several) | {
        (order, text): (events[0].placed.agent_name, text)
        for order, events in several.items()
        for text in notes_of(events[0], beside)
        if text != state_words(events[0]) and all(text in notes_of(event, beside) for event in events)
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
    """What is done at one hour stands together; what has none stands with the first."""
    found: dict[int, list[Event]] = defaultdict(list)
    for event in sorted(events, key=lambda event: (event.minute < 0, event.minute)):
        found[event.minute if event.minute >= 0 or not found else min(found)].append(event)
    return list(found.values())


def _row(events: Sequence[Event], elsewhere: _Elsewhere, beside: Beside) -> Made:
    first = events[0]
    numbers = dict.fromkeys(place_of(one, beside.numbered) for one in events)
    alike: dict[tuple[object, ...], list[Event]] = defaultdict(list)
    for event in events:
        alike[event.placed.id, event.dose and event.dose.value, event.state, event.minute].append(event)
    # A frame round all of them would say of what is sure that it may be left out.
    unsure = [is_unsure(one) for one in events]
    mixed = any(unsure) and not all(unsure)
    lines = [
        replace(line, unsure=mixed and is_unsure(same[0]))
        for same in alike.values()
        for line in _lines(same, first.minute, elsewhere, beside, signed=_is_signed(events))
    ]
    notes = [line for same in alike.values() for line in _notes(same[0], len(alike) > 1, elsewhere, beside)]
    cells = (
        Cell((Line(listed(list(numbers))),)),
        Cell((Line(clock(first.minute) or NO_TIME, "strong" if first.minute >= 0 else "body"),)),
        Cell(tuple(lines), "dashed" if all(unsure) else ""),
        *_written(events, beside),
    )
    return cells, tuple(notes)


def _written(events: Sequence[Event], beside: Beside) -> tuple[Cell, Cell]:
    """Where it is written what was done and by whom: nothing where all is done, or nothing is to be done.

    In front of the line stands the rate that the pump has to show.
    """
    if all(event.state in NOT_TO_BE_GIVEN for event in events):
        return Cell(), Cell()
    if all(event.state is State.GIVEN for event in events):
        return Cell(given_lines(events[0])[:1]), Cell()
    if _is_signed(events):  # what is left has a box
        return Cell(given_lines(_doses(events)[0])[:1]), Cell((Line("", blank=True),))
    if is_home_medicine(events[0]):
        signed = Cell((Line("", blank=True),) * min(len(events), MOST_LINES))
        return signed, signed
    rates = dict.fromkeys(filter(None, (beside.pumps.rate(event) for event in events)))
    hung = (Line("hung at", blank=True),) if any(event.placed.kind == "bag" for event in events) else ()
    return Cell((*hung, Line(glued(" ".join(rates)), blank=True))), Cell((Line("", blank=True),))


def _is_signed(events: Sequence[Event]) -> bool:
    """Whether all doses of a row are recorded as given: the column beside them says so."""
    return bool(_doses(events)) and all(event.state is State.GIVEN for event in _doses(events))


def _doses(events: Sequence[Event]) -> list[Event]:
    return [event for event in events if is_drug(event.placed) or event.placed.kind == "bag"]


def _lines(events: Sequence[Event], minute: int, elsewhere: _Elsewhere, beside: Beside, *, signed: bool) -> list[Line]:
    """What is done, its dose, its way, how often that day, its state; an examination has a box, an infusion its bag.

    Of what is `signed` for beside it the state is not said again.
    """
    event, placed = events[0], events[0].placed
    if bag := bag_of(event):
        return [Line(f"{event_name(placed)}: {bag.number}", "strong", tick=True, ticked=event.state is State.GIVEN)]
    words = f"{placed.agent_name} {dose_of_day(event, beside.site.micrograms)}".strip()
    state = "" if signed else state_words(event)
    if event.state in NOT_TO_BE_GIVEN:
        return [Line(words, "struck"), Line(state, "strong")]
    way = route_words(placed.route) if is_drug(placed) else ""
    way = ", ".join(filter(None, (way, "continuous infusion" if placed.kind == "infusion" else "")))
    often = counted(len(events), "time") if len(events) > 1 else ""
    often += " a day" if often and is_home_medicine(event) else ""
    hour = NO_TIME if placed.kind == "assessment" and event.minute < 0 <= minute else ""
    every = "as every day" if is_home_medicine(event) and _medicine(event) in elsewhere.every else ""
    weekly = "once a week" if once_a_week_words(event) else ""
    text = ", ".join(filter(None, (words, way, often, weekly, every, hour, state)))
    ticks = not is_drug(placed) or (is_home_medicine(event) and len(events) == 1)
    line = Line(text, "strong", tick=ticks, blank=is_to_enter(event), ticked=event.state is State.GIVEN)
    hung = beside.pumps.hanging(event)
    return [line, Line(_bag_words(*hung))] if hung else [line]


def _bag_words(hung: Event, bag: Bag) -> str:
    """ "bag 2 of 8, 1.8 mL/h, until Mon 01-Mar-2027 09:00"."""
    until = f"until {glued(f'{weekday_date(hung.end_day)} {clock(hung.end_minute)}')}"
    return ", ".join(filter(None, (glued(bag.number), glued(bag.rate), until)))


def _notes(event: Event, named: bool, elsewhere: _Elsewhere, beside: Beside) -> list[Line]:
    """Changes, and what is noted of this day alone; `named` with what it is about, lest it is read of another thing."""
    bag, texts = bag_of(event), notes_of(event, beside)
    name = f"{event.placed.agent_name}: " if named and not bag else ""
    texts = [bag.then if bag and text == event.notes[0] else text for text in texts]
    own = [text for text in texts if (event.placed.id, text) not in elsewhere.above]
    moved = elsewhere.moves.get((event.placed.id, event.day))
    told = (moved if moved is not None and text == moved_words(event) else text for text in own)
    left = [Line(text) for text in told if text and text != state_words(event)]
    lines = *mark_of(event, beside.marks), *without_words(event, beside.doses), *left
    return [Line(f"{name}{line.text}", line.style) for line in lines]
