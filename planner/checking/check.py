"""Schedule to findings: every rule judged over the whole course.

A rule speaks, stays silent, or says what it lacks; it is never passed over. What a kind reads stands in its selectors
(`selectors_of`), so that a later engine can re-run only the rules whose agents changed.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from planner.checking.context import Context
from planner.checking.exposures import exposures_to
from planner.checking.findings import SEPARATOR, acknowledged, findings_of
from planner.checking.hits import Hit
from planner.checking.kinds import (
    assessment_before_decision,
    companion,
    cover_span,
    cumulative_dose,
    cycle_count,
    dose_entered,
    dose_limit,
    duplicate,
    facts_recorded,
    interaction,
    known_agents,
    minimum_interval,
    not_within,
    order_of_agents,
    patient_state,
    route,
    same_day,
    undecided_facts,
    weight_age,
    weight_change,
)
from planner.model.agent import Agent
from planner.model.evaluated_plan import CheckSummary
from planner.model.evidence import Status
from planner.model.finding import SEVERITIES, Finding, FindingStatus
from planner.model.plan import Plan
from planner.model.rule import SequencingRule
from planner.model.rule_kinds import KINDS, selectors_of, unset_parameters
from planner.model.rule_values import Selectors
from planner.model.schedule import Schedule

Find = Callable[[SequencingRule, Any, Context], Iterable[Hit]]

CHECKS: Mapping[str, Find] = {
    "minimum_interval": minimum_interval.find,
    "not_within": not_within.find,
    "cycle_count": cycle_count.find,
    "companion": companion.find,
    "dose_limit": dose_limit.find,
    "route": route.find,
    "same_day": same_day.find,
    "order_of_agents": order_of_agents.find,
    "cumulative_dose": cumulative_dose.find,
    "interaction": interaction.find,
    "cover_span": cover_span.find,
    "weight_age": weight_age.find,
    "weight_change": weight_change.find,
    "assessment_before_decision": assessment_before_decision.find,
    "facts_recorded": facts_recorded.find,
    "patient_state": patient_state.find,
    "undecided_facts": undecided_facts.find,
    "dose_entered": dose_entered.find,
    "known_agents": known_agents.find,
    "duplicate": duplicate.find,
}
"""The function of each kind. It gets the rule, its parameters as the type in `KINDS`, and the indexed schedule."""

RETIRED = frozenset({Status.SUPERSEDED, Status.RETIRED})


def check(
    plan: Plan, schedule: Schedule, rules: Sequence[SequencingRule], agents: Mapping[str, Agent]
) -> tuple[tuple[Finding, ...], CheckSummary]:
    """All findings, the gravest first and then in order of time, and what was and was not checked."""
    in_force = [rule for rule in rules if rule.status not in RETIRED]
    findings: list[Finding] = []
    if schedule.events:
        context = Context(plan, schedule, agents)
        for rule in in_force:
            findings += _judge(rule, context)
    findings.sort(key=lambda one: (SEVERITIES.index(one.severity), one.days[:1], one.id))
    return acknowledged(findings, plan.acknowledgements), _summary(len(in_force), findings)


def _judge(rule: SequencingRule, context: Context) -> Iterable[Finding]:
    """The findings of one rule. A rule that raises is our bug: it is reported, and the others are still judged."""
    try:
        return list(findings_of(rule, _hits(rule, context)))
    except Exception as error:  # noqa: BLE001 whatever a rule raises is told, never a pass
        what = f"{type(error).__name__}: {error}"
        failed = Hit(
            f"rule {rule.id} failed ({what}): nothing was checked.", missing=(f"rule {rule.id}",), key="failed"
        )
        return findings_of(rule, [failed])


def _hits(rule: SequencingRule, context: Context) -> Iterable[Hit]:
    first_day = context.schedule.events[0].day
    applies = rule.when.holds(context.facts(first_day)) if rule.when else True
    if applies is False:
        return ()
    unset = unset_parameters(rule.kind, rule.parameters)
    if unset:
        return _not_set(rule, unset, context)
    hits = CHECKS[rule.kind](rule, KINDS[rule.kind](**rule.parameters), context)
    if rule.history:
        hits = _since(rule.history, hits, context)
    return hits if applies else _if_it_applies(rule, hits, rule.when.unknown(context.facts(first_day)))


def _since(history: Selectors, hits: Iterable[Hit], context: Context) -> Iterable[Hit]:
    """The hits on what comes after the first such treatment, which may lie before the plan."""
    started = 0 if exposures_to(history, context) else next(iter(context.series(history).days), None)
    if started is None:
        return ()
    return (hit for hit in hits if any(event.day > started for event in hit.events))


def _not_set(rule: SequencingRule, unset: tuple[str, ...], context: Context) -> Iterator[Hit]:
    """A rule that waits for the site's own number speaks where the plan has all the agents it is about."""
    about: dict[str, list[Any]] = {}
    for name, selector in selectors_of(rule.parameters):
        about.setdefault(name, []).append(selector)
    found = [
        (context.series(tuple(some), rule.protocols).events[:1], context.spans(tuple(some))) for some in about.values()
    ]
    if all(events or spans for events, spans in found):
        names = ", ".join(name.replace("_", " ") for name in unset)
        yield Hit(
            f"Not checked: {names} not set. No sourced number exists; set the site's own.",
            tuple(event for events, _ in found for event in events),
            tuple((name, "not set") for name in unset),
            missing=(f"{rule.id}: {names} (not set)",),
            key="not set",
        )


def _if_it_applies(rule: SequencingRule, hits: Iterable[Hit], unknown: tuple[str, ...]) -> Iterator[Hit]:
    """What the rule would say if it applied, as one thing that cannot be checked."""
    found = list(hits)
    if found:
        names = ", ".join(unknown)
        unclear = f"Cannot tell whether this rule applies ({rule.when}): {names} not recorded."
        yield found[0]._replace(
            message=f"{unclear} If it does: {found[0].message}",
            inputs=(("applies when", str(rule.when)), *found[0].inputs),
            missing=unknown,
            times=sum(hit.times for hit in found),
            key="applies",
        )


def _summary(rules: int, findings: Iterable[Finding]) -> CheckSummary:
    lacking = [one for one in findings if one.status is FindingStatus.CANNOT_CHECK]
    missing = {
        name for one in lacking for label, names in one.inputs if label == "missing" for name in names.split(SEPARATOR)
    }
    return CheckSummary(rules, len({one.rule for one in lacking}), tuple(sorted(missing)))
