"""A confirmation holds for the dose that was looked at: it goes when another one is entered."""

from collections.abc import Collection

from msgspec.structs import replace

from planner.model.plan import Plan
from planner.model.schedule import Event, Schedule


def unconfirmed(plan: Plan, orders: Collection[tuple[str, str]]) -> Plan:
    """The plan without the confirmations of these orders, told by block and id, whichever agent stands in them."""
    pins = {block.id: block.pin for block in plan.blocks}
    gone = {(pins[block], order) for block, order in orders if block in pins}
    kept = tuple(one for one in plan.confirmations if (one.pin, one.order.partition("=")[0]) not in gone)
    return plan if len(kept) == len(plan.confirmations) else replace(plan, confirmations=kept)


def orders_of_drug(schedule: Schedule, dose: Event) -> set[tuple[str, str]]:
    """Block and id of every order that gives the same drug by the same route for the same purpose."""
    same = (one.placed for one in schedule.events if one.placed.drug == dose.placed.drug)
    return {(placed.block.id, placed.order.id) for placed in same}
