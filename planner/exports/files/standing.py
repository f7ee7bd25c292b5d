"""Where an event stands, for other programs."""

from planner.model.cycle_content import State
from planner.model.schedule import Event


def standing(event: Event) -> State:
    """The event's state; what was put off without a day is held.

    In the plan it is provisional, but its date is the protocol's and nobody's appointment: a program that reads a
    provisional day takes it for one that needs a decision alone.
    """
    return State.HELD if event.placed.block.waits else event.state
