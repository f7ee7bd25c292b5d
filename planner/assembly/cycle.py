"""One cycle of one block to events: its start gate, its assessments, its orders, its decisions."""

from collections.abc import Mapping
from datetime import date
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from planner.assembly.calendar import GroupFacts, deferrals_of, shift_of
from planner.assembly.dosing import DosingBasis, choose_band, compute_dose
from planner.assembly.times import NO_TIME, Slot, slots
from planner.model.agent import Agent
from planner.model.evidence import Evidence
from planner.model.plan import Deferral, Omission, Plan
from planner.model.protocol import Days, TemplateAssessment, TemplateDecision, TemplateOrder
from planner.model.schedule import BY_TIME, ComputedDose, Event, PlacedBlock, PlacedCycle, PlacedOrder, State
from planner.model.site import Site

Template = TemplateOrder | TemplateAssessment | TemplateDecision

BLOCK_STRIDE = 10_000
"""Room for the orders of one block in the running sequence number that settles ties within a minute."""
OPEN_DOSE = "the dose is the expected one: a decision is open"


class Setting(Struct, frozen=True):
    """What all cycles of one assembly share."""

    plan: Plan
    agents: Mapping[str, Agent]
    site: Site


class _Change(Struct, frozen=True):
    """What modifications do to one cycle."""

    deferrals: tuple[Deferral, ...]
    omissions: frozenset[tuple[int, str]]

    def __bool__(self) -> bool:
        return bool(self.deferrals or self.omissions)

    def omits(self, day: int, order_id: str) -> bool:
        return (day, order_id) in self.omissions or (day, "") in self.omissions

    def shift(self, order: Template, day: int) -> int:
        """Days by which that order moves on that day; an order that stays on its calendar days does not."""
        if isinstance(order, TemplateOrder) and order.keeps_its_days:
            return 0
        alone = isinstance(order, TemplateDecision) or order.days.alone(day)
        return shift_of(self.deferrals, day, alone)


class _Line(Struct, frozen=True):
    """An order on its way to events: what all of them share, its place among ties, its state and its dose."""

    placed: PlacedOrder
    sequence: int
    state: State
    dose: ComputedDose | None = None
    words: str = ""


class CycleWork:
    """Makes the events of one cycle and is then dropped."""

    def __init__(
        self, setting: Setting, block: PlacedBlock, cycle: PlacedCycle, answers: GroupFacts, first_sequence: int
    ) -> None:
        plan, first_day = setting.plan, date.fromordinal(cycle.start)
        self._setting = setting
        self._block = block
        self._cycle = cycle
        self._answers = answers
        self._first_sequence = first_sequence
        self._facts = plan.patient.facts_on(first_day)
        self._basis = DosingBasis({**answers.assumed, **self._facts}, plan.patient.measurement_on(first_day))
        omissions = (
            (change.day, change.order)
            for change in plan.modifications
            if isinstance(change, Omission) and (change.block, change.cycle) == (block.id, cycle.number)
        )
        self._change = _Change(deferrals_of(plan, block.id, cycle.number), frozenset(omissions))

    def orders(self) -> list[list[Event]]:
        """The cycle's events, order by order and each by time; an end rule leaves only those before its end."""
        found = self._all_orders()
        if self._change:
            found = [sorted(events, key=BY_TIME) for events in found]
        if self._cycle.cut:
            found = [[event for event in events if event.day < self._cycle.end] for events in found]
        return [events for events in found if events]

    def decide(self, decision: TemplateDecision, unsure: bool = False) -> Event:
        """The event of a decision of this cycle; provisional where an open one leaves `unsure` whether it is asked."""
        line = self._placed_line(decision, "decision", decision.question, self._first_sequence + BLOCK_STRIDE - 1)
        return self._event(replace(line, state=State.PROVISIONAL) if unsure else line, self._slot(decision.day))

    def _all_orders(self) -> list[list[Event]]:
        phase, number, sequence = self._block.phase, self._cycle.number, self._first_sequence
        found: list[list[Event]] = []
        assessments = (*self._gate(), *phase.assessments)
        for place, rule in enumerate(assessments, sequence):
            if rule.in_cycle(number):
                found.append(self._assess(rule, place))
        places = {order.id: place for place, order in enumerate(phase.orders, sequence + len(assessments))}
        timed = {order.anchor.order_id for order in phase.orders if order.anchor}
        starts = self._setting.site.treatment_day_starts
        done: dict[str, tuple[Slot, ...]] = {}
        for order in _anchors_first(phase.orders) if timed else phase.orders:
            if not order.in_cycle(number):
                continue
            line = None if order.at_once else self._order_line(order, places[order.id])
            if line or order.at_once:
                days = self._weekdays(order, self._day_numbers(order.days))
                done[order.id] = slots(order, days, phase, done, starts if order.id in timed else NO_TIME, starts)
                given = done[order.id]
                found.append(
                    self._administer(order, line, given) if line else self._day_by_day(order, places[order.id], given)
                )
        return found

    def events_of(self, order: TemplateOrder, sequence: int, found: tuple[Slot, ...]) -> list[Event]:
        """The order's events at these times; none where its condition fails under the answers of this work."""
        line = self._order_line(order, sequence)
        return self._administer(order, line, found) if line else []

    def _day_by_day(self, order: TemplateOrder, sequence: int, found: tuple[Slot, ...]) -> list[Event]:
        """The events of an order that follows decisions at once: each day by the answers known on it."""
        start, events = self._cycle.start, list[Event]()
        for _, same in groupby(found, lambda slot: self._answers.pending(start + slot.offset)):
            part = tuple(same)
            answers = self._answers.as_of(start + part[0].offset)
            work = CycleWork(self._setting, self._block, self._cycle, answers, self._first_sequence)
            events += work.events_of(order, sequence, part)
        # One order is one thing to whoever looks at its events, whatever its dose on the day.
        return [event._replace(placed=events[0].placed) for event in events]

    def _gate(self) -> tuple[TemplateAssessment, ...]:
        """The recovery a phase waits for, as an assessment on the first day of its first cycle."""
        gate = self._block.phase.start.gate
        if not gate or self._cycle != self._block.cycles[0]:
            return ()
        rule = TemplateAssessment(
            id="start-gate",
            title=f"Start when {gate}",
            kind="assessment",
            days=Days((self._block.phase.first_day,)),
            evidence=Evidence.SECONDARY,
            references=self._block.phase.references,
            topic="counts",
            patient_words="Blood test",
        )
        return (rule,)

    def _assess(self, rule: TemplateAssessment, sequence: int) -> list[Event]:
        line = self._line(rule, self._placed_line(rule, rule.kind, rule.title, sequence, rule.note))
        return [self._event(line, self._slot(day)) for day in self._day_numbers(rule.days)] if line else []

    def _order_line(self, order: TemplateOrder, sequence: int) -> _Line | None:
        agent = self._setting.agents.get(order.agent)
        kind = "infusion" if order.continuous else "cell_infusion" if order.role == "cell therapy" else "administration"
        dose = compute_dose(order, self._basis, agent)
        expected = OPEN_DOSE if self._dose_is_open(order) else ""
        words = "; ".join(filter(None, (dose.missing, expected, order.note)))
        name = agent.name if agent else order.agent
        line = self._placed_line(order, kind, name, sequence, words, dose)
        return self._line(order, replace(line, state=State.PROVISIONAL) if expected else line)

    def _dose_is_open(self, order: TemplateOrder) -> bool:
        """Whether the dose is another one, or none, until somebody takes an open decision."""
        if len(order.bands) == 1 and not order.bands[0].when:
            return False
        firm = {**self._answers.taken, **self._facts}
        return choose_band(order, firm)[0] is not choose_band(order, self._basis.facts)[0]

    def _administer(self, order: TemplateOrder, line: _Line, found: tuple[Slot, ...]) -> list[Event]:
        if not (self._change or order.escalation or line.placed.duration_h is not None):
            return self._plain_events(line, found)
        if not order.escalation:
            return [self._event(line, slot) for slot in found]
        agent = self._setting.agents.get(order.agent)
        return [self._event(line, slot, compute_dose(order, self._basis, agent, slot.number)) for slot in found]

    def _plain_events(self, line: _Line, found: tuple[Slot, ...]) -> list[Event]:
        """The short way for what most of a course is: one dose, no length, nothing changed.

        The events are made as bare tuples: for thousands of them, the named call costs as much as all the rest.
        """
        start, placed, sequence, state, dose = self._cycle.start, line.placed, line.sequence, line.state, line.dose
        words = {note: "; ".join(filter(None, (note, line.words))) for note in {slot.note for slot in found}}
        new = tuple.__new__
        return [
            new(Event, (start + days, minute, sequence, placed, day, state, dose, start + days, -1, -1, words[note]))
            for day, days, minute, _, note in found
        ]

    def _line(self, order: TemplateOrder | TemplateAssessment, line: _Line) -> _Line | None:
        """The line as its order's condition leaves it: firm, provisional with the reason, or None where it fails."""
        if not order.when:
            return line
        holds, open_decision = self._answers.judge(order.when, self._facts)
        if holds is False:
            return None
        if holds and not open_decision:
            return line
        words = line.words
        if holds is None:
            missing = ", ".join(order.when.unknown(self._basis.facts))
            words = "; ".join(filter(None, (f"only if {order.when}; not recorded: {missing}", words)))
        return replace(line, state=State.PROVISIONAL, words=words)

    def _placed_line(
        self, order: Template, kind: str, name: str, sequence: int, words: str = "", dose: ComputedDose | None = None
    ) -> _Line:
        drug = order if isinstance(order, TemplateOrder) else None
        agent = self._setting.agents.get(drug.agent) if drug else None
        placed = PlacedOrder(
            id=f"{self._block.id}/{self._cycle.number}/{order.id}",
            block=self._block,
            cycle=self._cycle.number,
            order=order,
            kind=kind,
            agent=drug.agent if drug else "",
            agent_name=name,
            role=drug.role if drug else "procedure" if kind == "procedure" else "assessment",
            route=drug.route if drug else "",
            evidence=order.evidence,
            duration_h=drug.duration_h if drug else None,
            note="" if isinstance(order, TemplateDecision) else order.note,
            plain_words=agent.plain_words if agent else "",
        )
        state = State.PROVISIONAL if self._block.provisional else State.PLANNED
        return _Line(placed, sequence, state, dose, words)

    def _day_numbers(self, days: Days) -> tuple[int, ...]:
        if not days.to_end:
            return days.numbers
        phase = self._block.phase
        length = self._cycle.end - self._cycle.start
        more = tuple(phase.day_at(offset) for offset in range(phase.offset(days.numbers[-1]) + 1, length))
        return days.numbers + more

    def _weekdays(self, order: TemplateOrder, days: tuple[int, ...]) -> tuple[int, ...]:
        """Those of the days that fall on the order's weekdays; ordinal 1 was a Monday."""
        if not order.weekdays:
            return days
        first, phase = self._cycle.start, self._block.phase
        return tuple(day for day in days if (first + phase.offset(day) - 1) % 7 in order.weekdays)

    def _slot(self, day: int) -> Slot:
        return Slot(day, self._block.phase.offset(day), NO_TIME, 0, "")

    def _event(self, line: _Line, slot: Slot, dose: ComputedDose | None = None) -> Event:
        placed, state, minute = line.placed, line.state, slot.minute
        due = day_on = self._cycle.start + slot.offset
        if self._change:
            day_on += self._change.shift(placed.order, slot.day)
            if self._change.omits(slot.day, placed.order.id):
                state = State.OMITTED
            elif day_on != due and state is State.PLANNED:
                state = State.DEFERRED
        end_day, end_minute = -1, -1
        if placed.duration_h is not None and minute >= 0:
            ends = minute + int(placed.duration_h * 60)
            end_day, end_minute = day_on + ends // 1440, ends % 1440
        words = "; ".join(filter(None, (slot.note, line.words)))
        return Event(
            day_on, minute, line.sequence, placed, slot.day, state, dose or line.dose, due, end_day, end_minute, words
        )


def _anchors_first(orders: tuple[TemplateOrder, ...]) -> list[TemplateOrder]:
    """Orders that others hang on come before them; the file's order decides otherwise."""
    done: list[TemplateOrder] = []
    waiting = list(orders)
    while waiting:
        names = {order.id for order in waiting}
        ready = [order for order in waiting if order.anchor is None or order.anchor.order_id not in names]
        done += ready or waiting
        waiting = [order for order in waiting if order not in done]
    return done
