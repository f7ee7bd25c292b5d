"""What goes on although its block is paused, put off or its cycle left out: a drug that keeps its calendar days."""

from collections.abc import Iterator

from planner.model.civil import weekday_date
from planner.model.cycle_content import State
from planner.model.plan import Deferral, Hold, Scope, Skip, Stop
from planner.model.protocol import TREATING, TemplateOrder
from planner.model.schedule import Event, Schedule
from planner.model.sentence import Sentence, listed

RUNS_ON = "{drugs} keeps its days and goes on meanwhile: hold or stop it by its name where it is to stand still too"
RUN_ON = "{drugs} keep their days and go on meanwhile: hold or stop them by name where they are to stand still too"
BEGINS_ALONE = "{drug} keeps its days and begins on {day}, before the rest: move the block where all is to begin later"
TO_COME = (State.PLANNED, State.PROVISIONAL, State.DEFERRED)


def runs_on(before: Schedule, after: Schedule, change: Hold | Skip | Stop) -> Iterator[str]:
    """One line for the treatment that a pause of its block, or a cycle left out, leaves running.

    Who holds a block for sepsis thinks that everything stands still; ponatinib went on without a word.
    """
    whole = isinstance(change, Skip) or not change.order
    if not whole or (isinstance(change, Stop) and change.scope is not Scope.CYCLE):
        return
    days = _days(before, change)
    drugs = {one.placed.agent_name: None for one in after.events if one.day in days and _stays(one, change)}
    if drugs:
        yield Sentence(RUNS_ON if len(drugs) == 1 else RUN_ON, drugs=listed(list(drugs)))


def _days(schedule: Schedule, change: Hold | Skip | Stop) -> range:
    """The days of the cycle that the change leaves without its other treatment, as they were before it."""
    block = next((one for one in schedule.blocks if one.id == change.block), None)
    cycle = next((one for one in block.cycles if one.number == change.cycle), None) if block else None
    if block is None or cycle is None:
        return range(0)
    first = cycle.start if isinstance(change, Skip) else cycle.start + block.phase.offset(change.day)
    return range(first, cycle.end)


def _stays(event: Event, change: Hold | Skip | Stop) -> bool:
    order = event.placed.order
    treats = isinstance(order, TemplateOrder) and order.role in TREATING and order.keeps_its_days
    return treats and event.placed.block.id == change.block and event.state in TO_COME


def begins_alone(schedule: Schedule, change: Deferral) -> Iterator[str]:
    """One line for each drug that begins with the course and does not wait with it; the schedule is the one after it.

    Who put a course off by a week before it began had the kinase inhibitor started alone on the old day.
    """
    block = next((one for one in schedule.blocks if one.id == change.block), None)
    if block is None or change.order or change.days < 1 or block.phase.offset(change.day) > 0:
        return
    first: dict[str, Event] = {}
    for one in schedule.events:
        if one.dose:
            first.setdefault(one.placed.agent_name, one)
    here = (change.block, change.cycle)
    begins = next((one.begins for one in block.cycles if one.number == change.cycle), block.begins)
    for drug, one in first.items():
        order = one.placed.order
        waits = not isinstance(order, TemplateOrder) or order.role not in TREATING or not order.runs_through
        if not waits and (one.placed.block.id, one.placed.cycle) == here and one.day < begins and one.state in TO_COME:
            yield Sentence(BEGINS_ALONE, drug=drug, day=weekday_date(one.day))
