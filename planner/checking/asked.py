"""Whether a question of the plan is still one: nobody asks how to go on with a course that was stopped for good."""

from planner.checking.context import Context
from planner.checking.meaning import DOSES, LEFT_OUT
from planner.model.cycle_content import State
from planner.model.schedule import OpenDecision


def still_asked(due: OpenDecision, context: Context) -> bool:
    """False where all doses of the placement from the question's day on are left out, and some by a stop."""
    group, stopped = context.schedule.block(due.block).group, False
    for piece in context.schedule.pieces:
        if piece.block.group != group:
            continue
        for run in piece.content.runs:
            if run.line.kind in DOSES and piece.start + run.offsets[-1] >= due.day:
                if run.state not in LEFT_OUT:
                    return True
                stopped = stopped or run.state is State.STOPPED
    return not stopped
