"""Why blocks of a plan have no dates: a condition leaves them out, a change closed them up, or their end is past."""

from collections.abc import Mapping

from planner.assembly.calendar import in_words
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.plan import Block, Plan, Skip, Stop
from planner.services.evaluation import pinned_protocol


def absent_blocks(shown: EvaluatedPlan) -> Mapping[str, str]:
    """The ids of the blocks that have no dates, in the order of the plan, each with the reason in words."""
    there = {block.id for block in shown.schedule.blocks}
    return {block.id: _why(shown.plan, block) for block in shown.plan.blocks if block.id not in there}


def _why(plan: Plan, block: Block) -> str:
    protocol = pinned_protocol(next(pin.text for pin in plan.pins if pin.sha256 == block.pin))
    phase = protocol.phase(block.phase)
    closing = any(isinstance(one, Skip | Stop) and one.closes and one.block == block.id for one in plan.modifications)
    closed = "closed up by a stop or by skipped cycles" if closing else ""
    if phase.only_if:
        asked = f"left out; on the plan if {in_words(phase.only_if, protocol)}"
        return f"{asked}, or {closed}" if closed else asked
    return closed or "left out: its end comes before its begin"
