"""`regimap plan`: make plans, add to them, show and compare them. Changes to what is there: see plan_changes."""

import argparse
import json
import uuid
from collections.abc import Iterator
from pathlib import Path

from planner.cli import plan_changes, plan_counters, plan_release
from planner.cli.plan_access import (
    PLAN_HELP,
    STORE,
    a_date,
    a_number,
    add_output,
    evaluated,
    full_library,
    open_plan,
    put_plan,
    site_of,
    today,
    who_is,
)
from planner.cli.plan_edit import offer_reason, reason_of
from planner.cli.plan_words import plan_as_json, plan_as_text
from planner.cli.store_access import open_archive
from planner.cli.streams import tell, write_text
from planner.errors import InputProblem
from planner.files import read_text
from planner.model.body import SURFACES
from planner.model.library import Library
from planner.model.plan import BlockStart, DecisionTaken, Plan, ProtocolPin
from planner.paths import settings_file
from planner.services.catalogue import shelved
from planner.services.evaluation import evaluate
from planner.services.store.beside import beside_lines
from planner.services.store.patient_files import read_patient
from planner.services.telling.placed_after import (
    after_what_was_stopped,
    far_from_the_rest,
    far_from_today,
    one_day_zero,
)
from planner.services.telling.preview import preview, preview_lines
from planner.services.telling.unlisted import unlisted
from planner.services.verbs.bodies import newest_body_doubt
from planner.services.verbs.deciding import unasked_words
from planner.services.verbs.placing import add_phase, add_protocol, after, new_plan, start_on, take_decision
from planner.services.verbs.reasons import because
from planner.services.verbs.reported import result_doubts, unknown_marker
from planner.settings import load_settings

CHOOSE_HELP = "answer a variant or a decision of the protocol at once; may be given several times"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One sub-command an edit."""
    edits = parser.add_subparsers(dest="edit", required=True, metavar="ACTION")
    new = edits.add_parser("new", help="a new plan of one patient on one protocol")
    new.add_argument("protocol", metavar="PROTOCOL", help="its id, as `protocols list` shows it")
    new.add_argument("--patient", required=True, metavar="FILE", help="the patient file (JSON)")
    new.add_argument("--start", required=True, type=a_date, metavar="DATE", help="the first day of the course")
    new.add_argument("--bsa", choices=SURFACES, help="formula of body surface; default as in the settings")
    new.add_argument("--id", default="", help="the plan's id; default a new one (-o store: tells it)")
    _add_choices(new, _new)
    add = edits.add_parser("add", help="place a protocol, or one phase of it, into a plan")
    add.add_argument("plan", metavar="PLAN", help=PLAN_HELP)
    add.add_argument("protocol", metavar="PROTOCOL[/PHASE]", help="their ids, as `protocols list` and `show` show them")
    where = add.add_mutually_exclusive_group(required=True)
    where.add_argument("--start", type=a_date, metavar="DATE", help="its first day, a date of its own")
    where.add_argument("--after", default="", metavar="BLOCK", help="it starts behind the end of that block")
    add.add_argument("--gap", type=a_number, default=0, metavar="DAYS", help="days between the two blocks")
    add.add_argument("--sure", action="store_true", help="also years away from all that is planned")
    _add_choices(add, _add)
    plan_changes.add_arguments(edits)
    plan_release.add_arguments(edits)
    plan_counters.add_arguments(edits)
    show = edits.add_parser("show", help="blocks with dates, decisions, modifications")
    show.add_argument("plan", metavar="PLAN", help=PLAN_HELP)
    show.add_argument("--json", action="store_true", help="as JSON")
    show.add_argument("--today", type=a_date, default=None, metavar="DATE", help='the day of "you are here"')
    show.set_defaults(run=_show)
    diff = edits.add_parser("diff", help="what moved, appeared, vanished or changed dose between two plans")
    diff.add_argument("before", metavar="PLAN_A", help=PLAN_HELP)
    diff.add_argument("after", metavar="PLAN_B", help=PLAN_HELP)
    diff.set_defaults(run=_diff)


def _add_choices(parser: argparse.ArgumentParser, run: object) -> None:
    offer_reason(parser)
    parser.add_argument("--choose", action="append", default=[], metavar="DECISION=OPTION", help=CHOOSE_HELP)
    add_output(parser)
    parser.set_defaults(run=run)


def _new(chosen: argparse.Namespace) -> int:
    patient = read_patient(read_text(Path(chosen.patient)), chosen.patient, today())
    doubts = [newest_body_doubt(patient), *result_doubts(patient), far_from_today(chosen.start, today())]
    doubts += [unknown_marker(name) for name, _ in patient.markers]
    tell(filter(None, doubts))  # told and not refused: scripts rely on it
    formula = chosen.bsa or load_settings(settings_file()).site.bsa_formula
    empty = new_plan(_id_of(chosen), patient, bsa_formula=formula)
    library = full_library()
    plan = _place(empty, chosen, start_on(chosen.start), library)
    if "/" in chosen.protocol:  # a course begun elsewhere
        tell(unasked_words(evaluate(plan, library, site_of(plan))))
    put_plan(plan, chosen, f"New plan: {chosen.protocol}")
    if chosen.output.startswith(STORE):
        with open_archive() as archive:
            tell(beside_lines(archive, plan))
    return 0


def _add(chosen: argparse.Namespace) -> int:
    library = full_library()
    opened = open_plan(chosen.plan, library)
    start = start_on(chosen.start) if chosen.start else after(opened.plan, chosen.after, chosen.gap)
    if chosen.start and opened.plan.blocks and not chosen.sure:
        schedule = evaluate(opened.plan, library, site_of(opened.plan)).schedule
        if doubt := far_from_the_rest(schedule, chosen.start):
            raise InputProblem((doubt, "say --sure to place it there"))
    if start.after:
        start = _behind(opened.plan, chosen, start, library)
    placed = _place(opened.plan, chosen, start, library)
    before, now = (evaluate(one, library, site_of(one)) for one in (opened.plan, placed))
    tell([*unlisted(before, now), *unasked_words(now)])
    put_plan(placed, chosen, f"Add {chosen.protocol}", opened)
    return 0


def _behind(plan: Plan, chosen: argparse.Namespace, start: BlockStart, library: Library) -> BlockStart:
    """The start after another block, on its Day 0 where both count from one; tells what is worth knowing of it."""
    schedule = evaluate(plan, library, site_of(plan)).schedule
    protocol_id, _, name = chosen.protocol.partition("/")
    protocol = shelved(library, protocol_id).protocol
    phase = next((one for one in protocol.phases if name in ("", one.id)), protocol.phases[0])
    if stopped := after_what_was_stopped(schedule, start):
        tell([f"{stopped}; with --start it can start sooner"])
    together = one_day_zero(schedule, start, phase)
    if not together:
        return start
    tell([f"{together}; with --gap 1 it starts two days later"])
    return after(plan, start.after, -1)


def _id_of(chosen: argparse.Namespace) -> str:
    wanted: str = chosen.id
    if not wanted:
        return uuid.uuid4().hex[:12]
    if not all(character.isascii() and (character.isalnum() or character in "-_.") for character in wanted):
        raise InputProblem((f"--id {wanted}: use letters, digits, - _ and . only",))
    return wanted


def _place(plan: Plan, chosen: argparse.Namespace, start: BlockStart, library: Library) -> Plan:
    protocol_id, _, phase = chosen.protocol.partition("/")
    shelf = shelved(library, protocol_id)
    tell(f"hidden: {problem}" for problem in library.problems)
    tell(_other_versions(plan, shelf.pin))
    answers = dict(_pair(text) for text in chosen.choose)
    decisions = {decision.id for decision in shelf.protocol.decisions}
    variants = {key: value for key, value in answers.items() if key not in decisions}
    if phase:
        placed = add_phase(plan, shelf, phase, start, variants)
    else:
        placed = add_protocol(plan, shelf, start, variants)
    group = placed.blocks[-1].group
    for decision, choice in answers.items():
        if decision in decisions:
            taken = DecisionTaken(group, decision, choice, today(), who_is(chosen))
            placed = take_decision(placed, shelf.protocol, taken)
    return because(plan, placed, reason_of(chosen))


def _other_versions(plan: Plan, placed: ProtocolPin) -> Iterator[str]:
    """That the plan keeps another text of the same protocol too, because blocks of both have the same titles."""
    for pin in plan.pins:
        if pin.id == placed.id and pin.sha256 != placed.sha256:
            blocks = ", ".join(block.id for block in plan.blocks if block.pin == pin.sha256)
            text = "with another text" if pin.version == placed.version else f"version {pin.version}"
            yield f"{placed.id} version {placed.version} is placed beside {placed.id} {text}, which stays in: {blocks}"


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals and value):
        raise InputProblem((f'--choose {text}: write DECISION=OPTION, for example "response=cr"',))
    return name, value


def _show(chosen: argparse.Namespace) -> int:
    shown = evaluated(chosen.plan)
    if chosen.json:
        write_text("-", json.dumps(plan_as_json(shown, chosen.today or today()), indent=2, ensure_ascii=False) + "\n")
    else:
        write_text("-", plan_as_text(shown, chosen.today or today()))
    return 0


def _diff(chosen: argparse.Namespace) -> int:
    old, new = evaluated(chosen.before), evaluated(chosen.after)
    lines = preview_lines(preview(old, new)) or ("no difference",)
    write_text("-", "".join(f"{line}\n" for line in lines))
    return 0
