"""What a rule sees: doses, the patient and, only where nothing else will do, the plan. It notes what it was asked."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from planner.checking.alike import Alike
from planner.checking.known import Known, Span
from planner.checking.meaning import LEFT_OUT, Who, takes_part
from planner.checking.pieces import Piece
from planner.checking.view import Judged, View
from planner.model.agent import Agent
from planner.model.condition import Fact
from planner.model.cycle_content import BY_TIME
from planner.model.patient import LabResult, Measurement, Patient
from planner.model.plan import Plan
from planner.model.protocol import TemplateDecision
from planner.model.rule_values import Limits, Selectors
from planner.model.schedule import Event, PlacedBlock, Schedule


def begins(block: PlacedBlock, cycle: int) -> int:
    """The ordinal on which treatment of a cycle begins, by whose measurement its doses are computed."""
    return next(one.begins for one in block.cycles if one.number == cycle)


class Context(View):
    """What the kinds of rules look at. A view: lookups are kept, nothing is changed."""

    def __init__(
        self, plan: Plan, schedule: Schedule, known: Known, pieces: Sequence[Piece], judged: Judged | None = None
    ) -> None:
        super().__init__(known, pieces, judged)
        self.agents: Mapping[str, Agent] = known.agents
        self._plan = plan
        self._schedule = schedule

    @property
    def plan(self) -> Plan:
        """The plan; only for what no other question answers."""
        self.notes.everything = True
        return self._plan

    @property
    def schedule(self) -> Schedule:
        """The whole schedule; only for what no other question answers."""
        self.notes.everything = True
        return self._schedule

    @property
    def patient(self) -> Patient:
        """The patient; only for what depends on the very day."""
        self.notes.dated = True
        return self.known.patient

    def is_meant(self, selectors: Selectors, agent: str, route: str, role: str) -> bool:
        """Whether one selector takes a dose of that agent, route and role, and no negated one does."""
        return self.known.meaning.bound(selectors, Who(agent, route, role)) is not None

    def is_on(self, dates: frozenset[date], days: Iterable[int]) -> bool:
        """Whether one of these days is one of the dates."""
        self.notes.dated = True
        return any(date.fromordinal(day) in dates for day in days)

    def spans(self, selectors: Selectors) -> tuple[Span, ...]:
        """The co-medications that are meant. Without route and role, only bare agents and classes take them."""
        found = self.known.spans(selectors)
        if found:
            self.notes.dated = True
        return found

    def by_era(self, alike: Alike, names: Iterable[str]) -> Iterator[Alike]:
        """Doses that are alike, parted where one of these facts of the patient may turn."""
        first, last = alike.first_day, alike.last_day
        self.notes.ask(first)
        self.notes.ask(last)
        era = self.known.turning(names)
        if first == last or (now := era(first)) == era(last):
            yield alike
            return
        start, offsets, low = alike.piece.start, alike.run.offsets, alike.low
        for number in range(low + 1, alike.high):
            then = era(start + offsets[number])
            if then != now:
                yield alike._replace(low=low, high=number)
                low, now = number, then
        yield alike._replace(low=low)

    def facts(self, day: int) -> Mapping[str, Fact]:
        """What conditions may ask about on that day."""
        self.notes.ask(day)
        return self.known.facts(day)

    def results_on(self, day: int) -> Mapping[str, tuple[Decimal, date]]:
        """The newest result of each code on or before that day, with its own day."""
        self.notes.ask(day)
        return self.known.results(day)

    def result_of(self, day: int, code: str) -> Decimal | None:
        """The result of a code that was taken on that very day."""
        self.notes.dated = True
        found = self.known.results(day).get(code)
        return found[0] if found and found[1].toordinal() == day else None

    def measurement_on(self, day: int) -> Measurement | None:
        """The measurement that doses of that day follow."""
        self.notes.ask(day)
        return self.known.measurement_on(day)

    def recorded_until(self, day: int) -> frozenset[str]:
        """The codes of all laboratory results up to that day, as they were written."""
        self.notes.ask(day)
        return frozenset(lab.code for lab in self.known.labs if lab.date.toordinal() <= day)

    def old_results(self, day: int, days: int | None, codes: Iterable[str]) -> Mapping[str, tuple[Decimal, date]]:
        """Those of these results, the newest on that day, that are older than so many days; None: none grows old."""
        if days is None:
            return {}
        self.notes.ask(day)
        results = self.known.results(day)
        newest = {code: results[code] for code in codes if code in results}
        if newest and days not in self.known.ages:
            self.notes.dated = True
        return {code: found for code, found in newest.items() if found[1].toordinal() < day - days}

    @property
    def labs(self) -> tuple[LabResult, ...]:
        """All results as they were written, in no order."""
        self.notes.dated = True
        return self.known.labs

    def measurements(self) -> list[Measurement]:
        """Heights and weights in order of time."""
        self.notes.dated = True
        return self.known.measurements

    def limit_on(self, day: int, limits: Limits) -> tuple[Decimal | None, tuple[str, ...]]:
        """The first number whose condition holds that day; None with the facts that are missing, if any."""
        answers = self.known.answers(limits)
        if answers.conditional:
            self.notes.ask(day)
        return answers.on(self.known.facts(day))

    def first_measured(self, protocols: tuple[str, ...] = ()) -> list[Alike]:
        """The first dose by weight or surface of each cycle, in order of time."""
        self.notes.everything = True
        firsts = [
            Alike(piece, piece.shape.measured, 0, 1)
            for piece in self._pieces
            if piece.shape.measured is not None and takes_part(piece.protocol_id, protocols)
        ]
        return sorted(firsts, key=lambda one: (*one.moment, one.piece.placed.rank + one.run.place))

    def assessments(self) -> list[Event]:
        """All examinations that are not left out, in order of time."""
        self.notes.everything = True
        found = [
            event
            for piece in self._pieces
            for who in piece.shape.people
            if who.examination
            for event in piece.bucket(who)
        ]
        return sorted(found, key=BY_TIME)

    def decision(self, block: str, decision: str) -> Event | None:
        """The last event of a decision in a block; None where it is left out."""
        self.notes.everything = True
        found = None
        for placed in self._schedule.pieces:
            if placed.block.id == block:
                for run in placed.content.runs:
                    if isinstance(run.line.order, TemplateDecision) and run.line.order.id == decision:
                        found = placed.event(run.events()[-1]) if run.state not in LEFT_OUT else found
        return found
