"""Blocks with a date of their own that a change lets an earlier block run into."""

from collections.abc import Iterator

from planner.model.civil import weekday_date
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.protocol import TREATING
from planner.model.schedule import PlacedBlock
from planner.model.sentence import Sentence
from planner.services.verbs.crossing import last_treatment

RUNS_INTO = "{block} runs to {last} now; {next} has a date of its own and begins on {day}: move it where it is to wait"


def runs_into(before: EvaluatedPlan, after: EvaluatedPlan) -> Iterator[str]:
    """One line for each such block that begins before one of infusions ahead of it has ended, and did not before.

    The last week of a cycle given once more, which is for the counts, lay in the conditioning, without a word.
    """
    on_dates = {one.id for one in before.plan.blocks if one.start.on is not None}
    kept = {(one.id, one.begins) for one in after.schedule.blocks}
    later = [one for one in before.schedule.blocks if one.id in on_dates and (one.id, one.begins) in kept]
    later = [one for one in later if any(order.role in TREATING for order in one.phase.orders)]
    if not later:
        return
    ended = {one.id: one.end for one in before.schedule.blocks}
    courses = {one.group for one in before.schedule.blocks}
    infused = last_treatment(after.schedule, {one.id for one in after.schedule.blocks}, tablets=False)
    for block in after.schedule.blocks:
        if block.id not in infused or block.group not in courses:
            continue
        for one in later:
            if block.begins < one.begins < block.end and ended.get(block.id, 0) <= one.begins and one.id != block.id:
                yield _line(block, one)


def _line(block: PlacedBlock, later: PlacedBlock) -> str:
    names = {"block": block.title, "next": later.title}
    return Sentence(RUNS_INTO, last=weekday_date(block.end - 1), day=weekday_date(later.begins), **names)
