"""Plan to Schedule: every cycle of every block becomes a piece, its content placed on its first day."""

from collections.abc import Mapping
from decimal import Decimal

from planner.assembly.calendar import Calendar, GroupFacts
from planner.assembly.changes import Changes
from planner.assembly.cycle import CycleKey, changed_content, content_of, with_bags
from planner.assembly.dosing import Size
from planner.assembly.facts import known_by_day
from planner.assembly.knowing import MovedBy, moved_by
from planner.assembly.marks import Marks, Touching
from planner.assembly.rounding import Habits
from planner.assembly.template import BLOCK_STRIDE, CycleTemplate, PhaseTemplate, brought_to, phase_template
from planner.model.agent import Agent
from planner.model.cycle_content import CycleContent
from planner.model.patient import AGE
from planner.model.plan import BagPlan, DoseChange, Hold, Plan, Replacement, Scope, Stop
from planner.model.protocol import Phase, Protocol, TemplateDecision
from planner.model.schedule import OpenDecision, PlacedBlock, PlacedContent, PlacedCycle, Schedule
from planner.model.site import Site


def assemble(plan: Plan, protocols: Mapping[str, Protocol], agents: Mapping[str, Agent], site: Site) -> Schedule:
    """The plan with its dates. `protocols` are the plan's pins read, by sha256.

    What an earlier assembly made of the same cycle is used again; no edit is remembered otherwise.
    KeyError where the plan names a pin, phase or block that does not exist, which decoding and editing rule out.
    """
    calendar = Calendar(plan, protocols, Changes(plan))
    blocks = calendar.place_all()
    habits = Habits(plan.bsa_formula, site.rounding, site.rounding_percent)
    contents = _Contents(plan, calendar, blocks, agents, habits)
    phases: dict[int, PhaseTemplate] = {}  # by the id of the phase, which the protocols hold
    pieces: list[PlacedContent] = []
    decisions: list[OpenDecision] = []
    rank = 0
    for block in blocks:
        phase = phases.get(id(block.phase))
        if phase is None:
            protocol = block.protocol or calendar.protocol(block.id)
            phase = phases[id(block.phase)] = phase_template(protocol, block.phase, agents, site.treatment_day_starts)
        opens, closed = True, calendar.closed_behind(block)
        for cycle in block.cycles:
            template = phase.cycle(cycle.number, opens, closed.get(cycle.number, ()))
            opens = False
            piece = PlacedContent(contents.of(block, cycle, template), cycle.start, block, cycle.number, rank)
            pieces.append(piece)
            if template.decisions:
                decisions += _decisions(piece, calendar.answers(block.id))
        rank += BLOCK_STRIDE
    return Schedule(tuple(pieces), blocks, tuple(sorted(decisions, key=lambda one: one.day)))


class _Contents:
    """Finds the content of each cycle of one plan. Made for one assembly and then dropped."""

    def __init__(
        self,
        plan: Plan,
        calendar: Calendar,
        blocks: tuple[PlacedBlock, ...],
        agents: Mapping[str, Agent],
        habits: Habits,
    ) -> None:
        self._calendar, self._habits = calendar, habits
        self._age = known_by_day(plan.patient, plan.bsa_formula).age
        changed = bool(plan.modifications or plan.given)
        self._marks = Marks(plan, *_anchors(plan, calendar, blocks), agents) if changed else None
        self._due = _due_days(calendar, blocks)
        self._bags: dict[str, tuple[BagPlan, ...]] = {}
        for one in plan.bag_plans:
            self._bags[one.block] = (*self._bags.get(one.block, ()), one)
        self._is_plain = not (changed or self._bags)
        self._sizes: dict[int, Size] = {}
        self._only_size = Size(calendar.measurement(0), habits) if len(plan.patient.measurements) < 2 else None
        self._found: dict[tuple[object, ...], CycleContent] = {}

    def of(self, block: PlacedBlock, cycle: PlacedCycle, template: CycleTemplate) -> CycleContent:
        """The content of that cycle as its facts, its changes and its bag plan make it."""
        start = cycle.start
        if self._is_plain and not template.reads:
            # It asks nothing but the patient's size, so it is looked up by what can differ in one plan.
            weekday = (start - 1) % 7 if template.keeps_weekdays else -1
            size = self._size(cycle.begins)
            here = (id(template), id(size), cycle.end - start, cycle.cut, weekday, block.provisional, block.waits)
            found = self._found.get(here)
            if found is None:
                found = self._found[here] = content_of(self._key(block, cycle, template), size)
            return found
        touching = self._marks.of(block, cycle) if self._marks else None
        key, size = self._key(block, cycle, template, touching), self._size(cycle.begins)
        content = changed_content(key, size, touching) if touching else content_of(key, size)
        bags = self._bags.get(block.id)
        return with_bags(content, template, bags, start) if bags else content

    def _size(self, day: int) -> Size:
        """What doses of a cycle that begins on that day are computed on."""
        if self._only_size:
            return self._only_size
        measured = self._calendar.measurement(day)
        return self._sizes.setdefault(id(measured), Size(measured, self._habits))

    def _key(
        self, block: PlacedBlock, cycle: PlacedCycle, template: CycleTemplate, touching: Touching | None = None
    ) -> CycleKey:
        length, weekday = cycle.end - cycle.start, (cycle.start - 1) % 7 if template.keeps_weekdays else -1
        if not template.reads:
            return CycleKey(template, (), (), (), (), length, cycle.cut, weekday, block.provisional, block.waits)
        answers = self._calendar.answers(block.id)
        facts = self._calendar.facts(block.group, cycle.begins) if template.patient_facts else {}
        due = self._due.get(block.group) if template.decisions_read else None
        ahead = [due[name] - cycle.start for name in template.decisions_read if name in due] if due else []
        moved = moved_by(template, touching, length, ahead) if ahead and touching else None
        return CycleKey(
            template=template,
            known=tuple(map(facts.get, template.patient_facts)),
            assumed=tuple(map(answers.assumed.get, template.answers)),
            taken=tuple(map(answers.taken.get, template.answers)),
            due=tuple(_until(due.get(name), cycle, template, moved) for name in template.decisions_read) if due else (),
            length=length,
            cut=cycle.cut,
            weekday=weekday,
            provisional=block.provisional,
            waits=block.waits,
            birthday=self._birthday(template, cycle) if AGE in template.patient_facts else -1,
            moved=moved,
        )

    def _birthday(self, template: CycleTemplate, cycle: PlacedCycle) -> int:
        """Days from that on which the cycle begins to the patient's next birthday; -1 where it has none.

        A birthday at which no dose of the cycle asks is none: a move may then keep the content.
        """
        age = self._age(cycle.begins)
        if self._age(cycle.end - 1) == age:
            return -1
        before, after = {AGE: Decimal(age)}, {AGE: Decimal(age + 1)}
        bands = (band for drug in template.drugs for band in drug.order.bands)
        asked = (clause for band in bands for clause in band.when.clauses if clause.subject == AGE)
        if all(clause.holds(before) is clause.holds(after) for clause in asked):
            return -1
        return next(day for day in range(1, cycle.end - cycle.begins) if self._age(cycle.begins + day) > age)


def _until(due: int | None, cycle: PlacedCycle, template: CycleTemplate, moved: MovedBy | None) -> int | None:
    """Days from the cycle's first day to the day a decision is due; None where it is nowhere due.

    Lines that follow a decision at once need the day, as does what is `moved`; to the others, only before the cycle or
    not makes a difference.
    """
    if due is None:
        return None
    days = due - cycle.start
    if moved:
        return days
    if not template.at_once:
        return 0 if days >= 0 else -1
    # A cycle that was shortened is made at its planned length first.
    length = max(cycle.end - cycle.start, template.phase.length_of(cycle.number))
    return max(template.earliest - 1, min(days, template.latest + length))


def _anchors(
    plan: Plan, calendar: Calendar, blocks: tuple[PlacedBlock, ...]
) -> tuple[Mapping[str, Phase], Mapping[int, int]]:
    """The phase of every block, and the day on which each change that reaches the whole plan begins."""
    placed = {block.id: block for block in blocks}
    phases = {block.id: calendar.phase(block) for block in plan.blocks}
    anchors: dict[int, int] = {}
    for number, change in enumerate(plan.modifications):
        if isinstance(change, Hold | Stop | DoseChange | Replacement) and change.scope is Scope.ALL:
            anchors[number] = _first_day(plan, calendar, placed.get(change.block), change)
    return phases, anchors


def _first_day(
    plan: Plan, calendar: Calendar, block: PlacedBlock | None, change: Hold | Stop | DoseChange | Replacement
) -> int:
    """The day from which a change reaches the whole plan.

    Where its cycle has closed up, or its block is left out, it reaches what follows there all the same: nobody ordered
    the drug before it again.
    """
    if block is None:
        return calendar.start(plan.block(change.block))[0]
    order = plan.block(block.id).cycles
    for cycle in block.cycles:
        if cycle.number == change.cycle:
            return calendar.day(block, cycle, change.day)
        if change.cycle in order and order.index(cycle.number) > order.index(change.cycle):
            return cycle.start
    return block.end


def _decisions(piece: PlacedContent, answers: GroupFacts) -> list[OpenDecision]:
    """The decisions that stand in a piece, each with its day and its answer."""
    found = []
    for run in piece.content.runs:
        decision = run.line.order
        if isinstance(decision, TemplateDecision):
            choice = answers.taken.get(f"decision.{decision.id}")
            day = piece.start + run.offsets[0]
            taken = None if choice is None else str(choice)
            found.append(OpenDecision(piece.block.group, decision, piece.block.id, day, taken))
    return found


def _due_days(calendar: Calendar, blocks: tuple[PlacedBlock, ...]) -> dict[str, dict[str, int]]:
    """Placement -> decision -> the day it is due."""
    due: dict[str, dict[str, int]] = {}
    for block in blocks if calendar.has_decisions else ():
        closed = calendar.closed_behind(block)
        for decision in calendar.protocol(block.id).decisions:
            for cycle in block.cycles:
                asks = decision.cycle in (cycle.number, *closed.get(cycle.number, ()))
                if asks and decision.phase == block.phase.id:
                    day = brought_to(decision, cycle.number, block.phase).day
                    due.setdefault(block.group, {})[decision.id] = _asked_on(calendar, block, cycle, day)
    return due


def _asked_on(calendar: Calendar, block: PlacedBlock, cycle: PlacedCycle, day: int) -> int:
    """The ordinal on which a question of that day is asked: on the last one of a cycle that a stop ends before it."""
    asked = calendar.day(block, cycle, day)
    return min(asked, cycle.end - 1) if calendar.closes_in(block.id, cycle.number) else asked
