"""What is odd and no mistake in a site's agent files: classes that nobody looks for, a rounding that nothing is in."""

import difflib
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from planner.content.agent_changes import is_changes, read_changes
from planner.content.agent_file import read_agents
from planner.model.agent import Agent
from planner.model.library import Library
from planner.model.protocol import TemplateOrder
from planner.model.quantity import DoseRule, format_amount, format_number

ADULT = {"m2": Decimal("1.7"), "kg": Decimal(70)}
"""Body surface and weight of somebody to try a step on; no source, only doses far from it are told."""


def agent_doubts(text: str, library: Library) -> tuple[str, ...]:
    """Everything odd of a file of agents, or of changes to them, that reads well."""
    if is_changes(text):
        changed, _ = read_changes(text, "", library.agents)
        return tuple(
            one
            for agent in changed
            for told in (_units(agent, library), _coarse(agent, library), _gaps(agent))
            for one in told
        )
    agents, _ = read_agents(text, "")
    own = {agent.id for agent in agents}
    known = {tag for agent in library.agents.values() if agent.id not in own for tag in agent.classes}
    return tuple(one for agent in agents for told in (_classes(agent, known), _gaps(agent)) for one in told)


def _classes(agent: Agent, known: set[str]) -> Iterator[str]:
    """A class is a word that rules look for: a slip in it silences them all."""
    for tag in agent.classes:
        if tag not in known:
            close = difflib.get_close_matches(tag, sorted(known), 1)
            hint = f'; did you mean "{close[0]}"?' if close else ""
            yield f'agent {agent.id}: no other agent is of the class "{tag}"{hint}'


def _units(agent: Agent, library: Library) -> Iterator[str]:
    """A step or table of bands in a unit that no dose is in rounds nothing."""
    units = sorted({dose.base_amount.unit for _, dose in _doses(agent, library)})
    if units and agent.usual_unit not in units and {"round_to", "dose_bands"} & set(agent.changed):
        yield f"agent {agent.id}: rounded in {agent.usual_unit}; the protocols here dose it in {', '.join(units)}"


def _coarse(agent: Agent, library: Library) -> Iterator[str]:
    """A step that can change a dose of an adult by more than a tenth; 10 for 1.0 makes nothing of a dose of 2 mg."""
    if agent.round_to is None or "round_to" not in agent.changed:
        return
    found = [
        (dose.base_amount.value * ADULT[dose.per] / (order.doses_of_day if dose.per_day else 1), dose)
        for order, dose in _doses(agent, library)
        if dose.per in ADULT and dose.base_amount.unit == agent.usual_unit
    ]
    least, dose = min(found, key=lambda one: one[0], default=(None, None))
    if least is not None and agent.round_to / 2 > least / 10:
        step, amount = (format_amount(one, agent.usual_unit) for one in (agent.round_to, round(least, 2)))
        yield f"agent {agent.id}: rounded to {step}; a protocol here gives an adult {amount} ({dose})"


def _gaps(agent: Agent) -> Iterator[str]:
    """Doses between two rows of a table of bands go by the step instead, which the table hardly means."""
    if "dose_bands" in agent.changed or not agent.changed:
        for lower, upper in pairwise(agent.dose_bands):
            if lower.below < upper.least:
                ends = f"{format_number(lower.below)} to below {format_number(upper.least)}"
                yield f"agent {agent.id}: no dose band for {ends}; the step rounds these"


def _doses(agent: Agent, library: Library) -> Iterator[tuple[TemplateOrder, DoseRule]]:
    for shelved in library.protocols.values():
        for phase in shelved.protocol.phases:
            for order in phase.orders:
                if order.agent == agent.id:
                    yield from ((order, band.dose) for band in order.bands if band.dose)
