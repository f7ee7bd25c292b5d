"""Doses that exclude each other: of two that hang on a fact nobody recorded, one with CNS disease and one without."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import product

from planner.model.condition import Clause, Condition
from planner.model.cycle_content import State
from planner.model.results import RESULTS
from planner.model.schedule import Event

MOST = 6
"""Facts of which every way they may be is gone through; of more, all doses are taken to be possible."""
ANY_OTHER = "\0"
"""A value that no condition names."""
ANSWERS = ("decision.", "variant.")
"""What people answer: only the doses of one answer are drawn."""


Size = Callable[[Sequence[Event]], Decimal]
"""How much events are: how many, or what they add up to. More events are never less."""


def number_of(events: Sequence[Event]) -> Decimal:
    """How many events there are."""
    return Decimal(len(events))


def most_together(events: Sequence[Event], size: Size = number_of) -> tuple[Sequence[Event], tuple[str, ...]]:
    """Those events of greatest `size` that can come together, and the facts others hang on; mostly all, and none.

    Both are drawn as long as the fact is not recorded. What is not provisional comes in any case. Two large doses may
    be more than three small ones: whoever adds up amounts asks for the greatest sum, not for most doses.
    """
    values: dict[str, dict[str, None]] = {}
    for event in events:
        for clause in _asked(event):
            values.setdefault(clause.subject, {ANY_OTHER: None}).update(dict.fromkeys(clause.values))
    if len(values) > MOST:
        return events, ()
    ways = (dict(zip(values, way, strict=True)) for way in product(*values.values()))
    found = ([event for event in events if _may_come(event, way)] for way in ways)
    most = max(found, key=lambda some: (size(some), len(some)))
    if len(most) == len(events):
        return events, ()
    kept = set(map(id, most))
    left = (event for event in events if id(event) not in kept)
    return most, tuple(dict.fromkeys(clause.subject for event in left for clause in _asked(event)))


def _asked(event: Event) -> Iterator[Clause]:
    """What is asked of the patient for an event that nobody knows of whether it comes.

    Not results of the laboratory: they are other ones on another day, and so do not exclude each other.
    """
    for clause in (clause for condition in _conditions(event) for clause in condition.clauses):
        named = clause.op in ("=", "!=", "in") and clause.subject not in RESULTS
        if named and not clause.subject.startswith(ANSWERS):
            yield clause


def _may_come(event: Event, way: Mapping[str, str]) -> bool:
    return all(condition.holds(way) is not False for condition in _conditions(event))


def _conditions(event: Event) -> tuple[Condition, ...]:
    """Its own and its block's; none of what comes in any case."""
    placed = event.placed
    return (placed.order.when, placed.block.phase.only_if) if event.state is State.PROVISIONAL else ()
