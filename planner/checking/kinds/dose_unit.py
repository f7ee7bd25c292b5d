"""dose_unit: an agent that is dosed in one unit and is dangerous in another."""

from collections.abc import Iterator

from planner.checking.context import Context
from planner.checking.hits import Hit, named
from planner.checking.known import Known
from planner.checking.reach import Reach
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_state import DoseUnit


def reach(wanted: DoseUnit, known: Known) -> Reach:  # noqa: ARG001 all reaches alike
    """The dose itself."""
    return Reach(wanted.agents)


def find(rule: SequencingRule, wanted: DoseUnit, context: Context) -> Iterator[Hit]:
    """One hit for each dose in another unit, or whose dose is not known."""
    allowed = ", ".join(wanted.only)
    for event in context.judged_events(wanted.agents, rule.protocols):
        dose = event.dose
        if dose is None or dose.value is None:
            yield Hit(
                f"{named(event)}: the unit of the dose cannot be told, no dose is entered.",
                (event,),
                (("dose", "not entered"), ("allowed", allowed)),
                missing=("dose",),
            )
        elif dose.unit not in wanted.only:
            yield Hit(
                f"{named(event)} is dosed in {dose.unit} ({dose.protocol_dose}); allowed: {allowed}.",
                (event,),
                (("dose", dose.protocol_dose), ("unit", dose.unit), ("allowed", allowed)),
                f"{dose.unit} is not one of {allowed}",
            )
