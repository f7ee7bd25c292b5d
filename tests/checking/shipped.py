"""The shipped rules and agents, read as a user's program reads them."""

from functools import cache

from msgspec.structs import replace

from planner.content.library import build_rules_and_agents
from planner.content.rule_file import build_rule
from planner.model.library import Library
from planner.model.rule import SequencingRule
from planner.paths import resources


@cache
def library() -> Library:
    """Agents and rules, read once; the rules with their examples, which a user's program leaves in the files."""
    texts = [path.read_text("utf-8") for path in (resources() / "rules").rglob("*.toml")]
    rules_in_full = sorted(map(build_rule, texts), key=lambda rule: rule.id)
    return replace(build_rules_and_agents(resources()), rules=tuple(rules_in_full))


def rules() -> dict[str, SequencingRule]:
    """The shipped rules by id."""
    return {rule.id: rule for rule in library().rules}
