"""Which changes of a plan reach a cycle, told so that they hold wherever the cycle lies: in days from its first day."""

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from planner.assembly.added import added_order
from planner.assembly.changes import REACHING_ON
from planner.model.agent import Agent
from planner.model.cycle_content import CycleEvent
from planner.model.plan import (
    Addition,
    Deferral,
    DoseChange,
    Examination,
    Given,
    GivenRecord,
    Hold,
    Modification,
    Omission,
    Plan,
    Repetition,
    Replacement,
    Scope,
    Skip,
    Stop,
)
from planner.model.protocol import Drug, Phase, TemplateOrder
from planner.model.schedule import PlacedBlock, PlacedCycle

WHOLE, NEVER = -100_000, 100_000
"""Days before and after anything a cycle can hold."""
MARGIN = 100
"""Days before its first day at which nothing of a cycle lies any more."""


class Mark(Struct, frozen=True):
    """A change as it reaches one cycle: from the day `first` up to, not including, `last`, in days from its start.

    `first` counts protocol days, or with `moved` the days things really fall on. `drug` limits it to one drug; `agent`
    is the one a replacement or an addition gives.
    """

    change: Modification | GivenRecord
    first: int = WHOLE
    last: int = NEVER
    moved: bool = False
    drug: Drug | None = None
    agent: Agent | None = None


def reaches(mark: Mark, event: CycleEvent, offset: int) -> bool:
    """Whether a change from a day on reaches an event that falls on `offset`."""
    change = mark.change
    if isinstance(change, Stop | DoseChange | Replacement | Hold) and change.scope is Scope.DAY:
        return event.cycle_day == change.day
    return mark.first <= (offset if mark.moved else event.due_offset) and offset < mark.last


class Touching(Struct, frozen=True):
    """All that was changed in a cycle, in the order it was made; `planned` are the cycle's days by its protocol."""

    marks: tuple[Mark, ...]
    planned: int

    @property
    def deferrals(self) -> tuple[Deferral, ...]:
        """The deferrals made in the cycle."""
        return tuple(mark.change for mark in self.marks if isinstance(mark.change, Deferral))

    @property
    def given_on(self) -> Mapping[tuple[str, int, int], int]:
        """By order, day number and number on that day, from 0, the day on which a dose was given."""
        return {
            (one.order, one.day, one.number): mark.first
            for mark in self.marks
            if isinstance(one := mark.change, GivenRecord) and one.status is not Given.NOT_GIVEN and one.on
        }

    @property
    def grown(self) -> int:
        """Days by which deferrals move the end of the cycle; negative where it comes earlier."""
        return sum(one.days for one in self.deferrals if one.scope in REACHING_ON and not one.order)


class Marks:
    """Finds the marks of each cycle of one plan. Made for one assembly and then dropped.

    `anchors` are the ordinals on which changes of scope `all` begin, by their place in the plan.
    """

    def __init__(
        self,
        plan: Plan,
        phases: Mapping[str, Phase],
        anchors: Mapping[int, int],
        agents: Mapping[str, Agent],
    ) -> None:
        self._plan, self._phases, self._anchors, self._agents = plan, phases, anchors, agents
        self._own: dict[str, list[tuple[int, Modification]]] = {}
        self._added: dict[str, list[TemplateOrder]] = {}
        self._repeated: dict[tuple[str, int], Repetition] = {}
        for number, change in enumerate(plan.modifications):
            self._own.setdefault(change.block, []).append((number, change))
            if isinstance(change, Addition):
                self._added.setdefault(change.block, []).append(added_order(change))
            if isinstance(change, Repetition):
                self._repeated[change.of, change.cycle] = change
        self._given: dict[tuple[str, int], list[GivenRecord]] = {}
        for record in plan.given:
            self._given.setdefault((record.block, record.cycle), []).append(record)
        self._touched = {*self._own, *(record.block for record in plan.given), *(of for of, _ in self._repeated)}
        self._reaching = [
            (number, change)
            for number, change in enumerate(plan.modifications)
            if isinstance(change, Hold | Stop | DoseChange | Replacement) and change.scope is Scope.ALL
        ]

    def of(self, block: PlacedBlock, cycle: PlacedCycle) -> Touching | None:
        """What reaches that cycle; None for most."""
        if not (self._reaching or block.id in self._touched):
            return None
        found = [
            (number, mark)
            for number, change in self._own.get(block.id, ())
            for mark in self._own_mark(change, block, cycle)
        ]
        found += [
            (number, mark)
            for number, change in self._reaching
            if change.block != block.id and self._plan.reaches(number, block.id)
            for mark in self._far_mark(number, change, block, cycle)
        ]
        found.sort(key=lambda one: one[0])
        marks = [mark for _, mark in found]
        marks += [_given_mark(one, cycle) for one in self._given.get((block.id, cycle.number), ())]
        if (block.id, cycle.number) in self._repeated:
            marks.append(Mark(self._repeated[block.id, cycle.number]))
        return Touching(tuple(marks), block.phase.length_of(cycle.number)) if marks else None

    def _own_mark(self, change: Modification, block: PlacedBlock, cycle: PlacedCycle) -> Iterator[Mark]:
        """The mark of a change made in this block, if it reaches the cycle."""
        here = change.cycle == cycle.number
        if isinstance(change, Addition):
            if here or not change.cycle:
                yield Mark(change, agent=self._agents.get(change.agent))
        elif isinstance(change, Examination):
            if here or not change.cycle:
                yield Mark(change)
        elif isinstance(change, Deferral | Omission | Skip):
            if here:
                yield Mark(change)
            elif isinstance(change, Deferral) and change.order and self._reaches(change, cycle.number):
                yield Mark(replace(change, cycle=cycle.number, day=WHOLE))
        elif not isinstance(change, Repetition) and (here or self._reaches(change, cycle.number)):
            first = block.phase.offset(change.day) if here else WHOLE
            yield self._mark(change, first, cycle, moved=False)

    def _reaches(self, change: Deferral | Hold | Stop | DoseChange | Replacement, number: int) -> bool:
        """Whether a change of an earlier cycle of the same block reaches the later one."""
        cycles = self._plan.block(change.block).cycles
        if change.scope not in (Scope.FOLLOWING, Scope.ALL) or change.cycle not in cycles:
            return False
        return cycles.index(number) > cycles.index(change.cycle)

    def _far_mark(
        self, number: int, change: Hold | Stop | DoseChange | Replacement, block: PlacedBlock, cycle: PlacedCycle
    ) -> Iterator[Mark]:
        """The mark of a change that reaches everything after it, made in another block."""
        first = self._anchors[number] - cycle.start
        if first > cycle.end - cycle.start + MARGIN:
            return
        mark = self._mark(change, WHOLE if first < -MARGIN else first, cycle, moved=True)
        orders = (*block.phase.orders, *self._added.get(block.id, ()))
        if mark.drug is None or any(order.drug == mark.drug for order in orders):
            yield mark

    def _mark(
        self, change: Hold | Stop | DoseChange | Replacement, first: int, cycle: PlacedCycle, *, moved: bool
    ) -> Mark:
        drug = self._drug(change.block, change.order) if change.order else None
        last = change.until.toordinal() - cycle.start if isinstance(change, Hold) and change.until else NEVER
        agent = self._agents.get(change.agent) if isinstance(change, Replacement) else None
        return Mark(change, first, max(WHOLE, min(NEVER, last)), moved, drug, agent)

    def _drug(self, block_id: str, order_id: str) -> Drug:
        """The drug of an order of a block; one that nothing matches where the block has no such order."""
        orders: Iterable[TemplateOrder] = (*self._phases[block_id].orders, *self._added.get(block_id, ()))
        return next((order.drug for order in orders if order.id == order_id), ("", "", ""))


def _given_mark(record: GivenRecord, cycle: PlacedCycle) -> Mark:
    return Mark(record, record.on.toordinal() - cycle.start if record.on else WHOLE)
