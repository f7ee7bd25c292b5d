"""All rules over small plans made of all rules' own cases, edited at random: what is remembered changes no finding.

Cases are what a rule must speak about and its near misses, so every kind speaks, and edits lie where it matters.
"""

import gc
import random
import weakref
from functools import cache
from itertools import chain
from typing import NamedTuple

import pytest
from msgspec.structs import replace

from planner.checking import near, rings, shelf
from planner.checking.check import CHECKS, make_ruling
from planner.checking.memory import Memory
from planner.model.plan import Plan
from planner.model.rule import RuleExample, SequencingRule
from planner.model.schedule import OpenDecision, PlacedContent, Schedule
from tests.builders import example_holds, example_patient, example_plan, example_schedule
from tests.checking.shipped import library
from tests.checking.test_incremental import FOR_SITES, parting

SPAN = 150
"""Days over which the parts of a plan are strewn, so that most lie near each other."""
SHARE = 1 / 3
MOST = 9
"""Parts of one plan."""
RULES = [*(rule for rule in library().rules), *FOR_SITES]


class _Case(NamedTuple):
    """A case of a rule as a plan."""

    kind: str
    rule: SequencingRule
    example: RuleExample
    pieces: tuple[PlacedContent, ...]
    decisions: tuple[OpenDecision, ...]


@cache
def _stock() -> tuple[_Case, ...]:
    """Every case of every rule."""
    found = []
    for rule in RULES:
        for example in rule.examples:
            patient = example_patient(example.patient, example.co_medications, example.prior)
            schedule = example_schedule(example.events, patient)
            found.append(_Case(rule.kind, rule, example, schedule.pieces, schedule.decisions))
    return tuple(found)


@cache
def _cases_of(kind: str) -> list[int]:
    return [number for number, case in enumerate(_stock()) if case.kind == kind]


def _any_case(dice: random.Random) -> int:
    """Each kind as often as any other."""
    return dice.choice(_cases_of(dice.choice(sorted({case.kind for case in _stock()}))))


def _plan(course: "_Course") -> Plan:
    """A patient with the facts, medicines, earlier treatment and records of what was given of the first cases."""
    examples = [_stock()[part.case].example for part in course.parts[:3]]
    facts = dict(chain.from_iterable(example.patient for example in examples))
    medicines = chain.from_iterable(example.co_medications for example in examples)
    prior = chain.from_iterable(example.prior for example in examples)
    given = chain.from_iterable(example_plan(example).given for example in examples)
    return Plan("p", example_patient(tuple(facts.items()), list(medicines), list(prior)), given=tuple(given))


def _held(plan: Plan, course: "_Course") -> Plan:
    """The plan with the stops that the cases in it name now."""
    return replace(
        plan,
        modifications=tuple(
            replace(stop, block=f"{stop.block}-{part.number}")
            for part in course.parts
            for stop in example_holds(_stock()[part.case].example.events)
        ),
    )


class _Part:
    """One case in the plan: which, and by how many days it was moved."""

    def __init__(self, number: int, case: int, days: int) -> None:
        self.number, self.case, self.days = number, case, days

    def placed(self) -> tuple[list[PlacedContent], list[OpenDecision]]:
        """Its pieces and decisions where they stand now."""
        pieces, decisions = _stock()[self.case][-2:]
        blocks = {piece.block.id: self._moved(piece.block) for piece in pieces}
        return (
            [
                replace(piece, start=piece.start + self.days, rank=self.number * 1000, block=blocks[piece.block.id])
                for piece in pieces
            ],
            [
                replace(one, block=blocks[one.block].id, day=one.day + self.days)
                for one in decisions
                if one.block in blocks
            ],
        )

    def _moved(self, block):
        cycles = tuple(replace(one, start=one.start + self.days, end=one.end + self.days) for one in block.cycles)
        return replace(
            block,
            id=f"{block.id}-{self.number}",
            start=block.start + self.days,
            end=block.end + self.days,
            cycles=cycles,
        )


class _Course:
    """A plan of some cases, and the random edits of it."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._next = 0
        self.parts: list[_Part] = []
        self.before: list[_Part] = []
        """The parts before the last edit."""
        for _ in range(dice.randint(2, 6)):
            self.add()

    def add(self) -> None:
        """One more case somewhere."""
        if len(self.parts) < MOST:
            self.parts.append(_Part(self._next, _any_case(self._dice), self._dice.randrange(SPAN)))
            self._next += 1

    def remove(self) -> None:
        """One case less."""
        if len(self.parts) > 1:
            self.parts.remove(self._dice.choice(self.parts))

    def move(self) -> None:
        """One case elsewhere, mostly not far."""
        self._dice.choice(self.parts).days += self._dice.choice((-30, -7, -3, -2, -1, 1, 2, 3, 7, 30))

    def back(self) -> None:
        """The edit before is taken back."""
        self.parts = self.before or self.parts

    def ripple(self) -> None:
        """Everything from one case on moves."""
        days = self._dice.choice((-7, -1, 1, 2, 14))
        for part in self.parts[self._dice.randrange(len(self.parts)) :]:
            part.days += days

    def shift(self) -> None:
        """All of the plan moves: only what stands outside it stays."""
        days = self._dice.choice((-90, -40, -5, 5, 40, 90))
        for part in self.parts:
            part.days += days

    def change(self) -> None:
        """Another case of the same kind in the same place: mostly other doses or days."""
        part = self._dice.choice(self.parts)
        part.case = self._dice.choice(_cases_of(_stock()[part.case].kind))

    def schedule(self) -> Schedule:
        """The plan in dates."""
        placed = [part.placed() for part in self.parts]
        pieces = tuple(chain.from_iterable(some for some, _ in placed))
        blocks = sorted({piece.block.id: piece.block for piece in pieces}.values(), key=lambda one: one.start)
        return Schedule(pieces, tuple(blocks), tuple(chain.from_iterable(some for _, some in placed)))


EDITS = (
    *[_Course.move] * 8,
    *[_Course.ripple] * 3,
    *[_Course.change] * 3,
    _Course.shift,
    _Course.add,
    _Course.remove,
    *[_Course.back] * 6,
)


def _rules(dice: random.Random, course: "_Course") -> list[SequencingRule]:
    """The rules whose cases the plan began with, and a third of all others, so that many edits can be tried."""
    first = {id(_stock()[part.case].rule) for part in course.parts}
    return [rule for rule in RULES if id(rule) in first or dice.random() < SHARE]


def _session(seed: int, edits: int) -> None:
    dice = random.Random(seed)
    course, agents = _Course(dice), library().agents
    rules, plan = _rules(dice, course), _plan(course)
    remembering = Memory(rules, agents, plan.patient, make_ruling)
    for number in range(edits):
        edit = dice.choice(EDITS)
        before = [_Part(part.number, part.case, part.days) for part in course.parts]
        edit(course)
        course.before = before
        schedule, plan = course.schedule(), _held(plan, course)
        remembered = remembering.check(plan, schedule)
        fresh = Memory(rules, agents, plan.patient, make_ruling).check(plan, schedule)
        assert remembered == fresh, (seed, number, edit.__name__, parting(remembered, fresh))


def test_a_shelf_that_nobody_needs_goes_at_once():
    """Checks begin anew all day long; what they knew must not wait for the garbage collector."""
    kept = shelf.Shelf()
    pieces = kept.pieces(Schedule(_stock()[0].pieces, (), ()))
    assert pieces
    gone = weakref.ref(kept)
    gc.disable()
    try:
        del kept
        assert gone() is None
    finally:
        gc.enable()


def test_a_memory_that_ended_judges_anew():
    """It drops its verdicts, also before it has any, and what is checked after that is found as by a new one."""
    dice = random.Random(1)
    course, agents = _Course(dice), library().agents
    rules, plan, schedule = _rules(dice, course), _plan(course), course.schedule()
    memory = Memory(rules, agents, plan.patient, make_ruling)
    memory.end()
    found = memory.check(plan, schedule)
    memory.end()
    assert found
    assert memory.check(plan, schedule) == Memory(rules, agents, plan.patient, make_ruling).check(plan, schedule)


def test_every_kind_has_a_case():
    assert {case.kind for case in _stock()} | {rule.kind for rule in FOR_SITES} >= set(CHECKS)


@pytest.mark.parametrize("seed", range(6))
def test_what_is_remembered_changes_no_finding(seed):
    _session(seed, 25)


def test_what_is_forgotten_changes_no_finding_either(monkeypatch):
    """Every verdict, piece and hit is forgotten as soon as there is another one."""
    monkeypatch.setattr(rings, "MEMO_LIMIT", 0)
    monkeypatch.setattr(near, "CODES_KEPT", 0)
    monkeypatch.setattr(shelf, "PIECES_KEPT", 2)
    monkeypatch.setattr(shelf, "PLACES_KEPT", 0)
    _session(7, 12)


def test_verdicts_kept_by_date_are_forgotten_past_their_number(monkeypatch):
    """A drug beside another medicine is told by date: each day it moves to is one more verdict to keep."""
    (wanted,) = (one for one in library().rules if one.id == "VC-03")
    patient, keep, kept = example_patient((), ["posaconazole 1-90"], []), rings._keep, []
    monkeypatch.setattr(rings, "MEMO_LIMIT", 2)
    monkeypatch.setattr(rings, "_keep", lambda some, *more: (keep(some, *more), kept.append(len(some))))
    remembering, (piece,) = (
        Memory([wanted], library().agents, patient, make_ruling),
        example_schedule(["1 vincristine 2 mg IV"], patient).pieces,
    )
    for days in range(8):
        block = replace(piece.block, start=piece.block.start + days, end=piece.block.end + days)
        moved = replace(piece, start=piece.start + days, block=block)
        assert len(remembering.check(Plan("p", patient), Schedule((moved,), (block,), ()))) == 1
    assert kept == [1, 2, 3, 1, 2, 3, 1, 2]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1000, 2000))
def test_what_is_remembered_changes_no_finding_for_long(seed):
    _session(seed, 97)
