"""Move a block, with all that hangs on it, by the least number of days that ends the finding."""

from collections.abc import Iterator

from planner.checking.fixes.case import Case
from planner.model.civil import weekday_date
from planner.model.finding import BlockMove, Fix
from planner.model.plan import Block
from planner.model.sentence import Sentence

LONGEST_EARLIER = 42
"""Days; who brings a block forward by more plans anew."""


def propose(case: Case) -> Iterator[Fix]:
    """For each block the finding names, the latest first: the least move to later, and to earlier if there is room."""
    for name in dict.fromkeys(subject.block.id for subject in case.subjects):
        places = case.places_from(name)
        block = case.plan.block(name)
        for steps in (range(1, case.longest_shift + 1), range(-1, -_room_before(block) - 1, -1)):
            days = case.least_shift(places, steps)
            if days is not None:
                yield _fix(case, block, days)


def _room_before(block: Block) -> int:
    """Days a block may start earlier: some weeks on a date of its own, else the gap behind the block it hangs on."""
    if block.start.on is not None:
        return LONGEST_EARLIER
    return max(block.start.gap_days, 0) if block.start.day is None else 0


def _fix(case: Case, block: Block, days: int) -> Fix:
    start = case.schedule.block(block.id).begins + days
    told = "Move {block} by {days} day, to start on {day}"
    if abs(days) != 1:
        told = "Move {block} by {days} days, to start on {day}"
    title = Sentence(told, block=block.title, days=f"{days:+d}".replace("-", "−"), day=weekday_date(start))
    return Fix(f"move-block:{block.id}:{days:+d}", title, moves=(BlockMove(block.id, days),))
