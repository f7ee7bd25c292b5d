"""A site's changes to shipped agents: how a dose is rounded, by which table, and which tablets and vials there are.

Nothing else of a shipped agent can be changed: its names, classes and factors are what rules and protocols rest on.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from planner.content.agent_file import rounding_of
from planner.content.intake import Located
from planner.content.names import band_problems, doubled_ids
from planner.model.agent import Agent
from planner.model.library import ContentProblem

SOURCES = {
    "round_to": "round_reference",
    "tablets": "strengths_reference",
    "vials": "strengths_reference",
    "dose_bands": "bands_reference",
}
"""What a site may change, and the key that says where it has it from."""


def is_changes(text: str) -> bool:
    """Whether an agent file changes shipped agents and describes none."""
    return any(line.strip() == "[[changes]]" for line in text.splitlines())


def read_changes(
    text: str, file: str, shipped: Mapping[str, Agent]
) -> tuple[tuple[Agent, ...], tuple[ContentProblem, ...]]:
    """The changed agents, or all problems of the file in the order of its lines; never both."""
    from planner.content.agent_shape import AgentChangesShape
    from planner.content.intake import locate, parse_toml
    from planner.content.shape import check_shape

    data, refused = parse_toml(text, file)
    if refused:
        return (), refused
    shape = check_shape(AgentChangesShape, data)
    problems = shape.problems or tuple(_problems(data["changes"], shipped))
    if problems:
        return (), locate(problems, text, file)
    return tuple(_changed(table, shipped[table["id"]]) for table in data["changes"]), ()


def _problems(tables: list[dict[str, Any]], shipped: Mapping[str, Agent]) -> Iterator[Located]:
    yield from doubled_ids(tables, ("changes",))
    for position, table in enumerate(tables):
        path = ("changes", position)
        agent = shipped.get(table["id"])
        if agent is None:
            yield (*path, "id"), f'there is no shipped agent "{table["id"]}" to change'
            continue
        if not SOURCES.keys() & table.keys():
            yield (*path, "id"), f"nothing is changed; name one of {', '.join(SOURCES)}"
        for name, source in SOURCES.items():
            if name in table and not table.get(source):
                yield (*path, name), f"{name} needs {source}: where this site has it from"
        unit = table.get("usual_unit", agent.usual_unit)
        if agent.usual_unit and unit != agent.usual_unit:
            yield (*path, "usual_unit"), f"doses of {agent.name} are in {agent.usual_unit}"
        if not unit and {"round_to", "dose_bands"} & table.keys():
            yield (*path, "usual_unit"), "round_to and dose_bands need usual_unit"
        yield from band_problems(table, path)


def _changed(table: Mapping[str, Any], agent: Agent) -> Agent:
    """The agent with what the table names; a table of tablets or vials takes the place of that list alone."""
    given = rounding_of(table)
    named = tuple(name for name in SOURCES if name in table)
    kept = {*named, *(SOURCES[name] for name in named)}
    if {"tablets", "vials"} & table.keys():
        kept.add("strengths_evidence")
    if "usual_unit" in table:
        kept.add("usual_unit")
    return replace(agent, **{name: given[name] for name in kept}, changed=named)
