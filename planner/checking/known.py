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
        for limit in limits:
            verdict = limit.when.holds(self.facts(day)) if limit.when else True
            if verdict:
                return limit.value, ()
            if verdict is None:
                return None, limit.when.unknown(self.facts(day))
        return None, ()
