"""What is asked where a block, or a drug of it, goes on after a hold."""

from collections.abc import Iterator
from datetime import date

from planner.errors import Refusal
from planner.model.cycle_content import State
from planner.model.plan import Hold, Plan
from planner.model.schedule import Event
from planner.services.verbs import pausing
from ui.dialogs.fields import Answers, Field
from ui.dialogs.form import sentence
from ui.dialogs.verb_place import Place
from ui.plan_words import plan_words
from ui.tongue import say, weekday_date


def held_at(place: Place) -> tuple[str, str]:
    """What can go on: the selected drug where it is held alone, else the block, else its one drug that is held."""
    plan, block = place.evaluated.plan, place.block.id
    held = {one.order for one in plan.modifications if isinstance(one, Hold) and one.block == block and not one.until}
    if place.order in held or "" in held or len(held) != 1:
        return block, place.order if place.order in held else ""
    return block, held.pop()


def what_is_held(place: Place) -> str:
    """The name of what can go on there."""
    if not held_at(place)[1]:
        return place.block.title
    return next((one.placed.agent_name for one in _held_doses(place)), place.block.title)


def held_words(place: Place) -> tuple[str, ...]:
    """From which day on it is held, whichever day of it is selected."""
    hold = pausing.open_hold(place.evaluated.plan, *held_at(place))
    if hold is None:
        return ()
    since = weekday_date(_held_from(place))
    return (say("On hold since C{cycle} D{day}, {since}.", cycle=hold.cycle, day=hold.day, since=since),)


def resume_fields(place: Place) -> tuple[Field, ...]:
    """The first day again, how long it stood still where that is no whole days, a note."""

    def same_day(answers: Answers) -> bool:
        return _is_stopped_for_hours(place, answers["on"])

    return (
        Field("on", "&First day again", "date", max(place.today, date.fromordinal(_held_from(place)))),
        Field("short", "&Hours stopped", "number", hint="for example 5", shown_if=same_day),
        Field(
            "hours", "&Hours stopped", "number", optional=True, hint="if not whole days",
            shown_if=lambda answers: not same_day(answers),
        ),
        Field("note", "N&ote", optional=True, hint="may stay empty"),
    )  # fmt: skip


def _is_stopped_for_hours(place: Place, on: date | None) -> bool:
    """Whether an infusion goes on on the day on which it was stopped: what has to be done then goes by the hours."""
    if on is None or on.toordinal() != _held_from(place):
        return False
    try:
        pausing.resume(place.evaluated.plan, place.evaluated.schedule, place.agents, held_at(place), on)
    except Refusal as refused:
        return refused.rule == "hours"
    return False


def _held_from(place: Place) -> int:
    """The day from which on it is held, an ordinal; a pause may still lie ahead."""
    return min((one.day for one in _held_doses(place)), default=1)


def _held_doses(place: Place) -> Iterator[Event]:
    """What of the block, or of its drug that is held alone, is on hold."""
    block, order = held_at(place)
    held = (one for one in place.evaluated.schedule.events if one.state is State.HELD)
    return (one for one in held if one.placed.block.id == block and order in ("", one.placed.order.id))


def resume(place: Place, answers: Answers, plan: Plan) -> Plan:
    """The plan with what was held going on."""
    return _resumed(place, answers, plan).plan


def resume_says(place: Place, answers: Answers) -> tuple[str, ...]:
    """By which rule the infusion goes on, or is begun anew, and what has to be done for it."""
    return tuple(sentence(plan_words(one)) for one in _resumed(place, answers, place.evaluated.plan).words)


def _resumed(place: Place, answers: Answers, plan: Plan) -> pausing.Resumed:
    at, on = held_at(place), answers["on"]
    told = answers["short" if _is_stopped_for_hours(place, on) else "hours"]
    hours = int(told) if told is not None else None
    return pausing.resume(plan, place.evaluated.schedule, place.agents, at, on, hours, note=answers["note"])
