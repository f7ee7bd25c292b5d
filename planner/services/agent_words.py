"""What is known of an agent, each part with where it was read and how sure that is."""

from collections.abc import Iterator

from planner.model.agent import Agent, Strength
from planner.model.library import Library
from planner.model.quantity import plain
from planner.model.rule_values import Selector


def class_line(agent: Agent) -> str:
    """The classes that rules look for, with their source: "Classes: vinca, cytotoxic. Class: ... (secondary)"."""
    named = f"Classes: {', '.join(agent.classes)}. " if agent.classes else ""
    return f"{named}{_sourced(agent.reference, agent.evidence)}"


def agent_lines(agent: Agent) -> Iterator[str]:
    """Classes, factors, strengths, rounding, bags, stops and words to the patient, a line each."""
    yield class_line(agent)
    yield from _factors(agent)
    yield from _amounts(agent)
    yield from _infusion(agent)
    if agent.patient_note:
        yield f"To the patient: {agent.patient_note} {agent.patient_reference}"
    if agent.changed:
        yield f"This site's own file gives {', '.join(agent.changed)}"


def _factors(agent: Agent) -> Iterator[str]:
    if agent.doxorubicin_factor is not None:
        yield f"1 mg/m2 counts as {plain(agent.doxorubicin_factor)} mg/m2 of doxorubicin, by the source above"
    for scheme, factor, source in agent.equivalents:
        yield f"By the scheme {scheme} as {plain(factor)} mg/m2. {source}"


def _amounts(agent: Agent) -> Iterator[str]:
    for name, strengths in (("Tablets", agent.tablets), ("Vials", agent.vials)):
        if strengths:
            yield f"{name}: {_strengths(strengths)}. {_sourced(agent.strengths_reference, agent.strengths_evidence)}"
    if agent.round_to is not None:
        yield f"Rounded to {plain(agent.round_to)} {agent.usual_unit}. {agent.round_reference}"
    if agent.dose_bands:
        yield f"Dose bands: {len(agent.dose_bands)}. {agent.bands_reference}"


def _infusion(agent: Agent) -> Iterator[str]:
    for bag in agent.bags:
        weight = f", from {plain(bag.min_weight_kg)} kg" if bag.min_weight_kg is not None else ""
        yield f"Bag of {bag.hours} h at {plain(bag.rate_ml_h)} mL/h{weight}. {_sourced(bag.reference, bag.evidence)}"
    if stop := agent.interruption:
        words = f"A stop of {stop.restart_hours} h or more: supervised restart"
        words = f"{words}; of up to {stop.continue_days} days: the same cycle"
        yield f"{words}. {_sourced(stop.reference, stop.evidence)}"


def used_by(agent: Agent, library: Library) -> Iterator[str]:
    """The protocols that give it, and the rules that name it or one of its classes."""
    ids = (shelved.protocol for shelved in library.protocols.values())
    given = [one.id for one in ids if any(order.agent == agent.id for phase in one.phases for order in phase.orders)]
    named = {("agent", agent.id), *(("class", name) for name in agent.classes)}
    rules = [rule.id for rule in library.rules if any(named & _meant(value) for value in rule.parameters.values())]
    for words, found in (("Given in", given), ("Looked for by", rules)):
        yield f"{words}: {', '.join(found) or 'none'}"


def _meant(value: object) -> set[tuple[str, str]]:
    members = value if isinstance(value, tuple) and not isinstance(value, Selector) else (value,)
    return {(one.by, one.name) for one in members if isinstance(one, Selector)}


def _sourced(source: str, evidence: str) -> str:
    return f"{source} ({evidence})".strip()


def _strengths(strengths: tuple[Strength, ...]) -> str:
    halved = ", may be halved" if any(one.halves for one in strengths) else ""
    return ", ".join(f"{plain(one.amount)} {one.unit}" for one in strengths) + halved
