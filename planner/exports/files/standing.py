"""Where an event stands, for other programs."""

from planner.model.cycle_content import State
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.kept import doses_by_order
from planner.model.schedule import Event


def standing(event: Event) -> State:
    """The event's state; what was put off without a day is held.

    In the plan it is provisional, but its date is the protocol's and nobody's appointment: a program that reads a
    provisional day takes it for one that needs a decision alone.
    """
    return State.HELD if event.placed.block.waits else event.state


def orders_as_due(evaluated: EvaluatedPlan) -> tuple[tuple[Event, ...], ...]:
    """The events of each placed order, those that a pause must not take along as due, as the sheets have them.

    A ward's calendar took the leucovorin of methotrexate that had run out again, cancelled with its block.
    """
    events = evaluated.due
    return tuple(tuple(several) for several in doses_by_order(events).values())
