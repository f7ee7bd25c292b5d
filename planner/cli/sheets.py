"""`regimap print`: one sheet of a plan as PDF."""

import argparse

from planner.cli.plan_access import PLAN_HELP, a_date, evaluated, now_local, rules_and_agents, site_of
from planner.cli.streams import write_bytes
from planner.model.wish import Wish
from planner.paths import resources
from planner.services.printing import Around, archived, sheet_pdf
from planner.services.sheet_titles import SHEET_TITLES
from planner.services.totals import totals
from planner.settings import PAPERS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The plan, the sheet, the paper, the place."""
    parser.add_argument("plan", metavar="PLAN", help=PLAN_HELP)
    parser.add_argument("--sheet", choices=tuple(SHEET_TITLES), required=True)
    parser.add_argument("--paper", choices=PAPERS, default="", help="default as in the settings")
    parser.add_argument("--lang", default="en", help="language of the patient's sheet, such as en, es, de, fr, ru")
    parser.add_argument("--alongside", default="", metavar="LANG", help="a second language, printed with the first")
    parser.add_argument("--large", action="store_true", help="the large-print edition of the patient's sheet")
    parser.add_argument("--since", default="", metavar="PLAN", help="mark what changed since this earlier plan")
    parser.add_argument("--archive", action="store_true", help="as PDF/A-2b, for keeping (needs the extra [archive])")
    parser.add_argument("--from", dest="first", type=a_date, metavar="DATE", help="first day to print")
    parser.add_argument("--until", dest="last", type=a_date, metavar="DATE", help="last day to print")
    parser.add_argument("-o", "--output", default="-", metavar="FILE.pdf", help="a file, or - for standard output")
    parser.set_defaults(run=_run)


def _run(chosen: argparse.Namespace) -> int:
    library = rules_and_agents()
    shown = evaluated(chosen.plan)
    clinic = site_of(shown.plan)
    before = evaluated(chosen.since) if chosen.since else None
    around = Around(totals(shown, library, resources(), clinic), before)
    wish = Wish(chosen.first, chosen.last, chosen.lang, chosen.alongside, chosen.large)
    pdf = sheet_pdf(shown, chosen.sheet, chosen.paper or clinic.paper, clinic, now_local(), wish, around=around)
    write_bytes(chosen.output, archived(pdf) if chosen.archive else pdf)
    return 0
