"""protocol_days: what a protocol itself says about the days of a dose, held against where it now stands."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache

from planner.checking.context import Context
from planner.checking.hits import Hit, named, on_weekday
from planner.checking.kinds.protocol_hours import PATTERNS_KEPT, may_be_off, off_their_hours
from planner.model.cycle_content import Pattern
from planner.model.protocol import TemplateOrder
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_doses import ProtocolDays
from planner.model.rule_values import WEEKDAY_NAMES
from planner.model.schedule import Event

Orders = Mapping[tuple[str, str], Sequence[Event]]
"""The doses by block and order."""


def find(rule: SequencingRule, wanted: ProtocolDays, context: Context) -> Iterator[Hit]:
    """One hit for each dose on a weekday its protocol excludes, or nearer to another order than its protocol allows.

    And one for each order that did not go with the dose it hangs on.
    """
    # Few protocols say anything about days, and this runs at every edit.
    pieces = context.schedule.pieces
    for piece in pieces:
        if may_be_off(piece.content.pattern):
            yield from off_their_hours(piece)
    if not any(keeps_off(piece.content.pattern) for piece in pieces):
        return
    events = context.series(wanted.agents, rule.protocols).events
    by_order: dict[tuple[str, str], list[Event]] = {}
    for event in events:
        by_order.setdefault((event.placed.block.id, event.placed.order.id), []).append(event)
    for event in events:
        order = event.placed.order
        if isinstance(order, TemplateOrder):
            yield from _on_excluded_weekday(event, order)
            yield from _too_near(event, order, by_order)


@lru_cache(maxsize=PATTERNS_KEPT)
def keeps_off(pattern: Pattern) -> bool:
    """Whether an order of the cycle keeps off weekdays or away from another one."""
    orders = (run.line.order for run in pattern.runs)
    return any(isinstance(order, TemplateOrder) and bool(order.not_on or order.apart) for order in orders)


def _on_excluded_weekday(event: Event, order: TemplateOrder) -> Iterator[Hit]:
    weekday = date.fromordinal(event.day).weekday()
    if weekday in order.not_on:
        excluded = ", ".join(WEEKDAY_NAMES[number] for number in order.not_on)
        yield Hit(
            f"{named(event)} falls on a {WEEKDAY_NAMES[weekday]}, which its protocol excludes.",
            (event,),
            (("dose", named(event)), ("excluded", excluded)),
            on_weekday(event.day),
        )


def _too_near(event: Event, order: TemplateOrder, by_order: Orders) -> Iterator[Hit]:
    for other_id, least in order.apart:
        others = by_order.get((event.placed.block.id, other_id), ())
        nearest = min(others, key=lambda other: abs(other.day - event.day), default=None)
        if nearest is not None and abs(nearest.day - event.day) < least:
            days = abs(nearest.day - event.day)
            yield Hit(
                f"{named(event)} stands {days} days from {named(nearest)}; its protocol asks for {least}.",
                (event, nearest),
                (("dose", named(event)), ("other", named(nearest))),
                f"{on_weekday(event.day)} and {on_weekday(nearest.day)}: {days} days; at least {least} asked for",
                key=other_id,
            )
