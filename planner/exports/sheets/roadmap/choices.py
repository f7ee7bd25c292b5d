"""The choices of the protocol that shape a block, each with the answer in force."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from planner.model.condition import Clause, Condition, Fact
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.schedule import PlacedBlock

NONE_OFFERED = "none offered for this block"
NONE_COUNTS = "none that counts for this patient"

Facts = Mapping[str, Fact]


def choices_made(evaluated: EvaluatedPlan, block: PlacedBlock) -> str:
    """The variants that what stands in this block hangs on, for this patient, each with the choice in force.

    "Premedication below 18 years: 5 mg/m2" stood beside the 20 mg of a woman of 45.
    """
    plan = evaluated.plan
    chosen = dict(plan.block(block.id).choices)
    variants = block.protocol.variants if block.protocol else ()
    made = {one.id: chosen.get(one.id, one.default) for one in variants}
    answers: Facts = {f"variant.{name}": choice for name, choice in made.items()}
    days = [date.fromordinal(cycle.begins) for cycle in block.cycles]
    facts = [{**plan.patient.facts_on(day, plan.bsa_formula), **answers} for day in days]
    asked = [one for one in variants if _counts(block, one.id, {})]
    texts = []
    for variant in asked:
        if any(_counts(block, variant.id, known) for known in facts):
            wanted = made[variant.id]
            title = next((choice.title for choice in variant.choices if choice.id == wanted), wanted)
            texts.append(f"{variant.question}: {title}{'' if variant.id in chosen else ' (default)'}")
    return "; ".join(texts) or (NONE_COUNTS if asked else NONE_OFFERED)


def _counts(block: PlacedBlock, variant: str, facts: Facts) -> bool:
    """Whether what stands in the block may hang on that choice, by all that is known but the choice."""
    subject = f"variant.{variant}"
    known = {name: fact for name, fact in facts.items() if name != subject}
    for chain in _chains(block, known):
        possible = [_possible(condition, known) for condition in chain]
        asks = any(clause.subject == subject for groups in possible for group in groups for clause in group)
        if asks and all(possible):
            return True
    return False


def _chains(block: PlacedBlock, known: Facts) -> Iterator[Sequence[Condition]]:
    """The conditions of what stands in the block, each behind those it hangs on itself.

    Of the doses of an order the first whose condition holds is given: none counts behind one that holds anyway.
    """
    phase, cycles = block.phase, [cycle.number for cycle in block.cycles]
    yield [phase.only_if]
    yield from ([rule.when] for rule in phase.ends)
    yield from ([study.when] for study in phase.assessments if any(map(study.in_cycle, cycles)))
    for order in phase.orders:
        if any(map(order.in_cycle, cycles)):
            yield [order.when]
            for band in order.bands:
                yield [order.when, band.when]
                if band.when.holds(known):
                    break


def _possible(condition: Condition, known: Facts) -> list[tuple[Clause, ...]]:
    """The groups of the condition that may hold; one without clauses where there is no condition."""
    groups = condition.groups or ((),)
    return [group for group in groups if not any(clause.holds(known) is False for clause in group)]
