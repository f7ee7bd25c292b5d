"""What changed between two schedules: every event that moved, appeared, vanished or changed its dose."""

from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, repeat
from typing import NamedTuple

from planner.model.cycle_content import (
    BY_TIME,
    DAY,
    ComputedDose,
    CycleContent,
    CycleEvent,
    EventRun,
    State,
)
from planner.model.difference import Difference
from planner.model.protocol import TemplateAssessment, TemplateDecision, TemplateOrder
from planner.model.schedule import Event, PlacedContent, Schedule

BAG = "bag"
PlannedOrder = TemplateOrder | TemplateAssessment | TemplateDecision
LEFT_OUT = (State.OMITTED, State.STOPPED, State.HELD)
TREATING = ("antineoplastic", "cell therapy")
GOING_WITH = ("premedication", "rescue")
"""Roles of what is given because something else is."""
_STANDING = {
    state: (state in LEFT_OUT, state if state in (State.PROVISIONAL, State.HELD) else State.PLANNED) for state in State
}
"""Between states that stand alike nothing changes that is told: what is deferred is planned. What is on hold may still
be given, so that it is left out for good is told."""


def differences(old: Schedule, new: Schedule) -> tuple[Difference, ...]:
    """Every difference in order of time. Same block, cycle, order, day number and count: same event."""
    found = [one for pair in _changed_pieces(old, new) for one in _between(*pair)]
    return tuple(sorted(found, key=_place))


def first_differences(old: Schedule, new: Schedule, number: int) -> tuple[tuple[Difference, ...], int | None]:
    """At least so many of the first differences, those of a cycle all together, in order of time.

    With the day from which others stand among them, None where these are all. Of cycles that come later, or are alike,
    no event is looked at.
    """
    found: list[Difference] = []
    for pair in sorted(_changed_pieces(old, new), key=_begins):
        if not _count(*pair):
            continue
        border = _begins(pair)
        if len(found) >= number <= sum(_place(one)[0] < border for one in found):
            return tuple(sorted(found, key=_place)), border
        found += _between(*pair)
    return tuple(sorted(found, key=_place)), None


def differences_before(old: Schedule, new: Schedule, day: int) -> tuple[Difference, ...]:
    """The differences that stand before that day, in order of time. Of cycles that begin later nothing is looked at."""
    pairs = (pair for pair in _changed_pieces(old, new) if _begins(pair) < day)
    return tuple(sorted((one for pair in pairs for one in _between(*pair) if _place(one)[0] < day), key=_place))


def left_behind(old: Schedule, new: Schedule) -> tuple[Event, ...]:
    """What goes with treatment and stays planned on days on which a treatment is now left out, in order of time.

    A treatment that another order of the same agent gives that day instead, as after an answer, is not left out.
    """
    found = [one for pair in _changed_pieces(old, new) for one in _left_in(*pair)]
    return tuple(sorted(found, key=lambda one: one[:3]))


def _left_in(was: PlacedContent | None, now: PlacedContent | None) -> Iterator[Event]:
    """As `left_behind`, in one cycle."""
    if was is None or now is None or not _loses_treatment(was.content, now.content):
        return
    before, after = _treated_by_day(was.content), _treated_by_day(now.content)
    never = _lost(set().union(*before.values()), set().union(*after.values()))
    lost = {day: _lost(given, after.get(day, set())) for day, given in before.items()}
    orders = {run.line.order.id: run.line.order for run in now.content.pattern.runs}
    for event in chain.from_iterable(now.orders_but(_going_alone(now.content))):
        gone = lost.get(event.cycle_day, frozenset())
        if event.state in LEFT_OUT or event.placed.kind == BAG:
            continue
        goes = event.placed.role in GOING_WITH
        leads = leads_of(event.placed.order, orders) if goes else _led_by(event.placed.order)
        is_beside = gone and goes and not leads and event.dose is not None
        if is_beside or not leads.isdisjoint(gone | never):
            yield event


Treatment = tuple[str, str]
"""By what a treatment is known again: its order or its drug."""


def _treated_by_day(content: CycleContent) -> dict[int, set[Treatment]]:
    """The treatments that are to be given in a cycle, by the protocol's day number."""
    days: dict[int, set[Treatment]] = {}
    for run in content.pattern.runs:
        if run.line.role in TREATING and run.line.kind != BAG and run.state not in LEFT_OUT:
            for day in run.cycle_days:
                days.setdefault(day, set()).add((run.line.order.id, run.line.agent))
    return days


def _lost(before: set[Treatment], after: set[Treatment]) -> frozenset[str]:
    """The orders of treatment that stand in the first and neither they nor their drug in the second."""
    orders, agents = {order for order, _ in after}, {agent for _, agent in after}
    return frozenset(order for order, agent in before if order not in orders and agent not in agents)


def _going_alone(content: CycleContent) -> frozenset[str]:
    """The orders that go with no treatment, whatever is left out."""
    lines = (run.line for run in content.pattern.runs)
    return frozenset(line.order.id for line in lines if line.role not in GOING_WITH and not _led_by(line.order))


def _led_by(order: PlannedOrder) -> frozenset[str]:
    """The orders that the protocol lets it go with; none for most."""
    return frozenset() if isinstance(order, TemplateDecision) else frozenset(order.goes_with)


def leads_of(order: PlannedOrder, orders: Mapping[str, PlannedOrder]) -> frozenset[str]:
    """The treatments it goes with or is timed by, also by way of others: a rescue is one drug's, whatever is beside it.

    None where the protocol times it by none.
    """
    seen: set[str] = set()
    while not (found := _led_by(order)) and isinstance(order, TemplateOrder) and order.anchor and order.id not in seen:
        seen.add(order.id)
        by = orders.get(order.anchor.order_id)
        if not isinstance(by, TemplateOrder) or by.role in TREATING:
            return frozenset({order.anchor.order_id})
        order = by
    return found


def _loses_treatment(old: CycleContent, new: CycleContent) -> bool:
    """Whether a treatment that was to be given on a day is not any more. Cycles that only moved are alike."""
    if old is new:
        return False
    were, are = old.pattern.runs, new.pattern.runs
    if len(were) != len(are) or not all(map(_falls_alike, were, are)):
        return not _treated(old) <= _treated(new)
    both = zip(were, old.run_doses, are, new.run_doses, strict=True)
    return any(_treats(run, dose) and not _treats(other, now) for run, dose, other, now in both)


def _falls_alike(one: EventRun, other: EventRun) -> bool:
    """Whether two runs are the same order's on the same day numbers."""
    return one is other or (one.line.order.id, one.cycle_days) == (other.line.order.id, other.cycle_days)


def _treats(run: EventRun, dose: ComputedDose | None) -> bool:
    """Whether the doses of a run are treatment that is to be given."""
    return dose is not None and run.line.role in TREATING and run.state not in LEFT_OUT


def _treated(content: CycleContent) -> frozenset[tuple[int, str]]:
    """The day numbers with the orders of treatment that are to be given on them."""
    return frozenset(
        (day, run.line.order.id)
        for run, dose in zip(content.pattern.runs, content.run_doses, strict=True)
        if _treats(run, dose)
        for day in run.cycle_days
    )


def counts(old: Schedule, new: Schedule) -> Mapping[str, int]:
    """How many differences there are of each sort. They are counted by runs, and for cycles that are alike once."""
    found: Counter[str] = Counter()
    for pair in _changed_pieces(old, new):
        found.update(_count(*pair))
    return found


def _count(old: PlacedContent | None, new: PlacedContent | None) -> Mapping[str, int]:
    """How many differences of each sort there are between a cycle and what it became."""
    if old is None or new is None:
        what, piece = ("vanished", old) if new is None else ("appeared", new)
        return {what: piece.content.count} if piece and piece.content.count else {}
    days = new.start - old.start
    if days and old.content is new.content:
        return {"moved": new.content.count} if new.content.count else {}
    return _counted(old.content, new.content, days)


@lru_cache(maxsize=256)
def _counted(old: CycleContent, new: CycleContent, days: int) -> Mapping[str, int]:
    """How many differences of each sort there are in a cycle that starts so many days later than before."""
    found: Counter[str] = Counter()
    before, after = _runs_by_order(old), _runs_by_order(new)
    for order, (were, doses) in before.items():
        are, now = after.get(order, ((), ()))
        if len(were) == len(are) and all(map(_is_like, were, are)):
            for run, other, was, one in zip(were, are, doses, now, strict=True):
                if days or run is not other or was is not one:
                    looks = _Looks.of_run(run, was), _Looks.of_run(other, one)
                    for what in _sorts(*looks, moved=bool(days)):
                        found[what] += len(run.offsets)
        else:
            found.update(_between_orders(_by_day(were, doses), _by_day(are, now), days))
    for order, (runs, _) in after.items():
        found["appeared"] += 0 if order in before else sum(len(run.offsets) for run in runs)
    return +found


Runs = tuple[list[EventRun], list[ComputedDose | None]]
"""The runs of an order, and beside them their doses."""


def _runs_by_order(content: CycleContent) -> Mapping[str, Runs]:
    found: dict[str, Runs] = {}
    for run, dose in zip(content.pattern.runs, content.run_doses, strict=True):
        runs, doses = found.setdefault(run.line.order.id, ([], []))
        runs.append(run)
        doses.append(dose)
    return found


def _is_like(one: EventRun, other: EventRun) -> bool:
    """Whether the events of two runs of an order differ in nothing but agent, dose and state."""
    return one is other or (
        one.length == other.length
        and (one.offsets, one.minutes, one.cycle_days) == (other.offsets, other.minutes, other.cycle_days)
    )


def _by_day(runs: Sequence[EventRun], doses: Sequence[ComputedDose | None]) -> dict[tuple[int, int], CycleEvent]:
    """The events of an order by day number and count on it, in order of time."""
    events = [event for run, dose in zip(runs, doses, strict=True) for event in run.with_dose(dose).events()]
    seen: Counter[int] = Counter()
    found = {}
    for event in sorted(events, key=BY_TIME):
        found[event.cycle_day, seen[event.cycle_day]] = event
        seen[event.cycle_day] += 1
    return found


def _between_orders(
    old: Mapping[tuple[int, int], CycleEvent], new: Mapping[tuple[int, int], CycleEvent], days: int
) -> Iterator[str]:
    for key, was in old.items():
        now = new.get(key)
        if now is None:
            yield "vanished"
            continue
        moved = (was.offset, was.minute) != (now.offset + days, now.minute)
        same = was.line is now.line and was.dose is now.dose and _STANDING[was.state] == _STANDING[now.state]
        if same and was.line.kind != BAG:
            yield from ("moved",) if moved else ()
        else:
            yield from _sorts(_Looks.of_content(was), _Looks.of_content(now), moved=moved)
    yield from repeat("appeared", len(new.keys() - old.keys()))


class _Looks(NamedTuple):
    """What of an event is compared beside its time; a bag by the days it hangs, -1 where nobody knows them."""

    agent: str
    dose: ComputedDose | None
    state: State
    bag_days: int

    @classmethod
    def of_content(cls, event: CycleEvent) -> "_Looks":
        is_bag = event.line.kind == BAG and event.minute >= 0 and event.length >= 0
        days = (event.minute + event.length) // DAY if is_bag else -1
        return cls(event.line.agent, event.dose, event.state, days)

    @classmethod
    def of_run(cls, run: EventRun, dose: ComputedDose | None) -> "_Looks":
        """What the events of a run have in common; their bags last alike where their lengths are."""
        return cls(run.line.agent, dose, run.state, -1)

    @classmethod
    def of(cls, event: Event) -> "_Looks":
        days = event.end_day - event.day if event.placed.kind == BAG and event.end_day >= 0 else -1
        return cls(event.placed.agent, event.dose, event.state, days)


def _sorts(old: _Looks, new: _Looks, *, moved: bool) -> Iterator[str]:
    """Of which sorts the differences between an event and what it became are."""
    if moved:
        yield "moved"
    if old.agent != new.agent:
        yield "agent"
    elif old.dose is not new.dose and _amount(old.dose) != _amount(new.dose):
        yield "dose"
    if old.bag_days != new.bag_days:
        yield "bag"
    if _STANDING[old.state] != _STANDING[new.state]:
        yield "status"


def _place(one: Difference) -> tuple[int, str, str]:
    what, old, new = one
    if old is None or new is None:
        return max(one.old_day, one.new_day), one.order_id, what
    return max(old.day, new.day), new.placed.id, what


def _begins(pair: tuple[PlacedContent | None, PlacedContent | None]) -> int:
    """A day before which no difference of the pair stands."""
    return min(piece.first_day for piece in pair if piece is not None)


def _changed_pieces(old: Schedule, new: Schedule) -> Iterator[tuple[PlacedContent | None, PlacedContent | None]]:
    """The cycles, before and after, that do not stand as they stood."""
    before = {(piece.block.id, piece.cycle): piece for piece in old.pieces}
    for piece in new.pieces:
        was = before.pop((piece.block.id, piece.cycle), None)
        if was is None or was.content is not piece.content or was.start != piece.start:
            yield was, piece
    for was in before.values():
        yield was, None


def _between(old: PlacedContent | None, new: PlacedContent | None) -> Iterator[Difference]:
    if old and new and old.content is new.content:
        for were, are in zip(old.orders, new.orders, strict=True):
            yield from (Difference("moved", was, now) for was, now in zip(were, are, strict=True))
        return
    alike = _alike(old.content, new.content) if old and new and old.start == new.start else frozenset()
    before, after = _by_identity(old, alike), _by_identity(new, alike)
    for key, event in before.items():
        yield from _compare(event, after.get(key))
    for key, event in after.items():
        if key not in before:
            yield Difference("appeared", None, event)


def _alike(old: CycleContent, new: CycleContent) -> frozenset[str]:
    """The orders of which nothing differs between two contents that start on one day."""
    before, after = _runs_by_order(old), _runs_by_order(new)
    return frozenset(
        order
        for order, (were, doses) in before.items()
        if order in after and len(were) == len(after[order][0])
        for are, now in (after[order],)
        if all(map(_is_like, were, are))
        and not any(
            next(_sorts(_Looks.of_run(*one), _Looks.of_run(*other), moved=False), "")
            for one, other in zip(zip(were, doses, strict=True), zip(are, now, strict=True), strict=True)
        )
    )


def _by_identity(piece: PlacedContent | None, alike: Container[str]) -> dict[tuple[str, int, int], Event]:
    """The events of a cycle, but for those of orders that are alike, by order, day number and count on it."""
    seen: Counter[tuple[str, int]] = Counter()
    found: dict[tuple[str, int, int], Event] = {}
    orders = piece.orders_but(alike) if piece else ()
    for event in chain.from_iterable(sorted(events, key=BY_TIME) for events in orders):
        key = (event.placed.id, event.cycle_day)
        found[(*key, seen[key])] = event
        seen[key] += 1
    return found


def _compare(old: Event, new: Event | None) -> Iterator[Difference]:
    if new is None:
        yield Difference("vanished", old, None)
        return
    moved = old.day != new.day or old.minute != new.minute
    yield from (Difference(what, old, new) for what in _sorts(_Looks.of(old), _Looks.of(new), moved=moved))


def _amount(dose: ComputedDose | None) -> tuple[object, str]:
    return (dose.value, dose.unit) if dose else (None, "")
