"""Which answers a line of a cycle knows: those due before the cycle, and so much later where its first dose is put off.

An order knows the decisions that are due before its cycle starts. Where its first dose there is moved, by a deferral
or with a dose given on another day, those count that are due before the start moved by as many days: the answer is
there when the dose is given, or is not. What the cycle itself asks is for the next one.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from planner.assembly.calendar import GroupFacts
from planner.assembly.dosing import DosingBasis, choose_band
from planner.assembly.marks import Touching
from planner.assembly.moving import Room, moved_lines
from planner.assembly.template import CycleTemplate
from planner.assembly.times import Notes, Slot
from planner.model.condition import PENDING, Condition, Fact
from planner.model.cycle_content import CycleEvent, OrderLine, State
from planner.model.fact_words import condition_words, names_of
from planner.model.plan import Deferral
from planner.model.protocol import Phase, TemplateDecision, TemplateOrder
from planner.model.unsure import LACKS, ONLY_IF

_Given = tuple[tuple[tuple[str, int, int], int], ...]


class View(NamedTuple):
    """What is known of the patient, and which answers are known: what conditions and doses are judged by."""

    patient: Mapping[str, Fact]
    answers: GroupFacts
    basis: DosingBasis

    def with_answers(self, answers: GroupFacts) -> "View":
        """The same patient under other answers."""
        basis = DosingBasis({**answers.assumed, **self.patient}, self.basis.size)
        return View(self.patient, answers, basis)

    def judge(self, condition: Condition, state: State, words: Notes) -> tuple[State, Notes] | None:
        """State and notes of a line under its condition: firm, provisional with the reason, None where it fails."""
        if not condition:
            return state, words
        holds, open_decision = self.answers.judge(condition, self.patient)
        if holds is False:
            return None
        if holds and not open_decision:
            return state, words
        if holds is None:
            missing = names_of(condition.unknown(self.basis.facts))
            words = (f"{ONLY_IF}{condition_words(condition)}", f"{LACKS}{missing}", *words)
        return State.PROVISIONAL, words

    def leaves_dose_open(self, order: TemplateOrder) -> bool:
        """Whether the dose is another one, or none, until somebody takes an open decision."""
        if len(order.bands) == 1 and not order.bands[0].when:
            return False
        firm = {**self.answers.taken, **self.patient}
        return choose_band(order, firm)[0] is not choose_band(order, self.basis.facts)[0]


BARRED = 7
"""Days by which a dose may move further, off a weekday on which it is not given."""


class MovedBy(NamedTuple):
    """What moves the doses of a cycle, which has `length` days as it is now; `given` as in `Touching.given_on`."""

    deferrals: tuple[Deferral, ...]
    given: _Given
    length: int


def moved_by(template: CycleTemplate, touching: Touching, length: int, due: Iterable[int]) -> MovedBy | None:
    """What moves doses of a cycle of `length` days; None where that changes no answer that they know.

    `due` are the days from the first day of the cycle to each decision that it reads: one far from that day is known to
    all lines, or to none.
    """
    deferrals, given = touching.deferrals, tuple(touching.given_on.items())
    if not (deferrals or given):
        return None
    by_records = [0, *(on - template.phase.offset(day) for (_, day, _), on in given)]
    low = sum(min(one.days, 0) for one in deferrals) + min(by_records)
    high = sum(max(one.days, 0) for one in deferrals) + max(by_records)
    may_change = template.at_once or any(low - BARRED <= day <= high + BARRED for day in due)
    return MovedBy(deferrals, given, length) if may_change else None


class Moves:
    """The days by which each dose of each line is moved, found line by line, those that lead others first.

    Which lines lead depends on the answers that they know themselves: one that these leave out leads nothing.
    """

    def __init__(self, by: MovedBy | None, phase: Phase, weekday: int) -> None:
        self._by, self._phase, self._weekday = by, phase, weekday
        self._lines: list[list[CycleEvent]] = []
        self.days: dict[str, Sequence[int]] = {}

    def find(self, line: OrderLine, found: Sequence[Slot]) -> None:
        """Find how the doses of a line move, which lie where the protocol has them."""
        if self._by and found:
            lines = [*self._lines, _events(line, found)]
            room = Room(self._phase, self._weekday, self._by.length)
            moved = moved_lines(lines, self._by.deferrals, dict(self._by.given), room)[-1]
            self.days[line.order.id] = [to.offset - slot.offset for to, slot in zip(moved, found, strict=True)]

    def lead(self, line: OrderLine, left: Sequence[Slot]) -> None:
        """Take in what its answers leave of a line; others may hang on it."""
        if self._by and left:
            self._lines.append(_events(line, left))

    def first(self, order: str) -> int:
        """Days by which the first dose of an order, or an examination, is moved."""
        return next(iter(self.days.get(order, ())), 0)

    def of(self, order: str, number: int) -> int:
        """Days by which that dose of an order, from 0, is moved."""
        return self.days[order][number] if order in self.days else 0


def _events(line: OrderLine, found: Sequence[Slot]) -> list[CycleEvent]:
    length = int(line.duration_h * 60) if line.duration_h is not None else -1
    return [
        CycleEvent(one.offset, one.minute, 0, line, one.day, State.PLANNED, None, one.offset, length, ())
        for one in found
    ]


def due_later(template: CycleTemplate, due: Mapping[str, int], first: int) -> Mapping[str, int]:
    """The days of the decisions for an order of the next cycle: what this one asks, `first` or later, is due to it."""
    own = {
        one.order.id
        for one in template.decisions
        if isinstance(one.order, TemplateDecision) and template.phase.offset(one.order.day) >= 0
    }
    return {name: max(day, first) if name in own else day for name, day in due.items()}


def not_asked_yet(
    order: TemplateOrder, facts: Mapping[str, Fact], whole: GroupFacts, questions: Mapping[str, str]
) -> str:
    """Why an order has no dose where its bands wait for an answer that is not known by then; else empty."""
    asked = (clause.subject for band in order.bands for clause in band.when.clauses)
    for name in asked:
        if facts.get(name) == PENDING and name in questions:
            never = whole.assumed.get(name) == PENDING
            when = "is not asked in this course" if never else "is not asked before this dose"
            return f'no dose: it hangs on the answer to "{questions[name]}", which {when}'
    return ""
