"""What every entry of the family's calendar is made with: words, marks of what is new, hours, headings."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from msgspec.structs import replace

from planner.exports.wording.doses import PREMEDICATION, is_drug
from planner.exports.wording.holds import Ends
from planner.exports.wording.plain_words import STATES, how_given, medicine_name
from planner.exports.wording.stops import goes_on_otherwise
from planner.exports.wording.text import sentence
from planner.model.civil import clock
from planner.model.cycle_content import State
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.going_on import lasts_unsaid
from planner.model.kept import Doses
from planner.model.language import Words, glued
from planner.model.plan import Scope, Stop
from planner.model.protocol import TREATING, TemplateDecision, TemplateOrder
from planner.model.schedule import Event, PlacedOrder

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
    ends: Ends
    starts: frozenset[DayOfBlock] = frozenset()
    """Days on which a pump is put on."""
    stops: Mapping[tuple[str, str], Mapping[str, int]] = MappingProxyType({})
    """By name and way of a medicine the first days from which it is stopped."""
    doses: Doses = MappingProxyType({})
    """All that is given and examined, by its order."""

    def told(self, text: str, events: Sequence[Event]) -> str:
        """The text, marked where any of its events is new on its day or goes with a treatment that is on hold."""
        if any(_goes_with(event) and self._is_paused(event) for event in events):
            text = self.words.say("ask_first", name=text)
        return self.words.say("changed", name=text) if any(map(self.is_new, events)) else text

    def _is_paused(self, event: Event) -> bool:
        """Whether what it goes with is on hold; of what names nothing, the treatment of its part and day.

        Held mercaptopurine of the same day made "ask us first" of the leucovorin after methotrexate.
        """
        treated = _treatment_of(event, self.doses)
        return all(one.state is State.HELD for one in treated) if treated else day_of(event) in self.paused


def _treatment_of(event: Event, doses: Doses) -> list[Event]:
    """The treatment that it goes with or is timed by, over what is timed by it in turn; each its dose next in days."""
    placed, order = event.placed, event.placed.order
    if isinstance(order, TemplateDecision):
        return []
    anchor = order.anchor if isinstance(order, TemplateOrder) else None
    found: list[Event] = []
    for name in (*order.goes_with, *((anchor.order_id,) if anchor else ())):
        if several := doses.get(f"{placed.block.id}/{placed.cycle}/{name}", ()):
            nearest = min(several, key=lambda one: abs(one.day - event.day))
            found += [nearest] if nearest.placed.role in TREATING else _treatment_of(nearest, doses)
    return found


def first_stops(evaluated: EvaluatedPlan, words: Words) -> dict[tuple[str, str], dict[str, int]]:
    """By name and way of a medicine, for each block in which it is stopped the first day from which it is.

    Also of what goes on until nobody knows when: it has no doses behind its drawn days that are stopped.
    """
    found: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    stops = _dated_stops(evaluated)
    for event in evaluated.schedule.events:
        placed = event.placed
        stopped = event.state is State.STOPPED
        if not is_drug(placed) or not (stopped or lasts_unsaid(placed)):
            continue
        # Its first dose that is stopped may be weeks behind: it read as to be taken till then.
        reached = [one.day for one in stops if _reaches(one, placed) and (one.day <= event.day) is stopped]
        days = [max(reached, default=event.day)] if stopped else reached[:1]
        for day in days:
            found[medicine_name(placed, words), how_given(placed, words)].setdefault(placed.block.id, day)
    return found


class _Stop(NamedTuple):
    """A stop with its day, and the drug it stops, "" for all of them."""

    stop: Stop
    day: int
    agent: str


def _dated_stops(evaluated: EvaluatedPlan) -> list[_Stop]:
    """The stops of a plan by their days; none of a block that is gone."""
    # A stop may name an order that is not drawn, of the other way to give its drug: that stopped all the block's drugs.
    agents = {(block.id, one.id): one.agent for block in evaluated.schedule.blocks for one in block.phase.orders}
    agents |= {(one.placed.block.id, one.placed.order.id): one.placed.agent for one in evaluated.schedule.events}
    found = []
    for stop in (one for one in evaluated.plan.modifications if isinstance(one, Stop)):
        for block in (one for one in evaluated.schedule.blocks if one.id == stop.block):
            begins = [one.begins for one in block.cycles if one.number == stop.cycle]
            agent = agents.get((stop.block, stop.order), "") if stop.order else ""
            found += [_Stop(stop, begin + block.phase.offset(stop.day), agent) for begin in begins]
    return sorted(found, key=lambda one: one.day)


def _reaches(one: _Stop, placed: PlacedOrder) -> bool:
    stop, here = one.stop, one.stop.block == placed.block.id
    if one.agent not in ("", placed.agent):
        return False
    later = stop.scope is Scope.FOLLOWING and stop.cycle < placed.cycle
    return stop.scope is Scope.ALL or (here and (stop.cycle == placed.cycle or later))


def _goes_with(event: Event) -> bool:
    """Whether it is there because of a treatment, and would be given: premedication, a rescue, tests, a stay."""
    placed = event.placed
    going = placed.role in (PREMEDICATION, "rescue") or placed.kind in ("assessment", "procedure")
    return going and event.state not in STATES and event.state is not State.GIVEN


def but_replaced(events: Sequence[Event], ends: Ends) -> list[Event]:
    """The events without doses left out or stopped on a day on which another order gives the same drug in the same way.

    "Leucovorin: stopped" stood in a cell above "Leucovorin, 8 times". Where another order gives it later, it is left
    out on its day alone.
    """
    otherwise = goes_on_otherwise(events)
    given: dict[tuple[int, str, str], set[str]] = defaultdict(set)
    for event in events:
        if is_drug(event.placed) and event.state not in STATES:
            given[event.day, event.placed.agent, event.placed.route].add(event.placed.id)

    def replaced(event: Event) -> bool:
        others = given.get((event.day, event.placed.agent, event.placed.route), set()) - {event.placed.id}
        off = event.state in (State.OMITTED, State.STOPPED)
        return off and bool(others) and not ends.stops_on(event.placed.block, event.day)

    def told(event: Event) -> Event:
        return event._replace(state=State.OMITTED) if event.state is State.STOPPED and otherwise(event) else event

    return [told(event) for event in events if not replaced(event)]


def named_as_given(evaluated: EvaluatedPlan, words: Words) -> Words:
    """The words with other names for parts that are called after a medicine in whose place another is given there.

    Dasatinib stood under "Ponatinib alone".
    """
    given: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for event in evaluated.schedule.events:
        placed, phase = event.placed, event.placed.block.phase
        own = next((one.agent for one in phase.orders if one.id == placed.order.id), "")
        if own and sentence(own) in placed.block.title and placed.role in TREATING:
            given[placed.block.title, own][placed.agent] = medicine_name(placed, words)
    terms = {
        title: _renamed(words.title(title), words.term(sentence(own)), *names.values())
        for (title, own), names in given.items()
        if len(names) == 1 and own not in names
    }
    return replace(words, terms={**words.terms, **terms}) if terms else words


def _renamed(title: str, old: str, new: str) -> str:
    """The title with another medicine's name, also where that has a small letter within it."""
    return title.replace(old, new).replace(old.lower(), new.lower())


def is_in_parts(events: Sequence[Event]) -> bool:
    """Whether these are the parts of one dose: of several orders one each ("2 h, then 22 h").

    Doses of a rescue are doses: with more of it from 15:00 on, five of a day were "in 5 parts" with one box.
    """
    orders = {one.placed.id for one in events}
    return len(events) == len(orders) > 1 and events[0].placed.role != "rescue"


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
