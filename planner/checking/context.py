"""The schedule indexed once a check: doses by agent, route and role, assessments, co-medication spans, days."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain
from operator import attrgetter, itemgetter
from typing import NamedTuple

from planner.model.agent import Agent
from planner.model.condition import Fact
from planner.model.patient import CoMedication, Measurement, Patient
from planner.model.plan import Plan
from planner.model.protocol import TemplateAssessment, TemplateDecision
from planner.model.rule_values import EXAMINATIONS, Limits, Selector, Selectors
from planner.model.schedule import Event, PlacedOrder, Schedule, State

DOSES = frozenset({"administration", "infusion", "cell_infusion"})
"""Kinds of events that are doses. A bag is hung for an infusion that is counted already."""
OMITTED, STOPPED = State.OMITTED, State.STOPPED  # looked up once, not once an event
BY_TIME = itemgetter(0, 1, 2)
GIVEN_ONCE = "vaccine"
"""The class whose agents are given on one day: without an end, such a co-medication is not still taken."""
NO_END = date.max.toordinal()


class Series(NamedTuple):
    """Doses in order of time, with their days beside them for bisection."""

    events: Sequence[Event]
    days: Sequence[int]

    def between(self, first: int, last: int) -> Sequence[Event]:
        """The doses from day `first` to day `last`, both included."""
        return self.events[bisect_left(self.days, first) : bisect_right(self.days, last)]

    def on(self, day: int) -> Sequence[Event]:
        """The doses of one day."""
        return self.between(day, day)


NOTHING = Series((), ())


class Span(NamedTuple):
    """A co-medication from its first to its last day, both included; NO_END where it is still taken."""

    agent: str
    name: str
    start: int
    end: int


class _Group(NamedTuple):
    placed: PlacedOrder
    events: list[Event]


class Context:
    """Everything the kinds of rules look at. Made for one check; lookups are kept, nothing is changed."""

    def __init__(self, plan: Plan, schedule: Schedule, agents: Mapping[str, Agent]) -> None:
        self.plan = plan
        self.patient: Patient = plan.patient
        self.schedule = schedule
        self.agents = agents
        self.groups: list[_Group] = []
        self._buckets: dict[tuple[str, str, str], list[Event]] = {}
        self.assessments: list[Event] = []
        self.decisions: dict[tuple[str, str], Event] = {}
        self._index(schedule.by_order())
        self._members: dict[str, frozenset[str]] = {}
        self._series: dict[tuple[Selectors, tuple[str, ...]], Series] = {}
        self._spans: tuple[Span, ...] | None = None
        self._words: dict[str, str] | None = None
        self._facts: dict[int, Mapping[str, Fact]] = {}

    def _index(self, orders: Iterable[Sequence[Event]]) -> None:
        several: set[tuple[str, str, str]] = set()
        for events in orders:
            kept = [event for event in events if event[5] is not OMITTED and event[5] is not STOPPED]
            if not kept:
                continue
            placed = kept[0].placed
            if placed.kind in DOSES:
                key = (placed.agent, placed.route, placed.role)
                if key in self._buckets:
                    several.add(key)
                self._buckets.setdefault(key, []).extend(kept)
                self.groups.append(_Group(placed, kept))
            elif isinstance(placed.order, TemplateAssessment):
                self.assessments += kept
            elif isinstance(placed.order, TemplateDecision):
                self.decisions[placed.block.id, placed.order.id] = kept[-1]
        for key in several:
            self._buckets[key].sort(key=BY_TIME)
        self.assessments.sort(key=BY_TIME)

    def series(self, selectors: Selectors, protocols: tuple[str, ...] = ()) -> Series:
        """The doses and examinations that are meant, in order of time; of the blocks of these protocols, if any."""
        key = (selectors, protocols)
        found = self._series.get(key)
        if found is None:
            found = self._series[key] = self._collect(selectors, protocols)
        return found

    def _collect(self, selectors: Selectors, protocols: tuple[str, ...]) -> Series:
        if not selectors:
            return NOTHING
        meant = []
        for key, bucket in self._buckets.items():
            bound = self._bound(selectors, *key)
            if bound is not None:
                meant.append([event for event in bucket if _reaches(event, bound)] if bound else bucket)
        examined = tuple(one for one in selectors if one.by in EXAMINATIONS)
        if examined:
            meant.append([event for event in self.assessments if _is_examined(examined, event)])
        if not meant:
            return NOTHING
        events = meant[0] if len(meant) == 1 else sorted(chain.from_iterable(meant), key=BY_TIME)
        if protocols:
            events = [event for event in events if takes_part(event.placed.block.protocol_id, protocols)]
        return Series(events, [event[0] for event in events])

    def is_meant(self, selectors: Selectors, agent: str, route: str, role: str) -> bool:
        """Whether one selector takes a dose of that agent, route and role, and no negated one does."""
        return self._bound(selectors, agent, route, role) is not None

    def _bound(self, selectors: Selectors, agent: str, route: str, role: str) -> int | None:
        """From how many mg/m2 on such doses are meant, 0 for every dose; None where they are not meant at all."""
        bounds = []
        for selector in selectors:
            if selector.routes and route not in selector.routes:
                continue
            if self._names(selector, agent, role):
                if selector.negated:
                    return None
                bounds.append(selector.from_per_m2)
        return min(bounds, default=None)

    def _names(self, selector: Selector, agent: str, role: str) -> bool:
        if selector.by == "class":
            return agent in self.members(selector.name)
        if selector.by in EXAMINATIONS:
            return False
        return selector.by == "any" or selector.name == (role if selector.by == "role" else agent)

    def members(self, tag: str) -> frozenset[str]:
        """The agents of a class."""
        found = self._members.get(tag)
        if found is None:
            found = self._members[tag] = frozenset(one.id for one in self.agents.values() if tag in one.classes)
        return found

    def spans(self, selectors: Selectors) -> tuple[Span, ...]:
        """The co-medications that are meant. Without route and role, only bare agents and classes take them."""
        if self._spans is None:
            self._spans = tuple(map(self._span, self.patient.co_medications))
        bare = tuple(one for one in selectors if not one.routes and one.by in ("agent", "class"))
        return tuple(span for span in self._spans if self.is_meant(bare, span.agent, "", ""))

    def _span(self, taken: CoMedication) -> Span:
        agent, start = self.resolve(taken.agent), taken.start.toordinal()
        without_end = start if agent in self.members(GIVEN_ONCE) else NO_END
        return Span(agent, taken.agent, start, taken.end.toordinal() if taken.end else without_end)

    def resolve(self, name: str) -> str:
        """The id of the agent that somebody wrote down by id, name or synonym; the text itself where there is none."""
        if name in self.agents:
            return name
        if self._words is None:
            self._words = {
                word.casefold(): agent.id
                for agent in self.agents.values()
                for word in (*agent.synonyms, agent.name, agent.id)
            }
        return self._words.get(name.casefold(), name)

    def facts(self, day: int) -> Mapping[str, Fact]:
        """What conditions may ask about on that day."""
        found = self._facts.get(day)
        if found is None:
            found = self._facts[day] = self.patient.facts_on(date.fromordinal(day))
        return found

    def measurements(self) -> list[Measurement]:
        """Heights and weights in order of time."""
        return sorted(self.patient.measurements, key=attrgetter("date"))

    def limit_on(self, day: int, limits: Limits) -> tuple[Decimal | None, tuple[str, ...]]:
        """The first number whose condition holds that day; None with the facts that are missing, if any."""
        for limit in limits:
            verdict = limit.when.holds(self.facts(day)) if limit.when else True
            if verdict:
                return limit.value, ()
            if verdict is None:
                return None, limit.when.unknown(self.facts(day))
        return None, ()


def _is_examined(selectors: Selectors, event: Event) -> bool:
    """Whether one of these selectors means the assessment or procedure, and no negated one does."""
    meant = {one.negated for one in selectors if _names_examination(one, event)}
    return meant == {False}


def _names_examination(selector: Selector, event: Event) -> bool:
    order = event.placed.order
    if not isinstance(order, TemplateAssessment) or order.kind != selector.by:
        return False
    text = f"{order.topic} {order.title} {order.id}".casefold()
    return all(word in text for word in selector.name.split("-"))


def _reaches(event: Event, bound: int) -> bool:
    """A dose that is not known per m2 may reach the bound, so it is not left out."""
    return event.dose is None or event.dose.per_m2 is None or event.dose.per_m2 >= bound


def takes_part(protocol: str, protocols: tuple[str, ...]) -> bool:
    """Whether a rule limited to `protocols` speaks about blocks of that protocol; "not x" takes all but x."""
    if not protocols:
        return True
    if f"not {protocol}" in protocols:
        return False
    named = [one for one in protocols if not one.startswith("not ")]
    return protocol in named if named else True


def first_of_cycles(series: Series) -> list[Event]:
    """The first dose of each cycle of each block, in order of time."""
    firsts: dict[tuple[str, int], Event] = {}
    for event in series.events:
        firsts.setdefault((event.placed.block.id, event.placed.cycle), event)
    return list(firsts.values())
