"""What is known about the patient, as every rule of one plan asks for it: facts by day, co-medications, limits."""

from bisect import bisect_right
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from operator import attrgetter
from typing import NamedTuple

from planner.checking.meaning import Meaning, Who
from planner.model.agent import Agent
from planner.model.condition import Fact
from planner.model.patient import CoMedication, Measurement, Patient
from planner.model.rule_values import Limits, Selectors

GIVEN_ONCE = "vaccine"
"""The class whose agents are given on one day: without an end, such a co-medication is not still taken."""
NO_END = date.max.toordinal()


class Span(NamedTuple):
    """A co-medication from its first to its last day, both included; NO_END where it is still taken."""

    agent: str
    name: str
    start: int
    end: int


class Known:
    """One patient and the agents. Answers are kept; nothing is changed."""

    def __init__(self, patient: Patient, agents: Mapping[str, Agent]) -> None:
        self.patient = patient
        self.agents = agents
        self.meaning = Meaning(agents)
        self._spans: tuple[Span, ...] | None = None
        dates = [*(one.date for one in patient.measurements), *(one.date for one in patient.labs)]
        self._turns = sorted({on.toordinal() for on in dates})
        self._eras: dict[int, int] = {}
        self._states: dict[tuple[int, int], int] = {}
        self._facts: dict[int, Mapping[str, Fact]] = {}
        self._results: dict[int, Mapping[str, tuple[Decimal, date]]] = {}
        self._limits: dict[int, Answers] = {}

    def spans(self, selectors: Selectors) -> tuple[Span, ...]:
        """The co-medications that are meant. Without route and role, only bare agents and classes take them."""
        if self._spans is None:
            self._spans = tuple(map(self._span, self.patient.co_medications))
        if not self._spans:
            return ()
        bare = tuple(one for one in selectors if not one.routes and one.by in ("agent", "class"))
        return tuple(span for span in self._spans if self.meaning.bound(bare, Who(span.agent, "", "")) is not None)

    def _span(self, taken: CoMedication) -> Span:
        agent, start = self.meaning.resolve(taken.agent), taken.start.toordinal()
        without_end = start if agent in self.meaning.members(GIVEN_ONCE) else NO_END
        return Span(agent, taken.agent, start, taken.end.toordinal() if taken.end else without_end)

    def era(self, day: int) -> int:
        """A number for the time in which nothing about the patient changes, one unbroken run of days around that day.

        Age, measurements and results turn on their days only, so facts are the same from one turn to the next.
        """
        found = self._eras.get(day)
        if found is None:
            state = bisect_right(self._turns, day), self.patient.age_on(date.fromordinal(day))
            found = self._eras[day] = self._states.setdefault(state, len(self._states))
        return found

    def facts(self, day: int) -> Mapping[str, Fact]:
        """What conditions may ask about on that day."""
        era = self.era(day)
        found = self._facts.get(era)
        if found is None:
            found = self._facts[era] = self.patient.facts_on(date.fromordinal(day))
        return found

    def results(self, day: int) -> Mapping[str, tuple[Decimal, date]]:
        """The newest result of each code on or before that day, with its own day."""
        era = self.era(day)
        found = self._results.get(era)
        if found is None:
            found = self._results[era] = self.patient.results_on(date.fromordinal(day))
        return found

    @cached_property
    def measurements(self) -> list[Measurement]:
        """Heights and weights in order of time."""
        return sorted(self.patient.measurements, key=attrgetter("date"))

    def answers(self, limits: Limits) -> "Answers":
        """Which of these numbers holds for the patient."""
        found = self._limits.get(id(limits))
        if found is None:
            found = self._limits[id(limits)] = Answers(limits)
        return found


class Answers:
    """Which of some numbers holds, remembered by the facts that they ask for: those are the same on most days.

    The numbers are kept here, so that no other ones can take their place in memory.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._subjects = tuple(dict.fromkeys(clause.subject for limit in limits for clause in limit.when.clauses))
        self.conditional = bool(self._subjects)
        """Whether the patient's facts matter at all."""
        self._known: dict[tuple[Fact | None, ...], tuple[Decimal | None, tuple[str, ...]]] = {}

    def on(self, facts: Mapping[str, Fact]) -> tuple[Decimal | None, tuple[str, ...]]:
        """The first number whose condition holds; None with the facts that are missing, if any."""
        key = tuple(map(facts.get, self._subjects))
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._find(facts)
        return found

    def _find(self, facts: Mapping[str, Fact]) -> tuple[Decimal | None, tuple[str, ...]]:
        for limit in self._limits:
            verdict = limit.when.holds(facts) if limit.when else True
            if verdict:
                return limit.value, ()
            if verdict is None:
                return None, limit.when.unknown(facts)
        return None, ()
