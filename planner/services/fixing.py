"""Fixes of findings: what is offered, what each would do, and how it is done. Nothing is changed unasked.

An offer is tried on the whole plan before anybody sees it: its finding is really gone, and no finding of the gravest
severity is new or worse.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from msgspec.structs import replace

from planner.errors import Refusal
from planner.model.agent import Agent
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.finding import SEVERITIES, Finding, FindingStatus, Fix
from planner.model.library import Library
from planner.model.plan import (
    Addition,
    Deferral,
    DoseChange,
    Examination,
    Hold,
    Modification,
    Omission,
    Plan,
    Replacement,
    Stop,
)
from planner.model.schedule import Schedule
from planner.model.site import Site
from planner.services.evaluation import assembled, evaluate
from planner.services.telling.preview import Preview
from planner.services.telling.preview import preview as preview_edit
from planner.services.verbs import editing, examining, pausing, recording, redosing
from planner.services.verbs.drawing_on import draw_on
from planner.services.verbs.refusing import refused_name

OFFERED = 4
"""Fixes shown for one finding; more are no help."""


def offered_fixes(shown: EvaluatedPlan, finding_id: str, library: Library, site: Site = Site()) -> tuple[Fix, ...]:
    """The fixes of one finding, the gentlest first; none where no such change ends it. Refuses an unknown id."""
    return tuple(islice(_offers(shown, finding_id, library, site), OFFERED))


def with_fixes(shown: EvaluatedPlan, library: Library, site: Site = Site()) -> EvaluatedPlan:
    """The same plan with the offered fixes in each finding."""
    findings = (replace(one, fixes=offered_fixes(shown, one.id, library, site)) for one in shown.findings)
    return replace(shown, findings=tuple(findings))


def preview(shown: EvaluatedPlan, fix: Fix, library: Library, site: Site = Site()) -> Preview:
    """All that would change: events that move, findings that go and come. Refuses what editing refuses."""
    return preview_edit(shown, evaluate(apply(shown.plan, shown.schedule, fix, library.agents), library, site))


def apply(plan: Plan, schedule: Schedule, fix: Fix, agents: Mapping[str, Agent]) -> Plan:
    """The plan with the fix done, as one edit. `schedule` is the plan's own, from before."""
    for move in fix.moves:
        plan = editing.move_block(plan, move.block, move.days)
    for change in fix.changes:
        plan = _modify(plan, schedule, change, agents)
    for medicine in fix.medicines:
        plan = recording.take_medicine(plan, medicine)
    for one in fix.longer:
        plan = draw_on(plan, schedule, one.block, one.until)
    return plan


def find_fix(shown: EvaluatedPlan, finding_id: str, fix_id: str, library: Library, site: Site = Site()) -> Fix:
    """One offered fix by its id. Refuses what is not offered, and says what is."""
    offered = offered_fixes(shown, finding_id, library, site)
    for fix in offered:
        if fix.id == fix_id:
            return fix
    told = "{finding} has no fix {name}; offered are {known}"
    raise refused_name(told, fix_id, [fix.id for fix in offered], finding=finding_id)


def _modify(plan: Plan, schedule: Schedule, change: Modification, agents: Mapping[str, Agent]) -> Plan:
    if isinstance(change, Deferral):
        return editing.defer(plan, schedule, change)
    if isinstance(change, Omission):
        return editing.omit(plan, schedule, change)
    if isinstance(change, DoseChange):
        return _lower(plan, schedule, change)
    if isinstance(change, Addition):
        return redosing.add_order(plan, schedule, agents, change)
    if isinstance(change, Examination):
        return examining.add_examination(plan, schedule, change)
    if isinstance(change, Stop):
        return pausing.stop(plan, schedule, change)
    if isinstance(change, Hold):
        return pausing.hold(plan, schedule, change)
    if isinstance(change, Replacement):
        return redosing.replace_agent(plan, schedule, agents, change)
    raise TypeError(f"no fix makes a {type(change).__name__}")


def _lower(plan: Plan, schedule: Schedule, change: DoseChange) -> Plan:
    """Less of a dose: of the protocol's, or of the one that somebody entered because the protocol has none."""
    try:
        return redosing.reduce(plan, schedule, change)
    except Refusal as refused:
        if refused.rule != "no dose":
            raise
        return redosing.enter_dose(plan, schedule, change)


def _offers(shown: EvaluatedPlan, finding_id: str, library: Library, site: Site) -> Iterator[Fix]:
    from planner.checking.fixes.propose import proposals

    finding = _known(shown.findings, finding_id)
    rule = next(rule for rule in library.rules if rule.id == finding.rule)
    seen: set[str] = set()
    for fix in proposals(finding, rule, shown.plan, shown.schedule, library.agents):
        if fix.id not in seen and _helps(shown, finding, fix, library, site):
            seen.add(fix.id)
            yield fix


def _helps(shown: EvaluatedPlan, finding: Finding, fix: Fix, library: Library, site: Site) -> bool:
    """Whether the finding is gone with the fix and nothing of the gravest severity is new or worse.

    What a block that is drawn on shows was there before and nobody saw it: it keeps no offer back. A move to behind
    the last day that is drawn of a drug without an end ends nothing, it only takes the two out of each other's sight.
    """
    from planner.checking.check import check

    try:
        plan = apply(shown.plan, shown.schedule, fix, library.agents)
    except Refusal:
        return False
    findings, _ = check(plan, assembled(plan, library, site), library.rules, library.agents)
    if any(one.id == finding.id for one in findings):
        return False
    if fix.longer:
        return True
    known = {one.id for one in shown.findings}
    if any(one.id not in known for one in findings if one.rule in _about_open_ends(library)):
        return False
    before = {one.id: one.count for one in shown.findings if _is_grave(one)}
    return all(one.count <= before.get(one.id, 0) for one in findings if _is_grave(one))


def _about_open_ends(library: Library) -> frozenset[str]:
    return frozenset(rule.id for rule in library.rules if rule.kind == "open_end")


def _is_grave(finding: Finding) -> bool:
    return finding.severity == SEVERITIES[0] and finding.status is not FindingStatus.ACKNOWLEDGED


def _known(findings: Sequence[Finding], finding_id: str) -> Finding:
    for finding in findings:
        if finding.id == finding_id:
            return finding
    raise refused_name("the plan has no finding {name}", finding_id, [finding.id for finding in findings])
