"""Doses of a drug that goes on behind its drawn days: what a change from such a day on is a change of."""

from planner.model.going_on import may_go_on
from planner.model.plan import Plan
from planner.model.schedule import Event, Schedule
from planner.services.verbs.drugs import doses_from
from planner.services.verbs.refusing import Place


def going_doses(plan: Plan, schedule: Schedule, place: Place, day: int, order_id: str) -> tuple[Event, ...]:
    """The last drawn doses of an order that may go on to that day of its cycle; none where it is drawn or over then."""
    here = [one for one in place.events if one.placed.order.id == order_id]
    before = [one for one in here if one.cycle_day < day]
    if not before or any(one.cycle_day >= day for one in here):
        return ()
    try:
        on = place.cycle.start + place.block.phase.offset(day)
    except ValueError:
        return ()
    goes_on = may_go_on(plan, schedule.events).get(on, ()) if on < place.cycle.end else ()
    if not any(one.placed.id == here[0].placed.id for one in goes_on):
        return ()
    last = max(one.cycle_day for one in before)
    return tuple(one for one in before if one.cycle_day == last)


def doses_to_change(plan: Plan, schedule: Schedule, place: Place, day: int, order_id: str) -> tuple[Event, ...]:
    """The doses of an order from a day on, also behind its drawn days; a refusal where there are none."""
    return going_doses(plan, schedule, place, day, order_id) or doses_from(place, day, order_id)
