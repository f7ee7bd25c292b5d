"""rescue_until: a rescue that goes on until the level in the blood is low enough."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise

from planner.checking.context import Context
from planner.checking.hits import Hit, named
from planner.checking.levels import MOST_DAYS, days_until
from planner.checking.stops import waits
from planner.model.civil import clinical_date
from planner.model.fact_words import amount_words, fact_name, number_text
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_doses import RescueUntil
from planner.model.schedule import Event


def find(rule: SequencingRule, wanted: RescueUntil, context: Context) -> Iterator[Hit]:
    """One hit for each dose whose rescue ends above the level, or with no level known."""
    doses = context.series(wanted.agents, rule.protocols).events
    rescue = context.series(wanted.needs)
    for event, following in pairwise((*doses, None)):
        if event is None or (following is not None and following.day == event.day):
            continue
        until = following.day - 1 if following else event.day + 28
        # What is on hold has no day, so it makes no rescue longer.
        given = [one for one in rescue.between(event.day, until) if not waits(one, event)]
        if given:
            yield from _judge(event, given[-1], until, wanted, context)


def _judge(event: Event, last: Event, until: int, wanted: RescueUntil, context: Context) -> Iterator[Hit]:
    """By the newest level when the rescue ends, or by the first one after it: what is high then was high before."""
    found = _first_level(event, last, until, wanted, context)
    name, below = fact_name(wanted.result), amount_words(wanted.result, str(wanted.below))
    inputs = (("dose", named(event)), ("last rescue", named(last)), ("until below", below))
    reached = amount_words(wanted.result, number_text(found[0])) if found else ""
    level = f"{reached} on {clinical_date(found[1])}" if found else ""
    if found is not None and found[0] >= wanted.below:
        yield Hit(
            f"{named(event)}: the last rescue drawn is {named(last)}, but {name} was {level}.",
            (event, last),
            (*inputs, ("level", level)),
            f"{reached} ≥ {below}",
            days=(
                event.day,
                *days_until(context, wanted.result, wanted.below, last.day, min(until, last.day + MOST_DAYS)),
            ),
        )
    elif found is None or found[1].toordinal() > last.day:
        later = f"; that it was {level} does not tell what it was then" if found else ""
        yield Hit(
            f"{named(event)}: no {name} is recorded by the last rescue ({named(last)}){later}.",
            (event, last),
            (*inputs, *((("level after it", level),) if found else ())),
            missing=(wanted.result,),
            key="not recorded",
        )


def _first_level(
    event: Event, last: Event, until: int, wanted: RescueUntil, context: Context
) -> tuple[Decimal, date] | None:
    """The newest level since the dose when its rescue ends, else the first one after that; None where there is none."""
    before, newest = (context.results_on(day).get(wanted.result) for day in (event.day, until))
    if newest == before:  # as long as nothing is recorded, no day in between is asked for
        return None
    levels = (context.results_on(day).get(wanted.result) for day in range(last.day, until + 1))
    return next((level for level in levels if level not in (None, before)), None)
