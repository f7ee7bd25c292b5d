"""What is on hold: since when; until when nobody knows."""

from collections.abc import Iterator

from planner.model.civil import clock, weekday_date
from planner.model.cycle_content import State
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.language import glued
from planner.model.plan import Hold, Plan
from planner.model.schedule import Event

UNTIL = "until when is not known"


def blocks_on_hold(plan: Plan) -> set[str]:
    """The blocks that are paused as a whole and do not go on yet."""
    holds = (one for one in plan.modifications if isinstance(one, Hold))
    return {one.block for one in holds if not one.order and one.until is None}


def on_hold_since(evaluated: EvaluatedPlan) -> dict[str, int]:
    """By block that is paused as a whole, the first day of what is on hold of it."""
    blocks, found = blocks_on_hold(evaluated.plan), dict[str, int]()
    for event in evaluated.schedule.events:
        if event.state is State.HELD and event.placed.block.id in blocks:
            found.setdefault(event.placed.block.id, event.day)
    return found


def hold_lines(evaluated: EvaluatedPlan, before: int) -> Iterator[str]:
    """What is on hold since a day before that one: a block, or drugs of one that goes on.

    The rows of its drawn days alone read as a hold that ends on the last of them.
    """
    blocks = on_hold_since(evaluated)
    firsts: dict[tuple[str, str], Event] = {}
    for event in evaluated.schedule.events:
        if event.state is State.HELD and event.day < before:
            name = "" if event.placed.block.id in blocks else event.placed.agent_name
            firsts.setdefault((event.placed.block.title, name), event)
    for (title, name), first in firsts.items():
        hour = clock(first.minute) if first.placed.kind == "infusion" and first.minute >= 0 else ""
        what = f"{name} of {title}" if name else title
        yield f"{what}: on hold since {glued(f'{weekday_date(first.day)} {hour}'.rstrip())}, {UNTIL}"
