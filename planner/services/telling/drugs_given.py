"""What an order gives where somebody replaced its drug: lists of changes and of records name that drug."""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from planner.model.plan import (
    Addition,
    Deferral,
    DoseChange,
    GivenRecord,
    Hold,
    Modification,
    Omission,
    Plan,
    Replacement,
    Scope,
    Stop,
)
from planner.model.protocol import TemplateOrder
from planner.model.schedule import Schedule
from planner.services.telling.change_words import Fill, in_english
from planner.services.verbs.drugs import orders_of

REACHING = Hold | Stop | DoseChange | Replacement
"""Changes that may reach further than the day they name."""
OF_ORDERS = REACHING | Deferral | Omission | GivenRecord
WIDER = tuple(Scope)
"""The scopes, each reaching further than the one before it."""


def changes_as_given(plan: Plan, schedule: Schedule, fill: Fill = in_english) -> tuple[Modification, ...]:
    """The plan's changes in their order, with drugs named as given when they were made: "b (in place of a)".

    An order whose id is not its drug's has both: "vincristine (vincristine-days-4-11)".
    """
    return tuple(_Drugs(plan, schedule, fill).named()) if plan.modifications else ()


def records_as_given(records: Sequence[GivenRecord], plan: Plan, schedule: Schedule) -> tuple[GivenRecord, ...]:
    """Records of the plan, with drugs named in the same way."""
    if not records:
        return ()
    replaced = [number for number, one in enumerate(plan.modifications) if isinstance(one, Replacement)]
    drugs = _Drugs(plan, schedule, in_english)
    return tuple(replace(one, order=drugs.name(one, replaced)) for one in records)


class _Drugs:
    """Finds the drug of an order at a place of the plan, after the replacements made by then."""

    def __init__(self, plan: Plan, schedule: Schedule, fill: Fill) -> None:
        self._changes, self._fill = plan.modifications, fill
        self._orders = {block.id: orders_of(block, plan) for block in schedule.blocks}
        self._starts = {(block.id, one.number): one.start for block in schedule.blocks for one in block.cycles}
        self._phases = {block.id: block.phase for block in schedule.blocks}
        self._added = {
            (one.block, one.order): number for number, one in enumerate(self._changes) if isinstance(one, Addition)
        }

    def named(self) -> Iterator[Modification]:
        """The changes, each with the drug that its order gave when it was made."""
        replaced: list[int] = []
        for number, one in enumerate(self._changes):
            yield replace(one, order=self.name(one, replaced)) if isinstance(one, OF_ORDERS) and one.order else one
            if isinstance(one, Replacement):
                replaced.append(number)

    def name(self, one: OF_ORDERS, replaced: Sequence[int]) -> str:
        """The order's id, with the drug given in its place by the replacements of these numbers."""
        scope = one.scope if isinstance(one, REACHING) else Scope.DAY
        agents: dict[str, None] = {}
        for number in reversed(replaced):
            before = self._changes[number]
            if not isinstance(before, Replacement) or self._added.get((one.block, one.order), -1) > number:
                continue
            if self._covers(before, one) and WIDER.index(before.scope) >= WIDER.index(scope):
                if agents:
                    agents[before.agent] = None
                    break
                return self._fill("{agent} (in place of {order})", agent=before.agent, order=one.order)
            if self._covers(before, one) or (isinstance(one, REACHING) and self._covers(one, before)):
                agents[before.agent] = None
        if not agents:
            return self._plainly(one)
        pattern = "{order} (where it is replaced: {agents})"
        return self._fill(pattern, order=one.order, agents=", ".join(agents))

    def _plainly(self, one: OF_ORDERS) -> str:
        """The drug of an order that is not replaced; with its route where what is stopped or held goes on by others."""
        order = self._order(one)
        if order is None:
            return one.order
        drug = order.agent
        if isinstance(one, Hold | Stop):
            others = (other for orders in self._orders.values() for other in orders.values())
            routes = {other.route for other in others if other.agent == drug}
            drug = f"{drug} {order.route}" if len(routes) > 1 else drug
        return drug if order.agent == one.order else f"{drug} ({one.order})"

    def _covers(self, wide: REACHING, one: OF_ORDERS) -> bool:
        """Whether the change holds where the other one begins."""
        if wide.scope is Scope.DAY:
            return (wide.block, wide.cycle, wide.day, wide.order) == (one.block, one.cycle, one.day, one.order)
        if not self._same_drug(wide, one) or (_is_alone(wide) and wide.order != one.order):
            return False
        if wide.block == one.block:
            later = one.cycle > wide.cycle and wide.scope is not Scope.CYCLE
            return later or (one.cycle == wide.cycle and one.day >= wide.day)
        return wide.scope is Scope.ALL and 0 < self._day(wide) <= self._day(one)

    def _same_drug(self, one: OF_ORDERS, other: OF_ORDERS) -> bool:
        first, second = self._order(one), self._order(other)
        if first is None or second is None:
            return (one.block, one.order) == (other.block, other.order)
        return first.drug == second.drug

    def _order(self, one: OF_ORDERS) -> TemplateOrder | None:
        return self._orders.get(one.block, {}).get(one.order)

    def _day(self, one: OF_ORDERS) -> int:
        """The ordinal of the day a change names, as its cycle starts; 0 where that is not on the schedule."""
        start = self._starts.get((one.block, one.cycle), 0)
        return start + self._phases[one.block].offset(one.day) if start else 0


def _is_alone(change: REACHING) -> bool:
    """Whether a change is of one order and not of its drug."""
    return isinstance(change, DoseChange | Replacement) and change.alone
