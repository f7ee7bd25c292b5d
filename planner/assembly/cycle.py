"""The content of one cycle: what its template becomes for one patient, with one set of answers.

A content is made from its key alone: facts that the key does not hold cannot be read. So whoever asks with the same key
gets the same object, and that is always right.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from msgspec.structs import replace

from planner.assembly.bag_events import bag_events
from planner.assembly.calendar import GroupFacts
from planner.assembly.changes import taken_along
from planner.assembly.days import accepted_days, after_gates, rules_of_days, with_notes
from planner.assembly.dosing import NO_BAND, DosingBasis, Size, choose_band, compute_dose
from planner.assembly.knowing import MovedBy, Moves, View, due_later, not_asked_yet
from planner.assembly.marks import Touching
from planner.assembly.pattern import Fillable, fillable
from planner.assembly.redosed import Dosing
from planner.assembly.template import DECISION_PLACE, CycleTemplate, Drug, Sign
from planner.assembly.times import NO_TIME, Notes, Slot, filled, slots
from planner.assembly.touched import apply
from planner.model.condition import Fact
from planner.model.cycle_content import ComputedDose, CycleContent, CycleEvent, EventRun, OrderLine, State
from planner.model.patient import AGE, AGE_AT_ENTRY
from planner.model.plan import BagPlan
from planner.model.protocol import Days, TemplateDecision, TemplateOrder

CONTENTS = 2048
"""Contents that are kept of each sort; a long course has some dozens."""

OPEN_DOSE = "the dose is the expected one: a decision is open"

Facts = tuple[Fact | None, ...]


class CycleKey(NamedTuple):
    """All that the content of a cycle depends on before anybody changes it.

    `known` are the values of the template's patient facts on the day it begins, `assumed` and `taken` those of its
    answers without regard to the day; None where there is no such fact. `due` are the days from the first day to each
    decision the template reads. `length` are the cycle's days; `cut` tells that nothing may fall after them. `weekday`
    is that of the first day (0 for Monday), -1 where no line keeps to or shuns weekdays. `waits` is the answer that put
    its block off. `birthday` are the days from that on which it begins to the patient's next one, where a dose asks for
    that age; -1 where there is none. `moved` is what moves its doses, where that tells which answers they know. What
    doses are computed on stands beside it, as a `Size`.
    """

    template: CycleTemplate
    known: Facts
    assumed: Facts
    taken: Facts
    due: tuple[int | None, ...]
    length: int
    cut: bool
    weekday: int
    provisional: bool
    waits: str = ""
    birthday: int = -1
    moved: MovedBy | None = None


@lru_cache(maxsize=CONTENTS)
def content_of(key: CycleKey, size: Size) -> CycleContent:
    """The content of a cycle that nobody changed."""
    ready = _ready(key)
    if ready.fillable is not None:
        filled = ready.fillable.fill(size)
        if filled is not None:
            return filled
    content = CycleContent.of(_Cycle(key, size).runs())
    if not ready.is_made:
        ready.take(fillable(content))
    return content


class _Ready:
    """What one content leaves for the next patient; nothing before the first is made."""

    def __init__(self) -> None:
        self.is_made = False
        self.fillable: Fillable | None = None

    def take(self, made: Fillable | None) -> None:
        """Keep what the first content leaves."""
        self.is_made, self.fillable = True, made


@lru_cache(maxsize=CONTENTS)
def _ready(_: CycleKey) -> _Ready:
    """Kept by all that a content depends on besides the size of the patient and the habits of the site."""
    return _Ready()


@lru_cache(maxsize=CONTENTS)
def changed_content(key: CycleKey, size: Size, touching: Touching) -> CycleContent:
    """The content of a cycle with its changes."""
    orders = apply(_unchanged(key, size, touching), touching, _Cycle(key, size).dosing())
    if key.cut:
        orders = [
            [event for event in events if event.state is State.GIVEN or _stays(event.line, event.offset, key)]
            for events in orders
        ]
    return CycleContent.of_events(orders)


def _unchanged(key: CycleKey, size: Size, touching: Touching) -> list[list[CycleEvent]]:
    """The cycle as planned, each line as if the cycle had the days that the line is drawn for."""
    lengths = {touching.planned, *(_drawn_for(drug.order, key, touching) for drug in key.template.drugs)}
    return [
        events
        for length in sorted(lengths)
        for events in content_of(key._replace(cut=False, length=length), size).orders()
        if length == _drawn_for(events[0].line.order, key, touching)
    ]


def _drawn_for(order: object, key: CycleKey, touching: Touching) -> int:
    """The days of the cycle that a line is drawn for, before any of its doses moves.

    A line that keeps its days runs on through the days that a deferral adds; one that is taken along ends so much
    earlier that it ends with the cycle. Where an end rule cuts the cycle, the rest is drawn up to the cut, as where
    nobody changes anything: what is cut leads nothing, and nothing moves off an excluded weekday to a day that is cut.
    What a deferral brings forward may come from behind the cut: then all is drawn.
    """
    planned = touching.planned
    if not isinstance(order, TemplateOrder):
        return planned
    if order.begins:
        along = taken_along(order, touching.deferrals)
        ends = min(planned + touching.grown, key.length) if key.cut and order.not_on else planned + touching.grown
        return max(1, ends - along)
    if order.keeps_its_days:
        return key.length if key.length > planned or (key.cut and order.not_on) else planned
    forward = any(one.days < 0 for one in touching.deferrals)
    return min(key.length, planned) if key.cut and not forward else planned


@lru_cache(maxsize=CONTENTS)
def with_bags(content: CycleContent, template: CycleTemplate, bags: tuple[BagPlan, ...], start: int) -> CycleContent:
    """The content with the bags of its infusions. They depend on the day it starts on: weekdays, and dates in words."""
    hung = bag_events(content.orders(), bags, template, start)
    drawn = CycleContent.of_events(hung).runs
    decisions = [run for run in content.runs if run.line.kind == "decision"]
    others = [run for run in content.runs if run.line.kind != "decision"]
    return CycleContent.of((*others, *drawn, *decisions))


def _stays(line: OrderLine, offset: int, key: CycleKey) -> bool:
    """Whether an end rule that cuts the cycle leaves the event: it falls before the end, or is a decision."""
    return offset < key.length or isinstance(line.order, TemplateDecision)


_Line = tuple[ComputedDose, State, Notes]
"""Dose, state and notes of an order."""


class _Cycle:
    """Makes the runs of one content and is then dropped."""

    def __init__(self, key: CycleKey, size: Size) -> None:
        template = key.template
        self._key, self._template, self._phase = key, template, template.phase
        self._whole = GroupFacts(_facts(template.answers, key.taken), _facts(template.answers, key.assumed))
        self._due = {name: day for name, day in zip(template.decisions_read, key.due, strict=False) if day is not None}
        basis = DosingBasis({}, size)
        known = _facts(template.patient_facts, key.known)
        self._view = View(known, self._whole, basis).with_answers(self._whole.on(0, self._due))
        self._moves = Moves(key.moved if self._due else None, self._phase, key.weekday)
        self._state = State.PROVISIONAL if key.provisional else State.PLANNED
        self._waits = tuple(sorted(self._gates()))
        self._no_day = f'no day set yet after "{key.waits}"' if key.waits else ""

    def runs(self) -> Iterator[EventRun]:
        """Assessments, drugs, decisions."""
        done: dict[str, tuple[Slot, ...]] = {}
        drugs = [run for drug in self._template.drugs for run in self._of_drug(drug, done)]
        for sign in self._template.signs:
            yield from self._of_sign(sign)
        yield from drugs
        for line in self._template.decisions:
            yield from self._of_decision(line)

    def dosing(self) -> Dosing:
        """What changed and added orders are computed from."""
        agents = {drug.order.agent: drug.agent for drug in self._template.drugs}
        key, starts = self._key, self._template.day_starts
        if key.moved:  # whose answers each line knows is found by drawing it
            list(self.runs())
        own = {order: self._view_of(order).basis for order in self._moves.days if self._moves.first(order)}
        return Dosing(self._phase, self._view.basis, agents, key.length, self._state, key.weekday, starts, own)

    def _view_of(self, order: str) -> View:
        """What is known to a line that follows decisions from the next cycle on."""
        late = self._moves.first(order)
        if not late:
            return self._view
        return self._view.with_answers(self._whole.on(late, due_later(self._template, self._due, late)))

    def _of_sign(self, sign: Sign) -> Iterator[EventRun]:
        found = tuple(map(self._slot, self._day_numbers(sign.rule.days)))
        self._moves.find(sign.line, found)
        waits = f"goes on when {sign.rule.gate}" if sign.rule.gate else ""
        judged = self._view_of(sign.rule.id).judge(sign.rule.when, self._state, filled(waits, sign.rule.note))
        if judged:
            state, words = judged
            words = (*filled(self._no_day), *words)
            yield from self._runs(sign.line, sign.place, state, None, words, found)

    def _gates(self) -> Iterator[tuple[int, str]]:
        """The offsets at which the cycle waits, each with what is to be said of the doses from there on."""
        for rule in (sign.rule for sign in self._template.signs if sign.rule.gate):
            day = rule.days.numbers[0]
            if self._view.judge(rule.when, self._state, ()):
                yield self._phase.offset(day), f"an estimate: Day {day} waits for {rule.gate}"

    def _of_decision(self, line: OrderLine) -> Iterator[EventRun]:
        """The question, as far as earlier answers let it be put."""
        decision = line.order
        if isinstance(decision, TemplateDecision):
            asked, unsure = self._whole.judge(decision.when, {})
            state = State.PROVISIONAL if unsure else self._state
            found = (self._slot(decision.day),) if asked is not False else ()
            yield from self._runs(line, DECISION_PLACE, state, None, (), found)

    def _of_drug(self, drug: Drug, done: dict[str, tuple[Slot, ...]]) -> Iterator[EventRun]:
        order, found = drug.order, None
        if self._key.moved:
            found = self._found(drug, done)
            self._moves.find(drug.line, found)
        view = self._view_of(order.id)
        line = None if order.at_once else self._line(drug, view)
        if not (line or order.at_once):
            return
        found = self._found(drug, done) if found is None else found
        if self._waits and not order.runs_through:
            found = after_gates(found, self._waits)
        if self._key.birthday >= 0:
            found = after_gates(found, tuple(self._older(drug, view)))
        parts = [(view, line, found)] if line else list(self._day_by_day(drug, found))
        done[order.id] = tuple(slot for _, _, part in parts for slot in part)
        self._moves.lead(drug.line, done[order.id])
        for told, said, part in parts:
            yield from self._given(drug, told, said, part)

    def _found(self, drug: Drug, done: Mapping[str, tuple[Slot, ...]]) -> tuple[Slot, ...]:
        """All doses that the protocol has for an order, whatever the answers leave of them."""
        order, starts = drug.order, self._template.day_starts
        minute = starts if order.id in self._template.timed else NO_TIME
        numbers = self._day_numbers(order.days)
        days, moved = accepted_days(order, numbers, self._phase, self._key.weekday, self._key.length)
        return with_notes(slots(order, days, self._phase, done, minute, starts), moved)

    def _older(self, drug: Drug, view: View) -> Iterator[tuple[int, str]]:
        """The birthday in the cycle with what is to be said from it on, where the dose goes by the age and differs."""
        age, basis = Decimal(str(view.patient[AGE])) + 1, view.basis
        older = DosingBasis({**basis.facts, AGE: age}, basis.size)
        if choose_band(drug.order, basis.facts)[0] is choose_band(drug.order, older.facts)[0]:
            return
        other = compute_dose(drug.order, older, drug.agent).protocol_dose or "no dose"
        day = self._phase.day_at(self._key.birthday)
        told = f"{age} years old from Day {day}, at which age the protocol gives {other}"
        yield self._key.birthday, f"{told}; drawn by the age on the cycle's first day"

    def _since_entry(self, drug: Drug, view: View) -> str:
        """That the age on the first day of the course gives another dose, or none of this order.

        Intrathecal ones go by the age of the day.
        """
        age, entry = (view.patient.get(name) for name in (AGE, AGE_AT_ENTRY))
        if age == entry or entry is None or drug.order.route == "IT":
            return ""
        basis = view.basis
        then = DosingBasis({**basis.facts, AGE: entry}, basis.size)
        told = f"by the age of {age} years; at {entry}, the age on the first day of the course, the protocol"
        if drug.order.when and drug.order.when.holds(then.facts) is False:
            return f"{told} gives another order, or none"
        if choose_band(drug.order, basis.facts)[0] is choose_band(drug.order, then.facts)[0]:
            return ""
        return f"{told} gives {compute_dose(drug.order, then, drug.agent).protocol_dose or 'no dose'}"

    def _day_by_day(self, drug: Drug, found: tuple[Slot, ...]) -> Iterator[tuple[View, _Line, tuple[Slot, ...]]]:
        """The doses of an order that follows decisions at once, each by the answers known on the day it falls on."""

        def day(slot: Slot) -> int:
            return slot.offset + self._moves.of(drug.order.id, slot.number)

        for _, same in groupby(found, lambda slot: self._view.answers.pending(day(slot))):
            part = tuple(same)
            view = self._view.with_answers(self._view.answers.as_of(day(part[0])))
            line = self._line(drug, view)
            if line:
                yield view, line, part

    def _line(self, drug: Drug, view: View) -> _Line | None:
        """Dose, state and notes of an order; None where its condition fails."""
        order = drug.order
        dose = compute_dose(order, view.basis, drug.agent)
        if dose.missing == NO_BAND:
            why = not_asked_yet(order, view.basis.facts, self._whole, self._template.questions)
            dose = replace(dose, missing=why or dose.missing)
        is_open = view.leaves_dose_open(order)
        expected = OPEN_DOSE if is_open else ""
        words = filled(
            dose.missing, expected, self._no_day, self._since_entry(drug, view), *rules_of_days(order), order.note
        )
        judged = view.judge(order.when, State.PROVISIONAL if is_open else self._state, words)
        return (dose, *judged) if judged else None

    def _given(self, drug: Drug, view: View, line: _Line, found: tuple[Slot, ...]) -> Iterator[EventRun]:
        dose, state, words = line
        if not drug.order.varies:
            yield from self._runs(drug.line, drug.place, state, dose, words, found)
            return
        for slot in found:
            raised = compute_dose(drug.order, view.basis, drug.agent, slot.number)
            why = raised.missing if raised.missing not in words else ""
            yield from self._runs(drug.line, drug.place, state, raised, (*filled(why), *words), (slot,))

    def _runs(
        self,
        line: OrderLine,
        place: int,
        state: State,
        dose: ComputedDose | None,
        words: Notes,
        found: tuple[Slot, ...],
    ) -> Iterator[EventRun]:
        length = int(line.duration_h * 60) if line.duration_h is not None else -1
        if self._key.cut:
            found = tuple(slot for slot in found if _stays(line, slot.offset, self._key))
        for notes, offsets, minutes, days in _columns(found):
            yield EventRun(line, place, offsets, minutes, days, state, dose, 0, length, notes + words)

    def _day_numbers(self, days: Days) -> tuple[int, ...]:
        if not days.to_end:
            return days.numbers
        first = self._phase.offset(days.numbers[-1]) + 1
        return days.numbers + tuple(self._phase.day_at(offset) for offset in range(first, self._key.length))

    def _slot(self, day: int) -> Slot:
        return Slot(day, self._phase.offset(day), NO_TIME, 0)


def _facts(names: Iterable[str], values: Facts) -> dict[str, Fact]:
    return {name: value for name, value in zip(names, values, strict=True) if value is not None}


@lru_cache(maxsize=CONTENTS)
def _columns(found: tuple[Slot, ...]) -> tuple[tuple[Notes, tuple[int, ...], tuple[int, ...], tuple[int, ...]], ...]:
    """The slots as (notes, offsets, minutes, day numbers), one for each notes. Kept, so that contents share them."""
    by_notes: dict[Notes, list[Slot]] = {}
    for slot in found:
        by_notes.setdefault(slot.notes, []).append(slot)
    return tuple(
        (
            notes,
            tuple(slot.offset for slot in alike),
            tuple(slot.minute for slot in alike),
            tuple(slot.day for slot in alike),
        )
        for notes, alike in by_notes.items()
    )
