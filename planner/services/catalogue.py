"""The library of agents, protocols and rules: loaded from the shipped folder and the site's own, searched by words."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from planner.errors import InputProblem
from planner.model.agent import Agent
from planner.model.evidence import Evidence
from planner.model.library import ContentProblem, Library, ShelvedProtocol
from planner.model.plan import Plan, ProtocolPin
from planner.model.protocol import Protocol
from planner.model.rule import SequencingRule
from planner.model.words import fold
from planner.settings import SETTINGS_FILE, left_out

if TYPE_CHECKING:
    from planner.content.first_look import FirstLook


def load_library(shipped: Path, site: Path | None = None, cache: Path | None = None) -> Library:
    """Everything. The site's files are checked; those with a problem are hidden whole and listed in `problems`.

    Shipped files were checked with the release and are only built; `cache` is a folder to keep what was built.
    """
    # Imported here, as below, because a first look at a plan must not wait for what reads rules.
    from planner.content.library import open_library

    library = open_library(shipped, site if _has_own_files(site) else None, cache)
    slips = _slips_of_settings(site)
    return replace(library, problems=(*library.problems, *slips)) if slips else library


def load_for_plans(shipped: Path, site: Path | None = None) -> Library:
    """What evaluating a plan needs: agents and rules. Quick where the site has no files of its own."""
    from planner.content.library import build_rules_and_agents

    return load_library(shipped, site) if _has_own_files(site) else build_rules_and_agents(shipped)


def load_for_first_look(plan: Plan, shipped: Path, site: Path | None = None, cache: Path | None = None) -> Library:
    """What drawing this plan needs, its agents; all others and the rules that judge it must be loaded next.

    Quickest where `keep_for_next_look` kept it in the folder `cache`.
    """
    if _has_own_files(site):
        return load_library(shipped, site)
    from planner.content.first_look import first_look

    look = first_look(plan.pins, shipped, cache) if cache else None
    look = look or _look_at(plan.pins, shipped)
    return Library(look.agents, {}, (), at_hand=look.protocols)


def keep_for_next_look(plan: Plan, shipped: Path, cache: Path) -> None:
    """Make the next start with this plan quicker, if its protocols are shipped."""
    from planner.content.first_look import keep_first_look

    keep_first_look(plan.pins, shipped, cache, lambda pins: _look_at(pins, shipped))


def _look_at(pins: Sequence[ProtocolPin], shipped: Path) -> "FirstLook":
    from planner.content.agent_file import build_shipped_agents
    from planner.content.first_look import FirstLook
    from planner.services.evaluation import pinned_protocol

    agents = build_shipped_agents(shipped, named_in="\n".join(pin.text for pin in pins))
    return FirstLook({pin.sha256: pinned_protocol(pin.text) for pin in pins}, agents)


def _has_own_files(site: Path | None) -> bool:
    """Whether there is anything of the site's to read, or to say of what is not read."""
    if site is None:
        return False
    from planner.content.overlooked import FOLDERS, overlooked

    read = (path for name in FOLDERS for path in (site / name).rglob("*.toml"))
    return any(True for _ in read) or any(True for _ in overlooked(site)) or bool(_slips_of_settings(site))


def _slips_of_settings(site: Path | None) -> tuple[ContentProblem, ...]:
    """What stands in the settings beside the site's files and is not taken: how doses are rounded, for one."""
    path = site / SETTINGS_FILE if site else None
    return tuple(ContentProblem(path.name, "", told) for told in left_out(path)) if path else ()


def search(library: Library, words: str) -> tuple[ShelvedProtocol, ...]:
    """Protocols whose id, title, disease, population, phases or agents hold every word; by title.

    Those whose title or id begins with them come first, then those that hold them all: the first row is the one that
    Enter takes. Accents and case do not matter. No words give all protocols.
    """
    wanted = fold(words).split()
    begin = " ".join(wanted)
    found = [one for one in library.protocols.values() if _holds(wanted, _words(one.protocol, library))]

    def place(one: ShelvedProtocol) -> tuple[bool, bool, str]:
        title, name = fold(one.protocol.title), fold(one.protocol.id)
        begins = title.startswith(begin) or name.startswith(begin)
        return not begins, not _holds(wanted, f"{title} {name}"), title

    return tuple(sorted(found, key=place))


def _holds(wanted: Sequence[str], words: str) -> bool:
    return all(word in words for word in wanted)


def shelved(library: Library, protocol_id: str) -> ShelvedProtocol:
    """The protocol of that id. InputProblem where there is none, with the reason if its file is hidden."""
    if protocol_id in library.protocols:
        return library.protocols[protocol_id]
    about = {problem.file for problem in library.problems if f'"{protocol_id}"' in problem.message}
    hidden = [
        str(problem) for problem in library.problems if problem.file in about or Path(problem.file).stem == protocol_id
    ]
    known = ", ".join(sorted(library.protocols)) or "none"
    others = sorted({problem.file for problem in library.problems}) if not hidden else []
    if others:
        hidden = [f"hidden because of mistakes, one of them may be it: {', '.join(others)}; see regimap protocols list"]
    raise InputProblem((*hidden, f"there is no protocol {protocol_id}; the library has {known}"))


def evidence_counts(protocol: Protocol) -> dict[Evidence, int]:
    """How many of its orders, assessments and decisions rest on what."""
    orders = [order.evidence for phase in protocol.phases for order in phase.orders]
    assessments = [assessment.evidence for phase in protocol.phases for assessment in phase.assessments]
    counts = Counter([*orders, *assessments, *(decision.evidence for decision in protocol.decisions)])
    return {evidence: counts[evidence] for evidence in Evidence if counts[evidence]}


def evidence_summary(protocol: Protocol) -> str:
    """The same in words: "label 12, trial 30, unverified 4"."""
    return ", ".join(f"{evidence} {count}" for evidence, count in evidence_counts(protocol).items())


HEADS = {slip: f"[[{word}s]]" for word in ("agent", "change") for slip in (f"[{word}]", f"[[{word}]]", f"[{word}s]")}
"""Slips in the heads that tell files of agents from others, and how these are written."""


def problems_of_file(path: Path, library: Library, shipped: Library | None = None) -> tuple[ContentProblem, ...]:
    """Every problem of a protocol, rule or agent file of a site's own; its lines tell which it is.

    A rule that reads well is tried on its own cases too. With `shipped`, the library without a site's files, ids that
    a site's file may not take are told as well: reading the folder would hide such a file.
    """
    from planner.content.agent_changes import read_changes
    from planner.content.agent_file import read_agents
    from planner.content.intake import load_text
    from planner.content.library import problems_of_protocols
    from planner.content.protocol_file import read_protocol
    from planner.content.rule_file import read_rule

    text, problems = load_text(path)
    if problems:
        return tuple(replace(problem, file=str(path)) for problem in problems)
    lines = _first_words(text)
    if slip := _slip(text):
        number, head = slip
        return (ContentProblem(str(path), "", f"{head} is written {HEADS[head]} here", number),)
    if "[[changes]]" in lines:
        return read_changes(text, str(path), (shipped or library).agents)[1]
    if "[[agents]]" in lines:
        agents, problems = read_agents(text, str(path))
        return problems or _taken(path, shipped, agents=agents)
    if not _is_rule(lines):
        protocol, problems = read_protocol(text, str(path), library.agents)
        return problems or _taken(path, shipped, protocol=protocol)
    rule, problems = read_rule(text, str(path), library.agents)
    if rule is None:
        return problems
    # Imported here because it loads all kinds of rules.
    from planner.services.proving import broken_cases

    unknown = problems_of_protocols(rule, str(path), library.protocols)
    return unknown or broken_cases(rule, text, str(path), library.agents) or _taken(path, shipped, rule=rule)


def _taken(
    path: Path,
    shipped: Library | None,
    *,
    agents: Sequence[Agent] = (),
    protocol: Protocol | None = None,
    rule: SequencingRule | None = None,
) -> tuple[ContentProblem, ...]:
    """The ids and names that the shipped library has and a site's file may not take."""
    from planner.content.library import other_kind
    from planner.content.names import names_taken

    if shipped is None:
        return ()
    found = []
    if doubled := [agent.id for agent in agents if agent.id in shipped.agents]:
        found.append(("agents", f"shipped agents have these ids: {', '.join(doubled)}; give yours ids of their own"))
    else:
        found += [("agents", told) for told in names_taken(agents, shipped.agents.values())]
    if protocol and (other := shipped.protocols.get(protocol.id)) and other.protocol.version == protocol.version:
        found.append(
            ("version", f'"{protocol.id}" is shipped in version {protocol.version}; give yours its own version')
        )
    waiting = next((one for one in shipped.rules if rule and one.id == rule.id), None)
    if rule and waiting and not waiting.site_setting:
        found.append(("id", f'the shipped rule "{rule.id}" waits for no value of a site; give yours its own id'))
    elif rule and waiting and (message := other_kind(rule, waiting)):
        found.append(("kind", message))
    return tuple(ContentProblem(str(path), place, message) for place, message in found)


def remarks_on_file(path: Path, library: Library) -> tuple[str, ...]:
    """What is no mistake in a file of a site's own, and still to be told.

    Of a rule the cases that are not there; of a protocol the days on which no dose leads to what is timed by it,
    windows that reach the next dose, numbers between two bands for which nothing stands, doses that are far from
    those of the other protocols, and answers that nothing stands under; of agents classes that no rule looks for,
    of changed ones a unit that no protocol doses them in.
    """
    from planner.content.intake import load_text
    from planner.content.protocol_file import read_protocol
    from planner.content.rule_file import read_rule
    from planner.services.agent_doubts import agent_doubts
    from planner.services.band_gaps import band_gaps
    from planner.services.idle_answers import idle_answers, idle_cycles, idle_exemptions, wide_windows
    from planner.services.proving import missing_cases
    from planner.services.unled import unled_days
    from planner.services.usual_doses import order_doubts

    text, problems = load_text(path)
    lines = _first_words(text)
    if problems:
        return ()
    if {"[[agents]]", "[[changes]]"} & lines:
        return tuple(f"{path}: {one}" for one in agent_doubts(text, library))
    if not _is_rule(lines):
        protocol, _ = read_protocol(text, str(path), library.agents)
        if protocol is None:
            return ()
        others = (one.protocol for one in library.protocols.values())
        told = (
            *unled_days(protocol),
            *wide_windows(protocol),
            *band_gaps(protocol),
            *order_doubts(protocol, library.agents, others),
            *idle_answers(protocol),
            *idle_cycles(protocol),
            *idle_exemptions(protocol, {one.id for one in library.rules}),
        )
        return tuple(f"{path}: {one}" for one in told)
    rule, _ = read_rule(text, str(path), library.agents)
    lacks = missing_cases(rule) if rule else ""
    return (f"{path}: {rule.id} {lacks}",) if rule and lacks else ()


def _slip(text: str) -> tuple[int, str] | None:
    """Line and head of a slip of HEADS; a line of a text in quotes is none, and a broken file is told elsewhere."""
    import tomllib

    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None
    wrong = {one for one, value in data.items() if one in ("agent", "change") or isinstance(value, dict)}
    heads = ((number, line.partition("#")[0].strip()) for number, line in enumerate(text.splitlines(), 1))
    return next(((number, head) for number, head in heads if head in HEADS and head.strip("[]") in wrong), None)


def _first_words(text: str) -> set[str]:
    return {line.split("=")[0].strip() for line in text.splitlines()}


def _is_rule(lines: set[str]) -> bool:
    return "[[phases]]" not in lines and bool(lines & {"statement", "kind", "[parameters]"})


def _words(protocol: Protocol, library: Library) -> str:
    orders = [order.agent for phase in protocol.phases for order in phase.orders]
    names = [library.agents[agent].name for agent in orders if agent in library.agents]
    phases = [phase.title for phase in protocol.phases]
    return fold(
        " ".join([protocol.id, protocol.title, protocol.disease, protocol.population, *phases, *orders, *names])
    )
