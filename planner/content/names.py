"""Names that can be mistaken for others: doubled ids, one name for two agents, letters of two scripts in one word."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from planner.content.intake import ENOUGH, Located
from planner.content.toml_lines import Path
from planner.model.agent import Agent

_WORD = re.compile(r"\w+")
WIDE = 2
"""How many times the dose of a band its upper end may be, or the dose its lower end. Regimap's own, to catch slips."""


def doubled_ids(items: object, path: Path) -> Iterator[Located]:
    """Every id of a list of tables that stands there a second time. What has no readable id is passed over."""
    seen: set[str] = set()
    for position, item_id in _ids(items):
        if item_id in seen:
            yield (*path, position, "id"), f'the id "{item_id}" stands here a second time'
        seen.add(item_id)


def _ids(items: object) -> Iterator[tuple[int, str]]:
    for position, item in enumerate(items if isinstance(items, list) else ()):
        item_id = item.get("id") if isinstance(item, dict) else None
        if isinstance(item_id, str):
            yield position, item_id


def ids_of(items: object) -> frozenset[str]:
    """All readable ids of a list of tables."""
    return frozenset(item_id for _, item_id in _ids(items))


def mixed_scripts(text: str) -> str:
    """One sentence where a word mixes Latin letters with look-alike Cyrillic or Greek ones; else an empty text."""
    for word in () if text.isascii() else _WORD.findall(text):
        scripts = {unicodedata.name(letter, "").partition(" ")[0] for letter in word if letter.isalpha()}
        if "LATIN" in scripts and scripts & {"CYRILLIC", "GREEK", "ARMENIAN", "FULLWIDTH", "CHEROKEE"}:
            return f'"{word}" mixes letters of two scripts that look alike; type it again'
    return ""


def agent_problems(data: Mapping[str, Any]) -> tuple[Located, ...]:
    """Agents that stand twice, share a name or synonym, or are written in look-alike letters."""
    agents = data.get("agents")
    problems = list(doubled_ids(agents, ("agents",)))
    owners: dict[str, str] = {}
    for position, item_id in _ids(agents):
        for path, name in _names(agents[position], ("agents", position)):  # type: ignore[index]  # _ids found a list
            if message := mixed_scripts(name):
                problems.append((path, message))
            owner = owners.setdefault(name.casefold(), item_id)
            if owner != item_id:
                problems.append((path, f'"{name}" is already a name of {owner}'))
        if len(problems) > ENOUGH:
            break
    return tuple(problems)


def strength_problems(data: Mapping[str, Any], spares: Callable[[Path], bool]) -> Iterator[Located]:
    """Strengths and bands without a source, names in tall letters that are other names, bands that overlap."""
    for position, _ in _ids(data.get("agents")):
        agent, path = data["agents"][position], ("agents", position)
        if not spares(path):
            continue
        tall = agent.get("tall_man", "")
        if tall and tall.casefold() != agent["name"].casefold():
            yield (*path, "tall_man"), f'"{tall}" is not "{agent["name"]}" in other letters'
        if (agent.get("tablets") or agent.get("vials")) and not agent.get("strengths_reference"):
            yield (*path, "strengths_reference"), "tablets and vials need a source"
        bands = agent.get("dose_bands", ())
        if bands and not (agent.get("bands_reference") and agent.get("usual_unit")):
            yield (*path, "dose_bands"), "a table of bands needs bands_reference and usual_unit"
        yield from band_problems(agent, path)


def band_problems(table: Mapping[str, Any], path: Path) -> Iterator[Located]:
    """A table of dose bands in which one amount has two doses, or none, or a dose that is not of its band."""
    bands = table.get("dose_bands", ())
    edges = [Decimal(row[key]) for row in bands for key in ("at_least", "below")]
    if edges != sorted(edges) or any(Decimal(row["at_least"]) == Decimal(row["below"]) for row in bands):
        yield (*path, "dose_bands"), "bands must rise and may not overlap"
        return
    for position, row in enumerate(bands):
        least, below, dose = (Decimal(row[key]) for key in ("at_least", "below", "dose"))
        if not least <= dose <= below:
            told = f"{row['dose']} does not lie in its band, {row['at_least']} to {row['below']}"
            yield (*path, "dose_bands", position, "dose"), told
        elif below > dose * WIDE or dose > least * WIDE:
            told = f"{row['at_least']} to {row['below']} is too wide a band for {row['dose']}"
            yield (*path, "dose_bands", position, "dose"), told


def names_taken(agents: Iterable[Agent], known: Iterable[Agent]) -> Iterator[str]:
    """Names of agents that are those of agents of another file: whoever writes one of them would get either."""
    owners = {name.casefold(): agent.id for agent in known for name in (agent.id, agent.name, *agent.synonyms)}
    for agent in agents:
        for name in (agent.name, *agent.synonyms):
            if owner := owners.get(name.casefold()):
                yield f'"{name}" of {agent.id} is already a name of {owner}'


def _names(agent: Mapping[str, Any], path: Path) -> Iterator[tuple[Path, str]]:
    name, synonyms = agent.get("name"), agent.get("synonyms", [])
    if isinstance(name, str):
        yield (*path, "name"), name
    for position, synonym in enumerate(synonyms if isinstance(synonyms, Sequence) else ()):
        if isinstance(synonym, str):
            yield (*path, "synonyms", position), synonym
