"""known_agents: medicines somebody wrote down that no rule can see, because the library does not know them."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from planner.checking.context import Context
from planner.checking.hits import Hit
from planner.model.agent import Agent
from planner.model.rule import SequencingRule
from planner.model.rule_kinds import KnownAgents
from planner.model.words import fold


def find(rule: SequencingRule, wanted: KnownAgents, context: Context) -> Iterator[Hit]:  # noqa: ARG001 all kinds alike
    """One hit for each unknown co-medication or earlier exposure."""
    written = [(one.agent, "co-medication") for one in context.patient.co_medications]
    written += [(one.agent, "earlier treatment") for one in context.patient.prior_exposures]
    for name, what in dict.fromkeys(written):
        if context.known.meaning.resolve(name) not in context.agents:
            near = _like(name, context.agents)
            asked = f" Is it {near}? Then record it under that name." if near else ""
            yield Hit(
                f'{what.capitalize()} "{name}" is not an agent of the library: no rule about it was checked.{asked}',
                (),
                ((what, name), *((("most like", near),) if near else ())),
                missing=(f"{what} {name}",),
                key=name.casefold(),
            )


def _like(text: str, agents: Mapping[str, Agent]) -> str:
    """The drug that somebody may have meant: named within the text ("Vfend 200 mg"), else spelled most like it.

    Hospitals write names in their own language: voriconazol, ibuprofeno, Cotrimoxazol.
    """
    names = {fold(word): one.name for one in agents.values() for word in (one.id, one.name, *one.synonyms)}
    within = next((names[word] for word in fold(text).split() if word in names), "")
    return within or next((names[word] for word in get_close_matches(fold(text), names, 1, cutoff=0.85)), "")
