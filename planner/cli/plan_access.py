"""How a command gets at a plan, named as a file or as store:PLAN_ID, and where it puts the changed one."""

import argparse
import getpass
import re
from datetime import UTC, date, datetime
from pathlib import Path

from msgspec import Struct

from planner.cli.store_access import open_archive
from planner.cli.streams import tell, write_text
from planner.errors import InputProblem, Refusal
from planner.files import read_text
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.library import Library
from planner.model.plan import REASONS, Plan
from planner.model.revision import Passed
from planner.model.site import Site
from planner.paths import resources, settings_file, user_cache, user_data
from planner.services.catalogue import load_for_plans, load_library
from planner.services.demo import demo_site
from planner.services.evaluation import evaluate
from planner.services.store.archive import Archive
from planner.services.store.beside import beside_lines
from planner.services.store.coming_home import passed_of, save_from_file, with_own
from planner.services.store.keeping import warnings
from planner.services.store.plan_files import hashes_below, plan_text, read_plan
from planner.settings import load_settings

STORE = "store:"
PLAN_HELP = "a plan file, or store:PLAN_ID"
NOT_THE_NEWEST = (
    "{file} is not the newest state of plan {plan} in the store, which stays; `regimap store import --look {file}` "
    "tells how the two differ"
)
OUT_HELP = "where the plan goes: a file, store:PLAN_ID, or - for standard output (the default)"


class OpenedPlan(Struct, frozen=True):
    """A plan with the place it came from; `counter` is its revision where that is the store, 0 for a file.

    `passed` are the saved states that it went through, as far as its file knows them.
    `beside` says of the store's other plans of the patient that nothing here looks at them.
    """

    plan: Plan
    name: str
    counter: int = 0
    beside: tuple[str, ...] = ()
    passed: tuple[Passed, ...] = ()


def full_library() -> Library:
    """Everything shipped and of the site, checked."""
    return load_library(resources(), user_data(), user_cache())


def rules_and_agents() -> Library:
    """What evaluating needs."""
    return load_for_plans(resources(), user_data())


def site_of(plan: Plan) -> Site:
    """The clinic's settings of this user; a demo plan belongs to the invented clinic."""
    return demo_site(resources()) if plan.demo else load_settings(settings_file()).site


def today() -> date:
    """The civil date of this machine."""
    return datetime.now().astimezone().date()


def now_utc() -> str:
    """The moment in UTC, for what a plan itself keeps."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def now_with_zone() -> datetime:
    """The moment, with the offset of this machine's clock."""
    return datetime.now().astimezone()


def now_local_offset() -> str:
    """The moment of an edit with the local offset, for the history."""
    return now_with_zone().isoformat(timespec="seconds")


def now_local() -> datetime:
    """The wall clock, for what is printed."""
    return datetime.now().astimezone().replace(tzinfo=None)


def who_is(chosen: argparse.Namespace) -> str:
    """Who makes the edit: as said with --by, else the name in the settings, else the account."""
    kept: str = chosen.by or load_settings(settings_file()).who
    try:
        return kept or getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"


def open_plan(name: str, library: Library) -> OpenedPlan:
    """The plan of that name. InputProblem where it is wrong, EnvironmentProblem where the store is damaged."""
    if name == STORE:
        raise InputProblem((f"{STORE}: no plan is named; write {STORE}PLAN_ID, regimap store list names them",))
    if name.startswith(STORE):
        with open_archive() as archive:
            plan, revision = archive.load_revision(name.removeprefix(STORE))
            refuse_deleted(archive, plan.id)
            return OpenedPlan(plan, name, revision.counter, beside_lines(archive, plan), passed_of(archive, plan))
    trusted = hashes_below(resources() / "protocols", user_data() / "protocols")
    plan, passed = read_plan(read_text(Path(name)), name, library.agents, trusted)
    return OpenedPlan(plan, name, passed=passed)


def refuse_deleted(archive: Archive, plan_id: str) -> None:
    """Refuse a deleted plan: nobody is treated by one that was made for the wrong patient."""
    if any(one.plan_id == plan_id for one in archive.deleted()):
        # The reason may name the patient and is not repeated in an error.
        how = f"`regimap store void` says why, `regimap store void {plan_id} --back` takes it back"
        raise InputProblem((f"plan {plan_id} was deleted, so it is not used; {how}",))


def evaluated(name: str) -> EvaluatedPlan:
    """The plan of that name with all that follows from it."""
    library = rules_and_agents()
    plan = open_plan(name, library).plan
    return evaluate(plan, library, site_of(plan))


def put_plan(plan: Plan, chosen: argparse.Namespace, what: str, source: OpenedPlan | None = None) -> None:
    """Write the plan where -o says. Into the store it goes as the next revision of what it was opened from."""
    target: str = chosen.output
    if not target.startswith(STORE):
        passed = source.passed if source else ()
        write_text(target, plan_text(plan, with_own(passed, plan, who_is(chosen), now_utc()) if passed else ()))
        return
    asked = target.removeprefix(STORE)
    if asked not in ("", plan.id):
        named = source is not None or chosen.id  # else each call makes another one
        what_to_do = f"this plan's id is {plan.id}; write store:{plan.id}"
        new = f"a new plan gets an id of its own; write -o {STORE} and it is told, or --id {asked} besides"
        raise InputProblem((f"-o {target}: {what_to_do if named else new}",))
    with open_archive(make=True) as archive:
        tell(warnings(archive, now_with_zone()))
        after = _begun_from(archive, source) if source else 0
        made, who, at = _with_reason(what, chosen), who_is(chosen), now_local_offset()
        passed = source.passed if source and not source.counter else ()
        save_from_file(archive, plan, made, who, at, after=after, passed=passed)
    if source is None and target == STORE and not getattr(chosen, "id", ""):
        tell((f"saved as {STORE}{plan.id}",))


def _begun_from(archive: Archive, source: OpenedPlan) -> int:
    """The revision that an edit was made from. Refusal for one made from a file that is not the newest state here."""
    history = () if source.counter else archive.history(source.plan.id)
    if not history:
        return source.counter
    if archive.load(source.plan.id) != source.plan:
        raise Refusal(NOT_THE_NEWEST, plan=source.plan.id, file=source.name)
    return len(history)


def _with_reason(what: str, chosen: argparse.Namespace) -> str:
    """The name of an edit as the history keeps it, with the coded reason where one was said."""
    reason = getattr(chosen, "reason", "")
    return f"{what} ({reason})" if reason in REASONS else what


def add_output(parser: argparse.ArgumentParser) -> None:
    """The options of every command that makes a changed plan."""
    parser.add_argument("-o", "--output", default="-", metavar="PLAN", help=OUT_HELP)
    parser.add_argument(
        "--by", default="", metavar="NAME", help="who makes this edit; default the name in the settings"
    )


def a_date(text: str) -> date:
    """An ISO date on the command line."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f'"{text}" is not a date; write for example 2026-03-02') from None
    if not 1900 <= day.year <= 2200:
        raise argparse.ArgumentTypeError(f"{text} is not between 1900 and 2200")
    return day


def a_clock(text: str) -> int:
    """Minutes from midnight of a clock time on the command line."""
    found = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", text.strip())
    if not found:
        raise argparse.ArgumentTypeError(f'"{text}" is not a clock time; write for example 09:00 or 15:30')
    return int(found[1]) * 60 + int(found[2])


def a_number(text: str) -> int:
    """A whole number on the command line, within what dates can bear."""
    try:
        number = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f'"{text}" is not a whole number') from None
    if abs(number) > 100_000:
        raise argparse.ArgumentTypeError(f"{text} is far too large")
    return number
