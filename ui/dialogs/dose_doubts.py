"""Typed doses that no protocol at hand comes near, and how often a drug is given: asked before they are taken."""

from planner.model.timeline import UNSETTLED
from planner.services.usual_doses import TypedDose, dose_doubt, inherited_from, times_a_day
from ui.dialogs.fields import Answers
from ui.dialogs.verb_place import Place
from ui.tongue import say, weekday_date


def entered(place: Place, answers: Answers) -> tuple[str, ...]:
    """Of a dose that is entered for the selected drug."""
    agent = place.event.placed.agent if place.event else ""
    return _doubts(place, answers, agent, "", _times(place))


def replaced(place: Place, answers: Answers) -> tuple[str, ...]:
    """Of the dose and route of the drug in place of the selected one, and how often it would be given."""
    said = answers.get("times", 0)
    other = inherited_from(place.event.placed) if place.event and not said else ""
    return _doubts(place, answers, answers["agent"], answers["route"], said or _times(place), other)


def added(place: Place, answers: Answers) -> tuple[str, ...]:
    """Of the dose and route of a drug that is added."""
    return _doubts(place, answers, answers["agent"], answers["route"], answers["times"])


def paused(place: Place, answers: Answers) -> tuple[str, ...]:
    """Of a hold or a stop that begins before today: doses that nobody recorded would count as not given."""
    order, today = place.order if answers.get("what") else "", place.today.toordinal()
    before = [
        one
        for one in place.evaluated.schedule.events
        if one.day < today
        and one.dose is not None
        and one.state in UNSETTLED
        and one.placed.block.id == place.block.id
        and order in ("", one.placed.order.id)
        and (one.placed.cycle, one.cycle_day) >= (place.cycle, place.day)
    ]
    if not before:
        return ()
    told = "{count} dose before today would count as not given, {day}. Is it meant so?"
    told = (
        told
        if len(before) == 1
        else "{count} doses before today would count as not given, from {day} on. Is it meant so?"
    )
    return (say(told, count=len(before), day=weekday_date(before[0].day)),)


def _times(place: Place) -> int:
    return times_a_day(place.event.placed) if place.event else 1


def _doubts(
    place: Place, answers: Answers, agent_id: str, route: str, times: int, instead_of: str = ""
) -> tuple[str, ...]:
    agent = place.agents.get(agent_id)
    by = route or (place.event.placed.route if place.event else "")
    if agent is None:
        return ()
    typed = TypedDose(agent, by, answers["dose"], times, instead_of)
    doubt = dose_doubt(typed, place.protocols, place.evaluated.plan.patient, say, rules=place.rules)
    return (say("{doubt}. Is it meant so?", doubt=doubt),) if doubt else ()
