"""facts_recorded: facts that must be known before a treatment starts."""

from collections.abc import Iterator

from planner.checking.context import Context
from planner.checking.hits import Hit, named
from planner.model.fact_words import names_of
from planner.model.rule import SequencingRule
from planner.model.rule_kinds import FactsRecorded


def find(rule: SequencingRule, wanted: FactsRecorded, context: Context) -> Iterator[Hit]:
    """One hit that names every fact nobody recorded, as marker or as laboratory result, by the first dose."""
    first = context.first(wanted.agents, rule.protocols)
    if first is None:
        return
    known = {name.casefold() for name, value in context.facts(first.day).items() if value != ""}
    known |= {code.casefold() for code in context.recorded_until(first.day)}
    missing = [fact for fact in wanted.facts if fact.casefold() not in known]
    if not missing:
        return
    examined = context.first(wanted.planned)
    if examined is None or examined.day > first.day:
        yield Hit(
            f"Not recorded before {named(first)}: {names_of(missing)}.",
            (first,),
            (
                ("asked for", names_of(wanted.facts)),
                ("not recorded", names_of(missing)),
                ("first dose", named(first)),
            ),
            f"{len(wanted.facts) - len(missing)} of {len(wanted.facts)} recorded",
            key="start",
        )
