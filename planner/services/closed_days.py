"""Days on which the clinic is closed: which single administrations fall on them, and where each may move instead.

Nothing moves unasked: the result is a plan to look at before it is accepted. Only what stands alone and is given by the
clinic moves, to days its order accepts by its window or its list; what it times by another dose moves with that one;
the rest is named.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import chain

from msgspec import Struct

from planner.errors import InputProblem, Refusal
from planner.model.cycle_content import State
from planner.model.plan import Deferral, Plan, Scope
from planner.model.protocol import TemplateDecision, TemplateOrder
from planner.model.schedule import Event, Schedule
from planner.services.verbs.deferring import moves_of
from planner.services.verbs.editing import defer

AT_HOME = ("PO", "topical", "ophthalmic")
"""Routes for which nobody has to be in the clinic."""
STANDING = (State.PLANNED, State.DEFERRED, State.PROVISIONAL)


class Closed(Struct, frozen=True):
    """When the clinic is closed: on these weekdays (0 for Monday), and on these days."""

    weekdays: frozenset[int] = frozenset()
    days: frozenset[date] = frozenset()

    def on(self, ordinal: int) -> bool:
        """Whether the clinic is closed on that day."""
        return (ordinal - 1) % 7 in self.weekdays or date.fromordinal(ordinal) in self.days


class Cleared(Struct, frozen=True):
    """The plan with what could move moved: `moved` are (event, days), `left` events with the reason they stay."""

    plan: Plan
    moved: tuple[tuple[Event, int], ...]
    left: tuple[tuple[Event, str], ...]


def knows_holidays() -> bool:
    """Whether the optional library of public holidays is installed."""
    from importlib.util import find_spec

    return find_spec("holidays") is not None


def public_holidays(country: str, subdivision: str, years: Iterable[int]) -> frozenset[date]:
    """The public holidays of a country (ISO 3166 code) and, if told, of a part of it.

    InputProblem where the optional library is not installed or does not know the place.
    """
    try:
        import holidays  # type: ignore[import-not-found, unused-ignore]  # an optional extra
    except ImportError:
        raise InputProblem(
            ("--country: needs the optional library holidays; install that extra, or use --closed",)
        ) from None
    try:
        found = holidays.country_holidays(country, subdiv=subdivision or None, years=list(years))
    except NotImplementedError as error:
        raise InputProblem((f"--country {country}: {error}",)) from None
    return frozenset(found)


def clear_closed(plan: Plan, schedule: Schedule, closed: Closed, reason: str = "holiday") -> Cleared:
    """Move what falls on closed days to the nearest open day its order accepts, the later one of two as near.

    `schedule` is the plan's own. An order that accepts no other day, or only closed or excluded ones or such that are
    too near to another order, stays and is named.
    """
    moved: list[tuple[Event, int]] = []
    left: list[tuple[Event, str]] = []
    seen: set[tuple[str, int]] = set()
    for event in schedule.events:
        place = _place(event)
        if not (_in_clinic(event) and closed.on(event.day)) or place in seen:
            continue
        seen.add(place)
        days, why = _nearest(plan, schedule, event, closed, reason)
        if days:
            plan = defer(plan, schedule, _deferral(event, days, reason))
            moved.append((event, days))
        else:
            left.append((event, why))
    return Cleared(plan, tuple(moved), tuple(_staying(schedule, closed, moved, left)))


def _staying(
    schedule: Schedule, closed: Closed, moved: Sequence[tuple[Event, int]], left: Sequence[tuple[Event, str]]
) -> Iterator[tuple[Event, str]]:
    """What stays on a closed day, without what follows a dose that moves; of that, what it takes to a closed day."""
    by = {_place(event): days for event, days in moved}
    cycles = defaultdict(list)
    for event in schedule.events if moved else ():
        cycles[event.placed.block.id, event.placed.cycle].append(event)
    follow = {}
    for event in chain.from_iterable(cycles.values()):
        ahead = _leader(event, cycles[event.placed.block.id, event.placed.cycle])
        if ahead and _place(ahead) in by:
            follow[_place(event)] = event, by[_place(ahead)]
    yield from ((event, why) for event, why in left if _place(event) not in follow)
    for event, days in follow.values():
        if _in_clinic(event) and closed.on(event.day + days):
            yield event._replace(day=event.day + days), "it follows a dose that moves"


def _leader(event: Event, cycle: Sequence[Event]) -> Event | None:
    """The dose by which the protocol moves the event: the last up to its day, or else the first."""
    order = event.placed.order
    if isinstance(order, TemplateDecision):
        return None
    anchor = order.anchor if isinstance(order, TemplateOrder) else None
    names = (*order.goes_with, *([anchor.order_id] if anchor else ()))
    ahead = [one for one in cycle if one.placed.order.id in names]
    return next((one for one in reversed(ahead) if one.day <= event.day), ahead[0] if ahead else None)


def _place(event: Event) -> tuple[str, int]:
    return event.placed.id, event.cycle_day


def _in_clinic(event: Event) -> bool:
    placed = event.placed
    if isinstance(placed.order, TemplateDecision) or placed.kind in ("bag", "infusion") or event.state not in STANDING:
        return False
    return placed.route not in AT_HOME


def _nearest(plan: Plan, schedule: Schedule, event: Event, closed: Closed, reason: str) -> tuple[int, str]:
    """Days to the open day, or 0 and why there is none."""
    why = "its order has no other day"
    for days in moves_of(event):
        if closed.on(event.day + days):
            why = "its order's other days are closed too" if why.startswith("its order") else why
            continue
        try:
            defer(plan, schedule, _deferral(event, days, reason))
        except Refusal as refusal:
            why = str(refusal)
            continue
        return days, ""
    return 0, why


def _deferral(event: Event, days: int, reason: str) -> Deferral:
    placed = event.placed
    note = "the clinic is closed"
    return Deferral(
        placed.block.id, placed.cycle, event.cycle_day, days, Scope.DAY, reason, note, order=placed.order.id
    )
