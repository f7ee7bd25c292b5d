"""A day of a continuous infusion that was given in part: the pump stood still, and nobody said for how long."""

from collections.abc import Iterator

from planner.model.civil import weekday_date
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.plan import Given
from planner.model.protocol import TemplateOrder
from planner.model.sentence import Sentence

IN_PART = (
    "{drug} of {day} was given in part: where the pump stood still for hours, record that stop as a hold that goes on "
    "again after them; premedication and a restart under watch go by it"
)


def pump_stood_still(before: EvaluatedPlan, after: EvaluatedPlan) -> Iterator[str]:
    """One line for each new record of such a day; a part of the dose alone brings no premedication."""
    known = set(before.plan.given)
    new = {
        (one.block, one.cycle, one.order, one.day)
        for one in after.plan.given
        if one not in known and one.status is Given.PARTLY
    }
    for event in after.schedule.events if new else ():
        placed, order = event.placed, event.placed.order
        here = placed.block.id, placed.cycle, order.id, event.cycle_day
        if here in new and isinstance(order, TemplateOrder) and order.continuous:
            yield Sentence(IN_PART, drug=placed.agent_name, day=weekday_date(event.day))
