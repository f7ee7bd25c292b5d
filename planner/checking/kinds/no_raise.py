"""no_raise: a dose that was once reduced for toxicity is not raised again."""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from planner.checking.context import Context
from planner.checking.hits import Hit, named
from planner.model.day_words import is_part
from planner.model.quantity import format_number
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_course import NoRaise
from planner.model.schedule import Event


def find(rule: SequencingRule, wanted: NoRaise, context: Context) -> Iterator[Hit]:
    """One hit for each dose above the smallest share of its protocol's dose that came before it."""
    lowest: tuple[Decimal, Event] | None = None
    for event in context.series(wanted.agents, rule.protocols).events:
        share = _share(event)
        if share is None:
            continue
        if lowest and lowest[0] < wanted.percent and share > lowest[0] + 100 - wanted.percent:
            before, after = (_percent(one) for one in (lowest[0], share))
            yield Hit(
                f"{named(event)} is raised to {after} of the protocol's dose after {named(lowest[1])} had {before}.",
                (lowest[1], event),
                (("reduced", f"{named(lowest[1])}: {before}"), ("raised", f"{named(event)}: {after}")),
                f"{after}, above {before}",
                key=f"{event.placed.block.id}/{event.placed.agent}",
            )
        if lowest is None or share < lowest[0]:
            lowest = share, event


def _share(event: Event) -> Decimal | None:
    """Per cent of the protocol's dose; None where it is not known, or where a part of it was given."""
    dose = event.dose
    if dose is None or dose.value is None or is_part(event):
        return None
    return Decimal(100) if not dose.full else dose.value / dose.full * 100


def _percent(share: Decimal) -> str:
    return f"{format_number(share.quantize(Decimal(1), rounding=ROUND_HALF_UP))} %"
