"""What a person asks about one thing on the plan: why it stands there, what its dose was made from, who says so."""

from planner.assembly.explain import why
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.protocol import Reference
from planner.model.schedule import Event, PlacedOrder
from planner.services.evaluation import pinned_protocol


def why_here(evaluated: EvaluatedPlan, event: Event) -> tuple[str, ...]:
    """The derivation of the event's date, line by line from the plan's first decision to its own day."""
    return why(evaluated.schedule, event)


def sources_of(evaluated: EvaluatedPlan, placed: PlacedOrder) -> tuple[Reference, ...]:
    """The sources the order names, from the plan's own copy of the protocol; the phase's where it names none."""
    block = evaluated.plan.block(placed.block.id)
    protocol = pinned_protocol(evaluated.plan.pin(block.pin).text)
    named = placed.order.references or placed.block.phase.references
    return tuple(protocol.reference(reference) for reference in named)
