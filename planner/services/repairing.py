"""Repair of a whole plan: the smallest total shift of cycles that satisfies every hard interval, offered as one fix.

What a plan's cycles wait for is found once and kept while the plan is shown, so that every day of a drag is asked of
the same network, and only what a delay reaches is looked at.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from planner.assembly.memo import Memo
from planner.errors import NothingToDo, Refusal
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.finding import SEVERITIES, BlockMove, FindingStatus, Fix
from planner.model.library import Library
from planner.model.plan import Deferral, Scope
from planner.model.schedule import PlacedBlock
from planner.model.sentence import Sentence, joined, listed, with_count
from planner.services.closed_days import Closed
from planner.services.verbs.reasons import Why
from planner.services.verbs.refusing import known_block, on_schedule

ALWAYS_OPEN = Closed()
REPAIRED = Why("other", "repair of the plan")
"""Why a repair moves blocks and cycles, where nobody says more."""
PLANS_KEPT = 8
"""Plans whose networks are kept at a time, each for one set of closed days."""

if TYPE_CHECKING:
    from planner.checking.repair import Network
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
    fix = None if isinstance(starts, Conflict) else _fix(found, _shifts(found.network, enumerate(starts)))
    other = None
    if reorder and found.choices:
        chosen = found.free.chosen(found.choices)
        if isinstance(chosen, Chosen) and (isinstance(starts, Conflict) or sum(chosen.starts) < sum(starts)):
            other = _fix(found, _shifts(found.free, enumerate(chosen.starts)))
    return Repair(fix, conflict, other)


def repair_fix(shown: EvaluatedPlan, library: Library, closed: Closed = ALWAYS_OPEN, *, reorder: bool = False) -> Fix:
    """The one repair to be done. Refuses where nothing has to move, and names what cannot be satisfied together."""
    found = repair(shown, library, closed, reorder=reorder)
    fix = found.reordered or found.fix
    if fix is not None:
        return fix
    if found.conflict:
        raise Refusal("these cannot be satisfied together: {why}", "cannot be repaired", why=joined(found.conflict))
    grave = (one for one in shown.findings if one.severity == SEVERITIES[0] and one.status is FindingStatus.OPEN)
    if rules := dict.fromkeys(one.rule for one in grave):
        told = "no block has to move for a hard interval between blocks; open all the same: {rules}"
        raise NothingToDo(told, "nothing to repair", rules=listed(list(rules)))
    raise NothingToDo("no block has to move: every hard interval between blocks is kept", "nothing to repair")


def delay(
    shown: EvaluatedPlan, library: Library, block_id: str, days: int, closed: Closed = ALWAYS_OPEN
) -> Repair | None:
    """What moves when a block starts so many days later and every hard interval is kept: the least change there is.

    Nothing that starts before the block moves; where an interval would need that, the conflict names it. None for a
    block that is not on the schedule, and for a move to earlier days, which is no delay.
    """
    from planner.checking.repair import Conflict

    found = _task(shown, library, closed) if days > 0 else None
    if found is None or block_id not in found.firsts:
        return None
    moved = found.network.delayed(found.firsts[block_id], days)
    if isinstance(moved, Conflict):
        return Repair(conflict=moved.whys)
    return Repair(_fix(found, _shifts(found.network, moved.items())))


def delay_fix(shown: EvaluatedPlan, library: Library, block_id: str, days: int, closed: Closed = ALWAYS_OPEN) -> Fix:
    """That delay with all that has to wait. Refuses an unknown block, earlier days, and what the past cannot allow."""
    known_block(shown.plan, block_id)
    on_schedule(shown.schedule, block_id)
    found = delay(shown, library, block_id, days, closed)
    if found is None:
        raise Refusal("a delay needs at least one day", "no days", "1")
    if found.fix is None:
        most = bisect_left(
            range(1, days), 1, key=lambda fewer: _is_stuck(delay(shown, library, block_id, fewer, closed))
        )
        raise Refusal(
            "{block_id} cannot start {days} days later unless what is before it moves, at most {most}: {kept}",
            "past",
            str(most),
            block_id=block_id,
            days=days,
            most=most,
            kept=joined(found.conflict),
        )
    return found.fix


def _is_stuck(found: Repair | None) -> int:
    """1 where a delay cannot be, 0 where it can: what a longest interval allows, all shorter delays it allows too."""
    return int(found is None or found.fix is None)


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


def _shifts(network: "Network", starts: Iterable[tuple[int, int]]) -> dict[int, int]:
    """The cycles that start on another day than now, each with the days it moves by."""
    base = network.base
    return {number: start - base[number] for number, start in starts if start != base[number]}


def _fix(task: "Task", shifts: Mapping[int, int]) -> Fix | None:
    """The moves of blocks, and deferrals inside them, that bring every cycle to its new start.

    Only what moves is looked at: a block that hangs on a moved cycle waits for it, so it moves at least as far.
    """
    if not shifts:
        return None
    blocks = {task.cycles[number].block.id: task.cycles[number].block for number in shifts}
    some = sorted(blocks.values(), key=lambda block: task.order[block.id])
    moves = tuple(_moves(task, some, shifts))
    changes = tuple(_deferrals(task, sorted(some, key=lambda block: block.start), shifts))
    total = sum(change.days for change in changes) + sum(shifts.get(task.firsts[name], 0) for name in blocks)
    told = "Move {blocks} to later days, {total} days in all, so that every hard interval is kept"
    title = Sentence(told, blocks=with_count(len(blocks), "{count} block", "{count} blocks"), total=total)
    return Fix("repair", title, moves=moves, changes=changes)


def _moves(task: "Task", blocks: Iterable[PlacedBlock], shifts: Mapping[int, int]) -> Iterator[BlockMove]:
    """Blocks that move by more than what they hang on."""
    for block in blocks:
        carried = shifts.get(task.hung_on[block.id], 0) if block.id in task.hung_on else 0
        own = shifts.get(task.firsts[block.id], 0) - carried
        if own:
            yield BlockMove(block.id, own)


def _deferrals(task: "Task", blocks: Iterable[PlacedBlock], shifts: Mapping[int, int]) -> Iterator[Deferral]:
    """Cycles that move by more than the cycle before them in their block."""
    moved = {(task.cycles[number].block.id, task.cycles[number].cycle): number for number in shifts}
    for block in blocks:
        carried = shifts.get(task.firsts[block.id], 0)
        for cycle in block.cycles[1:]:
            number = moved.get((block.id, cycle.number))
            own = 0 if number is None else shifts[number] - carried
            if own and number is not None:
                events = chain.from_iterable(task.cycles[number].orders)
                first = min(events, key=lambda event: event[:2])
                place = block.id, cycle.number, first.cycle_day
                yield Deferral(*place, own, Scope.FOLLOWING, REPAIRED.reason, REPAIRED.note)
                carried += own
