"""Changes to what stands in a plan, each a sub-command: dates and records, treatment and doses, bags."""

import argparse
from typing import Any

from planner.cli import plan_patient, plan_records, plan_rescue, plan_treatment
from planner.cli.closed import add_closed_days, closed_days_of
from planner.cli.plan_access import a_number
from planner.cli.plan_edit import BLOCK_HELP, carry_out, new_edit, open_desk, weekdays
from planner.model.plan import BagPlan
from planner.services.verbs import editing


def add_arguments(edits: Any) -> None:
    """The sub-commands, to stand beside the others of `regimap plan`."""
    plan_records.add_arguments(edits)
    plan_patient.add_arguments(edits)
    plan_treatment.add_arguments(edits)
    plan_rescue.add_arguments(edits)
    bags = new_edit(edits, "bags", "cut the continuous infusions of a block into bags", _bags)
    bags.add_argument("--block", required=True, help=BLOCK_HELP)
    bags.add_argument(
        "--hours", type=_hours, default=(), metavar="H[,H]", help="bag lengths; without it no bags are planned"
    )
    bags.add_argument("--on", type=weekdays, default=(), metavar="DAY[,DAY]", help="weekdays for bag changes: Mon,Thu")
    add_closed_days(bags)


def _bags(chosen: argparse.Namespace) -> int:
    desk = open_desk(chosen)
    shut = tuple(sorted(closed_days_of(chosen, desk.known.schedule)))
    bags = BagPlan(chosen.block, chosen.hours, chosen.on, shut)
    words = " and ".join(f"{hours} h" for hours in chosen.hours) or "none"
    changed = editing.plan_bags(desk.plan, desk.known.schedule, desk.library.agents, bags)
    return carry_out(chosen, desk, changed, f"Bags of {chosen.block}: {words}")


def _hours(text: str) -> tuple[int, ...]:
    return tuple(a_number(part) for part in text.split(","))
