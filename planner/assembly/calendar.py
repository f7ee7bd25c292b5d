"""Blocks and cycles to dates: anchors, decisions, ends by anchor, deferrals."""

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from planner.model.civil import add_months, clinical_date
from planner.model.condition import Clause, Condition, Fact
from planner.model.plan import Block, Deferral, Plan, Scope
from planner.model.protocol import Choice, EndRule, Phase, Protocol
from planner.model.schedule import PlacedBlock, PlacedCycle

PENDING = "pending"
"""The answer to a decision that is not due yet."""

REACHING_ON = (Scope.FOLLOWING, Scope.ALL)
"""Scopes that move the end of the cycle, and so everything that hangs on it."""


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


class Calendar:
    """Places the blocks of one plan. Made for one assembly and then dropped; each block is placed once."""

    def __init__(self, plan: Plan, protocols: Mapping[str, Protocol]) -> None:
        self._plan = plan
        self._protocols = protocols
        self._blocks = {block.id: block for block in plan.blocks}
        self._order = {block.id: number for number, block in enumerate(plan.blocks)}
        self._placed: dict[str, PlacedBlock | None] = {}
        self._starts: dict[str, tuple[int, bool, tuple[str, ...]]] = {}

    def place_all(self) -> tuple[PlacedBlock, ...]:
        """All blocks that are on the plan, by start and then by place in the plan."""
        placed = [found for block in self._plan.blocks if (found := self.place(block.id)) is not None]
        return tuple(sorted(placed, key=lambda block: (block.start, self._order[block.id])))

    def place(self, block_id: str) -> PlacedBlock | None:
        """The block with its dates; None where a decision or an end rule leaves it out."""
        if block_id not in self._placed:
            self._placed[block_id] = self._place(self._blocks[block_id])
        return self._placed[block_id]

    def _place(self, block: Block) -> PlacedBlock | None:
        protocol = self._protocols[block.pin]
        phase = protocol.phase(block.phase)
        start, provisional, why = self._start(block)
        patient = self._plan.patient.facts_on(date.fromordinal(max(start, 1)))
        holds, open_decision = group_facts(self._plan, block, protocol).judge(phase.only_if, patient)
        if holds is False:
            return None
        until, until_why = self._until(block, phase, start)
        cycles = self._cycles(block, phase, start, until)
        if not cycles:
            return None
        if phase.only_if:
            why = (*why, f"on the plan if {in_words(phase.only_if, protocol)}")
        return PlacedBlock(
            id=block.id,
            title=block.title,
            group=block.group,
            protocol_id=protocol.id,
            protocol_title=protocol.title,
            protocol_version=protocol.version,
            phase=phase,
            cycles=cycles,
            start=start,
            end=cycles[-1].end,
            provisional=provisional or open_decision or holds is None,
            why=(*why, *until_why),
            facts_unknown=phase.only_if.unknown({**patient, **group_facts(self._plan, block, protocol).assumed}),
            protocol=protocol,
        )

    def _start(self, block: Block) -> tuple[int, bool, tuple[str, ...]]:
        """First day, whether it hangs on something provisional, and how it came about."""
        if block.id not in self._starts:
            self._starts[block.id] = self._find_start(block)
        return self._starts[block.id]

    def _find_start(self, block: Block) -> tuple[int, bool, tuple[str, ...]]:
        start = block.start
        if start.on is not None:
            slip = self._slip_of_all(block)
            moved = (f"moved by {slip:+d} days with all later blocks",) if slip else ()
            return start.on.toordinal() + slip, False, (f"starts on {clinical_date(start.on)}", *moved)
        before = self._blocks[start.after]
        gap = f", {start.gap_days:+d} days" if start.gap_days else ""
        placed = self.place(before.id)
        if placed is None:
            day, provisional, _ = self._start(before)
            return day + start.gap_days, provisional, (f"starts where {before.title} would have{gap}",)
        if start.day is None:
            on = f"ends on {clinical_date(placed.end - 1)}"
            return placed.end + start.gap_days, placed.provisional, (f"starts after {before.title} {on}{gap}",)
        anchor = day_in_cycle(self._plan, placed, placed.cycles[0], start.day)
        reason = f"starts on Day {start.day} of {before.title}, {clinical_date(anchor)}{gap}"
        return anchor + start.gap_days, placed.provisional, (reason,)

    def _slip_of_all(self, block: Block) -> int:
        """Days that deferrals of scope `all` in earlier blocks move a block placed on a date."""
        return sum(
            change.days
            for change in self._plan.modifications
            if isinstance(change, Deferral)
            and change.scope is Scope.ALL
            and self._order.get(change.block, len(self._order)) < self._order[block.id]
        )

    def _cycles(self, block: Block, phase: Phase, start: int, until: int | None) -> tuple[PlacedCycle, ...]:
        cycles: list[PlacedCycle] = []
        day = start
        for number in block.cycles:
            end = (
                day
                + phase.length_of(number)
                + sum(
                    change.days for change in deferrals_of(self._plan, block.id, number) if change.scope in REACHING_ON
                )
            )
            if until is not None and day >= until:
                break
            cut = until is not None and until < end
            cycles.append(PlacedCycle(number, day, until if cut and until is not None else end, cut))
            day = end
        return tuple(cycles)

    def _until(self, block: Block, phase: Phase, start: int) -> tuple[int | None, tuple[str, ...]]:
        """The day an end rule cuts the block at, and the rule in words."""
        facts = {
            **group_facts(self._plan, block, self._protocols[block.pin]).assumed,
            **self._plan.patient.facts_on(date.fromordinal(max(start, 1))),
        }
        for rule in phase.ends:
            if not rule.when.holds(facts):
                continue
            found = self._anchor_day(block, phase, rule, start)
            if found is None:
                return None, (f"no end date: {rule.phase} is not on the plan before it",)
            day, title = found
            until = add_months(date.fromordinal(day), rule.months)
            words = f"ends {rule.months} months after Day {rule.day} of {title} ({clinical_date(day)})"
            return until.toordinal(), (words,)
        return None, ()

    def _anchor_day(self, block: Block, phase: Phase, rule: EndRule, start: int) -> tuple[int, str] | None:
        """The day an end rule counts from and the block it lies in: the block itself or one placed before it."""
        earlier = self._plan.blocks[: self._order[block.id]]
        anchor = next((one for one in earlier if (one.group, one.phase) == (block.group, rule.phase)), None)
        if anchor is not None:
            placed = self.place(anchor.id)
            return (day_in_cycle(self._plan, placed, placed.cycles[0], rule.day), placed.title) if placed else None
        return (start + phase.offset(rule.day), block.title) if rule.phase == phase.id else None


def in_words(condition: Condition, protocol: Protocol) -> str:
    """The condition with the protocol's own questions and answers where it asks for its decisions and variants."""
    asked = {f"decision.{one.id}": (one.question, one.choices) for one in protocol.decisions}
    asked |= {f"variant.{one.id}": (one.question, one.choices) for one in protocol.variants}
    return " or ".join(" and ".join(_clause_words(clause, asked) for clause in group) for group in condition.groups)


def _clause_words(clause: Clause, asked: Mapping[str, tuple[str, tuple[Choice, ...]]]) -> str:
    question, choices = asked.get(clause.subject, (clause.subject, ()))
    titles = {choice.id: choice.title for choice in choices}
    answers = " or ".join(titles.get(value, value) for value in clause.values)
    sign = "is not" if clause.op == "!=" else "is"
    return f'"{question}" {sign} "{answers}"' if choices else str(clause)


def deferrals_of(plan: Plan, block_id: str, cycle: int) -> tuple[Deferral, ...]:
    """The deferrals that begin in that cycle of that block, in the order they were made."""
    return tuple(
        change
        for change in plan.modifications
        if isinstance(change, Deferral) and change.block == block_id and change.cycle == cycle
    )


def shift_of(deferrals: tuple[Deferral, ...], day: int, alone: bool = True) -> int:
    """Days by which deferrals of its cycle move a day number.

    `alone` is False for an order that runs daily through that day: a deferral of the one day leaves it.
    """
    return sum(
        change.days
        for change in deferrals
        if (alone and day == change.day if change.scope is Scope.DAY else day >= change.day)
    )


def day_in_cycle(plan: Plan, block: PlacedBlock, cycle: PlacedCycle, day: int) -> int:
    """The ordinal on which that day number of that cycle falls, deferrals included."""
    return cycle.start + block.phase.offset(day) + shift_of(deferrals_of(plan, block.id, cycle.number), day)
