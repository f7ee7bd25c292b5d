"""The schedule: every dated event of a plan, derived from it and never stored.

A day is a proleptic ordinal (date.toordinal), a minute counts from midnight; -1 means no clock time. Integers keep the
checks over whole courses fast; `Event.date` gives the civil date where people read it.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import chain
from operator import itemgetter
from typing import NamedTuple

from msgspec import Struct

from planner.model.evidence import Evidence
from planner.model.protocol import Phase, Protocol, TemplateAssessment, TemplateDecision, TemplateOrder

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


class ComputedDose(Struct, frozen=True):
    """A single dose with everything that made it.

    `value` is None where the site has to enter the dose or an input is missing; `missing` then says why.
    `steps` is the arithmetic line by line, `per_m2` the dose per m2 of body surface (for cumulative sums), if known.
    `full` is what the protocol itself would give here where somebody changed the dose; None where `value` is just that.
    """

    value: Decimal | None
    unit: str
    protocol_dose: str
    steps: tuple[str, ...] = ()
    missing: str = ""
    per_m2: Decimal | None = None
    capped: bool = False
    full: Decimal | None = None


class PlacedCycle(Struct, frozen=True):
    """One cycle of a placed block: its number and its days from `start` up to, not including, `end`.

    `cut` tells that an end rule of the phase stops the cycle before its full length.
    """

    number: int
    start: int
    end: int
    cut: bool = False


class PlacedBlock(Struct, frozen=True):
    """A block with its dates. `why` says in words how its start came about.

    `protocol` is the pinned protocol the block comes from: sheets read its sources, status and variants there.
    """

    id: str
    title: str
    group: str
    protocol_id: str
    protocol_title: str
    protocol_version: str
    phase: Phase
    cycles: tuple[PlacedCycle, ...]
    start: int
    end: int
    provisional: bool
    why: tuple[str, ...]
    facts_unknown: tuple[str, ...] = ()
    protocol: Protocol | None = None


class PlacedOrder(Struct, frozen=True):
    """An order in one cycle of a block: what all its events share. `id` is block/cycle/order.

    `plain_words` is what a patient calls the agent; empty where nobody wrote it.
    """

    id: str
    block: PlacedBlock
    cycle: int
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


class Event(NamedTuple):
    """One row of the schedule: a single dose, an infusion day, an assessment, a decision.

    Sorted by day, minute, then place in its protocol. `due_day` is the day before any deferral; `cycle_day` is the
    number the protocol gives it; `end_day` and `end_minute` are -1 where the protocol names no duration.
    """

    day: int
    minute: int
    sequence: int
    placed: PlacedOrder
    cycle_day: int
    state: State
    dose: ComputedDose | None
    due_day: int
    end_day: int
    end_minute: int
    note: str

    @property
    def date(self) -> date:
        """The civil date of the event."""
        return date.fromordinal(self.day)

    @property
    def label(self) -> str:
        """Name by agent, cycle and day: "Blinatumomab C2 D8"."""
        return f"{self.placed.agent_name} C{self.placed.cycle} D{self.cycle_day}"


class OpenDecision(Struct, frozen=True):
    """A decision of the plan with its due day; `choice` is None while it is open."""

    group: str
    decision: TemplateDecision
    block: str
    day: int
    choice: str | None


class Schedule(Struct, frozen=True, eq=False):
    """All events of the plan in order, and the blocks they belong to in order of their start."""

    events: tuple[Event, ...]
    blocks: tuple[PlacedBlock, ...]
    decisions: tuple[OpenDecision, ...]
    _known: tuple[tuple[Event, ...], tuple[tuple[Event, ...], ...]] = ((), ())
    """Events and the same order by order: it holds only while `events` is that very tuple."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Schedule) and _parts(self) == _parts(other)

    def __hash__(self) -> int:
        return hash(_parts(self))

    @classmethod
    def of_orders(
        cls,
        orders: Iterable[Sequence[Event]],
        blocks: tuple[PlacedBlock, ...],
        decisions: tuple[OpenDecision, ...],
    ) -> "Schedule":
        """The schedule of events that come order by order, each order's in order of time and none empty.

        It remembers them so; a changed copy of the schedule does not.
        """
        by_first: list[tuple[Event, ...]] = [tuple(events) for events in orders]
        by_first.sort(key=lambda events: BY_TIME(events[0]))
        # Three stable sorts by whole numbers are much cheaper for thousands of events than one by tuples.
        by_place = sorted(by_first, key=_sequence)
        events = list(chain.from_iterable(by_place))
        events.sort(key=itemgetter(1))
        events.sort(key=itemgetter(0))
        in_time = tuple(events)
        return cls(in_time, blocks, decisions, (in_time, tuple(by_first)))

    def by_order(self) -> tuple[tuple[Event, ...], ...]:
        """The events of each placed order in order of time, the orders by their first event."""
        events, orders = self._known
        if events is self.events:
            return orders
        found: dict[int, list[Event]] = {}
        for event in self.events:
            found.setdefault(id(event.placed), []).append(event)
        return tuple(tuple(events) for events in found.values())

    def block(self, block_id: str) -> PlacedBlock:
        """The placed block of that id; KeyError where the block is not on the schedule."""
        for block in self.blocks:
            if block.id == block_id:
                return block
        raise KeyError(block_id)


def _sequence(events: tuple[Event, ...]) -> int:
    return events[0].sequence


def _parts(schedule: Schedule) -> tuple[object, ...]:
    return schedule.events, schedule.blocks, schedule.decisions
