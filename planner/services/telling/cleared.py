"""A level that ends a rescue: what goes on no longer behind its day, what stands drawn; one that comes too early."""

from collections.abc import Iterator

from planner.model.civil import weekday_date
from planner.model.cleared import cleared_on, level_asked
from planner.model.cycle_content import State
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.going_on import NOT_GIVEN, ended_by_level, rescued_by
from planner.model.protocol import TemplateOrder
from planner.model.schedule import Event
from planner.model.sentence import Sentence

OVER = "the level of {day} ends {drug} {dose}: it goes on no longer behind that day"
STILL_DRAWN = (
    "the level of {day} ends {drug} {dose}, of which doses are drawn to {last}: leave out what is not given any more"
)
TOO_EARLY = (
    "the level of {day} is as low as one that ends {drug}, but {dose} of {given} came less than two days before: "
    "it ends nothing; is its day right, and the decimal point?"
)
TO_COME = (State.PLANNED, State.DEFERRED, State.PROVISIONAL)


def ended_by_it(before: EvaluatedPlan, after: EvaluatedPlan) -> Iterator[str]:
    """One line for each drug that a level recorded just now ends."""
    if before.plan.patient.labs == after.plan.patient.labs:
        return
    known = {(one.placed.id, one.day, low) for one, low in ended_by_level(before.plan, before.schedule.events)}
    for last, low in ended_by_level(after.plan, after.schedule.events):
        if (last.placed.id, last.day, low) in known:
            continue
        day_number = f"C{last.placed.cycle} D{last.cycle_day}"
        values = {"day": weekday_date(low), "drug": last.placed.agent_name, "dose": day_number}
        if last.day > low and last.state in TO_COME:
            yield Sentence(STILL_DRAWN, **values, last=weekday_date(last.day))
        else:
            yield Sentence(OVER, **values)


def low_too_early(before: EvaluatedPlan, after: EvaluatedPlan) -> Iterator[str]:
    """One line for each new level as low as one that ends a rescue, on the day of what it rescues from or the next."""
    new = [one for one in after.plan.patient.labs if one not in before.plan.patient.labs]
    rescues = {one.placed.id: one for one in after.schedule.events if new and one.placed.role == "rescue"}
    for rescue in rescues.values():
        order = rescue.placed.order
        level = level_asked(order.until) if isinstance(order, TemplateOrder) else None
        for dose in _rescued(after, rescue) if level else ():
            low = level and cleared_on(level, new, dose.day, dose.day + 2)
            if low:
                days = {"day": weekday_date(low), "given": weekday_date(dose.day)}
                yield Sentence(TOO_EARLY, **days, drug=rescue.placed.agent_name, dose=dose.label)


def _rescued(shown: EvaluatedPlan, rescue: Event) -> Iterator[Event]:
    """The doses of its cycle that a rescue is for."""
    names, here = rescued_by(rescue.placed), (rescue.placed.block.id, rescue.placed.cycle)
    for one in shown.schedule.events:
        at = (one.placed.block.id, one.placed.cycle)
        if at == here and one.placed.order.id in names and one.state not in NOT_GIVEN:
            yield one
