"""Facts of the patient in words, a result with the day it is from."""

from planner.checking.context import Context
from planner.model.civil import clinical_date
from planner.model.condition import Fact
from planner.model.fact_words import fact_words


def as_recorded(subject: str, fact: Fact | None, day: int, context: Context) -> str:
    """creatinine clearance 45 mL/min (result of 08-Jan-2026); a marker or an age stands alone."""
    found = context.results_on(day).get(subject) if fact is not None else None
    text = fact_words(subject, fact)
    return text if found is None else f"{text} (result of {clinical_date(found[1])})"
