"""`regimap rules`: what plans are checked against."""

import argparse
import json

from planner.cli.plan_access import rules_and_agents
from planner.cli.protocols import add_validate
from planner.cli.streams import tell, write_text
from planner.cli.values import as_json
from planner.errors import InputProblem
from planner.model.fact_words import condition_words
from planner.model.rule import SequencingRule
from planner.model.rule_kinds import parameter_text, unset_parameters


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """list, show, validate."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="all rules")
    listing.add_argument("--json", action="store_true", help="as JSON")
    listing.set_defaults(run=_list)
    show = actions.add_parser("show", help="one rule with its source")
    show.add_argument("rule", metavar="ID")
    show.add_argument("--json", action="store_true", help="as JSON")
    show.set_defaults(run=_show)
    add_validate(actions)


def _list(chosen: argparse.Namespace) -> int:
    library = rules_and_agents()
    rules = library.rules
    if chosen.json:
        write_text("-", json.dumps([_summary(rule) for rule in rules], indent=2, ensure_ascii=False) + "\n")
    else:
        write_text("-", "".join(f"{rule.id} ({rule.severity}, {rule.evidence}): {rule.title}\n" for rule in rules))
    tell(f"hidden: {problem}" for problem in library.problems)
    return 0


def _summary(rule: SequencingRule) -> dict[str, str]:
    return {
        "id": rule.id,
        "title": rule.title,
        "kind": rule.kind,
        "severity": rule.severity,
        "status": str(rule.status),
        "evidence": str(rule.evidence),
    }


def _show(chosen: argparse.Namespace) -> int:
    found = {rule.id: rule for rule in rules_and_agents().rules}.get(chosen.rule)
    if found is None:
        raise InputProblem((f"there is no rule {chosen.rule}; see regimap rules list",))
    if chosen.json:
        fields = {one: getattr(found, one) for one in found.__struct_fields__ if one != "examples"}  # left in the files
        write_text(
            "-", json.dumps(as_json(fields | {"parameters": _parameters(found)}), indent=2, ensure_ascii=False) + "\n"
        )
        return 0
    lines = [
        f"{found.id} ({found.severity}, {found.status}): {found.title}",
        found.statement,
        f"Advice: {found.advice}" if found.advice else "",
        f"Kind: {found.kind}",
        *(f"  {name} = {text}" for name, text in _parameters(found).items()),
        f"Only when: {condition_words(found.when)}" if found.when else "",
        f"Silent when: {condition_words(found.unless)}" if found.unless else "",
        "Where that is not recorded it says nothing" if found.unrecorded == "passes" else "",
        f"Only for: {', '.join(found.protocols)}" if found.protocols else "",
        f"Only after: {parameter_text(found.history)}" if found.history else "",
        f"Source: {found.reference} {found.url}".rstrip() + f" ({found.evidence})",
    ]
    write_text("-", "".join(f"{line}\n" for line in lines if line))
    return 0


def _parameters(rule: SequencingRule) -> dict[str, str]:
    """What the rule compares with, as people read it; what the site still has to set is said to be not set."""
    unset = dict.fromkeys(unset_parameters(rule.kind, rule.parameters), "not set")
    return {name: parameter_text(value) for name, value in rule.parameters.items()} | unset
