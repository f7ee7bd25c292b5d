"""patient_state: a treatment that only fits a patient in a certain state."""

from collections.abc import Iterator

from planner.checking.context import Context, first_of_cycles
from planner.checking.hits import Hit, named
from planner.model.rule import SequencingRule
from planner.model.rule_kinds import PatientState


def find(rule: SequencingRule, wanted: PatientState, context: Context) -> Iterator[Hit]:
    """One hit for each cycle whose first dose meets a patient in another state, or in an unknown one."""
    for event in first_of_cycles(context.series(wanted.agents, rule.protocols)):
        facts = context.facts(event.day)
        verdict = wanted.must.holds(facts)
        if verdict is None:
            missing = wanted.must.unknown(facts)
            yield Hit(
                f"{named(event)}: cannot tell whether {wanted.must}.",
                (event,),
                (("must be", str(wanted.must)), ("not recorded", ", ".join(missing))),
                missing=missing,
            )
        elif not verdict:
            state = "; ".join(
                f"{one.subject} = {facts.get(one.subject, 'not recorded')}" for one in wanted.must.clauses
            )
            yield Hit(
                f"{named(event)} is planned, but {state}.",
                (event,),
                (("must be", str(wanted.must)), ("is", state)),
                f"{state}; must be {wanted.must}",
            )
