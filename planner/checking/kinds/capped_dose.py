"""capped_dose: a dose by weight or surface that was cut at a cap."""

from collections.abc import Iterator

from planner.checking.context import Context
from planner.checking.hits import Hit, named
from planner.checking.known import Known
from planner.checking.reach import Reach
from planner.model.quantity import format_amount
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_doses import CappedDose


def reach(wanted: CappedDose, known: Known) -> Reach:  # noqa: ARG001 all reaches alike
    """The dose itself."""
    return Reach(wanted.agents)


def find(rule: SequencingRule, wanted: CappedDose, context: Context) -> Iterator[Hit]:
    """One hit for each capped dose."""
    for event in context.judged_events(wanted.agents, rule.protocols):
        dose = event.dose
        if dose is None or dose.value is None or not dose.capped:
            continue
        made = "; ".join(dose.steps) or dose.protocol_dose
        yield Hit(
            f"{named(event)} is cut at {format_amount(dose.value, dose.unit)}, below its dose by body size.",
            (event,),
            (("dose", format_amount(dose.value, dose.unit)), ("made of", made)),
            made,
        )
