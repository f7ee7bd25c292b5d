"""What a fix is looked for in: one finding, the plan around it, and a quick trial of cycles on other days."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from msgspec.structs import replace

from planner.checking.check import make_ruling
from planner.checking.context import Context
from planner.checking.findings import Series, series_of
from planner.checking.known import Known
from planner.checking.meaning import Who
from planner.checking.memory import Memory
from planner.checking.pieces import Piece
from planner.checking.row import Place
from planner.model.agent import Agent
from planner.model.condition import Fact
from planner.model.cycle_content import BY_TIME, CycleContent, CycleEvent
from planner.model.finding import Finding
from planner.model.plan import Plan
from planner.model.rule import SequencingRule
from planner.model.rule_kinds import KINDS, Companion
from planner.model.rule_values import Duration, Limits, Selectors
from planner.model.schedule import Event, PlacedBlock, Schedule

SHORT_SHIFT = 42
"""Days by which anything may move to end a finding; more only where the rule itself asks for a longer time."""

AWAY = 7 * 10_000
"""Days. What does not end when a part of the plan is as far away as this, no smaller move of that part can end."""
BY_DATE = frozenset({"maximum_interval", "cycle_interval", "window_after", "closed_days", "weekdays", "day_zero"})
"""Kinds of rules that also speak when things are too far apart, or about a date: for these every move is tried."""


class Subject(NamedTuple):
    """A cycle that holds doses the finding names, with these doses."""

    block: PlacedBlock
    cycle: int
    events: tuple[Event, ...]


class Case:
    """One finding of one plan. Trials are answered by the finding's own rule alone, cycle by cycle."""

    def __init__(
        self, finding: Finding, rule: SequencingRule, plan: Plan, schedule: Schedule, agents: Mapping[str, Agent]
    ) -> None:
        self.finding = finding
        self.rule = rule
        self.plan = plan
        self.schedule = schedule
        self.agents = agents
        self.wanted: Any = KINDS[rule.kind](**rule.parameters)
        self._known = Known(plan.patient, agents, plan.bsa_formula)
        self._memory = Memory((rule,), agents, plan.patient, make_ruling, plan.bsa_formula)
        self._pieces = self._memory.together.pieces(self._memory.shelf.pieces(schedule))
        self._before = self._series(self._pieces).keys()

    @property
    def longest_shift(self) -> int:
        """Days; a fix that would move treatment farther is none."""
        asked = [value.days for value in self.rule.parameters.values() if isinstance(value, Duration)]
        return SHORT_SHIFT + max((days for days in asked if days > 0), default=0)

    @property
    def subjects(self) -> list[Subject]:
        """The cycles the finding names doses of, the latest first."""
        named, days = set(self.finding.orders), set(self.finding.days)
        found: list[Subject] = []
        for piece in self._pieces:
            events = tuple(
                event
                for events in piece.placed.orders
                if events[0].placed.id in named
                for event in events
                if event.day in days
            )
            if events:
                found.append(Subject(piece.block, piece.place[1], events))
        return sorted(found, key=lambda one: one.events[0].day, reverse=True)

    def grafts(self, block: str) -> bool:
        """Whether the block holds the cells of a transplant."""
        cells = self._known.meaning.members("stem-cells")
        return any(
            who.agent in cells for piece in self._pieces if piece.place[0] == block for who in piece.shape.people
        )

    def context(self) -> Context:
        """The plan as rules see it."""
        return Context(self.plan, self.schedule, self._known, self._pieces)

    def means(self, selectors: Selectors, who: Who) -> bool:
        """Whether a dose of that agent, route and role is meant."""
        return self._known.meaning.bound(selectors, who) is not None

    def facts(self, day: int) -> Mapping[str, Fact]:
        """What conditions may ask about on that day."""
        return self._known.facts(day)

    def limit(self, day: int, limits: Limits) -> Decimal | None:
        """The number that holds on that day; None where there is none, or it cannot be told."""
        return self._known.answers(limits).on(self._known.facts(day))[0]

    def weight(self, day: int) -> Decimal | None:
        """The weight that doses of that day follow, in kg."""
        measured = self._known.measurement_on(day)
        return measured.weight_kg if measured else None

    def days_of(self, block: str, cycle: int, order: str) -> list[int]:
        """The day numbers on which an order is given in a cycle."""
        piece = next(piece for piece in self._pieces if piece.place == (block, cycle))
        found = (events for events in piece.placed.orders if events[0].placed.order.id == order)
        return sorted({event.cycle_day for events in found for event in events})

    def events_on(self, block: str, cycle: int, day: int) -> list[Event]:
        """What is given and examined on a day of a cycle."""
        piece = next(piece for piece in self._pieces if piece.place == (block, cycle))
        return [event for events in piece.placed.orders for event in events if event.cycle_day == day]

    def first_event(self, block: str, cycle: int) -> Event:
        """The first event of a cycle."""
        piece = next(piece for piece in self._pieces if piece.place == (block, cycle))
        return min((events[0] for events in piece.placed.orders), key=BY_TIME)

    def jumps_back(self, step: int) -> bool:
        """Whether a dose the finding names would come on or before the last day of treatment given before the plan."""
        ends = [one.until.toordinal() for one in self.plan.patient.prior_exposures if one.until]
        days = [event.day for subject in self.subjects for event in subject.events]
        return step < 0 and any(day + step <= end < day for day in days for end in ends)

    def least_shift(self, places: Iterable[Place], days: Iterable[int]) -> int | None:
        """The first of these numbers of days by which those cycles can move so that the finding is gone."""
        moving = set(places)
        meets = self.rule.kind in BY_DATE or isinstance(self.wanted, Companion)
        if not moving or not (meets or self._is_gone(self._shifted(moving, AWAY))):
            return None
        steps = (step for step in days if not self.jumps_back(step))
        return next((step for step in steps if self._is_gone(self._shifted(moving, step))), None)

    def ends_with(self, place: Place, change: Callable[[CycleEvent], CycleEvent]) -> bool:
        """Whether the finding is gone when the events of one cycle are changed so."""
        pieces = [self._changed(piece, change) if piece.place == place else piece for piece in self._pieces]
        return self._is_gone(pieces)

    def places_from(self, block: str, cycle: int | None = None) -> list[Place]:
        """That cycle of the block and those after it (the whole block without one), and what hangs on its end."""
        found = [piece.place for piece in self._pieces if piece.place[0] == block]
        if cycle is not None:
            found = found[found.index((block, cycle)) :]
        following = [one.id for one in self.plan.blocks if one.start.after == block]
        if cycle is not None:
            following = [one for one in following if self.plan.block(one).start.day is None]
        return [*found, *(place for one in following for place in self.places_from(one))]

    def _is_gone(self, pieces: Sequence[Piece]) -> bool:
        """Whether the rule no longer says this, nor the like of it in other words."""
        found = self._series(pieces)
        if self.finding.id in found:
            return False
        orders = set(self.finding.orders)
        return not any(
            order in orders
            for name, series in found.items()
            if name not in self._before
            for hit in series.hits
            for _, _, order in hit.spots
        )

    def _series(self, pieces: Sequence[Piece]) -> Mapping[str, Series]:
        checker = self._memory.judged(self.plan, self.schedule, pieces)
        return series_of(self.rule, checker.hits(0))

    def _shifted(self, moving: set[Place], days: int) -> list[Piece]:
        return [_shifted(piece, days) if piece.place in moving else piece for piece in self._pieces]

    def _changed(self, piece: Piece, change: Callable[[CycleEvent], CycleEvent]) -> Piece:
        orders = [sorted(map(change, events), key=BY_TIME) for events in piece.placed.content.orders()]
        return self._memory.shelf.piece(replace(piece.placed, content=CycleContent.of_events(orders)))


def _shifted(piece: Piece, days: int) -> Piece:
    start = piece.start + days
    return Piece(replace(piece.placed, start=start), piece.shape, piece.looks)
