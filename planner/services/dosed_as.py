"""What of a plan's doses and times rests on the site's own choices: a signature holds for these too."""

from collections.abc import Mapping

from planner.model.agent import Agent
from planner.model.schedule import Schedule
from planner.model.site import Site

CHOICES = ("treatment_day_starts", "rounding", "rounding_percent")
"""Settings of the clinic that clock times and doses are computed by."""


def dosed_as(schedule: Schedule, agents: Mapping[str, Agent], site: Site) -> str:
    """Those choices in one text, the same for the same choices; empty where all of them are as shipped.

    Of the agents those count that the plan gives and a file of the site rounds in another way.
    """
    plain = Site()
    told = [f"{name}={getattr(site, name)}" for name in CHOICES if getattr(site, name) != getattr(plain, name)]
    changed = [agent for agent in agents.values() if agent.changed]
    if changed:
        given = {run.line.agent for piece in schedule.pieces for run in piece.content.pattern.runs}
        told += sorted(_rounding_of(agent) for agent in changed if agent.id in given)
    return "; ".join(told)


def _rounding_of(agent: Agent) -> str:
    fields = ", ".join(f"{name}={getattr(agent, name)}" for name in (*agent.changed, "usual_unit"))
    return f"{agent.id}: {fields}"
