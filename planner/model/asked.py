"""Whether a question of the plan is still one: nobody asks how to go on with a course that was stopped for good."""

from planner.model.cycle_content import State
from planner.model.plan import Plan, Scope, Stop
from planner.model.schedule import OpenDecision, Schedule

DOSES = ("administration", "infusion", "cell_infusion")
LEFT_OUT = (State.OMITTED, State.STOPPED)


def still_asked(due: OpenDecision, schedule: Schedule, plan: Plan) -> bool:
    """False where all doses of the placement from the question's day on are left out, and some by a stop of all.

    A stop of one drug, be it the last that is drawn, ends no course. An answer that is taken stays one.
    """
    stopped = False
    for piece in schedule.pieces if due.choice is None and _is_stopped(plan, due.group) else ():
        for run in piece.content.runs if piece.block.group == due.group else ():
            if run.line.kind in DOSES and piece.start + run.offsets[-1] >= due.day:
                if run.state not in LEFT_OUT:
                    return True
                stopped = stopped or run.state is State.STOPPED
    return not stopped


def _is_stopped(plan: Plan, group: str) -> bool:
    """Whether its doses may be left out by more than stops of single drugs."""
    blocks = {one.id for one in plan.blocks if one.group == group}
    stops = (one for one in plan.modifications if isinstance(one, Stop))
    here = [one for one in stops if one.scope is Scope.ALL or one.block in blocks]
    return not here or any(not one.order for one in here)


def settled(schedule: Schedule, plan: Plan) -> set[tuple[str, str]]:
    """Block and id of each question that is answered, or asked no longer."""
    questions = schedule.decisions
    return {(one.block, one.decision.id) for one in questions if one.choice or not still_asked(one, schedule, plan)}
