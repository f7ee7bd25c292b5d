"""What all edits of `regimap plan` share: their options, the plan they start from, where the changed one goes."""

import argparse
from collections.abc import Callable
from typing import Any

from msgspec import Struct

from planner.cli.plan_access import (
    PLAN_HELP,
    OpenedPlan,
    a_number,
    add_output,
    open_plan,
    put_plan,
    rules_and_agents,
    site_of,
)
from planner.cli.streams import tell, write_text
from planner.errors import InputProblem, Refusal
from planner.model.civil import WEEKDAYS
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.finding import Finding
from planner.model.library import Library
from planner.model.plan import REASONS, Plan, Scope
from planner.services.evaluation import evaluate
from planner.services.telling.preview import preview, preview_lines
from planner.services.telling.unlisted import unlisted
from planner.services.verbs.begun import refuse_moving_begun
from planner.services.verbs.reasons import Why
from planner.services.verbs.refusing import known_block, known_cycle, on_schedule

Run = Callable[[argparse.Namespace], int]


class Desk(Struct, frozen=True):
    """A plan opened for one edit, with all that follows from it and what it was judged by."""

    opened: OpenedPlan
    known: EvaluatedPlan
    library: Library

    @property
    def plan(self) -> Plan:
        """The plan as it was opened."""
        return self.opened.plan


def new_edit(edits: Any, name: str, line: str, run: Run) -> argparse.ArgumentParser:
    """A sub-command that makes a changed plan."""
    parser: argparse.ArgumentParser = edits.add_parser(name, help=line, description=line)
    parser.add_argument("plan", metavar="PLAN", help=PLAN_HELP)
    add_output(parser)
    parser.add_argument("--preview", action="store_true", help="tell what would change, and change nothing")
    parser.set_defaults(run=run)
    return parser


BLOCK_HELP = "the id of the block, as `plan show` lists it"
DAY_HELP = "the number of the day in its cycle, as the protocol counts it"
NOTE_HELP = "more about it, in words of your own"


def add_place(parser: argparse.ArgumentParser, *, day: bool | None = True, order: bool | None = False) -> None:
    """Where the edit begins. `day` and `order`: True for needed, False for optional, None for not at all."""
    parser.add_argument("--block", required=True, help=BLOCK_HELP)
    parser.add_argument("--cycle", type=a_number, default=None, metavar="N", help="default the block's first")
    if day is not None:
        parser.add_argument("--day", type=a_number, default=None, required=day, metavar="D", help=DAY_HELP)
    if order is not None:
        parser.add_argument("--order", default="", required=order, help="the id of one order, as `schedule` shows it")


SCOPES = {
    Scope.DAY: "that day",
    Scope.CYCLE: "from then on in that cycle",
    Scope.FOLLOWING: "from then on in that block",
    Scope.ALL: "from then on in the whole plan",
}
"""How far a change of doses reaches, in words."""


def add_scope(parser: argparse.ArgumentParser, scopes: tuple[Scope, ...], default: Scope) -> None:
    """How far the edit reaches."""
    told = "; ".join(f"{scope}: {SCOPES[scope]}" for scope in scopes)
    parser.add_argument(
        "--scope", choices=[str(scope) for scope in scopes], default=str(default), help=f"{told} (default {default})"
    )


def add_reason(parser: argparse.ArgumentParser, default: str | None = None) -> None:
    """Why: a coded reason, a grade where it is a toxicity, and words. Without a default it has to be said."""
    told = f"one of {', '.join(REASONS)}" + (f" (default {default})" if default else "")
    parser.add_argument("--reason", required=default is None, default=default, metavar="CODE", help=told)
    parser.add_argument("--grade", type=a_number, default=0, metavar="1..5", help="grade of the toxicity")
    parser.add_argument("--note", default="", help=NOTE_HELP)


def offer_reason(parser: argparse.ArgumentParser) -> None:
    """Why, where it may stay unsaid: a plan that is being built has no reason to give for each of its blocks."""
    add_reason(parser, default="")


def reason_of(chosen: argparse.Namespace) -> Why | None:
    """The reason that was offered and said. InputProblem for a note or grade without one: it would be lost."""
    if not chosen.reason and (chosen.note or chosen.grade):
        raise InputProblem((f"--note and --grade belong to a reason: say --reason, one of {', '.join(REASONS)}",))
    return Why(chosen.reason, chosen.note, chosen.grade) if chosen.reason else None


def open_desk(chosen: argparse.Namespace) -> Desk:
    """The plan to edit, evaluated. An order may be named as `schedule` names it: block/cycle/order."""
    *place, order = (getattr(chosen, "order", None) or "").split("/")
    if place:
        cycle = getattr(chosen, "cycle", None) or place[-1]  # resume asks for no cycle, it knows the hold's
        if "/".join(place) != f"{chosen.block}/{cycle}":
            raise InputProblem((f"{chosen.order} is not an order of {chosen.block} C{cycle}",))
        chosen.order = order
    library = rules_and_agents()
    opened = open_plan(chosen.plan, library)
    return Desk(opened, evaluate(opened.plan, library, site_of(opened.plan)), library)


def carry_out(chosen: argparse.Namespace, desk: Desk, changed: Plan, what: str) -> int:
    """Write the changed plan under the name of the edit, or with --preview only tell what it would change."""
    after = evaluate(changed, desk.library, site_of(changed))
    refuse_moving_begun(desk.known, after)
    say(unlisted(desk.known, after))
    if not chosen.preview:
        put_plan(changed, chosen, what, desk.opened)
        return 0
    found = preview(desk.known, after)
    write_text("-", "".join(f"{line}\n" for line in preview_lines(found) or ["no difference"]))
    return 0


def say(lines: tuple[str, ...]) -> None:
    """Tell what was done beside what was asked for; on standard error, since a plan may go to standard output."""
    tell(lines)


def weekdays(text: str) -> tuple[int, ...]:
    """Weekdays by their short names, as numbers from 0 for Monday."""
    names = [part.strip().capitalize() for part in text.split(",")]
    unknown = [name for name in names if name not in WEEKDAYS]
    if unknown:
        raise argparse.ArgumentTypeError(f"{unknown[0]} is not a weekday; write {', '.join(WEEKDAYS)}")
    return tuple(WEEKDAYS.index(name) for name in names)


def cycle_of(desk: Desk, chosen: argparse.Namespace) -> int:
    """The cycle that was named, else the block's first. Refuses a block that is not there."""
    block = known_block(desk.plan, chosen.block)
    return block.cycles[0] if chosen.cycle is None else int(chosen.cycle)


def first_day_of(desk: Desk, block: str, cycle: int) -> int:
    """The number of the first day of that cycle on which anything is planned."""
    here = [one for one in desk.known.schedule.events if one.placed.block.id == block and one.placed.cycle == cycle]
    if not here:
        known_cycle(on_schedule(desk.known.schedule, block), cycle)
        raise Refusal(f"nothing is planned in cycle {cycle} of {block}", "unknown cycle")
    return here[0].cycle_day


def finding_named(desk: Desk, name: str) -> Finding:
    """The finding of that id, or of that rule where it speaks only once; InputProblem otherwise."""
    found = [one for one in desk.known.findings if name in (one.id, one.rule)]
    if len(found) == 1:
        return found[0]
    if not found:
        there = ", ".join(sorted({one.rule for one in desk.known.findings})) or "none"
        raise InputProblem((f"the plan has no finding {name}; it has {there}",))
    several = ", ".join(one.id for one in found)
    raise InputProblem((f"rule {name} speaks several times; name one of its findings: {several}",))
