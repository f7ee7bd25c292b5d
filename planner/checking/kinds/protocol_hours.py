"""The hours a protocol counts from one order to another, held against where both now stand.

A part of `protocol_days`: a rescue that hangs on the end of an infusion is wrong where only the infusion came later.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from planner.checking.hits import Hit, named
from planner.checking.meaning import LEFT_OUT
from planner.model.cycle_content import Pattern, State
from planner.model.day_words import shift_words
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
    gone = {run.line.order.id for run in pattern.runs if run.state in LEFT_OUT}
    touched = gone | {run.line.order.id for run in pattern.runs if run.shift}
    orders = (run.line.order for run in pattern.runs) if touched else ()
    return any(
        isinstance(order, TemplateOrder)
        and (order.anchor.order_id in touched if order.anchor else not gone.isdisjoint(order.goes_with))
        for order in orders
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
        elif isinstance(order, TemplateOrder) and order.goes_with:
            yield from _left_alone(followers, order.goes_with, by_order)


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


def _left_alone(
    events: Sequence[Event], names: Sequence[str], by_order: Mapping[str, Sequence[Event]]
) -> Iterator[Hit]:
    """What goes with doses of one day that are all left out: premedication of an infusion that nobody gives.

    Once for each such day. Where it moves, it takes its company along, so only what is left out is asked.
    """
    leaders = sorted((one for name in names for one in by_order.get(name, ())), key=_due)
    told: set[int] = set()
    for event in events:
        days = [one.due_day for one in leaders if one.due_day <= event.due_day]
        here = [one for one in leaders if days and one.due_day == days[-1]]
        alone = bool(here) and all(one.state in LEFT_OUT for one in here)
        if alone and event.state not in SETTLED and here[0].due_day not in told:
            told.add(here[0].due_day)
            yield Hit(
                f"{named(event)} goes with {here[0].label}, which is left out: it still stands.",
                (event, here[0]),
                (("dose", named(event)), ("goes with", named(here[0]))),
                f"{here[0].label} is {here[0].state}; {event.label} is {event.state}",
                key=_pair(event, here[0]),
            )


def _pair(event: Event, leader: Event) -> str:
    """One series for all days of a plan on which a drug hangs on another: each day a finding drowned all others."""
    return f"{event.placed.agent}/{leader.placed.agent}"


def _hit(event: Event, leader: Event, anchor: TimeAnchor, left_out: bool) -> Hit:
    hours, rest = divmod(abs(anchor.minutes), 60)
    length = " ".join([f"{hours} h"] * bool(hours or not rest) + [f"{rest} min"] * bool(rest))
    meant = f"{length} {'before' if anchor.minutes < 0 else 'after'} the {anchor.edge} of {leader.label}"
    now = "is left out" if left_out else f"is on {named(leader).partition('(')[2].rstrip(')')}"
    return Hit(
        f"{named(event)} belongs {meant}, which {now}: it did not go with it.",
        (event, leader),
        (("dose", named(event)), ("hangs on", named(leader)), ("protocol", meant)),
        f"{leader.label}: {shift_words(leader.day - leader.due_day)}; "
        f"{event.label}: {shift_words(event.day - event.due_day)}",
        key=_pair(event, leader),
    )
