"""Repair of a whole plan: the smallest total shift of blocks that satisfies every hard interval, offered as one fix."""

from msgspec import Struct

from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.finding import BlockMove, Fix
from planner.model.library import Library


class Repair(Struct, frozen=True):
    """What can be done about the hard intervals of a plan.

    `fix` moves blocks to later days, None where nothing has to move or nothing helps; then `conflict` names the rules
    and links between blocks that cannot be satisfied together.
    """

    fix: Fix | None = None
    conflict: tuple[str, ...] = ()


def repair(shown: EvaluatedPlan, library: Library) -> Repair:
    """The least later starts of all blocks. Only starts of blocks move: what clashes inside a block stays a finding."""
    from planner.checking.repair import Conflict
    from planner.checking.waits import hangs_on, network

    waiting, ids = network(shown.plan, shown.schedule, library.rules, library.agents)
    starts = waiting.repaired()
    if isinstance(starts, Conflict):
        return Repair(conflict=starts.whys)
    shifts = {name: start - old for name, start, old in zip(ids, starts, waiting.base, strict=True)}
    moves = tuple(
        BlockMove(block.id, own)
        for block in shown.plan.blocks
        if block.id in shifts and (own := shifts[block.id] - shifts.get(hangs_on(shown.plan, block.id, shifts), 0))
    )
    if not moves:
        return Repair()
    total = sum(shifts.values())
    moved = sum(1 for days in shifts.values() if days)
    blocks = "1 block" if moved == 1 else f"{moved} blocks"
    title = f"Move {blocks} to later days, {total} days in all, so that every hard interval is kept"
    return Repair(Fix("repair", title, moves=moves))
