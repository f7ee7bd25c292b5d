"""weekdays: an agent on certain days of the week only."""

from collections.abc import Iterator

from planner.checking.context import Context
from planner.checking.hits import Hit, named, on_weekday
from planner.checking.known import Known
from planner.checking.pieces import MINUTES, no_amount
from planner.checking.reach import Reach
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_span import OnWeekdays
from planner.model.rule_values import WEEKDAY_NAMES


def reach(wanted: OnWeekdays, known: Known) -> Reach:  # noqa: ARG001 all reaches alike
    """The dose itself, on its day of the week."""
    return Reach(wanted.agents, weekdays=True, doses=False)


def find(rule: SequencingRule, wanted: OnWeekdays, context: Context) -> Iterator[Hit]:
    """One hit for each dose on another day."""
    barred = [name not in wanted.allowed for name in WEEKDAY_NAMES]
    times = context.judged_column(wanted.agents, rule.protocols, None, no_amount).times
    met = {one for one in times if barred[(one // MINUTES - 1) % 7]}  # ordinal 1 was a Monday
    if not met:
        return
    allowed = ", ".join(wanted.allowed)
    for event in context.judged_at(met, wanted.agents, rule.protocols):
        name = named(event)
        yield Hit(
            f"{name} falls on a {WEEKDAY_NAMES[(event.day - 1) % 7]}; allowed: {allowed}.",
            (event,),
            (("dose", name), ("allowed", allowed)),
            f"{on_weekday(event.day)} is none of {allowed}",
        )
