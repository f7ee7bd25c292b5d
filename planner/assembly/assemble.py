"""Plan to Schedule: every cycle of every block becomes a piece, its content placed on its first day."""

from collections.abc import Mapping

from planner.assembly.calendar import Calendar, GroupFacts
from planner.assembly.changes import Changes
from planner.assembly.cycle import CycleKey, changed_content, content_of, with_bags
from planner.assembly.marks import Marks
from planner.assembly.rounding import Habits
from planner.assembly.template import BLOCK_STRIDE, CycleTemplate, PhaseTemplate, phase_template
from planner.model.agent import Agent
from planner.model.cycle_content import CycleContent
from planner.model.plan import DoseChange, Hold, Plan, Replacement, Scope, Stop
from planner.model.protocol import Phase, Protocol, TemplateDecision
from planner.model.schedule import OpenDecision, PlacedBlock, PlacedContent, PlacedCycle, Schedule
from planner.model.site import Site


def assemble(plan: Plan, protocols: Mapping[str, Protocol], agents: Mapping[str, Agent], site: Site) -> Schedule:
    """The plan with its dates. `protocols` are the plan's pins read, by sha256.

    What an earlier assembly made of the same cycle is used again; no edit is remembered otherwise.
    KeyError where the plan names a pin, phase or block that does not exist, which decoding and editing rule out.
    """
    changes = Changes(plan)
    calendar = Calendar(plan, protocols, changes)
    blocks = calendar.place_all()
    marks = Marks(plan, *_anchors(plan, calendar, blocks), agents)
    habits = Habits(plan.bsa_formula, site.rounding, site.rounding_percent)
    contents = _Contents(plan, calendar, marks, _due_days(calendar, blocks), habits)
    phases: dict[int, PhaseTemplate] = {}
    pieces: list[PlacedContent] = []
    decisions: list[OpenDecision] = []
    for number, block in enumerate(blocks):
        phase = phases.get(id(block.phase)) or phases.setdefault(
            id(block.phase),
            phase_template(calendar.protocol(block.id), block.phase, agents, site.treatment_day_starts),
        )
        for cycle in block.cycles:
            template = phase.cycle(cycle.number, cycle is block.cycles[0])
            content = contents.of(block, cycle, template)
            piece = PlacedContent(content, cycle.start, block, cycle.number, number * BLOCK_STRIDE)
            pieces.append(piece)
            if template.decisions:
                decisions += _decisions(piece, calendar.answers(block.id))
    return Schedule(tuple(pieces), blocks, tuple(sorted(decisions, key=lambda one: one.day)))


class _Contents:
    """Finds the content of each cycle of one plan. Made for one assembly and then dropped."""

    def __init__(
        self, plan: Plan, calendar: Calendar, marks: Marks, due: Mapping[str, Mapping[str, int]], habits: Habits
    ) -> None:
        self._calendar, self._marks, self._due, self._habits = calendar, marks, due, habits
        self._bags = {one.block: one for one in plan.bag_plans}

    def of(self, block: PlacedBlock, cycle: PlacedCycle, template: CycleTemplate) -> CycleContent:
        """The content of that cycle as its facts, its changes and its bag plan make it."""
        key = self._key(block, cycle, template)
        touching = self._marks.of(block, cycle)
        content = changed_content(key, touching) if touching else content_of(key)
        bags = self._bags.get(block.id)
        return with_bags(content, template, bags, cycle.start) if bags else content

    def _key(self, block: PlacedBlock, cycle: PlacedCycle, template: CycleTemplate) -> CycleKey:
        known, answers = self._calendar.known(cycle.start), self._calendar.answers(block.id)
        due = self._due.get(block.group) if template.decisions_read else None
        return CycleKey(
            template=template,
            known=tuple(map(known.facts.get, template.patient_facts)),
            assumed=tuple(map(answers.assumed.get, template.answers)),
            taken=tuple(map(answers.taken.get, template.answers)),
            due=tuple(_until(due.get(name), cycle, template) for name in template.decisions_read) if due else (),
            measurement=known.measurement,
            length=cycle.end - cycle.start,
            cut=cycle.cut,
            weekday=(cycle.start - 1) % 7 if template.keeps_weekdays else -1,
            provisional=block.provisional,
            habits=self._habits,
        )


def _until(due: int | None, cycle: PlacedCycle, template: CycleTemplate) -> int | None:
    """Days from the cycle's first day to the day a decision is due; None where it is nowhere due.

    Lines that follow a decision at once need the day; to the others, only before the cycle or not makes a difference.
    """
    if due is None:
        return None
    days = due - cycle.start
    if not template.at_once:
        return 0 if days >= 0 else -1
    return max(template.earliest - 1, min(days, template.latest + cycle.end - cycle.start))


def _anchors(
    plan: Plan, calendar: Calendar, blocks: tuple[PlacedBlock, ...]
) -> tuple[Mapping[str, Phase], Mapping[int, int]]:
    """The phase of every block, and the day on which each change that reaches the whole plan begins."""
    placed = {block.id: block for block in blocks}
    phases = {block.id: calendar.protocol(block.id).phase(block.phase) for block in plan.blocks}
    anchors: dict[int, int] = {}
    for number, change in enumerate(plan.modifications):
        if isinstance(change, Hold | Stop | DoseChange | Replacement) and change.scope is Scope.ALL:
            block = placed.get(change.block)
            cycles = [cycle for cycle in block.cycles if cycle.number == change.cycle] if block else []
            if block and cycles:
                anchors[number] = calendar.day(block, cycles[0], change.day)
    return phases, anchors


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
    for block in blocks:
        for decision in calendar.protocol(block.id).decisions:
            for cycle in block.cycles:
                if decision.phase == block.phase.id and decision.cycle == cycle.number:
                    due.setdefault(block.group, {})[decision.id] = calendar.day(block, cycle, decision.day)
    return due
