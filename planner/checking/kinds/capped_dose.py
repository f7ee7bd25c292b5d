"""capped_dose: a dose by weight or surface that was cut at a cap."""

from collections.abc import Iterator

from planner.checking.context import Context
from planner.checking.hits import Hit, named
from planner.checking.known import Known
from planner.checking.reach import Reach
from planner.model.cycle_content import BY_TIME
from planner.model.quantity import format_amount
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_doses import CappedDose


def reach(wanted: CappedDose, known: Known) -> Reach:  # noqa: ARG001 all reaches alike
    """The dose itself."""
    return Reach(wanted.agents)


def find(rule: SequencingRule, wanted: CappedDose, context: Context) -> Iterator[Hit]:
    """One hit for each capped dose."""
    capped = [
        (event, alike.dose, alike.dose.value)
        for alike in context.judged_alike(wanted.agents, rule.protocols)
        if alike.dose is not None and alike.dose.capped and alike.dose.value is not None
        for event in alike.events
    ]
    for event, dose, value in sorted(capped, key=lambda one: BY_TIME(one[0])):
        made, amount = "; ".join(dose.steps) or dose.protocol_dose, format_amount(value, dose.unit)
        yield Hit(
            f"{named(event)} is cut at {amount}, below its dose by body size.",
            (event,),
            (("dose", amount), ("made of", made)),
            made,
        )
