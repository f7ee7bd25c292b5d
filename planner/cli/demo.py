"""`regimap demo`: everything the program makes of one plan, for the invented demo patient."""

import argparse
from pathlib import Path

from planner.cli.plan_access import now_local, rules_and_agents
from planner.cli.streams import write_text
from planner.files import make_private_folder, write_whole
from planner.paths import resources
from planner.services.demo import demo_plan, demo_site
from planner.services.evaluation import evaluate
from planner.services.fixing import with_fixes
from planner.services.printing import Around, make_sheet, pdf_of, vials_for_bags
from planner.services.sheet_titles import SHEET_TITLES
from planner.services.store.plan_files import plan_text
from planner.services.tables import findings_text, schedule_text
from planner.services.telling.totals import totals
from planner.settings import PAPERS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The folder, and the paper of the sheets."""
    parser.add_argument("--out", required=True, metavar="DIR", help="folder for the files; made where there is none")
    parser.add_argument("--paper", choices=PAPERS, default=PAPERS[0])
    parser.set_defaults(run=_run)


def _run(chosen: argparse.Namespace) -> int:
    folder, site = Path(chosen.out), demo_site(resources())
    library = rules_and_agents()
    shown = with_fixes(evaluate(demo_plan(resources()), library, site), library, site)
    files = {
        "plan.json": plan_text(shown.plan).encode(),
        "schedule.csv": schedule_text(shown, "csv").encode(),
        "findings.json": findings_text(shown).encode(),
    }
    around = Around(totals(shown, library, resources(), site), vials=vials_for_bags(library))
    for sheet in SHEET_TITLES:
        files[f"{sheet}.pdf"] = pdf_of(make_sheet(shown, sheet, site, now_local(), around=around), chosen.paper)
    make_private_folder(folder)
    for name, content in files.items():
        write_whole(folder / name, content)
    write_text("-", "".join(f"{folder / name}\n" for name in files))
    return 0
