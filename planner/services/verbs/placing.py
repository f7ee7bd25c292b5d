"""Protocols into plans: a whole protocol becomes blocks in the order of its course, or one phase becomes one block."""

from collections.abc import Mapping
from datetime import date

from msgspec.structs import replace

from planner.content.protocol_file import build_protocol
from planner.errors import Refusal
from planner.model.body import MOSTELLER
from planner.model.evidence import NOT_IN_FORCE
from planner.model.library import ShelvedProtocol
from planner.model.patient import Patient
from planner.model.plan import Block, BlockStart, DecisionTaken, Plan
from planner.model.protocol import CourseStep, Phase, Protocol
from planner.model.sentence import Sentence
from planner.services.verbs.refusing import known_block, most_like, refused_name
from planner.services.verbs.since import said_now

LONGEST_GAP = 731
"""Days between two blocks; Regimap's own."""


def new_plan(plan_id: str, patient: Patient, demo: bool = False, bsa_formula: str = MOSTELLER) -> Plan:
    """An empty plan for that patient; all its doses by surface follow that formula, one of body.SURFACES."""
    return Plan(id=plan_id, patient=patient, demo=demo, bsa_formula=bsa_formula)


def add_protocol(
    plan: Plan, shelved: ShelvedProtocol, start: BlockStart, choices: Mapping[str, str] | None = None
) -> Plan:
    """Place every step of the protocol's course; the first starts as told, the others as the protocol says.

    `choices` answers variants (variant id -> choice id); what is not answered takes the protocol's default.
    Refuses a protocol that is superseded or retired, and an unknown variant or choice.
    """
    protocol = _in_force(shelved)
    answers = _answers(protocol, choices or {})
    group = free_id(protocol.id, {block.group for block in plan.blocks})
    blocks: list[Block] = []
    for step in protocol.course:
        phase = protocol.phase(step.phase)
        block_id = free_id(phase.id, {block.id for block in (*plan.blocks, *blocks)})
        begins = _start(phase, blocks) if blocks else start
        blocks.append(
            Block(
                block_id,
                _title(phase, step, protocol),
                shelved.pin.sha256,
                phase.id,
                step.cycles,
                begins,
                group,
                answers,
            )
        )
    return _with(plan, shelved, tuple(blocks))


def add_phase(
    plan: Plan, shelved: ShelvedProtocol, phase_id: str, start: BlockStart, choices: Mapping[str, str] | None = None
) -> Plan:
    """Place one phase as one block, with the cycles the course first gives it.

    Refuses a protocol that is superseded or retired, and an unknown phase.
    """
    protocol = _in_force(shelved)
    try:
        phase = protocol.phase(phase_id)
    except KeyError:
        phases = [one.id for one in protocol.phases]
        told = "{protocol} has no phase {name}; it has {known}"
        raise refused_name(told, phase_id, phases, protocol=protocol.id) from None
    whole = tuple(range(1, phase.cycles + 1))
    cycles = next((step.cycles for step in protocol.course if step.phase == phase_id), whole)
    block_id = free_id(phase.id, {block.id for block in plan.blocks})
    group = free_id(protocol.id, {block.group for block in plan.blocks})
    block = Block(
        block_id,
        phase.short or phase.title,
        shelved.pin.sha256,
        phase.id,
        cycles,
        start,
        group,
        _answers(protocol, choices or {}),
    )
    return _with(plan, shelved, (block,))


def after(plan: Plan, block_id: str, gap_days: int = 0) -> BlockStart:
    """A start so many days after the end of a block of the plan. Refuses a block that is not there, and a long gap."""
    known_block(plan, block_id)
    refuse_long_gap(gap_days)
    return BlockStart(after=block_id, gap_days=gap_days)


def refuse_long_gap(days: int) -> None:
    """Refuse years between two blocks, either way: a slip of the keys."""
    if abs(days) > LONGEST_GAP:
        raise Refusal(
            "a gap of {days} days is more than two years; say the first day itself, or at most {most} days",
            "too far",
            str(LONGEST_GAP if days > 0 else -LONGEST_GAP),
            days=days,
            most=LONGEST_GAP,
        )


def protocol_of(plan: Plan, protocols: Mapping[str, Protocol], group: str) -> Protocol:
    """The protocol of a placement; a refusal that lists the plan's placements where there is none."""
    pins = {block.pin for block in plan.blocks if block.group == group}
    if not pins:
        known = sorted({block.group for block in plan.blocks})
        raise refused_name("the plan has no placement {name}; it has {known}", group, known)
    return protocols[pins.pop()]


def take_decision(plan: Plan, protocol: Protocol, taken: DecisionTaken) -> Plan:
    """Record the answer to a decision of a placement; an earlier answer to it is replaced.

    Refuses a decision or an answer that the protocol does not have.
    """
    found = next((one for one in protocol.decisions if one.id == taken.decision), None)
    if found is None:
        names = [one.id for one in protocol.decisions]
        told = "{protocol} has no decision {name}; it has {known}"
        raise refused_name(told, taken.decision, names, protocol=protocol.id)
    answers = [choice.id for choice in found.choices]
    if taken.choice not in answers:
        raise Refusal(
            "{decision} cannot be answered with {choice}; the answers are {known}",
            "unknown answer",
            most_like(taken.choice, answers),
            decision=taken.decision,
            choice=taken.choice,
            known=", ".join(answers),
        )
    others = tuple(one for one in plan.decisions if (one.group, one.decision) != (taken.group, taken.decision))
    return replace(plan, decisions=(*others, taken))


def start_on(day: date) -> BlockStart:
    """A start on a date of its own."""
    return BlockStart(on=day)


def _in_force(shelved: ShelvedProtocol) -> Protocol:
    """The protocol, never from what was kept ready-made. Refuses one that nobody is to be treated by any more."""
    protocol = build_protocol(shelved.pin.text)
    if protocol.status in NOT_IN_FORCE:
        told = "{protocol} {version} is {status} by {other}: place that one"
        raise Refusal(
            told if protocol.superseded_by else "{protocol} {version} is {status}",
            "not in force",
            protocol.superseded_by,
            protocol=protocol.id,
            version=protocol.version,
            status=Sentence(protocol.status),
            other=protocol.superseded_by,
        )
    return protocol


def _with(plan: Plan, shelved: ShelvedProtocol, blocks: tuple[Block, ...]) -> Plan:
    pins = plan.pins if shelved.pin in plan.pins else (*plan.pins, shelved.pin)
    since = len(plan.modifications)
    placed = (replace(one, since=since, start=said_now(plan, one.start)) for one in blocks)
    return replace(plan, pins=pins, blocks=(*plan.blocks, *placed))


def _answers(protocol: Protocol, choices: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    variants = {variant.id: variant for variant in protocol.variants}
    for variant_id, choice in choices.items():
        if variant_id not in variants:
            told = "{protocol} has no variant {name}; it has {known}"
            raise refused_name(told, variant_id, variants, protocol=protocol.id)
        known_choices = [one.id for one in variants[variant_id].choices]
        if choice not in known_choices:
            raise Refusal(
                "{variant_id} cannot be {choice}; the choices are {known}",
                "unknown answer",
                most_like(choice, known_choices),
                variant_id=variant_id,
                choice=choice,
                known=", ".join(known_choices),
            )
    return tuple((variant.id, choices.get(variant.id, variant.default)) for variant in protocol.variants)


def _start(phase: Phase, earlier: list[Block]) -> BlockStart:
    """As the phase says; after the block before it where the phase names none that stands."""
    rule = phase.start
    repeated = any(block.phase == phase.id for block in earlier)
    named = [block for block in earlier if block.phase == rule.phase] if rule.phase and not repeated else []
    if named:
        return BlockStart(after=named[-1].id, day=rule.day, gap_days=rule.gap_days)
    return BlockStart(after=earlier[-1].id, gap_days=0 if repeated else rule.gap_days)


def _title(phase: Phase, step: CourseStep, protocol: Protocol) -> str:
    """The phase's short name; with its cycles where the course runs the phase in several pieces."""
    name = phase.short or phase.title
    if sum(other.phase == step.phase for other in protocol.course) == 1:
        return name
    first, last = step.cycles[0], step.cycles[-1]
    return f"{name} {first}" if first == last else f"{name} {first} to {last}"


def free_id(wanted: str, taken: set[str]) -> str:
    """The wanted id, or the first of wanted-2, wanted-3, ... that is free."""
    if wanted not in taken:
        return wanted
    number = 2
    while f"{wanted}-{number}" in taken:
        number += 1
    return f"{wanted}-{number}"
