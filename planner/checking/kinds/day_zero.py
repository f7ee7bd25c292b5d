"""day_zero: cells stand on Day 0 where days count to them, and nothing stands on Day 0 where they count from Day 1."""

from collections.abc import Iterator

from planner.checking.alike import by_moment
from planner.checking.context import Context
from planner.checking.exposures import exposures_to
from planner.checking.hits import Hit, named, on_day
from planner.checking.pieces import BY_CLOCK
from planner.model.protocol import Phase
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_course import DayZero
from planner.model.rule_values import Selector
from planner.model.schedule import Event

ANY = (Selector("any", "any"),)


def find(rule: SequencingRule, wanted: DayZero, context: Context) -> Iterator[Hit]:
    """One hit for each dose of `on_zero` on another day, and for each other dose on a Day 0 that no block counts to."""
    if wanted.counts_from:
        yield from _off_the_cells(rule, wanted, context)
        return
    zeros = context.series(wanted.on_zero, rule.protocols).events
    for event in zeros:
        if event.cycle_day != 0:
            yield _hit(event, "is the day the others are counted to, so it is Day 0", "Day 0")
    counted = {event.placed.block.group for event in zeros}
    wrong = [
        event
        for alike in context.alike(wanted.never_zero, rule.protocols)
        if 0 in alike.run.cycle_days and alike.piece.block.group not in counted
        for event in alike.events
        if event.cycle_day == 0
    ]
    for event in sorted(wrong, key=BY_CLOCK):
        yield _hit(event, "stands on Day 0 of a block that gives no cells: chemotherapy counts from Day 1", "no Day 0")


def _off_the_cells(rule: SequencingRule, wanted: DayZero, context: Context) -> Iterator[Hit]:
    """One hit for each block of these protocols whose Day 0 is no day of cells, of the plan or before it.

    It names the cells that are nearest, of those that no such block counts from if there are any.
    """
    cells = context.series(wanted.counts_from).events
    counting: dict[str, list[Event]] = {}
    for some in by_moment(context.alike(ANY, rule.protocols)):
        if _has_day_zero(some.piece.block.phase):
            counting.setdefault(some.piece.block_id, []).extend(some.events)
    around = context.assessments() if counting else []
    zeros = {block: _day_zero([*events, *_of(block, around)]) for block, events in counting.items()}
    days = {one.day for one in cells}
    days |= {one.until.toordinal() for one in exposures_to(wanted.counts_from, context) if one.until}
    free = [one for one in cells if one.day not in zeros.values()] or cells
    for block, zero in zeros.items():
        if cells and zero not in days:
            first = min(counting[block], key=BY_CLOCK)
            yield _counted_wrong(first, zero, min(free, key=lambda one: abs(one.day - zero)))


def _has_day_zero(phase: Phase) -> bool:
    """Whether its days go to Day 0: those of a pre-phase end on Day −1."""
    return phase.first_day <= 0 <= phase.first_day + phase.cycle_days - 1


def _of(block: str, events: list[Event]) -> list[Event]:
    """Those of that block."""
    return [event for event in events if event.placed.block.id == block]


def _day_zero(events: list[Event]) -> int:
    """The day that is Day 0 by what stands nearest to it, as a deferral from a later day of the block leaves it.

    Examinations and what is to be entered count too: doses that were given stay where they are.
    """
    nearest = min(events, key=lambda one: (abs(one.cycle_day), one.cycle_day < 0))
    return nearest.day - nearest.cycle_day


def _counted_wrong(event: Event, zero: int, cells: Event) -> Hit:
    title = event.placed.block.title
    return Hit(
        f"{title} counts its days from {on_day(zero)}, and {named(cells)} stands on another day.",
        (event,),
        (("block", title), ("its Day 0", on_day(zero)), ("cells", named(cells))),
        f"{on_day(zero)} is not {on_day(cells.day)}",
    )


def _hit(event: Event, why: str, asked: str) -> Hit:
    return Hit(
        f"{named(event)} {why}.",
        (event,),
        (("dose", named(event)), ("its day", f"Day {event.cycle_day}"), ("should be", asked)),
        f"Day {event.cycle_day}; {asked} asked for",
    )
