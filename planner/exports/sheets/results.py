"""What was recorded of a patient, for whoever treats it on a day: a number that no rule speaks of stood on no sheet."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby

from planner.exports.sheets.sheet import Facts
from planner.model.civil import clinical_date
from planner.model.fact_words import UNITS, fact_name, fact_words
from planner.model.language import glued
from planner.model.patient import LabResult
from planner.model.quantity import format_amount
from planner.model.results import in_its_unit

RECENT = timedelta(28)
"""How long before the first day of a sheet results are named: a cycle. Regimap's own number."""
MOST = 12
"""Results that are named; a head with more would push the day to the next page."""
TITLE = "Latest results"


def latest_results(labs: Sequence[LabResult], first: date, last: date, *, graded: bool = True) -> tuple[Facts, ...]:
    """The newest result of each kind up to the last day of a sheet, the newest days first; none where none is recent.

    Not those that are `graded` where the sheet has its own line for events.
    """
    recent = [one for one in labs if first - RECENT < one.date <= last and (graded or not _is_grade(one))]
    newest = {one.code.casefold(): one for one in sorted(recent, key=lambda one: one.date)}
    shown = sorted(newest.values(), key=lambda one: one.date, reverse=True)
    if not shown:
        return ()
    told = "; ".join(_of_days(shown[:MOST]))
    older = len(shown) - MOST
    return (Facts(((TITLE, f"{told}; {older} older" if older > 0 else told),), 1),)


def _of_days(results: Sequence[LabResult]) -> Iterator[str]:
    """ "18-Oct-2026: methotrexate level 0.04 micromol/L, creatinine 0.8 mg/dL"."""
    for day, several in groupby(results, key=lambda one: one.date):
        yield f"{glued(clinical_date(day))}: {', '.join(glued(_words(one)) for one in several)}"


def _is_grade(result: LabResult) -> bool:
    read = in_its_unit(result)
    return read is not None and UNITS.get(read[0]) == "grade"


def _words(result: LabResult) -> str:
    """A result in the unit of its kind; one that is not understood as it was recorded."""
    read = in_its_unit(result)
    return fact_words(*read) if read else f"{fact_name(result.code)} {format_amount(result.value, result.unit)}"
