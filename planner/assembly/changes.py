"""What a plan's modifications do to the dates of blocks and cycles: lengths, shifts, slips, what is left open."""

from collections.abc import Iterable, Mapping

from planner.model.day_words import shift_words
from planner.model.plan import Block, Deferral, Hold, Modification, Plan, Repetition, Scope, Skip, Stop
from planner.model.protocol import Phase, TemplateOrder
from planner.model.schedule import PlacedBlock

REACHING_ON = (Scope.FOLLOWING, Scope.ALL)
"""Scopes that move the end of the cycle, and so everything that hangs on it."""


class Changes:
    """The modifications of one plan as the calendar asks for them. Made for one assembly and then dropped."""

    def __init__(self, plan: Plan) -> None:
        self._blocks: Mapping[str, Block] = {block.id: block for block in plan.blocks if plan.modifications}
        self._changes: dict[str, list[Modification]] = {}
        for change in plan.modifications:
            self._changes.setdefault(change.block, []).append(change)
        self._slips = _slips(plan) if plan.modifications else {}
        self.is_quiet = not plan.modifications
        """Whether nobody changed anything."""

    def length(self, block_id: str, cycle: int, phase: Phase) -> int:
        """The days of a cycle; 0 where it closes up and has none."""
        planned, here = phase.length_of(cycle), self._changes.get(block_id)
        if not here:
            return planned
        if self._closed_before(block_id, cycle) or any(
            isinstance(one, Skip) and one.closes and one.cycle == cycle for one in here
        ):
            return 0
        deferrals = self._deferrals(block_id, cycle)
        length = max(1, planned + sum(one.days for one in deferrals if one.scope in REACHING_ON))
        for one in here:
            if isinstance(one, Stop) and one.closes and one.cycle == cycle:
                length = min(length, max(0, phase.offset(one.day) + shift_of(deferrals, one.day)))
        return length

    def closes_in(self, block_id: str, cycle: int) -> bool:
        """Whether a stop ends that cycle, and what follows moves up."""
        here = self._changes.get(block_id, ())
        return any(isinstance(one, Stop) and one.closes and one.cycle == cycle for one in here)

    def closed_behind(self, block: PlacedBlock) -> Mapping[int, tuple[int, ...]]:
        """For each cycle of a block those right behind it that closed up."""
        if block.id not in self._changes:
            return {}
        found: dict[int, tuple[int, ...]] = {}
        placed, last = {one.number for one in block.cycles}, None
        for number in self._blocks[block.id].cycles:
            last = number if number in placed else last
            if last not in (None, number) and not self.length(block.id, number, block.phase):
                found[last] = (*found.get(last, ()), number)
        return found

    def shift(self, block_id: str, cycle: int, day: int) -> int:
        """Days by which what stands alone on that day number is moved."""
        return shift_of(self._deferrals(block_id, cycle), day) if block_id in self._changes else 0

    def late(self, block_id: str, cycle: int, phase: Phase) -> int:
        """Days by which deferrals of all that the cycle gives move its first day."""
        return sum(one.days for one in self._deferrals(block_id, cycle) if _moves_all(one, phase))

    def slip(self, block_id: str) -> int:
        """Days that deferrals of everything, in earlier blocks, move a block that was placed on a date."""
        return self._slips.get(block_id, 0)

    def held(self, block_id: str) -> bool:
        """Whether nobody knows when the block goes on."""
        return any(
            isinstance(one, Hold) and not one.order and one.until is None for one in self._changes.get(block_id, ())
        )

    def hold_before(self, block: Block) -> str:
        """The title of the block on hold that this one comes after, however far; empty where there is none."""
        while block.start.on is None:
            block = self._blocks[block.start.after]
            if self.held(block.id):
                return block.title
        return ""

    def words(self, block_id: str, phase: Phase) -> tuple[str, ...]:
        """What was done to the block as a whole, for the derivation of its dates."""
        first = self._blocks[block_id].cycles[0]
        found = []
        for one in self._changes.get(block_id, ()):
            if isinstance(one, Hold) and not one.order:
                found.append(f"on hold from C{one.cycle} D{one.day} on ({one.reason}); its end is not known")
            elif isinstance(one, Skip):
                moves = "what follows moves up" if one.closes else "its days stay empty"
                found.append(f"cycle {one.cycle} is skipped ({one.reason}); {moves}")
            elif isinstance(one, Stop) and not one.order:
                moves = "; what follows moves up" if one.closes else ""
                found.append(f"stopped from C{one.cycle} D{one.day} on ({one.reason}){moves}")
            elif isinstance(one, Deferral) and one.cycle == first and not one.order and _moves_all(one, phase):
                found.append(f"its first day is deferred by {shift_words(one.days)} ({one.reason})")
            elif isinstance(one, Repetition):
                found.append(f"gives cycle {one.cycle} of {one.of} once more ({one.reason})")
        return tuple(found)

    def _closed_before(self, block_id: str, cycle: int) -> bool:
        """Whether the block ended, and closed up, in an earlier cycle."""
        cycles = self._blocks[block_id].cycles
        return any(
            isinstance(one, Stop)
            and one.closes
            and one.scope is not Scope.CYCLE
            and one.cycle in cycles
            and cycles.index(cycle) > cycles.index(one.cycle)
            for one in self._changes.get(block_id, ())
        )

    def _deferrals(self, block_id: str, cycle: int) -> tuple[Deferral, ...]:
        """The deferrals of all orders that begin in that cycle."""
        return tuple(
            one
            for one in self._changes.get(block_id, ())
            if isinstance(one, Deferral) and one.cycle == cycle and not one.order
        )


def _moves_all(change: Deferral, phase: Phase) -> bool:
    """Whether a deferral moves all that its cycle gives."""
    return change.scope is not Scope.DAY and change.day <= phase.first_day and not change.kept


def _slips(plan: Plan) -> dict[str, int]:
    """Block -> days by which it slips, for the blocks that do."""
    made: dict[str, list[tuple[int, int]]] = {}
    for number, change in enumerate(plan.modifications):
        if isinstance(change, Deferral) and change.scope is Scope.ALL:
            made.setdefault(change.block, []).append((number, change.days))
    slips: dict[str, int] = {}
    before: list[tuple[int, int]] = []
    for block in plan.blocks if made else ():
        slips[block.id] = sum(days for number, days in before if number >= block.start.since)
        before += made.get(block.id, ())
    return slips


def taken_along(order: TemplateOrder, deferrals: Iterable[Deferral]) -> int:
    """Days by which deferrals of its cycle move an order that keeps its days once it has begun.

    Those that begin on its first day or earlier do, unless a dose of that day was given; a deferral of the one day
    never does.
    """
    return sum(
        one.days
        for one in deferrals
        if order.begins
        and one.scope is not Scope.DAY
        and not one.order
        and one.day <= order.days.numbers[0]
        and all(name != order.id for name, _ in one.kept)
    )


def shift_of(deferrals: Iterable[Deferral], day: int, alone: bool = True, dose: tuple[str, int] | None = None) -> int:
    """Days by which deferrals of its cycle move a day number.

    `alone` is False for an order that runs daily through that day: a deferral of the one day leaves it. `dose` is the
    order and the number on that day of one dose, which stays where a deferral moved only the rest of the day.
    """
    return sum(
        change.days
        for change in deferrals
        if (alone and day == change.day if change.scope is Scope.DAY else day >= change.day)
        and not (day == change.day and dose in change.kept)
    )
