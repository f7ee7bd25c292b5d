"""Schedule to findings: every rule judged over the whole course.

A rule speaks, stays silent, or says what it lacks; it is never passed over. What a kind reads stands in its selectors
(`selectors_of`), so that a later engine can re-run only the rules whose agents changed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from planner.checking.context import Context
from planner.checking.exposures import exposures_to
from planner.checking.findings import SEPARATOR, acknowledged
from planner.checking.hits import Hit, some_days
from planner.checking.kinds import (
    after_event,
    after_hold,
    after_level,
    as_before,
    assessment_before_decision,
    barred_days,
    blocks_in_order,
    capped_dose,
    closed_days,
    companion,
    cover_span,
    cumulative_dose,
    cycle_count,
    cycle_interval,
    cycle_shape,
    cycles_in_order,
    day_zero,
    decision_overdue,
    dose_count,
    dose_entered,
    dose_limit,
    dose_ratio,
    dose_rounding,
    dose_sum,
    dose_unit,
    dosing_weight,
    duplicate,
    entry_criteria,
    facts_recorded,
    interaction,
    interruption,
    known_agents,
    maximum_interval,
    minimum_age,
    minimum_interval,
    moved_early,
    needs_from_sum,
    no_allergy,
    no_last_day,
    no_raise,
    not_after,
    not_within,
    one_step,
    one_strength,
    open_end,
    order_of_agents,
    patient_state,
    protocol_days,
    recovery_gate,
    reduced_dose,
    rescue_series,
    rescue_until,
    route,
    same_day,
    side_by_side,
    steady_dose,
    step_dose,
    undecided_facts,
    weekdays,
    weight_age,
    weight_band,
    weight_change,
    window_after,
)
from planner.checking.known import Known, span_text
from planner.checking.memory import put_back, take
from planner.checking.reach import GateOf, ReachOf
from planner.checking.rulings import Find, How, Ruling, failed
from planner.model.agent import Agent
from planner.model.evaluated_plan import CheckSummary
from planner.model.finding import SEVERITIES, Finding, FindingStatus
from planner.model.plan import Plan
from planner.model.rule import SequencingRule
from planner.model.rule_kinds import KINDS, selectors_of, unset_parameters
from planner.model.schedule import Schedule

CHECKS: Mapping[str, Find] = {
    "minimum_interval": minimum_interval.find,
    "not_within": not_within.find,
    "window_after": window_after.find,
    "not_after": not_after.find,
    "interruption": interruption.find,
    "barred_days": barred_days.find,
    "day_zero": day_zero.find,
    "cycle_shape": cycle_shape.find,
    "after_event": after_event.find,
    "after_hold": after_hold.find,
    "as_before": as_before.find,
    "no_raise": no_raise.find,
    "one_step": one_step.find,
    "step_dose": step_dose.find,
    "dosing_weight": dosing_weight.find,
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
    "weight_band": weight_band.find,
    "minimum_age": minimum_age.find,
    "assessment_before_decision": assessment_before_decision.find,
    "facts_recorded": facts_recorded.find,
    "patient_state": patient_state.find,
    "reduced_dose": reduced_dose.find,
    "dose_unit": dose_unit.find,
    "entry_criteria": entry_criteria.find,
    "recovery_gate": recovery_gate.find,
    "one_strength": one_strength.find,
    "decision_overdue": decision_overdue.find,
    "steady_dose": steady_dose.find,
    "rescue_until": rescue_until.find,
    "rescue_series": rescue_series.find,
    "needs_from_sum": needs_from_sum.find,
    "moved_early": moved_early.find,
    "dose_rounding": dose_rounding.find,
    "dose_ratio": dose_ratio.find,
    "closed_days": closed_days.find,
    "protocol_days": protocol_days.find,
    "capped_dose": capped_dose.find,
    "after_level": after_level.find,
    "undecided_facts": undecided_facts.find,
    "dose_entered": dose_entered.find,
    "known_agents": known_agents.find,
    "no_allergy": no_allergy.find,
    "duplicate": duplicate.find,
    "side_by_side": side_by_side.find,
    "maximum_interval": maximum_interval.find,
    "dose_count": dose_count.find,
    "dose_sum": dose_sum.find,
    "weekdays": weekdays.find,
    "cycle_interval": cycle_interval.find,
    "cycles_in_order": cycles_in_order.find,
    "blocks_in_order": blocks_in_order.find,
    "open_end": open_end.find,
    "no_last_day": no_last_day.find,
}
"""The function of each kind. It gets the rule, its parameters as the type in `KINDS`, and the indexed schedule."""

REACHES: Mapping[str, ReachOf] = {
    "minimum_interval": minimum_interval.reach,
    "not_within": not_within.reach,
    "companion": companion.reach,
    "dose_limit": dose_limit.reach,
    "route": route.reach,
    "order_of_agents": order_of_agents.reach,
    "dose_entered": dose_entered.reach,
    "duplicate": duplicate.reach,
    "patient_state": patient_state.reach,
    "minimum_age": minimum_age.reach,
    "recovery_gate": recovery_gate.reach,
    "reduced_dose": reduced_dose.reach,
    "dose_rounding": dose_rounding.reach,
    "dose_unit": dose_unit.reach,
    "capped_dose": capped_dose.reach,
    "one_strength": one_strength.reach,
    "closed_days": closed_days.reach,
    "interaction": interaction.reach,
    "moved_early": moved_early.reach,
    "same_day": same_day.reach,
    "maximum_interval": maximum_interval.reach,
    "dose_count": dose_count.reach,
    "dose_sum": dose_sum.reach,
    "weekdays": weekdays.reach,
    "cycle_interval": cycle_interval.reach,
}
"""How far the kinds look that judge cycle by cycle; the others look at the whole plan."""

NOT_SET = "a value of the site's own"
GATES: Mapping[str, GateOf] = {
    "cumulative_dose": cumulative_dose.gate,
    "cycle_count": cycle_count.gate,
    "dose_count": dose_count.gate,
}
"""Sums below which kinds that look at the whole plan find nothing."""


def check(
    plan: Plan, schedule: Schedule, rules: Sequence[SequencingRule], agents: Mapping[str, Agent]
) -> tuple[tuple[Finding, ...], CheckSummary]:
    """All findings, the gravest first and then in order of time, and what was and was not checked.

    What an earlier check of the same patient found is used again where nothing changed; the answer is the same.
    """
    memory = take(rules, agents, plan, make_ruling)
    findings, unasked = memory.check(plan, schedule), memory.unasked()
    put_back(memory)
    findings.sort(key=lambda one: (SEVERITIES.index(one.severity), one.days[:1], one.id))
    return acknowledged(findings, plan.acknowledgements), _summary(len(memory.in_force), findings, unasked)


def make_ruling(number: int, rule: SequencingRule, known: Known) -> Ruling:
    """The rule ready for a patient. Whatever its parameters raise is our bug and is told, never a pass."""
    unset = unset_parameters(rule.kind, rule.parameters)
    if unset:
        return Ruling(number, rule, known, How(_not_set, unset))
    try:
        wanted = KINDS[rule.kind](**rule.parameters)
        if rule.history:
            return Ruling(number, rule, known, How(_find_since, wanted))
        reach = REACHES[rule.kind](wanted, known) if rule.kind in REACHES else None
        gate = reach.gate if reach else GATES[rule.kind](wanted, known) if rule.kind in GATES else None
        return Ruling(number, rule, known, How(CHECKS[rule.kind], wanted, reach, gate))
    except Exception as error:  # noqa: BLE001 as in judging: told, never a pass
        broken = failed(rule, error)
        return Ruling(number, rule, known, How(lambda *_: [broken], None))


def _find_since(rule: SequencingRule, wanted: Any, context: Context) -> Iterable[Hit]:
    """The hits on what comes after the first treatment of the rule's history, in the plan, before or beside it."""
    began = [span.start for span in context.spans(rule.history)] + [*context.series(rule.history).days[:1]]
    started = 0 if exposures_to(rule.history, context) else min(began, default=None)
    if started is None:
        return ()
    hits = CHECKS[rule.kind](rule, wanted, context)
    return (hit for hit in hits if any(day > started for day in (*hit.days, *(event.day for event in hit.events))))


def _not_set(rule: SequencingRule, unset: tuple[str, ...], context: Context) -> Iterator[Hit]:
    """A rule that waits for the site's own number speaks where the plan has all the agents it is about."""
    about: dict[str, list[Any]] = {}
    for name, selector in selectors_of(rule.parameters):
        about.setdefault(name, []).append(selector)
    found = [(context.first(tuple(some), rule.protocols), context.spans(tuple(some))) for some in about.values()]
    if all(event or spans for event, spans in found):
        said = ["what must hold" if name == "must" else name.replace("_", " ") for name in unset]
        names = ", ".join(said)
        met = _met(list(about.values()), rule, context) if any(spans for _, spans in found) else ""
        spoken = f" It is about {met}." if met else ""
        yield Hit(
            f"Not checked: {names} not set. No sourced number for every protocol exists; set the site's own.{spoken}",
            tuple(event for event, _ in found if event),
            (*((name, "not set") for name in said), *((("about", met),) if met else ())),
            missing=(f"{rule.id}: {names} (not set)",),
            key="not set",
        )


def _met(about: Sequence[Sequence[Any]], rule: SequencingRule, context: Context) -> str:
    """What a rule without its number is about, where another medicine is: the doses with their days, the medicines."""
    parts: list[str] = []
    for selectors in map(tuple, about):
        parts += map(span_text, context.spans(selectors))
        first = context.first(selectors, rule.protocols)
        if first is not None:
            parts.append(f"{first.placed.agent_name} on {some_days(context.days(selectors, rule.protocols))}")
    return "; ".join(dict.fromkeys(parts))


def _summary(rules: int, findings: Iterable[Finding], unasked: tuple[str, ...]) -> CheckSummary:
    lacking = [one for one in findings if one.status is FindingStatus.CANNOT_CHECK]
    missing: dict[str, set[str]] = {}
    for one in lacking:
        for name in one.missing.split(SEPARATOR):
            missing.setdefault(NOT_SET if name.endswith("(not set)") else name, set()).add(one.rule)
    names = sorted(missing, key=str.casefold)
    which = tuple(tuple(sorted(missing[name])) for name in names)
    return CheckSummary(rules, len({one.rule for one in lacking}), tuple(names), which, unasked=unasked)
