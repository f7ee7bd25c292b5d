"""The whole flow in one function: everything that screen, command line and sheets show comes from here."""

from collections.abc import Iterator, Mapping
from functools import lru_cache

from msgspec.structs import replace

from planner.assembly.assemble import assemble
from planner.assembly.cycle import changed_content, with_bags
from planner.assembly.memo import Memo
from planner.model.agent import Agent
from planner.model.drug_names import spelled
from planner.model.evaluated_plan import CheckSummary, EvaluatedPlan
from planner.model.evidence import NOT_IN_FORCE
from planner.model.finding import Finding
from planner.model.library import Library
from planner.model.plan import Plan
from planner.model.protocol import Protocol
from planner.model.schedule import Schedule
from planner.model.site import Site
from planner.model.timeline import Timeline
from planner.services.dosed_as import dosed_as
from planner.timeline.block_bars import lay_out_block
from planner.timeline.lay_out import Lanes


def evaluate(plan: Plan, library: Library, site: Site = Site()) -> EvaluatedPlan:
    """Derive all that follows from the plan: dates, doses, findings; its lanes follow when somebody looks at them.

    The plan's own pinned protocols are used, never newer files; the library gives agents and rules.
    """
    library = as_written(library, site)
    schedule = assembled(plan, library, site)
    findings, checked = _check(plan, schedule, library)
    marks = dosed_as(schedule, library.agents, site)
    return EvaluatedPlan(plan, schedule, findings, Lanes(library.agents), checked, marks)


def begin_anew(plan: Plan, library: Library, site: Site = Site()) -> Timeline:
    """Drop what is remembered of the plan as it stood before; it is evaluated and laid out at once as it stands now.

    Every day on which a block ever stood leaves a content of its own, its bars and verdicts on it, some 20 KB together,
    which are asked for again only where the plan comes back there. A check with all rules is the price; whoever calls
    this chooses a moment in which nobody waits.
    """
    from planner.checking.check import make_ruling
    from planner.checking.kinds.protocol_days import keeps_off
    from planner.checking.kinds.protocol_hours import may_be_off
    from planner.checking.memory import take

    library = as_written(library, site)
    take(library.rules, library.agents, plan, make_ruling).end()
    for remembered in (changed_content, with_bags, keeps_off, may_be_off, lay_out_block):
        remembered.cache_clear()
    return evaluate(plan, library, site).timeline


def assembled(plan: Plan, library: Library, site: Site = Site()) -> Schedule:
    """The plan in dates alone: the first step of evaluating it."""
    library = as_written(library, site)
    protocols = {pin.sha256: library.at_hand.get(pin.sha256) or pinned_protocol(pin.text) for pin in plan.pins}
    return assemble(plan, protocols, library.agents, site)


def as_written(library: Library, site: Site) -> Library:
    """The library with drug names as the clinic writes them; the same one every time, and itself where plain."""
    if site.drug_names == "plain":
        return library
    agents = _spelled.get(
        (id(library.agents), site.drug_names),
        lambda: (library.agents, spelled(library.agents, site.drug_names)),
    )[1]
    return library if agents is library.agents else replace(library, agents=agents)


_spelled: Memo[tuple[int, str], tuple[Mapping[str, Agent], Mapping[str, Agent]]] = Memo(4)
"""Vocabularies, each with the one it is made from: whoever compares by identity must get the same one each time."""


def _check(plan: Plan, schedule: Schedule, library: Library) -> tuple[tuple[Finding, ...], CheckSummary]:
    if not library.rules:
        return (), CheckSummary(0, 0, ())
    # Imported here because the first look at a plan, before the rules are read, must not wait for it.
    from planner.checking.check import check

    findings, checked = check(plan, schedule, library.rules, library.agents)
    unread = tuple(dict.fromkeys(problem.file for problem in library.problems))
    outdated, strange = tuple(_outdated(plan, library)), tuple(_strange(schedule, library))
    if unread or outdated or strange:
        checked = replace(checked, unread=unread, outdated=outdated, strange=strange)
    return findings, checked


def _outdated(plan: Plan, library: Library) -> Iterator[str]:
    """The plan's protocols that the library now has otherwise, or no longer in force, each with what it has."""
    for pin in plan.pins:
        shelved = library.protocols.get(pin.id)
        if shelved is None:
            continue
        status = shelved.protocol.status
        if status in NOT_IN_FORCE:
            yield f"{pin.id} {pin.version} ({status.value} in the library)"
        elif shelved.pin.sha256 != pin.sha256:
            another = " with another text" if shelved.pin.version == pin.version else ""
            yield f"{pin.id} {pin.version} (version {shelved.pin.version}{another} in the library)"


def _strange(schedule: Schedule, library: Library) -> Iterator[str]:
    """The drugs of the schedule that no agent file has, by the ids that the plan gives them."""
    given = dict.fromkeys(run.line.agent for piece in schedule.pieces for run in piece.content.pattern.runs)
    return (agent for agent in given if agent and agent not in library.agents)


@lru_cache(maxsize=256)
def pinned_protocol(text: str) -> Protocol:
    """The protocol a pin holds. The text was checked when it entered the plan, so it is only built here."""
    # Imported here because a first look may have its protocols at hand.
    from planner.content.protocol_file import build_protocol

    return build_protocol(text)
