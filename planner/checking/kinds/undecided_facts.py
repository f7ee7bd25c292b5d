"""undecided_facts: orders that are in or out of the plan by a fact nobody recorded."""

from collections.abc import Iterator

from planner.checking.context import Context
from planner.checking.hits import Hit
from planner.checking.meaning import takes_part
from planner.model.fact_words import names_of
from planner.model.rule import SequencingRule
from planner.model.rule_kinds import UndecidedFacts


def find(rule: SequencingRule, wanted: UndecidedFacts, context: Context) -> Iterator[Hit]:  # noqa: ARG001 all kinds alike
    """One hit for each block with such orders."""
    for block in context.schedule.blocks:
        if block.facts_unknown and takes_part(block.protocol_id, rule.protocols):
            names = names_of(block.facts_unknown)
            yield Hit(
                f"Orders of {block.title} depend on facts that are not recorded: {names}.",
                (),
                (("block", block.title), ("not recorded", names)),
                missing=block.facts_unknown,
                key=block.id,
                days=(block.start,),
            )
