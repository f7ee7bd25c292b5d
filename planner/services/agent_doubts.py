"""What is odd and no mistake in a site's agent files: classes that nobody looks for, a rounding that nothing is in."""

import difflib
from collections.abc import Iterator

from planner.content.agent_changes import is_changes, read_changes
from planner.content.agent_file import read_agents
from planner.model.agent import Agent
from planner.model.library import Library


def agent_doubts(text: str, library: Library) -> tuple[str, ...]:
    """Everything odd of a file of agents, or of changes to them, that reads well."""
    if is_changes(text):
        changed, _ = read_changes(text, "", library.agents)
        return tuple(one for agent in changed for one in _units(agent, library))
    agents, _ = read_agents(text, "")
    own = {agent.id for agent in agents}
    known = {tag for agent in library.agents.values() if agent.id not in own for tag in agent.classes}
    return tuple(one for agent in agents for one in _classes(agent, known))


def _classes(agent: Agent, known: set[str]) -> Iterator[str]:
    """A class is a word that rules look for: a slip in it silences them all."""
    for tag in agent.classes:
        if tag not in known:
            close = difflib.get_close_matches(tag, sorted(known), 1)
            hint = f'; did you mean "{close[0]}"?' if close else ""
            yield f'agent {agent.id}: no other agent is of the class "{tag}"{hint}'


def _units(agent: Agent, library: Library) -> Iterator[str]:
    """A step or table of bands in a unit that no dose is in rounds nothing."""
    units = sorted(
        {
            band.dose.base_amount.unit
            for shelved in library.protocols.values()
            for phase in shelved.protocol.phases
            for order in phase.orders
            if order.agent == agent.id
            for band in order.bands
            if band.dose
        }
    )
    if units and agent.usual_unit not in units and {"round_to", "dose_bands"} & set(agent.changed):
        yield f"agent {agent.id}: rounded in {agent.usual_unit}; the protocols here dose it in {', '.join(units)}"
