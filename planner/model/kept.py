"""Rescue that a pause of its block must not take along: what it rescues from is begun or will be given."""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from planner.model.civil import weekday_date
from planner.model.cycle_content import State
from planner.model.going_on import NOT_GIVEN
from planner.model.language import glued
from planner.model.plan import Hold, Plan, Scope, Stop
from planner.model.protocol import TemplateDecision, TemplateOrder
from planner.model.schedule import Event

Doses = Mapping[str, Sequence[Event]]
"""The events of a plan by their placed order."""
RESCUE = ("rescue", "hydration", "assessment")
"""Roles of what a dose must not be without: rescue, its fluids, and the levels that tell when it may end."""
PAUSES = (State.HELD, State.STOPPED)
NOT_OUT = "NOT to be left out, ask now"
PAUSED = ("on hold: ", "stopped: ")
"""How the notes begin that give the reason of a pause."""
IN_ITS_PLACE = "in its place"
"""How the first note ends of a dose of a rescue that is given otherwise from an hour on: no pause took it along."""


def doses_by_order(events: Iterable[Event]) -> Doses:
    """The events by their placed order, each order's in order of time."""
    found: dict[str, list[Event]] = {}
    for event in events:
        found.setdefault(event.placed.id, []).append(event)
    return found


def _stays_with(event: Event, doses: Doses) -> Event | None:
    """The dose with which rescue goes that is paused, where that dose is not.

    A block put on hold or stopped while methotrexate runs strikes out its leucovorin, its fluids and its levels.
    """
    placed, order = event.placed, event.placed.order
    if event.state not in PAUSES or placed.role not in RESCUE or isinstance(order, TemplateDecision):
        return None
    anchor = order.anchor if isinstance(order, TemplateOrder) else None
    for name in (*order.goes_with, *((anchor.order_id,) if anchor else ())):
        found = doses.get(f"{placed.block.id}/{placed.cycle}/{name}", ())
        if not found:
            continue
        nearest = min(found, key=lambda one: abs(one.day - event.day))
        if nearest.state not in NOT_GIVEN:
            return nearest
        if further := _stays_with(nearest, doses):  # the next rescue is timed by the first
            return further
    return None


class Pause(Struct, frozen=True, gc=False):
    """What of a block somebody stopped or put on hold: all of it (`whole`, by a stop), and which orders by name."""

    whole: bool = False
    named: frozenset[str] = frozenset()


def pause_of(plan: Plan, block: str) -> Pause:
    """What stands still in that block."""
    stops = [one for one in plan.modifications if isinstance(one, Stop)]
    whole = any(not one.order and (one.block == block or one.scope is Scope.ALL) for one in stops)
    named = {one.order for one in stops if one.block == block}
    holds = (one for one in plan.modifications if isinstance(one, Hold) and one.until is None)
    return Pause(whole, frozenset(named.union(one.order for one in holds if one.block == block)))


def goes_on_with(event: Event, doses: Doses, pause: Pause) -> Event | None:
    """The dose because of which a pause of its block must not take that event along."""
    paused = event.state is State.HELD or (event.state is State.STOPPED and pause.whole)
    return _stays_with(event, doses) if paused and not is_replaced(event) else None


def is_replaced(event: Event) -> bool:
    """Whether another dose of the rescue stands in its place."""
    return any(note.endswith(IN_ITS_PLACE) for note in event.notes[:1])


def _as_kept(event: Event, doses: Doses, pause: Pause) -> Event:
    """The event, as planned where a pause of its block must not take it along; it says so in its first note.

    On hold with the rest of its block, or stopped with it, leucovorin after methotrexate was struck out, and no line
    asked for it any more. What somebody put on hold by name stays so, and says it as well.
    """
    dose = goes_on_with(event, doses, pause)
    if dose is None:
        return event
    told = f"goes with {dose.placed.agent_name} of {glued(weekday_date(dose.day))}: {NOT_OUT}"
    if event.placed.order.id in pause.named:
        return event._replace(notes=(told, *event.notes))
    notes = (note for note in event.notes if not note.startswith(PAUSED))
    return event._replace(state=State.PLANNED, notes=(told, *notes))


def kept(plan: Plan, events: Iterable[Event]) -> tuple[Event, ...]:
    """The events, where those that a pause of a block must not take along are drawn as planned and say so."""
    events = tuple(events)
    if not any(one.state in PAUSES and one.placed.role in RESCUE for one in events):
        return events
    doses = doses_by_order(events)
    pauses = {block: pause_of(plan, block) for block in {one.placed.block.id for one in events}}
    return tuple([_as_kept(event, doses, pauses[event.placed.block.id]) for event in events])


def kept_words(event: Event) -> str:
    """Why it is not on hold with the rest of its block (see `kept`); empty of all else."""
    return next((note for note in event.notes[:1] if note.endswith(NOT_OUT)), "")
