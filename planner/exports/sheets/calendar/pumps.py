"""Pumps and drips on the family's calendar: put on, with a new dose, coming off, going on over night."""

from collections.abc import Sequence

from planner.exports.sheets.calendar.changes import Marks
from planner.exports.sheets.calendar.days import DayWork, Item
from planner.exports.sheets.calendar.making import Maker, at_hours, heading_of
from planner.exports.sheets.sheet import Line
from planner.exports.wording.plain_words import STATES, medicine_name
from planner.exports.wording.runs import dose_steps, open_ends, pump_ends, pump_starts
from planner.model.civil import clock
from planner.model.cycle_content import State
from planner.model.language import Words
from planner.model.schedule import PUMP_OFF, Event

HOURS = 24
"""Of this length or longer, a drip without a clock time runs into the next day."""


def add_pump_starts(work: DayWork, events: Sequence[Event], make: Maker) -> None:
    """The hour at which a pump is put on or gets another dose.

    Its frame has none: a family that came by day waited or was late, and nobody was told that the dose goes up.
    """
    words = make.words
    steps = [then for found in dose_steps(events).values() for _, then in found]
    bags = {(one.placed.block.id, one.day) for one in events if one.placed.kind == "bag"}
    starts = [one for one in pump_starts(events) if (one.placed.block.id, one.day) not in bags]
    for first, said in (
        *((one, "pump_starts") for one in starts),
        *((one, "pump_steps") for one in steps),
    ):
        done = first.state is State.GIVEN
        line = Line(make.told(at_hours(words.say(said), [first.minute], words), [first]), tick=True, ticked=done)
        unsure, how = first.state is State.PROVISIONAL, heading_of(words.say("pump"), words)
        work.add_item(first.day, Item(line, first.sequence, how, unsure, once=True, minute=first.minute, plain=True))


def add_pump_ends(work: DayWork, events: Sequence[Event], words: Words, marks: Marks | None) -> None:
    """The day on which a pump comes off that runs into it from the day before."""
    for day, ended in pump_ends(events).items():
        for last in ended:
            name = words.term(PUMP_OFF)
            told = words.say("changed", name=name) if marks and marks.is_new_end(day, last) else name
            line = Line(at_hours(told, [last.minute], words), tick=True)
            unsure, how = last.state is State.PROVISIONAL, heading_of(words.say("pump"), words)
            work.add_item(day, Item(line, last.sequence, how, unsure, once=True, minute=last.minute, plain=True))


def add_drips(work: DayWork, events: Sequence[Event], words: Words) -> None:
    """On the days after its first that a drip goes on, and until when; with no hour known it may still run."""
    for day, ended in open_ends(events).items():
        for last in ended:
            line = Line(words.say("drip_may_run", name=medicine_name(last.placed, words)))
            work.add_item(
                day, Item(line, last.sequence, provisional=last.state is State.PROVISIONAL, once=True, minute=0)
            )
    for event in events:
        placed = event.placed
        if placed.kind != "administration" or placed.route != "IV" or event.state in STATES:
            continue
        name, unsure = medicine_name(placed, words), event.state is State.PROVISIONAL
        if event.minute < 0 and (placed.duration_h or 0) >= HOURS:
            told = {event.day + 1: words.say("drip_may_run", name=name)}
        else:
            told = {day: words.say("drip_goes_on", name=name) for day in range(event.day + 1, event.end_day)}
            if event.end_day > event.day and event.end_minute > 0:
                told[event.end_day] = words.say("drip_until", name=name, time=clock(event.end_minute))
        for day, text in told.items():
            work.add_item(day, Item(Line(text), event.sequence, provisional=unsure, once=True, minute=0))
