"""A plan in words and as JSON, for `plan show` and `plan diff`."""

from datetime import date

from msgspec import Struct
from msgspec.structs import asdict

from planner.assembly.calendar import GIVEN_ALREADY
from planner.cli.values import as_json
from planner.exports.wording.holds import Ends
from planner.exports.wording.runs import FirstDays
from planner.model.asked import still_asked
from planner.model.body import SURFACES
from planner.model.civil import clinical_date, recorded_moment, weekday_date
from planner.model.day_words import run_words
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.plan import DecisionTaken, Plan
from planner.model.position import Position
from planner.model.schedule import OpenDecision, PlacedBlock
from planner.services.telling.absent import absent_blocks
from planner.services.telling.change_words import change_words, course_lines
from planner.services.telling.drugs_given import changes_as_given, records_as_given
from planner.services.telling.position import position_line, you_are_here
from planner.services.telling.told import decision_words, record_lines
from planner.services.verbs.pausing import open_hold


def plan_as_text(shown: EvaluatedPlan, today: date) -> str:
    """Patient, blocks with dates, decisions, modifications, acknowledged findings."""
    plan, patient = shown.plan, shown.plan.patient
    born = clinical_date(patient.birth_date)
    lines = [f"{'DEMO ' if plan.demo else ''}Plan {plan.id}: {patient.display_name}, born {born}, id {patient.id}"]
    lines.append(f"Here: {position_line(you_are_here(shown, today.toordinal()))}")
    lines.append(f"Body surface by {SURFACES[plan.bsa_formula].name}")
    ends, first = shown.once(Ends), FirstDays(shown.schedule)
    lines += ["", "Blocks", *(_block_line(plan, block, ends, first) for block in shown.schedule.blocks)]
    lines += [f"  {block_id}: {why}" for block_id, why in absent_blocks(shown).items()]
    decisions = [f"{_decision_line(one, _taken(plan, one))}{_moot(shown, one)}" for one in shown.schedule.decisions]
    decisions += [
        f"  {one.decision} ({one.group}), not asked as the plan stands: {decision_words(one, None)}"
        for one in _not_asked(shown)
    ]
    lines += ["", "Decisions", *(decisions or ["  none"])]
    lines += ["", "Modifications"] + (
        [f"  {number}. {change_words(one)}" for number, one in enumerate(changes_as_given(plan, shown.schedule), 1)]
        or ["  none"]
    )
    if plan.course_changes:
        lines += ["", "Changes of the course", *(f"  {line}" for line in course_lines(plan))]
    if plan.given:
        records = records_as_given(plan.given, plan, shown.schedule)
        lines += ["", "Given", *(f"  {line}" for line in record_lines(records))]
    if plan.reopened:
        lines += ["", "Decisions opened again"]
        lines += [f"  {one.decision} ({one.group}), was {one.choice}: {one.reason} ({one.by})" for one in plan.reopened]
    if plan.acknowledgements:
        lines += ["", "Acknowledged"]
        lines += [
            f"  {one.finding}: {one.reason} ({one.by}, {recorded_moment(one.at)})" for one in plan.acknowledgements
        ]
    return "\n".join(lines) + "\n"


def plan_as_json(shown: EvaluatedPlan, today: date) -> dict[str, object]:
    """The same for programs; dates are ISO text."""
    plan, ends = shown.plan, shown.once(Ends)
    return {
        "id": plan.id,
        "demo": plan.demo,
        "bsa_formula": plan.bsa_formula,
        "patient": {"id": plan.patient.id, "name": plan.patient.display_name},
        "protocols": [{"id": pin.id, "version": pin.version, "sha256": pin.sha256} for pin in plan.pins],
        "here": _here_json(you_are_here(shown, today.toordinal())),
        "blocks": [_block_json(plan, block, ends) for block in shown.schedule.blocks],
        "left_out": [{"id": block_id, "why": why} for block_id, why in absent_blocks(shown).items()],
        "decisions": [_decision_json(shown, one) for one in shown.schedule.decisions],
        "not_asked": [{"id": one.decision, "group": one.group, "taken": _taken_json(one)} for one in _not_asked(shown)],
        "modifications": [{"kind": type(one).__name__.lower(), **_plain(one)} for one in plan.modifications],
        "course_changes": [_plain(one) for one in plan.course_changes],
        "given": [_plain(one) for one in plan.given],
        "reopened": [_plain(one) for one in plan.reopened],
        "acknowledgements": [_plain(one) for one in plan.acknowledgements],
    }


def _block_line(plan: Plan, block: PlacedBlock, ends: Ends, first: FirstDays) -> str:
    cycles, begins = run_words([cycle.number for cycle in block.cycles]), first.of(block)
    dates = f"{weekday_date(begins)} to {weekday_date(block.end - 1)}"
    if begins < block.begins:
        dates += f" (Day {block.phase.first_day} is {weekday_date(block.begins)}; a medicine comes before it)"
    if block.waits:
        dates = f"no day set; the protocol's would be {dates}"
    if block.phase.open_end and not block.waits and not ends.is_stopped(block):
        dates += ", and goes on until somebody says when it ends"
    provisional = f", provisional: {block.unsure}" if block.provisional else ""
    hold = ", on hold: what is still to come has no date" if open_hold(plan, block.id) is not None else ""
    where = f"{block.title} ({block.protocol_id} {block.protocol_version})"
    kept = "".join(f", {why}" for why in block.why if why.startswith(GIVEN_ALREADY))
    return f"  {block.id}: {where}, C{cycles}, {dates}{provisional}{hold}{_stopped(block, ends)}{kept}"


def _stopped(block: PlacedBlock, ends: Ends) -> str:
    """That nothing more of a block is given, and from when; dates alone read as if it went on."""
    if not ends.is_stopped(block):
        return ""
    since = ends.stopped_from(block)
    return f", stopped from {weekday_date(since)}" if since else ", stopped"


def _decision_line(one: OpenDecision, taken: DecisionTaken | None) -> str:
    choices = " | ".join(choice.id for choice in one.decision.choices)
    answer = decision_words(taken, one) if taken else f"open, planned as {one.decision.expected}; may be {choices}"
    return f"  {one.decision.id} ({one.group}), due {weekday_date(one.day)}: {one.decision.question} {answer}"


def _moot(shown: EvaluatedPlan, one: OpenDecision) -> str:
    return "" if still_asked(one, shown.schedule, shown.plan) else "; no longer asked: what it decides was stopped"


def _not_asked(shown: EvaluatedPlan) -> list[DecisionTaken]:
    """Answers that the plan keeps although other answers leave their question out; nothing follows from them."""
    asked = {(one.group, one.decision.id) for one in shown.schedule.decisions}
    return [one for one in shown.plan.decisions if (one.group, one.decision) not in asked]


def _plain(record: Struct) -> dict[str, object]:
    return {key: as_json(value) for key, value in asdict(record).items()}


def _here_json(here: Position) -> dict[str, object]:
    return {
        "date": _iso(here.today),
        "block": here.block.id if here.block else None,
        "cycle": here.cycle.number if here.cycle else None,
        "day": here.day if here.block else None,
        "waiting": here.waiting,
        "on_hold_since": _iso(here.held_since) if here.held_since else None,
        "on_hold": list(here.held),
        "due": [event.placed.id for event in here.due],
        "to_record": [event.placed.id for event in here.to_record],
        "next": {"order": here.next.placed.id, "date": _iso(here.next.day)} if here.next else None,
    }


def _block_json(plan: Plan, block: PlacedBlock, ends: Ends) -> dict[str, object]:
    return {
        "id": block.id,
        "title": block.title,
        "group": block.group,
        "protocol": block.protocol_id,
        "version": block.protocol_version,
        "phase": block.phase.id,
        "start": _iso(block.start),
        "begins": _iso(block.begins),
        "end": _iso(block.end - 1),
        "cycles": [
            {"number": cycle.number, "start": _iso(cycle.start), "end": _iso(cycle.end - 1)} for cycle in block.cycles
        ],
        "provisional": block.provisional,
        "on_hold": open_hold(plan, block.id) is not None,
        "stopped": ends.is_stopped(block),
        "why": list(block.why),
    }


def _decision_json(shown: EvaluatedPlan, one: OpenDecision) -> dict[str, object]:
    taken = _taken(shown.plan, one)
    return {
        "id": one.decision.id,
        "group": one.group,
        "block": one.block,
        "question": one.decision.question,
        "due": _iso(one.day),
        "choices": [choice.id for choice in one.decision.choices],
        "expected": one.decision.expected,
        "choice": one.choice,
        "taken": _taken_json(taken) if taken else None,
    }


def _taken(plan: Plan, one: OpenDecision) -> DecisionTaken | None:
    """The answer somebody gave, with day, name and what it rests on."""
    made = (made for made in plan.decisions if (made.group, made.decision) == (one.group, one.decision.id))
    return next(made, None)


def _taken_json(made: DecisionTaken) -> dict[str, object]:
    return {
        "choice": made.choice,
        "on": made.on.isoformat(),
        "by": made.by,
        "note": made.note,
        "result": made.result,
    }


def _iso(day: int) -> str:
    return date.fromordinal(day).isoformat()
