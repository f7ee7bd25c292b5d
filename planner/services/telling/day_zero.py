"""Blocks that count from the day of a cell infusion, where the cells were given on another day than planned."""

from collections.abc import Callable, Iterator

from planner.model.civil import weekday_date, weekday_words
from planner.model.cycle_content import State
from planner.model.going_on import NOT_GIVEN, lasts_unsaid
from planner.model.plan import GivenRecord
from planner.model.schedule import Event, PlacedBlock, Schedule
from planner.model.sentence import Sentence

CELLS = "cell therapy"
LEFT = "{block} counts from {drug}, which moves to {day} ({days} d), and keeps {planned} as its Day 0: move it too"
BESIDE = (
    "Day 0 of {block} is {day}, and the cells are on {cells}: they count one Day 0 where it is given around these cells"
)
NEAR = 28
"""Regimap's own: cells so many days from a Day 0 are likely those it counts from."""
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


def left_at_day_zero(before: Schedule, after: Schedule) -> tuple[str, ...]:
    """That other blocks keep as their Day 0 the day from which a change of dates moves the cells they count from.

    A week later with the conditioning, the graft came behind the cyclophosphamide of Day +3.
    """
    found: list[str] = []
    cells = {_dose(one): one for one in after.events if one.placed.role == CELLS}
    for old in (one for one in before.events if one.placed.role == CELLS):
        new = cells.get(_dose(old))
        if new is None or new.day == old.day or new.state is State.GIVEN:
            continue
        was = {block.id for block in _with_day_zero(before, old.day, leading_up=True)} - {old.placed.block.id}
        for block in _with_day_zero(after, old.day, leading_up=True):
            if block.id in was:
                days = {
                    "day": weekday_date(new.day),
                    "days": f"{new.day - old.day:+d}",
                    "planned": weekday_date(old.day),
                }
                found.append(Sentence(LEFT, block=block.title, drug=new.placed.agent_name, **days))
    return tuple(dict.fromkeys(found))


def beside_the_cells(before: Schedule, after: Schedule) -> Iterator[str]:
    """The blocks that count from a Day 0 and give no cells, where a change leaves the cells near it on another day.

    The days of a prophylaxis against GVHD, placed by a wrong date, stood a week behind the graft without a word. Where
    cells move away from a Day 0 that was theirs, `left_at_day_zero` says it; one day is left to the rules.
    """
    was = {block.id: block.begins for block in before.blocks}
    old, new = _days_of_cells(before), _days_of_cells(after)
    own = {one.placed.block.id for one in after.events if one.placed.role == CELLS}
    for block in after.blocks:
        zero = block.begins + block.phase.offset(0) if block.phase.first_day <= 0 else None
        same = was.get(block.id) == block.begins and (old == new or zero in old)
        if zero is None or same or block.id in own:
            continue
        nearest = min(new, key=lambda day: abs(day - zero), default=zero)
        if 1 < abs(nearest - zero) <= NEAR:
            yield Sentence(BESIDE, block=block.title, day=weekday_date(zero), cells=weekday_date(nearest))


def _days_of_cells(schedule: Schedule) -> set[int]:
    return {one.day for one in schedule.events if one.placed.role == CELLS and one.state not in NOT_GIVEN}


def _dose(event: Event) -> tuple[str, int, int]:
    """Which dose of a plan it is, wherever it stands."""
    return event.placed.id, event.cycle_day, event.minute


def _with_day_zero(schedule: Schedule, day: int, *, leading_up: bool = False) -> Iterator[PlacedBlock]:
    """The blocks that have a Day 0, on that day, and something behind it, or with `leading_up` end on it."""
    behind = {one.placed.block.id for one in schedule.events if one.day > day or lasts_unsaid(one.placed)}
    for block in schedule.blocks:
        counts = block.id in behind or (leading_up and block.end == day + 1)
        if counts and block.phase.first_day <= 0 and block.begins + block.phase.offset(0) == day:
            yield block
