"""`regimap store import` and `export`: plan files, sealed plan files, the list of patients, the whole store."""

import argparse
import getpass
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from planner.cli.plan_access import now_local_offset, rules_and_agents, site_of, today, who_is
from planner.cli.store_access import add_passphrase, ask_new_passphrase, open_archive, someone_is_there
from planner.cli.store_keeping import back_up_before
from planner.cli.streams import tell, write_text
from planner.errors import EnvironmentProblem, InputProblem, KeyNeeded, Refusal
from planner.files import read_text
from planner.model.patient import Patient
from planner.paths import resources, user_data
from planner.services.evaluation import evaluate
from planner.services.store.archive import Archive
from planner.services.store.coming_home import LATER, passed_of
from planner.services.store.exchange import (
    Incoming,
    PlanFile,
    bring_in,
    export_all,
    look_at_plans,
    plan_of_file,
    plans_of_patients,
    sealed_plan_text,
)
from planner.services.store.plan_files import hashes_below, plan_text
from planner.services.store.protection import passphrase_in
from planner.services.store.store_tables import patients_csv, read_patients_csv
from planner.services.telling.preview import preview, preview_lines
from planner.services.verbs.bodies import newest_body_doubt

AS_REVISION_HELP = "also take in later states of plans that are there, each as the next revision of its plan"


def add_actions(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """export and import."""
    export = actions.add_parser("export", help="a plan as a plan file, the list of patients, or everything")
    export.add_argument("plan", nargs="?", default="", metavar="PLAN_ID")
    export.add_argument("--revision", type=int, default=None, metavar="N", help="default the newest")
    export.add_argument("-o", "--output", default="-", metavar="FILE", help="a file, or - for standard output")
    export.add_argument("--seal", action="store_true", help="encrypt the file with a passphrase of its own")
    export.add_argument("--new-passphrase-file", default="", metavar="FILE", help="the passphrase to seal with")
    export.add_argument("--by", default="", metavar="NAME", help="who does this; default the name in the settings")
    export.add_argument("--patients", action="store_true", help="the list of patients as CSV")
    export.add_argument("--all", default="", metavar="DIR", help="every plan as a file; patients and trail as CSV")
    add_passphrase(export)
    export.set_defaults(run=_export)
    taking = actions.add_parser("import", help="take files into the store; never over a plan that is there")
    taking.add_argument("files", nargs="+", metavar="FILE", help="plan files, or lists of patients (.csv), or folders")
    taking.add_argument("--look", action="store_true", help="only show what would change")
    taking.add_argument("--as-revision", action="store_true", help=AS_REVISION_HELP)
    taking.add_argument("--sealed-with", default="", metavar="FILE", help="the passphrase of a sealed plan file")
    taking.add_argument("--by", default="", metavar="NAME", help="who does this; default the name in the settings")
    add_passphrase(taking)
    taking.set_defaults(run=_import)


def _export(chosen: argparse.Namespace) -> int:
    if sum(map(bool, (chosen.plan, chosen.patients, chosen.all))) != 1:
        raise InputProblem(("name one plan, or --patients, or --all DIR",))
    passphrase = ask_new_passphrase(chosen.new_passphrase_file) if chosen.seal else ""
    damaged: tuple[str, ...] = ()
    counter = 0
    with open_archive(chosen) as archive:
        if chosen.all:
            count, damaged = export_all(archive, Path(chosen.all), passphrase)
            write_text("-", f"{count} plan{'s' * (count != 1)} in {chosen.all}\n{_left_out(archive)}\n")
        elif chosen.patients:
            write_text(chosen.output, patients_csv(archive))
        else:
            plan, revision = archive.load_revision(chosen.plan, chosen.revision)
            counter = revision.counter
            passed = passed_of(archive, plan, chosen.revision)
            text = sealed_plan_text(plan, passphrase, passed) if passphrase else plan_text(plan, passed)
            write_text(chosen.output, text)
        if not archive.read_only:
            what = "everything" if chosen.all else "list of patients" if chosen.patients else "plan file"
            archive.record("export", what, who_is(chosen), now_local_offset(), chosen.plan, counter)
    tell(f"not in these files: {line}" for line in damaged)
    return EnvironmentProblem.exit_code if damaged else 0


def _left_out(archive: Archive) -> str:
    """What plan files cannot hold, so that nobody takes them for everything."""
    count = len(archive.deleted())
    deleted = f" and {count} deleted plan{'s' * (count != 1)}" if count else ""
    return (
        f"in these files is the newest state of each plan; older states{deleted} are not: regimap store backup keeps "
        "all of it"
    )


def _import(chosen: argparse.Namespace) -> int:
    read = _read(chosen)  # first, so that a broken file leaves no store behind where there was none
    with open_archive(chosen, make=True) as archive:
        incoming = _incoming(archive, read)
        if chosen.look:
            write_text("-", "".join(f"{one.line}\n{_changes(archive, one)}" for one in incoming))
            tell([f"to consider: {line}" for line in _doubted(incoming)])
            return 0
        wanted = ("new", LATER) if chosen.as_revision else ("new",)
        out = [one for one in incoming if one.verdict not in wanted]
        if all(one in out and not one.file.lower().endswith(".csv") for one in incoming):
            raise Refusal("; ".join(map(_told_out, out)) or "there is no plan in these files")
        back_up_before(archive, "before import")
        for one in incoming:
            tell(map(str.strip, _changes(archive, one).splitlines()) if one.verdict in wanted else ())
        saved = bring_in(archive, incoming, who_is(chosen), now_local_offset(), later=chosen.as_revision)
    write_text("-", "".join(f"{plan_id}\n" for plan_id in saved))
    tell([f"not taken in: {_told_out(one)}" for one in out])
    tell([f"taken in: {line}" for line in _doubted(incoming)])
    tell([f"taken in: {one.nameless}" for one in incoming if one.verdict in wanted and (one.mistakable or one.twofold)])
    return 0


def _told_out(one: Incoming) -> str:
    """Why a plan stays out, and how a later state of one that is there gets in."""
    how = ": --look shows what would change, --as-revision takes it in" if one.verdict == LATER else ""
    return f"{one.nameless}{how}"


def _changes(archive: Archive, one: Incoming) -> str:
    """What differs in a file from the newest state of its plan here, where both come from one revision; a line each."""
    if not one.there:
        return ""
    library, site = rules_and_agents(), site_of(one.plan)
    old, new = (evaluate(plan, library, site) for plan in (archive.load(one.plan.id), one.plan))
    return "".join(f"    {line}\n" for line in preview_lines(preview(old, new)))


def _doubted(incoming: Sequence[Incoming]) -> Iterator[str]:
    """The new patients whose height or weight hardly can be meant, each with what is asked about it."""
    for one in incoming:
        if one.verdict == "new" and (doubt := newest_body_doubt(one.plan.patient)):
            yield f"{one.nameless}; {doubt}"


class _Read(NamedTuple):
    """What the files hold: plans, and lists of patients with their file's name."""

    plans: tuple[PlanFile, ...]
    tables: tuple[tuple[Sequence[Patient], str], ...]


def _read(chosen: argparse.Namespace) -> _Read:
    tables = [name for name in chosen.files if name.lower().endswith(".csv")]
    plans = tuple(_plans([name for name in chosen.files if name not in tables], chosen))
    lists = tuple((read_patients_csv(read_text(Path(table)), table, today()), table) for table in tables)
    return _Read(plans, lists)


def _incoming(archive: Archive, read: _Read) -> tuple[Incoming, ...]:
    found = look_at_plans(archive, read.plans)
    for patients, table in read.tables:
        found += plans_of_patients(archive, patients, table, lambda: uuid4().hex)
    return found


def _plans(names: list[str], chosen: argparse.Namespace) -> Iterator[PlanFile]:
    if not names:
        return
    agents = rules_and_agents().agents
    trusted = hashes_below(resources() / "protocols", user_data() / "protocols")
    for name in names:
        folder = Path(name)
        files = sorted(map(str, folder.glob("*.json"))) if folder.is_dir() else [name]
        for file in files:
            yield plan_of_file(file, agents, trusted, lambda: _passphrase_of_file(chosen))


def _passphrase_of_file(chosen: argparse.Namespace) -> str:
    if chosen.sealed_with:
        return passphrase_in(Path(chosen.sealed_with))
    if not someone_is_there():
        raise KeyNeeded("the plan is sealed; give its passphrase in a file: --sealed-with FILE")
    return getpass.getpass("Passphrase of the sealed plan: ")
