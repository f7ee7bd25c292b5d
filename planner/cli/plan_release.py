"""From draft to issue: `regimap plan confirm`, `sign`, `issue` and `stage`."""

import argparse
from typing import Any

from planner.cli.plan_access import (
    PLAN_HELP,
    OpenedPlan,
    add_output,
    evaluated,
    now_utc,
    open_plan,
    put_plan,
    rules_and_agents,
    site_of,
    who_is,
)
from planner.cli.plan_edit import NOTE_HELP
from planner.cli.streams import write_text
from planner.errors import Refusal
from planner.model.civil import clinical_date, recorded_day
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.release import PREPARED, VERIFIED, OpenItem, open_items
from planner.model.sentence import listed
from planner.model.signing import Issue
from planner.services import release
from planner.services.evaluation import evaluate
from planner.services.sheet_titles import SHEET_TITLES
from planner.services.verbs.refusing import refused_name


def add_arguments(edits: Any) -> None:
    """The sub-commands, to stand beside the others of `regimap plan`."""
    confirm = _change(edits, "confirm", "record that somebody checked an unverified or local item", _confirm)
    confirm.add_argument("item", metavar="ITEM", help="an item as `plan stage` lists it, or its order alone")
    confirm.add_argument("--note", default="", help=NOTE_HELP)
    sign = _change(edits, "sign", "record a name and time for this version", _sign)
    sign.add_argument("--as", dest="meaning", choices=(PREPARED, VERIFIED), required=True, help="what the name says")
    issue = _change(edits, "issue", "record that copies of a sheet are handed out", _issue)
    issue.add_argument("--sheet", choices=tuple(SHEET_TITLES), required=True, help="which one")
    issue.add_argument("--copies", type=int, default=1, metavar="N", help="how many; default 1")
    stage = edits.add_parser("stage", help="what is signed, what lacks, which printed copies are out of date")
    stage.add_argument("plan", metavar="PLAN", help=PLAN_HELP)
    stage.set_defaults(run=_stage)


def _change(edits: Any, name: str, line: str, run: object) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = edits.add_parser(name, help=line, description=line)
    parser.add_argument("plan", metavar="PLAN", help=PLAN_HELP)
    add_output(parser)
    parser.set_defaults(run=run)
    return parser


def _open(chosen: argparse.Namespace) -> tuple[OpenedPlan, EvaluatedPlan]:
    library = rules_and_agents()
    opened = open_plan(chosen.plan, library)
    return opened, evaluate(opened.plan, library, site_of(opened.plan))


def _confirm(chosen: argparse.Namespace) -> int:
    opened, known = _open(chosen)
    there = open_items(known.plan, known.schedule)
    found = [one for one in there if chosen.item in (one.order, _key(one.pin, one.order))]
    if not found:
        names = [_key(one.pin, one.order) for one in there]
        raise refused_name("no open item is named {name}; it has {known}", chosen.item, names)
    if len(found) > 1:
        names = [_key(one.pin, one.order) for one in found]
        raise Refusal("{item} means several items: {known}", "several", names[0], item=chosen.item, known=listed(names))
    item = found[0]
    made = release.confirm(known, item.pin, item.order, who_is(chosen), now_utc(), chosen.note)
    put_plan(made, chosen, f"Confirm {item.words}", opened)
    return 0


def _sign(chosen: argparse.Namespace) -> int:
    opened, known = _open(chosen)
    made = release.sign(known, chosen.meaning, who_is(chosen), now_utc())
    put_plan(made, chosen, f"Sign as {chosen.meaning}", opened)
    return 0


def _issue(chosen: argparse.Namespace) -> int:
    opened, known = _open(chosen)
    made = release.issue(known, chosen.sheet, who_is(chosen), now_utc(), site_of(opened.plan), chosen.copies)
    put_plan(made, chosen, f"Issue {chosen.sheet}, issue {made.issues[-1].number}", opened)
    return 0


def _stage(chosen: argparse.Namespace) -> int:
    shown = evaluated(chosen.plan)
    stands = release.release(shown.plan, shown.dosed_as)
    lines = [f"version {stands.version}: {stands.stage}"]
    for label, held in ((PREPARED, stands.prepared), (VERIFIED, stands.verified)):
        lines.append(f"  {label} by {held.by} on {recorded_day(held.at)}" if held else f"  not {label}")
    lines += [
        f"  to confirm: {_key(one.pin, one.order)}: {one.words}{_undosed(one)}"
        for one in open_items(shown.plan, shown.schedule)
    ]
    lines += [f"  issued: {_issued(one)}" for one in stands.issues]
    lines += [f"  out of date: {_issued(one)}" for one in stands.stale]
    write_text("-", "".join(f"{line}\n" for line in lines))
    return 0


def _undosed(item: OpenItem) -> str:
    return "" if item.undosed_from is None else f": no dose yet from {clinical_date(item.undosed_from)}"


def _key(pin: str, order: str) -> str:
    return f"{pin[:8]}/{order}" if order else pin[:8]


def _issued(one: Issue) -> str:
    again = ", reprint" if one.reprint else ""
    copies = "1 copy" if one.copies == 1 else f"{one.copies} copies"
    by = f"by {one.by} on {recorded_day(one.at)}"
    return f"{one.sheet}, issue {one.number}{again}, version {one.version}, {copies}, {by}"
