"""A phase before any patient: the lines each of its cycles has, where they stand among ties, what facts they read."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from planner.assembly.memo import Memo
from planner.model.agent import Agent
from planner.model.cycle_content import OrderLine
from planner.model.evidence import Evidence
from planner.model.gate import START_GATE
from planner.model.patient import AGE, AGE_AT_ENTRY
from planner.model.protocol import Days, Phase, Protocol, TemplateAssessment, TemplateDecision, TemplateOrder

BLOCK_STRIDE = 10_000
"""Room for the lines of one block in the running sequence number that settles ties within a minute."""
DECISION_PLACE = BLOCK_STRIDE - 1
PHASES = 512
"""Phases whose templates are kept: some more than all shipped protocols have."""

DECISION = "decision."
ANSWERS = (DECISION, "variant.")
"""How the facts that people answer begin; all others are the patient's."""


class Drug(Struct, frozen=True, eq=False):
    """A drug line with the agent its dose is rounded for."""

    place: int
    line: OrderLine
    order: TemplateOrder
    agent: Agent | None


class Sign(Struct, frozen=True, eq=False):
    """A line for something to examine."""

    place: int
    line: OrderLine
    rule: TemplateAssessment


class CycleTemplate(Struct, frozen=True, eq=False):
    """The lines of a cycle. Cycles of a phase with the same lines share one template, so compare with `is`.

    `drugs` stand so that a line others hang on comes before them; `timed` are the orders that others hang on.
    `patient_facts` and `answers` are the names of all facts that its conditions and doses read, `decisions_read` the
    decisions among them, `questions` what these ask, by the name of the answer. `at_once` tells that a line follows
    decisions within the cycle; no event of such a line lies before the offset `earliest`, or `latest` or more days
    after the cycle's length. `reads` tells that anything depends on a fact or an answer.
    """

    phase: Phase
    signs: tuple[Sign, ...]
    drugs: tuple[Drug, ...]
    decisions: tuple[OrderLine, ...]
    timed: frozenset[str]
    day_starts: int
    patient_facts: tuple[str, ...]
    answers: tuple[str, ...]
    decisions_read: tuple[str, ...]
    questions: Mapping[str, str]
    keeps_weekdays: bool
    at_once: bool
    earliest: int
    latest: int
    reads: bool


class PhaseTemplate:
    """The templates of a phase's cycles, each made when it is first asked for."""

    def __init__(self, protocol: Protocol, phase: Phase, agents: tuple[Agent | None, ...], day_starts: int) -> None:
        self._protocol, self._phase, self._day_starts = protocol, phase, day_starts
        self._agents = agents
        self._lines = {order.id: order_line(order, agent) for order, agent in zip(phase.orders, agents, strict=True)}
        self._signs = {rule.id: sign_line(rule) for rule in phase.assessments}
        self._questions = {f"{DECISION}{one.id}": one.question for one in protocol.decisions}
        self._decisions = [(one, _decision_line(one)) for one in protocol.decisions if one.phase == phase.id]
        self._by_number: dict[tuple[int, bool, tuple[int, ...]], CycleTemplate] = {}
        self._by_lines: dict[tuple[object, ...], CycleTemplate] = {}

    def cycle(self, number: int, opens: bool, closed: tuple[int, ...] = ()) -> CycleTemplate:
        """The template of that cycle; `opens` tells that it is the first of its block, where a start gate stands.

        It asks what the cycles right behind it that `closed` up would have asked.
        """
        found = self._by_number.get((number, opens, closed))
        if found is None:
            made = self._make(number, opens, closed)
            lines = (*(sign.line for sign in made.signs), *(drug.line for drug in made.drugs), *made.decisions)
            found = self._by_number[number, opens, closed] = self._by_lines.setdefault(lines, made)
        return found

    def _make(self, number: int, opens: bool, closed: tuple[int, ...]) -> CycleTemplate:
        phase = self._phase
        rules = (*(_gate(phase) if opens else ()), *phase.assessments)
        signs = tuple(
            Sign(place, self._signs.setdefault(rule.id, sign_line(rule)), rule)
            for place, rule in enumerate(rules)
            if rule.in_cycle(number)
        )
        places = {order.id: place for place, order in enumerate(phase.orders, len(rules))}
        agents = dict(zip((order.id for order in phase.orders), self._agents, strict=True))
        drugs = tuple(
            Drug(places[order.id], self._lines[order.id], order, agents[order.id])
            for order in _leaders_first(phase.orders)
            if order.in_cycle(number)
        )
        decisions = tuple(
            line if one.cycle == number else _decision_line(brought_to(one, number, phase))
            for one, line in self._decisions
            if one.cycle in (number, *closed)
        )
        asked = {*_read_by_signs(signs), *_read_by_drugs(drugs), *_read_by_decisions(decisions)}
        read = sorted(asked | {AGE_AT_ENTRY} if AGE in asked else asked)
        answers = tuple(fact for fact in read if fact.startswith(ANSWERS))
        swift = [drug.order for drug in drugs if drug.order.at_once]
        return CycleTemplate(
            phase=phase,
            signs=signs,
            drugs=drugs,
            decisions=decisions,
            timed=frozenset(order.anchor.order_id for order in phase.orders if order.anchor),
            day_starts=self._day_starts,
            patient_facts=tuple(fact for fact in read if not fact.startswith(ANSWERS)),
            answers=answers,
            decisions_read=tuple(fact.removeprefix(DECISION) for fact in answers if fact.startswith(DECISION)),
            questions={fact: self._questions[fact] for fact in answers if fact in self._questions},
            keeps_weekdays=any(drug.order.weekdays or drug.order.not_on for drug in drugs),
            at_once=bool(swift),
            earliest=min([0, *(_earliest(order, phase) for order in swift)]),
            latest=max(((order.every_hours or 0) * order.dose_count // 24 + 2 for order in swift), default=0),
            reads=bool(read),
        )


class _Known(NamedTuple):
    """A template with what the key it is kept by names by id."""

    template: PhaseTemplate
    agents: Mapping[str, Agent]


_kept: Memo[tuple[int, ...], PhaseTemplate] = Memo(PHASES)
_by_library: Memo[tuple[int, ...], _Known] = Memo(PHASES)
"""The same templates by the whole drug vocabulary, which is seldom read anew."""


def phase_template(protocol: Protocol, phase: Phase, agents: Mapping[str, Agent], day_starts: int) -> PhaseTemplate:
    """The phase's template for these agents; the same one as long as nothing of it changes."""

    def find() -> _Known:
        used = tuple(agents.get(order.agent) for order in phase.orders)
        key = (id(protocol), id(phase), day_starts, *map(id, used))
        return _Known(_kept.get(key, lambda: PhaseTemplate(protocol, phase, used, day_starts)), agents)

    return _by_library.get((id(protocol), id(phase), day_starts, id(agents)), find).template


def _read_by_signs(signs: Iterable[Sign]) -> Iterator[str]:
    for sign in signs:
        yield from (clause.subject for clause in sign.rule.when.clauses)


def _read_by_drugs(drugs: Iterable[Drug]) -> Iterator[str]:
    """Facts that conditions, dose bands and dose rules ask for. What is not named here, no dose can read."""
    for drug in drugs:
        conditions = (drug.order.when, *(band.when for band in drug.order.bands))
        yield from (clause.subject for condition in conditions for clause in condition.clauses)
        if any(band.dose is not None and band.dose.per == "AUC" for band in drug.order.bands):
            yield "crcl"
        if drug.order.weight != "actual":
            yield "sex"


def _read_by_decisions(lines: Iterable[OrderLine]) -> Iterator[str]:
    for line in lines:
        if isinstance(line.order, TemplateDecision):
            yield from (clause.subject for clause in line.order.when.clauses)


def _earliest(order: TemplateOrder, phase: Phase) -> int:
    """The first offset that a dose of the order may have, as it makes way for a weekday or an early treatment day."""
    others = (other for _, accepted in order.days.others for other in accepted)
    earlier = order.window.earlier + (1 if order.anchor else 0)
    return min(map(phase.offset, (order.days.numbers[0], *others))) - earlier


def _gate(phase: Phase) -> tuple[TemplateAssessment, ...]:
    """The recovery a phase waits for, as an assessment on the first day of its first cycle."""
    if not phase.start.gate:
        return ()
    rule = TemplateAssessment(
        id=START_GATE,
        title=f"Start when {phase.start.gate}",
        kind="assessment",
        days=Days((phase.first_day,)),
        evidence=Evidence.SECONDARY,
        references=phase.references,
        topic="counts",
        patient_words="Blood test",
    )
    return (rule,)


def order_line(order: TemplateOrder, agent: Agent | None) -> OrderLine:
    """The line of a drug order."""
    return OrderLine(
        order=order,
        kind="infusion" if order.continuous else "cell_infusion" if order.role == "cell therapy" else "administration",
        agent=order.agent,
        agent_name=agent.name if agent else order.agent,
        role=order.role,
        route=order.route,
        evidence=order.evidence,
        duration_h=order.duration_h,
        note=order.note,
        plain_words=agent.plain_words if agent else "",
        agent_note=agent.patient_note if agent and order.route == "PO" else "",
    )


def sign_line(rule: TemplateAssessment) -> OrderLine:
    """The line of an examination or a procedure."""
    role = "procedure" if rule.kind == "procedure" else "assessment"
    return OrderLine(rule, rule.kind, "", rule.title, role, "", rule.evidence, note=rule.note)


def _decision_line(decision: TemplateDecision) -> OrderLine:
    return OrderLine(decision, "decision", "", decision.question, "assessment", "", decision.evidence)


def brought_to(decision: TemplateDecision, cycle: int, phase: Phase) -> TemplateDecision:
    """A decision as an earlier cycle asks it: on its own day, or the last one where that cycle is shorter."""
    if decision.cycle == cycle:
        return decision
    last = phase.day_at(phase.length_of(cycle) - 1)
    return replace(decision, cycle=cycle, day=min(decision.day, last))


def _leaders_first(orders: tuple[TemplateOrder, ...]) -> list[TemplateOrder]:
    """Orders that others hang on, or go with, come before them; the file's order decides otherwise."""
    done: list[TemplateOrder] = []
    waiting = list(orders)
    while waiting:
        names = {order.id for order in waiting}
        ready = [order for order in waiting if names.isdisjoint(_leaders(order))]
        done += ready or waiting
        waiting = [order for order in waiting if order not in done]
    return done


def _leaders(order: TemplateOrder) -> tuple[str, ...]:
    return (*order.goes_with, order.anchor.order_id) if order.anchor else order.goes_with
