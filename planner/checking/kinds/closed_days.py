"""closed_days: a dose on a day on which the clinic is closed."""

from collections.abc import Iterator
from datetime import date

from planner.checking.context import Context
from planner.checking.hits import Hit, named, on_weekday
from planner.checking.known import Known
from planner.checking.reach import Reach
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_doses import ClosedDays
from planner.model.rule_values import WEEKDAY_NAMES


def reach(wanted: ClosedDays, known: Known) -> Reach:  # noqa: ARG001 all reaches alike
    """The dose itself and its day of the week."""
    return Reach(wanted.agents, weekdays=bool(wanted.weekdays), doses=False)


def find(rule: SequencingRule, wanted: ClosedDays, context: Context) -> Iterator[Hit]:
    """One hit for each dose on a closed weekday or a holiday."""
    closed = {WEEKDAY_NAMES.index(name) for name in wanted.weekdays}
    days, holidays = context.judged_days(wanted.agents, rule.protocols), frozenset(wanted.holidays)
    met = bool(holidays) and context.is_on(holidays, days)
    if not met and not any((day - 1) % 7 in closed for day in days):  # ordinal 1 was a Monday
        return
    for event in context.judged_events(wanted.agents, rule.protocols):
        on = date.fromordinal(event.day)
        holiday = on in wanted.holidays
        if holiday or on.weekday() in closed:
            why = "a holiday" if holiday else f"a {WEEKDAY_NAMES[on.weekday()]}"
            yield Hit(
                f"{named(event)} falls on {why}.",
                (event,),
                (("dose", named(event)), ("closed", "holidays" if holiday else ", ".join(wanted.weekdays))),
                on_weekday(event.day),
            )
