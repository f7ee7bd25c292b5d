"""`regimap check`: a plan against all rules. Exit code 1 tells of an open contraindication."""

import argparse
from collections.abc import Iterator
from itertools import chain

from planner.cli.plan_access import PLAN_HELP, open_plan, rules_and_agents, site_of
from planner.cli.streams import tell, write_text
from planner.model.civil import weekday_date
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.finding import SEVERITIES, Finding, FindingStatus
from planner.services.evaluation import evaluate
from planner.services.fixing import with_fixes
from planner.services.tables import findings_text

CONTRAINDICATED = SEVERITIES[0]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The plan, the format, the place."""
    parser.add_argument("plan", metavar="PLAN", help=PLAN_HELP)
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument("-o", "--output", default="-", metavar="FILE", help="a file, or - for standard output")
    parser.set_defaults(run=_run)


def _run(chosen: argparse.Namespace) -> int:
    library = rules_and_agents()
    opened = open_plan(chosen.plan, library)
    tell(opened.beside)
    plan = opened.plan
    site = site_of(plan)
    checked = with_fixes(evaluate(plan, library, site), library, site)
    write_text(chosen.output, findings_text(checked) if chosen.format == "json" else findings_as_words(checked))
    return 1 if any(_stops(finding) for finding in checked.findings) else 0


def findings_as_words(checked: EvaluatedPlan) -> str:
    """Each finding with inputs and arithmetic: the open ones first, the gravest first, those of one rule together.

    What its rule says, what to do and the source stand once behind them. The last line says what was checked and what
    was not.
    """
    alike: dict[tuple[str, ...], list[Finding]] = {}
    for finding in sorted(checked.findings, key=_urgency):
        alike.setdefault((finding.rule, finding.standing, finding.advice), []).append(finding)
    blocks = ["\n".join([*chain.from_iterable(map(_lines, found)), *_rule_lines(found[0])]) for found in alike.values()]
    return "\n\n".join([*blocks, f"{checked.checked}, {len(checked.findings)} findings"]) + "\n"


def _urgency(one: Finding) -> tuple[bool, int, tuple[int, ...], str]:
    return one.status is not FindingStatus.OPEN, SEVERITIES.index(one.severity), one.days[:1], one.rule


def _stops(finding: Finding) -> bool:
    return finding.severity == CONTRAINDICATED and finding.status is FindingStatus.OPEN


def _lines(finding: Finding) -> list[str]:
    """What is of one finding alone."""
    days = ", ".join(weekday_date(day) for day in finding.days[:3]) + (" ..." if len(finding.days) > 3 else "")
    inputs = ", ".join(f"{name} {value}" for name, value in finding.inputs)
    found = finding.status is not FindingStatus.CANNOT_CHECK
    standing = finding.standing.replace(finding.severity, finding.severity.upper()) if found else finding.standing
    head = f"{standing} {finding.rule}: {finding.message}"
    fixes = [f"  fix {fix.id}: {fix.title}" for fix in finding.fixes]
    return [head, *_named({"when": days, "inputs": inputs, "sum": finding.arithmetic}), *fixes]


def _rule_lines(finding: Finding) -> Iterator[str]:
    """What all findings of one rule share."""
    source = f"{finding.source} ({finding.evidence})"
    return _named({"rule": finding.statement, "do": finding.advice, "source": source})


def _named(texts: dict[str, str]) -> Iterator[str]:
    return (f"  {name}: {text}" for name, text in texts.items() if text)
