"""Which changes a block, or the date it starts on, came after: those do not reach it."""

from collections.abc import Collection

from msgspec.structs import replace

from planner.model.plan import BlockStart, Plan


def said_now(plan: Plan, start: BlockStart) -> BlockStart:
    """A start as it is said now: what was deferred before does not move a date."""
    return start if start.on is None else replace(start, since=len(plan.modifications))


def keep_changes(plan: Plan, kept: Collection[int]) -> Plan:
    """The plan with those of its changes alone, told by their places (from 0); what came after others still does."""

    def left(since: int) -> int:
        return sum(number < since for number in kept)

    blocks = (
        replace(one, since=left(one.since), start=replace(one.start, since=left(one.start.since)))
        for one in plan.blocks
    )
    changes = tuple(one for number, one in enumerate(plan.modifications) if number in kept)
    return replace(plan, blocks=tuple(blocks), modifications=changes)
