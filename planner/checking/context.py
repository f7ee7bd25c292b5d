"""What a rule sees: the whole plan, or one cycle and what lies near it. It notes what it was asked."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from planner.checking.known import Known, Span
from planner.checking.meaning import LEFT_OUT, Meaning, Who
from planner.checking.pieces import NOTHING, Piece, Series, join
from planner.model.agent import Agent
from planner.model.condition import Fact
from planner.model.cycle_content import BY_TIME
from planner.model.patient import Measurement, Patient
from planner.model.plan import Plan
from planner.model.protocol import TemplateDecision
from planner.model.rule_values import Limits, Selectors
from planner.model.schedule import Event, Schedule


class Cycle(NamedTuple):
    """A cycle of the plan as rules about cycles see it."""

    piece: Piece
    meaning: Meaning

    @property
    def start(self) -> int:
        """Its first day."""
        return self.piece.start

    def begins(self, selectors: Selectors) -> int:
        """Its first day, moved as deferrals moved the first of these doses."""
        return self.piece.start + self.piece.shape.shift(selectors, self.meaning)

    @property
    def name(self) -> str:
        """Block and cycle: "Blinatumomab, cycle 2"."""
        return f"{self.piece.block.title}, cycle {self.piece.place[1]}"

    def holds(self, selectors: Selectors) -> bool:
        """Whether one of these doses is in it."""
        return self.piece.shape.hull(selectors, self.meaning) is not None

    def first_doses(self, selectors: Selectors) -> Sequence[Event]:
        """The first of these doses in it, if there is one."""
        return self.piece.series(selectors, self.meaning).events[:1]


class Judged(NamedTuple):
    """The cycle whose doses are judged, and from which to which days; no days means all of them."""

    piece: Piece
    days: tuple[tuple[int, int], ...] = ()


class Notes:
    """What a rule asked for, and so what its verdict rests on beside the distances of doses."""

    __slots__ = ("dated", "everything", "selectors")

    def __init__(self) -> None:
        self.selectors: dict[Selectors, None] = {}
        self.dated = False
        """Something about the patient on a certain day."""
        self.everything = False
        """Something that no selector names: blocks, decisions, all doses."""


class Context:
    """What the kinds of rules look at. A view: lookups are kept, nothing is changed."""

    def __init__(
        self, plan: Plan, schedule: Schedule, known: Known, pieces: Sequence[Piece], judged: Judged | None = None
    ) -> None:
        self.notes = Notes()
        self.opened = False
        """Whether doses that matter came before everything in view; asked by kinds whose reach is `since_first`."""
        self.known = known
        self.agents: Mapping[str, Agent] = known.agents
        self._plan = plan
        self._schedule = schedule
        self._pieces = pieces
        self._judged = judged
        self._series: dict[tuple[Selectors, tuple[str, ...]], Series] = {}

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
        """The patient."""
        self.notes.dated = True
        return self.known.patient

    def series(self, selectors: Selectors, protocols: tuple[str, ...] = ()) -> Series:
        """The doses and examinations that are meant, in order of time; of these protocols, if any are named."""
        self.notes.selectors[selectors] = None
        key = (selectors, protocols)
        found = self._series.get(key)
        if found is None:
            meaning = self.known.meaning
            found = self._series[key] = join(
                [
                    piece.series(selectors, meaning)
                    for piece in self._pieces
                    if takes_part(piece.block.protocol_id, protocols)
                ]
            )
        return found

    def judged(self, selectors: Selectors, protocols: tuple[str, ...] = ()) -> Series:
        """The doses that are to be judged here: all that are meant, or those of one cycle."""
        if self._judged is None:
            return self.series(selectors, protocols)
        piece, spans = self._judged
        if not takes_part(piece.block.protocol_id, protocols):
            return NOTHING
        series = piece.series(selectors, self.known.meaning)
        if not spans:
            return series
        return join(
            [Series(found, [event[0] for event in found]) for found in (series.between(*span) for span in spans)]
        )

    def after_judged(self, selectors: Selectors, protocols: tuple[str, ...] = ()) -> Series:
        """The doses that are meant in the pieces in view that stand behind the judged cycle; none where all is judged.

        So what is true of two cycles is told once, by the first of them.
        """
        if self._judged is None:
            return NOTHING
        at = next(number for number, piece in enumerate(self._pieces) if piece is self._judged.piece)
        later = [piece for piece in self._pieces[at + 1 :] if takes_part(piece.block.protocol_id, protocols)]
        return join([piece.series(selectors, self.known.meaning) for piece in later])

    def judged_events(self, selectors: Selectors, protocols: tuple[str, ...] = ()) -> Sequence[Event]:
        """The doses that are to be judged here, without their days."""
        return self.judged(selectors, protocols).events

    def first_judged(self, selectors: Selectors, protocols: tuple[str, ...] = ()) -> Sequence[Event]:
        """The first dose of each cycle that is to be judged here, in order of time."""
        if self._judged is None:
            return first_of_cycles(self.series(selectors, protocols))
        piece, spans = self._judged
        firsts = piece.series(selectors, self.known.meaning).events[:1]
        if not firsts or not takes_part(piece.block.protocol_id, protocols):
            return []
        day = firsts[0].day
        return list(firsts) if not spans or any(low <= day <= high for low, high in spans) else []

    def cycles(self, selectors: Selectors, protocols: tuple[str, ...] = ()) -> list[Cycle]:
        """The cycles with such doses, in order of their first event."""
        self.notes.selectors[selectors] = None
        meaning = self.known.meaning
        shapes = {piece.shape.number: piece.shape for piece in self._pieces}
        holds = {number for number, shape in shapes.items() if shape.hull(selectors, meaning) is not None}
        return [
            Cycle(piece, meaning)
            for piece in self._pieces
            if piece.shape.number in holds and takes_part(piece.block.protocol_id, protocols)
        ]

    def judged_cycles(
        self, selectors: Selectors, protocols: tuple[str, ...] = ()
    ) -> Iterator[tuple[Cycle, Cycle | None]]:
        """The cycles with such doses that are to be judged here, each with the cycle before it."""
        meaning = self.known.meaning
        if self._judged is None:
            self.notes.everything = True
        before = None
        for piece in self._pieces:
            cycle = Cycle(piece, meaning)
            judged = self._judged is None or piece is self._judged.piece
            if judged and cycle.holds(selectors) and takes_part(piece.block.protocol_id, protocols):
                yield cycle, before
            before = cycle

    def is_meant(self, selectors: Selectors, agent: str, route: str, role: str) -> bool:
        """Whether one selector takes a dose of that agent, route and role, and no negated one does."""
        return self.known.meaning.bound(selectors, Who(agent, route, role)) is not None

    def spans(self, selectors: Selectors) -> tuple[Span, ...]:
        """The co-medications that are meant. Without route and role, only bare agents and classes take them."""
        found = self.known.spans(selectors)
        if found:
            self.notes.dated = True
        return found

    def facts(self, day: int) -> Mapping[str, Fact]:
        """What conditions may ask about on that day."""
        self.notes.dated = True
        return self.known.facts(day)

    def measurements(self) -> list[Measurement]:
        """Heights and weights in order of time."""
        self.notes.dated = True
        return self.known.measurements()

    def limit_on(self, day: int, limits: Limits) -> tuple[Decimal | None, tuple[str, ...]]:
        """The first number whose condition holds that day; None with the facts that are missing, if any."""
        if any(limit.when for limit in limits):
            self.notes.dated = True
        return self.known.limit_on(day, limits)

    def first_measured(self, protocols: tuple[str, ...] = ()) -> list[Event]:
        """The first dose by weight or surface of each cycle, in order of time."""
        self.notes.everything = True
        firsts = [
            piece.placed.event(piece.shape.measured)
            for piece in self._pieces
            if piece.shape.measured is not None and takes_part(piece.block.protocol_id, protocols)
        ]
        return sorted(firsts, key=BY_TIME)

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
