"""What is kept between the checks of one patient's plan. It makes checks fast and changes no answer."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from operator import attrgetter

from planner.checking.checker import Checker
from planner.checking.findings import Telling
from planner.checking.hits import FAILED
from planner.checking.known import Known, Read
from planner.checking.moved import AnyHit, reworded
from planner.checking.pieces import Piece
from planner.checking.rulings import Ruling, failed
from planner.checking.shelf import Shelf
from planner.checking.together import Together
from planner.model.agent import Agent
from planner.model.body import MOSTELLER
from planner.model.evidence import NOT_IN_FORCE
from planner.model.fact_words import condition_words, names_of
from planner.model.finding import Finding
from planner.model.patient import Patient
from planner.model.plan import Plan
from planner.model.rule import SequencingRule
from planner.model.rule_kinds import selectors_of, unset_parameters
from planner.model.schedule import Schedule

MEMORIES_KEPT = 4
"""Plans whose verdicts are kept at a time: some windows, and what is compared with them."""
CHECKS_KEPT = 250
"""Checks after which a memory begins anew. Every move leaves verdicts that are asked for again only where the plan
comes back to where it stood; a check of the whole plan is the price (30 ms on three years) for a long day that weighs
no more than a short one."""
_memories: "deque[Memory]" = deque(maxlen=MEMORIES_KEPT)

BY_AGE = ("patient_state", "recovery_gate", "reduced_dose", "dose_ratio")
"""Kinds that ask how old a result is."""

MakeRuling = Callable[[int, SequencingRule, Known], Ruling]


class Memory:
    """The rules and one patient, with every verdict so far."""

    def __init__(
        self,
        rules: Sequence[SequencingRule],
        agents: Mapping[str, Agent],
        patient: Patient,
        make: MakeRuling,
        formula: str = MOSTELLER,
    ) -> None:
        self.rules = rules
        self.agents = agents
        self.patient = patient
        self.shelf = Shelf()
        self.checks = 0
        self.in_force = [rule for rule in rules if rule.status not in NOT_IN_FORCE]
        self._make = make
        self.formula = formula
        self._known = Known(patient, agents, formula, frozenset(chain.from_iterable(map(_ages, self.in_force))))
        self.together = Together(self.in_force, self._known.meaning, self.shelf)
        self._era: int | None = None
        self._unknown: list[tuple[str, ...] | None] = []
        self._conditional = [number for number, one in enumerate(self.in_force) if one.when or one.unless]
        """The rules that ask whether they apply at all."""
        self._checker: Checker | None = None
        self._findings: dict[int, list[Finding]] = {}
        self._telling = [Telling(rule) for rule in self.in_force]

    @cached_property
    def _asked(self) -> frozenset[str]:
        """The agents that some rule in force names, by themselves or by a class."""
        named = [one for rule in self.in_force for _, one in selectors_of(rule.parameters) if not one.negated]
        agents = {one.name for one in named if one.by == "agent"}
        return frozenset(agents).union(*(self._known.meaning.members(one.name) for one in named if one.by == "class"))

    def unasked(self) -> tuple[str, ...]:
        """The other medicines of the patient that the library knows and no rule names."""
        taken = [self._known.agents.get(self._known.meaning.resolve(one.agent)) for one in self.patient.co_medications]
        return tuple(dict.fromkeys(one.name for one in taken if one and one.id not in self._asked))

    def become(self, patient: Patient) -> bool:
        """Go on with the same patient as recorded now; False where too much changed for that.

        Verdicts that rest on what changed are dropped; all are where the rules themselves would be made otherwise.
        """
        differs = self._known.become(patient)
        if differs is None:
            return False
        self.patient, self._era = patient, None
        if self._checker is not None:
            if any(differs.any_of(one.made_by) for one in self._checker.rulings.values() if one.made_by):
                self._checker = None
            else:
                self._checker.forget(differs)
        return True

    def check(self, plan: Plan, schedule: Schedule) -> list[Finding]:
        """All findings, rule by rule."""
        return self.check_pieces(plan, schedule, self.shelf.pieces(schedule))

    def check_pieces(self, plan: Plan, schedule: Schedule, pieces: Sequence[Piece]) -> list[Finding]:
        """All findings on these pieces."""
        if not pieces:
            return []
        self.checks += 1
        checker = self.judged(plan, schedule, pieces)
        for number in {number for number, _ in checker.changes}:
            self._findings[number] = self._speak(checker, number)
        checker.changes.clear()
        return [finding for number in sorted(self._findings) for finding in self._findings[number]]

    def end(self) -> None:
        """Drop every verdict: findings that undo keeps would hold all of them, and they hold one another in circles,
        which only a full round of the garbage collector takes apart.
        """
        if self._checker is not None:
            self._checker.end()

    def judged(self, plan: Plan, schedule: Schedule, pieces: Sequence[Piece]) -> Checker:
        """The checker with its verdicts on these pieces, which need not stand where the schedule has them."""
        checker = self._ready(min(map(attrgetter("begins"), pieces)))
        checker.check(plan, schedule, self.together.pieces(pieces))
        return checker

    def _ready(self, first_day: int) -> Checker:
        """The checker of the rules that may apply; a new one where the first day of the plan changes which do."""
        era = self._known.era(first_day)
        if era != self._era:
            self._era = era
            unknown: list[tuple[str, ...] | None] = [()] * len(self.in_force)
            for number in self._conditional:
                unknown[number] = self._unknown_of(self.in_force[number], first_day)
            if unknown != self._unknown:
                self._unknown, self._checker = unknown, None
        if self._checker is None:
            self._findings.clear()
            rules = zip(self.in_force, self._unknown, strict=True)
            rulings = [self._made(number, rule) for number, (rule, known) in enumerate(rules) if known is not None]
            self._checker = Checker(rulings, self._known)
        return self._checker

    def _made(self, number: int, rule: SequencingRule) -> Ruling:
        """The rule made ready, with what was asked of the patient for that."""
        before, noted = self._known.noting, set[Read]()
        self._known.noting = noted
        ruling = self._make(number, rule, self._known)
        self._known.noting = before
        ruling.made_by = noted
        return ruling

    def _unknown_of(self, rule: SequencingRule, day: int) -> tuple[str, ...] | None:
        """The facts that would tell whether the rule applies, none where it does; None where it does not."""
        facts = self._known.facts(day)
        if rule.unless and rule.unless.holds(facts):
            return None
        if not rule.when:
            return ()
        applies = rule.when.holds(facts)
        if applies is False or (applies is None and rule.unrecorded == "passes"):
            return None
        return () if applies else rule.when.unknown(facts)

    def _speak(self, checker: Checker, number: int) -> list[Finding]:
        rule, hits, unknown = self.in_force[number], checker.hits(number), self._unknown[number]
        telling = self._telling[number]
        broken = next((hit for hit in hits if hit.of.key == FAILED), None)
        if broken:
            return telling.tell([broken])
        if unknown and hits and not unset_parameters(rule.kind, rule.parameters):
            hits = (_if_it_applies(rule, hits, unknown),)
        try:
            return telling.tell(hits)
        except Exception as error:  # noqa: BLE001 as in judging: told, never a pass
            return telling.tell([failed(rule, error)])


def _ages(rule: SequencingRule) -> Iterator[int]:
    """After how many days results are too old for the rule."""
    for name in ("within_days", "clears_for_days") if rule.kind in BY_AGE else ():
        days = rule.parameters.get(name)
        if isinstance(days, int):
            yield days


def take(rules: Sequence[SequencingRule], agents: Mapping[str, Agent], plan: Plan, make: MakeRuling) -> Memory:
    """The memory of these rules and the plan's patient, for this caller alone; a new one where there is none.

    One of the same patient as recorded otherwise goes on with what still holds.
    """
    patient, formula = plan.patient, plan.bsa_formula
    for memory in sorted(_memories, key=lambda one: one.patient != patient):
        mine = memory.rules is rules and memory.agents is agents and memory.patient.id == patient.id
        if mine and memory.formula == formula and _claimed(memory):
            if memory.patient == patient or memory.become(patient):
                return memory
            put_back(memory)
    return Memory(rules, agents, patient, make, formula)


def _claimed(memory: Memory) -> bool:
    """Whether it is this caller's alone from now on; not where another thread was faster."""
    try:
        _memories.remove(memory)
    except ValueError:
        return False
    return True


def put_back(memory: Memory) -> None:
    """Keep a memory for the next check. One whose check raised is never put back, and one that is full ends."""
    if memory.checks < CHECKS_KEPT:
        _memories.append(memory)
    else:
        memory.end()


def forget() -> None:
    """Drop everything that is kept."""
    _memories.clear()


def _if_it_applies(rule: SequencingRule, hits: Sequence[AnyHit], unknown: tuple[str, ...]) -> AnyHit:
    """What the rule would say if it applied, as one thing that cannot be checked."""
    applies = condition_words(rule.when)
    unclear = f"Cannot tell whether this rule applies ({applies}): {names_of(unknown)} not recorded."
    first = hits[0].of
    return reworded(
        hits[0],
        message=f"{unclear} If it does: {first.message}",
        inputs=(("applies when", applies), *first.inputs),
        missing=unknown,
        times=sum(hit.of.times for hit in hits),
        key="applies",
    )
