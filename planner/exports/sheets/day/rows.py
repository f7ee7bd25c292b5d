"""The tables of a day on the day sheet: a row for each dose at the clinic, one for each medicine taken at home."""

import re
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from planner.exports.sheets.day_numbers import place_of
from planner.exports.sheets.notes import MOST_LINES, SEVERAL, Beside, given_lines, mark_of, notes_of, without_words
from planner.exports.sheets.sheet import Cell, Column, Line, Row, Table
from planner.exports.sheets.unsaid import to_enter
from planner.exports.wording.answers import answer_of, is_decided
from planner.exports.wording.clock_words import clock_words
from planner.exports.wording.doses import (
    INSTEAD,
    NOT_TO_BE_GIVEN,
    STATES,
    cell_words,
    dose_of_day,
    dose_words,
    if_tolerated,
    instead_words,
    is_day_total,
    is_drug,
    is_intrathecal,
    is_often_open,
    is_recorded_total,
    is_start_gate,
    is_to_enter,
    is_unsure,
    place_words,
    route_words,
)
from planner.exports.wording.order_words import OF_DAY, dose_formula, event_name, weight_words
from planner.exports.wording.pumps import bag_of
from planner.exports.wording.text import NO_TIME
from planner.model.civil import clock, weekday_date
from planner.model.cycle_content import State
from planner.model.flow import duration_words, flow_of
from planner.model.kept import NOT_OUT
from planner.model.language import glued
from planner.model.protocol import TemplateOrder
from planner.model.quantity import format_amount
from planner.model.schedule import Event

SINGLE = "single, or a day's"
ABOVE = "at the top of this day"
LONG = 40
"""Characters from which a note is not said again in the next row of its order."""
WIDE = 150
"""Characters from which it stands above the table, over the whole width: in its column it drove the next drug off."""
SENTENCE = re.compile(r"(?<=\.) (?=[A-Z\d])")
STAYS = re.compile(r"\bfatal\b|\b[Nn]ever\b|\b(?!UNVERIFIED\b)[A-Z]{4,}\b")
"""What keeps a sentence of a note beside its dose, however long the note is: a word in capitals too."""


def clinic_table(events: Sequence[Event], beside: Beside) -> Table:
    """What is done at the clinic, a row each; what an earlier row says is not said again.

    What stands above (`wide_notes`) is named.

    It says which row: "as above" stood under another drug's note, and first on a page. It is said again where two rows
    have that name and time: "see Leucovorin at 15:00" stood beside a struck one and the one in its place.
    """
    columns = (
        Column((Line("Time", "strong"),), 48, 0),
        Column((Line("What", "strong"),), 130, 0.3),
        Column((Line("Dose", "strong"), Line(SINGLE)), 92, 0.2),
        Column((Line("Route, length, rate", "strong"),), 94, 0.2),
        Column((Line("Begun", "strong"),), 76, 0),
        Column((Line("Ended", "strong"),), 58, 0),
        Column((Line("By, checked by", "strong"),), 72, 0),
        Column((Line("Notes", "strong"),), 174, 1.8),
    )
    called: dict[tuple[str, int], set[tuple[str, bool]]] = defaultdict(set)
    for event in events:
        called[event.placed.agent_name, event.minute].add((event.placed.id, event.state in NOT_TO_BE_GIVEN))
    noted: dict[tuple[str, str], Event] = {}
    """By order and note, the event that it stands with; what several orders' notes say alike by the note alone."""
    rows = []
    for event in events:
        order, texts = event.placed.id, _notes(event, beside)
        keys = {text: ("" if text in event.placed.note else order, text) for text in texts}
        long = (text for text in texts if len(text) > LONG and not text.endswith(NOT_OUT))
        before = {text: noted[keys[text]] for text in long if keys[text] in noted}
        again = [text for text, one in before.items() if len(called[one.placed.agent_name, one.minute]) == 1]
        told = [text for text in texts if text not in again]
        told += dict.fromkeys(_see(before[text]) for text in again)
        for text in texts:
            noted.setdefault(keys[text], event)
        rows.append(_row(event, beside, told))
    return Table(columns, tuple(rows))


def _see(event: Event) -> str:
    """Where a note stands: "note: see Leucovorin at 03:00"."""
    where = f"at {clock(event.minute)}" if event.minute >= 0 else "in its first row"
    return f"note: see {event.placed.agent_name} {glued(where)}"


def wide_notes(events: Sequence[Event], beside: Beside) -> tuple[Line, ...]:
    """The long notes of the protocol's orders, each once with its drug."""
    found = ((one.placed.agent_name, _parted(one, beside)[1]) for one in events)
    return tuple(Line(f"{name}: {note}") for name, note in dict.fromkeys(found) if note)


def _parted(event: Event, beside: Beside) -> tuple[str, str]:
    """Of a long note of its order what has to stand beside the dose, and what stands above the table; else nothing.

    All that is said of a bag of cells stands beside it: that only a part is given, and through no filter.
    """
    note, cells = event.placed.note, event.placed.kind == "cell_infusion"
    if len(note) <= WIDE or cells or note.endswith(NOT_OUT) or note not in notes_of(event, beside):
        return note, ""
    sentences = SENTENCE.split(note)
    stays = [one for one in sentences if STAYS.search(one)]
    return " ".join(stays), " ".join(one for one in sentences if one not in stays)


def _notes(event: Event, beside: Beside) -> list[str]:
    """What is noted of it; of a bag only what its own columns do not say."""
    bag = bag_of(event)
    near, far = _parted(event, beside)
    texts: list[str] = []
    for text in notes_of(event, beside):
        parted = far and text == event.placed.note
        texts += [*([near] if near else []), f"{'more' if near else 'note'}: {ABOVE}"] if parted else [text]
    return [bag.then if bag and text == event.notes[0] else text for text in texts]


def _row(event: Event, beside: Beside, notes: Sequence[str]) -> Row:
    settled = event.state in (*NOT_TO_BE_GIVEN, State.GIVEN)
    edge = "dashed" if is_unsure(event) else ""
    hours = () if settled else clock_words(event, beside.clocks, beside.site.clock_changes)
    told = [Line(text, "strong") for text in (answer_of(event, beside.answers), _to_enter_words(event), *hours) if text]
    remarks = *mark_of(event, beside.marks), *without_words(event, beside.doses), *told, *_told(notes)
    return Row(
        (
            Cell((Line(clock(event.minute) or NO_TIME, "strong" if event.minute >= 0 else "body"),)),
            Cell(tuple(_what(event, beside)), edge),
            Cell(tuple(_dose(event, beside.site.micrograms))),
            Cell(tuple(_way(event))),
            *_written(event, beside),
            Cell(remarks),
        )
    )


def _to_enter_words(event: Event) -> str:
    """On which days that may fall which nobody has entered: a box "done" stood beside it, on its first day alone."""
    days = to_enter(event)
    if not days:
        return ""
    span = " to ".join(glued(weekday_date(day)) for day in (days[0], days[-1]))
    return f"Not entered: days and doses, any day from {span}. Ask the pharmacist."


def _told(notes: Sequence[str]) -> list[Line]:
    """Notes as lines; in bold that it is not to be given, or on no account left out."""
    states = [STATES[state] for state in NOT_TO_BE_GIVEN]
    return [Line(text, "strong" if text in states or text.endswith(NOT_OUT) else "body") for text in notes]


def _what(event: Event, beside: Beside) -> list[Line]:
    placed, struck = event.placed, event.state in NOT_TO_BE_GIVEN
    bag = bag_of(event)
    name = placed.agent_name.upper() if is_intrathecal(placed) else placed.agent_name
    name = f"{event_name(placed)}: {bag.number}" if bag else name
    style = "struck" if struck else "capital" if is_intrathecal(placed) else "strong"
    number = next((note.removesuffix(" this day") for note in event.notes if OF_DAY.fullmatch(note)), "")
    every = placed.order.every_hours if isinstance(placed.order, TemplateOrder) else None
    of_day = ", ".join(filter(None, (number, f"every {every} h" if every else "")))
    return [Line(name, style), Line(day_words(event, beside)), *([Line(glued(of_day))] if of_day else [])]


def _dose(event: Event, micrograms: str) -> list[Line]:
    """The dose, how it is worked out, and of one that rises what it hangs on, with a line for what is given else."""
    told = if_tolerated(event)
    weight = [Line(text) for text in (weight_words(event),) if text]
    return [*_amount(event, micrograms), *weight, *([Line(told, "strong"), Line("else", blank=True)] if told else [])]


def _amount(event: Event, micrograms: str) -> list[Line]:
    style = "struck" if event.state in NOT_TO_BE_GIVEN else "strong"
    words = dose_of_day(event, micrograms)
    lines = [Line(words, style, blank=is_to_enter(event))] if words else []
    lines += [Line("times this day", blank=True)] if _is_divided(event) else []
    lines += [Line(told) for told in (cell_words(event),) if told]
    known = event.dose is not None and event.dose.protocol_dose and style != "struck"
    formula = dose_formula((event,)) if known else ""
    if style != "struck" and (full := instead_words(event, micrograms)):
        own = _plain(formula) in ("", _plain(full.removeprefix(INSTEAD)))
        return [*lines, Line(full if own else f"{full} ({formula})")]
    # A flat dose is its own formula.
    return [*lines, Line(formula)] if formula and _plain(formula) != _plain(words) else lines


def _is_divided(event: Event) -> bool:
    """Whether it is given several times a day as a rule, and nobody has said how often: radiation, a rescue."""
    return is_often_open(event) and (event.placed.route == "radiation" or event.placed.role == "rescue")


def _plain(words: str) -> str:
    return glued(words).removesuffix("/day").removesuffix(glued(" a day"))


def _written(event: Event, beside: Beside) -> tuple[Cell, Cell, Cell]:
    """Where begin, end and names are written: nothing of what is done, or is not to be given.

    A pump that runs on from the day before is not begun: an empty line there invited to start a second one. Where it
    ends has a row or a box of its own.
    """
    empty, line = Cell(), Cell((Line("", blank=True),))
    if event.state in NOT_TO_BE_GIVEN or is_decided(answer_of(event, beside.answers)):
        return empty, empty, empty
    if done := given_lines(event):
        return Cell(done), empty, empty
    if event.placed.kind == "bag":
        return line, empty, line
    if not is_drug(event.placed):
        word = "met" if is_start_gate(event.placed) else "answered" if event.placed.kind == "decision" else "done"
        word = "entered" if to_enter(event) else word
        return Cell((Line(word, tick=True),)), empty, line
    if event.placed.kind == "infusion":
        return Cell((Line("runs on"),)) if beside.pumps.runs_on(event) else line, empty, line
    several = Cell((Line("", blank=True),) * SEVERAL) if _is_divided(event) else line
    return several, several, several


def day_words(event: Event, beside: Beside) -> str:
    """Cycle and day, and what it is given for where that is not the treatment itself."""
    role = event.placed.role if is_drug(event.placed) and event.placed.role != "antineoplastic" else ""
    return ", ".join(part for part in (place_of(event, beside.numbered), role) if part)


def _way(event: Event) -> list[Line]:
    """Route, length, volume, rate and end of what is given; length and rate of a bag."""
    placed = event.placed
    if bag := bag_of(event):
        rate = f" at {glued(bag.rate)}" if bag.rate else ""
        return [Line(f"{glued(bag.length)}{rate}", "strong")]
    if not is_drug(placed):
        return []
    lines = [Line(route_words(placed.route), "capital" if is_intrathecal(placed) else "body")]
    hours = placed.duration_h
    if placed.kind == "infusion":
        lines.append(Line("continuous infusion"))
    elif hours is not None:
        lines.append(Line(f"over {glued(duration_words(hours))}"))
    flow = flow_of(placed.order, event.dose).words()
    if flow:
        lines.append(Line(glued(flow), "strong"))
    if hours is not None and event.end_minute >= 0:
        later = f" {glued(f'on {weekday_date(event.end_day)}')}" if event.end_day != event.day else ""
        lines.append(Line(f"{glued(f'until {clock(event.end_minute)}')}{later}"))
    return lines


def home_table(events: Sequence[Event], beside: Beside) -> Table:
    """What is taken by mouth or at home, a row for each medicine and dose."""
    columns = (
        Column((Line("Medicine", "strong"),), 120, 0.5),
        Column((Line("Dose", "strong"), Line(SINGLE)), 90, 0.2),
        Column((Line("Times this day", "strong"),), 76, 0),
        Column((Line("This day in all", "strong"),), 76, 0.2),
        Column((Line("Given or taken at, by", "strong"),), 116, 0),
        Column((Line("Notes", "strong"),), 180, 2),
    )
    alike: dict[tuple[object, ...], list[Event]] = {}
    for event in events:
        amount = event.dose.value if event.dose else None
        alike.setdefault((event.placed.id, amount, event.state), []).append(event)
    return Table(columns, tuple(_home_row(found, beside) for found in alike.values()))


def _home_row(events: Sequence[Event], beside: Beside) -> Row:
    first, micrograms = events[0], beside.site.micrograms
    struck = first.state in NOT_TO_BE_GIVEN
    edge = "dashed" if is_unsure(first) else ""
    style = "struck" if struck else "strong"
    name = (Line(first.placed.agent_name, style), Line(day_words(first, beside)))
    by_day = is_day_total(first) or is_recorded_total(first)
    often = "none" if struck else "not said" if by_day and len(events) == 1 else str(len(events))
    notes = notes_of(first, beside)
    full = () if struck else tuple(Line(text) for text in (instead_words(first, micrograms),) if text)
    return Row(
        (
            Cell(name, edge),
            Cell((Line(dose_words(first, micrograms), style, blank=is_to_enter(first)), *full)),
            Cell((Line("", blank=True) if is_often_open(first) else Line(often),)),
            Cell((Line("none" if struck else _total(events, micrograms)),)),
            Cell(_signed(events)),
            Cell((*mark_of(first, beside.marks), *without_words(first, beside.doses), *_told(notes))),
        )
    )


def _signed(events: Sequence[Event]) -> tuple[Line, ...]:
    """Where it is written when each dose was given or taken and by whom: on a ward a nurse has to sign for it."""
    first = events[0]
    if first.state in NOT_TO_BE_GIVEN:
        return ()
    return given_lines(first) or (Line("", blank=True),) * min(len(events), MOST_LINES)


def _total(events: Sequence[Event], micrograms: str) -> str:
    values = [event.dose.value for event in events if event.dose is not None and event.dose.value is not None]
    first = events[0]
    if len(values) != len(events) or first.dose is None:
        return "not known"
    total = sum(values, Decimal(0))
    return glued(format_amount(total, first.dose.unit, micrograms)) + place_words(first)
