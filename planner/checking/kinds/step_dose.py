"""step_dose: a small dose that is only a step goes on, where the full dose should have followed."""

from collections.abc import Iterator
from decimal import Decimal
from functools import partial

from planner.checking.context import Context
from planner.checking.hits import Hit, named, plural
from planner.checking.unknowns import Unknowns
from planner.model.cycle_content import State
from planner.model.fact_words import names_of
from planner.model.quantity import format_amount
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_doses import StepDose
from planner.model.schedule import Event


def find(rule: SequencingRule, wanted: StepDose, context: Context) -> Iterator[Hit]:
    """One hit for each dose within the limits beyond so many days in a row; a day without a dose begins anew."""
    unknowns = Unknowns()
    runs: dict[tuple[str, int, str], tuple[int, int]] = {}
    for event in context.series(wanted.agents, rule.protocols).events:
        if event.state is State.HELD:
            continue
        place = event.placed.block.id, event.placed.cycle, event.placed.agent
        last, days = runs.get(place, (event.day, 0))
        small, missing = _small(event, wanted, context)
        if not small:
            runs[place] = event.day, 0
            continue
        if event.day > last + 1:
            days = 0
        days += event.day != last or not days
        runs[place] = event.day, days
        if days > wanted.days and missing:
            unknowns.add((event.day,), missing, partial(_unknown, event, missing))
        elif days > wanted.days:
            yield _hit(event, days, wanted)
    yield from unknowns.hits()


def _small(event: Event, wanted: StepDose, context: Context) -> tuple[bool, tuple[str, ...]]:
    """Whether the dose lies within the limit that holds; where that cannot be told it may, with what is missing."""
    dose, held, lacks = event.dose, False, dict[str, None]()
    if dose is None or dose.unit != wanted.unit:
        return False, ()
    slack = 1 + Decimal(wanted.rounding_percent) / 100
    for amount, limits, more in ((dose.value, wanted.at_most, Decimal(1)), (dose.per_m2, wanted.at_most_per_m2, slack)):
        limit, missing = context.limit_on(event.day, limits)
        if missing and (amount is None or any(amount <= one.value * more for one in limits)):
            lacks.update(dict.fromkeys(missing))
        if limit is not None:
            if amount is None or amount > limit * more:
                return False, ()
            held = True
    return held or bool(lacks), tuple(lacks)


def _unknown(event: Event, missing: tuple[str, ...]) -> Hit:
    return Hit(
        f"{named(event)}: cannot tell whether this is still the step dose: {names_of(missing)} not known.",
        (event,),
        (("dose", named(event)),),
    )


def _hit(event: Event, days: int, wanted: StepDose) -> Hit:
    amount = format_amount(event.dose.value, wanted.unit) if event.dose and event.dose.value is not None else ""
    return Hit(
        f"{named(event)}: {amount} a day is a step of {plural(wanted.days, 'day')}; this is day {days} of it in a row.",
        (event,),
        (("dose", amount), ("days in a row", str(days)), ("at most", str(wanted.days))),
        f"{plural(days, 'day')}, above {wanted.days}",
        key=f"{event.placed.block.id}/{event.placed.cycle}/{event.placed.agent}",
    )
