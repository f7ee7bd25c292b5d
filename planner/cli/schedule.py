"""`regimap schedule`: every event of a plan as a table."""

import argparse

from planner.cli.plan_access import PLAN_HELP, evaluated
from planner.cli.streams import write_text
from planner.services.tables import SCHEDULE_FORMATS, schedule_text


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The plan, the format, the place."""
    parser.add_argument("plan", metavar="PLAN", help=PLAN_HELP)
    parser.add_argument("--format", choices=sorted(SCHEDULE_FORMATS), default="csv")
    parser.add_argument("-o", "--output", default="-", metavar="FILE", help="a file, or - for standard output")
    parser.set_defaults(run=_run)


def _run(chosen: argparse.Namespace) -> int:
    write_text(chosen.output, schedule_text(evaluated(chosen.plan), chosen.format))
    return 0
