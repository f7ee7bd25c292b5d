"""What speaks against moving all doses of one order from a day on: a weekly drug is given on another weekday."""

from collections.abc import Sequence
from itertools import pairwise

from planner.errors import Refusal
from planner.model.civil import WEEKDAYS, weekday_date
from planner.model.cycle_content import State
from planner.model.plan import Deferral, Scope
from planner.model.protocol import TemplateOrder
from planner.model.schedule import Event, Schedule
from planner.services.verbs.crossing import LEFT_OUT
from planner.services.verbs.refusing import Place

WEEK = 7


def refuse_weekly(schedule: Schedule, place: Place, deferral: Deferral) -> None:
    """Refuse to move an order from a day on where it is no drug of once a week or less, or comes to a wrong day.

    It moves by less than a week, in its cycle or (scope following) in the later ones of its block too. Refuses what
    runs daily, keeps its weekdays or goes with another order, a weekday that the order excludes, a day on or before its
    dose before, and what was given.
    """
    first = place.of_order(deferral.day, deferral.order)[0]
    if deferral.scope is Scope.ALL:
        raise Refusal(
            "one order moves in its cycle or in its block: scope cycle or following", "wrong scope", "following"
        )
    doses = [one for one in schedule.events if _is_of(one, first)]
    moving = [one for one in doses if _is_reached(one, place, deferral)]
    _refuse_no_weekly(place, first, doses)
    if abs(deferral.days) >= WEEK:
        nearest = WEEK - 1 if deferral.days > 0 else 1 - WEEK
        raise Refusal(
            "{dose} moves to another weekday by at most 6 days; put off its cycle for more",
            "too far",
            str(nearest),
            dose=first.label,
        )
    given = next((one for one in moving if one.state is State.GIVEN), None)
    if given is not None:
        raise Refusal(
            "{dose} on {day} is recorded as given; begin after it",
            "already given",
            dose=given.label,
            day=weekday_date(given.day),
        )
    order = first.placed.order
    weekday = (first.day + deferral.days - 1) % WEEK
    if isinstance(order, TemplateOrder) and weekday in order.not_on:
        raise Refusal(
            "{dose} would fall on a {weekday}, which its order excludes",
            "barred weekday",
            dose=first.label,
            weekday=WEEKDAYS[weekday],
        )
    before = max((one.day for one in doses if one not in moving and one.day < first.day), default=None)
    if before is not None and first.day + deferral.days <= before:
        raise Refusal(
            "{dose} would come on or before {day}, where its dose before stands",
            "jump",
            dose=first.label,
            day=weekday_date(before),
        )


def _is_of(one: Event, first: Event) -> bool:
    same = (one.placed.block.id, one.placed.order.id) == (first.placed.block.id, first.placed.order.id)
    return same and one.state not in LEFT_OUT


def _is_reached(one: Event, place: Place, deferral: Deferral) -> bool:
    here = one.placed.cycle == place.cycle.number and one.cycle_day >= deferral.day
    return here or (
        deferral.scope is Scope.FOLLOWING and one.day > place.cycle.start and one.placed.cycle > place.cycle.number
    )


def _refuse_no_weekly(place: Place, first: Event, doses: Sequence[Event]) -> None:
    order = first.placed.order
    if not isinstance(order, TemplateOrder) or order.keeps_its_days:
        raise Refusal(
            "{dose} keeps its weekdays; stop it and add an order on the other days", "keeps days", dose=first.label
        )
    if place.led(first):
        raise Refusal("{dose} goes with another order and moves with it", "timed by another", dose=first.label)
    days = sorted({one.due_day for one in doses})
    if any(later - day < WEEK for day, later in pairwise(days)):
        raise Refusal(
            "{dose} is given more often than once a week; only what is not moves to another weekday",
            "runs daily",
            dose=first.label,
        )
