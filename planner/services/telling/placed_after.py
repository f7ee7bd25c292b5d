"""What is worth saying where a block is placed after another: that this was stopped, or that both count one Day 0."""

from collections.abc import Iterator
from datetime import date

from planner.model.civil import weekday_date
from planner.model.cycle_content import State
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.plan import BlockStart
from planner.model.protocol import Phase
from planner.model.schedule import PlacedBlock, Schedule
from planner.model.sentence import Sentence

YEARS_OFF = 3
"""Regimap's own: a course of leukaemia with its maintenance lasts three years."""
FAR = "{day} is more than {years} years from all that is planned, {first} to {last}: is the year right?"
FAR_FROM_TODAY = "{day} is more than {years} years from today, {today}: is the year right?"
STOPPED_BEFORE = (
    "{block} is stopped from {day} on, but its dates run to {ends}: what is placed after it starts behind that day"
)
ONE_DAY_ZERO = "Day 0 of {what} is Day 0 of {block}"
DAY_BEHIND = "Day 0 of {what} comes on the day behind Day 0 of {block}: a start one day earlier (-1) makes them one day"

TAKES_THE_PLACE = (
    "{block} {rule}, last day {ends}; it ends now where {new} begins, and {later} runs to {last}: set its length right"
)


def ends_otherwise(before: Schedule, after: Schedule) -> Iterator[str]:
    """The blocks to be filled in whose protocol sets their end, where what was placed in them ends on another day.

    Maintenance of 30 months from intensification became a POMP of two years from its own first day, without a word.
    """
    placed = {block.id: block for block in after.blocks}
    for old in before.blocks:
        now = placed.get(old.id)
        rule = next((one for one in old.why if one.startswith("ends ")), "")
        if now is None or now.end >= old.end or not (rule and old.phase.only_asks and old.phase.ends):
            continue
        new = next((one for one in after.blocks if now.start <= one.start <= now.end and one.group != now.group), None)
        last = max((one for one in after.blocks if new and one.group == new.group), key=_ends, default=old)
        if new and last.end != old.end:
            days = {"ends": weekday_date(old.end - 1), "last": weekday_date(last.end - 1)}
            yield Sentence(TAKES_THE_PLACE, block=old.title, rule=rule, new=new.title, later=last.title, **days)


def _ends(block: PlacedBlock) -> int:
    return block.end


def on_one_day_zero(schedule: Schedule, start: BlockStart, phase: Phase) -> bool:
    """Whether a phase that begins on Day 0 is placed right after a block that ends on its own: they are one day.

    What counts from the graft, placed after the conditioning, began the day behind the graft.
    """
    block = next((one for one in schedule.blocks if one.id == start.after), None)
    if block is None or start.day is not None or start.gap_days or phase.first_day:
        return False
    last = block.cycles[-1]
    return block.phase.day_at(last.end - 1 - last.start) == 0


def one_day_zero(schedule: Schedule, start: BlockStart, phase: Phase) -> str:
    """That such a phase begins on the last day of the block before it; empty where it does not."""
    if not on_one_day_zero(schedule, start, phase):
        return ""
    block = next(one for one in schedule.blocks if one.id == start.after)
    return Sentence(ONE_DAY_ZERO, what=phase.short or phase.title, block=block.title)


def behind_day_zero(before: EvaluatedPlan, after: EvaluatedPlan) -> Iterator[str]:
    """The blocks moved to begin with a Day 0 on the day behind that of the block they now start after.

    Not where its cells were given on that day: a graft that came a day late has its Day 0 there.
    """
    starts = {block.id: block.start for block in before.plan.blocks}
    placed = {block.id: block for block in after.schedule.blocks}
    for block in after.plan.blocks:
        if block.id in placed and block.id in starts and block.start != starts[block.id]:
            here = placed[block.id]
            cells = {one.day for one in after.schedule.events if one.placed.role == "cell therapy"}
            if here.begins not in cells and on_one_day_zero(after.schedule, block.start, here.phase):
                yield Sentence(DAY_BEHIND, what=here.title, block=placed[block.start.after].title)


def far_from_the_rest(schedule: Schedule, start: date) -> str:
    """That a first day lies years before or behind all that is planned: as a rule a slip in the year."""
    day, blocks = start.toordinal(), [one for one in schedule.blocks if not one.waits]
    near = [abs(day - one) for block in blocks for one in (block.begins, block.end - 1)]
    if min(near, default=0) <= YEARS_OFF * 366:
        return ""
    first, last = min(block.begins for block in blocks), max(block.end for block in blocks) - 1
    near_by = {"first": weekday_date(first), "last": weekday_date(last)}
    return Sentence(FAR, day=weekday_date(day), years=YEARS_OFF, **near_by)


def far_from_today(start: date, today: date) -> str:
    """The same of the first day of a new plan, beside which nothing is planned yet."""
    if abs((start - today).days) <= YEARS_OFF * 366:
        return ""
    near = {"years": YEARS_OFF, "today": weekday_date(today.toordinal())}
    return Sentence(FAR_FROM_TODAY, day=weekday_date(start.toordinal()), **near)


def after_what_was_stopped(schedule: Schedule, start: BlockStart) -> str:
    """That the block it is placed after was stopped before its last day, from which it counts."""
    stopped = [one for one in schedule.events if one.placed.block.id == start.after and one.state is State.STOPPED]
    if not stopped:
        return ""
    block = stopped[0].placed.block
    day, ends = weekday_date(stopped[0].day), weekday_date(block.end - 1)
    return Sentence(STOPPED_BEFORE, block=block.title, day=day, ends=ends)
