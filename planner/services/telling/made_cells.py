"""A dose of cells by weight that follows a new one, although the bag may have been made for the weight before."""

from collections.abc import Iterator

from planner.model.difference import dose_text
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.schedule import Event
from planner.model.sentence import Sentence

CELLS = "cell therapy"
FOLLOWS = (
    "{drug} follows the new weight, {old} becomes {new}: a bag that is made already holds the cells it was made with; "
    "let doses stay at the weight before where it is"
)


def cells_follow_weight(before: EvaluatedPlan, after: EvaluatedPlan) -> Iterator[str]:
    """One line for each dose of cells by kg that a change of what is known of the patient changes.

    No source that was read says which weight a product is made for; the dose is that of its bag.
    """
    if before.plan.patient.measurements == after.plan.patient.measurements:
        return
    were = {_place(one): one for one in before.schedule.events if one.placed.role == CELLS}
    for new in after.schedule.events:
        old = were.get(_place(new)) if new.placed.role == CELLS else None
        if old and old.dose and new.dose and "/kg" in new.dose.protocol_dose and old.dose.value != new.dose.value:
            yield Sentence(FOLLOWS, drug=new.placed.agent_name, old=dose_text(old), new=dose_text(new))


def _place(event: Event) -> tuple[str, int, int]:
    return event.placed.id, event.cycle_day, event.minute
