"""Facts of the patient in words, a result with the day it is from."""

from decimal import ROUND_HALF_UP, Decimal

from planner.checking.context import Context
from planner.model.civil import clinical_date
from planner.model.condition import Fact
from planner.model.quantity import format_number
from planner.model.results import RESULTS

THREE_PLACES = Decimal("0.001")


def fact_text(fact: Fact | None) -> str:
    """A fact as people write it: at most three decimals; "not recorded" where there is none."""
    if isinstance(fact, Decimal):
        return format_number(fact.quantize(THREE_PLACES, rounding=ROUND_HALF_UP))
    return fact or "not recorded"


def as_recorded(subject: str, fact: Fact | None, day: int, context: Context) -> str:
    """crcl = 45 mL/min (result of 08-Jan-2026); a marker or an age stands alone."""
    text = f"{subject} = {fact_text(fact)}"
    found = context.results_on(day).get(subject) if fact is not None else None
    if found is None:
        return text
    return f"{text} {RESULTS[subject][0]} (result of {clinical_date(found[1])})"
