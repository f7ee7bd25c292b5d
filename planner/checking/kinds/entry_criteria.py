"""entry_criteria: the patient fits what a protocol says about whom it is for."""

from collections.abc import Iterator

from planner.checking.context import Context
from planner.checking.facts import as_recorded
from planner.checking.hits import Hit, on_day
from planner.checking.meaning import takes_part
from planner.model.condition import Fact
from planner.model.fact_words import condition_words
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_state import EntryCriteria
from planner.model.schedule import PlacedBlock


def find(rule: SequencingRule, wanted: EntryCriteria, context: Context) -> Iterator[Hit]:  # noqa: ARG001 all kinds alike
    """One hit for each criterion of each placement that the patient does not meet, or of which it cannot be told."""
    firsts: dict[tuple[str, str], PlacedBlock] = {}
    for block in context.schedule.blocks:
        if block.protocol and takes_part(block.protocol_id, rule.protocols):
            firsts.setdefault((block.group, block.protocol_id), block)
    for block in firsts.values():
        yield from _judge(block, context)


def _judge(block: PlacedBlock, context: Context) -> Iterator[Hit]:
    facts = {**context.facts(block.start), **_chosen(block, context)}
    for number, (when, said) in enumerate(block.protocol.entry if block.protocol else (), 1):
        verdict = when.holds(facts)
        if verdict:
            continue
        asked = condition_words(when)
        subjects = dict.fromkeys(clause.subject for clause in when.clauses)
        state = "; ".join(as_recorded(name, facts.get(name), block.start, context) for name in subjects)
        missing = when.unknown(facts) if verdict is None else ()
        yield Hit(
            f"{block.protocol_title} is for: {said or asked}. {'Cannot tell' if missing else 'The patient'}: {state}.",
            (),
            (("protocol", block.protocol_title), ("asks for", asked), ("is", state)),
            f"{state} on {on_day(block.start)}; {asked}",
            missing,
            key=f"{block.group}/{block.protocol_id}/entry-{number}",
            days=(block.start,),
        )


def _chosen(block: PlacedBlock, context: Context) -> dict[str, Fact]:
    """The variants of its placement as facts: a line may be for one of them alone."""
    chosen = {one.id: one.default for one in block.protocol.variants} if block.protocol else {}
    chosen |= dict(next((one.choices for one in context.plan.blocks if one.id == block.id), ()))
    return {f"variant.{name}": choice for name, choice in chosen.items()}
