"""Bags that have run stay as they hung, whatever is changed behind them."""

from datetime import date

from msgspec.structs import replace

from planner.model.cycle_content import State
from planner.model.plan import Plan
from planner.model.schedule import Schedule


def runs_until(schedule: Schedule, block_id: str) -> date | None:
    """The day after the last one of a block's infusions that is recorded as given; None where none is."""
    recorded = [
        one.day
        for one in schedule.events
        if (one.placed.block.id, one.placed.kind, one.state) == (block_id, "infusion", State.GIVEN)
    ]
    return date.fromordinal(max(recorded) + 1) if recorded else None


def leave_hanging(plan: Plan, schedule: Schedule, block_id: str) -> Plan:
    """The plan whose bags, of that block, are cut anew from the day after its last recorded one on only.

    A dose that changes on a day to come is no reason to have hung another bag last week.
    """
    since = runs_until(schedule, block_id)
    bags = next((one for one in reversed(plan.bag_plans) if one.block == block_id), None)
    if bags is None or since is None or (bags.since and bags.since >= since):
        return plan
    return replace(plan, bag_plans=(*plan.bag_plans, replace(bags, since=since)))
