"""Where a plan and its events stand, for other programs."""

from planner.exports.sheets.frame import DISCLAIMER, draft_reasons
from planner.model.cycle_content import State
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.kept import doses_by_order
from planner.model.release import release_of
from planner.model.schedule import Event


def why_draft(evaluated: EvaluatedPlan, version: str) -> tuple[str, ...]:
    """Why this version is a draft, as the sheets say it; nothing where it is none."""
    return draft_reasons(evaluated, release_of(evaluated.plan, version))


def disclaimer(evaluated: EvaluatedPlan, version: str) -> str:
    """What is to stand with each entry that leaves for another program, where no page says DRAFT."""
    draft = "DRAFT. " if why_draft(evaluated, version) else ""
    return f"{draft}{DISCLAIMER} Version {version}."


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
