"""after_level: a level in the blood so long after a dose that calls for another dose."""

from collections.abc import Iterator
from decimal import Decimal

from planner.checking.context import Context
from planner.checking.hits import Hit, named, on_day, spoken
from planner.checking.levels import MOST_DAYS, days_until
from planner.checking.stops import waits
from planner.model.cycle_content import State
from planner.model.fact_words import amount_words, fact_name, number_text
from planner.model.quantity import format_amount
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_doses import AfterLevel
from planner.model.schedule import Event

MG = "mg"
"""The unit of what is asked for."""


def find(rule: SequencingRule, wanted: AfterLevel, context: Context) -> Iterator[Hit]:
    """One hit for each level above its limit (or on it) without the dose it calls for."""
    for event in context.series(wanted.agents, rule.protocols).events:
        for after, number in wanted.levels:
            on = event.day + int(after)
            level = context.result_of(on, wanted.result)
            limit = Decimal(number) * _before(event, wanted, context) if level is not None else None
            if level is None or not limit or level < limit or _only_equal(level, limit, wanted):
                continue
            days = _days(event, on, limit, wanted, context)
            if not _answered(event, on, wanted, context):
                yield _hit(event, on, level, limit, wanted)._replace(days=days)
            elif wanted.until_below is not None and (lowered := _lowered(days, wanted, context)):
                yield _too_soon(event, lowered, wanted)


def _before(event: Event, wanted: AfterLevel, context: Context) -> Decimal:
    """What the levels are multiples of: one, or the newest result up to the dose; 0 where there is none to go by."""
    if wanted.times_that_of_days is None:
        return Decimal(1)
    found = context.results_on(event.day).get(wanted.result)
    return found[0] if found and found[1].toordinal() >= event.day - wanted.times_that_of_days else Decimal(0)


def _only_equal(value: Decimal, limit: Decimal, wanted: AfterLevel) -> bool:
    return value == limit and not wanted.or_equal


def _answered(event: Event, on: int, wanted: AfterLevel, context: Context) -> bool:
    """Whether the dose it calls for is planned; one on hold, which nobody gives, is no answer."""
    near = [one for one in context.series(wanted.needs).between(on, on + wanted.within_days) if not waits(one, event)]
    if wanted.at_least is None:
        return bool(near)
    return any(_is_enough(one, wanted) for one in near)


def _is_enough(event: Event, wanted: AfterLevel) -> bool | None:
    """Whether a dose is as large as asked for; None where that cannot be told."""
    if event.dose is None or event.dose.value is None or event.dose.unit != MG or wanted.at_least is None:
        return None
    return event.dose.value * dict(wanted.factors).get(event.placed.agent, 1) >= wanted.at_least


def _lowered(days: tuple[int, ...], wanted: AfterLevel, context: Context) -> Event | None:
    """The first smaller dose behind the last of those asked for, on a day on which they are still called for."""
    found: Event | None = None
    for one in context.series(wanted.needs).between(days[1], days[-1]):
        enough = _is_enough(one, wanted) if one.state is not State.HELD else None
        if enough is not None:
            found = None if enough else found or one
    return found


def _too_soon(event: Event, lowered: Event, wanted: AfterLevel) -> Hit:
    below = amount_words(wanted.result, number_text(wanted.until_below or Decimal(0)))
    dose = format_amount(lowered.dose.value, MG) if lowered.dose and lowered.dose.value is not None else ""
    asked = f"not before a {fact_name(wanted.result)} below {below}"
    return Hit(
        f"{named(lowered)} is lowered to {dose} after {named(event)}: {asked}.",
        (event, lowered),
        (("dose", named(event)), ("lowered", f"{named(lowered)}, {dose}"), ("asked for", asked)),
        f"{dose}, {asked}",
        key=f"{event.placed.block.id}/lowered",
    )


def _hit(event: Event, on: int, value: Decimal, limit: Decimal, wanted: AfterLevel) -> Hit:
    reached, most = (amount_words(wanted.result, number_text(one)) for one in (value, limit))
    level = f"{reached} on {on_day(on)}"
    least = f" of {format_amount(wanted.at_least, MG)} and more" if wanted.at_least is not None else ""
    what = f"{spoken(wanted.needs)}{least}"
    bound = f"{most} or more" if wanted.or_equal else f"above {most}"
    return Hit(
        f"{named(event)}: {fact_name(wanted.result)} {level}, {bound}, and no {what} after it.",
        (event,),
        (("dose", named(event)), ("level", level), ("needed", what)),
        f"{reached}, {bound}",
    )


def _days(event: Event, on: int, limit: Decimal, wanted: AfterLevel, context: Context) -> tuple[int, ...]:
    """The day of the dose, and each on which the level still calls for something."""
    below = limit if wanted.until_below is None else wanted.until_below
    return event.day, *days_until(context, wanted.result, below, on, event.day + MOST_DAYS)
