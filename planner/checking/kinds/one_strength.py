"""one_strength: a dose of tablets that one strength alone does not make."""

from collections.abc import Iterator
from decimal import Decimal

from planner.checking.alike import Alike
from planner.checking.context import Context
from planner.checking.hits import Hit, named
from planner.checking.known import Known
from planner.checking.reach import Reach
from planner.model.agent import Strength
from planner.model.cycle_content import BY_TIME
from planner.model.quantity import format_amount
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_doses import OneStrength


def reach(wanted: OneStrength, known: Known) -> Reach:  # noqa: ARG001 all reaches alike
    """The dose itself."""
    return Reach(wanted.agents)


def find(rule: SequencingRule, wanted: OneStrength, context: Context) -> Iterator[Hit]:
    """One hit for each such dose. An agent without known tablets, or with one strength only, is passed over."""
    hits: list[Hit] = []
    for alike in context.judged_alike(wanted.agents, rule.protocols):
        agent, dose = context.agents.get(alike.run.line.agent), alike.dose
        if agent is None or dose is None or not dose.value or len(agent.tablets) < 2:
            continue
        if any(one.unit != dose.unit or _makes(one, dose.value) for one in agent.tablets):
            continue
        known = ", ".join(format_amount(one.amount, one.unit) for one in agent.tablets)
        hits += _hits(alike, format_amount(dose.value, dose.unit), known, agent.strengths_reference or "not told")
    yield from sorted(hits, key=lambda hit: BY_TIME(hit.events[0]))


def _hits(alike: Alike, planned: str, known: str, source: str) -> Iterator[Hit]:
    for event in alike.events:
        yield Hit(
            f"{named(event)}: no single strength makes {planned}.",
            (event,),
            (("dose", planned), ("tablets", known), ("strengths from", source)),
            f"{planned} is no multiple of {known}",
        )


def _makes(strength: Strength, dose: Decimal) -> bool:
    """Whether whole tablets (halves, where they may be divided) make the dose."""
    return dose % (strength.amount / 2 if strength.halves else strength.amount) == 0
