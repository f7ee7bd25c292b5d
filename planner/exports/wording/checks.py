"""How well an order is supported, in words; of what had to be confirmed, who confirmed it and when."""

from collections.abc import Mapping

from planner.model.civil import recorded_day
from planner.model.language import glued
from planner.model.plan import Plan
from planner.model.release import confirmed_as
from planner.model.schedule import PlacedOrder

Checks = Mapping[tuple[str, str], str]
"""By block and what an order is confirmed as, who confirmed it and when."""


def checks_of(plan: Plan) -> Checks:
    """Every order that somebody confirmed by name; the last to do so is named."""
    confirmed = {(one.pin, one.order): one for one in plan.confirmations if one.order}
    return {
        (block.id, order): f"checked by {one.by} {glued(recorded_day(one.at))}"
        for block in plan.blocks
        for (pin, order), one in confirmed.items()
        if pin == block.pin
    }


def evidence_words(placed: PlacedOrder, checks: Checks) -> str:
    """How well the order is supported in one word; what had to be confirmed says who did, or that it has to be."""
    if not placed.evidence.needs_confirmation:
        return placed.evidence.value
    return check_words(placed, checks) or f"{placed.evidence.value}, {checks[placed.block.id, confirmed_as(placed)]}"


def check_words(placed: PlacedOrder, checks: Checks) -> str:
    """What is still to be confirmed, in capitals; empty of what somebody confirmed by name."""
    confirmed = (placed.block.id, confirmed_as(placed)) in checks
    return f"{placed.evidence.value}: CHECK" if placed.evidence.needs_confirmation and not confirmed else ""
