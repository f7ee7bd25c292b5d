"""day_zero: cells stand on Day 0 where days count to them, and nothing stands on Day 0 where they count from Day 1."""

from collections.abc import Iterator

from planner.checking.context import Context
from planner.checking.hits import Hit, named
from planner.checking.pieces import BY_CLOCK
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_course import DayZero
from planner.model.schedule import Event


def find(rule: SequencingRule, wanted: DayZero, context: Context) -> Iterator[Hit]:
    """One hit for each dose of `on_zero` on another day, and for each other dose on a Day 0 that no block counts to."""
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


def _hit(event: Event, why: str, asked: str) -> Hit:
    return Hit(
        f"{named(event)} {why}.",
        (event,),
        (("dose", named(event)), ("its day", f"Day {event.cycle_day}"), ("should be", asked)),
        f"Day {event.cycle_day}; {asked} asked for",
    )
