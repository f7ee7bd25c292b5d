"""A cycle of which something was given has begun: no edit moves its start, whatever verb it comes from."""

from datetime import date
from typing import NamedTuple

from planner.errors import Refusal
from planner.model.civil import weekday_date
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.plan import Given

Key = tuple[int, int, str, int, date]
"""Cycle, day, order, which dose of that day, and the day it was given on. Not the block: it may change its name."""


KEEPS = (
    "{order} D{number} of {block} C{cycle} was given on {day}; this would move the start of that cycle from {was} to "
    "{now}. What has begun keeps its start: defer what is still to come, or take the record back"
)
OF_ITS_OWN = f"{KEEPS}. Started on {{was}} by a date of its own, it keeps it whatever is changed before it"


class _Begun(NamedTuple):
    """The first day of a cycle of which a dose was given, the name of its block and that of the drug.

    `hangs`: it is the first of its block, which starts after another one.
    """

    start: int
    title: str
    hangs: bool
    drug: str = ""


def refuse_moving_begun(before: EvaluatedPlan, after: EvaluatedPlan) -> None:
    """Refuse an edit after which a dose that was given would stand in a cycle that starts on another day.

    The dose keeps its date, so the rest of its cycle would be drawn so many days too late or too early. Corrected
    facts of the patient are never refused here: what is true has to be recorded.
    """
    if not before.plan.given or before.plan.patient != after.plan.patient:
        return
    were, are = _begun(before), _begun(after)
    for key in sorted(were.keys() & are.keys(), key=lambda one: one[-1]):
        old, new = were[key], are[key]
        if old.start != new.start:
            cycle, day, order, _, on = key
            raise Refusal(
                OF_ITS_OWN if new.hangs else KEEPS,
                "already begun",
                order=old.drug or order,
                number=day,
                block=old.title,
                cycle=cycle,
                day=weekday_date(on),
                was=weekday_date(old.start),
                now=weekday_date(new.start),
            )


def _begun(shown: EvaluatedPlan) -> dict[Key, _Begun]:
    hanging = {(one.id, one.cycles[0]) for one in shown.plan.blocks if one.start.on is None}
    cycles = {
        (block.id, cycle.number): _Begun(cycle.start, block.title, (block.id, cycle.number) in hanging)
        for block in shown.schedule.blocks
        for cycle in block.cycles
    }
    drugs = {(one.placed.block.id, one.placed.order.id): one.placed.agent_name for one in shown.schedule.events}
    return {
        (one.cycle, one.day, one.order, one.number, one.on): cycles[one.block, one.cycle]._replace(
            drug=drugs.get((one.block, one.order), "")
        )
        for one in shown.plan.given
        if one.status is not Given.NOT_GIVEN and one.on and (one.block, one.cycle) in cycles
    }
