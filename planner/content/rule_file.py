"""Rule files: the text of one to a SequencingRule, and every problem it has with file and line."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import tomli

from planner.model.agent import Agent
from planner.model.condition import parse_condition
from planner.model.evidence import Evidence, Status
from planner.model.library import ContentProblem
from planner.model.rule import RuleExample, SequencingRule
from planner.model.rule_parameters import read_parameters
from planner.model.rule_values import parse_selector

Table = Mapping[str, Any]
_EXAMPLES = "\n[[examples]]\n"


def read_rule(
    text: str, file: str, agents: Mapping[str, Agent]
) -> tuple[SequencingRule | None, tuple[ContentProblem, ...]]:
    """The rule of a file nobody has checked, or all its problems in the order of its lines; never both."""
    from planner.content.intake import locate, parse_toml
    from planner.content.rule_sense import rule_problems
    from planner.content.rule_shape import RuleShape
    from planner.content.shape import check_shape

    data, refused = parse_toml(text, file)
    if refused:
        return None, refused
    problems = check_shape(RuleShape, data).problems + rule_problems(data, agents)
    if problems:
        return None, locate(problems, text, file)
    return _rule_from(data), ()


def build_rule(text: str, *, examples: bool = True) -> SequencingRule:
    """The rule of a text that `read_rule` has accepted; ValueError where it has not.

    Its examples are half of the text and judge no plan: without them it is read in half the time.
    """
    try:
        return _rule_from(tomli.loads(text if examples else _without_examples(text), parse_float=Decimal))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"this text is not a checked rule: {error}") from error


def _without_examples(text: str) -> str:
    """The text up to its first example; all of it where anything else stands behind the examples."""
    rule, _, rest = text.partition(_EXAMPLES)
    headers = [line for line in rest.split("\n") if line.startswith("[")]
    return rule if all(line.startswith(("[[examples]]", "[examples.")) for line in headers) else text


def _rule_from(data: Table) -> SequencingRule:
    site_setting = data.get("site_setting", False)
    parameters, problems = read_parameters(data["kind"], data.get("parameters", {}), site_setting)
    if problems:
        raise ValueError(f"{data['id']}: {problems}")
    return SequencingRule(
        id=data["id"],
        title=data["title"],
        statement=data["statement"],
        kind=data["kind"],
        severity=data["severity"],
        parameters=parameters,
        reference=data["reference"],
        evidence=Evidence(data["evidence"]),
        status=Status(data["status"]),
        url=data.get("url", ""),
        advice=data.get("advice", ""),
        jurisdiction=data.get("jurisdiction", ""),
        valid_from=data.get("valid_from"),
        when=parse_condition(data.get("when", "")),
        unless=parse_condition(data.get("unless", "")),
        unrecorded=data.get("unrecorded", "cannot check"),
        protocols=tuple(data.get("protocols", ())),
        history=tuple(map(parse_selector, data.get("history", ()))),
        site_setting=site_setting,
        examples=tuple(_example_from(table) for table in data.get("examples", ())),
    )


def _example_from(table: Table) -> RuleExample:
    return RuleExample(
        finds=table["finds"],
        events=tuple(table.get("events", ())),
        title=table.get("title", ""),
        patient=tuple((key, str(value)) for key, value in table.get("patient", {}).items()),
        co_medications=tuple(table.get("co_medications", ())),
        prior=tuple(table.get("prior", ())),
    )
