"""How a clinic writes the names of drugs: whole always, and with tall-man letters where it chose so (promises C5).

The one place that turns an agent into the name people read; everything that shows a drug takes the name from here,
because it works with the vocabulary that `spelled` gives.
"""

from collections.abc import Mapping

from msgspec.structs import replace

from planner.model.agent import Agent

DRUG_NAMES = ("plain", "tall-man")
"""Plain: Vincristine. Tall-man: vinCRIStine, where the lists of the FDA and ISMP have it; all others stay plain."""


def shown_name(agent: Agent, drug_names: str) -> str:
    """The name as the clinic writes it."""
    return agent.tall_man if drug_names == "tall-man" and agent.tall_man else agent.name


def spelled(agents: Mapping[str, Agent], drug_names: str) -> Mapping[str, Agent]:
    """The vocabulary with the names as the clinic writes them; the very same one where they stand there so already."""
    if all(shown_name(agent, drug_names) == agent.name for agent in agents.values()):
        return agents
    return {key: replace(agent, name=shown_name(agent, drug_names)) for key, agent in agents.items()}
