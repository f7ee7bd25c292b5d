"""Quiet frames of the family's calendar: what is on hold, and what is still to be entered."""

from collections.abc import Iterable, Sequence
from datetime import date

from planner.exports.sheets.calendar.days import DayWork, SpanWords
from planner.exports.sheets.unsaid import to_enter
from planner.exports.wording.plain_words import medicine_name, test_name
from planner.model.cycle_content import State
from planner.model.going_on import Paused
from planner.model.language import Words
from planner.model.schedule import Event


def add_on_hold(work: DayWork, held: Iterable[Paused], words: Words) -> None:
    """A frame for what is on hold behind its drawn days: it was named on the first of them alone."""
    for one in held:
        told = words.say("state_omitted_days" if one.again else "state_held")
        name = medicine_name(one.held.placed, words)
        work.add_span(SpanWords(words.say("told", name=name, text=told), 0, provisional=False, quiet=True), one.days)


def add_to_enter(work: DayWork, events: Sequence[Event], words: Words) -> None:
    """A quiet frame for what is still to be entered, where a daily medicine stands: "Ask us" has no place there.

    Radiation beside a shot of every day was asked about once and then read as none.
    """
    for event in events:
        for day in to_enter(event, work.ends):
            if day > event.day and work.spans_on(date.fromordinal(day)):
                name, unsure = test_name(event.placed, words), event.state is State.PROVISIONAL
                work.add_span(SpanWords(name, 0, unsure, quiet=True), [day])
