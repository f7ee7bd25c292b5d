"""Rows of the day sheet's lists of what may go on behind its drawn days, and of what nobody drew between two doses."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from planner.exports.sheets.day_numbers import place_behind
from planner.exports.sheets.notes import Beside, going_dose, going_doses, state_words
from planner.exports.sheets.sheet import Cell, Line, Row
from planner.exports.wording.checks import check_words
from planner.exports.wording.doses import dose_words, is_drug, is_to_enter, is_unsure, route_words
from planner.exports.wording.not_given import guards_of
from planner.exports.wording.text import NO_TIME
from planner.model.civil import weekday_date
from planner.model.cycle_content import State
from planner.model.language import glued
from planner.model.schedule import Event

GOES_ON = "may still go on"
Made = tuple[tuple[Cell, ...], tuple[Line, ...]]
"""The cells of a row between its date and its notes, and these."""


def going_row(day: int, first: Event, beside: Beside) -> Made:
    """A drug that may go on: a line for each dose of the day, as on the sheet of a day of the clinic."""
    placed = first.placed
    dose = going_dose(first, beside.site.micrograms)
    state = state_words(first) if is_unsure(first) else ""
    told = f"{placed.agent_name} {dose}".strip(), route_words(placed.route), GOES_ON, state
    line = Line(", ".join(filter(None, told)), blank=is_to_enter(first))
    return _behind(day, first, line, going_doses(placed), beside)


def _behind(day: int, first: Event, line: Line, signed: int, beside: Beside) -> Made:
    """The cells of a thing that is due as long as a drug goes on behind its drawn days."""
    written = Cell((Line("", blank=True),) * signed)
    number = Cell((Line(place_behind(day, first, beside.numbered)[1]),))
    edge = "dashed" if is_unsure(first) else ""
    return (number, Cell((Line(NO_TIME),)), Cell((line,), edge), written, written), ()


def apart_row(day: int, later: Event, beside: Beside) -> Made:
    """That a medicine of every day is not drawn on one, because the doses behind it are put off."""
    return _behind(day, later, Line(apart_words(later, beside)), 1, beside)


def off_rows(days: Sequence[int], beside: Beside) -> dict[int, list[Row]]:
    """By day a row for each pump that is off from then on, or drug that is on hold, on all of these days in one."""
    found: dict[int, list[Row]] = defaultdict(list)
    shown: dict[tuple[str, int], list[tuple[int, Event]]] = defaultdict(list)
    for day in days:
        for one in beside.apart.get(day, ()):
            if key_of(one) in beside.off:
                shown[key_of(one)].append((day, one))
    for here in shown.values():
        (first, one), (last, _) = here[0], here[-1]
        cells, _ = _behind(first, one, Line(apart_words(one, beside), "strong"), 0, beside)
        dates = [Line(glued(weekday_date(first)), "strong")]
        dates += [Line(glued(f"to {weekday_date(last)}"), "strong")] if last > first else []
        found[first].append(Row((Cell(tuple(dates)), *cells, Cell())))
    return found


def key_of(event: Event) -> tuple[str, int]:
    """The order and the day by which a pump that is off, or a drug on hold, is known."""
    return event.placed.id, event.day


def apart_words(later: Event, beside: Beside) -> str:
    """That a medicine of every day is not drawn on one; that a pump is off, since when and until when."""
    if off := beside.off.get(key_of(later)):
        return off
    next_dose = "on HOLD" if later.state is State.HELD else f"moved to {glued(weekday_date(later.day))}"
    what = "dose" if is_drug(later.placed) else "day"
    return f"{later.placed.agent_name}: none drawn, its next {what} is {next_dose}; ask"


def guarded_rows(day: int, first: Event, events: Sequence[Event], beside: Beside) -> Iterator[Made]:
    """What is looked at and given together with a rescue that may go on: nobody knows without it when it may stop."""
    going = beside.going.get(day, ())
    here = {event.placed.id for event in (*events, *going)}
    for one in guards_of(first, beside.doses, going):
        if one.placed.id not in here:
            dose = dose_words(one, beside.site.micrograms)
            name = f"{one.placed.agent_name} {dose}".strip()
            told = f"{name}, {GOES_ON} as long as {first.placed.agent_name} does"
            line = Line(told, tick=not is_drug(one.placed), blank=is_to_enter(one))
            yield _behind(day, one, line, 1, beside)


def going_notes(first: Event, beside: Beside) -> Iterator[tuple[str, str]]:
    """What is noted of a drug that may go on, and that it is still to be confirmed: its first day's sheet said so."""
    for text in (first.placed.note, check_words(first.placed, beside.checks)):
        if text:
            yield first.placed.agent_name, text
