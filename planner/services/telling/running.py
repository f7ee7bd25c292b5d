"""What goes on although its block is paused or its cycle left out: a drug that keeps its calendar days."""

from collections.abc import Iterator

from planner.model.cycle_content import State
from planner.model.plan import Hold, Scope, Skip, Stop
from planner.model.protocol import TREATING, TemplateOrder
from planner.model.schedule import Event, Schedule
from planner.model.sentence import Sentence, listed

RUNS_ON = "{drugs} keeps its days and goes on meanwhile: hold or stop it by its name where it is to stand still too"
RUN_ON = "{drugs} keep their days and go on meanwhile: hold or stop them by name where they are to stand still too"
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
