"""Draw a block without an end of its own on, as far as it is to go on."""

from msgspec.structs import replace

from planner.errors import Refusal
from planner.model.civil import weekday_date
from planner.model.plan import Plan
from planner.model.schedule import Schedule

MOST_CYCLES = 130
"""Ten years of four weeks each; more is a slip."""


def draw_on(plan: Plan, schedule: Schedule, block_id: str, until: int) -> Plan:
    """The block with as many whole cycles more as reach that day (ordinal). What hangs on its end moves along.

    Refuses a block with an end of its own, one that reaches that day already, and more cycles than any course has.
    """
    block, placed = plan.block(block_id), schedule.block(block_id)
    if not placed.phase.open_end:
        raise Refusal(
            "{block} has an end of its own; only what goes on without one is drawn on", "has an end", block=block.title
        )
    if placed.end > until:
        raise Refusal(
            "{block} is drawn to {day} already",
            "drawn already",
            block=block.title,
            day=weekday_date(placed.end - 1),
        )
    cycles, end = block.cycles, placed.end
    while end <= until and len(cycles) <= MOST_CYCLES:
        cycles = (*cycles, cycles[-1] + 1)
        end += placed.phase.length_of(cycles[-1])
    if len(cycles) > MOST_CYCLES:
        raise Refusal("that is more than {most} cycles", "too many", most=MOST_CYCLES)
    longer = replace(block, cycles=cycles)
    return replace(plan, blocks=tuple(longer if one.id == block_id else one for one in plan.blocks))
