"""What goes with a dose that is not given, and rescue on hold whose dose is: no sheet may pass over either."""

from collections.abc import Iterable

from planner.exports.wording.doses import NOT_TO_BE_GIVEN, dose_words, if_tolerated
from planner.model.civil import weekday_date
from planner.model.cycle_content import State
from planner.model.going_on import rescued_by
from planner.model.kept import Doses
from planner.model.language import glued
from planner.model.protocol import TREATING, TemplateDecision, TemplateOrder
from planner.model.schedule import Event

TOXIC = "toxicity"
"""The coded reason for less."""
WORDS = {State.HELD: "is on HOLD", State.OMITTED: "is left out", State.STOPPED: "is stopped"}


def goes_without(event: Event, doses: Doses) -> str:
    """ "goes with Blinatumomab, which is on HOLD": of premedication, fluids, rescue and tests whose dose is not given.

    That is the dose of its cycle next to it in days; empty where one of several is to be given, or another part of the
    same treatment about that day. What goes with a dose left out or stopped and is left out with it has said so in its
    own note (assembly/company.py); this is for what stays: examinations, and all that goes with a dose on hold.
    """
    placed, order = event.placed, event.placed.order
    settled = event.state in (*NOT_TO_BE_GIVEN, State.GIVEN)
    # Hours after another drug say nothing of whether treatment itself is given without that.
    if settled or placed.role in TREATING or isinstance(order, TemplateDecision):
        return ""
    anchor = order.anchor if isinstance(order, TemplateOrder) else None
    names = (*order.goes_with, *((anchor.order_id,) if anchor else ()))
    several = (doses.get(f"{placed.block.id}/{placed.cycle}/{name}", ()) for name in names)
    nearest = [min(found, key=lambda one: abs(one.day - event.day)) for found in several if found]
    if not nearest or any(one.state not in NOT_TO_BE_GIVEN for one in nearest) or _is_in_parts(nearest[0], doses):
        return ""
    return f"goes with {nearest[0].placed.agent_name}, which {WORDS[nearest[0].state]}"


def _is_in_parts(dose: Event, doses: Doses) -> bool:
    """Whether another order gives the same drug within a day of a dose that is not given.

    Fluids of methotrexate over 2 h and over 22 h read "goes with Methotrexate, which is left out" where only the first
    part was, and the family's calendar had no word of them.
    """
    block, around = dose.placed.block, f"{dose.placed.block.id}/{dose.placed.cycle}/"
    parts = (one for order in block.phase.orders for one in doses.get(f"{around}{order.id}", ()))
    return any(
        one.placed.drug == dose.placed.drug
        and abs(one.day - dose.day) <= 1
        and one.placed.id != dose.placed.id
        and one.state not in NOT_TO_BE_GIVEN
        for one in parts
    )


def guards_of(first: Event, doses: Doses, going: Iterable[Event]) -> list[Event]:
    """Of a rescue that may go on, what its cycle looks at and gives with it for the same drug: its last drawn days.

    Levels and alkaline fluids "until methotrexate has cleared" were drawn for some days and then gone without a word.
    Fluids ask for the levels where no rescue is among what is `going` on with them: leucovorin stopped by name took the
    levels along.
    """
    if first.placed.role == "hydration" and any(one.placed.role == "rescue" for one in going):
        return []
    placed = first.placed
    around = f"{placed.block.id}/{placed.cycle}/"
    from_these = rescued_by(placed)
    ahead = (one.day for name in from_these for one in doses.get(f"{around}{name}", ()) if one.day <= first.day)
    since, found = max(ahead, default=first.day), []
    for name, events in doses.items():
        if not name.startswith(around) or name == placed.id:
            continue
        one = events[-1]
        with_it = one.placed.kind == "assessment" or one.placed.role == "hydration"
        same = from_these.intersection(getattr(one.placed.order, "goes_with", ()))
        if with_it and same and one.day >= since:
            found.append(one)
    return found


def not_tolerated(event: Event, doses: Doses) -> str:
    """ "dose of Sun 29-Nov-2026 NOT tolerated: 270 mg given, toxicity; ask", of one that rises if each was tolerated.

    The record that answers the condition stood in the plan and not beside the next, higher dose.
    """
    if not if_tolerated(event):
        return ""
    before = [one for one in doses.get(event.placed.id, ()) if one.day < event.day]
    last = next((one for one in reversed(before) if one.state is State.GIVEN or _was_less(one)), None)
    if last is None or not _was_less(last):  # a whole dose since then was tolerated
        return ""
    given = "none" if last.state is State.OMITTED or last.dose is None else dose_words(last, "mcg")
    return f"dose of {glued(weekday_date(last.day))} NOT tolerated: {given} given, {TOXIC}; ask"


def _was_less(event: Event) -> bool:
    """Whether less than planned was given of it, or nothing, because of toxicity."""
    toxic = any(TOXIC in note for note in event.notes[:2])
    less = event.dose is not None and event.dose.full is not None and event.state is State.GIVEN
    return toxic and (less or event.state is State.OMITTED)
