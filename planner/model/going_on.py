"""Drugs that go on behind the days they are drawn on, until nobody knows when ("until counts recover")."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from planner.model.cleared import cleared_on, level_of
from planner.model.cycle_content import State
from planner.model.plan import Deferral, Hold, Plan, Scope, Stop
from planner.model.protocol import Phase, TemplateOrder
from planner.model.schedule import Event, PlacedBlock, PlacedCycle, PlacedOrder

FOR_DAYS = ("rescue", "growth factor", "hydration")
"""Roles of what is given for some days or weeks."""
NOT_GIVEN = (State.OMITTED, State.HELD, State.STOPPED)


def lasts_unsaid(placed: PlacedOrder) -> bool:
    """Whether a drug goes on behind its drawn days, nobody knows how long; to the end of a cycle is known.

    Also what stands in for a rescue: levoleucovorin goes on until methotrexate has cleared, as leucovorin would.
    """
    return _has_open_end(placed) and not _is_another(placed)


def stays_unsaid(placed: PlacedOrder) -> bool:
    """Whether a drug stands in for one that lasts unsaid: then nobody said whether it is given again.

    Pegfilgrastim, one shot, in place of the filgrastim of every day until counts recover read as a shot of every day.
    """
    return _has_open_end(placed) and _is_another(placed)


def _is_another(placed: PlacedOrder) -> bool:
    """Whether it stands in for a drug of which it does not follow how long that is given."""
    return stands_in(placed) and placed.role != "rescue"


def stands_in(placed: PlacedOrder) -> bool:
    """Whether somebody put another agent in the place of the protocol's."""
    here = (one.agent for one in placed.block.phase.orders if one.id == placed.order.id)
    return placed.agent != next(here, placed.agent)


def goes_beyond(last: Event) -> bool:
    """Whether a drug's last drawn dose ends a block that has no end of its own: it goes on, and that is no stop."""
    block, order = last.placed.block, last.placed.order
    runs = isinstance(order, TemplateOrder) and order.days.to_end and last.state not in NOT_GIVEN
    return runs and block.phase.open_end and last.day == block.end - 1


def _has_open_end(placed: PlacedOrder) -> bool:
    order = placed.order
    return isinstance(order, TemplateOrder) and bool(order.until) and not order.days.to_end


def drawn_stretches(events: Sequence[Event]) -> list[list[Event]]:
    """The days in a row on which one order that lasts unsaid is drawn, as their doses; none that are not given.

    What stands in for it is not its dose.
    """
    found: list[list[Event]] = []
    if not events or not _has_open_end(events[0].placed):
        return found
    for event in events:
        if event.state in NOT_GIVEN or _is_another(event.placed):
            continue
        if found and event.day <= found[-1][-1].day + 1 and event.placed.agent == found[-1][-1].placed.agent:
            found[-1].append(event)
        else:
            found.append([event])
    return found


def is_ended(stretch: Sequence[Event], events: Iterable[Event]) -> bool:
    """Whether somebody has said when it ends: later doses of that order are stopped, or another agent stands in.

    `events` may hold other orders of its cycle: a rescue of some hours on takes its place too.
    """
    return bool(_ended_on(stretch, events))


def _ended_on(stretch: Sequence[Event], events: Iterable[Event]) -> list[int]:
    """The days behind a stretch from which on the order is stopped or another one or agent stands in."""
    last = stretch[-1]
    found = []
    for event in events:
        if event.placed.id == last.placed.id:
            stopped = event.state is State.STOPPED
            if event.day > last.day and (
                stopped or (stands_in(event.placed) and event.placed.agent != last.placed.agent)
            ):
                found.append(event.day)
        elif event[:2] > last[:2] and _takes_its_place(event, last):
            found.append(max(event.day, last.day + 1))
    return found


def _takes_its_place(new: Event, old: Event) -> bool:
    """Whether people added a rescue of some hours on in the place of another one of its cycle, from the same dose."""
    placed, order = new.placed, new.placed.order
    if (placed.role, old.placed.role) != ("rescue", "rescue") or new.sequence <= old.sequence:
        return False
    added = isinstance(order, TemplateOrder) and bool(order.anchor) and not order.references
    here = (placed.block.id, placed.cycle) == (old.placed.block.id, old.placed.cycle)
    return added and here and not rescued_by(placed).isdisjoint(rescued_by(old.placed))


def asked_once(events: Iterable[Event]) -> Iterator[tuple[int, Event]]:
    """The day behind what stands in for a drug that lasts unsaid: the one to ask on whether it is given again."""
    last = {event.placed.id: event for event in events if event.state not in (State.OMITTED, State.HELD)}
    for event in last.values():
        if stays_unsaid(event.placed) and event.state is not State.STOPPED:
            yield event.day + 1, event


def may_go_on(plan: Plan, events: Iterable[Event]) -> dict[int, tuple[Event, ...]]:
    """For each day the drugs that may go on then, each as the first dose of the days it was drawn on before.

    They may up to the days they are drawn on again, a stop, or the end of their cycle and of what the next is put off,
    a rescue up to the next dose of what it rescues from; left out, a shot of every day reads as over on the days that
    follow. What is taken to the end of a block without an end of its own goes on behind it as far as the plan does.
    """
    found: dict[int, tuple[Event, ...]] = {}
    known = [*events]
    for stretch, end in (*((one.drawn, one.end) for one in _open_stretches(plan, known)), *_beyond(known)):
        first = _as_last(stretch)
        for day in range(stretch[-1].day + 1, end):
            found[day] = (*found.get(day, ()), first)
    return found


class Paused(NamedTuple):
    """A drug on hold that would go on behind its drawn days: its last dose as the one held, and the days behind that.

    `again` tells whether it is given from the day behind these on; else nobody knows until when it is on hold.
    """

    held: Event
    days: range
    again: bool


def paused_behind(plan: Plan, events: Iterable[Event]) -> Iterator[Paused]:
    """What is on hold on days on which it is not drawn: ciclosporin had a word on the first day of its hold alone."""
    known = [*events]
    drawn = {(one.placed.id, one.day): one for one in known}
    for one in _open_stretches(plan, known):
        order, first = one.drawn[0].placed.id, one.end
        while (order, first) in drawn and first < one.without_hold:
            first += 1
        if one.end < first < one.without_hold:
            held = one.drawn[-1]._replace(day=one.end, state=State.HELD)
            again = drawn.get((order, one.without_hold))
            yield Paused(held, range(first, one.without_hold), again is not None and again.state not in NOT_GIVEN)


def _as_last(stretch: Sequence[Event]) -> Event:
    """The first dose of some days with the amount of the last: of fluids entered from the second day on that."""
    first, last = stretch[0], stretch[-1]
    another = first.dose and last.dose and first.dose.value != last.dose.value and last.dose.origin != "given"
    return first._replace(dose=last.dose) if another else first


def _beyond(events: Sequence[Event]) -> Iterator[tuple[list[Event], int]]:
    """The last days in a row of each drug that goes on behind a block without an end, up to where it is given again."""
    ends = max((event.placed.block.end for event in events), default=0)
    by_order: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        by_order[event.placed.id].append(event)
    begun = _begun(events)
    for several in by_order.values():
        last = several[-1]
        if goes_beyond(last):
            stretch = [last]
            for event in reversed(several[:-1]):
                if event.day < stretch[0].day - 1 or event.state in NOT_GIVEN:
                    break
                stretch.insert(0, event)
            yield stretch, _given_again(last, begun, ends)


def _begun(events: Iterable[Event]) -> dict[tuple[str, str], list[int]]:
    """By drug and way the days on which the protocol gives it.

    One left out begins nothing, and one that somebody added (a dose more of a rescue) ends nothing.
    """
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for one in events:
        if one.state not in NOT_GIVEN and isinstance(one.placed.order, TemplateOrder):
            found[one.placed.agent, one.placed.route].append(one.day)
    return found


def _given_again(last: Event, begun: Mapping[tuple[str, str], Sequence[int]], end: int) -> int:
    """The first day behind a dose on which the protocol gives the same drug in the same way; else `end`."""
    days = begun.get((last.placed.agent, last.placed.route), ())
    return min((day for day in days if day > last.day), default=end)


def ends_unsaid(plan: Plan, events: Iterable[Event]) -> Iterator[tuple[int, Event]]:
    """The day behind the last cycle of what may go on to its end: nobody stopped it, and nothing begins it anew."""
    for one in _open_stretches(plan, events):
        if one.end == one.over:
            yield one.end, one.drawn[0]


class _Open(NamedTuple):
    """Days in a row behind which a drug may go on, and the days from which it does not: as it stands, and `without`
    what is on hold; `over` is the end of its last cycle, `low` the day of a level that ended it, 0 where none did.
    """

    drawn: list[Event]
    end: int
    without_hold: int
    over: int
    low: int = 0


def _open_stretches(plan: Plan, events: Iterable[Event]) -> Iterator[_Open]:
    """The stretches behind which a drug may go on."""
    by_order: dict[str, list[Event]] = defaultdict(list)
    blocks: dict[str, PlacedBlock] = {}
    known = [*events]
    for event in known:
        by_order[event.placed.id].append(event)
        blocks.setdefault(event.placed.block.id, event.placed.block)
    begun, rescues = _begun(known), [one for one in known if one.placed.role == "rescue"]
    for several in by_order.values():
        stretches = drawn_stretches(several)
        if not stretches:
            continue
        placed = several[0].placed
        ends = [stretch[0].day for stretch in stretches[1:]] + [_end(plan, placed, blocks, by_order)]
        held = [one.day for one in several if one.state is State.HELD] + _paused_on(plan, placed)
        for stretch, end in zip(stretches, ends, strict=True):
            ahead = _doses_after(stretch, by_order)
            # The rescue of the next dose, stopped with that, is no end of the rescue of the one that was given.
            following = min((one.day for one in ahead), default=0)
            ended = _ended_on(
                stretch,
                [one for one in (rescues if placed.role == "rescue" else several) if not 0 < following <= one.day],
            )
            again = _given_again(several[-1], begun, end) if stretch is stretches[-1] else end
            again_due = [one.day for one in ahead if one.state not in (State.OMITTED, State.HELD)]
            until = min([end, again, *again_due, *ended])
            low = _cleared(plan, stretch, by_order, until)
            until = max(low, stretch[-1].day) + 1 if low else until
            paused = min([until, *(one for one in held if one > stretch[-1].day)])
            yield _Open(stretch, paused, until, _over(placed, blocks), low)


def _cleared(plan: Plan, stretch: Sequence[Event], by_order: Mapping[str, Sequence[Event]], end: int) -> int:
    """The day of the level that ends a rescue or its fluids, as it was recorded; 0 where none before `end` does.

    A level of the infusion's end cannot be that low, and is a slip of the pen: those from two days after its day count.
    """
    placed, order = stretch[0].placed, stretch[0].placed.order
    hangs_on = rescued_by(placed) if plan.patient.labs else frozenset()
    if not hangs_on or not isinstance(order, TemplateOrder):
        return 0
    phase, around = placed.block.phase, f"{placed.block.id}/{placed.cycle}/"
    drawn = (one for one in phase.orders if one.until and f"{around}{one.id}" in by_order)
    level = level_of(order, (one for one in drawn if hangs_on & hung_on(one, phase)))
    given = [day for day in _given_days(placed, hangs_on, by_order) if day <= stretch[-1].day]
    return cleared_on(level, plan.patient.labs, max(given) + 2, end) or 0 if level and given else 0


def ended_by_level(plan: Plan, events: Iterable[Event]) -> Iterator[tuple[Event, int]]:
    """The last drawn dose of what a recorded level ended, and the day of that level."""
    return ((one.drawn[-1], one.low) for one in _open_stretches(plan, events) if one.low)


def _paused_on(plan: Plan, placed: PlacedOrder) -> list[int]:
    """The days on which the order was put on hold in its cycle, also where it goes on again."""
    place = placed.block.id, placed.cycle, placed.order.id
    holds = (one for one in plan.modifications if isinstance(one, Hold))
    return [day_of(one, plan, placed.block) for one in holds if (one.block, one.cycle, one.order) == place]


def _doses_after(stretch: Sequence[Event], by_order: Mapping[str, Sequence[Event]]) -> list[Event]:
    """The next doses, also those that are not given, of what a rescue or its fluids hang on."""
    placed = stretch[0].placed
    ahead = [by_order.get(f"{placed.block.id}/{placed.cycle}/{one}", ()) for one in rescued_by(placed)]
    return [one for several in ahead for one in several if one.day > stretch[-1].day]


def rescued_by(placed: PlacedOrder) -> frozenset[str]:
    """The orders that a rescue rescues from, or its fluids: what they hang on, by their hours or their days."""
    return hung_on(placed.order, placed.block.phase) if placed.role in ("rescue", "hydration") else frozenset()


def hung_on(order: object, phase: Phase) -> frozenset[str]:
    """The orders that one hangs on, through what these are timed by in turn; none that is a rescue itself.

    Leucovorin of 15 mg is timed by that of 50 mg, and this by the second part of methotrexate, whose first part the
    levels go with: the levels ended days before the rescue.
    """
    orders = {one.id: one for one in phase.orders}
    found: dict[str, None] = {}
    ahead: list[object] = [order]
    while ahead:
        one = ahead.pop()
        if isinstance(one, TemplateOrder):
            names = *one.goes_with, *((one.anchor.order_id,) if one.anchor else ())
            ahead += [orders[name] for name in names if name in orders and name not in found]
            found.update(dict.fromkeys(names))
    return frozenset(name for name in found if name not in orders or orders[name].role != "rescue")


def _given_days(placed: PlacedOrder, orders: Iterable[str], by_order: Mapping[str, Sequence[Event]]) -> list[int]:
    given = (by_order.get(f"{placed.block.id}/{placed.cycle}/{one}", ()) for one in orders)
    return [one.day for events in given for one in events if one.state not in NOT_GIVEN]


def _end(
    plan: Plan, placed: PlacedOrder, blocks: dict[str, PlacedBlock], by_order: Mapping[str, Sequence[Event]]
) -> int:
    """The day from which on it is surely over: the end of its last cycle, or of a stop that reaches it.

    A stop of everything does not end the rescue of a dose that was given before it, nor its fluids.
    """
    ends = [_over(placed, blocks)]
    given = min(_given_days(placed, rescued_by(placed), by_order), default=0)
    for number, one in enumerate(plan.modifications):
        if (
            isinstance(one, Stop)
            and one.block in blocks
            and _reaches(one, placed)
            and plan.reaches(number, placed.block.id)
        ):
            day = day_of(one, plan, blocks[one.block])
            ends += [day] if one.order or not 0 < given < day else []
    return min(ends)


def _over(placed: PlacedOrder, blocks: Mapping[str, PlacedBlock]) -> int:
    """The end of its last cycle; where what follows is put off, the day on which that begins.

    A course is put off because the counts are low, and just then a shot of every day until they recover read as over.
    Where nothing of its placement follows it goes on as far as the plan does, but for what is a matter of days:
    tacrolimus read as over weeks before a block of another protocol.
    """
    end = _last_cycle(placed, blocks).end
    cycles = [one for block in blocks.values() if block.group == placed.block.group for one in block.cycles]
    if any(one.begins <= end < one.end for one in cycles):
        return end
    lasts = end if placed.role in FOR_DAYS else max(block.end for block in blocks.values())
    return min((one.begins for one in cycles if one.begins > end), default=lasts)


def _last_cycle(placed: PlacedOrder, blocks: Mapping[str, PlacedBlock]) -> PlacedCycle:
    """The last cycle in which it may go on: its own, as a rule.

    What the protocol begins in one cycle of several and hangs on nothing there (ursodiol from course 1 on) goes on
    through all that are counted on from it, in whichever blocks they lie, also where one is given once more: nobody
    begins it a second time.
    """
    here = next(cycle for cycle in placed.block.cycles if cycle.number == placed.cycle)
    order = placed.order
    if not isinstance(order, TemplateOrder) or not order.cycles or order.anchor or order.goes_with:
        return here
    group = (one for block in blocks.values() if block.group == placed.block.group for one in block.cycles)
    for cycle in sorted((one for one in group if one.start >= here.end), key=lambda one: one.start):
        if cycle.number not in (here.number, here.number + 1) or cycle.number in order.cycles:
            break
        here = cycle
    return here


def _reaches(stop: Stop, placed: PlacedOrder) -> bool:
    if stop.order not in ("", placed.order.id):
        return False
    if stop.scope is Scope.ALL:
        return True
    here = stop.block == placed.block.id
    return here and (stop.cycle == placed.cycle or (stop.scope is Scope.FOLLOWING and stop.cycle < placed.cycle))


def day_of(stop: Stop | Hold, plan: Plan, block: PlacedBlock) -> int:
    """The ordinal of a stop or hold: its day as the deferrals up to it leave it."""
    start = next((cycle.start for cycle in block.cycles if cycle.number == stop.cycle), block.end)
    moved = (
        one.days
        for one in plan.modifications
        if isinstance(one, Deferral)
        and (one.block, one.cycle) == (stop.block, stop.cycle)
        and one.day <= stop.day
        and one.scope is not Scope.DAY
        and not one.order
    )
    return start + block.phase.offset(stop.day) + sum(moved)
