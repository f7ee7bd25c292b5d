"""Sheets onto paper: an evaluated plan becomes the bytes of a PDF."""

from collections.abc import Callable, Mapping
from datetime import datetime

from planner.errors import InputProblem
from planner.exports.bag_plan import bag_plan
from planner.exports.calendar import calendar
from planner.exports.day_sheet import day_sheet
from planner.exports.frame import Stamp
from planner.exports.glance import glance
from planner.exports.pdf_writer import write_pdf
from planner.exports.roadmap import roadmap
from planner.exports.sheet import Sheet
from planner.exports.supply import supply
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.site import Site
from planner.model.wish import WHOLE_PLAN, Wish
from planner.services.release import release
from planner.services.sheet_titles import SHEET_TITLES

BUILDERS: Mapping[str, Callable[[EvaluatedPlan, Site, Stamp, Wish], Sheet]] = {
    "roadmap": roadmap,
    "calendar": calendar,
    "daysheet": day_sheet,
    "bags": bag_plan,
    "supply": supply,
    "glance": glance,
}
"""What makes each sheet of `SHEET_TITLES`."""


def make_sheet(evaluated: EvaluatedPlan, kind: str, site: Site, printed_at: datetime, wish: Wish = WHOLE_PLAN) -> Sheet:
    """The sheet of that kind as data, for a preview or a test. Raises InputProblem where there is no such kind."""
    if kind not in BUILDERS:
        raise InputProblem((f"sheet: {kind} is not known; choose {' or '.join(SHEET_TITLES)}",))
    return BUILDERS[kind](evaluated, site, Stamp(release(evaluated.plan), kind, printed_at), wish)


def sheet_pdf(
    evaluated: EvaluatedPlan, kind: str, paper: str, site: Site, printed_at: datetime, wish: Wish = WHOLE_PLAN
) -> bytes:
    """The sheet as a PDF on "A4", "Letter" or "A3"; the same bytes for the same plan, site and time.

    Raises InputProblem, one line a problem, where a text cannot be printed.
    """
    return write_pdf(make_sheet(evaluated, kind, site, printed_at, wish), paper)
