"""A deferral of the rest of a day: what was given of that day stays, and what follows it moves."""

from collections.abc import Sequence

from msgspec.structs import replace

from planner.errors import Refusal
from planner.model.plan import Deferral, Plan
from planner.model.protocol import TemplateOrder
from planner.model.schedule import Event
from planner.services.verbs.refusing import Place


def rest_of(plan: Plan, deferral: Deferral) -> Deferral:
    """The same deferral for the rest of its day only: the doses of that day that are recorded stay where they are.

    Refuses a day of which nothing is recorded.
    """
    kept = tuple(sorted(_recorded(plan, deferral)))
    if not kept:
        raise Refusal(
            "nothing of Day {day} of {block} C{cycle} is recorded as given; defer the whole day",
            "nothing given",
            "whole day",
            day=deferral.day,
            block=deferral.block,
            cycle=deferral.cycle,
        )
    return replace(deferral, kept=kept)


def refuse_kept(plan: Plan, place: Place, deferral: Deferral) -> None:
    """Refuse to keep what nobody recorded or all of a day, and to move the rest of a day to an earlier one."""
    if not deferral.kept:
        return
    recorded = _recorded(plan, deferral)
    for order, number in deferral.kept:
        if (order, number) not in recorded:
            raise Refusal(
                "{order}, dose {number}, of Day {day} is not recorded; it moves with its day",
                "not recorded",
                order=order,
                number=number + 1,
                day=deferral.day,
            )
    if deferral.days < 0:
        raise Refusal("the rest of a day that has begun can only move to a later day", "has begun", "1")
    here = [one for one in place.on_day(deferral.day) if deferral.order in ("", one.placed.order.id)]
    _refuse_other_counts(here, deferral)
    if all(was_kept(place, one, deferral) for one in here):
        raise Refusal(
            "all of Day {day} is recorded; nothing is left to defer. What is recorded as not given is left out: take "
            "that record back to defer it",
            "nothing left",
            day=deferral.day,
        )


def _refuse_other_counts(here: Sequence[Event], deferral: Deferral) -> None:
    """Refuse where a drug in place of another is given more or less often: the protocol's doses are what moves."""
    for event in here:
        order, orders = event.placed.order, event.placed.block.phase.orders
        own = next((one for one in orders if one.id == order.id), order)
        if (
            isinstance(order, TemplateOrder)
            and isinstance(own, TemplateOrder)
            and order.doses_of_day != own.doses_of_day
        ):
            raise Refusal(
                "{drug} of Day {day} is given another number of times than what it stands in for; leave its doses out "
                "one by one and add them later",
                "given otherwise often",
                drug=event.placed.agent_name,
                day=deferral.day,
            )


def _recorded(plan: Plan, deferral: Deferral) -> set[tuple[str, int]]:
    """The doses of the deferral's day that somebody recorded, by order and number."""
    where = (deferral.block, deferral.cycle, deferral.day)
    return {
        (one.order, one.number)
        for one in plan.given
        if (one.block, one.cycle, one.day) == where and deferral.order in ("", one.order)
    }


def was_kept(place: Place, event: Event, deferral: Deferral) -> bool:
    """Whether the dose was given before the rest of its day moves."""
    if event.cycle_day != deferral.day or not deferral.kept:
        return False
    return (event.placed.order.id, place.number(event)) in deferral.kept
