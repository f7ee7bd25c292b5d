"""Sheets onto paper: an evaluated plan becomes the bytes of a PDF."""

from datetime import datetime
from hashlib import sha256

from planner.errors import InputProblem
from planner.exports.calendar import calendar
from planner.exports.frame import Stamp
from planner.exports.pdf_writer import write_pdf
from planner.exports.roadmap import roadmap
from planner.exports.sheet import Sheet
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.plan import Plan
from planner.model.site import Site
from planner.storage.plan_codec import encode

SHEETS = ("roadmap", "calendar")
"""What can be printed."""


def make_sheet(evaluated: EvaluatedPlan, kind: str, site: Site, printed_at: datetime) -> Sheet:
    """The sheet of that kind as data, for a preview or a test. Raises InputProblem where there is no such kind."""
    stamp = Stamp(version_code(evaluated.plan), printed_at)
    if kind == "roadmap":
        return roadmap(evaluated, site, stamp)
    if kind == "calendar":
        return calendar(evaluated, site, stamp)
    raise InputProblem((f"sheet: {kind} is not known; choose {' or '.join(SHEETS)}",))


def sheet_pdf(evaluated: EvaluatedPlan, kind: str, paper: str, site: Site, printed_at: datetime) -> bytes:
    """The sheet as a PDF on "A4" or "Letter"; the same bytes for the same plan, site and time.

    Raises InputProblem, one line a problem, where a text cannot be printed.
    """
    return write_pdf(make_sheet(evaluated, kind, site, printed_at), paper)


def version_code(plan: Plan) -> str:
    """Eight signs that change with any change of the plan and tell nothing about the patient."""
    return sha256(encode(plan).encode()).hexdigest()[:8]
