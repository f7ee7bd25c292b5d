"""Going on after a pause: which doses of a drug are left out, and premedication again where an infusion goes on."""

from collections.abc import Iterator
from datetime import date

from planner.model.civil import clinical_date
from planner.model.cycle_content import State
from planner.model.plan import Addition, Hold, Plan, Scope
from planner.model.protocol import TemplateOrder
from planner.model.schedule import Event, Schedule
from planner.services.verbs.drugs import drug_at, free_name, orders_of, typed_dose
from planner.services.verbs.refusing import Place


def goes_on_words(plan: Plan, schedule: Schedule, place: Place, held: Hold, on: date) -> Iterator[str]:
    """In words, what of a drug on hold is given from the date on which it goes on, and what is left out for good.

    The one dose of an order was once said to be given "again from" a day on which nothing of it was planned.
    """
    drug, to_come = drug_at(plan, place, held.order), on.toordinal()
    waiting = [
        one
        for one in schedule.events
        if one.state is State.HELD and one.placed.drug == drug.drug
        if held.scope is Scope.ALL or one.placed.block.id == held.block
    ]
    name = next((one.placed.agent_name for one in waiting), held.order)
    if not waiting or waiting[-1].day >= to_come:
        yield f"{name} again from {clinical_date(on)}"
    else:
        yield f"no dose of {name} is planned from {clinical_date(on)} on: where it is to be given, order it on its day"
    missed = [one for one in waiting if one.day < to_come]
    if missed:
        yield _left_out(missed)


def _left_out(missed: list[Event]) -> str:
    first, last = clinical_date(missed[0].day), clinical_date(missed[-1].day)
    if len(missed) == 1:
        return f"left out for good: the dose of {first}"
    when = f"from {first} to {last}" if first != last else f"of {first}"
    return f"left out for good: the {len(missed)} doses {when}"


def premedication_again(
    plan: Plan, place: Place, held: Hold, infusion: Event, length: tuple[int, int]
) -> tuple[Addition, ...]:
    """The orders to add for an infusion that was `held`; `length` is the stop in days and in hours.

    Steroids in two parts, 6 h and 30 min before the start, are one premedication: the first alone was half of it.
    """
    days, stopped = length
    told = f"restart after a stop of {stopped} h"
    if days and stopped != days * 24:
        told = f"{told} (drawn as one of {days * 24} h)"
    taken, found = set(orders_of(place.block, plan)), []
    for before in _premedication(place, infusion):
        name = free_name(f"{before.id}-restart", taken)
        taken.add(name)
        found.append(
            Addition(
                held.block,
                held.cycle,
                name,
                before.agent,
                before.role,
                before.route,
                (held.day,),
                held.reason,
                f"{_lead(before)}{told}",
                held.grade,
                typed_dose(before, place),
                before.doses_per_day,
                *(_timed(before, infusion) if days else ()),
            )
        )
    return tuple(found)


def _timed(before: TemplateOrder, infusion: Event) -> tuple[str, int] | tuple[()]:
    """By what it is timed and by how many minutes: as before the first start, where the infusion has a clock time.

    Not where the infusion goes on the day it stopped, at an hour that is not the treatment day's.
    """
    if before.anchor is None or before.anchor.edge != "start" or infusion.minute < 0:
        return ()
    return infusion.placed.order.id, before.anchor.minutes


def _lead(before: TemplateOrder) -> str:
    """How long before the infusion goes on, as the protocol says it of its first start."""
    minutes = -before.anchor.minutes if before.anchor else 0
    if minutes <= 0:
        return ""
    length = f"{minutes // 60} h" if minutes % 60 == 0 else f"{minutes} min"
    return f"{length} before the infusion goes on; "


def _premedication(place: Place, infusion: Event) -> list[TemplateOrder]:
    """The premedication that hangs on one start of this infusion, or the first of the cycle before it.

    The protocol's own, where it has any: what was added for an earlier restart would be given beside it.
    """
    found = {
        event.placed.order.id: event.placed.order
        for event in reversed(place.events)
        if isinstance(event.placed.order, TemplateOrder) and event.placed.role == "premedication"
    }
    protocols = {order.id for order in place.block.phase.orders}
    every = [*reversed(found.values())]
    in_time = [one for one in every if one.id in protocols] or every
    infused = {event.placed.order.id for event in place.events if event.placed.agent == infusion.placed.agent}
    hanging = [order for order in in_time if order.anchor and order.anchor.order_id in infused]
    first = next((order.anchor for order in hanging), None)
    return [one for one in hanging if one.anchor and first and one.anchor.order_id == first.order_id] or in_time[:1]
