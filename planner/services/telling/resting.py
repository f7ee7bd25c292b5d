"""What is recorded on days that a change made, where that change is taken back."""

from collections.abc import Callable

from planner.errors import Refusal
from planner.model.civil import clinical_date, weekday_words
from planner.model.plan import Plan
from planner.services.verbs.editing import take_back
from planner.services.verbs.lasting import off_their_days

RESTS = (
    "{dose} of {day} is recorded on the day that this change gave it, and would be planned on {planned}; in all "
    "{count} doses. Days would stand in the plan twice"
)


def rests_on(plan: Plan, number: int, fill: Callable[..., str] = str.format) -> str:
    """That recorded doses rest on the change of that number (from 1); empty where none does, or it is refused.

    A stop of one day taken back after the days behind it were recorded a day later: one date had two days of the pump.
    """
    try:
        found = off_their_days(plan, take_back(plan, number))
    except Refusal:
        return ""
    if not found:
        return ""
    record, event = found[0]
    day = clinical_date(record.on) if record.on else ""
    return fill(RESTS, dose=event.label, day=day, planned=weekday_words(event.day, fill), count=len(found))
