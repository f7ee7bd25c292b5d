"""`regimap store`: the saved plans of this user."""

import argparse
import json
from pathlib import Path

from msgspec.structs import asdict

from planner.cli.plan_access import now_utc, open_plan, rules_and_agents, who_is
from planner.cli.streams import write_text
from planner.cli.values import as_json
from planner.errors import EnvironmentProblem, InputProblem, Refusal
from planner.model.revision import PlanSummary, Revision
from planner.paths import user_data
from planner.services.archive import Archive
from planner.services.plan_files import plan_text


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """init, list, history, export, import, verify."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("init", help="make the store where there is none").set_defaults(run=_init)
    listing = actions.add_parser("list", help="the plans, the newest first")
    listing.add_argument("words", nargs="*", help="words of name, id or protocol; accents do not matter")
    listing.add_argument("--json", action="store_true", help="as JSON")
    listing.set_defaults(run=_list)
    history = actions.add_parser("history", help="every saved state of a plan")
    history.add_argument("plan", metavar="PLAN_ID")
    history.add_argument("--json", action="store_true", help="as JSON")
    history.set_defaults(run=_history)
    export = actions.add_parser("export", help="a plan as a plan file")
    export.add_argument("plan", metavar="PLAN_ID")
    export.add_argument("--revision", type=int, default=None, metavar="N", help="default the newest")
    export.add_argument("-o", "--output", default="-", metavar="FILE", help="a file, or - for standard output")
    export.set_defaults(run=_export)
    taking = actions.add_parser("import", help="take a plan file into the store; never over a plan that is there")
    taking.add_argument("file", metavar="FILE")
    taking.add_argument("--by", default="", metavar="NAME", help="who does this; default the name in the settings")
    taking.set_defaults(run=_import)
    actions.add_parser("verify", help="compare everything with its checksums").set_defaults(run=_verify)


def _init(_chosen: argparse.Namespace) -> int:
    with Archive.open(user_data()):
        write_text("-", f"{user_data()}\n")
    return 0


def _list(chosen: argparse.Namespace) -> int:
    with Archive.open(user_data()) as archive:
        found = archive.list(" ".join(chosen.words), limit=-1)
    if chosen.json:
        write_text("-", json.dumps([as_json(one) for one in found], indent=2, ensure_ascii=False) + "\n")
    else:
        write_text("-", "".join(f"{_summary_line(one)}\n" for one in found))
    return 0


def _summary_line(one: PlanSummary) -> str:
    if one.damaged:
        return f"{one.plan_id}: damaged on disk and not shown; see regimap store verify"
    name = f"{'DEMO ' if one.demo else ''}{one.family_name}, {one.given_name} ({one.patient_id})"
    return f"{one.plan_id}: {name}, {one.protocols}, saved {one.saved_at}"


def _history(chosen: argparse.Namespace) -> int:
    with Archive.open(user_data()) as archive:
        lines = archive.history(chosen.plan)
    if not lines:
        raise InputProblem((f"the store has no plan {chosen.plan}; see regimap store list",))
    if chosen.json:
        write_text("-", json.dumps([asdict(one) for one in lines], indent=2, ensure_ascii=False) + "\n")
    else:
        write_text("-", "".join(f"{_history_line(one)}\n" for one in lines))
    return 0


def _history_line(one: Revision) -> str:
    return f"{one.counter}: {one.at} {one.who}: {one.what}"


def _export(chosen: argparse.Namespace) -> int:
    with Archive.open(user_data()) as archive:
        write_text(chosen.output, plan_text(archive.load(chosen.plan, chosen.revision)))
    return 0


def _import(chosen: argparse.Namespace) -> int:
    plan = open_plan(chosen.file, rules_and_agents()).plan
    with Archive.open(user_data()) as archive:
        if archive.history(plan.id):
            raise Refusal(f"{chosen.file}: the store has a plan {plan.id} already, which stays as it is")
        archive.save(plan, f"Import {Path(chosen.file).name}", who_is(chosen), now_utc(), after=0)
    write_text("-", f"{plan.id}\n")
    return 0


def _verify(_chosen: argparse.Namespace) -> int:
    with Archive.open(user_data()) as archive:
        problems = archive.verify()
        count = len(archive.list(limit=-1))
    if problems:
        raise EnvironmentProblem("\n".join(problems))
    write_text("-", f"{count} plans: all agree with their checksums\n")
    return 0
