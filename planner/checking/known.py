"""What is known about the patient, as every rule of one plan asks for it: facts by day, co-medications, limits."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Any, NamedTuple

from msgspec.structs import replace

from planner.checking.meaning import Meaning, Who
from planner.model.agent import Agent
from planner.model.body import MOSTELLER
from planner.model.civil import clinical_date
from planner.model.condition import Fact
from planner.model.patient import CLEARANCE_BY, CoMedication, LabResult, Measurement, Patient, PriorExposure
from planner.model.results import RESULTS
from planner.model.rule_values import Limits, Selectors, subjects_of

GIVEN_ONCE = "vaccine"
"""The class whose agents are given on one day: without an end, such a co-medication is not still taken."""
NO_END = date.max.toordinal()


class Asked:
    """What can be asked of a patient beside facts by name and other medicines by selectors.

    Texts with a space before them, which no name of a fact has: noting goes on at every question, and must cost little.
    """

    MEASUREMENTS = " measurements"
    RESULTS = " results"
    LABS = " labs"
    TURNS = " turns"
    TURNS_OF_LABS = " turns of labs"
    ANYTHING = " anything"


Read = str | Selectors
BY_WEIGHT = frozenset({"weight", "bsa"})
"""Facts that turn with a measurement; a clearance does where a creatinine is recorded."""


class Span(NamedTuple):
    """A co-medication from its first to its last day, both included; NO_END where it is still taken."""

    agent: str
    name: str
    start: int
    end: int


def span_text(span: Span) -> str:
    """The medicine with its days: "posaconazole (from 25-Nov-2026 with no end recorded)"."""
    until = f"to {clinical_date(span.end)}" if span.end < NO_END else "with no end recorded"
    return f"{span.name} (from {clinical_date(span.start)} {until})"


class Known:
    """One patient and the agents. Answers are kept; what is asked is noted, so that it is known what rests on it."""

    def __init__(
        self,
        patient: Patient,
        agents: Mapping[str, Agent],
        formula: str = MOSTELLER,
        ages: frozenset[int] = frozenset(),
    ) -> None:
        self.agents = agents
        self.ages = ages
        """Days after which a result is too old for a rule: on the next one something turns."""
        self.formula = formula
        """The formula of body surface that the plan computes with, one of body.SURFACES."""
        self.meaning = Meaning(agents)
        self.noting: set[Read] = set()
        """Where what is asked of the patient is noted: by the name of a fact, by selectors, or by `Asked`."""
        self._numbers: dict[object, int] = {}
        """The eras met so far, also those of the patient as recorded before, by all that is known in them."""
        self._limits: dict[int, Answers] = {}
        self._take(patient)

    def _take(self, patient: Patient) -> None:
        self._patient = patient
        self._spans: tuple[Span, ...] | None = None
        labs = {one.date.toordinal() for one in patient.labs}
        labs |= {day + age + 1 for day in labs for age in self.ages}
        self._turns = sorted(labs | {one.date.toordinal() for one in patient.measurements})
        self._turns_of_labs = sorted(labs)
        self._eras: dict[int, int] = {}
        self._eras_of_labs: dict[int, tuple[int, int]] = {}
        self._states: dict[tuple[int, int], int] = {}
        self._facts: dict[int, Mapping[str, Fact]] = {}
        self._results: dict[int, Mapping[str, tuple[Decimal, date]]] = {}
        self._measured = sorted(patient.measurements, key=attrgetter("date"))

    def become(self, patient: Patient) -> "Differs | None":
        """Hold the same patient as recorded now; what tells of each answer whether it may be another one.

        None, and nothing is done, where more changed than measurements, results, markers and other medicines.
        """
        old = self._patient
        parts = ("measurements", "labs", "markers", "co_medications")
        if replace(old, **{name: getattr(patient, name) for name in parts}) != patient:
            return None
        spans = self._all_spans()
        of_labs = self._eras_of_labs if old.labs == patient.labs else {}
        self._take(patient)
        self._eras_of_labs = of_labs
        return Differs(_other_names(old, patient), spans, self._all_spans(), self.meaning)

    @property
    def patient(self) -> Patient:
        """The patient; for what no other question answers."""
        self.noting.add(Asked.ANYTHING)
        return self._patient

    @property
    def prior_exposures(self) -> tuple[PriorExposure, ...]:
        """What was given before the plan. Who has others is another patient to the checks."""
        return self._patient.prior_exposures

    @property
    def allergies(self) -> tuple[str, ...]:
        """The allergies as somebody wrote them. Who has others is another patient to the checks."""
        return self._patient.allergies

    def spans(self, selectors: Selectors) -> tuple[Span, ...]:
        """The co-medications that are meant. Without route and role, only bare agents and classes take them."""
        self.noting.add(selectors)
        return _meant(self._all_spans(), selectors, self.meaning)

    def _all_spans(self) -> tuple[Span, ...]:
        if self._spans is None:
            self._spans = tuple(map(self._span, self._patient.co_medications))
        return self._spans

    def _span(self, taken: CoMedication) -> Span:
        agent, start = self.meaning.resolve(taken.agent), taken.start.toordinal()
        without_end = start if agent in self.meaning.members(GIVEN_ONCE) else NO_END
        return Span(agent, taken.agent, start, taken.end.toordinal() if taken.end else without_end)

    def era(self, day: int) -> int:
        """A number for the time in which nothing about the patient changes, one unbroken run of days around that day.

        Age, measurements and results turn on their days only, results also where they are too old for a rule, so facts
        are the same from one turn to the next. The number stays where the same is known there, whatever else is
        recorded meanwhile.
        """
        self.noting.add(Asked.TURNS)
        return self.era_unnoted(day)

    def era_unnoted(self, day: int) -> int:
        """The same for who keeps answers, not for a rule: what they rest on is noted already."""
        found = self._eras.get(day)
        if found is None:
            state = bisect_right(self._turns, day), self._patient.age_on(date.fromordinal(day))
            found = self._states.get(state)
            if found is None:
                found = self._states[state] = self._numbers.setdefault(self._all_of(day), len(self._numbers))
            self._eras[day] = found
        return found

    def _all_of(self, day: int) -> object:
        """All that may be asked of a day."""
        on, patient = date.fromordinal(day), self._patient
        results = patient.results_on(on)
        return (
            frozenset(patient.facts_on(on, self.formula).items()),
            frozenset(results.items()),
            frozenset(
                (code, age) for code, (_, of) in results.items() for age in self.ages if of.toordinal() < day - age
            ),
            patient.measurement_on(on),
            frozenset(lab.code for lab in patient.labs if lab.date <= on),
        )

    def turning(self, names: Iterable[str]) -> Callable[[int], object]:
        """What gives for a day the time in which none of these facts turns, the same for all its days.

        Coarser than `era` where a height or a weight turns none of them: then a new weight is nothing to who asks.
        """
        weighed = BY_WEIGHT | {"crcl"} if self._patient.labs else BY_WEIGHT
        if not weighed.isdisjoint(names):
            return self.era
        self.noting.add(Asked.TURNS_OF_LABS)
        return self._era_of_labs

    def _era_of_labs(self, day: int) -> tuple[int, int]:
        found = self._eras_of_labs.get(day)
        if found is None:
            results = bisect_right(self._turns_of_labs, day)
            found = self._eras_of_labs[day] = results, self._patient.age_on(date.fromordinal(day))
        return found

    @property
    def labs(self) -> tuple[LabResult, ...]:
        """All results as they were written, in no order."""
        self.noting.add(Asked.LABS)
        return self._patient.labs

    def facts(self, day: int) -> Mapping[str, Fact]:
        """What conditions may ask about on that day."""
        era = self.era_unnoted(day)
        found = self._facts.get(era)
        if found is None:
            facts = self._patient.facts_on(date.fromordinal(day), self.formula)
            if "crcl" not in _results_up_to(day, self._patient):
                facts = {name: fact for name, fact in facts.items() if name != "crcl"}
            found = self._facts[era] = Facts(self, facts)
        return found

    def results(self, day: int) -> Mapping[str, tuple[Decimal, date]]:
        """The newest result of each code on or before that day, with its own day."""
        self.noting.add(Asked.RESULTS)
        era = self.era_unnoted(day)
        found = self._results.get(era)
        if found is None:
            found = self._results[era] = _results_up_to(day, self._patient)
        return found

    @property
    def measurements(self) -> list[Measurement]:
        """Heights and weights in order of time."""
        self.noting.add(Asked.MEASUREMENTS)
        return self._measured

    def measurement_on(self, day: int) -> Measurement | None:
        """The measurement that doses of that day follow."""
        self.noting.add(Asked.MEASUREMENTS)
        return self._patient.measurement_on(date.fromordinal(day))

    def answers(self, limits: Limits) -> "Answers":
        """Which of these numbers holds for the patient."""
        found = self._limits.get(id(limits))
        if found is None:
            found = self._limits[id(limits)] = Answers(limits)
        return found


def _results_up_to(day: int, patient: Patient) -> Mapping[str, tuple[Decimal, date]]:
    """Without the clearance of a first creatinine that came later: doses go by it, but it judges none of before."""
    on = date.fromordinal(day)
    return {code: found for code, found in patient.results_on(on).items() if found[1] <= on}


class Facts(Mapping[str, Fact]):
    """What is known on a day. Each name that is asked for is noted, whether there is such a fact or not."""

    __slots__ = ("_found", "_known")

    def __init__(self, known: Known, found: Mapping[str, Fact]) -> None:
        self._known, self._found = known, found

    def get(self, name: str, default: Any = None) -> Any:
        self._known.noting.add(name)
        return self._found.get(name, default)

    def __getitem__(self, name: str) -> Fact:
        self._known.noting.add(name)
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        self._known.noting.add(Asked.ANYTHING)
        return iter(self._found)

    def __len__(self) -> int:
        self._known.noting.add(Asked.ANYTHING)
        return len(self._found)


class Differs:
    """Whether answers may be others than before a patient's records changed."""

    def __init__(
        self, names: frozenset[Read], before: tuple[Span, ...], after: tuple[Span, ...], meaning: Meaning
    ) -> None:
        self._names, self._before, self._after, self._meaning = names, before, after, meaning

    def any_of(self, asked: Iterable[Read]) -> bool:
        """Whether one of the answers noted so may be another one."""
        if not self._names.isdisjoint(asked):
            return True
        return self._before != self._after and any(self._differs(one) for one in asked if isinstance(one, tuple))

    def _differs(self, asked: Selectors) -> bool:
        was, now = (_meant(spans, asked, self._meaning) for spans in (self._before, self._after))
        return was != now


def _meant(spans: tuple[Span, ...], selectors: Selectors, meaning: Meaning) -> tuple[Span, ...]:
    if not spans:
        return ()
    bare = tuple(one for one in selectors if not one.routes and one.by in ("agent", "class"))
    return tuple(span for span in spans if meaning.bound(bare, Who(span.agent, "", "")) is not None)


def _other_names(old: Patient, new: Patient) -> frozenset[Read]:
    """The names of all facts that may be others, and what else was asked that may be answered in another way."""
    names: set[Read] = {Asked.ANYTHING}
    if old.measurements != new.measurements:
        names |= {Asked.MEASUREMENTS, Asked.TURNS, "weight", "bsa"}
        if old.labs:
            names |= {Asked.RESULTS, "crcl", CLEARANCE_BY}  # computed from a weight and a creatinine
    if old.labs != new.labs:
        names |= {Asked.RESULTS, Asked.LABS, Asked.TURNS, Asked.TURNS_OF_LABS, *RESULTS, "crcl", CLEARANCE_BY}
        names |= {lab.code for lab in (*old.labs, *new.labs)}
    names |= {name for name, _ in {*old.markers} ^ {*new.markers}}
    return frozenset(names)


class Answers:
    """Which of some numbers holds, remembered by the facts that they ask for: those are the same on most days.

    The numbers are kept here, so that no other ones can take their place in memory.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.subjects = subjects_of(limits)
        """The facts that they ask for."""
        self.conditional = bool(self.subjects)
        """Whether the patient's facts matter at all."""
        self._known: dict[tuple[Fact | None, ...], tuple[Decimal | None, tuple[str, ...]]] = {}
        self._bounds: dict[tuple[Fact | None, ...], Decimal | None] = {}

    def on(self, facts: Mapping[str, Fact]) -> tuple[Decimal | None, tuple[str, ...]]:
        """The first number whose condition holds; None with the facts that are missing, if any."""
        key = tuple(map(facts.get, self.subjects))
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._find(facts)
        return found

    def bound(self, facts: Mapping[str, Fact]) -> Decimal | None:
        """The largest number that can be the one that holds, where one holds for sure whatever is missing."""
        key = tuple(map(facts.get, self.subjects))
        if key not in self._bounds:
            self._bounds[key] = self._bound(facts)
        return self._bounds[key]

    def _find(self, facts: Mapping[str, Fact]) -> tuple[Decimal | None, tuple[str, ...]]:
        for limit in self._limits:
            verdict = limit.when.holds(facts) if limit.when else True
            if verdict:
                return limit.value, ()
            if verdict is None:
                return None, limit.when.unknown(facts)
        return None, ()

    def _bound(self, facts: Mapping[str, Fact]) -> Decimal | None:
        possible: list[Decimal] = []
        for limit in self._limits:
            verdict = limit.when.holds(facts) if limit.when else True
            possible += [] if verdict is False else [limit.value]
            if verdict:
                return max(possible)
        return None
