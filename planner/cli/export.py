"""`regimap export`: a plan as a table, a workbook, a calendar file or a FHIR bundle."""

import argparse
from datetime import UTC, datetime

from planner.cli.plan_access import PLAN_HELP, evaluated
from planner.cli.streams import write_bytes
from planner.services.tables import EXPORTS, exported


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The plan, the format, the place."""
    parser.add_argument("plan", metavar="PLAN", help=PLAN_HELP)
    parser.add_argument("--to", choices=sorted(EXPORTS), required=True, help="calendar files and tables hold no name")
    parser.add_argument("-o", "--output", default="-", metavar="FILE", help="a file, or - for standard output")
    parser.set_defaults(run=_run)


def _run(chosen: argparse.Namespace) -> int:
    write_bytes(chosen.output, exported(evaluated(chosen.plan), chosen.to, datetime.now(UTC)))
    return 0
