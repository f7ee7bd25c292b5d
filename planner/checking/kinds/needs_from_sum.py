"""needs_from_sum: from a lifetime sum on, each further dose needs a protecting one beside it."""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from planner.checking.context import Context
from planner.checking.exposures import exposures_to
from planner.checking.hits import Hit, named, spoken
from planner.checking.pieces import Series
from planner.checking.stops import waits
from planner.model.quantity import format_number
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_doses import NeedsFromSum
from planner.model.schedule import Event


def find(rule: SequencingRule, wanted: NeedsFromSum, context: Context) -> Iterator[Hit]:
    """One hit for each dose beyond the sum without its company. What cannot be summed, the rule of the sum tells."""
    doses = context.series(wanted.agents, rule.protocols)
    needed = context.series(wanted.needs)
    running = _earlier(wanted, context)
    for event in doses.events:
        if running >= wanted.from_per_m2 and not _beside(event, needed):
            yield _hit(event, running, wanted)
        running += _equivalent(event, context)


def _beside(event: Event, needed: Series) -> bool:
    """Whether its company stands on its day; what is on hold is none to a dose that is not."""
    return any(not waits(one, event) for one in needed.on(event.day))


def _earlier(wanted: NeedsFromSum, context: Context) -> Decimal:
    known = [one for one in exposures_to(wanted.agents, context) if one.unit == "mg/m2"]
    return sum((one.dose * _factor(one.agent, context) for one in known), Decimal(0))


def _equivalent(event: Event, context: Context) -> Decimal:
    per_m2 = event.dose.per_m2 if event.dose and event.dose.unit == "mg" else None
    return (per_m2 or Decimal(0)) * _factor(event.placed.agent, context)


def _factor(agent: str, context: Context) -> Decimal:
    known = context.agents.get(agent)
    return (known.doxorubicin_factor if known else None) or Decimal(0)


def _hit(event: Event, running: Decimal, wanted: NeedsFromSum) -> Hit:
    total = format_number(running.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP))
    what = spoken(wanted.needs)
    start = format_number(wanted.from_per_m2)
    return Hit(
        f"{named(event)} comes after {total} mg/m2 in all and has no {what} on its day.",
        (event,),
        (("dose", named(event)), ("sum before it", f"{total} mg/m2"), ("needed", f"{what} from {start} mg/m2")),
        f"{total} mg/m2 ≥ {start} mg/m2",
        key="course",
    )
