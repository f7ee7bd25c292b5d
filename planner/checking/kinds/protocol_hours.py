"""The hours a protocol counts from one order to another, held against where both now stand.

A part of `protocol_days`: a rescue that hangs on the end of an infusion is wrong where only the infusion came later.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from planner.checking.hits import Hit, named
from planner.checking.meaning import LEFT_OUT
from planner.model.cycle_content import Pattern, State
from planner.model.protocol import TemplateOrder, TimeAnchor
from planner.model.schedule import Event, PlacedContent

DAY = 24 * 60
"""Minutes."""
PATTERNS_KEPT = 1024
"""A plan has tens, and its rules look at all of them at every edit."""
SETTLED = LEFT_OUT | {State.GIVEN, State.HELD}
"""A dose with one of these states waits for nothing that could still be planned otherwise."""


@lru_cache(maxsize=PATTERNS_KEPT)
def may_be_off(pattern: Pattern) -> bool:
    """Whether the cycle has an order that hangs on one which was moved, left out or given on another day."""
    runs = pattern.runs
    touched = {run.line.order.id for run in runs if run.shift or run.state in LEFT_OUT}
    return bool(touched) and any(
        isinstance(run.line.order, TemplateOrder)
        and run.line.order.anchor
        and run.line.order.anchor.order_id in touched
        for run in runs
    )


def off_their_hours(piece: PlacedContent) -> Iterator[Hit]:
    """One hit for each order of the cycle whose doses did not go with the dose they hang on."""
    by_order: dict[str, list[Event]] = {}
    for events in piece.orders:
        by_order.setdefault(events[0].placed.order.id, []).extend(events)
    for followers in by_order.values():
        order = followers[0].placed.order
        if isinstance(order, TemplateOrder) and order.anchor:
            yield from _off(followers, order.anchor, by_order)


def _off(events: Sequence[Event], anchor: TimeAnchor, by_order: Mapping[str, Sequence[Event]]) -> Iterator[Hit]:
    leaders = sorted(by_order.get(anchor.order_id, ()), key=_due)
    for event in events:
        if event.state in SETTLED or not leaders:
            continue
        leader = _leader(event, leaders, anchor)
        left_out = leader.state in LEFT_OUT
        if left_out or leader.day - leader.due_day != event.day - event.due_day:
            yield _hit(event, leader, anchor, left_out)
            return


def _due(event: Event) -> tuple[int, int]:
    return event.due_day, event.minute


def _leader(event: Event, leaders: Sequence[Event], anchor: TimeAnchor) -> Event:
    """The dose that the protocol meant: the next one where the order comes before it, else the last one before."""
    at = _due(event)
    if anchor.minutes < 0:
        return next((one for one in leaders if _due(one) >= at), leaders[-1])
    return max((one for one in leaders if _due(one) <= at), key=_due, default=leaders[0])


def _hit(event: Event, leader: Event, anchor: TimeAnchor, left_out: bool) -> Hit:
    hours, rest = divmod(abs(anchor.minutes), 60)
    length = " ".join([f"{hours} h"] * bool(hours or not rest) + [f"{rest} min"] * bool(rest))
    meant = f"{length} {'before' if anchor.minutes < 0 else 'after'} the {anchor.edge} of {leader.label}"
    now = "is left out" if left_out else f"is on {named(leader).partition('(')[2].rstrip(')')}"
    return Hit(
        f"{named(event)} belongs {meant}, which {now}: it did not go with it.",
        (event, leader),
        (("dose", named(event)), ("hangs on", named(leader)), ("protocol", meant)),
        f"{leader.label}: {leader.day - leader.due_day:+d} days; {event.label}: {event.day - event.due_day:+d} days",
        key=f"{event.placed.id}/{anchor.order_id}",
    )
