"""What a plan's modifications do: to the length of cycles, to the day something falls on, to the events of a cycle."""

from collections.abc import Iterable, Sequence

from planner.model.cycle_content import BY_TIME, CycleEvent, State
from planner.model.plan import Deferral, Modification, Omission, Plan, Scope
from planner.model.protocol import TemplateDecision, TemplateOrder

Touching = tuple[Modification, ...]
"""The modifications of one cycle, in the order they were made."""

REACHING_ON = (Scope.FOLLOWING, Scope.ALL)
"""Scopes that move the end of the cycle, and so everything that hangs on it."""


class Changes:
    """The modifications of one plan, found by block and cycle. Made for one assembly and then dropped."""

    def __init__(self, plan: Plan) -> None:
        found: dict[tuple[str, int], list[Modification]] = {}
        for change in plan.modifications:
            found.setdefault((change.block, change.cycle), []).append(change)
        self._touching = {place: tuple(changes) for place, changes in found.items()}
        self._slips = _slips(plan)

    def touching(self, block_id: str, cycle: int) -> Touching:
        """What was changed in that cycle of that block; nothing for most."""
        return self._touching.get((block_id, cycle), ())

    def length(self, block_id: str, cycle: int, length: int) -> int:
        """The days of a cycle that has `length` days by its protocol."""
        return length + sum(one.days for one in self._deferrals(block_id, cycle) if one.scope in REACHING_ON)

    def shift(self, block_id: str, cycle: int, day: int) -> int:
        """Days by which what stands alone on that day number is moved."""
        return shift_of(self._deferrals(block_id, cycle), day)

    def slip(self, block_id: str) -> int:
        """Days that deferrals of everything, in earlier blocks, move a block that was placed on a date."""
        return self._slips.get(block_id, 0)

    def _deferrals(self, block_id: str, cycle: int) -> tuple[Deferral, ...]:
        return tuple(one for one in self.touching(block_id, cycle) if isinstance(one, Deferral))


def _slips(plan: Plan) -> dict[str, int]:
    """Block -> days by which it slips, for the blocks that do."""
    days: dict[str, int] = {}
    for change in plan.modifications:
        if isinstance(change, Deferral) and change.scope is Scope.ALL:
            days[change.block] = days.get(change.block, 0) + change.days
    slips, slip = {}, 0
    for block in plan.blocks if days else ():
        slips[block.id] = slip
        slip += days.get(block.id, 0)
    return slips


def shift_of(deferrals: Iterable[Deferral], day: int, alone: bool = True) -> int:
    """Days by which deferrals of its cycle move a day number.

    `alone` is False for an order that runs daily through that day: a deferral of the one day leaves it.
    """
    return sum(
        change.days
        for change in deferrals
        if (alone and day == change.day if change.scope is Scope.DAY else day >= change.day)
    )


def apply(orders: Iterable[Sequence[CycleEvent]], touching: Touching) -> list[list[CycleEvent]]:
    """The events of a cycle, line by line, as its changes leave them; each line's in order of time."""
    deferrals = [one for one in touching if isinstance(one, Deferral)]
    omitted = {(one.day, one.order) for one in touching if isinstance(one, Omission)}
    return [sorted((_changed(event, deferrals, omitted) for event in events), key=BY_TIME) for events in orders]


def _changed(event: CycleEvent, deferrals: Sequence[Deferral], omitted: set[tuple[int, str]]) -> CycleEvent:
    order, day, state = event.line.order, event.cycle_day, event.state
    shift = 0
    if not (isinstance(order, TemplateOrder) and order.keeps_its_days):
        alone = isinstance(order, TemplateDecision) or order.days.alone(day)
        shift = shift_of(deferrals, day, alone)
    if (day, order.id) in omitted or (day, "") in omitted:
        state = State.OMITTED
    elif shift and state is State.PLANNED:
        state = State.DEFERRED
    return event._replace(offset=event.offset + shift, state=state)
