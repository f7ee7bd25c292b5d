"""Changes to what stands in a plan: defer, omit, decide, acknowledge, bags."""

import argparse
from typing import Any

from planner.cli.plan_access import (
    PLAN_HELP,
    OpenedPlan,
    a_date,
    a_number,
    add_output,
    now_utc,
    open_plan,
    put_plan,
    rules_and_agents,
    site_of,
    today,
    who_is,
)
from planner.errors import InputProblem, Refusal
from planner.model.civil import WEEKDAYS
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.finding import Finding
from planner.model.plan import REASONS, BagPlan, DecisionTaken, Deferral, Omission, Scope
from planner.services import editing
from planner.services.evaluation import evaluate, pinned_protocol
from planner.services.placing import known_block


def add_arguments(edits: Any) -> None:
    """The sub-commands, to stand beside the others of `regimap plan`."""
    defer = _change(edits, "defer", "move dates from a day of a cycle on", _defer)
    _add_place(defer, day_required=False)
    defer.add_argument("--days", type=a_number, required=True, metavar="N", help="days later, negative for earlier")
    defer.add_argument("--scope", choices=[str(scope) for scope in Scope], required=True)
    _add_reason(defer)
    omit = _change(edits, "omit", "leave out the doses of a day; the dates stay", _omit)
    _add_place(omit, day_required=True)
    omit.add_argument("--order", default="", help="one order of that day; without it all of them")
    _add_reason(omit)
    decide = _change(edits, "decide", "answer an open decision", _decide)
    decide.add_argument("decision", metavar="DECISION=OPTION")
    decide.add_argument("--group", default="", help="the placement, where several have this decision")
    decide.add_argument("--on", type=a_date, default=None, metavar="DATE", help="day of the decision; default today")
    decide.add_argument("--note", default="")
    bags = _change(edits, "bags", "cut the continuous infusions of a block into bags", _bags)
    bags.add_argument("--block", required=True)
    bags.add_argument(
        "--hours", type=_hours, default=(), metavar="H[,H]", help="bag lengths; without it no bags are planned"
    )
    bags.add_argument("--on", type=_weekdays, default=(), metavar="DAY[,DAY]", help="weekdays for bag changes: Mon,Thu")
    acknowledge = _change(edits, "acknowledge", "let an open finding stand, with the reason", _acknowledge)
    acknowledge.add_argument("finding", metavar="FINDING", help="its id as `check --format json` gives it, or its rule")
    acknowledge.add_argument("--reason", required=True, metavar="TEXT")


def _change(edits: Any, name: str, line: str, run: object) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = edits.add_parser(name, help=line, description=line)
    parser.add_argument("plan", metavar="PLAN", help=PLAN_HELP)
    add_output(parser)
    parser.set_defaults(run=run)
    return parser


def _add_place(parser: argparse.ArgumentParser, *, day_required: bool) -> None:
    parser.add_argument("--block", required=True)
    parser.add_argument("--cycle", type=a_number, default=None, metavar="N", help="default the block's first")
    parser.add_argument("--day", type=a_number, default=None, required=day_required, metavar="D")


def _add_reason(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--reason", required=True, metavar="CODE", help=f"one of {', '.join(REASONS)}")
    parser.add_argument("--note", default="")


def _open(chosen: argparse.Namespace) -> tuple[OpenedPlan, EvaluatedPlan]:
    library = rules_and_agents()
    opened = open_plan(chosen.plan, library)
    return opened, evaluate(opened.plan, library, site_of(opened.plan))


def _defer(chosen: argparse.Namespace) -> int:
    opened, known = _open(chosen)
    known_block(opened.plan, chosen.block)
    cycle = _cycle(known, chosen)
    day = chosen.day if chosen.day is not None else _first_day(known, chosen.block, cycle)
    change = Deferral(chosen.block, cycle, day, chosen.days, Scope(chosen.scope), chosen.reason, chosen.note)
    what = f"Defer {chosen.block} C{cycle} D{day} by {chosen.days:+d} days"
    put_plan(editing.defer(opened.plan, known.schedule, change), chosen, what, opened)
    return 0


def _omit(chosen: argparse.Namespace) -> int:
    opened, known = _open(chosen)
    known_block(opened.plan, chosen.block)
    cycle = _cycle(known, chosen)
    change = Omission(chosen.block, cycle, chosen.day, chosen.order, chosen.reason, chosen.note)
    what = f"Omit {chosen.order or 'all doses'} of {chosen.block} C{cycle} D{chosen.day}"
    put_plan(editing.omit(opened.plan, known.schedule, change), chosen, what, opened)
    return 0


def _decide(chosen: argparse.Namespace) -> int:
    opened, known = _open(chosen)
    decision, equals, choice = chosen.decision.partition("=")
    if not (decision and equals and choice):
        raise InputProblem((f'{chosen.decision}: write DECISION=OPTION, for example "response=cr"',))
    group = chosen.group or _group(known, decision)
    taken = DecisionTaken(group, decision, choice, chosen.on or today(), who_is(chosen), chosen.note)
    protocols = {pin.sha256: pinned_protocol(pin.text) for pin in opened.plan.pins}
    put_plan(editing.decide(opened.plan, protocols, taken), chosen, f"Decide {decision}: {choice}", opened)
    return 0


def _bags(chosen: argparse.Namespace) -> int:
    opened, known = _open(chosen)
    bags = BagPlan(chosen.block, chosen.hours, chosen.on)
    words = " and ".join(f"{hours} h" for hours in chosen.hours) or "none"
    changed = editing.plan_bags(opened.plan, known.schedule, rules_and_agents().agents, bags)
    put_plan(changed, chosen, f"Bags of {chosen.block}: {words}", opened)
    return 0


def _hours(text: str) -> tuple[int, ...]:
    return tuple(a_number(part) for part in text.split(","))


def _weekdays(text: str) -> tuple[int, ...]:
    names = [part.strip().capitalize() for part in text.split(",")]
    unknown = [name for name in names if name not in WEEKDAYS]
    if unknown:
        raise argparse.ArgumentTypeError(f"{unknown[0]} is not a weekday; write {', '.join(WEEKDAYS)}")
    return tuple(WEEKDAYS.index(name) for name in names)


def _acknowledge(chosen: argparse.Namespace) -> int:
    opened, known = _open(chosen)
    finding = _finding(known, chosen.finding)
    changed = editing.acknowledge(opened.plan, finding, chosen.reason, who_is(chosen), now_utc())
    put_plan(changed, chosen, f"Acknowledge {finding.rule}", opened)
    return 0


def _cycle(known: EvaluatedPlan, chosen: argparse.Namespace) -> int:
    if chosen.cycle is not None:
        return int(chosen.cycle)
    return known.plan.block(chosen.block).cycles[0]


def _first_day(known: EvaluatedPlan, block: str, cycle: int) -> int:
    """The number of the first day of that cycle on which anything is planned."""
    here = [one for one in known.schedule.events if one.placed.block.id == block and one.placed.cycle == cycle]
    if not here:
        raise Refusal(f"nothing is planned in cycle {cycle} of {block}")
    return here[0].cycle_day


def _group(known: EvaluatedPlan, decision: str) -> str:
    groups = sorted({one.group for one in known.schedule.decisions if one.decision.id == decision})
    if len(groups) == 1:
        return groups[0]
    if not groups:
        there = ", ".join(sorted({one.decision.id for one in known.schedule.decisions})) or "none"
        raise InputProblem((f"the plan has no decision {decision}; it has {there}",))
    raise InputProblem((f"several placements have the decision {decision}; add --group {' or --group '.join(groups)}",))


def _finding(known: EvaluatedPlan, name: str) -> Finding:
    found = [one for one in known.findings if name in (one.id, one.rule)]
    if len(found) == 1:
        return found[0]
    if not found:
        there = ", ".join(sorted({one.rule for one in known.findings})) or "none"
        raise InputProblem((f"the plan has no finding {name}; it has {there}",))
    several = ", ".join(one.id for one in found)
    raise InputProblem((f"rule {name} speaks several times; name one of its findings: {several}",))
