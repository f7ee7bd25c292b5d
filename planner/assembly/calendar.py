"""Blocks and cycles to dates: anchors, decisions, ends by anchor, deferrals."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from operator import attrgetter
from typing import NamedTuple

from msgspec import Struct

from planner.assembly.answered import answered
from planner.assembly.changes import Changes
from planner.assembly.facts import known_by_day
from planner.assembly.put_off import put_off
from planner.model.civil import add_months, clinical_date
from planner.model.condition import PENDING, Clause, Condition, Fact
from planner.model.day_words import shift_words
from planner.model.fact_words import all_of, any_of, condition_words
from planner.model.patient import AGE_AT_ENTRY
from planner.model.plan import Block, Given, Plan
from planner.model.protocol import Choice, EndRule, Phase, Protocol
from planner.model.schedule import PlacedBlock, PlacedCycle, Reason

ON_A_DATE = (Reason("starts on {start}"),)
SLIPPED = "starts on {}"
AFTER_A_BLOCK = "starts after {} ends on {}{}"
FROM_A_DAY = "starts on Day {} of {}, {}{}"

Start = tuple[int, bool, tuple[Reason | str, ...]]
"""First day, whether it hangs on something provisional, and how it came about."""

BY_START = attrgetter("start")

SHORT_OF_ITS_END = "the cycles on the plan end before that date"

GIVEN_ALREADY = "stays on the plan as far as it was given, although this no longer holds"


class GroupFacts(Struct, frozen=True):
    """Answers of one placement: `taken` by people, `assumed` adds the expected answer of each open decision.

    `whole` are the answers without regard to the day, `due` the days of the decisions, where some lie ahead.
    """

    taken: Mapping[str, Fact]
    assumed: Mapping[str, Fact]
    whole: "GroupFacts | None" = None
    due: Mapping[str, int] = {}

    def on(self, day: int, due: Mapping[str, int]) -> "GroupFacts":
        """The answers as orders of a cycle that starts on `day` know them: a decision not yet due is "pending".

        So "15 mg when in molecular remission" holds from the first cycle after the decision on, not from the start.
        """
        ahead = {f"decision.{decision}": PENDING for decision, on in due.items() if on >= day}
        return GroupFacts({**self.taken, **ahead}, {**self.assumed, **ahead}, self, due) if due else self

    def pending(self, day: int) -> frozenset[str]:
        """The decisions that are not due before that day."""
        return frozenset(decision for decision, on in self.due.items() if on >= day)

    def as_of(self, day: int) -> "GroupFacts":
        """The answers as an order that follows decisions at once knows them on that day."""
        return self.whole.on(day, self.due) if self.whole else self

    def judge(self, condition: Condition, more: Mapping[str, Fact]) -> tuple[bool | None, bool]:
        """Whether the condition holds under the assumed answers, and whether that rests on an open decision."""
        verdict = condition.holds({**self.assumed, **more})
        return verdict, verdict is True and condition.holds({**self.taken, **more}) is not True


def group_facts(plan: Plan, block: Block, protocol: Protocol) -> GroupFacts:
    """Variants chosen and decisions taken for the block's placement, as facts for conditions."""
    facts: dict[str, Fact] = {f"variant.{variant.id}": variant.default for variant in protocol.variants}
    facts |= {f"variant.{variant}": choice for variant, choice in block.choices}
    taken = {f"decision.{one.decision}": one.choice for one in plan.decisions if one.group == block.group}
    expected = {f"decision.{decision.id}": decision.expected for decision in protocol.decisions}
    known, assumed = {**facts, **taken}, {**facts, **expected, **taken}
    for decision in protocol.decisions:
        for answers in (known, assumed) if decision.when else ():
            if decision.when.holds(answers) is False:
                answers[f"decision.{decision.id}"] = PENDING
    return GroupFacts(known, assumed)


class _Terms(NamedTuple):
    """Where a block comes from; `asks` tells that more than its start decides about it."""

    protocol: Protocol
    phase: Phase
    asks: bool


class _Judged(NamedTuple):
    """What a phase's conditions and end rules make of a block: the day it is cut at, and why, in words."""

    provisional: bool
    unknown: tuple[str, ...]
    until: int | None
    why: tuple[str, ...]
    waits: str = ""


class Calendar:
    """Places the blocks of one plan. Made for one assembly and then dropped; each block is placed once."""

    def __init__(self, plan: Plan, protocols: Mapping[str, Protocol], changes: Changes) -> None:
        self._plan = plan
        self._protocols = protocols
        self._changes = changes
        self.closed_behind, self.closes_in = changes.closed_behind, changes.closes_in
        self._is_quiet = changes.is_quiet
        self._known = known_by_day(plan.patient, plan.bsa_formula)
        self.measurement = self._known.measurement
        self.has_decisions = any(protocol.decisions for protocol in protocols.values())
        self._placed: dict[str, PlacedBlock | None] = {}
        self._starts: dict[str, Start] = {}
        self._phases: dict[tuple[str, str], _Terms] = {}
        self._answers: dict[tuple[object, ...], GroupFacts] = {}
        self._entries: dict[str, int] = {}
        self._facts: dict[tuple[int, int], Mapping[str, Fact]] = {}

    @cached_property
    def _blocks(self) -> Mapping[str, Block]:
        return {block.id: block for block in self._plan.blocks}

    @cached_property
    def _given(self) -> Mapping[str, Mapping[int, int]]:
        """For each block of which something was given, its cycles with the day after the last that was.

        They stay on the plan up to there, whatever the patient's facts say by now: what was given has happened.
        """
        found: dict[str, dict[int, int]] = {}
        for record in self._plan.given:
            if record.on is not None and record.status is not Given.NOT_GIVEN:
                ends = found.setdefault(record.block, {})
                ends[record.cycle] = max(ends.get(record.cycle, 0), record.on.toordinal() + 1)
        return found

    @cached_property
    def _order(self) -> Mapping[str, int]:
        return {block.id: number for number, block in enumerate(self._plan.blocks)}

    def place_all(self) -> tuple[PlacedBlock, ...]:
        """All blocks that are on the plan, by start and then by place in the plan."""
        placed, found = self._placed, []
        for block in self._plan.blocks:
            # One that another block waits for stands already.
            one = placed[block.id] if block.id in placed else self._place(block)
            placed[block.id] = one
            if one is not None:
                found.append(one)
        return answered(tuple(sorted(found, key=BY_START)))  # stable: blocks of one day stand as in the plan

    def place(self, block_id: str) -> PlacedBlock | None:
        """The block with its dates; None where a decision or an end rule leaves it out."""
        if block_id not in self._placed:
            self._placed[block_id] = self._place(self._blocks[block_id])
        return self._placed[block_id]

    def facts(self, group: str, day: int) -> Mapping[str, Fact]:
        """What is known of the patient on that day, the age on entry into the placement included."""
        known, age = self._known.facts(day), self._known.age(self._entry(group, day))
        found = self._facts.get((id(known), age))
        if found is None:
            found = self._facts[id(known), age] = {**known, AGE_AT_ENTRY: Decimal(age)}
        return found

    def _entry(self, group: str, day: int) -> int:
        """The first day of a placement's first block.

        Blocks that this one itself waits for may ask before it is known; they are judged by the day they ask for.
        """
        found = self._entries.get(group)
        if found is None:
            self._entries[group] = day
            first = next(block for block in self._plan.blocks if block.group == group)
            found = self._entries[group] = self.start(first)[0]
        return found

    def answers(self, block_id: str) -> GroupFacts:
        """What is answered, or assumed to be, for that block; blocks placed together with the same choices share it."""
        block = self._blocks[block_id]
        key = (block.group, block.pin, block.choices)
        if key not in self._answers:
            self._answers[key] = group_facts(self._plan, block, self._protocols[block.pin])
        return self._answers[key]

    def protocol(self, block_id: str) -> Protocol:
        """The protocol that block comes from."""
        return self._protocols[self._blocks[block_id].pin]

    def day(self, block: PlacedBlock, cycle: PlacedCycle, day: int) -> int:
        """The ordinal on which that day number of that cycle falls, deferrals included."""
        return cycle.start + block.phase.offset(day) + self._changes.shift(block.id, cycle.number, day)

    def phase(self, block: Block) -> Phase:
        """The phase of its protocol that a block gives."""
        return self._terms(block).phase

    def _terms(self, block: Block) -> _Terms:
        key = (block.pin, block.phase)
        found = self._phases.get(key)
        if found is None:
            protocol = self._protocols[block.pin]
            phase = protocol.phase(block.phase)
            asks = bool(phase.only_if or phase.ends or phase.start.gate)
            found = self._phases[key] = _Terms(protocol, phase, asks)
        return found

    def _place(self, block: Block) -> PlacedBlock | None:
        protocol, phase, asks = self._terms(block)
        start, provisional, why = self.start(block)
        unknown: tuple[str, ...] = ()
        until: int | None = None
        waits = ""
        if asks:
            judged = self._judge(block, protocol, phase, start)
            if judged is None:
                return None
            unknown, until, waits = judged.unknown, judged.until, judged.waits
            provisional, why = provisional or judged.provisional, (*why, *judged.why)
        cycles = self._cycles(block, phase, start, until)
        if not cycles:
            return None
        if until is not None and cycles[-1].end < until and _is_last_part(self._plan, block):
            why = (*why, SHORT_OF_ITS_END)
        if not self._is_quiet:
            why = (*why, *self._changes.words(block.id, phase))
        return PlacedBlock(
            block.id,
            _title(block, cycles),
            block.group,
            protocol.id,
            protocol.title,
            protocol.version,
            phase,
            cycles,
            start,
            cycles[-1].end,
            provisional,
            why,
            unknown,
            protocol,
            waits,
            "" if self._is_quiet else self._changes.hold_before(block),
        )

    def _judge(self, block: Block, protocol: Protocol, phase: Phase, start: int) -> _Judged | None:
        """What conditions, end rules and gates of a phase make of a block; None where they leave it out."""
        provisional, unknown, why = False, tuple[str, ...](), list[str]()
        if phase.start.gate and block.start.on is None:
            why.append(f"an estimate: it starts when {phase.start.gate}")
        if phase.only_if:
            patient, answers = self.facts(block.group, start), self.answers(block.id)
            holds, open_decision = answers.judge(phase.only_if, patient)
            if holds is False and block.id not in self._given:
                return None
            provisional = open_decision or holds is None
            unknown = phase.only_if.unknown({**patient, **answers.assumed})
            asked = in_words(phase.only_if, protocol)
            if holds is False:
                return _Judged(provisional=False, unknown=(), until=start, why=(*why, f"{GIVEN_ALREADY}: {asked}"))
            why.append(f"on the plan if {asked}")
        waits = "" if block.id in self._given else put_off(self._plan, block, protocol, phase)
        if waits:
            why.append(f'put off by the answer "{waits}"; no day is set yet: a day shown is only the protocol\'s')
        until, until_why = self._until(block, phase, start) if phase.ends else (None, ())
        return _Judged(provisional or bool(waits), unknown, until, (*why, *until_why), waits)

    def start(self, block: Block) -> Start:
        """The day on which a block starts, or would if it is left out; whether that is provisional; and why."""
        on = block.start.on
        if on is not None:
            first, slip = on.toordinal(), 0 if self._is_quiet else self._changes.slip(block.id)
            if not slip:
                return first, False, ON_A_DATE
            moved = (Reason(SLIPPED, (first,)), f"moved by {shift_words(slip)} with all later blocks")
            return first + slip, False, moved
        if block.id not in self._starts:
            self._starts[block.id] = self._start_after(block)
        return self._starts[block.id]

    def _start_after(self, block: Block) -> Start:
        start = block.start
        before = self._blocks[start.after]
        gap = f", {shift_words(start.gap_days)}" if start.gap_days else ""
        placed = self.place(before.id)
        if placed is None:
            # Told as the other's own start: it may have this one's title, and nobody finds it on the plan.
            day, provisional, own = self.start(before)
            return day + start.gap_days, provisional, (*own, *([gap.removeprefix(", ")] if gap else []))
        open_end = placed.provisional or self._changes.held(before.id)
        if start.day is None:
            why = Reason(AFTER_A_BLOCK, (placed.title, placed.end - 1, gap))
            return placed.end + start.gap_days, open_end, (why,)
        anchor = self.day(placed, placed.cycles[0], start.day)
        why = Reason(FROM_A_DAY, (str(start.day), placed.title, anchor, gap))
        return anchor + start.gap_days, open_end, (why,)

    def _cycles(self, block: Block, phase: Phase, start: int, until: int | None) -> tuple[PlacedCycle, ...]:
        if until is None and self._is_quiet and len(block.cycles) == 1:
            number = block.cycles[0]
            return (PlacedCycle(number, start, start + phase.length_of(number)),)
        cycles: list[PlacedCycle] = []
        day = start
        given: Mapping[int, int] = self._given.get(block.id, {}) if until is not None else {}
        for number in block.cycles:
            length = self._changes.length(block.id, number, phase)
            end = day + length
            if not length:
                continue
            if until is not None and day >= until:
                if number in given:
                    cycles.append(PlacedCycle(number, day, min(end, max(day + 1, given[number])), cut=True))
                day = end
                continue
            cut = until is not None and until < end
            last = until if cut and until is not None else end
            late = 0 if self._is_quiet else self._changes.late(block.id, number, phase)
            cycles.append(PlacedCycle(number, day, last, cut, late))
            day = end
        return tuple(cycles)

    def _until(self, block: Block, phase: Phase, start: int) -> tuple[int | None, tuple[str, ...]]:
        """The day an end rule cuts the block at, and the rule in words."""
        facts = {**self.answers(block.id).assumed, **self.facts(block.group, start)}
        for rule in phase.ends:
            if not rule.when.holds(facts):
                continue
            found = self._anchor_day(block, phase, rule, start)
            if found is None:
                named = self.protocol(block.id).phase(rule.phase).title
                return None, (f"no end date: {named} is not on the plan before it",)
            day, title = found
            until = add_months(date.fromordinal(day), rule.months)
            words = f"ends {rule.months} months after Day {rule.day} of {title} ({clinical_date(day)})"
            return until.toordinal(), (words,)
        return None, ()

    def _anchor_day(self, block: Block, phase: Phase, rule: EndRule, start: int) -> tuple[int, str] | None:
        """The day an end rule counts from and the block it lies in: the block itself or one placed before it.

        A phase begins with the first of its blocks that is on the plan. One that is left out, or closed up wholly
        before its first day, never had the day that the rule names: then nobody can say the date.
        """
        before = self._plan.blocks[: self._order[block.id]]
        alike = [one for one in before if (one.group, one.phase) == (block.group, rule.phase)]
        placed = next(filter(None, (self.place(one.id) for one in alike)), None)
        if placed is not None:
            return self.day(placed, placed.cycles[0], rule.day), placed.title
        return (start + phase.offset(rule.day), block.title) if rule.phase == phase.id else None


def _title(block: Block, cycles: tuple[PlacedCycle, ...]) -> str:
    """The block's title, with the last cycle that stands: "POMP 16 to 33" of two years held cycles 16 to 27."""
    first, last = block.cycles[0], cycles[-1].number
    if last == block.cycles[-1]:
        return block.title
    named = f" {first} to {block.cycles[-1]}"
    if not block.title.endswith(named):
        return block.title
    return block.title.removesuffix(named) + (f" {first} to {last}" if last > first else f" {first}")


def _is_last_part(plan: Plan, block: Block) -> bool:
    """Whether no later block of the plan gives more cycles of the same phase."""
    return [one.id for one in plan.blocks if (one.group, one.phase) == (block.group, block.phase)][-1] == block.id


def in_words(condition: Condition, protocol: Protocol) -> str:
    """The condition with the protocol's own questions and answers where it asks for its decisions and variants."""
    asked = {f"decision.{one.id}": (one.question, one.choices) for one in protocol.decisions}
    asked |= {f"variant.{one.id}": (one.question, one.choices) for one in protocol.variants}
    return any_of(all_of(_clause_words(clause, asked) for clause in group) for group in condition.groups)


def _clause_words(clause: Clause, asked: Mapping[str, tuple[str, tuple[Choice, ...]]]) -> str:
    question, choices = asked.get(clause.subject, (clause.subject, ()))
    titles = {choice.id: choice.title for choice in choices}
    answers = " or ".join(f'"{titles.get(value, value)}"' for value in clause.values)
    sign = "is not" if clause.op == "!=" else "is"
    return f'"{question}" {sign} {answers}' if choices else condition_words(Condition(((clause,),)))
