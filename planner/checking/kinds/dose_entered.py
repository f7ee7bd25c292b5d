"""dose_entered: administrations whose dose is still missing."""

from collections.abc import Iterator

from planner.checking.context import Context
from planner.checking.hits import Hit, named
from planner.checking.known import Known
from planner.checking.meaning import EVERY_DOSE
from planner.checking.reach import Reach
from planner.model.rule import SequencingRule
from planner.model.rule_kinds import DoseEntered
from planner.model.schedule import Event


def reach(wanted: DoseEntered, known: Known) -> Reach:  # noqa: ARG001 all reaches alike
    """The dose itself."""
    return Reach(EVERY_DOSE)


def find(rule: SequencingRule, wanted: DoseEntered, context: Context) -> Iterator[Hit]:  # noqa: ARG001 all kinds alike
    """One hit for each order in a cycle, counted in doses."""
    orders: dict[str, list[Event]] = {}
    for event in context.judged_events(EVERY_DOSE, rule.protocols):
        if event.dose is None or event.dose.value is None:
            orders.setdefault(event.placed.id, []).append(event)
    for without in orders.values():
        reason = _reason(without[0])
        yield Hit(
            f"{named(without[0])} has no dose: {reason}.",
            tuple(without),
            (("dose", named(without[0])), ("why", reason)),
            times=len(without),
        )


def _reason(event: Event) -> str:
    return event.dose.missing if event.dose and event.dose.missing else "none entered"
