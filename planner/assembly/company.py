"""What goes with a dose that is left out or stopped goes too: its premedication, fluids and rescue; no examination."""

from collections.abc import Iterator, Mapping, Sequence

from planner.model.cycle_content import CycleEvent, OrderLine, State
from planner.model.going_on import hung_on
from planner.model.protocol import TREATING, Phase

COMPANY = ("premedication", "supportive", "hydration", "rescue")
"""Roles of what is given for the sake of something else."""
APART = ("rescue", "hydration")
TO_COME = (State.PLANNED, State.DEFERRED, State.PROVISIONAL)
LEFT_OUT = {State.OMITTED: "left out", State.STOPPED: "stopped"}

Lines = list[list[CycleEvent]]


def with_company(lines: Lines, phase: Phase) -> Lines:
    """The lines of a cycle in which what hangs on treatment that is not given is not given either.

    It stays where any dose of its day, or next to it before or after, of what it hangs on is given or on hold. Rescue
    and fluids look at each order for itself: those of the first part of methotrexate stay where the second is left out.
    """
    by_order: dict[str, list[CycleEvent]] = {}
    for event in (event for events in lines for event in events):
        by_order.setdefault(event.line.order.id, []).append(event)
    led: dict[str, Sequence[Sequence[CycleEvent]]] = {}
    for line in (events[0].line for events in lines if events and events[0].line.role in COMPANY):
        leads = [by_order[name] for name in _leads(line, phase) if name in by_order]
        if any(one.state in LEFT_OUT for doses in leads for one in doses):
            led[line.order.id] = leads if line.role in APART else [[one for doses in leads for one in doses]]
    return [[_with_its_dose(event, led) for event in events] for events in lines] if led else lines


def _leads(line: OrderLine, phase: Phase) -> list[str]:
    """The treatment that a line hangs on, however far: every order of these drugs, in however many parts they run."""
    hangs_on = hung_on(line.order, phase)
    drugs = {order.drug for order in phase.orders if order.id in hangs_on and order.role in TREATING}
    return [order.id for order in phase.orders if order.drug in drugs]


def _with_its_dose(event: CycleEvent, led: Mapping[str, Sequence[Sequence[CycleEvent]]]) -> CycleEvent:
    beside = [one for doses in led.get(event.line.order.id, ()) for one in _next_to(event, doses)]
    if event.state not in TO_COME or not beside or any(one.state not in LEFT_OUT for one in beside):
        return event
    state = State.STOPPED if all(one.state is State.STOPPED for one in beside) else State.OMITTED
    told = f"{LEFT_OUT[state]}: goes with {beside[0].line.agent_name}"
    return event._replace(state=state, notes=(told, *event.notes))


def _next_to(event: CycleEvent, doses: Sequence[CycleEvent]) -> Iterator[CycleEvent]:
    """The doses of the day itself, or of the last day before it and the first one after."""
    before = max((one.offset for one in doses if one.offset <= event.offset), default=None)
    after = min((one.offset for one in doses if one.offset >= event.offset), default=None)
    return (one for one in doses if one.offset in (before, after))
