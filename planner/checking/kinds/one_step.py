"""one_step: a dose that rises step by step goes on from the last dose that was given, not past one that was not."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from planner.checking.context import Context
from planner.checking.hits import Hit, named
from planner.checking.meaning import LEFT_OUT, takes_part
from planner.model.protocol import TemplateOrder
from planner.model.quantity import format_amount
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_doses import OneStep
from planner.model.schedule import AS_LAID_OUT, Event, PlacedContent

ROUNDING = Decimal("1.02")
"""What rounding may add to a dose and to the step below it."""

Step = tuple[int, Event, Decimal, Decimal]
"""Which dose of its cycle it is (from 0), the dose, its amount, and the protocol's amount on that day."""


def find(rule: SequencingRule, wanted: OneStep, context: Context) -> Iterator[Hit]:
    """One hit for each dose that lies more than a step of its protocol above the last one given in its cycle."""
    for placed in context.schedule.pieces:
        if takes_part(placed.block.protocol_id, rule.protocols):
            for doses in _rising(placed, wanted, context):
                yield from _too_high(doses)


def _rising(placed: PlacedContent, wanted: OneStep, context: Context) -> Iterable[list[Event]]:
    """The doses of a cycle that rise, drug by drug as the protocol lays them out; what was left out or replaced too."""
    series: dict[str, tuple[str, str]] = {}
    for run in placed.content.runs:
        order = run.line.order
        rises = isinstance(order, TemplateOrder) and order.escalation is not None
        if rises and context.is_meant(wanted.agents, run.line.agent, run.line.route, run.line.role):
            series[order.id] = run.line.agent, run.line.route
    found: dict[tuple[str, str], list[Event]] = {}
    for run in placed.content.runs if series else ():
        if run.line.order.id in series:
            found.setdefault(series[run.line.order.id], []).extend(placed.event(one) for one in run.events())
    return [sorted(events, key=AS_LAID_OUT) for events in found.values()]


def _too_high(doses: Sequence[Event]) -> Iterator[Hit]:
    """Doses above the last one given and the steps of the protocol since; another agent in its place is none given."""
    steps = list(_steps(doses))
    last: tuple[Event, Decimal] | None = None
    for number, (place, event, value, full) in enumerate(steps):
        rise = _rise(steps, max(number, 1))
        if event.state in LEFT_OUT:
            continue
        most = last[1] + rise if last else full - place * rise
        if value > most * ROUNDING:
            yield _hit(event, value, most, last)
        last = event, value


def _steps(doses: Sequence[Event]) -> Iterator[Step]:
    """The doses of the drug itself, up to the first of which nobody knows the amount."""
    for place, event in enumerate(doses):
        order = event.placed.order
        if not isinstance(order, TemplateOrder) or order.escalation is None:
            continue  # what is given in place of the drug
        known = _amounts(event)
        if known is None:
            return
        yield place, event, *known


def _rise(steps: Sequence[Step], number: int) -> Decimal:
    """What the protocol adds from one of these doses to the next; none where there is no next."""
    if number >= len(steps):
        return Decimal(0)
    (before, _, _, less), (place, _, _, more) = steps[number - 1], steps[number]
    return (more - less) / (place - before)


def _amounts(event: Event) -> tuple[Decimal, Decimal] | None:
    """What is or was given, and what the protocol gives on that day; None where nobody knows."""
    dose = event.dose
    if dose is None or dose.value is None:
        return None
    return dose.value, dose.value if dose.full is None else dose.full


def _hit(event: Event, value: Decimal, most: Decimal, last: tuple[Event, Decimal] | None) -> Hit:
    unit = event.dose.unit if event.dose else ""
    planned, asked = format_amount(value, unit), format_amount(most, unit)
    since = (
        f"{named(last[0])}, {format_amount(last[1], unit)}, is the last one given" if last else "none is given before"
    )
    return Hit(
        f"{named(event)}: {planned}, at most {asked} by the steps of the protocol, for {since}.",
        (last[0], event) if last else (event,),
        (("dose", planned), ("last given", named(last[0]) if last else "none"), ("at most", asked)),
        f"{planned}, above {asked}",
        key=f"{event.placed.block.id}/{event.placed.cycle}/{event.placed.agent}",
    )
