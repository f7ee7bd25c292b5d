"""Plan to Schedule: every order of every cycle becomes dated events."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import itemgetter

from planner.assembly.calendar import Calendar, GroupFacts, deferrals_of, group_facts, shift_of
from planner.assembly.dosing import DosingBasis, compute_dose
from planner.assembly.times import Slot, slots
from planner.model.agent import Agent
from planner.model.condition import Condition, Fact
from planner.model.evidence import Evidence
from planner.model.plan import Deferral, Omission, Plan
from planner.model.protocol import Days, Protocol, TemplateAssessment, TemplateDecision, TemplateOrder
from planner.model.schedule import (
    ComputedDose,
    Event,
    OpenDecision,
    PlacedBlock,
    PlacedCycle,
    PlacedOrder,
    Schedule,
    State,
)
from planner.model.site import Site

BY_TIME = itemgetter(0, 1, 2)
BLOCK_STRIDE = 10_000
"""Room for the orders of one block in the running sequence number that settles ties within a minute."""


def assemble(plan: Plan, protocols: Mapping[str, Protocol], agents: Mapping[str, Agent], site: Site) -> Schedule:
    """All events of the plan in order of time. `protocols` are the plan's pins read, by sha256.

    KeyError where the plan names a pin, phase or block that does not exist: decoding and editing keep that from happening.
    """
    blocks = Calendar(plan, protocols).place_all()
    events: list[Event] = []
    decisions: list[OpenDecision] = []
    for number, block in enumerate(blocks):
        protocol = protocols[plan.block(block.id).pin]
        answers = group_facts(plan, plan.block(block.id), protocol)
        for cycle in block.cycles:
            work = _CycleWork(plan, block, cycle, answers, agents, site, number * BLOCK_STRIDE)
            events += work.events()
            found = [decision for decision in protocol.decisions if _is_here(decision, block, cycle)]
            for decision in found:
                event, open_decision = work.decide(decision)
                events.append(event)
                decisions.append(open_decision)
    events.sort(key=BY_TIME)
    return Schedule(tuple(events), blocks, tuple(sorted(decisions, key=lambda one: one.day)))


def _is_here(decision: TemplateDecision, block: PlacedBlock, cycle: PlacedCycle) -> bool:
    return decision.phase == block.phase.id and decision.cycle == cycle.number


@dataclass(frozen=True, slots=True)
class _Change:
    """What modifications do to one cycle."""

    deferrals: tuple[Deferral, ...]
    omissions: frozenset[tuple[int, str]]

    def omitted(self, day: int, order_id: str) -> bool:
        return (day, order_id) in self.omissions or (day, "") in self.omissions


class _CycleWork:
    """One cycle of one block on its way to events."""

    def __init__(
        self,
        plan: Plan,
        block: PlacedBlock,
        cycle: PlacedCycle,
        answers: GroupFacts,
        agents: Mapping[str, Agent],
        site: Site,
        first_sequence: int,
    ) -> None:
        first_day = date.fromordinal(cycle.start)
        self._plan = plan
        self._block = block
        self._cycle = cycle
        self._answers = answers
        self._agents = agents
        self._site = site
        self._first_sequence = first_sequence
        self._facts = {**plan.patient.facts_on(first_day), "cycle": Decimal(cycle.number)}
        self._measurement = plan.patient.measurement_on(first_day)
        self._change = _Change(
            deferrals_of(plan, block.id, cycle.number),
            frozenset(
                (change.day, change.order)
                for change in plan.modifications
                if isinstance(change, Omission) and change.block == block.id and change.cycle == cycle.number
            ),
        )
        self._changed = bool(self._change.deferrals or self._change.omissions)

    def events(self) -> Iterator[Event]:
        """The cycle's events in no order of time; where an end rule cuts the cycle, only those before its end."""
        found = self._all_events()
        if not self._cycle.cut:
            return found
        return (event for event in found if event.day < self._cycle.end)

    def _all_events(self) -> Iterator[Event]:
        phase, number = self._block.phase, self._cycle.number
        timed = {order.anchor.order_id for order in phase.orders if order.anchor}
        minutes: dict[str, tuple[Slot, ...]] = {}
        sequence = self._first_sequence
        yield from self._gate(sequence)
        for assessment in phase.assessments:
            sequence += 1
            if assessment.in_cycle(number):
                yield from self._assess(assessment, sequence)
        for order in _anchors_first(phase.orders):
            if order.in_cycle(number):
                days = self._day_numbers(order.days)
                found = slots(order, days, phase, minutes, self._site.treatment_day_starts, order.id in timed)
                minutes[order.id] = found
                yield from self._administer(order, found, sequence + 1 + phase.orders.index(order))

    def decide(self, decision: TemplateDecision) -> tuple[Event, OpenDecision]:
        """The event of a decision and where it stands."""
        taken = self._answers.taken.get(f"decision.{decision.id}")
        placed = self._placed(decision, "decision", decision.question, "assessment", "", decision.evidence)
        offset = self._block.phase.offset(decision.day)
        state = State.PROVISIONAL if self._block.provisional else State.PLANNED
        event = self._event(placed, decision.day, offset, -1, BLOCK_STRIDE - 1 + self._first_sequence, state)
        choice = None if taken is None else str(taken)
        return event, OpenDecision(self._block.group, decision, self._block.id, event.day, choice)

    def _gate(self, sequence: int) -> Iterator[Event]:
        gate = self._block.phase.start.gate
        if not gate or self._cycle != self._block.cycles[0]:
            return
        first = self._block.phase.first_day
        rule = TemplateAssessment(
            id="start-gate",
            title=f"Start when {gate}",
            kind="assessment",
            days=Days((first,)),
            evidence=Evidence.SECONDARY,
            references=self._block.phase.references,
            topic="counts",
            patient_words="Blood test",
        )
        yield from self._assess(rule, sequence)

    def _assess(self, rule: TemplateAssessment, sequence: int) -> Iterator[Event]:
        holds, provisional, note = self._judge(rule.when)
        if holds is False:
            return
        placed = self._placed(rule, rule.kind, rule.title, rule.kind, "", rule.evidence)
        state = self._state(provisional)
        for day in self._day_numbers(rule.days):
            yield self._event(placed, day, self._block.phase.offset(day), -1, sequence, state, note=note or rule.note)

    def _administer(self, order: TemplateOrder, found: tuple[Slot, ...], sequence: int) -> Iterator[Event]:
        holds, provisional, note = self._judge(order.when)
        if holds is False:
            return
        agent = self._agents.get(order.agent)
        kind = "infusion" if order.continuous else "cell_infusion" if order.role == "cell therapy" else "administration"
        name = agent.name if agent else order.agent
        placed = self._placed(order, kind, name, order.role, order.route, order.evidence)
        state = self._state(provisional)
        basis = DosingBasis({**self._answers.assumed, **self._facts}, self._measurement)
        first = compute_dose(order, basis, agent)
        words = "; ".join(filter(None, (note, first.missing, order.note)))
        if not (self._changed or order.escalation or found and found[0].minute >= 0):
            yield from self._plain_events(placed, found, sequence, state, first, words)
            return
        for slot in found:
            dose = compute_dose(order, basis, agent, slot.number) if order.escalation else first
            text = "; ".join(filter(None, (slot.note, words)))
            yield self._event(placed, slot.day, slot.offset, slot.minute, sequence, state, dose, text)

    def _plain_events(
        self, placed: PlacedOrder, found: tuple[Slot, ...], sequence: int, state: State, dose: ComputedDose, words: str
    ) -> list[Event]:
        """The short way for what most of a course is: one dose, no clock times, nothing changed."""
        start = self._cycle.start
        return [
            Event(start + offset, minute, sequence, placed, day, state, dose, start + offset, -1, -1,
                  f"{note}; {words}" if note and words else note or words)
            for day, offset, minute, _, note in found
        ]

    def _judge(self, condition: Condition) -> tuple[bool | None, bool, str]:
        """Verdict, whether it makes the events provisional, and what to tell about it."""
        if not condition:
            return True, False, ""
        holds, open_decision = self._answers.judge(condition, self._facts)
        if holds is None:
            facts: dict[str, Fact] = {**self._answers.assumed, **self._facts}
            missing = ", ".join(condition.unknown(facts))
            return None, True, f"only if {condition}; not recorded: {missing}"
        return holds, open_decision, ""

    def _state(self, provisional: bool) -> State:
        return State.PROVISIONAL if provisional or self._block.provisional else State.PLANNED

    def _day_numbers(self, days: Days) -> tuple[int, ...]:
        if not days.to_end:
            return days.numbers
        phase = self._block.phase
        length = self._cycle.end - self._cycle.start
        last = days.numbers[-1]
        more = tuple(phase.day_at(offset) for offset in range(phase.offset(last) + 1, length))
        return days.numbers + more

    def _placed(
        self,
        order: TemplateOrder | TemplateAssessment | TemplateDecision,
        kind: str,
        name: str,
        role: str,
        route: str,
        evidence: Evidence,
    ) -> PlacedOrder:
        agent = order.agent if isinstance(order, TemplateOrder) else ""
        words = self._agents[agent].plain_words if agent in self._agents else ""
        return PlacedOrder(
            id=f"{self._block.id}/{self._cycle.number}/{order.id}",
            block=self._block,
            cycle=self._cycle.number,
            order=order,
            kind=kind,
            agent=agent,
            agent_name=name,
            role=role,
            route=route,
            evidence=evidence,
            duration_h=order.duration_h if isinstance(order, TemplateOrder) else None,
            note="" if isinstance(order, TemplateDecision) else order.note,
            plain_words=words,
        )

    def _event(
        self,
        placed: PlacedOrder,
        day: int,
        offset: int,
        minute: int,
        sequence: int,
        state: State,
        dose: ComputedDose | None = None,
        note: str = "",
    ) -> Event:
        due = day_on = self._cycle.start + offset
        if self._changed:
            day_on += self._shift(placed.order, day)
            if self._change.omitted(day, placed.order.id):
                state = State.OMITTED
            elif day_on != due and state is State.PLANNED:
                state = State.DEFERRED
        end_day, end_minute = -1, -1
        if placed.duration_h is not None and minute >= 0:
            ends = minute + int(placed.duration_h * 60)
            end_day, end_minute = day_on + ends // 1440, ends % 1440
        return Event(day_on, minute, sequence, placed, day, state, dose, due, end_day, end_minute, note)

    def _shift(self, order: TemplateOrder | TemplateAssessment | TemplateDecision, day: int) -> int:
        if isinstance(order, TemplateOrder) and order.stays:
            return 0
        alone = isinstance(order, TemplateDecision) or order.days.alone(day)
        return shift_of(self._change.deferrals, day, alone)


def _anchors_first(orders: tuple[TemplateOrder, ...]) -> list[TemplateOrder]:
    """Orders that others hang on come before them; the file's order decides otherwise."""
    done: list[TemplateOrder] = []
    waiting = list(orders)
    while waiting:
        ready = [
            order
            for order in waiting
            if order.anchor is None or order.anchor.order_id not in {other.id for other in waiting}
        ]
        done += ready or waiting
        waiting = [order for order in waiting if order not in done]
    return done
