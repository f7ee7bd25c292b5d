"""Edits: pure functions from plan to plan. What must not be done is refused in one sentence that says what may."""

from collections.abc import Mapping
from datetime import date, timedelta

from msgspec.structs import replace

from planner.errors import Refusal
from planner.model.agent import Agent
from planner.model.finding import Finding, FindingStatus
from planner.model.patient import Patient
from planner.model.plan import (
    Acknowledgement,
    Addition,
    BagPlan,
    Block,
    BlockStart,
    DecisionTaken,
    Deferral,
    DoseChange,
    Given,
    Hold,
    Omission,
    Plan,
    Repetition,
    Replacement,
    Scope,
    Stop,
)
from planner.model.protocol import Protocol
from planner.model.schedule import Schedule
from planner.model.sentence import Sentence, listed
from planner.services.verbs.deferring import keeps_its_day, refuse_deferral
from planner.services.verbs.hung_bags import runs_until
from planner.services.verbs.lasting import refuse_other_drugs_dose, refuse_redrawing
from planner.services.verbs.later_blocks import deferred
from planner.services.verbs.placing import protocol_of, take_decision
from planner.services.verbs.refusing import (
    find_place,
    known_block,
    on_schedule,
    refuse_given,
    refuse_left_out,
    refuse_reason,
)
from planner.services.verbs.rest_of_day import refuse_kept
from planner.services.verbs.since import keep_changes, said_now
from planner.services.verbs.unconfirmed import unconfirmed
from planner.services.verbs.weekly import refuse_weekly

LONGEST_MOVE = 731
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
    return _with_block(plan, replace(block, start=said_now(plan, BlockStart(on=day))))


def hang_block(plan: Plan, block_id: str, start: BlockStart) -> Plan:
    """Let a block start after another one. Refuses a start that goes round in a circle."""
    block = known_block(plan, block_id)
    known_block(plan, start.after)
    seen, before = {block_id}, start.after
    while before:
        if before in seen:
            raise Refusal(
                "{block_id} cannot start after {other}, which itself starts after {block_id}",
                "circle",
                block_id=block_id,
                other=start.after,
            )
        seen.add(before)
        before = plan.block(before).start.after
    return _with_block(plan, replace(block, start=start))


def defer(plan: Plan, schedule: Schedule, deferral: Deferral) -> Plan:
    """Move dates from a day of a cycle on. `schedule` is the plan's own, from before.

    With `order` (scope day) one order's doses of that day move, to days the protocol accepts; what it times by that
    order moves with it. With `order` and the scope cycle or following a weekly order moves to another weekday from that
    day on. With `kept` (see `rest_of`) what was given of the day stays, and the rest moves.
    Refuses: an unknown block, cycle or day, an unknown reason, no days at all, days that run into the next cycle, past
    another treatment day or onto a weekday an order excludes, and what was given already.
    """
    known_block(plan, deferral.block)
    _refuse_far(deferral.days)
    if deferral.days == 0:
        raise Refusal("a deferral needs at least one day", "no days", "1")
    refuse_reason(deferral.reason, deferral.grade)
    place = find_place(plan, schedule, deferral.block, deferral.cycle)
    here = place.on_day(deferral.day)
    if deferral.order:
        here = place.of_order(deferral.day, deferral.order)
    if deferral.order and deferral.scope is not Scope.DAY:
        refuse_weekly(schedule, place, deferral)
        return replace(plan, modifications=(*plan.modifications, deferral))
    refuse_kept(plan, place, deferral)
    refuse_deferral(plan, schedule, place, deferral)
    later = here if deferral.scope is Scope.DAY else [one for one in place.events if one.cycle_day >= deferral.day]
    moving = [one for one in later if not keeps_its_day(one, deferral)]
    refuse_given(plan, place, moving, "defer", {(deferral.day, *dose) for dose in deferral.kept})
    return deferred(plan, schedule, deferral)


def omit(plan: Plan, schedule: Schedule, omission: Omission) -> Plan:
    """Leave out one order's doses of a day, or all doses of that day.

    Refuses what is not planned, given, left out or stopped already.
    """
    known_block(plan, omission.block)
    refuse_reason(omission.reason, omission.grade)
    place = find_place(plan, schedule, omission.block, omission.cycle)
    there = place.of_order(omission.day, omission.order) if omission.order else place.on_day(omission.day)
    refuse_given(plan, place, there, "omit")
    refuse_left_out(there)
    return replace(plan, modifications=(*plan.modifications, omission))


def take_back(plan: Plan, number: int) -> Plan:
    """The plan without its modification of that number, counted from 1 as `plan show` lists them.

    Refuses a number that is not there, the mark of a repeated cycle, which is a block and is removed as one, an
    order or another drug of which something was given, and a replacement whose drug's dose was changed after it.
    """
    if not 1 <= number <= len(plan.modifications):
        last = len(plan.modifications)
        known = Sentence("1 to {last} are", last=last) if last else Sentence("the plan has none")
        raise Refusal(
            "there is no modification {number}; {known}",
            "unknown modification",
            str(max(1, min(number, last))),
            number=number,
            known=known,
        )
    gone = plan.modifications[number - 1]
    if isinstance(gone, Repetition):
        raise Refusal(
            "remove the block {block} to take the repeated cycle back", "is a block", gone.block, block=gone.block
        )
    without = keep_changes(plan, [at for at in range(len(plan.modifications)) if at != number - 1])
    refuse_redrawing(plan, without, Sentence("the plan without that change"))
    later = [one for one in plan.modifications[number:] if isinstance(one, DoseChange)]
    if isinstance(gone, Replacement) and later:
        refuse_other_drugs_dose(plan, without, later)
    if isinstance(gone, DoseChange | Replacement | Addition):
        return unconfirmed(without, {(gone.block, gone.order)})
    return without


def decide(plan: Plan, protocols: Mapping[str, Protocol], taken: DecisionTaken) -> Plan:
    """Record the answer to a decision.

    An answer may be set right after doses were given by the wrong one: they stay as recorded, and `without_place`
    tells them, to be asked. Refuses a placement, decision or answer that does not exist, and one by which a given dose
    would be drawn as another drug. `protocols` are all of the plan's.
    """
    decided = take_decision(plan, protocol_of(plan, protocols, taken.group), taken)
    refuse_redrawing(plan, decided, taken.choice)
    return decided


def plan_bags(plan: Plan, schedule: Schedule, agents: Mapping[str, Agent], bags: BagPlan) -> Plan:
    """Cut the continuous infusions of a block into bags; no hours drop its bag plan.

    An earlier bag plan of it is replaced, but where days of it are recorded: then the new one holds for what is hung
    after them. A bag that has run must not become one of another length and rate.
    Refuses a block without such an infusion, lengths the agent does not have, and a weight below a bag's limit.
    """
    known_block(plan, bags.block)
    others = tuple(one for one in plan.bag_plans if one.block != bags.block)
    if not bags.hours:
        return replace(plan, bag_plans=others)
    block = on_schedule(schedule, bags.block)
    infused = {order.agent for order in block.phase.orders if order.continuous}
    kinds = {kind.hours: kind for agent in infused if agent in agents for kind in agents[agent].bags}
    if not kinds:
        raise Refusal("{block} has no continuous infusion whose bags are known", "no infusion", block=block.title)
    unknown = [hours for hours in bags.hours if hours not in kinds]
    if unknown:
        known = listed([f"{hours} h" for hours in sorted(kinds)])
        nearest = min(kinds, key=lambda hours: abs(hours - unknown[0]))
        raise Refusal(
            "there is no bag of {unknown} h; the bags are {known}",
            "unknown bag",
            f"{nearest} h",
            unknown=unknown[0],
            known=known,
        )
    measured = plan.patient.measurement_on(date.fromordinal(block.begins))
    weight = measured.weight_kg if measured else None
    for hours in bags.hours:
        limit = kinds[hours].min_weight_kg
        if limit is not None and weight is not None and weight < limit:
            fits = [one for one, kind in kinds.items() if kind.min_weight_kg is None or kind.min_weight_kg <= weight]
            raise Refusal(
                "a bag of {hours} h is not for a body weight below {limit} kg ({source})",
                "weight",
                f"{min(fits, key=lambda one: abs(one - hours))} h" if fits else "",
                hours=hours,
                limit=limit,
                source=kinds[hours].reference,
            )
    since = runs_until(schedule, bags.block)
    before = tuple(
        one for one in plan.bag_plans if one.block == bags.block and since and (one.since is None or one.since < since)
    )
    return replace(plan, bag_plans=(*others, *before, replace(bags, since=since if before else None)))


def remove_block(plan: Plan, block_id: str) -> Plan:
    """Take a block off the plan; blocks that hung on it hang on what it hung on, with both gaps.

    Refuses a block of which anything was given: that has happened; and one in which a change of the whole plan was
    made, which would go with it: the drug before it would come back in every later block.
    """
    gone = known_block(plan, block_id)
    given = next((one for one in plan.given if one.block == block_id and one.status is not Given.NOT_GIVEN), None)
    if given is not None:
        raise Refusal(
            "{order} of {block} C{cycle} D{day} was given; stop the block instead, or take the record back",
            "already given",
            "stop",
            order=given.order,
            block=gone.title,
            cycle=given.cycle,
            day=given.day,
        )
    left = keep_changes(plan, [at for at, one in enumerate(plan.modifications) if one.block != block_id])
    blocks = tuple(_rehung(block, gone) for block in left.blocks if block.id != block_id)
    if blocks:
        _refuse_wide(plan, gone)
    used = {block.pin for block in blocks}
    groups = {block.group for block in blocks}
    return replace(
        left,
        blocks=blocks,
        pins=tuple(pin for pin in plan.pins if pin.sha256 in used),
        decisions=tuple(one for one in plan.decisions if one.group in groups),
        bag_plans=tuple(one for one in plan.bag_plans if one.block != block_id),
        given=tuple(one for one in plan.given if one.block != block_id),
        reopened=tuple(one for one in plan.reopened if one.group in groups),
    )


def _refuse_wide(plan: Plan, gone: Block) -> None:
    for number, change in enumerate(plan.modifications, 1):
        is_wide = isinstance(change, Hold | Stop | DoseChange | Replacement) and change.scope is Scope.ALL
        if change.block == gone.id and is_wide:
            raise Refusal(
                "change {number} was made in {block} for the whole plan and would go with it; "
                "take it back first, or stop the block instead",
                "whole plan",
                str(number),
                number=number,
                block=gone.title,
            )


def replace_patient(plan: Plan, patient: Patient) -> Plan:
    """The same plan for the patient as now recorded. Refuses another patient's id."""
    if patient.id != plan.patient.id:
        raise Refusal(
            "this plan belongs to patient {patient}, not to {other}",
            "another patient",
            plan.patient.id,
            patient=plan.patient.id,
            other=patient.id,
        )
    return replace(plan, patient=patient)


def acknowledge(plan: Plan, finding: Finding, reason: str, by: str, at: str) -> Plan:
    """Let an open finding stand, with reason, name and time. Refuses empty words and what is not open."""
    if not reason.strip() or not by.strip():
        raise Refusal("an acknowledgement needs a reason and a name", "no reason")
    if finding.status is not FindingStatus.OPEN:
        raise Refusal(
            "{rule} is not open: {status}",
            "not open",
            rule=finding.rule,
            status=Sentence(finding.status.replace("_", " ")),
        )
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
        nearest = LONGEST_MOVE if days > 0 else -LONGEST_MOVE
        raise Refusal(
            "{days} days is more than two years; move by at most {most} days",
            "too far",
            str(nearest),
            days=days,
            most=LONGEST_MOVE,
        )
