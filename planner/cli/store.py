"""`regimap store`: the saved plans of this user."""

import argparse
import json
from collections.abc import Callable
from datetime import datetime

from msgspec.structs import asdict

from planner.cli import store_files, store_keeping
from planner.cli.plan_access import now_local_offset, rules_and_agents, site_of, who_is
from planner.cli.store_access import add_passphrase, no_store, open_archive
from planner.cli.streams import tell, write_text
from planner.cli.values import as_json
from planner.errors import InputProblem
from planner.model.civil import clinical_date
from planner.model.revision import PlanSummary, Revision, TrailLine
from planner.services.evaluation import evaluate
from planner.services.store.protection import LIMITS
from planner.services.store.store_tables import trail_csv
from planner.services.telling.preview import preview, preview_lines

Command = Callable[[argparse.Namespace], int]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Every command about the store."""
    parser.epilog = LIMITS
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    for name in ("list", "search"):
        listing = _action(actions, name, "the plans, the newest first; with words those that hold each", _list)
        listing.add_argument("words", nargs="*" if name == "list" else "+", help="starts of words, accents or not")
        listing.add_argument("--by-name", action="store_true", help="in order of name")
        listing.add_argument("--json", action="store_true", help="as JSON")
    history = _action(actions, "history", "every saved state of a plan, or what differs between two of them", _history)
    history.add_argument("plan", metavar="PLAN_ID")
    history.add_argument("--compare", type=int, nargs=2, metavar=("M", "N"), help="what differs between two revisions")
    history.add_argument("--json", action="store_true", help="as JSON")
    void = _action(actions, "void", "delete plans with a reason, or take one back; nothing is lost", _void)
    void.add_argument("plans", nargs="*", metavar="PLAN_ID", help="none: list the deleted plans")
    void.add_argument("--reason", default="", help="why; kept in the history")
    void.add_argument("--back", action="store_true", help="take the plan back")
    void.add_argument("--confirm", type=int, default=0, metavar="N", help="the number of plans, for many at once")
    void.add_argument("--by", default="", metavar="NAME", help="who does this; default the name in the settings")
    trail = _action(actions, "trail", "the audit trail: everything done, of one plan or of all", _trail)
    trail.add_argument("plan", nargs="?", default="", metavar="PLAN_ID")
    trail.add_argument("--format", choices=("text", "csv", "json"), default="text")
    trail.add_argument("-o", "--output", default="-", metavar="FILE", help="a file, or - for standard output")
    store_files.add_actions(actions)
    store_keeping.add_actions(actions)


def _action(
    actions: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, line: str, run: Command
) -> argparse.ArgumentParser:
    parser = actions.add_parser(name, help=line, description=line)
    parser.set_defaults(run=run)
    add_passphrase(parser)
    return parser


def _list(chosen: argparse.Namespace) -> int:
    found: tuple[PlanSummary, ...] = ()
    if nothing := no_store():
        tell([nothing])
    else:
        with open_archive(chosen) as archive:
            found = archive.list(" ".join(chosen.words), limit=-1, order="name" if chosen.by_name else "newest")
    if chosen.json:
        write_text("-", json.dumps([as_json(one) for one in found], indent=2, ensure_ascii=False) + "\n")
    else:
        write_text("-", "".join(f"{_summary_line(one)}\n" for one in found))
    return 0


def _summary_line(one: PlanSummary) -> str:
    if one.damaged:
        return f"{one.plan_id}: damaged on disk and not shown; see regimap store verify"
    name = f"{'DEMO ' if one.demo else ''}{one.family_name}, {one.given_name} ({one.patient_id})"
    deleted = f", deleted: {one.void}" if one.void else ""
    return f"{one.plan_id}: {name}, {one.protocols or 'no block yet'}, saved {_moment(one.saved_at)}{deleted}"


def _moment(at: str) -> str:
    """The moment of a save by the clock of this machine."""
    local = datetime.fromisoformat(at).astimezone()
    return f"{clinical_date(local.date())} {local:%H:%M}"


def _history(chosen: argparse.Namespace) -> int:
    with open_archive(chosen) as archive:
        lines = archive.history(chosen.plan)
        if not lines:
            raise InputProblem((f"the store has no plan {chosen.plan}; see regimap store list",))
        pair = [archive.load(chosen.plan, counter) for counter in chosen.compare or ()]
    if pair:
        library = rules_and_agents()
        old, new = (evaluate(plan, library, site_of(plan)) for plan in pair)
        found = preview_lines(preview(old, new)) or ("no difference",)
        write_text("-", "".join(f"{line}\n" for line in found))
    elif chosen.json:
        write_text("-", json.dumps([asdict(one) for one in lines], indent=2, ensure_ascii=False) + "\n")
    else:
        write_text("-", "".join(f"{_history_line(one)}\n" for one in lines))
    return 0


def _history_line(one: Revision) -> str:
    return f"{one.counter}: {one.at} {one.who}: {one.what}"


def _void(chosen: argparse.Namespace) -> int:
    with open_archive(chosen) as archive:
        if not chosen.plans:
            write_text("-", "".join(f"{_summary_line(one)}\n" for one in archive.deleted()))
        elif chosen.back:
            for plan_id in chosen.plans:
                archive.take_back(plan_id, chosen.reason, who_is(chosen), now_local_offset())
        else:
            if not chosen.reason.strip():
                raise InputProblem(("a plan is deleted with a reason only; say it with --reason",))
            if archive.is_mass(len(chosen.plans)) and chosen.confirm == len(chosen.plans):
                store_keeping.back_up_before(archive, "before void")
            archive.delete(chosen.plans, chosen.reason, who_is(chosen), now_local_offset(), chosen.confirm)
    return 0


def _trail(chosen: argparse.Namespace) -> int:
    with open_archive(chosen) as archive:
        lines = archive.trail(chosen.plan)
    if chosen.plan and not lines:
        raise InputProblem((f"the trail names no plan {chosen.plan}; see regimap store list",))
    if chosen.format == "json":
        text = json.dumps([asdict(one) for one in lines], indent=2, ensure_ascii=False) + "\n"
    elif chosen.format == "csv":
        text = trail_csv(lines)
    else:
        text = "".join(f"{_trail_line(one)}\n" for one in lines)
    write_text(chosen.output, text)
    return 0


def _trail_line(one: TrailLine) -> str:
    about = f" plan {one.plan_id}, revision {one.counter}" if one.plan_id else ""
    state = " DAMAGED" if one.damaged else " (erased)" if one.erased else ""
    return f"{one.number}: {one.at} ({one.zone}) {one.who}: {one.kind}{about}: {one.what}{state}"
