"""no_allergy: a drug of the plan, or another medicine, of which an allergy is written down."""

import re
from collections.abc import Iterator, Sequence

from planner.checking.alike import Alike
from planner.checking.context import Context
from planner.checking.hits import Hit, named
from planner.model.agent import Agent
from planner.model.cycle_content import State
from planner.model.rule import SequencingRule
from planner.model.rule_kinds import NoAllergy

TOO_WIDE = frozenset({"cytotoxic", "food", "herbal", "hydration", "procedure"})
"""Classes that mean too much as a word of an allergy."""

NOT_WRITTEN = Hit(
    'No allergy is recorded, and not that there is none. Where that was asked, "none known" is written as an allergy.',
    inputs=(("allergies", "not recorded"),),
    missing=("allergies",),
    key="not recorded",
)


def find(rule: SequencingRule, wanted: NoAllergy, context: Context) -> Iterator[Hit]:
    """One hit for each agent still to be given, and for each other medicine, that an allergy names.

    An allergy is what somebody wrote ("rash after Oncaspar"): it names an agent by its name, a synonym or a class.
    Where nothing is written, not even that there is none, one hit says that nothing can be told.
    """
    written = context.known.allergies
    if not written:
        if context.first(wanted.agents, rule.protocols) is not None:
            yield NOT_WRITTEN
        return
    found: dict[str, list[Alike]] = {}
    for one in context.alike(wanted.agents, rule.protocols):
        if one.run.state is not State.GIVEN:
            found.setdefault(one.run.line.agent, []).append(one)
    for agent, doses in found.items():
        if told := _told(context.agents.get(agent), written):
            yield _hit(sorted(doses, key=lambda one: one.moment), told)
    for name in dict.fromkeys(one.agent for one in context.patient.co_medications):
        agent = context.known.meaning.resolve(name)
        if told := _told(context.agents.get(agent), written):
            yield Hit(
                f'Co-medication "{name}" is recorded, and so is the allergy "{told}".',
                (),
                (("co-medication", name), ("allergy", told)),
                f'"{told}" names {context.agents[agent].name}',
                key=agent,
            )


def _told(agent: Agent | None, written: Sequence[str]) -> str:
    """The first allergy that names an agent; empty where none does."""
    if agent is None:
        return ""
    classes = {one.replace("-", " ") for one in agent.classes} - TOO_WIDE
    words = {agent.id.replace("-", " "), agent.name, *agent.synonyms, *classes}
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})s?\b", re.IGNORECASE)
    return next((text for text in written if pattern.search(text.replace("-", " ")) or pattern.search(text)), "")


def _hit(doses: Sequence[Alike], told: str) -> Hit:
    event = doses[0].first
    return Hit(
        f'{named(event)} is planned, and the allergy "{told}" is recorded.',
        (event,),
        (("dose", named(event)), ("allergy", told)),
        f'"{told}" names {event.placed.agent_name}',
        key=f"dose {event.placed.agent}",
        days=tuple(sorted(day for one in doses for day in one.days)),
        times=sum(one.number for one in doses),
    )
