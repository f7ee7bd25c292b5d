"""Blocks that count from the day of a cell infusion, where the cells were given on another day than planned."""

from collections.abc import Callable, Iterator

from planner.model.civil import weekday_words
from planner.model.plan import GivenRecord
from planner.model.schedule import PlacedBlock, Schedule

CELLS = "cell therapy"
STAYS = "{blocks} counts from {drug}, given on {day} ({days} d), and keeps {planned} as its Day 0"


def counts_from_elsewhere(
    before: Schedule, after: Schedule, record: GivenRecord, fill: Callable[..., str] = str.format
) -> str:
    """That other blocks keep as their Day 0 the day on which cells were planned; empty where none does.

    Cyclophosphamide of Day +3 stood two days after a graft that came a day late. A block of which nothing comes behind
    its Day 0, such as lymphodepletion, was given before the cells and stays. `after` has the record.
    """
    here = record.block, record.cycle, record.order, record.day
    planned = next(
        (
            one
            for one in before.events
            if one.placed.role == CELLS
            and (one.placed.block.id, one.placed.cycle, one.placed.order.id, one.cycle_day) == here
        ),
        None,
    )
    if planned is None or record.on is None or record.on == planned.date:
        return ""
    was = {block.id for block in _with_day_zero(before, planned.day) if block.id != record.block}
    stays = [block.title for block in _with_day_zero(after, planned.day) if block.id in was]
    if not stays:
        return ""
    return fill(
        STAYS,
        blocks=", ".join(stays),
        drug=planned.placed.agent_name,
        day=weekday_words(record.on.toordinal(), fill),
        days=f"{record.on.toordinal() - planned.day:+d}",
        planned=weekday_words(planned.day, fill),
    )


def _with_day_zero(schedule: Schedule, day: int) -> Iterator[PlacedBlock]:
    """The blocks that have a Day 0, on that day, and something behind it."""
    behind = {one.placed.block.id for one in schedule.events if one.day > day}
    for block in schedule.blocks:
        if block.id in behind and block.phase.first_day <= 0 and block.begins + block.phase.offset(0) == day:
            yield block
