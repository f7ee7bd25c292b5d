"""What every entry of the family's calendar is made with: words, marks of what is new, hours, headings."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from planner.exports.wording.doses import PREMEDICATION, is_drug
from planner.exports.wording.plain_words import STATES, how_given, medicine_name
from planner.exports.wording.text import sentence
from planner.model.civil import clock
from planner.model.cycle_content import State
from planner.model.language import Words, glued
from planner.model.schedule import Event

DayOfBlock = tuple[int, str]
"""A day and the id of a block."""
MOST_TIMES = 4
"""Clock times of one medicine that a day names; of more, how often it is given is enough."""


class Maker(NamedTuple):
    """What every entry of a day is made with."""

    words: Words
    micrograms: str
    is_new: Callable[[Event], bool]
    """Whether the older sheet says something else of an event on its day."""
    paused: frozenset[DayOfBlock]
    """Days of parts of the plan whose treatment is on hold then, all of it."""
    starts: frozenset[DayOfBlock] = frozenset()
    """Days on which a pump is put on."""
    stops: Mapping[tuple[str, str], int] = {}
    """By name and way the first day from which a medicine is stopped."""

    def told(self, text: str, events: Sequence[Event]) -> str:
        """The text, marked where any of its events is new on its day or goes with a treatment that is on hold."""
        if any(_goes_with(event) and day_of(event) in self.paused for event in events):
            text = self.words.say("ask_first", name=text)
        return self.words.say("changed", name=text) if any(map(self.is_new, events)) else text


def first_stops(events: Iterable[Event], words: Words) -> dict[tuple[str, str], int]:
    """By name and way the first day from which a medicine is stopped."""
    found: dict[tuple[str, str], int] = {}
    for event in events:
        if is_drug(event.placed) and event.state is State.STOPPED:
            found.setdefault((medicine_name(event.placed, words), how_given(event.placed, words)), event.day)
    return found


def _goes_with(event: Event) -> bool:
    """Whether it is there because of a treatment, and would be given: premedication, a rescue, tests, a stay."""
    placed = event.placed
    going = placed.role in (PREMEDICATION, "rescue") or placed.kind in ("assessment", "procedure")
    return going and event.state not in STATES and event.state is not State.GIVEN


def day_of(event: Event) -> DayOfBlock:
    return event.day, event.placed.block.id


def heading_of(how: str, words: Words) -> str:
    """Above all that is given in one way."""
    return words.say("how_heading", how=sentence(how))


def at_hours(text: str, minutes: Iterable[int], words: Words) -> str:
    """The text with its clock times, where each is known and they are not too many."""
    times = sorted(set(minutes))
    if not times or times[0] < 0 or len(times) > MOST_TIMES:
        return text
    told = words.say("at_time", time=words.listed([clock(minute) for minute in times]))
    return f"{text}, {glued(told) if len(times) == 1 else told}"
