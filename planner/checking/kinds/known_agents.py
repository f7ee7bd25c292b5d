"""known_agents: medicines somebody wrote down that no rule can see, because the library does not know them."""

from collections.abc import Iterator

from planner.checking.context import Context
from planner.checking.hits import Hit
from planner.model.rule import SequencingRule
from planner.model.rule_kinds import KnownAgents


def find(rule: SequencingRule, wanted: KnownAgents, context: Context) -> Iterator[Hit]:  # noqa: ARG001 all kinds alike
    """One hit for each unknown co-medication or earlier exposure."""
    written = [(one.agent, "co-medication") for one in context.patient.co_medications]
    written += [(one.agent, "earlier treatment") for one in context.patient.prior_exposures]
    for name, what in dict.fromkeys(written):
        if context.known.meaning.resolve(name) not in context.agents:
            yield Hit(
                f'{what.capitalize()} "{name}" is not an agent of the library: no rule about it was checked.',
                (),
                ((what, name),),
                missing=(f"{what} {name}",),
                key=name.casefold(),
            )
