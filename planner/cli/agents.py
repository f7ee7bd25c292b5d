"""`regimap agents`: the drugs that protocols and rules name, with where their classes and strengths were read."""

import argparse
import json

from planner.cli.plan_access import full_library, rules_and_agents
from planner.cli.protocols import add_validate
from planner.cli.streams import tell, write_text
from planner.cli.values import as_json
from planner.model.agent import Agent
from planner.model.words import fold
from planner.services.agent_words import agent_lines, used_by
from planner.services.verbs.drugs import known_agent


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """list, show, validate."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="all agents, or those that hold the words")
    listing.add_argument("words", nargs="*", help="words of name, synonyms or classes; accents do not matter")
    listing.add_argument("--json", action="store_true", help="as JSON")
    listing.set_defaults(run=_list)
    show = actions.add_parser("show", help="one agent with its classes, strengths and their sources")
    show.add_argument("agent", metavar="ID")
    show.add_argument("--json", action="store_true", help="as JSON")
    show.set_defaults(run=_show)
    add_validate(actions)


def _list(chosen: argparse.Namespace) -> int:
    library = rules_and_agents()
    words = [fold(word) for word in chosen.words]
    found = [one for one in library.agents.values() if all(word in fold(_held(one)) for word in words)]
    if chosen.json:
        listed = [{"id": one.id, "name": one.name, "classes": one.classes, "evidence": one.evidence} for one in found]
        write_text("-", json.dumps(listed, indent=2, ensure_ascii=False) + "\n")
    else:
        lines = [f"{one.id}: {one.name}; {', '.join(one.classes)} ({one.evidence})\n" for one in found]
        write_text("-", "".join(lines) or "no agent holds these words\n")
    tell(f"hidden: {problem}" for problem in library.problems)
    return 0


def _held(agent: Agent) -> str:
    return " ".join((agent.id, agent.name, *agent.synonyms, *agent.classes))


def _show(chosen: argparse.Namespace) -> int:
    library = full_library()
    agent = known_agent(library.agents, chosen.agent)
    if chosen.json:
        write_text("-", json.dumps(as_json(agent), indent=2, ensure_ascii=False) + "\n")
        return 0
    lines = [
        f"{agent.id}: {agent.name}{f' ({agent.tall_man})' if agent.tall_man else ''}",
        f"Also: {', '.join(agent.synonyms)}" if agent.synonyms else "",
        f"To patients: {agent.plain_words}" if agent.plain_words else "",
        *agent_lines(agent),
        *used_by(agent, library),
    ]
    write_text("-", "".join(f"{line}\n" for line in lines if line))
    return 0
