"""A rule's own cases: small plans about which it must, or must not, speak. Who writes a rule has it prove itself."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from planner.content.intake import Located, locate
from planner.content.rule_cases import UNREADABLE, example_patient, example_plan, example_schedule
from planner.model.agent import Agent
from planner.model.evidence import Status
from planner.model.library import ContentProblem
from planner.model.rule import RuleExample, SequencingRule

if TYPE_CHECKING:
    from planner.model.finding import Finding

UNUSED = frozenset({Status.SUPERSEDED, Status.RETIRED})


def broken_cases(rule: SequencingRule, text: str, file: str, agents: Mapping[str, Agent]) -> tuple[ContentProblem, ...]:
    """The cases in the text of a rule that give another number of findings than they say, or cannot be read.

    A rule that is not in force any more judges nothing and has nothing to prove.
    """
    if rule.status in UNUSED:
        return ()
    found: list[Located] = []
    for number, case in enumerate(rule.examples):
        place, said = _unreadable(case) or ("finds", _contradiction(rule, case, agents))
        if said:
            found.append((("examples", number, "events" if said.startswith("there is no") else place), said))
    return locate(found, text, file)


def missing_cases(rule: SequencingRule) -> str:
    """What its cases leave unproven, in words; an empty text where there are both kinds."""
    if not rule.examples:
        return "has no examples, so nothing shows that it speaks where it must and is silent where it must not"
    if not any(case.finds for case in rule.examples):
        return "has no example that it must find, so nothing shows that it ever speaks"
    if all(case.finds for case in rule.examples) and not rule.site_setting:
        return "has no example that it must not find (a near miss)"
    return ""


def _unreadable(case: RuleExample) -> tuple[str, str] | None:
    """Which part of a case cannot be read, and why; None where all can."""
    parts: tuple[tuple[str, Callable[[], object]], ...] = (
        ("patient", lambda: example_patient(case.patient)),
        ("co_medications", lambda: example_patient((), case.co_medications)),
        ("prior", lambda: example_patient((), (), case.prior)),
        ("events", lambda: example_schedule(case.events, example_plan(case).patient)),
    )
    for name, read in parts:
        try:
            read()
        except UNREADABLE as error:
            why = f" ({error})" if isinstance(error, ValueError) else ""
            return name, f"cannot read this case{why}; the guide beside the rules shows how its lines are written"
    return None


def _contradiction(rule: SequencingRule, case: RuleExample, agents: Mapping[str, Agent]) -> str:
    """Why a case does not hold, in words; an empty text where it does."""
    plan = example_plan(case)
    schedule = example_schedule(case.events, plan.patient)
    lines = (run.line for piece in schedule.pieces for run in piece.content.runs)
    unknown = sorted({line.agent for line in lines} - {*agents, ""})
    if unknown:
        return f"there is no agent {', '.join(unknown)}"
    from planner.checking.check import check

    findings, _ = check(plan, schedule, (rule,), agents)
    if len(findings) == case.finds:
        return ""
    title = f' "{case.title}"' if case.title else ""
    return f"says {case.finds}, but the rule finds {len(findings)} in the case{title}{_said(findings)}"


def _said(findings: "tuple[Finding, ...]") -> str:
    """What was found there, the first of it."""
    return f": {findings[0].message}" if findings else ""
