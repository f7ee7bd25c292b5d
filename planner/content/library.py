"""The library: all agents, protocols and rules, the shipped ones and the site's own, and what was hidden and why."""

import re
from collections.abc import Collection, Mapping
from pathlib import Path

from planner.content.agent_changes import is_changes, read_changes
from planner.content.agent_file import build_shipped_agents, read_agents
from planner.content.intake import load_text
from planner.content.names import names_taken
from planner.content.overlooked import overlooked
from planner.content.protocol_file import build_protocol, pin_of, read_protocol, sha256_of
from planner.content.rule_file import build_rule, read_rule
from planner.model.agent import Agent
from planner.model.library import ContentProblem, Library, ShelvedProtocol
from planner.model.rule import SequencingRule
from planner.model.rule_values import texts_of

_ID = re.compile(r"""^\s*id\s*=\s*["']([^"'\n]+)""", re.MULTILINE)
SHIPPED = "shipped"
SITE = "site"


def build_rules_and_agents(shipped: Path) -> Library:
    """The shipped agents and rules, taken as checked, and no protocols: all that opening a plan needs."""
    rules = [rule for _, rule in _shipped_rules(shipped)]
    return Library(build_shipped_agents(shipped), {}, tuple(sorted(rules, key=_by_id)))


def read_library(shipped: Path, site: Path | None) -> Library:
    """Everything, checked. A file with a problem is hidden whole and listed in `problems`.

    `shipped` holds agents, protocols and rules; `site` may hold the same three, read afterwards. A site's file may
    stand in for a shipped protocol under a version of its own, and for a shipped rule that waits for the site's value.
    Where such a file for a protocol has a problem, the shipped protocol is not offered either: whoever wrote the file
    would get other doses than they wrote, without a word.
    """
    shelf = _Shelf()
    shelf.fill(shipped, SHIPPED)
    if site is not None:
        shelf.fill(site, SITE)
    return shelf.close()


def open_library(shipped: Path, site: Path | None, cache: Path | None) -> Library:
    """The same library sooner: shipped files are taken as checked, as they are with every release, and without the
    examples of rules.

    A shipped file that cannot be built is read with all checks instead and told; the site's own are always checked.
    Protocols built before are kept in the folder `cache`, if one is given.
    """
    shelf = _Shelf()
    if not shelf.take_as_checked(shipped, cache):
        return read_library(shipped, site)
    if site is not None:
        shelf.fill(site, SITE)
    return shelf.close()


def problems_of_protocols(rule: SequencingRule, file: str, protocols: Collection[str]) -> tuple[ContentProblem, ...]:
    """A rule for a protocol that is not there would never speak."""
    found = []
    for place, named in (("protocols", rule.protocols), ("parameters.none_in", texts_of(rule.parameters, "none_in"))):
        unknown = [name for one in named if (name := one.removeprefix("not ")) not in protocols]
        if unknown:
            found.append(ContentProblem(file, place, f"there is no protocol {', '.join(unknown)}"))
    return tuple(found)


def other_kind(rule: SequencingRule, shipped: SequencingRule) -> str:
    """Why a site's rule cannot give the value that the shipped rule of its id waits for; empty where it can."""
    if rule.kind == shipped.kind:
        return ""
    return f'the shipped "{rule.id}" waits for a value of {shipped.kind}; give a rule of another kind its own id'


def _files(root: Path, folder: str) -> list[Path]:
    """The TOML files of a folder and of the folders in it, in the order of their names."""
    return sorted((root / folder).rglob("*.toml"))


def _shipped_rules(root: Path) -> list[tuple[str, SequencingRule]]:
    """The rules of a release by their files' names, taken as checked. Their examples are for those who check them."""
    return [(path.name, build_rule(path.read_text("utf-8"), examples=False)) for path in _files(root, "rules")]


def _by_id(rule: SequencingRule) -> str:
    return rule.id


class _Shelf:
    """Collects what was read, from the shipped folder first."""

    def __init__(self) -> None:
        self._agents: dict[str, Agent] = {}
        self._protocols: dict[str, tuple[str, ShelvedProtocol]] = {}
        self._rules: dict[str, tuple[str, str, SequencingRule]] = {}
        self._problems: list[ContentProblem] = []
        self._meant: dict[str, str] = {}
        """The protocols that hidden files of the site stand for, each with the file."""

    def fill(self, root: Path, origin: str) -> None:
        """Read one folder; agents come first because protocols and rules name them."""
        shipped = dict(self._agents)
        for path in _files(root, "agents"):
            self._agents_of(path, shipped)
        for path in _files(root, "protocols"):
            self._protocol_of(path, origin)
        for path in _files(root, "rules"):
            self._rule_of(path, origin)
        if origin == SITE:
            self._problems += overlooked(root)

    def take_as_checked(self, root: Path, cache: Path | None) -> bool:
        """Take the shipped files without checking them again; False where one of them cannot be taken."""
        from planner.content.protocol_cache import protocols_of

        try:
            self._agents = build_shipped_agents(root)
            files = {path.name: path.read_text("utf-8") for path in _files(root, "protocols")}
            texts = {sha256_of(text): text for text in files.values()}
            made = protocols_of(texts, cache, build_protocol)
            rules = _shipped_rules(root)
        except (OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError):
            return False
        for name, text in files.items():
            protocol = made[sha256_of(text)]
            self._protocols[protocol.id] = name, ShelvedProtocol(pin_of(protocol, text), protocol, SHIPPED)
        self._rules = {rule.id: (name, SHIPPED, rule) for name, rule in rules}
        return True

    def _agents_of(self, path: Path, shipped: Mapping[str, Agent]) -> None:
        """The agents of a file, or with `[[changes]]` those of `shipped` that it changes."""
        text, problems = load_text(path)
        agents: tuple[Agent, ...] = ()
        if is_changes(text) and not problems:
            self._changes_of(text, path.name, shipped)
            return
        if not problems:
            agents, problems = read_agents(text, path.name)
        doubled = [agent.id for agent in agents if agent.id in self._agents]
        taken = tuple(names_taken(agents, self._agents.values()))
        if doubled:
            problems = (
                ContentProblem(path.name, "", f"agents of an earlier file stand here again: {', '.join(doubled)}"),
            )
        elif taken:
            problems = tuple(ContentProblem(path.name, "", told) for told in taken)
        else:
            self._agents |= {agent.id: agent for agent in agents}
        self._problems += problems

    def _changes_of(self, text: str, file: str, shipped: Mapping[str, Agent]) -> None:
        agents, problems = read_changes(text, file, shipped)
        twice = [agent.id for agent in agents if self._agents[agent.id].changed]
        if twice:
            problems = (ContentProblem(file, "", f"an earlier file changes these agents already: {', '.join(twice)}"),)
        else:
            self._agents |= {agent.id: agent for agent in agents}
        self._problems += problems

    def _protocol_of(self, path: Path, origin: str) -> None:
        text, problems = load_text(path)
        protocol = None
        if not problems:
            protocol, problems = read_protocol(text, path.name, self._agents)
        self._problems += problems
        if origin == SITE:
            # The name of a file that nobody can read tells as much as its id.
            named = _ID.search(text.partition("\n[")[0])
            self._meant |= dict.fromkeys((path.stem, named[1] if named else path.stem), path.name)
        if protocol is None:
            return
        other = self._protocols.get(protocol.id)
        if other and (other[1].origin == origin or other[1].protocol.version == protocol.version):
            message = (
                f'"{protocol.id}" in version {protocol.version} is already in {other[0]}; give it its own id or version'
            )
            self._problems.append(ContentProblem(path.name, "id", message))
            return
        self._protocols[protocol.id] = path.name, ShelvedProtocol(pin_of(protocol, text), protocol, origin)
        self._meant = {meant: file for meant, file in self._meant.items() if file != path.name}

    def _rule_of(self, path: Path, origin: str) -> None:
        text, problems = load_text(path)
        rule = None
        if not problems:
            rule, problems = read_rule(text, path.name, self._agents)
        self._problems += problems
        if rule is None:
            return
        other = self._rules.get(rule.id)
        if other and (other[1] == origin or not other[2].site_setting):
            message = f'"{rule.id}" is already in {other[0]}; give it its own id'
            self._problems.append(ContentProblem(path.name, "id", message))
            return
        if other and (message := other_kind(rule, other[2])):
            self._problems.append(ContentProblem(path.name, "kind", message))
            return
        self._rules[rule.id] = path.name, origin, rule

    def close(self) -> Library:
        """The library, without the shipped protocols that a hidden file of the site stands for.

        A site's rule for a protocol that is not there would never speak, so it is hidden and told. Shipped rules
        may speak of protocols that are shipped later.
        """
        for meant, file in self._meant.items():
            if meant in self._protocols and self._protocols[meant][1].origin == SHIPPED:
                del self._protocols[meant]
                message = f'the shipped "{meant}" is not offered either, until this file is right or taken away'
                self._problems.append(ContentProblem(file, "id", message))
        for rule_id, (file, origin, rule) in list(self._rules.items()):
            problems = problems_of_protocols(rule, file, self._protocols) if origin == SITE else ()
            if problems:
                del self._rules[rule_id]
                self._problems += problems
        return Library(
            agents=self._agents,
            protocols={key: shelved for key, (_, shelved) in sorted(self._protocols.items())},
            rules=tuple(sorted((rule for _, _, rule in self._rules.values()), key=_by_id)),
            problems=tuple(self._problems),
        )
