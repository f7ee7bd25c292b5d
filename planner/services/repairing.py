"""Repair of a whole plan: the smallest total shift of cycles that satisfies every hard interval, offered as one fix.

What a plan's cycles wait for is found once and kept while the plan is shown, so that every day of a drag is asked of
the same network, and only what a delay reaches is looked at.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from planner.assembly.memo import Memo
from planner.errors import Refusal
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.finding import BlockMove, Fix
from planner.model.library import Library
from planner.model.plan import Deferral, Plan, Scope
from planner.model.schedule import Schedule
from planner.services.closed_days import Closed
from planner.services.refusing import known_block, on_schedule

Place = tuple[str, int]
ALWAYS_OPEN = Closed()
PLANS_KEPT = 8
"""Plans whose networks are kept at a time, each for one set of closed days."""

if TYPE_CHECKING:
    from planner.checking.waits import Task


class _Kept(NamedTuple):
    """A task, and what it was made from: held, because the memo knows these by their ids."""

    task: "Task"
    made_from: tuple[object, ...]


_tasks: Memo[tuple[object, ...], _Kept] = Memo(PLANS_KEPT)


class Repair(Struct, frozen=True):
    """What can be done about the hard intervals of a plan.

    `fix` moves blocks and cycles to later days in the order they have, None where nothing has to move or nothing helps;
    then `conflict` names the rules and links that cannot be satisfied together. `reordered` is there where another
    order of blocks moves less in all: that order is a question of treatment.
    """

    fix: Fix | None = None
    conflict: tuple[str, ...] = ()
    reordered: Fix | None = None


def repair(shown: EvaluatedPlan, library: Library, closed: Closed = ALWAYS_OPEN, *, reorder: bool = False) -> Repair:
    """The least later starts of all cycles, none with its first day in the clinic on a closed day.

    What clashes inside one cycle stays a finding. With `reorder` other orders of blocks that do not hang together are
    tried too.
    """
    from planner.checking.repair import Chosen, Conflict

    found = _task(shown, library, closed)
    starts = found.network.repaired()
    conflict = starts.whys if isinstance(starts, Conflict) else ()
    fix = None if isinstance(starts, Conflict) else _fix(shown, found.places, found.network.base, starts)
    other = None
    if reorder and found.choices:
        chosen = found.free.chosen(found.choices)
        if isinstance(chosen, Chosen) and (isinstance(starts, Conflict) or sum(chosen.starts) < sum(starts)):
            other = _fix(shown, found.places, found.free.base, chosen.starts)
    return Repair(fix, conflict, other)


def repair_fix(shown: EvaluatedPlan, library: Library, closed: Closed = ALWAYS_OPEN, *, reorder: bool = False) -> Fix:
    """The one repair to be done. Refuses where nothing has to move, and names what cannot be satisfied together."""
    found = repair(shown, library, closed, reorder=reorder)
    fix = found.reordered or found.fix
    if fix is not None:
        return fix
    if found.conflict:
        raise Refusal(f"these cannot be satisfied together: {'; '.join(found.conflict)}", "cannot be repaired")
    raise Refusal("no block has to move: every hard interval between blocks is kept", "nothing to repair")


def delay(
    shown: EvaluatedPlan, library: Library, block_id: str, days: int, closed: Closed = ALWAYS_OPEN
) -> Repair | None:
    """What moves when a block starts so many days later and every hard interval is kept: the least change there is.

    Nothing that starts before the block moves; where an interval would need that, the conflict names it. None for a
    block that is not on the schedule, and for a move to earlier days, which is no delay.
    """
    from planner.checking.repair import Conflict

    block = next((one for one in shown.schedule.blocks if one.id == block_id), None)
    if block is None or days <= 0:
        return None
    found = _task(shown, library, closed)
    starts = found.network.delayed(found.places[block_id, block.cycles[0].number], days)
    if isinstance(starts, Conflict):
        return Repair(conflict=starts.whys)
    return Repair(_fix(shown, found.places, found.network.base, starts))


def delay_fix(shown: EvaluatedPlan, library: Library, block_id: str, days: int, closed: Closed = ALWAYS_OPEN) -> Fix:
    """That delay with all that has to wait. Refuses an unknown block, earlier days, and what the past cannot allow."""
    known_block(shown.plan, block_id)
    on_schedule(shown.schedule, block_id)
    found = delay(shown, library, block_id, days, closed)
    if found is None:
        raise Refusal("a delay needs at least one day", "no days", "1")
    if found.fix is None:
        kept = "; ".join(found.conflict)
        raise Refusal(f"{block_id} cannot start {days} days later unless what is before it moves: {kept}", "past")
    return found.fix


def further(shown: EvaluatedPlan, library: Library, block_id: str, days: int) -> Fix | None:
    """That delay together with what else has to wait for it; None where nothing more than the block has to move."""
    found = delay(shown, library, block_id, days)
    fix = found.fix if found else None
    if fix is None or (not fix.changes and [(move.block, move.days) for move in fix.moves] == [(block_id, days)]):
        return None
    return fix


def _task(shown: EvaluatedPlan, library: Library, closed: Closed) -> "Task":
    from planner.checking.waits import Days, task

    plan, schedule = shown.plan, shown.schedule
    made_from = plan.blocks, plan.patient, schedule, library.rules, library.agents

    def make() -> _Kept:
        shut = Days(closed.weekdays, frozenset(map(date.toordinal, closed.days)))
        return _Kept(task(plan, schedule, library.rules, library.agents, shut), made_from)

    return _tasks.get((*map(id, made_from), closed), make).task


def _fix(shown: EvaluatedPlan, places: Iterable[Place], old: Sequence[int], new: Sequence[int]) -> Fix | None:
    """The moves of blocks, and deferrals inside them, that bring every cycle to its new start."""
    shifts = {place: start - before for place, start, before in zip(places, new, old, strict=True)}
    moves = tuple(_moves(shown.plan, shown.schedule, shifts))
    changes = tuple(_deferrals(shown.schedule, shifts))
    if not moves and not changes:
        return None
    total = sum(change.days for change in changes)
    total += sum(shifts[block.id, block.cycles[0].number] for block in shown.schedule.blocks)
    blocks = {block for (block, _), days in shifts.items() if days}
    several = "1 block" if len(blocks) == 1 else f"{len(blocks)} blocks"
    title = f"Move {several} to later days, {total} days in all, so that every hard interval is kept"
    return Fix("repair", title, moves=moves, changes=changes)


def _moves(plan: Plan, schedule: Schedule, shifts: Mapping[Place, int]) -> Iterator[BlockMove]:
    """Blocks that move by more than what they hang on."""
    from planner.checking.waits import cycle_hung_on, hangs_on

    blocks = {block.id: block for block in schedule.blocks}
    for block in plan.blocks:
        if block.id in blocks:
            placed = blocks[block.id]
            after = hangs_on(plan, block.id, blocks)
            carried = shifts[after, cycle_hung_on(plan, placed, blocks[after])] if after else 0
            own = shifts[block.id, placed.cycles[0].number] - carried
            if own:
                yield BlockMove(block.id, own)


def _deferrals(schedule: Schedule, shifts: Mapping[Place, int]) -> Iterator[Deferral]:
    """Cycles that move by more than the cycle before them in their block."""
    for block in schedule.blocks:
        carried = shifts[block.id, block.cycles[0].number]
        for cycle in block.cycles[1:]:
            own = shifts[block.id, cycle.number] - carried
            if own:
                here = (block.id, cycle.number)
                events = (one for one in schedule.events if (one.placed.block.id, one.placed.cycle) == here)
                first = min(events, key=lambda event: event[:2])
                yield Deferral(*here, first.cycle_day, own, Scope.FOLLOWING, "other", "repair of the plan")
                carried += own
