"""A course that was put off as a whole is changed as one that began later: the same verb, the same dates and doses.

The second opinion reads records and deferrals by the same words as the planner, and was wrong with it of both at once.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from planner.errors import Refusal
from planner.model.plan import Deferral, DoseChange, Given, GivenRecord, Hold, Omission, Plan, Scope, Stop
from planner.model.protocol import TemplateDecision, TemplateOrder
from planner.model.schedule import Event, Schedule
from planner.services.verbs import editing, pausing, recording, redosing
from tests.services.courses_at_hand import plan_of, scheduled

A_WEEK = 7
PROTOCOLS = ("hsct-bu-cy", "inotuzumab-rr", "mini-hyper-cvd-inotuzumab", "ptcy-gvhd", "hyper-cvad", "obe-cel")
"""Courses in which premedication, fluids, mesna, rescue and levels go with other doses, and no drug keeps its days."""

Change = Callable[[Plan, Schedule], Plan]


def began_later(plan: Plan) -> Plan:
    blocks = (
        replace(one, start=replace(one.start, on=one.start.on + timedelta(A_WEEK))) if one.start.on else one
        for one in plan.blocks
    )
    return replace(plan, blocks=tuple(blocks))


def put_off(plan: Plan) -> Plan:
    schedule = scheduled(plan)
    block, cycle = schedule.blocks[0].id, schedule.blocks[0].cycles[0].number
    here = (one for one in schedule.events if (one.placed.block.id, one.placed.cycle) == (block, cycle))
    day = min(here, key=lambda one: one.day).cycle_day
    return editing.defer(plan, schedule, Deferral(block, cycle, day, A_WEEK, Scope.ALL, "other"))


def rows(schedule: Schedule) -> Counter[tuple[object, ...]]:
    """Every event as it reads, but that one of the two courses says of its days that they were deferred."""
    return Counter(
        (one.date, one.minute, one.placed.id, one.cycle_day, one.placed.agent, one.dose and one.dose.value, state)
        for one in schedule.events
        for state in (str(one.state).replace("deferred", "planned"),)
    )


def led(schedule: Schedule) -> Iterator[Event]:
    """The first dose of each order that others of its block go with."""
    found: dict[tuple[str, str], Event] = {}
    for one in schedule.events:
        if one.dose and one.placed.order.id in leaders(one):
            found.setdefault((one.placed.block.id, one.placed.order.id), one)
    yield from found.values()


def leaders(event: Event) -> set[str]:
    phase, names = event.placed.block.phase, set[str]()
    for line in (*phase.orders, *phase.assessments):
        assert not isinstance(line, TemplateDecision)
        names |= {*line.goes_with}
        if isinstance(line, TemplateOrder) and line.anchor:
            names.add(line.anchor.order_id)
    return names


def given(event: Event, late: int) -> Change:
    place = event.placed.block.id, event.placed.cycle, event.cycle_day, event.placed.order.id

    def record(plan: Plan, schedule: Schedule) -> Plan:
        dose = next(
            one
            for one in schedule.events
            if (one.placed.block.id, one.placed.cycle, one.cycle_day, one.placed.order.id) == place
        )
        value, unit = (dose.dose.value, dose.dose.unit) if dose.dose and dose.dose.value else (None, "")
        on = dose.date + timedelta(late)
        one = GivenRecord(*place, 0, Given.GIVEN, on, value, unit, "A.")
        return recording.record_given(plan, schedule, one, date(2100, 1, 1))

    return record


def changes(event: Event) -> dict[str, Change]:
    where = event.placed.block.id, event.placed.cycle, event.cycle_day
    order = event.placed.order.id
    return {
        "given a day late": given(event, 1),
        "given a day early": given(event, -1),
        "omitted": lambda plan, at: editing.omit(plan, at, Omission(*where, order, "other")),
        "moved": lambda plan, at: editing.defer(plan, at, Deferral(*where, 2, Scope.DAY, "other", order=order)),
        "put off with the cycle": lambda plan, at: editing.defer(plan, at, Deferral(*where, 2, Scope.CYCLE, "other")),
        "held": lambda plan, at: pausing.hold(plan, at, Hold(*where, "other", order=order, scope=Scope.FOLLOWING)),
        "stopped": lambda plan, at: pausing.stop(plan, at, Stop(*where, Scope.CYCLE, "other", order=order)),
        "halved": lambda plan, at: redosing.reduce(plan, at, DoseChange(*where, order, Scope.ALL, "other", percent=50)),
    }


def changed(plan: Plan, change: Change) -> Counter[tuple[object, ...]] | str:
    try:
        return rows(scheduled(change(plan, scheduled(plan))))
    except Refusal:
        return "refused"


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_course_put_off_is_changed_as_one_that_began_later(protocol: str) -> None:
    later, off = began_later(plan_of(protocol)), put_off(plan_of(protocol))
    assert rows(scheduled(later)) == rows(scheduled(off))
    doses = list(led(scheduled(off)))
    assert doses
    for dose in doses:
        for name, change in changes(dose).items():
            assert changed(later, change) == changed(off, change), f"{dose.placed.id} {name}"
