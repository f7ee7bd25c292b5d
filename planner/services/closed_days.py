"""Days on which the clinic is closed: which single administrations fall on them, and where each may move instead.

Nothing moves unasked: the result is a plan to look at before it is accepted. Only what stands alone and is given by the
clinic moves, to days its order accepts by its window or its list; what it times by another dose moves with that one;
the rest is named.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain, islice

from msgspec import Struct
from msgspec.structs import replace

from planner.errors import InputProblem, Refusal
from planner.model.civil import weekday_date
from planner.model.cycle_content import State
from planner.model.finding import SEVERITIES, Finding, FindingStatus
from planner.model.plan import Deferral, Plan, Scope
from planner.model.protocol import TemplateDecision, TemplateOrder
from planner.model.schedule import Event, Schedule
from planner.services.verbs.deferring import moves_of
from planner.services.verbs.editing import defer

AT_HOME = ("PO", "topical", "ophthalmic")
"""Routes for which nobody has to be in the clinic."""
STANDING = (State.PLANNED, State.DEFERRED, State.PROVISIONAL)
_Spot = tuple[str, int]
"""A placed order and the number of its day."""
Judge = Callable[[Plan], Sequence[Finding]]


class Closed(Struct, frozen=True):
    """When the clinic is closed: on these weekdays (0 for Monday), and on these days."""

    weekdays: frozenset[int] = frozenset()
    days: frozenset[date] = frozenset()

    def on(self, ordinal: int) -> bool:
        """Whether the clinic is closed on that day."""
        return (ordinal - 1) % 7 in self.weekdays or date.fromordinal(ordinal) in self.days


class Cleared(Struct, frozen=True):
    """The plan with what could move moved: `moved` are (event, days), `left` events with the reason they stay.

    `brought` are new findings for which no single move is to blame.
    """

    plan: Plan
    moved: tuple[tuple[Event, int], ...]
    left: tuple[tuple[Event, str], ...]
    brought: tuple[Finding, ...] = ()


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
            ("--country: needs the Python package holidays, which the README says how to add; or use --closed",)
        ) from None
    try:
        found = holidays.country_holidays(country, subdiv=subdivision or None, years=list(years))
    except NotImplementedError as error:
        raise InputProblem((f"--country {country}: {error}",)) from None
    return frozenset(found)


def clear_closed(
    plan: Plan, schedule: Schedule, closed: Closed, reason: str = "holiday", judge: Judge | None = None
) -> Cleared:
    """Move what falls on closed days to the nearest open day its order accepts, the later one of two as near.

    `schedule` is the plan's own. An order that accepts no other day, or only closed or excluded ones or such that are
    too near to another order, stays and is named. With `judge`, which gives all findings of a plan, a day on which a
    contraindication or a warning is new or worse is not taken either: what would bring it goes to its next day, and
    where none is left it stays and is named with the rule.
    """
    barred: dict[_Spot, dict[int, str]] = {}
    found = _cleared(plan, schedule, closed, reason, barred)
    if judge is None:
        return found
    before = {one.id: one.count for one in judge(plan) if _is_grave(one)}

    def new_in(tried: Cleared) -> list[Finding]:
        return [one for one in judge(tried.plan) if _is_grave(one) and one.count > before.get(one.id, 0)]

    def without(event: Event) -> Cleared:
        return _cleared(plan, schedule, closed, reason, {**barred, _place(event): dict.fromkeys(moves_of(event), "")})

    while found.moved and (new := new_in(found)):
        blamed = {_place(event): (days, one.rule) for one in new for event, days in _named(one, schedule, found)}
        if not blamed:
            # An examination that moved behind its decision: the finding names the decision alone.
            worse = new[0]
            moved = reversed(found.moved)
            to_blame = (one for one in moved if worse.id not in {each.id for each in new_in(without(one[0]))})
            blamed = {_place(event): (days, worse.rule) for event, days in islice(to_blame, 1)}
        if not blamed:
            return replace(found, brought=tuple(new))
        for place, (days, rule) in blamed.items():
            barred.setdefault(place, {})[days] = rule
        found = _cleared(plan, schedule, closed, reason, barred)
    return found


def _is_grave(finding: Finding) -> bool:
    return finding.severity in SEVERITIES[:2] and finding.status is FindingStatus.OPEN


def _named(finding: Finding, schedule: Schedule, found: Cleared) -> Iterator[tuple[Event, int]]:
    """The last moved dose that the finding names where it now stands, itself or by what follows it; at most one."""
    follow = _following(schedule, found.moved)
    for event, days in reversed(found.moved):
        train = [event, *(one for one, ahead in follow.values() if ahead is event)]
        if any(one.placed.id in finding.orders and one.day + days in finding.days for one in train):
            yield event, days
            return


def _cleared(
    plan: Plan, schedule: Schedule, closed: Closed, reason: str, barred: Mapping[_Spot, Mapping[int, str]]
) -> Cleared:
    """Each to the nearest day that nothing speaks against, without the days that are barred by a rule."""
    moved: list[tuple[Event, int]] = []
    left: list[tuple[Event, str]] = []
    seen: set[_Spot] = set()
    for event in schedule.events:
        place = _place(event)
        if not (_in_clinic(event) and closed.on(event.day)) or place in seen:
            continue
        seen.add(place)
        days, why = _nearest(plan, schedule, event, closed, reason, barred.get(place, {}))
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
    follow = _following(schedule, moved)
    by = {_place(event): days for event, days in moved}
    yield from ((event, why) for event, why in left if _place(event) not in follow)
    for event, ahead in follow.values():
        days = by[_place(ahead)]
        if _in_clinic(event) and closed.on(event.day + days):
            yield event._replace(day=event.day + days), "it follows a dose that moves"


def _following(schedule: Schedule, moved: Sequence[tuple[Event, int]]) -> dict[_Spot, tuple[Event, Event]]:
    """What the protocol moves with doses that move, each with the dose ahead, by its place."""
    by = {_place(event): event for event, _ in moved}
    cycles = defaultdict(list)
    for event in schedule.events if moved else ():
        cycles[event.placed.block.id, event.placed.cycle].append(event)
    follow = {}
    for event in chain.from_iterable(cycles.values()):
        ahead = _leader(event, cycles[event.placed.block.id, event.placed.cycle])
        if ahead and _place(ahead) in by:
            follow[_place(event)] = event, by[_place(ahead)]
    return follow


def _leader(event: Event, cycle: Sequence[Event]) -> Event | None:
    """The dose by which the protocol moves the event: the last up to its day, or else the first."""
    order = event.placed.order
    if isinstance(order, TemplateDecision):
        return None
    anchor = order.anchor if isinstance(order, TemplateOrder) else None
    names = (*order.goes_with, *([anchor.order_id] if anchor else ()))
    ahead = [one for one in cycle if one.placed.order.id in names]
    return next((one for one in reversed(ahead) if one.day <= event.day), ahead[0] if ahead else None)


def _place(event: Event) -> _Spot:
    return event.placed.id, event.cycle_day


def _in_clinic(event: Event) -> bool:
    placed = event.placed
    if isinstance(placed.order, TemplateDecision) or placed.kind in ("bag", "infusion") or event.state not in STANDING:
        return False
    return placed.route not in AT_HOME


def _nearest(
    plan: Plan, schedule: Schedule, event: Event, closed: Closed, reason: str, barred: Mapping[int, str]
) -> tuple[int, str]:
    """Days to the open day, or 0 and why there is none."""
    why = "its order has no other day"
    for days in moves_of(event):
        if days in barred:
            why = f"{barred[days]} speaks against {weekday_date(event.day + days)}"
            continue
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
