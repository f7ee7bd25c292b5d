"""The content of a cycle: everything that happens in it, in days from its first day.

It knows no date, no block and no plan, so all cycles that are alike share one content, and it outlives every edit that
does not touch it. `schedule` places it.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from operator import itemgetter
from typing import NamedTuple, Protocol

from msgspec import Struct

from planner.model.agent import Piece
from planner.model.evidence import Evidence
from planner.model.protocol import Drug, TemplateAssessment, TemplateDecision, TemplateOrder

DAY = 24 * 60
"""Minutes of a day."""
PARTLY = "partly given"
"""How the first note begins of a dose of which less was given."""
BY_TIME = itemgetter(0, 1, 2)
"""Sorts events by day, minute and place in the protocol."""


class State(StrEnum):
    """Where an event stands (the `status` column of the schedule)."""

    PLANNED = "planned"
    PROVISIONAL = "provisional"
    DEFERRED = "deferred"
    HELD = "held"
    OMITTED = "omitted"
    GIVEN = "given"
    STOPPED = "stopped"


class Working(Struct, frozen=True):
    """How a dose came about, in full.

    `steps` is the arithmetic line by line, `per_m2` the dose per m2 of body surface (for cumulative sums), if known;
    `meant_per_m2` is that before rounding, None where nothing was computed.
    `tablets` make the dose by mouth exactly, `vials` are those to open for it; empty where no strengths are known.
    `made_of` says so in words, or which doses tablets could make instead.
    """

    steps: tuple[str, ...] = ()
    per_m2: Decimal | None = None
    meant_per_m2: Decimal | None = None
    tablets: tuple[Piece, ...] = ()
    vials: tuple[Piece, ...] = ()
    made_of: str = ""


class Reckoning(Protocol):
    """What can tell later how a dose came about. Equal reckonings tell the same."""

    def working(self) -> Working:
        """The steps from the protocol's dose to the single dose."""
        ...


class ComputedDose(Struct, frozen=True, dict=True):
    """A single dose with everything that made it.

    `value` is None where the site has to enter the dose or an input is missing; `missing` then says why.
    `least` and `most` are the bounds where the protocol gives a range and somebody has to enter the dose.
    `full` is what the protocol itself would give here where somebody changed the dose; None where `value` is just that.
    `origin` is "" for the protocol's own dose, else what people did to it: "reduced", "typed", "replaced" or "given".
    `ordered` is what was to be given where somebody recorded an amount; None where that was not known.
    `how` is the dose's working, or tells it when somebody asks: a course has thousands of doses and few are looked at.
    """

    value: Decimal | None
    unit: str
    protocol_dose: str
    missing: str = ""
    capped: bool = False
    how: Working | Reckoning = Working()
    full: Decimal | None = None
    origin: str = ""
    least: Decimal | None = None
    most: Decimal | None = None
    ordered: Decimal | None = None

    @property
    def planned(self) -> Decimal | None:
        """The amount that is or was to be given, whatever was recorded; None where it is not known."""
        return self.ordered if self.origin == "given" else self.value

    @cached_property
    def working(self) -> Working:
        """How the dose came about."""
        return self.how if isinstance(self.how, Working) else self.how.working()

    @property
    def steps(self) -> tuple[str, ...]:
        """The arithmetic line by line."""
        return self.working.steps

    @property
    def per_m2(self) -> Decimal | None:
        """The dose per m2 of body surface, if known."""
        return self.working.per_m2

    @property
    def meant_per_m2(self) -> Decimal | None:
        """The dose per m2 as it was meant: before rounding, so that none rounds below the bound that it is held to."""
        working = self.working
        return working.per_m2 if working.meant_per_m2 is None else working.meant_per_m2

    def meant_by(self, amount: Decimal) -> Decimal | None:
        """What is meant per m2 by another amount: the same where that is this dose within 5 % (ours), else None."""
        meant, value = self.meant_per_m2, self.value
        return meant if value and abs(amount - value) * 20 <= value else None

    @property
    def tablets(self) -> tuple[Piece, ...]:
        """The tablets that make the dose exactly."""
        return self.working.tablets

    @property
    def vials(self) -> tuple[Piece, ...]:
        """The vials to open for the dose."""
        return self.working.vials

    @property
    def made_of(self) -> str:
        """Tablets or vials in words."""
        return self.working.made_of


class OrderLine(Struct, frozen=True, eq=False):
    """An order as all its events in one cycle share it, wherever the cycle lies. Each line is itself alone (`is`).

    `plain_words` is what a patient calls the agent, `agent_note` what the agent's file says to who takes it by mouth;
    empty where nobody wrote it.
    """

    order: TemplateOrder | TemplateAssessment | TemplateDecision
    kind: str
    agent: str
    agent_name: str
    role: str
    route: str
    evidence: Evidence
    duration_h: Decimal | None = None
    note: str = ""
    plain_words: str = ""
    agent_note: str = ""

    @property
    def drug(self) -> Drug:
        """What makes lines the same drug: by the same route for the same purpose."""
        return self.agent, self.route, self.role


class CycleEvent(NamedTuple):
    """One event of a cycle, counted in days from the cycle's first day; so it holds wherever the cycle lies.

    Sorted by offset, minute, then place in the cycle. `due_offset` is the offset before any deferral; `length` are the
    minutes it lasts from its clock time on, -1 where the protocol names no duration. `notes` are what is to be said of
    it, part by part: a text that a person wrote is a part of its own or stands in one behind a colon.
    """

    offset: int
    minute: int
    place: int
    line: OrderLine
    cycle_day: int
    state: State
    dose: ComputedDose | None
    due_offset: int
    length: int
    notes: tuple[str, ...]


class EventRun(Struct, frozen=True, eq=False):
    """Events of one line in one cycle, in order of time, that differ only in when they fall.

    `offsets`, `minutes` and `cycle_days` stand beside each other; `shift` are the days a deferral moved all of them by.
    """

    line: OrderLine
    place: int
    offsets: tuple[int, ...]
    minutes: tuple[int, ...]
    cycle_days: tuple[int, ...]
    state: State
    dose: ComputedDose | None
    shift: int
    length: int
    notes: tuple[str, ...]

    def with_dose(self, dose: ComputedDose | None) -> "EventRun":
        """The same events at another dose."""
        if dose is self.dose:
            return self
        return EventRun(
            self.line,
            self.place,
            self.offsets,
            self.minutes,
            self.cycle_days,
            self.state,
            dose,
            self.shift,
            self.length,
            self.notes,
        )

    def event(self, number: int) -> CycleEvent:
        """The run's event of that number, counted from 0."""
        offset = self.offsets[number]
        return CycleEvent(
            offset,
            self.minutes[number],
            self.place,
            self.line,
            self.cycle_days[number],
            self.state,
            self.dose,
            offset - self.shift,
            self.length,
            self.notes,
        )

    def events(self) -> list[CycleEvent]:
        """The run's events one by one."""
        line, place, state, dose, shift = self.line, self.place, self.state, self.dose, self.shift
        length, notes = self.length, self.notes
        return [
            CycleEvent(offset, minute, place, line, day, state, dose, offset - shift, length, notes)
            for offset, minute, day in zip(self.offsets, self.minutes, self.cycle_days, strict=True)
        ]


class Pattern(Struct, frozen=True, dict=True, eq=False):
    """Runs with what is known of them without regard to doses: how many events, the smallest and the largest offset.

    `first` and `last` are 0 and -1 without any event.
    """

    runs: tuple[EventRun, ...]
    count: int
    first: int
    last: int

    @cached_property
    def times(self) -> tuple[int, ...]:
        """The minutes of all events from the cycle's first midnight, run after run; without a clock time, midnight.

        Kept with the pattern: patients who differ in nothing but their doses share them, and so do all their cycles.
        """
        return tuple(
            offset * DAY + max(minute, 0)
            for run in self.runs
            for offset, minute in zip(run.offsets, run.minutes, strict=True)
        )

    @cached_property
    def keeping(self) -> tuple[EventRun, ...]:
        """The runs of orders that keep their calendar days when their cycle moves, as a kinase inhibitor's."""
        orders = ((run, run.line.order) for run in self.runs)
        return tuple(run for run, order in orders if isinstance(order, TemplateOrder) and order.keeps_its_days)

    @classmethod
    def of(cls, runs: Iterable[EventRun]) -> "Pattern":
        """The pattern of these runs, as far as they hold events."""
        kept = tuple(run for run in runs if run.offsets)
        first = min((min(run.offsets) for run in kept), default=0)
        last = max((max(run.offsets) for run in kept), default=-1)
        return cls(kept, sum(len(run.offsets) for run in kept), first, last)


class CycleContent(Struct, frozen=True, eq=False, weakref=True, dict=True):
    """All that happens in one cycle of a block, in days from its first day: no dates, no block, no plan.

    The same content is the same object (`is`): for every cycle that has it, after every edit, and where a block only
    moved. What is derived from contents alone can be kept by them. A line's runs follow each other, the lines in the
    order of their places. Patients who differ in nothing but their doses share the pattern: `doses` then holds the
    dose of each of its runs, otherwise None, and the runs hold their own.
    """

    pattern: Pattern
    doses: tuple[ComputedDose | None, ...] | None = None

    @classmethod
    def of(cls, runs: Iterable[EventRun]) -> "CycleContent":
        """The content of these runs."""
        return cls(Pattern.of(runs))

    @property
    def count(self) -> int:
        """How many events there are."""
        return self.pattern.count

    @property
    def first(self) -> int:
        """The smallest offset; 0 without any event."""
        return self.pattern.first

    @property
    def last(self) -> int:
        """The largest offset; -1 without any event."""
        return self.pattern.last

    @property
    def run_doses(self) -> tuple[ComputedDose | None, ...]:
        """The dose of each run of the pattern."""
        return self.doses if self.doses is not None else tuple(run.dose for run in self.pattern.runs)

    @cached_property
    def runs(self) -> tuple[EventRun, ...]:
        """The runs with their doses."""
        if self.doses is None:
            return self.pattern.runs
        return tuple(map(EventRun.with_dose, self.pattern.runs, self.doses))

    @classmethod
    def of_events(cls, orders: Iterable[Iterable[CycleEvent]]) -> "CycleContent":
        """The content of events that come line by line."""
        return cls.of(run for events in orders for run in _runs(events))

    def orders(self) -> list[list[CycleEvent]]:
        """The events line by line, each line's in order of time."""
        found: dict[OrderLine, list[CycleEvent]] = {}
        for run in self.runs:
            found.setdefault(run.line, []).extend(run.events())
        return [sorted(events, key=BY_TIME) for events in found.values()]


def _runs(events: Iterable[CycleEvent]) -> Iterator[EventRun]:
    alike: dict[tuple[object, ...], list[CycleEvent]] = {}
    for event in events:
        key = (event.line, event.place, event.state, id(event.dose), event.offset - event.due_offset, event[8:])
        alike.setdefault(key, []).append(event)
    for found in alike.values():
        first = found[0]
        offsets, minutes, _, _, days, *_ = zip(*found, strict=True)
        shift = first.offset - first.due_offset
        yield EventRun(
            first.line, first.place, offsets, minutes, days, first.state, first.dose, shift, first.length, first.notes
        )
