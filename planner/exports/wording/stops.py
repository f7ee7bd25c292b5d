"""A stop is told once: what it strikes out does not come again for weeks among what is to be given."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from planner.exports.wording.doses import NEVER
from planner.exports.wording.holds import Ends
from planner.exports.wording.not_given import goes_without
from planner.model.cycle_content import State
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.kept import doses_by_order, is_replaced
from planner.model.plan import Stop
from planner.model.schedule import Event

REASON = "stopped: "
"""How the note of a stopped dose begins."""


def told_once(evaluated: EvaluatedPlan, events: Iterable[Event]) -> Iterator[Event]:
    """The events, of those that are stopped only the first days: of a part that is stopped as a whole, one.

    Of a later part that a stop of everything takes along, none. Of one drug of a part that goes on it is the first day
    of each cycle: whoever knows the protocol looks for it there, and each day on which what goes with it is drawn.
    """
    events = [*events]
    doses = doses_by_order(events)
    beside = {(one.placed.block.id, one.day) for one in events if goes_without(one, doses)}
    ends = evaluated.once(Ends)
    named = {one.block for one in evaluated.plan.modifications if isinstance(one, Stop)}
    parts: set[str] = set()
    told: dict[str, int] = {}
    for event in events:
        block = event.placed.block
        if event.state is not State.STOPPED:
            yield event
            continue
        whole = ends.is_over(block, event.day)
        if whole and block.id not in named and not parts <= {block.id}:
            continue
        parts |= {block.id} if whole else set()
        if told.setdefault(block.id if whole else event.placed.id, event.day) == event.day:
            yield _from_here_on(event, f", all of {block.title}" if whole else "")
        elif (block.id, event.day) in beside:
            yield event


def _from_here_on(event: Event, of_all: str) -> Event:
    if is_replaced(event):  # from an hour on, and doses before that hour are due on the same day
        return event
    notes = (note.replace(REASON, f"stopped from this day on{of_all}: ", 1) for note in event.notes[:1])
    return event._replace(notes=(*notes, *event.notes[1:]))


def goes_on_otherwise(events: Iterable[Event]) -> Callable[[Event], bool]:
    """Whether the drug of a dose is given on its day or later by another order of its block, in the same way.

    Tablets of a tenth of the dose, or on another weekday, stand in for an order that is stopped: "stopped" beside the
    name of the drug would have ended them.
    """
    last: dict[tuple[str, str, str], dict[str, int]] = defaultdict(dict)
    for event in (one for one in events if one.state not in NEVER):
        placed = event.placed
        last[placed.block.id, placed.agent, placed.route][placed.order.id] = event.day

    def otherwise(event: Event) -> bool:
        placed = event.placed
        days = last.get((placed.block.id, placed.agent, placed.route), {})
        return any(day >= event.day for order, day in days.items() if order != placed.order.id)

    return otherwise
