"""The number of a day on which its cycle gives nothing, counted as on the calendar: none while it is waited for."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from planner.exports.wording.text import day_name
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.language import glued
from planner.model.schedule import Event, PlacedBlock

WAITING = "waiting"

Numbered = Mapping[int, Sequence[tuple[PlacedBlock, int, int | None]]]
"""By day the cycles that cover it: block, cycle, and the day's number; none on a day that a delay put in."""


def numbered_days(evaluated: EvaluatedPlan) -> Numbered:
    """The cycles over each day; not of blocks that an answer put off."""
    standing = {block.id: block for block in evaluated.schedule.blocks if not block.waits}
    found: dict[int, list[tuple[PlacedBlock, int, int | None]]] = defaultdict(list)
    for lane in evaluated.timeline.lanes:
        for bar in lane.bars:
            if bar.form == "cycle" and bar.block in standing:
                cycle = int(bar.id.rsplit("/", 1)[1])
                for day in range(bar.start, bar.end):
                    found[day].append((standing[bar.block], cycle, bar.day_number(day)))
    return found


def place_behind(day: int, first: Event, numbered: Numbered) -> tuple[str, str]:
    """Block, and cycle and day, of a day behind a dose: of its own block, or of that which runs then.

    Counted from the day on which a cycle should have begun, two days were its day 1.
    """
    own = first.placed.block
    here = sorted(numbered.get(day, ()), key=lambda one: (one[2] is None, one[0].id != own.id))
    block, cycle, known = here[0] if here else (own, first.placed.cycle, None)
    return block.title, glued(f"C{cycle} {WAITING if known is None else f'D{day_name(known)}'}")
