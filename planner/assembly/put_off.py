"""Blocks that an answer put off without a new day: the day they stand on is only the protocol's."""

from planner.model.plan import Block, Deferral, Plan
from planner.model.protocol import Phase, Protocol


def put_off(plan: Plan, block: Block, protocol: Protocol, phase: Phase) -> str:
    """The answer in words that put a block off, as long as nobody moved the block; else empty.

    Only the answers that the phase asks for count. A block that was placed anywhere but where its protocol says, or
    of which anything was deferred, has the day that somebody set.
    """
    asked = {clause.subject for group in phase.only_if.groups for clause in group}
    answers = {f"decision.{one.decision}": one.choice for one in plan.decisions if one.group == block.group}
    waits = [
        choice.title
        for one in protocol.decisions
        if f"decision.{one.id}" in asked
        for choice in one.choices
        if choice.waits and answers.get(f"decision.{one.id}") == choice.id
    ]
    if not waits or block.start.on is not None:
        return ""
    if (block.start.day, block.start.gap_days) != (phase.start.day, phase.start.gap_days):
        return ""
    moved = any(isinstance(one, Deferral) and one.block == block.id and one.days for one in plan.modifications)
    return "" if moved else waits[0]
