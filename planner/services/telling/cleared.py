"""A level that ends a rescue: what goes on no longer behind its day, and what of it stands drawn all the same."""

from collections.abc import Iterator

from planner.model.civil import weekday_date
from planner.model.cycle_content import State
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.going_on import ended_by_level
from planner.model.sentence import Sentence

OVER = "the level of {day} ends {drug} {dose}: it goes on no longer behind that day"
STILL_DRAWN = (
    "the level of {day} ends {drug} {dose}, of which doses are drawn to {last}: leave out what is not given any more"
)
TO_COME = (State.PLANNED, State.DEFERRED, State.PROVISIONAL)


def ended_by_it(before: EvaluatedPlan, after: EvaluatedPlan) -> Iterator[str]:
    """One line for each drug that a level recorded just now ends."""
    if before.plan.patient.labs == after.plan.patient.labs:
        return
    known = {(one.placed.id, one.day, low) for one, low in ended_by_level(before.plan, before.schedule.events)}
    for last, low in ended_by_level(after.plan, after.schedule.events):
        if (last.placed.id, last.day, low) in known:
            continue
        day_number = f"C{last.placed.cycle} D{last.cycle_day}"
        values = {"day": weekday_date(low), "drug": last.placed.agent_name, "dose": day_number}
        if last.day > low and last.state in TO_COME:
            yield Sentence(STILL_DRAWN, **values, last=weekday_date(last.day))
        else:
            yield Sentence(OVER, **values)
