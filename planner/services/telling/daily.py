"""What a deferral does to drugs that are given on days in a row: a pause opens in them, or they stay on the day."""

from collections.abc import Iterator
from itertools import pairwise

from planner.model.civil import weekday_date
from planner.model.cycle_content import State
from planner.model.plan import Deferral, Scope
from planner.model.protocol import TemplateOrder
from planner.model.schedule import Event, Schedule
from planner.model.sentence import Sentence, listed

NOT_GIVEN = (State.OMITTED, State.STOPPED, State.HELD)
LONG = 7
"""Regimap's own: days in a row from which a pause in a drug is told; fewer are a block of doses that is put off."""
PAUSED = (
    "{drug}, given day by day, is then not given from {first} to {last}; where it is to go on, add those days, or "
    "defer the other orders alone"
)
STAY = "on its day stays what is given on days in a row: {drugs} of D{day}; the scope cycle or following moves it too"


def of_daily_drugs(before: Schedule, after: Schedule, deferral: Deferral) -> tuple[str, ...]:
    """One line for each drug in which a deferral opens a pause, or one for those of its day that it leaves there.

    Prednisone of induction stopped for the week in which the counts were waited for, and nobody was told.
    """
    if deferral.order:
        return ()
    if deferral.scope is Scope.DAY:
        return tuple(_staying(before, after, deferral))
    return tuple(_paused(before, after, deferral)) if deferral.days > 0 else ()


def _paused(before: Schedule, after: Schedule, deferral: Deferral) -> Iterator[str]:
    now = _by_order(after, deferral)
    for order, events in _by_order(before, deferral).items():
        later = now.get(order, [])
        known = {one.cycle_day: one.day for one in later}
        for last, first in pairwise(events):
            ends, begins = known.get(last.cycle_day), known.get(first.cycle_day)
            in_a_row = first.day == last.day + 1 and _length({one.day for one in events}, last.day) >= LONG
            if in_a_row and ends and begins and begins > ends + 1:
                days = {"first": weekday_date(ends + 1), "last": weekday_date(begins - 1)}
                yield Sentence(PAUSED, drug=last.placed.agent_name, **days)


def _length(days: set[int], day: int) -> int:
    """How many days in a row there are about that one."""
    first = last = day
    while first - 1 in days:
        first -= 1
    while last + 1 in days:
        last += 1
    return last - first + 1


def _staying(before: Schedule, after: Schedule, deferral: Deferral) -> Iterator[str]:
    now = _by_order(after, deferral)
    stay = []
    for order, events in _by_order(before, deferral).items():
        here = [one for one in events if one.cycle_day == deferral.day and one.state is not State.GIVEN]
        days = {one.cycle_day: one.day for one in now.get(order, ())}
        if here and len(events) > 1 and days.get(deferral.day) == here[0].day and not _keeps_its_days(here[0]):
            stay.append(here[0].placed.agent_name)
    if stay:
        yield Sentence(STAY, drugs=listed(list(dict.fromkeys(stay))), day=deferral.day)


def _by_order(schedule: Schedule, deferral: Deferral) -> dict[str, list[Event]]:
    """The doses of the deferral's cycle that are given, by order, in order of time."""
    found: dict[str, list[Event]] = {}
    for one in schedule.events:
        here = (one.placed.block.id, one.placed.cycle) == (deferral.block, deferral.cycle)
        if here and one.dose is not None and one.state not in NOT_GIVEN:
            found.setdefault(one.placed.order.id, []).append(one)
    return found


def _keeps_its_days(event: Event) -> bool:
    order = event.placed.order
    return isinstance(order, TemplateOrder) and order.keeps_its_days
