"""Schedule to findings: every rule judged over the whole course.

A rule speaks, stays silent, or says what it lacks; it is never passed over. What a kind reads stands in its selectors
(`selectors_of`), so that a later engine can re-run only the rules whose agents changed.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from planner.checking.checker import Checker
from planner.checking.context import Context
from planner.checking.exposures import exposures_to
from planner.checking.findings import SEPARATOR, acknowledged, findings_of
from planner.checking.hits import Hit
from planner.checking.kinds import (
    after_event,
    assessment_before_decision,
    barred_days,
    companion,
    cover_span,
    cumulative_dose,
    cycle_count,
    cycle_shape,
    day_zero,
    dose_entered,
    dose_limit,
    dose_unit,
    duplicate,
    entry_criteria,
    facts_recorded,
    interaction,
    interruption,
    known_agents,
    minimum_interval,
    no_raise,
    not_after,
    not_within,
    order_of_agents,
    patient_state,
    reduced_dose,
    route,
    same_day,
    undecided_facts,
    weight_age,
    weight_change,
    window_after,
)
from planner.checking.known import Known
from planner.checking.reach import ReachOf
from planner.checking.rulings import FAILED, Find, Ruling, failed
from planner.checking.shelf import Shelf
from planner.model.agent import Agent
from planner.model.condition import Fact
from planner.model.evaluated_plan import CheckSummary
from planner.model.evidence import Status
from planner.model.finding import SEVERITIES, Finding, FindingStatus
from planner.model.patient import Patient
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
    "no_raise": no_raise.find,
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
    "reduced_dose": reduced_dose.find,
    "dose_unit": dose_unit.find,
    "entry_criteria": entry_criteria.find,
    "undecided_facts": undecided_facts.find,
    "dose_entered": dose_entered.find,
    "known_agents": known_agents.find,
    "duplicate": duplicate.find,
}
"""The function of each kind. It gets the rule, its parameters as the type in `KINDS`, and the indexed schedule."""

REACHES: Mapping[str, ReachOf] = {
    "minimum_interval": minimum_interval.reach,
    "not_within": not_within.reach,
    "companion": companion.reach,
    "dose_limit": dose_limit.reach,
    "route": route.reach,
    "order_of_agents": order_of_agents.reach,
}
"""How far the kinds look that judge cycle by cycle; the others look at the whole plan."""

RETIRED = frozenset({Status.SUPERSEDED, Status.RETIRED})
MEMORIES_KEPT = 4
"""Plans whose verdicts are kept at a time: some windows, and what is compared with them."""
_memories: deque["_Memory"] = deque(maxlen=MEMORIES_KEPT)


def check(
    plan: Plan, schedule: Schedule, rules: Sequence[SequencingRule], agents: Mapping[str, Agent]
) -> tuple[tuple[Finding, ...], CheckSummary]:
    """All findings, the gravest first and then in order of time, and what was and was not checked.

    What an earlier check of the same patient found is used again where nothing changed; the answer is the same.
    """
    memory = _take(rules, agents, plan.patient)
    findings = memory.check(plan, schedule)
    _memories.append(memory)  # only now: a memory that broke half-way is not asked again
    findings.sort(key=lambda one: (SEVERITIES.index(one.severity), one.days[:1], one.id))
    return acknowledged(findings, plan.acknowledgements), _summary(len(memory.in_force), findings)


def _take(rules: Sequence[SequencingRule], agents: Mapping[str, Agent], patient: Patient) -> "_Memory":
    """The memory of these rules and this patient, for this caller alone; a new one where there is none."""
    for memory in tuple(_memories):
        if memory.rules is rules and memory.agents is agents and memory.patient == patient:
            try:
                _memories.remove(memory)
            except ValueError:  # another thread was faster
                break
            return memory
    return _Memory(rules, agents, patient)


class _Memory:
    """What is kept between the checks of one patient's plan."""

    def __init__(self, rules: Sequence[SequencingRule], agents: Mapping[str, Agent], patient: Patient) -> None:
        self.rules = rules
        self.agents = agents
        self.patient = patient
        self.in_force = [rule for rule in rules if rule.status not in RETIRED]
        self._known = Known(patient, agents)
        self._shelf = Shelf()
        self._day: int | None = None
        self._applies: list[bool | None] = []
        self._checker: Checker | None = None
        self._findings: dict[int, list[Finding]] = {}

    def check(self, plan: Plan, schedule: Schedule) -> list[Finding]:
        """All findings, rule by rule."""
        pieces = self._shelf.pieces(schedule)
        if not pieces:
            return []
        checker = self._ready(min(piece.start + piece.shape.begins for piece in pieces))
        checker.check(plan, schedule, pieces)
        for number in checker.dirty:
            self._findings[number] = self._speak(checker, number)
        checker.dirty.clear()
        return [finding for number in sorted(self._findings) for finding in self._findings[number]]

    def _ready(self, first_day: int) -> Checker:
        """The checker of the rules that may apply; a new one where the first day of the plan changes which do."""
        if first_day != self._day:
            self._day = first_day
            facts = self._known.facts(first_day)
            applies = [_applies(rule, facts) for rule in self.in_force]
            if applies != self._applies:
                self._applies, self._checker = applies, None
        if self._checker is None:
            self._findings.clear()
            rulings = [
                _ruling(number, rule, self._known)
                for number, rule in enumerate(self.in_force)
                if self._applies[number] is not False
            ]
            self._checker = Checker(rulings, self._known)
        return self._checker

    def _speak(self, checker: Checker, number: int) -> list[Finding]:
        rule, hits = self.in_force[number], checker.hits(number)
        broken = next((hit for hit in hits if hit.key == FAILED), None)
        if broken:
            return list(findings_of(rule, [broken]))
        if (
            self._applies[number] is None
            and self._day is not None
            and hits
            and not unset_parameters(rule.kind, rule.parameters)
        ):
            hits = tuple(_if_it_applies(rule, hits, rule.when.unknown(self._known.facts(self._day))))
        try:
            return list(findings_of(rule, hits))
        except Exception as error:  # noqa: BLE001 as in judging: told, never a pass
            return list(findings_of(rule, [failed(rule, error)]))


def _applies(rule: SequencingRule, facts: Mapping[str, Fact]) -> bool | None:
    """Whether the rule is asked at all; None where it cannot be told."""
    if rule.unless and rule.unless.holds(facts):
        return False
    return rule.when.holds(facts) if rule.when else True


def _ruling(number: int, rule: SequencingRule, known: Known) -> Ruling:
    unset = unset_parameters(rule.kind, rule.parameters)
    if unset:
        return Ruling(number, rule, _not_set, unset, None, known)
    try:
        wanted = KINDS[rule.kind](**rule.parameters)
        if rule.history:
            return Ruling(number, rule, _find_since, wanted, None, known)
        reach = REACHES[rule.kind](wanted, known) if rule.kind in REACHES else None
        return Ruling(number, rule, CHECKS[rule.kind], wanted, reach, known)
    except Exception as error:  # noqa: BLE001 as in judging: told, never a pass
        broken = failed(rule, error)
        return Ruling(number, rule, lambda *_: [broken], None, None, known)


def _find_since(rule: SequencingRule, wanted: Any, context: Context) -> Iterable[Hit]:
    """The hits on what comes after the first treatment of the rule's history, which may lie before the plan."""
    started = 0 if exposures_to(rule.history, context) else next(iter(context.series(rule.history).days), None)
    if started is None:
        return ()
    hits = CHECKS[rule.kind](rule, wanted, context)
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
