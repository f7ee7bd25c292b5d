"""The schedule: every dated event of a plan, derived from it and never stored.

It is made of pieces: the content of a cycle, which knows no date, placed on its first day. An edit makes few contents
anew, a move none; the thousands of dated events are made from the pieces where somebody looks at them.

A day is a proleptic ordinal (date.toordinal), a minute counts from midnight; -1 means no clock time. Integers keep the
checks over whole courses fast; `Event.date` gives the civil date where people read it.
"""

import re
from collections.abc import Container, Iterable
from datetime import date
from functools import cached_property
from itertools import chain
from operator import itemgetter
from typing import NamedTuple

from msgspec import Struct

from planner.model.civil import clinical_date
from planner.model.cycle_content import BY_TIME, ComputedDose, CycleContent, CycleEvent, EventRun, OrderLine, State
from planner.model.protocol import Phase, Protocol, TemplateDecision, TemplateOrder
from planner.model.sentence import Sentence


class PlacedCycle(Struct, frozen=True, gc=False):
    """One cycle of a placed block: its number and its days from `start` up to, not including, `end`.

    `cut` tells that an end rule of the phase stops the cycle before its full length. `late` are the days by which
    deferrals move its first day, and all that follows, within it.
    """

    number: int
    start: int
    end: int
    cut: bool = False
    late: int = 0

    @property
    def begins(self) -> int:
        """The ordinal on which treatment of the cycle begins, by whose facts it is dosed; from `start` it waits."""
        return self.start + self.late


class Reason(Struct, frozen=True):
    """A part of why a block stands where it stands, put into words when somebody reads it.

    `about` fills the places of `words`: ordinals as dates, anything else as it is; {start} is the block's first day.
    """

    words: str
    about: tuple[int | str, ...] = ()

    def say(self, start: int) -> str:
        """The reason in words, of a block that starts on that day."""
        about = (clinical_date(one) if isinstance(one, int) else one for one in self.about)
        return self.words.format(*about, start=clinical_date(start))


class PlacedBlock(Struct, frozen=True, dict=True):
    """A block with its dates. `reasons` are how its start came about, `why` says them in words.

    `protocol` is the pinned one, for its sources and variants. `waits` is the answer that put the block off while
    nobody set its day, `hold` the block on hold before it, `asked` its placement's questions and days, for `open_dose`.
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
    reasons: tuple[Reason | str, ...]
    facts_unknown: tuple[str, ...] = ()
    protocol: Protocol | None = None
    waits: str = ""
    hold: str = ""
    asked: tuple[tuple[str, int], ...] = ()

    @property
    def begins(self) -> int:
        """The ordinal of its first day as deferrals leave it. What people read names this day, not `start`."""
        return self.cycles[0].begins

    @property
    def unsure(self) -> str:
        """What a provisional block hangs on."""
        if self.waits:
            return Sentence("its day is not set yet")
        if self.hold:
            return Sentence("{part} before it is on hold", part=self.hold)
        if self.facts_unknown:
            return Sentence("not recorded: {facts}", facts=", ".join(self.facts_unknown))
        return Sentence("behind an open decision")

    @cached_property
    def why(self) -> tuple[str, ...]:
        """How its start came about, in words."""
        return tuple(one if isinstance(one, str) else one.say(self.start) for one in self.reasons)


class PlacedOrder(OrderLine, frozen=True, eq=True, kw_only=True):
    """An order line in a cycle of a block of the plan. `id` is block/cycle/order."""

    id: str
    block: PlacedBlock
    cycle: int


class Event(NamedTuple):
    """One row of the schedule: a single dose, an infusion day, an assessment, a decision.

    Sorted by day, minute, then place in its protocol. `due_day` is the day before any deferral; `cycle_day` is the
    number the protocol gives it; `end_day` and `end_minute` are -1 where the protocol names no duration. `notes` are
    what is to be said of it, part by part: whoever has several lines for them keeps each part whole.
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
    notes: tuple[str, ...]

    @property
    def note(self) -> str:
        """All that is to be said of it in one line (the `note` column of the schedule)."""
        return "; ".join(self.notes)

    @property
    def date(self) -> date:
        """The civil date of the event."""
        return date.fromordinal(self.day)

    @property
    def moved_from(self) -> int | None:
        """The ordinal it was due on, where it moved since; None where it did not.

        What people added to go with another order (premedication at a restart) was never due on the day that one had.
        """
        order = self.placed.order
        added = isinstance(order, TemplateOrder) and order.anchor and not order.references
        return None if added or self.day == self.due_day else self.due_day

    @property
    def day_number(self) -> int:
        """The number of its day in its cycle as sheets say it: as a rule the one the protocol gives it.

        A drug that keeps its days while its cycle is put off counts with the others: two days were a "day 1".
        """
        order, block = self.placed.order, self.placed.block
        if not isinstance(order, TemplateOrder) or not order.keeps_its_days:
            return self.cycle_day
        begins = next((one.begins for one in block.cycles if one.number == self.placed.cycle and one.late), None)
        return self.cycle_day if begins is None else block.phase.day_at(self.day - begins)

    @property
    def label(self) -> str:
        """Name by agent, cycle and day: "Blinatumomab C2 D8", "Methotrexate IT C2 D2".

        An intrathecal dose says so wherever it is named: the same agent often runs by vein in the same cycle.
        """
        spinal = " IT" if self.placed.route == "IT" else ""
        return f"{self.placed.agent_name}{spinal} C{self.placed.cycle} D{self.cycle_day}"


PUMP_OFF = "The pump comes off"
"""What a patient reads on the day on which a continuous infusion ends."""
OF_THE_DAY = re.compile(r"dose (\d+) of \d+ this day")
"""How the note of one of several doses of a day without clock times says which one it is."""


def number_of_day(event: Event) -> int:
    """Which of several doses of its day without clock times it is, from 1, as its note says; 0 of any other."""
    return next((int(found[1]) for note in event.notes if (found := OF_THE_DAY.fullmatch(note))), 0)


def _laid_out(event: Event) -> tuple[int, int, int]:
    return event.due_day, event.minute, number_of_day(event)


AS_LAID_OUT = _laid_out
"""Sorts doses of an order and day number as the protocol lays them out: the second stays so when the first was late."""


class PlacedContent(Struct, frozen=True, dict=True, eq=False):
    """A cycle's content on the plan: it begins on day `start`, in cycle `cycle` of `block`.

    `rank` is added to the places of its lines, so that events of one minute sort by block and then by place.
    Events are made when somebody asks, and kept. Pieces are equal that give equal events.
    """

    content: CycleContent
    start: int
    block: PlacedBlock
    cycle: int
    rank: int

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PlacedContent):
            return NotImplemented
        here = (self.start, self.cycle, self.rank, self.block) == (other.start, other.cycle, other.rank, other.block)
        return here and (self.content is other.content or self.orders == other.orders)

    def __hash__(self) -> int:
        return hash((self.start, self.cycle, self.rank, self.block.id))

    @property
    def first_day(self) -> int:
        """The day of the first event."""
        return self.start + self.content.first

    @property
    def last_day(self) -> int:
        """The day of the last event."""
        return self.start + self.content.last

    @cached_property
    def _placed(self) -> dict[OrderLine, PlacedOrder]:
        return {}

    def placed(self, line: OrderLine) -> PlacedOrder:
        """A line of the content as the order it is here, always the same one."""
        found = self._placed.get(line)
        if found is None:
            found = self._placed[line] = _placed(line, self.block, self.cycle)
        return found

    @cached_property
    def orders(self) -> tuple[tuple[Event, ...], ...]:
        """The events line by line, each line's in order of time."""
        return self._lines(())

    def orders_but(self, others: Container[str]) -> tuple[tuple[Event, ...], ...]:
        """The same without those orders; made for the rest alone where nobody asked for all of them yet."""
        if "orders" in self.__dict__:
            return tuple(events for events in self.orders if events[0].placed.order.id not in others)
        return self._lines(others)

    def _lines(self, others: Container[str]) -> tuple[tuple[Event, ...], ...]:
        found: dict[OrderLine, list[Event]] = {}
        several = set()
        # Not from the content's runs, which would be made, and kept, for their doses alone.
        for run, dose in zip(self.content.pattern.runs, self.content.run_doses, strict=True):
            if run.line.order.id in others:
                continue
            if run.line in found:
                several.add(run.line)
            found.setdefault(run.line, []).extend(self._dated(run, dose))
        for line in several:
            found[line].sort(key=_by_number if _is_divided(line) else BY_TIME)
        return tuple(map(tuple, found.values()))

    def event(self, event: CycleEvent) -> Event:
        """That event of the content with its date."""
        day, placed = self.start + event.offset, self.placed(event.line)
        end_day, end_minute = _end(day, event.minute, event.length)
        return Event(
            day,
            event.minute,
            self.rank + event.place,
            placed,
            event.cycle_day,
            event.state,
            event.dose,
            self.start + event.due_offset,
            end_day,
            end_minute,
            event.notes,
        )

    def dated(self, run: EventRun) -> Iterable[Event]:
        """The events of one run of the content, with their dates."""
        return self._dated(run, run.dose)

    def _dated(self, run: EventRun, dose: ComputedDose | None) -> Iterable[Event]:
        if run.length >= 0:
            return map(self.event, run.with_dose(dose).events())
        # Made as bare tuples: for the thousands of events of a course the named call costs as much as all the rest.
        start, due, sequence, placed = self.start, self.start - run.shift, self.rank + run.place, self.placed(run.line)
        state, notes, new = run.state, run.notes, tuple.__new__
        return [
            new(Event, (start + offset, minute, sequence, placed, day, state, dose, due + offset, -1, -1, notes))
            for offset, minute, day in zip(run.offsets, run.minutes, run.cycle_days, strict=True)
        ]


def _is_divided(line: OrderLine) -> bool:
    """Whether the order gives several doses a day, which may have no clock times."""
    return isinstance(line.order, TemplateOrder) and line.order.doses_per_day > 1


def _by_number(event: Event) -> tuple[int, int, int]:
    """What is recorded of one dose parts it from those alike; the doses of a day keep their order all the same."""
    return event.day, event.minute, number_of_day(event)


def _placed(line: OrderLine, block: PlacedBlock, cycle: int) -> PlacedOrder:
    return PlacedOrder(
        line.order,
        line.kind,
        line.agent,
        line.agent_name,
        line.role,
        line.route,
        line.evidence,
        line.duration_h,
        line.note,
        line.plain_words,
        line.agent_note,
        id=f"{block.id}/{cycle}/{line.order.id}",
        block=block,
        cycle=cycle,
    )


def _end(day: int, minute: int, length: int) -> tuple[int, int]:
    """Day and minute at which an event ends; -1 where it has no clock time or no known length."""
    if minute < 0 or length < 0:
        return -1, -1
    ends = minute + length
    return day + ends // 1440, ends % 1440


class OpenDecision(Struct, frozen=True):
    """A decision of the plan with its due day; `choice` is None while it is open."""

    group: str
    decision: TemplateDecision
    block: str
    day: int
    choice: str | None


class Schedule(Struct, frozen=True, dict=True):
    """The plan in dates: the content of every cycle where it lies, and the blocks in order of their start.

    Pieces stand in the order of blocks and cycles. Events are made when somebody asks for them, and kept.
    """

    pieces: tuple[PlacedContent, ...]
    blocks: tuple[PlacedBlock, ...]
    decisions: tuple[OpenDecision, ...]

    @property
    def count(self) -> int:
        """How many events there are."""
        return sum(piece.content.count for piece in self.pieces)

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """All events in order of day, minute and place."""
        # Three stable sorts by whole numbers are much cheaper for thousands of events than one by tuples.
        by_place = sorted(self.by_order(), key=_sequence)
        events = list(chain.from_iterable(by_place))
        events.sort(key=itemgetter(1))
        events.sort(key=itemgetter(0))
        return tuple(events)

    def by_order(self) -> tuple[tuple[Event, ...], ...]:
        """The events of each placed order in order of time, the orders by their first event."""
        return self._by_order

    @cached_property
    def _by_order(self) -> tuple[tuple[Event, ...], ...]:
        orders = [events for piece in self.pieces for events in piece.orders]
        orders.sort(key=lambda events: BY_TIME(events[0]))
        return tuple(orders)

    def forget_events(self, instead: "Schedule | None") -> None:
        """Drop the events made for it, save those in pieces that `instead` has too; they can be made again.

        For a schedule that is kept only because somebody might come back to it: events are nearly all of its size.
        """
        vars(self).clear()
        shared = {id(piece) for piece in instead.pieces} if instead else set()
        for piece in self.pieces:
            if id(piece) not in shared:
                vars(piece).clear()

    def block(self, block_id: str) -> PlacedBlock:
        """The placed block of that id; KeyError where the block is not on the schedule."""
        for block in self.blocks:
            if block.id == block_id:
                return block
        raise KeyError(block_id)


def _sequence(events: tuple[Event, ...]) -> int:
    return events[0].sequence
