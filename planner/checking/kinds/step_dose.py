"""step_dose: a small dose that is only a step goes on, where the full dose should have followed."""

from collections.abc import Iterator
from decimal import Decimal

from planner.checking.context import Context
from planner.checking.hits import Hit, named, plural
from planner.model.cycle_content import State
from planner.model.quantity import format_amount
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_doses import StepDose
from planner.model.schedule import Event


def find(rule: SequencingRule, wanted: StepDose, context: Context) -> Iterator[Hit]:
    """One hit for each dose within the limits beyond so many days in a row; a day without a dose begins anew."""
    runs: dict[tuple[str, int, str], tuple[int, int]] = {}
    for event in context.series(wanted.agents, rule.protocols).events:
        if event.state is State.HELD:
            continue
        place = event.placed.block.id, event.placed.cycle, event.placed.agent
        last, days = runs.get(place, (event.day, 0))
        if not _is_small(event, wanted, context):
            runs[place] = event.day, 0
            continue
        if event.day > last + 1:
            days = 0
        days += event.day != last or not days
        runs[place] = event.day, days
        if days > wanted.days:
            yield _hit(event, days, wanted)


def _is_small(event: Event, wanted: StepDose, context: Context) -> bool:
    """Whether a limit holds, and the dose lies within it; one that is not known is not told."""
    dose, held = event.dose, False
    if dose is None or dose.unit != wanted.unit:
        return False
    slack = 1 + Decimal(wanted.rounding_percent) / 100
    for amount, limits, more in ((dose.value, wanted.at_most, 1), (dose.per_m2, wanted.at_most_per_m2, slack)):
        limit, _ = context.limit_on(event.day, limits)
        if limit is not None:
            if amount is None or amount > limit * more:
                return False
            held = True
    return held


def _hit(event: Event, days: int, wanted: StepDose) -> Hit:
    amount = format_amount(event.dose.value, wanted.unit) if event.dose and event.dose.value is not None else ""
    return Hit(
        f"{named(event)}: {amount} a day is a step of {plural(wanted.days, 'day')}; this is day {days} of it in a row.",
        (event,),
        (("dose", amount), ("days in a row", str(days)), ("at most", str(wanted.days))),
        f"{plural(days, 'day')}, above {wanted.days}",
        key=f"{event.placed.block.id}/{event.placed.cycle}/{event.placed.agent}",
    )
