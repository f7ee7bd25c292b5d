"""The shipped rules and agents, read as a user's program reads them."""

from functools import cache

from planner.content.library import build_rules_and_agents
from planner.model.library import Library
from planner.model.rule import SequencingRule
from planner.paths import resources


@cache
def library() -> Library:
    """Agents and rules, read once."""
    return build_rules_and_agents(resources())


def rules() -> dict[str, SequencingRule]:
    """The shipped rules by id."""
    return {rule.id: rule for rule in library().rules}
