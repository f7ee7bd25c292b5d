"""What is known about the patient, as every rule of one plan asks for it: facts by day, co-medications, limits."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
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
        self._facts: dict[int, Mapping[str, Fact]] = {}
        self._limits: dict[int, _Answers] = {}

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
        answers = self._limits.get(id(limits))
        if answers is None:
            answers = self._limits[id(limits)] = _Answers(limits)
        return answers.on(self.facts(day))


class _Answers:
    """Which of some numbers holds, remembered by the facts that they ask for: those are the same on most days.

    The numbers are kept here, so that no other ones can take their place in memory.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._subjects = tuple(dict.fromkeys(clause.subject for limit in limits for clause in limit.when.clauses))
        self._known: dict[tuple[Fact | None, ...], tuple[Decimal | None, tuple[str, ...]]] = {}

    def on(self, facts: Mapping[str, Fact]) -> tuple[Decimal | None, tuple[str, ...]]:
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
