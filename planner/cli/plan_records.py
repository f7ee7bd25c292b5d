"""Edits that record: what was given and measured, other medicines, decisions, dates of blocks, things taken back."""

import argparse
import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from planner.cli.closed import add_closed, closed_of
from planner.cli.plan_access import a_date, a_number, now_utc, site_of, today, who_is
from planner.cli.plan_edit import (
    BLOCK_HELP,
    NOTE_HELP,
    Desk,
    add_place,
    add_reason,
    carry_out,
    cycle_of,
    finding_named,
    first_day_of,
    new_edit,
    offer_reason,
    open_desk,
    reason_of,
    say,
)
from planner.cli.plan_treatment import ask_dose
from planner.errors import InputProblem
from planner.model.civil import clinical_date, weekday_date
from planner.model.finding import Finding
from planner.model.plan import BlockStart, DecisionTaken, Deferral, Given, GivenRecord, Omission, Plan, Scope
from planner.model.quantity import UNIT, two_readings, unit_of
from planner.model.schedule import AS_LAID_OUT, Schedule
from planner.model.sentence import one_of
from planner.services import fixing
from planner.services.closed_days import clear_closed
from planner.services.evaluation import evaluate, pinned_protocol
from planner.services.repairing import delay_fix
from planner.services.telling.day_zero import counts_from_elsewhere
from planner.services.telling.goes_along import goes_along
from planner.services.telling.placed_after import far_from_the_rest, one_day_zero
from planner.services.telling.preview import not_recorded_lines
from planner.services.telling.resting import rests_on
from planner.services.telling.taken_off import taken_off
from planner.services.telling.told import record_words
from planner.services.telling.without_place import without_place
from planner.services.usual_doses import TypedDose, agent_placed, times_a_day
from planner.services.verbs import deciding, editing, recording
from planner.services.verbs.placing import after
from planner.services.verbs.reasons import because
from planner.services.verbs.refusing import known_block
from planner.services.verbs.rest_of_day import rest_of
from planner.services.verbs.together import give_together, not_recorded, to_record

_DOSE = re.compile(rf"(\d{{1,9}}(?:\.\d{{1,6}})?(?:e\d{{1,2}})?) ({UNIT})")
ASK_DAY = "name the dose that was given (--day, --cycle, --number), defer the plan first, or say --sure to record it so"
ASK_DOSE = "write the dose that was given, --status partly for a part of it, or say --sure to record it so"
STATUSES = {status.replace(" ", "-"): status for status in Given}
FORGET_HELP = "planned: the record was a mistake, and the dose is planned again"
SURE_ANSWER = "also where doses that were given have no place in the course then; what is recorded stays"
FORGET = "planned"
"""What somebody says of a dose whose record was a mistake."""


def add_arguments(edits: Any) -> None:
    """The sub-commands, to stand beside the others of `regimap plan`."""
    _add_dates(edits)
    _add_records(edits)
    _add_decisions(edits)
    back = new_edit(edits, "take-back", "take one modification back", _take_back)
    back.add_argument("--sure", action="store_true", help="also where recorded doses rest on it")
    back.add_argument("number", type=a_number, metavar="NUMBER", help="as `plan show` counts them")


def _add_dates(edits: Any) -> None:
    defer = new_edit(edits, "defer", "move dates from a day of a cycle on", _defer)
    add_place(defer, day=False)
    defer.add_argument("--days", type=a_number, required=True, metavar="N", help="days later, negative for earlier")
    defer.add_argument(
        "--scope",
        choices=[str(scope) for scope in Scope],
        required=True,
        help="day: what is given on that day; cycle: the rest of the cycle, the next one keeps its date; following: "
        "all that comes after it in the block and in those that hang on it; all: every block too that begins "
        "on that day or later",
    )
    defer.add_argument(
        "--rest", action="store_true", help="of the first day only what is not recorded yet; what was given stays"
    )
    add_reason(defer)
    omit = new_edit(edits, "omit", "leave out the doses of a day; the dates stay", _omit)
    add_place(omit)
    add_reason(omit)
    move = new_edit(edits, "move", "start a block on another day; what hangs on it follows", _move)
    move.add_argument("--block", required=True, help=BLOCK_HELP)
    where = move.add_mutually_exclusive_group(required=True)
    where.add_argument("--days", type=a_number, metavar="N", help="so many days later, negative for earlier")
    where.add_argument("--start", type=a_date, metavar="DATE", help="its first day, a date of its own")
    where.add_argument("--after", default="", metavar="BLOCK", help="it starts behind the end of that block")
    move.add_argument("--gap", type=a_number, default=0, metavar="DAYS", help="days between the two blocks")
    move.add_argument(
        "--waits", action="store_true", help="with --days: what has to wait moves too, as little as possible"
    )
    add_closed(move)
    offer_reason(move)
    clear = new_edit(
        edits,
        "clear-closed",
        "move single doses off closed days, inside their windows, to days that bring no new warning",
        _clear,
    )
    add_closed(clear)
    remove = new_edit(edits, "remove", "take a block off the plan", _remove)
    remove.add_argument("--block", required=True, help=BLOCK_HELP)
    offer_reason(remove)


def _add_records(edits: Any) -> None:
    given = new_edit(edits, "given", "record what became of one administration", _given)
    add_place(given, order=True)
    given.add_argument("--number", type=a_number, default=1, metavar="N", help="which of the doses of that day")
    given.add_argument("--status", choices=[*STATUSES, FORGET], default="given", help=FORGET_HELP)
    given.add_argument("--on", type=a_date, default=None, metavar="DATE", help="actual day; default the planned one")
    given.add_argument("--dose", default="", help='actual dose such as "1.5 mg"; default the planned one')
    offer_reason(given)
    given.add_argument(
        "--follow",
        choices=[str(Scope.CYCLE), str(Scope.FOLLOWING), str(Scope.ALL)],
        help="move the rest as well, not only what goes with it",
    )
    given.add_argument("--sure", action="store_true", help="record a day or dose that is far from the planned one")
    every = new_edit(edits, "given-all", "record every dose due in a span of days as given as planned", _given_all)
    every.add_argument("--block", default="", help="only of this block")
    every.add_argument("--order", default="", help="only of this order, as `schedule` shows it")
    every.add_argument("--from", dest="first", type=a_date, default=None, metavar="DATE", help="default the beginning")
    every.add_argument("--until", type=a_date, default=None, metavar="DATE", help="default today, and never later")


def _add_decisions(edits: Any) -> None:
    decide = new_edit(edits, "decide", "answer an open decision", _decide)
    decide.add_argument("decision", metavar="DECISION=OPTION", help="their ids, as `plan show` lists them")
    decide.add_argument("--group", default="", help="the placement, where several have this decision")
    decide.add_argument("--on", type=a_date, default=None, metavar="DATE", help="day of the decision; default today")
    decide.add_argument("--result", default="", help="what it rests on, such as a measured value")
    decide.add_argument("--note", default="", help=NOTE_HELP)
    decide.add_argument("--sure", action="store_true", help=SURE_ANSWER)
    again = new_edit(edits, "reopen", "open a decision again", _reopen)
    again.add_argument("decision", metavar="DECISION", help="the id of the question, as `plan show` lists it")
    again.add_argument("--group", default="", help="the placement, where several have this decision")
    again.add_argument("--reason", required=True, metavar="TEXT", help="why the answer does not hold")
    again.add_argument("--sure", action="store_true", help=SURE_ANSWER)
    mark = new_edit(edits, "acknowledge", "let an open finding stand, with the reason", _acknowledge)
    mark.add_argument("finding", metavar="FINDING", help="its id as `check --format json` gives it, or its rule")
    mark.add_argument("--reason", required=True, metavar="TEXT", help="why it may stand")


def _defer(chosen: argparse.Namespace) -> int:
    desk = open_desk(chosen)
    block, cycle = chosen.block, cycle_of(desk, chosen)
    day = chosen.day if chosen.day is not None else first_day_of(desk, block, cycle)
    change = Deferral(
        block, cycle, day, chosen.days, Scope(chosen.scope), chosen.reason, chosen.note, chosen.grade, chosen.order
    )
    if chosen.rest:
        change = rest_of(desk.plan, change)
    changed = editing.defer(desk.plan, desk.known.schedule, change)
    what = f"Defer {'the rest of ' if chosen.rest else ''}{chosen.order or block} C{cycle} D{day}"
    return carry_out(chosen, desk, changed, f"{what} by {chosen.days:+d} days")


def _omit(chosen: argparse.Namespace) -> int:
    desk = open_desk(chosen)
    cycle = cycle_of(desk, chosen)
    change = Omission(chosen.block, cycle, chosen.day, chosen.order, chosen.reason, chosen.note, chosen.grade)
    changed = editing.omit(desk.plan, desk.known.schedule, change)
    what = f"Omit {chosen.order or 'all doses'} of {chosen.block} C{cycle} D{chosen.day}"
    return carry_out(chosen, desk, changed, what)


def _move(chosen: argparse.Namespace) -> int:
    desk = open_desk(chosen)
    if chosen.days is not None and chosen.waits:
        fix = delay_fix(desk.known, desk.library, chosen.block, chosen.days, closed_of(chosen, desk.known.schedule))
        changed = fixing.apply(desk.plan, desk.known.schedule, fix, desk.library.agents)
        words = f"by {chosen.days:+d} days, with what has to wait"
    elif chosen.waits:
        raise InputProblem(("--waits goes with --days: it is about a delay",))
    elif chosen.days is not None:
        changed, words = editing.move_block(desk.plan, chosen.block, chosen.days), f"by {chosen.days:+d} days"
    elif chosen.start:
        changed = editing.start_block_on(desk.plan, chosen.block, chosen.start)
        words = f"to {clinical_date(chosen.start)}"
        say(tuple(filter(None, [far_from_the_rest(desk.known.schedule, chosen.start)])))
    else:
        start = _on_its_day_zero(desk, chosen, after(desk.plan, chosen.after, chosen.gap))
        changed, words = editing.hang_block(desk.plan, chosen.block, start), f"after {chosen.after}"
    changed = because(desk.plan, changed, reason_of(chosen))
    return carry_out(chosen, desk, changed, f"Move {chosen.block} {words}")


def _on_its_day_zero(desk: Desk, chosen: argparse.Namespace, start: BlockStart) -> BlockStart:
    """The start after another block, on its Day 0 where both count from one, as where a block is placed; told."""
    moved = next((one for one in desk.known.schedule.blocks if one.id == chosen.block), None)
    together = one_day_zero(desk.known.schedule, start, moved.phase) if moved else ""
    say((together,) if together else ())
    return after(desk.plan, start.after, -1) if together else start


def _clear(chosen: argparse.Namespace) -> int:
    desk = open_desk(chosen)

    def judge(plan: Plan) -> Sequence[Finding]:
        return evaluate(plan, desk.library, site_of(plan)).findings

    found = clear_closed(desk.plan, desk.known.schedule, closed_of(chosen, desk.known.schedule), judge=judge)
    say(tuple(f"{event.label}, {weekday_date(event.day)}, stays: {why}" for event, why in found.left))
    say(tuple(f"new with these moves: {one.rule}, {one.message}" for one in found.brought))
    return carry_out(chosen, desk, found.plan, f"Clear closed days: {len(found.moved)} moved")


def _remove(chosen: argparse.Namespace) -> int:
    desk = open_desk(chosen)
    changed = because(desk.plan, editing.remove_block(desk.plan, chosen.block), reason_of(chosen))
    say(taken_off(desk.known.schedule, evaluate(changed, desk.library, site_of(changed)).schedule))
    return carry_out(chosen, desk, changed, f"Remove {chosen.block}")


def _given(chosen: argparse.Namespace) -> int:
    desk = open_desk(chosen)
    earlier = _recorded(chosen, desk)
    if chosen.status == FORGET:
        if earlier is None:
            raise InputProblem((f"{chosen.order} of {chosen.block} D{chosen.day} has no record",))
        return carry_out(chosen, desk, recording.forget_given(desk.plan, earlier), f"Forget: {record_words(earlier)}")
    say((f"in place of the record {record_words(earlier)}",) if earlier else ())
    as_planned = _without_record(desk, earlier)
    record = _record(chosen, desk, as_planned)
    before = desk.plan
    day, amount = recording.doubtful_day(as_planned, record), recording.doubtful_amount(as_planned, record)
    doubts = ((day, ASK_DAY) if day else ()) + ((amount, ASK_DOSE) if amount else ())
    if doubts and not (chosen.sure or chosen.preview):
        raise InputProblem(doubts)
    say(tuple(filter(None, (day, amount))))
    _ask_undosed(chosen, desk, as_planned, record)
    along = "" if chosen.follow else goes_along(as_planned, record)
    say((along,) if along else ())
    if chosen.follow and record.on:
        before = recording.shift_by_given(before, as_planned, record, Scope(chosen.follow))
    changed = recording.record_given(before, as_planned, record, today())
    after = evaluate(changed, desk.library, site_of(changed)).schedule
    counted = counts_from_elsewhere(as_planned, after, record)
    if counted and not (chosen.sure or chosen.preview):
        raise InputProblem((counted, "move that block first (plan move), or say --sure to leave it"))
    say((counted,) if counted else ())
    what = f"{record.status.capitalize()}: {record.order} of {record.block} C{record.cycle} D{record.day}"
    return carry_out(chosen, desk, changed, what)


def _ask_undosed(chosen: argparse.Namespace, desk: Desk, as_planned: Schedule, record: GivenRecord) -> None:
    """Ask about the dose of a record where the plan has none beside which it could be looked at."""
    doses = recording.doses_of(as_planned, record)
    dose = doses[record.number].dose if 0 <= record.number < len(doses) else None
    if dose and dose.value is None and chosen.dose:
        placed = doses[record.number].placed
        agent = agent_placed(desk.library.agents, placed)
        ask_dose(chosen, desk, TypedDose(agent, placed.route, chosen.dose, times_a_day(placed)))


def _given_all(chosen: argparse.Namespace) -> int:
    ending, chosen.order = chosen.order and f"/{chosen.order}", ""
    desk = open_desk(chosen)
    if chosen.block:
        known_block(desk.plan, chosen.block)
    first, last = chosen.first or date.min, min(chosen.until or today(), today())
    meant = [
        event
        for event in desk.known.schedule.events
        if first <= event.date <= last
        and chosen.block in ("", event.placed.block.id)
        and f"/{event.placed.block.id}/{event.placed.cycle}/{event.placed.order.id}".endswith(ending)
    ]
    due = to_record(meant, today())
    say(not_recorded_lines(not_recorded(meant, today())))
    changed = give_together(desk.plan, desk.known.schedule, due, who_is(chosen), today())
    return carry_out(chosen, desk, changed, f"Given as planned: {len(due)} doses until {clinical_date(last)}")


def _recorded(chosen: argparse.Namespace, desk: Desk) -> GivenRecord | None:
    """What stands recorded of the dose already."""
    place = (chosen.block, cycle_of(desk, chosen), chosen.day, chosen.order, chosen.number - 1)
    earlier = (one for one in desk.plan.given if (one.block, one.cycle, one.day, one.order, one.number) == place)
    return next(earlier, None)


def _without_record(desk: Desk, earlier: GivenRecord | None) -> Schedule:
    """The schedule as if the dose was not recorded yet: what it says of day and dose is what was planned."""
    if earlier is None:
        return desk.known.schedule
    return evaluate(recording.forget_given(desk.plan, earlier), desk.library, site_of(desk.plan)).schedule


def _record(chosen: argparse.Namespace, desk: Desk, as_planned: Schedule) -> GivenRecord:
    """The record with day and dose as planned where they were not told."""
    cycle, status = cycle_of(desk, chosen), STATUSES[chosen.status]
    planned = [
        event
        for event in sorted(as_planned.events, key=AS_LAID_OUT)
        if (event.placed.block.id, event.placed.cycle, event.placed.order.id, event.cycle_day)
        == (chosen.block, cycle, chosen.order, chosen.day)
    ][chosen.number - 1 : chosen.number]
    dose, unit, on = None, "", chosen.on
    if chosen.dose:
        found = _DOSE.fullmatch(chosen.dose)
        if not found:
            raise InputProblem((f'--dose {chosen.dose}: write for example "1.5 mg"',))
        if problem := two_readings(chosen.dose):
            raise InputProblem((f"--dose: {problem}",))
        dose, unit = Decimal(found[1]), unit_of(found[2])
    elif status is Given.GIVEN and planned and planned[0].dose:
        dose, unit = planned[0].dose.value, planned[0].dose.unit
    if status is not Given.NOT_GIVEN and on is None and planned:
        on = planned[0].date
    place = (chosen.block, cycle, chosen.day, chosen.order, chosen.number - 1)
    return GivenRecord(*place, status, on, dose, unit, who_is(chosen), chosen.reason, chosen.note, grade=chosen.grade)


def _decide(chosen: argparse.Namespace) -> int:
    desk = open_desk(chosen)
    decision, equals, choice = chosen.decision.partition("=")
    if not (decision and equals and choice):
        raise InputProblem((f'{chosen.decision}: write DECISION=OPTION, for example "response=cr"',))
    if chosen.on and chosen.on > today():
        raise InputProblem((f"--on: {clinical_date(chosen.on)} lies in the future; today is {clinical_date(today())}",))
    group = chosen.group or deciding.find_decision(desk.known, decision).group
    taken = DecisionTaken(group, decision, choice, chosen.on or today(), who_is(chosen), chosen.note, chosen.result)
    protocols = {pin.sha256: pinned_protocol(pin.text) for pin in desk.plan.pins}
    changed = editing.decide(desk.plan, protocols, taken)
    _ask_place(chosen, desk, changed, "say --sure to answer it so")
    pin = next(block.pin for block in desk.plan.blocks if block.group == group)
    asked = next(one for one in protocols[pin].decisions if one.id == decision)
    due = next((one.day for one in desk.known.schedule.decisions if (one.group, one.decision) == (group, asked)), None)
    early = due - taken.on.toordinal() if due else 0
    if due and early > deciding.EARLY:
        say((f"the course asks on {weekday_date(due)}, {early} days after that; is the answer known?",))
    say(tuple(f"{one.title}: {one.note}" for one in asked.choices if one.id == choice and one.note))
    return carry_out(chosen, desk, changed, f"Decide {decision}: {choice}")


def _reopen(chosen: argparse.Namespace) -> int:
    desk = open_desk(chosen)
    made = {one.group for one in desk.plan.decisions if one.decision == chosen.decision}
    group = chosen.group or (
        made.pop() if len(made) == 1 else deciding.find_decision(desk.known, chosen.decision).group
    )
    changed = deciding.reopen(desk.plan, group, chosen.decision, chosen.reason, who_is(chosen), today())
    keeping = deciding.other_answers(desk.plan, group, chosen.decision)
    instead = f", or decide it as {one_of(keeping)}, which keeps what was given" if keeping else ""
    _ask_place(chosen, desk, changed, f"say --sure to open it so{instead}")
    return carry_out(chosen, desk, changed, f"Open {chosen.decision} again")


def _ask_place(chosen: argparse.Namespace, desk: Desk, changed: Plan, ask: str) -> None:
    """Tell what was given and has no place then. InputProblem where nobody said that this is meant."""
    gone = without_place(desk.plan, changed)
    if gone and not (chosen.sure or chosen.preview):
        raise InputProblem((*gone, ask))
    say(gone)


def _acknowledge(chosen: argparse.Namespace) -> int:
    desk = open_desk(chosen)
    finding = finding_named(desk, chosen.finding)
    changed = editing.acknowledge(desk.plan, finding, chosen.reason, who_is(chosen), now_utc())
    return carry_out(chosen, desk, changed, f"Acknowledge {finding.rule}")


def _take_back(chosen: argparse.Namespace) -> int:
    desk = open_desk(chosen)
    changed = editing.take_back(desk.plan, chosen.number)
    rests = rests_on(desk.plan, chosen.number)
    if rests and not (chosen.sure or chosen.preview):
        raise InputProblem((rests, "set the records right first, or say --sure to take it back so"))
    say((rests,) if rests else ())
    return carry_out(chosen, desk, changed, f"Take back change {chosen.number}")
