"""A rescue raised at random, told to the second opinion as the order that it adds."""

from collections.abc import Mapping
from datetime import date

from planner.errors import Refusal
from planner.model.agent import Agent
from planner.model.plan import Addition, Plan
from planner.model.schedule import Event, Schedule
from planner.services.verbs.raising import INTERVALS, Otherwise, give_otherwise
from planner.services.verbs.reasons import Why

Numbers = tuple[int, int, int, int, int, int]


def raise_rescue(
    plan: Plan, schedule: Schedule, event: Event, numbers: Numbers, agents: Mapping[str, Agent]
) -> tuple[Plan, dict[str, object]]:
    """A rescue of the cycle, if there is one, given otherwise from an hour of the next days on."""
    here = (event.placed.block.id, event.placed.cycle)
    found = [
        one
        for one in schedule.events
        if (one.placed.block.id, one.placed.cycle) == here and one.placed.role == "rescue" and one.dose
    ]
    if not found:
        raise Refusal("nothing is rescued from")
    drawn = found[numbers[2] * 7 % len(found)]
    on, minute = date.fromordinal(drawn.day + numbers[3] % 4), numbers[5] % 48 * 30
    every, order = INTERVALS[numbers[0] % len(INTERVALS)], drawn.placed.order.id
    wish = Otherwise(*here, order, on, minute, f"{numbers[5]} mg", every, Why("toxicity", "", 0))
    changed = give_otherwise(plan, schedule, agents, wish)
    made = changed.modifications[-1]
    assert isinstance(made, Addition)
    told = {name: getattr(made, name) for name in ("block", "cycle", "order", "agent", "role", "route", "dose")}
    return changed, {
        **told,
        "kind": "add",
        "days": list(made.days),
        "lead": made.timed_by,
        "minutes": made.minutes,
        "every": every,
    }
