"""What a dose that was given on another day takes along: its rescue, its fluids, its levels."""

from planner.model.cycle_content import State
from planner.model.plan import GivenRecord
from planner.model.protocol import Phase, TemplateAssessment, TemplateOrder
from planner.model.schedule import Event, Schedule

TO_COME = (State.PLANNED, State.PROVISIONAL, State.DEFERRED)


def goes_along(schedule: Schedule, record: GivenRecord) -> str:
    """That what is timed by a dose goes to the day on which that was given; empty where nothing does.

    `schedule` is from before the record.
    """
    here = [one for one in schedule.events if (one.placed.block.id, one.placed.cycle) == (record.block, record.cycle)]
    own = [one for one in here if one.placed.order.id == record.order]
    planned = next((one for one in own if one.cycle_day == record.day), None)
    if planned is None or record.on is None or record.on == planned.date:
        return ""
    with_it = _goes_with(planned.placed.block.phase, record.order)
    names = [one.placed.agent_name for one in here if one.placed.order.id in with_it and _belongs(one, planned, own)]
    if not names:
        return ""
    days = f"{record.on.toordinal() - planned.day:+d}"
    drug, along = planned.placed.agent_name, ", ".join(dict.fromkeys(names))
    return f"{drug} was given on another day ({days} d); what goes with it moves along: {along}"


def _belongs(event: Event, dose: Event, all_of_it: list[Event]) -> bool:
    """Whether it is still to come and goes with that dose of several: the nearest one."""
    nearest = min(all_of_it, key=lambda one: abs(one.day - event.day))
    return event.state in TO_COME and nearest.day == dose.day


def _goes_with(phase: Phase, order_id: str) -> set[str]:
    """The lines of a phase that hang on an order, by hours or by days, also through one another."""
    lines: list[TemplateOrder | TemplateAssessment] = [*phase.orders, *phase.assessments]
    found = {order_id}
    grown = True
    while grown:
        more = {line.id for line in lines if line.id not in found and found & _leaders(line)}
        found, grown = found | more, bool(more)
    return found - {order_id}


def _leaders(line: TemplateOrder | TemplateAssessment) -> set[str]:
    anchor = line.anchor.order_id if isinstance(line, TemplateOrder) and line.anchor else ""
    return {*line.goes_with, *((anchor,) if anchor else ())}
