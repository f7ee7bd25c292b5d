"""dose_entered: administrations whose dose is still missing."""

from collections.abc import Iterator

from planner.checking.context import Context, takes_part
from planner.checking.hits import Hit, named
from planner.model.rule import SequencingRule
from planner.model.rule_kinds import DoseEntered
from planner.model.schedule import Event


def find(rule: SequencingRule, wanted: DoseEntered, context: Context) -> Iterator[Hit]:  # noqa: ARG001 all kinds alike
    """One hit for each order in a cycle, counted in doses."""
    for placed, events in context.groups:
        without = tuple(event for event in events if event.dose is None or event.dose.value is None)
        if without and takes_part(placed.block.protocol_id, rule.protocols):
            reason = _reason(without[0])
            yield Hit(
                f"{named(without[0])} has no dose: {reason}.",
                without,
                (("dose", named(without[0])), ("why", reason)),
                times=len(without),
            )


def _reason(event: Event) -> str:
    return event.dose.missing if event.dose and event.dose.missing else "none entered"
