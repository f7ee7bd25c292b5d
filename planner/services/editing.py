"""Edits: pure functions from plan to plan. What must not be done is refused in one sentence that says what may."""

from collections.abc import Mapping
from datetime import date, timedelta

from msgspec.structs import replace

from planner.errors import Refusal
from planner.model.agent import Agent
from planner.model.civil import weekday_date
from planner.model.finding import Finding, FindingStatus
from planner.model.patient import Patient
from planner.model.plan import (
    REASONS,
    Acknowledgement,
    BagPlan,
    Block,
    BlockStart,
    DecisionTaken,
    Deferral,
    Omission,
    Plan,
    Scope,
)
from planner.model.protocol import Protocol, TemplateOrder
from planner.model.schedule import Event, PlacedBlock, PlacedCycle, Schedule
from planner.services.placing import known_block, take_decision

LONGEST_MOVE = 3660
"""Days; a longer move is a typing error."""


def move_block(plan: Plan, block_id: str, days: int) -> Plan:
    """Start a block so many days later (earlier if negative); what hangs on it follows."""
    block = known_block(plan, block_id)
    _refuse_far(days)
    start = block.start
    if start.on is not None:
        moved = replace(start, on=start.on + timedelta(days))
    else:
        moved = replace(start, gap_days=start.gap_days + days)
    return _with_block(plan, replace(block, start=moved))


def start_block_on(plan: Plan, block_id: str, day: date) -> Plan:
    """Give a block a date of its own; it no longer hangs on another block."""
    block = known_block(plan, block_id)
    return _with_block(plan, replace(block, start=BlockStart(on=day)))


def defer(plan: Plan, schedule: Schedule, deferral: Deferral) -> Plan:
    """Move dates from a day of a cycle on. `schedule` is the plan's own, from before.

    Refuses: an unknown block, cycle or day, an unknown reason, no days at all, days that run into the next cycle or
    past another treatment day.
    """
    known_block(plan, deferral.block)
    _refuse_far(deferral.days)
    if deferral.days == 0:
        raise Refusal("a deferral needs at least one day")
    _refuse_reason(deferral.reason)
    block = _on_schedule(schedule, deferral.block)
    cycle = _cycle(block, deferral.cycle)
    here = [
        event for event in schedule.events if event.placed.block.id == block.id and event.placed.cycle == cycle.number
    ]
    if deferral.day not in {event.cycle_day for event in here}:
        known = ", ".join(str(day) for day in sorted({event.cycle_day for event in here}))
        raise Refusal(f"nothing is planned on Day {deferral.day} of {block.title} C{cycle.number}; days are {known}")
    _refuse_overlap(schedule, block, cycle, deferral)
    return replace(plan, modifications=(*plan.modifications, deferral))


def omit(plan: Plan, schedule: Schedule, omission: Omission) -> Plan:
    """Leave out one order's doses of a day, or all doses of that day. Refuses what is not planned there."""
    known_block(plan, omission.block)
    _refuse_reason(omission.reason)
    block = _on_schedule(schedule, omission.block)
    cycle = _cycle(block, omission.cycle)
    there = [
        event
        for event in schedule.events
        if event.placed.block.id == block.id
        and event.placed.cycle == cycle.number
        and event.cycle_day == omission.day
        and omission.order in ("", event.placed.order.id)
    ]
    if not there:
        what = omission.order or "anything"
        raise Refusal(f"{block.title} C{cycle.number} D{omission.day} does not hold {what}")
    return replace(plan, modifications=(*plan.modifications, omission))


def decide(plan: Plan, protocols: Mapping[str, Protocol], taken: DecisionTaken) -> Plan:
    """Record the answer to a decision. Refuses a placement, decision or answer that does not exist."""
    pins = {block.pin for block in plan.blocks if block.group == taken.group}
    if not pins:
        known = ", ".join(sorted({block.group for block in plan.blocks})) or "none"
        raise Refusal(f"the plan has no placement {taken.group}; it has {known}")
    return take_decision(plan, protocols[pins.pop()], taken)


def plan_bags(plan: Plan, schedule: Schedule, agents: Mapping[str, Agent], bags: BagPlan) -> Plan:
    """Cut the continuous infusions of a block into bags; an earlier bag plan of it is replaced, no hours drop it.

    Refuses a block without such an infusion, lengths the agent does not have, and a weight below a bag's limit.
    """
    known_block(plan, bags.block)
    others = tuple(one for one in plan.bag_plans if one.block != bags.block)
    if not bags.hours:
        return replace(plan, bag_plans=others)
    block = _on_schedule(schedule, bags.block)
    infused = {order.agent for order in block.phase.orders if order.continuous}
    kinds = {kind.hours: kind for agent in infused if agent in agents for kind in agents[agent].bags}
    if not kinds:
        raise Refusal(f"{block.title} has no continuous infusion whose bags are known")
    unknown = [hours for hours in bags.hours if hours not in kinds]
    if unknown:
        known = ", ".join(f"{hours} h" for hours in sorted(kinds))
        raise Refusal(f"there is no bag of {unknown[0]} h; the bags are {known}")
    measured = plan.patient.measurement_on(date.fromordinal(block.start))
    for hours in bags.hours:
        limit = kinds[hours].min_weight_kg
        if limit is not None and measured is not None and measured.weight_kg < limit:
            raise Refusal(f"a bag of {hours} h is not for a body weight below {limit} kg ({kinds[hours].reference})")
    return replace(plan, bag_plans=(*others, bags))


def remove_block(plan: Plan, block_id: str) -> Plan:
    """Take a block off the plan; blocks that hung on it hang on what it hung on, with both gaps."""
    gone = known_block(plan, block_id)
    blocks = tuple(_rehung(block, gone) for block in plan.blocks if block.id != block_id)
    changes = tuple(change for change in plan.modifications if change.block != block_id)
    used = {block.pin for block in blocks}
    groups = {block.group for block in blocks}
    return replace(
        plan,
        blocks=blocks,
        pins=tuple(pin for pin in plan.pins if pin.sha256 in used),
        modifications=changes,
        decisions=tuple(one for one in plan.decisions if one.group in groups),
        bag_plans=tuple(one for one in plan.bag_plans if one.block != block_id),
    )


def replace_patient(plan: Plan, patient: Patient) -> Plan:
    """The same plan for the patient as now recorded. Refuses another patient's id."""
    if patient.id != plan.patient.id:
        raise Refusal(f"this plan belongs to patient {plan.patient.id}, not to {patient.id}")
    return replace(plan, patient=patient)


def acknowledge(plan: Plan, finding: Finding, reason: str, by: str, at: str) -> Plan:
    """Let an open finding stand, with reason, name and time. Refuses empty words and what is not open."""
    if not reason.strip() or not by.strip():
        raise Refusal("an acknowledgement needs a reason and a name")
    if finding.status is not FindingStatus.OPEN:
        raise Refusal(f"{finding.rule} is not open: {finding.status}")
    others = tuple(one for one in plan.acknowledgements if one.finding != finding.id)
    return replace(plan, acknowledgements=(*others, Acknowledgement(finding.id, finding.basis, reason, by, at)))


def _with_block(plan: Plan, changed: Block) -> Plan:
    return replace(plan, blocks=tuple(changed if block.id == changed.id else block for block in plan.blocks))


def _rehung(block: Block, gone: Block) -> Block:
    if block.start.after != gone.id:
        return block
    gap = block.start.gap_days + gone.start.gap_days
    return replace(block, start=replace(gone.start, gap_days=0 if gone.start.on else gap))


def _refuse_far(days: int) -> None:
    if abs(days) > LONGEST_MOVE:
        raise Refusal(f"{days} days is more than ten years; move by at most {LONGEST_MOVE} days")


def _refuse_reason(reason: str) -> None:
    if reason not in REASONS:
        raise Refusal(f'"{reason}" is not a coded reason; use one of {", ".join(REASONS)}')


def _on_schedule(schedule: Schedule, block_id: str) -> PlacedBlock:
    try:
        return schedule.block(block_id)
    except KeyError:
        raise Refusal(f"{block_id} is left out by a decision and has no dates to change") from None


def _cycle(block: PlacedBlock, number: int) -> PlacedCycle:
    for cycle in block.cycles:
        if cycle.number == number:
            return cycle
    known = ", ".join(str(cycle.number) for cycle in block.cycles)
    raise Refusal(f"{block.title} has no cycle {number} here; it has {known}")


def _refuse_overlap(schedule: Schedule, block: PlacedBlock, cycle: PlacedCycle, deferral: Deferral) -> None:
    """No treatment day may jump over another one, and the rest of a cycle may not run into the next cycle."""
    doses = [event for event in schedule.events if event.placed.block.id == block.id and _stands_alone(event)]
    here = [event for event in doses if event.placed.cycle == cycle.number]
    moved = [event.day for event in here if event.cycle_day == deferral.day]
    if not moved:
        return
    day = moved[0]
    before = max((event.day for event in doses if event.day < day), default=None)
    if deferral.days < 0 and before is not None and day + deferral.days <= before:
        room = day - before - 1
        raise Refusal(f"that would jump over {weekday_date(before)}, a treatment day; at most {room} days earlier")
    after = min((event.day for event in doses if event.day > day), default=None)
    if deferral.scope is Scope.DAY and deferral.days > 0 and after is not None and day + deferral.days >= after:
        room = after - day - 1
        raise Refusal(f"that would jump over {weekday_date(after)}, a treatment day; at most {room} days later")
    room = cycle.end - 1 - max(event.day for event in here)
    if deferral.scope is Scope.CYCLE and deferral.days > room:
        raise Refusal(
            f"the cycle would run into what starts on {weekday_date(cycle.end)}; at most {room} days, "
            'or use the scope "following"'
        )


def _stands_alone(event: Event) -> bool:
    """A dose on a day of its own, not one of a daily run."""
    order = event.placed.order
    return isinstance(order, TemplateOrder) and not order.keeps_its_days and order.days.alone(event.cycle_day)
