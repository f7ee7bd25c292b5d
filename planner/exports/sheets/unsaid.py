"""Days of which the plan does not say all: a hold without an end, what it drops, a pump paused, what is to enter."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType

from planner.exports.wording.doses import AT_HOME, NOT_TO_BE_GIVEN, PREMEDICATION, is_drug
from planner.exports.wording.holds import Ends, last_days, on_hold_since
from planner.model.cycle_content import State
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.going_on import ends_unsaid
from planner.model.plan import Plan
from planner.model.protocol import TO_ENTER, TREATING, TemplateAssessment, TemplateOrder
from planner.model.schedule import Event

NO_DAYS: Mapping[str, int] = MappingProxyType({})


def on_hold(evaluated: EvaluatedPlan) -> Iterator[int]:
    """The days on which a block on hold may be given once it goes on, and all days of the blocks that wait for it.

    And those that a block would have had which an answer put off: the day that somebody sets may be one of them.
    """
    held = evaluated.once(on_hold_since)
    for block in evaluated.schedule.blocks:
        if block.hold or block.waits:
            yield from range(block.start, block.end)
        elif block.id in held:
            yield from range(held[block.id], block.end)


def still_asked(evaluated: EvaluatedPlan) -> Iterator[int]:
    """The days behind a block that gives nothing and only asks what comes next, up to the next block of the plan.

    It asked for 28 days; a transplant placed six weeks later made the two weeks between read "No treatment".
    """
    ends, blocks = evaluated.once(last_days), [one for one in evaluated.schedule.blocks if not one.waits]
    taken = {day for block in blocks for day in range(block.start, block.end)}
    for block in blocks:
        later = [one.start for one in blocks if one.start >= block.end]
        if block.phase.only_asks and later and ends[block.id] == block.end - 1:
            yield from (day for day in range(block.end, min(later)) if day not in taken)


def dropped(plan: Plan, events: Sequence[Event]) -> Iterator[tuple[int, Event]]:
    """The day on which the plan says nothing more of a medicine taken at home that nobody has ended: to ask once.

    Ursodiol was asked about up to the last day of blinatumomab and then gone without a word: it read as over.
    """
    given = {(event.day, event.placed.agent) for event in events}
    for day, event in ends_unsaid(plan, events):
        if event.placed.route in AT_HOME and (day, event.placed.agent) not in given:
            yield day, event


def paused(events: Iterable[Event]) -> Iterator[tuple[int, Event]]:
    """The days to the end of the cycle on which a treatment by pump that is on hold may run once it goes on.

    Mesna of three days was asked about on each of the eighteen behind them.
    """
    held: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        if event.state is State.HELD and event.placed.kind == "infusion" and event.placed.role in TREATING:
            held[event.placed.id].append(event)
    for paused in held.values():
        placed, days = paused[0].placed, {one.day for one in paused}
        ends = [cycle.end for cycle in placed.block.cycles if cycle.number == placed.cycle]
        for day in range(min(days), max(ends, default=0)):
            if day not in days:
                yield day, paused[0]


def moved_apart(events: Iterable[Event]) -> Iterator[tuple[int, Event]]:
    """The days between two doses of every day of which the later ones are put off, on hold or not: what then?

    Mercaptopurine of D1 to D56 had no row and no word on the three days by which D15 was deferred, nor on those between
    two cycles of which the second is put off; a stay in the hospital read as over while its course was on hold.
    """
    by_drug: dict[tuple[str, str, str], list[Event]] = defaultdict(list)
    for event in events:
        placed = event.placed
        if placed.kind == "procedure" or (placed.kind == "administration" and placed.route in AT_HOME):
            by_drug[placed.block.group, placed.agent or placed.order.id, placed.route].append(event)
    for several in by_drug.values():
        taken = {one.day for one in several}
        for before, after in pairwise(sorted(several, key=lambda one: (one.due_day, one.day))):
            if before.state in NOT_TO_BE_GIVEN or after.state in (State.OMITTED, State.STOPPED):
                continue
            next_day = after.due_day - before.due_day == 1
            for day in range(before.day + 1, after.day) if next_day else _waited(before, after):
                if day not in taken:
                    yield day, after


def _waited(before: Event, after: Event) -> range:
    """The days that a delay put in before the cycle of a dose, behind the last one of a drug that keeps its days.

    Dasatinib up to the last day of a cycle, and again from day 6 of the next: the five days without it became eight.
    """
    order = before.placed.order
    cycle = next(one for one in after.placed.block.cycles if one.number == after.placed.cycle)
    keeps = isinstance(order, TemplateOrder) and order.stays and before.day + 1 == cycle.start
    return range(cycle.start, min(cycle.begins, after.day)) if keeps else range(0)


def to_enter(event: Event, last: Mapping[str, int] = NO_DAYS) -> range:
    """The days on which what is still to be entered may fall; none of anything else.

    These are all days of its cycle, or up to the block's end where the protocol says so in one cycle alone. Behind the
    `last` day of a block that is stopped nothing falls.
    """
    placed, order = event.placed, event.placed.order
    if not isinstance(order, TemplateAssessment) or order.topic != TO_ENTER:
        return range(0)
    cycle = next((one for one in placed.block.cycles if one.number == placed.cycle), None)
    if cycle is None or event.state in NOT_TO_BE_GIVEN:
        return range(0)
    end = placed.block.end if order.cycles == (cycle.number,) else cycle.end
    return range(cycle.start, min(end, last.get(placed.block.id, end) + 1))


def parts_off(evaluated: EvaluatedPlan) -> dict[str, str]:
    """By block of which no drug is to be given, the key of the words for it: on hold, stopped, or left out."""
    states: dict[str, set[State]] = defaultdict(set)
    for event in evaluated.schedule.events:
        if is_drug(event.placed) and event.placed.role != PREMEDICATION:
            states[event.placed.block.id].add(event.state)
    off = {block: found for block, found in states.items() if found.issubset(NOT_TO_BE_GIVEN)}
    ends, blocks = evaluated.once(Ends), {block.id: block for block in evaluated.schedule.blocks}
    return {
        block: "state_held"
        if State.HELD in found
        else "state_stopped"
        if ends.is_stopped(blocks[block])
        else "left_out"
        for block, found in off.items()
    }
