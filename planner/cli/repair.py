"""`regimap repair`: move blocks and cycles to later days, as little as possible, so that hard intervals are kept."""

import argparse

from planner.cli.closed import add_closed, closed_of
from planner.cli.plan_access import PLAN_HELP, add_output
from planner.cli.plan_edit import carry_out, offer_reason, open_desk, reason_of
from planner.cli.streams import write_text
from planner.errors import NothingToDo
from planner.services import fixing
from planner.services.repairing import REPAIRED, repair_fix
from planner.services.verbs.reasons import because


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The plan and the place of the changed plan."""
    parser.add_argument("plan", metavar="PLAN", help=PLAN_HELP)
    add_output(parser)
    parser.add_argument("--preview", action="store_true", help="tell what would change, and change nothing")
    add_closed(parser)
    offer_reason(parser)
    parser.add_argument(
        "--reorder", action="store_true", help="take another order of blocks where that moves less in all"
    )
    parser.set_defaults(run=_run)


def _run(chosen: argparse.Namespace) -> int:
    desk = open_desk(chosen)
    closed = closed_of(chosen, desk.known.schedule)
    try:
        fix = repair_fix(desk.known, desk.library, closed, reorder=chosen.reorder)
    except NothingToDo as good:
        if not chosen.preview:
            raise
        write_text("-", f"{good}\n")
        return 0
    changed = fixing.apply(desk.plan, desk.known.schedule, fix, desk.library.agents)
    changed = because(desk.plan, changed, reason_of(chosen) or REPAIRED)
    return carry_out(chosen, desk, changed, fix.title)
