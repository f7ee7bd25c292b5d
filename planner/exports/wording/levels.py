"""The newest recorded level of a drug, beside what goes on until that drug has cleared."""

from collections.abc import Sequence

from planner.model.civil import weekday_date
from planner.model.language import glued
from planner.model.patient import LabResult
from planner.model.quantity import format_amount
from planner.model.results import in_its_unit, units_of
from planner.model.schedule import Event

LEVEL = "-level"
"""How the codes of results end that are levels of a drug."""


def newest_level(first: Event, labs: Sequence[LabResult]) -> str:
    """Of what goes on "until methotrexate has cleared": "newest methotrexate level 0.04 micromol/L on ...".

    Of the results since its first dose; empty where there is none. Whether it has cleared stays for people to say:
    leucovorin went on for two weeks on every sheet, and none of them named the level that was recorded.
    """
    until = getattr(first.placed.order, "until", "")
    found = [
        one
        for one in labs
        if one.code.endswith(LEVEL) and one.code.removesuffix(LEVEL) in until.split() and one.date >= first.date
    ]
    if not found:
        return ""
    newest = max(reversed(found), key=lambda one: one.date)  # of two of one day the later listed
    read = in_its_unit(newest)
    amount = format_amount(read[1], units_of(newest.code)[0]) if read else format_amount(newest.value, newest.unit)
    name, day = newest.code.replace("-", " "), glued(weekday_date(newest.date.toordinal()))
    return f"newest {name} {glued(amount)} on {day}"
