"""Premedication for the step of a rising infusion, where a change of the dose puts that step on another day."""

from collections.abc import Mapping
from decimal import Decimal

from planner.model.civil import weekday_date
from planner.model.cycle_content import State
from planner.model.plan import DoseChange
from planner.model.schedule import Event, Schedule
from planner.model.sentence import Sentence

TO_COME = (State.PLANNED, State.PROVISIONAL, State.DEFERRED)
LATER = (
    "{drug} of D{day}, {date}, comes before no step of {infusion} any more, which now rises on D{step}, {then}: "
    "move it there"
)
GONE = "{drug} of D{day}, {date}, comes before no step of {infusion} any more"


def left_by_a_step(schedule: Schedule, change: DoseChange) -> tuple[str, ...]:
    """One line for each premedication to come on a day on which the changed infusion runs on at the dose before.

    Dexamethasone of Day 8 stayed there when 28 mcg began on Day 11. `schedule` is from after the change.
    """
    here = [one for one in schedule.events if (one.placed.block.id, one.placed.cycle) == (change.block, change.cycle)]
    agents = {one.placed.agent for one in here if one.placed.order.id == change.order}
    doses = {one.day: one for one in here if one.placed.agent in agents and one.placed.kind == "infusion"}
    steps = [day for day in doses if _rises(doses, day)]
    found = []
    for one in here:
        runs_on = one.day in doses and one.day - 1 in doses and one.day not in steps
        if one.placed.role == "premedication" and one.state in TO_COME and runs_on:
            later = min((day for day in steps if day > one.day), default=0)
            words = {"drug": one.placed.agent_name, "day": one.cycle_day, "date": weekday_date(one.day)}
            words["infusion"] = doses[one.day].placed.agent_name
            if later:
                words |= {"step": doses[later].cycle_day, "then": weekday_date(later)}
            found.append(Sentence(LATER if later else GONE, **words))
    return tuple(dict.fromkeys(found))


def _rises(doses: Mapping[int, Event], day: int) -> bool:
    return day - 1 in doses and _amount(doses[day]) > _amount(doses[day - 1])


def _amount(event: Event) -> Decimal:
    return event.dose.value or Decimal(0) if event.dose else Decimal(0)
