"""`regimap fix`: do one of the fixes that are offered for a finding."""

import argparse

from planner.cli.plan_access import PLAN_HELP, add_output, site_of
from planner.cli.plan_edit import carry_out, finding_named, open_desk
from planner.services import fixing
from planner.services.verbs.reasons import Why, because


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The plan, the finding, the fix, the place of the changed plan."""
    parser.add_argument("plan", metavar="PLAN", help=PLAN_HELP)
    parser.add_argument("finding", metavar="FINDING", help="its id as `check --format json` gives it, or its rule")
    parser.add_argument("fix", metavar="FIX", help="the id of one of its fixes, as `check --format json` gives it")
    add_output(parser)
    parser.add_argument("--preview", action="store_true", help="tell what would change, and change nothing")
    parser.set_defaults(run=_run)


def _run(chosen: argparse.Namespace) -> int:
    desk = open_desk(chosen)
    finding = finding_named(desk, chosen.finding)
    fix = fixing.find_fix(desk.known, finding.id, chosen.fix, desk.library, site_of(desk.plan))
    changed = fixing.apply(desk.plan, desk.known.schedule, fix, desk.library.agents)
    changed = because(desk.plan, changed, Why("other", finding.rule))
    return carry_out(chosen, desk, changed, f"{finding.rule}: {fix.title}")
