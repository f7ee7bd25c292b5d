"""What goes with a dose that is not given, and rescue on hold whose dose is: no sheet may pass over either."""

from collections.abc import Iterable, Mapping, Sequence

from planner.exports.wording.doses import NOT_TO_BE_GIVEN, dose_words, if_tolerated
from planner.model.civil import weekday_date
from planner.model.cycle_content import State
from planner.model.going_on import rescued_by
from planner.model.language import glued
from planner.model.plan import Hold, Plan, Scope, Stop
from planner.model.protocol import TemplateDecision, TemplateOrder
from planner.model.schedule import Event

Doses = Mapping[str, Sequence[Event]]
"""The events of a plan by their placed order."""
OF_THEIR_OWN = ("antineoplastic", "intrathecal", "cell therapy")
"""Roles of what is treatment itself: hours after another drug say nothing of whether it is given without that."""
RESCUE = ("rescue", "hydration", "assessment")
"""Roles of what a dose must not be without: rescue, its fluids, and the levels that tell when it may end."""
NOT_OUT = "NOT to be left out, ask now"
TOXIC = "toxicity"
"""The coded reason for less."""
PAUSED = ("on hold: ", "stopped: ")
"""How the notes begin that give the reason of a pause."""
WORDS = {State.HELD: "is on HOLD", State.OMITTED: "is left out", State.STOPPED: "is stopped"}


def doses_by_order(events: Iterable[Event]) -> Doses:
    """The events by their placed order, each order's in order of time."""
    found: dict[str, list[Event]] = {}
    for event in events:
        found.setdefault(event.placed.id, []).append(event)
    return found


def goes_without(event: Event, doses: Doses) -> str:
    """ "goes with Blinatumomab, which is on HOLD": of premedication, fluids, rescue and tests whose dose is not given.

    That is the dose of its cycle next to it in days; empty where one of several is to be given.
    """
    placed, order = event.placed, event.placed.order
    settled = event.state in (*NOT_TO_BE_GIVEN, State.GIVEN)
    if settled or placed.role in OF_THEIR_OWN or isinstance(order, TemplateDecision):
        return ""
    anchor = order.anchor if isinstance(order, TemplateOrder) else None
    names = (*order.goes_with, *((anchor.order_id,) if anchor else ()))
    several = (doses.get(f"{placed.block.id}/{placed.cycle}/{name}", ()) for name in names)
    nearest = [min(found, key=lambda one: abs(one.day - event.day)) for found in several if found]
    if not nearest or any(one.state not in NOT_TO_BE_GIVEN for one in nearest):
        return ""
    return f"goes with {nearest[0].placed.agent_name}, which {WORDS[nearest[0].state]}"


def _stays_with(event: Event, doses: Doses) -> str:
    """ "goes with Methotrexate of Mon 30-Nov-2026: NOT to be left out, ask now", of rescue paused whose dose is not.

    A block put on hold or stopped while methotrexate runs strikes out its leucovorin, its fluids and its levels.
    """
    placed, order = event.placed, event.placed.order
    if (
        event.state not in (State.HELD, State.STOPPED)
        or placed.role not in RESCUE
        or isinstance(order, TemplateDecision)
    ):
        return ""
    anchor = order.anchor if isinstance(order, TemplateOrder) else None
    for name in (*order.goes_with, *((anchor.order_id,) if anchor else ())):
        found = doses.get(f"{placed.block.id}/{placed.cycle}/{name}", ())
        if not found:
            continue
        nearest = min(found, key=lambda one: abs(one.day - event.day))
        if nearest.state not in NOT_TO_BE_GIVEN:
            day = glued(weekday_date(nearest.day))
            return f"goes with {nearest.placed.agent_name} of {day}: {NOT_OUT}"
        if told := _stays_with(nearest, doses):  # the next rescue is timed by the first
            return told
    return ""


def guards_of(first: Event, doses: Doses) -> list[Event]:
    """Of a rescue that may go on, what its cycle looks at and gives with it for the same drug: its last drawn days.

    Levels and alkaline fluids "until methotrexate has cleared" were drawn for some days and then gone without a word.
    """
    placed = first.placed
    around = f"{placed.block.id}/{placed.cycle}/"
    from_these = rescued_by(placed)
    found = []
    for name, events in doses.items():
        one = events[-1]
        with_it = one.placed.kind == "assessment" or one.placed.role == "hydration"
        same = from_these.intersection(getattr(one.placed.order, "goes_with", ()))
        if name.startswith(around) and with_it and same and one.day >= first.day:
            found.append(one)
    return found


def kept(plan: Plan, events: Sequence[Event]) -> list[Event]:
    """The events, where those that a pause of a block must not take along are drawn as planned and say so.

    On hold with the rest of its block, or stopped with it, leucovorin after methotrexate was struck out, and no line
    asked for it any more. What somebody put on hold by name stays so, and says it as well.
    """
    stops = [one for one in plan.modifications if isinstance(one, Stop)]
    stopped = {one.block for one in stops if not one.order}
    everywhere = any(not one.order and one.scope is Scope.ALL for one in stops)
    named = {(one.block, one.order) for one in stops}
    named |= {(one.block, one.order) for one in plan.modifications if isinstance(one, Hold) and one.until is None}
    doses = doses_by_order(events)

    def as_kept(event: Event) -> Event:
        whole = everywhere or event.placed.block.id in stopped
        paused = event.state is State.HELD or (event.state is State.STOPPED and whole)
        told = _stays_with(event, doses) if paused else ""
        by_name = (event.placed.block.id, event.placed.order.id) in named
        if not told:
            return event
        if by_name:
            return event._replace(notes=(told, *event.notes))
        return event._replace(
            state=State.PLANNED, notes=(told, *(note for note in event.notes if not note.startswith(PAUSED)))
        )

    return [as_kept(event) for event in events]


def not_tolerated(event: Event, doses: Doses) -> str:
    """ "dose of Sun 29-Nov-2026 NOT tolerated: 270 mg given, toxicity; ask", of one that rises if each was tolerated.

    The record that answers the condition stood in the plan and not beside the next, higher dose.
    """
    if not if_tolerated(event):
        return ""
    before = [one for one in doses.get(event.placed.id, ()) if one.day < event.day and _was_less(one)]
    if not before:
        return ""
    last = before[-1]
    given = "none" if last.state is State.OMITTED or last.dose is None else dose_words(last, "mcg")
    return f"dose of {glued(weekday_date(last.day))} NOT tolerated: {given} given, {TOXIC}; ask"


def _was_less(event: Event) -> bool:
    """Whether less than planned was given of it, or nothing, because of toxicity."""
    toxic = any(TOXIC in note for note in event.notes[:2])
    less = event.dose is not None and event.dose.full is not None and event.state is State.GIVEN
    return toxic and (less or event.state is State.OMITTED)


def kept_words(event: Event) -> str:
    """Why it is not on hold with the rest of its block (see `kept`); empty of all else."""
    return next((note for note in event.notes[:1] if note.endswith(NOT_OUT)), "")
