"""A plan in words and as JSON, for `plan show` and `plan diff`."""

from datetime import date

from msgspec.structs import asdict

from planner.model.civil import clinical_date, weekday_date
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.plan import DecisionTaken, Modification
from planner.model.schedule import OpenDecision, PlacedBlock
from planner.services.differences import Difference


def plan_as_text(shown: EvaluatedPlan) -> str:
    """Patient, blocks with dates, decisions, modifications, acknowledged findings."""
    plan, patient = shown.plan, shown.plan.patient
    born = clinical_date(patient.birth_date)
    lines = [f"{'DEMO ' if plan.demo else ''}Plan {plan.id}: {patient.display_name}, born {born}, id {patient.id}"]
    lines += ["", "Blocks"] + [_block_line(block) for block in shown.schedule.blocks]
    off = [block.id for block in plan.blocks if block.id not in {placed.id for placed in shown.schedule.blocks}]
    lines += [f"  {block_id}: left out by a decision" for block_id in off]
    lines += ["", "Decisions"] + ([_decision_line(one) for one in shown.schedule.decisions] or ["  none"])
    lines += ["", "Modifications"] + ([_change_line(one) for one in plan.modifications] or ["  none"])
    if plan.acknowledgements:
        lines += ["", "Acknowledged"]
        lines += [f"  {one.finding}: {one.reason} ({one.by}, {one.at})" for one in plan.acknowledgements]
    return "\n".join(lines) + "\n"


def plan_as_json(shown: EvaluatedPlan) -> dict[str, object]:
    """The same for programs; dates are ISO text."""
    plan = shown.plan
    return {
        "id": plan.id,
        "demo": plan.demo,
        "patient": {"id": plan.patient.id, "name": plan.patient.display_name},
        "protocols": [{"id": pin.id, "version": pin.version, "sha256": pin.sha256} for pin in plan.pins],
        "blocks": [_block_json(block) for block in shown.schedule.blocks],
        "decisions": [_decision_json(shown, one) for one in shown.schedule.decisions],
        "modifications": [{"kind": type(one).__name__.lower(), **asdict(one)} for one in plan.modifications],
        "acknowledgements": [asdict(one) for one in plan.acknowledgements],
    }


def difference_line(one: Difference) -> str:
    """One changed event on one line."""
    if one.what == "appeared":
        return f"appeared: {one.label} ({one.order_id}) {one.after}"
    if one.what == "vanished":
        return f"vanished: {one.label} ({one.order_id}) {one.before}"
    return f"{one.what}: {one.label} ({one.order_id}) {one.before} -> {one.after}"


def _block_line(block: PlacedBlock) -> str:
    cycles = ", ".join(str(cycle.number) for cycle in block.cycles)
    dates = f"{weekday_date(block.start)} to {weekday_date(block.end - 1)}"
    provisional = ", provisional" if block.provisional else ""
    return (
        f"  {block.id}: {block.title} ({block.protocol_id} {block.protocol_version}), C{cycles}, {dates}{provisional}"
    )


def _decision_line(one: OpenDecision) -> str:
    choices = " | ".join(choice.id for choice in one.decision.choices)
    answer = one.choice or f"open, planned as {one.decision.expected}; may be {choices}"
    return f"  {one.decision.id} ({one.group}), due {weekday_date(one.day)}: {one.decision.question} {answer}"


def _change_line(one: Modification) -> str:
    values = asdict(one)
    place = f"{values['block']} C{values['cycle']} D{values['day']}"
    rest = [f"{key} {value}" for key, value in values.items() if key not in ("block", "cycle", "day") and value != ""]
    return f"  {type(one).__name__.lower()} {place}: {', '.join(rest)}"


def _block_json(block: PlacedBlock) -> dict[str, object]:
    return {
        "id": block.id,
        "title": block.title,
        "group": block.group,
        "protocol": block.protocol_id,
        "version": block.protocol_version,
        "phase": block.phase.id,
        "start": _iso(block.start),
        "end": _iso(block.end - 1),
        "cycles": [
            {"number": cycle.number, "start": _iso(cycle.start), "end": _iso(cycle.end - 1)} for cycle in block.cycles
        ],
        "provisional": block.provisional,
        "why": list(block.why),
    }


def _decision_json(shown: EvaluatedPlan, one: OpenDecision) -> dict[str, object]:
    taken = [made for made in shown.plan.decisions if (made.group, made.decision) == (one.group, one.decision.id)]
    return {
        "id": one.decision.id,
        "group": one.group,
        "block": one.block,
        "question": one.decision.question,
        "due": _iso(one.day),
        "choices": [choice.id for choice in one.decision.choices],
        "expected": one.decision.expected,
        "choice": one.choice,
        "taken": _taken_json(taken[0]) if taken else None,
    }


def _taken_json(made: DecisionTaken) -> dict[str, object]:
    return {"choice": made.choice, "on": made.on.isoformat(), "by": made.by, "note": made.note}


def _iso(day: int) -> str:
    return date.fromordinal(day).isoformat()
