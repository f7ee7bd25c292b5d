"""Which blocks a deferral of everything reaches: those that begin later, whichever was placed first."""

from collections.abc import Collection, Iterator
from datetime import timedelta

from msgspec.structs import replace

from planner.assembly.changes import Changes
from planner.model.plan import Block, Deferral, Plan, Scope
from planner.model.schedule import Schedule
from planner.services.verbs.refusing import find_place


def deferred(plan: Plan, schedule: Schedule, deferral: Deferral) -> Plan:
    """The plan with that deferral as its last change. `schedule` is the plan's own, from before.

    Of the blocks with a date of their own one that reaches everything moves those that begin on its day or later.
    A bridging cycle in front of CAR T cells, placed after them, once moved with them and left them where they were.
    """
    if deferral.scope is Scope.ALL and not deferral.order:
        plan = _in_reach(plan, schedule, deferral)
    return replace(plan, modifications=(*plan.modifications, deferral))


def _in_reach(plan: Plan, schedule: Schedule, deferral: Deferral) -> Plan:
    place = find_place(plan, schedule, deferral.block, deferral.cycle)
    shift = Changes(plan).shift(deferral.block, deferral.cycle, deferral.day)
    day = place.cycle.start + place.block.phase.offset(deferral.day) + shift
    leads = set(_leads(plan, deferral.block))
    dated = [one.id for one in plan.blocks if one.start.on is not None and one.id not in leads]
    begins = {one.id: one.begins for one in schedule.blocks}
    later = {one for one in dated if begins.get(one, 0) >= day}
    plan = _behind(plan, deferral.block, later)
    ids = [one.id for one in plan.blocks]
    reached = ids[ids.index(deferral.block) + 1 :]
    return _stay(plan, [one for one in reached if one in dated and one in begins and one not in later])


def _leads(plan: Plan, block_id: str) -> Iterator[str]:
    """The block itself and those it starts after, however far."""
    while block_id:
        yield block_id
        block_id = plan.block(block_id).start.after


def _behind(plan: Plan, block_id: str, later: Collection[str]) -> Plan:
    """The plan in which what begins later stands behind that block, with all that was placed together with it."""
    home = plan.block(block_id)
    first = [one.id for one in plan.blocks].index(block_id)
    groups = {one.group for one in plan.blocks[:first] if one.id in later} - {home.group}
    if not groups:
        return plan
    before = [one for one in plan.blocks if one.group not in groups]
    moved = replace(plan, blocks=(*before, *(one for one in plan.blocks if one.group in groups)))
    old, new = Changes(plan), Changes(moved)
    blocks = (
        _on(one, old.slip(one.id), len(plan.modifications)) if old.slip(one.id) != new.slip(one.id) else one
        for one in moved.blocks
    )
    return replace(moved, blocks=tuple(blocks))


def _stay(plan: Plan, blocks: Collection[str]) -> Plan:
    """The plan in which these keep their dates whatever comes next."""
    slips, since = Changes(plan), len(plan.modifications) + 1
    kept = (_on(one, slips.slip(one.id), since) if one.id in blocks else one for one in plan.blocks)
    return replace(plan, blocks=tuple(kept))


def _on(block: Block, slip: int, since: int) -> Block:
    """The block on the date it stands on now, said after so many changes."""
    if block.start.on is None:
        return block
    return replace(block, start=replace(block.start, on=block.start.on + timedelta(slip), since=since))
