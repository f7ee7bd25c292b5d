"""facts_recorded: facts that must be known before a treatment starts."""

from collections.abc import Iterator
from datetime import date

from planner.checking.context import Context
from planner.checking.hits import Hit, named
from planner.model.rule import SequencingRule
from planner.model.rule_kinds import FactsRecorded


def find(rule: SequencingRule, wanted: FactsRecorded, context: Context) -> Iterator[Hit]:
    """One hit that names every fact nobody recorded, as marker or as laboratory result, by the first dose."""
    doses = context.series(wanted.agents, rule.protocols).events
    if not doses:
        return
    first = doses[0]
    start = date.fromordinal(first.day)
    known = {name.casefold() for name, value in context.facts(first.day).items() if value != ""}
    known |= {lab.code.casefold() for lab in context.patient.labs if lab.date <= start}
    missing = [fact for fact in wanted.facts if fact.casefold() not in known]
    examined = context.series(wanted.planned).days
    if missing and not (examined and examined[0] <= first.day):
        yield Hit(
            f"Not recorded before {named(first)}: {', '.join(missing)}.",
            (first,),
            (
                ("asked for", ", ".join(wanted.facts)),
                ("not recorded", ", ".join(missing)),
                ("first dose", named(first)),
            ),
            f"{len(wanted.facts) - len(missing)} of {len(wanted.facts)} recorded",
            key="start",
        )
