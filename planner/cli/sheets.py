"""`regimap print`: one sheet of a plan as PDF."""

import argparse
from functools import partial

from planner.cli.plan_access import (
    PLAN_HELP,
    STORE,
    a_date,
    a_number,
    now_local,
    open_plan,
    refuse_deleted,
    rules_and_agents,
    site_of,
)
from planner.cli.store_access import open_archive
from planner.cli.streams import tell, write_bytes
from planner.errors import InputProblem
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.library import Library
from planner.model.plan import Plan
from planner.model.wish import Wish
from planner.paths import resources
from planner.services.dosed_as import dosed_as
from planner.services.evaluation import assembled, evaluate
from planner.services.printing import AS_WRITTEN, Around, archived, make_sheet, pdf_of, vials_for_bags
from planner.services.release import version_code
from planner.services.sheet_titles import PATIENT_SHEETS, SHEET_TITLES, UPRIGHT
from planner.services.store.beside import beside, beside_lines
from planner.services.store.issued import as_kept, issue_before
from planner.services.telling.totals import totals
from planner.settings import PAPERS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The plan, the sheet, the paper, the place."""
    parser.add_argument("plan", metavar="PLAN", help=PLAN_HELP)
    parser.add_argument("--sheet", choices=tuple(SHEET_TITLES), required=True)
    parser.add_argument("--paper", choices=PAPERS, default="", help="default as in the settings")
    parser.add_argument("--lang", default="en", help="language of the patient's sheet, such as en, es, de, fr, ru")
    parser.add_argument("--alongside", default="", metavar="LANG", help="a second language, printed with the first")
    parser.add_argument("--large", action="store_true", help="the large-print edition of the patient's sheet")
    parser.add_argument("--portrait", action="store_true", help=f"upright paper: {', '.join(sorted(UPRIGHT))}")
    parser.add_argument(
        "--since",
        default="",
        metavar="PLAN",
        help="mark what changed since this earlier plan; in the store it is the one of the last issue",
    )
    parser.add_argument(
        "--revision",
        type=a_number,
        default=0,
        metavar="N",
        help="an earlier revision; SUPERSEDED where it was replaced",
    )
    parser.add_argument("--archive", action="store_true", help="as PDF/A-2b, for keeping (needs one more package)")
    parser.add_argument("--from", dest="first", type=a_date, metavar="DATE", help="first day to print")
    parser.add_argument("--until", dest="last", type=a_date, metavar="DATE", help="last day to print")
    parser.add_argument("-o", "--output", default="-", metavar="FILE.pdf", help="a file, or - for standard output")
    parser.set_defaults(run=_run)


def _run(chosen: argparse.Namespace) -> int:
    if chosen.first and chosen.last and chosen.last < chosen.first:
        raise InputProblem((f"--until: {chosen.last} lies before --from {chosen.first}",))
    library = rules_and_agents()
    plan, before, newest, beside = _plans(chosen, library)
    clinic = site_of(plan)
    shown = evaluate(plan, library, clinic)
    earlier = evaluate(before, library, clinic) if before else None
    around = Around(totals(shown, library, resources(), clinic), earlier, vials_for_bags(library), newest, beside)
    wish = Wish(chosen.first, chosen.last, chosen.lang, chosen.alongside, chosen.large, chosen.portrait)
    pdf = pdf_of(
        make_sheet(shown, chosen.sheet, clinic, now_local(), wish, around=around), chosen.paper or clinic.paper
    )
    if before is None and not chosen.revision:
        tell(_unmarked(shown, chosen.sheet))
    if chosen.sheet not in PATIENT_SHEETS and {chosen.lang, chosen.alongside} - {AS_WRITTEN, ""}:
        tell([f"{SHEET_TITLES[chosen.sheet]} exists in English alone"])
    write_bytes(chosen.output, archived(pdf) if chosen.archive else pdf)
    return 0


def _unmarked(shown: EvaluatedPlan, sheet: str) -> list[str]:
    """What the paper cannot say where it replaces another one of which no version is kept: what changed since."""
    version = version_code(shown.plan, shown.dosed_as)
    others = [one for one in reversed(shown.plan.issues) if one.sheet == sheet and one.version != version]
    return [
        f"changes since issue {one.number} are not marked: its version is not kept here; name the plan as it was then: "
        "--since PLAN, or print from the store"
        for one in others[:1]
    ]


def _plans(chosen: argparse.Namespace, library: Library) -> tuple[Plan, Plan | None, str, tuple[str, ...]]:
    """The plan to print, the one whose sheet it replaces, where there is one, the version it has by now, and the ids of
    the patient's other plans.
    """
    before = open_plan(chosen.since, library).plan if chosen.since else None
    name: str = chosen.plan
    if not name.startswith(STORE):
        if chosen.revision:
            raise InputProblem((f"--revision: {name} is a file; name the plan as {STORE}PLAN_ID",))
        return open_plan(name, library).plan, before, "", ()
    with open_archive() as archive:
        plan_id = name.removeprefix(STORE)
        plan = archive.load(plan_id)
        refuse_deleted(archive, plan_id)
        tell(beside_lines(archive, plan))
        others = beside(archive, plan).ids
        clinic = site_of(plan)
        marks = dosed_as(assembled(plan, library, clinic), library.agents, clinic)
        if chosen.revision:
            return as_kept(archive.load(plan_id, chosen.revision), plan), before, version_code(plan, marks), others
        counters = [one.counter for one in reversed(archive.history(plan_id))]
        states = [partial(archive.load, plan_id, counter) for counter in counters]
        return plan, before or issue_before(plan, chosen.sheet, states, marks), "", others
