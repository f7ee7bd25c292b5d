"""Random chains on shipped protocols with the verbs that the second opinion does not know: nothing lost or doubled.

Cycles given once more, blocks taken off and hung elsewhere, changes taken back in any order, rescue raised, a rest that
follows a dose given late: after each step the plan can be written and read, and what was given stands once.
"""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.errors import Refusal
from planner.model.cycle_content import State
from planner.model.plan import (
    BlockStart,
    Deferral,
    Given,
    GivenRecord,
    Hold,
    Omission,
    Plan,
    Repetition,
    Scope,
    Skip,
    Stop,
)
from planner.model.protocol import TemplateOrder
from planner.model.schedule import Event, Schedule
from planner.services.verbs import editing, pausing
from planner.services.verbs.raising import INTERVALS, Otherwise, give_otherwise
from planner.services.verbs.reasons import Why
from planner.services.verbs.recording import record_given, shift_by_given
from planner.services.verbs.repeating import repeat_cycle
from planner.storage.plan_codec import decode, encode
from tests.services.courses_at_hand import AGENTS, plan_of, scheduled

PROTOCOLS = ("hyper-cvad", "aall0232-hr", "d-alba", "pomp", "calgb-10403", "ponatinib-blinatumomab")
KINDS = (
    "repeat",
    "back",
    "remove",
    "hang",
    "follow",
    "give",
    "raise",
    "weekday",
    "defer",
    "stop",
    "hold",
    "skip",
    "omit",
)
LATEST = date(2100, 1, 1)
Numbers = tuple[int, int, int, int]
steps = st.tuples(st.sampled_from(KINDS), st.tuples(*[st.integers(0, 999)] * 4))


def step(plan: Plan, kind: str, numbers: Numbers) -> Plan:
    """The plan after one verb where the numbers fall; a refusal leaves it as it is."""
    schedule = scheduled(plan)
    doses = [one for one in schedule.events if isinstance(one.placed.order, TemplateOrder)]
    if not doses:
        return plan
    event = doses[numbers[0] * len(doses) // 1000]
    try:
        return _MAKERS[kind](plan, schedule, event, numbers)
    except Refusal:
        return plan


def _where(event: Event) -> tuple[str, int, int]:
    return event.placed.block.id, event.placed.cycle, event.cycle_day


def _repeat(plan: Plan, schedule: Schedule, event: Event, numbers: Numbers) -> Plan:
    return repeat_cycle(plan, schedule, Repetition("", *_where(event)[:2], "other"), numbers[1] % 8)


def _back(plan: Plan, _: Schedule, __: Event, numbers: Numbers) -> Plan:
    return editing.take_back(plan, 1 + numbers[1] % max(1, len(plan.modifications)))


def _remove(plan: Plan, _: Schedule, event: Event, __: Numbers) -> Plan:
    return editing.remove_block(plan, event.placed.block.id)


def _hang(plan: Plan, _: Schedule, event: Event, numbers: Numbers) -> Plan:
    other = plan.blocks[numbers[1] % len(plan.blocks)]
    return editing.hang_block(plan, event.placed.block.id, BlockStart(after=other.id, gap_days=numbers[2] % 15))


def _record(plan: Plan, schedule: Schedule, event: Event, days: int) -> GivenRecord:
    same = [one for one in schedule.events if (one.placed.id, one.cycle_day) == (event.placed.id, event.cycle_day)]
    recorded = {one.number for one in plan.given if (one.block, one.cycle, one.day, one.order) == _key(event)}
    number = next((one for one in range(len(same)) if one not in recorded), 0)
    dose, unit = (event.dose.value, event.dose.unit) if event.dose and event.dose.value else (Decimal(7), "mg")
    on = date.fromordinal(event.day + days)
    return GivenRecord(*_where(event), event.placed.order.id, number, Given.GIVEN, on, dose, unit, "A nurse")


def _key(event: Event) -> tuple[str, int, int, str]:
    return (*_where(event), event.placed.order.id)


def _give(plan: Plan, schedule: Schedule, event: Event, numbers: Numbers) -> Plan:
    return record_given(plan, schedule, _record(plan, schedule, event, numbers[1] % 3 - 1), LATEST)


def _follow(plan: Plan, schedule: Schedule, event: Event, numbers: Numbers) -> Plan:
    record = _record(plan, schedule, event, 1 + numbers[1] % 4)
    moved = shift_by_given(plan, schedule, record, (Scope.CYCLE, Scope.FOLLOWING)[numbers[2] % 2])
    return record_given(moved, scheduled(moved), record, LATEST)


def _raise(plan: Plan, schedule: Schedule, event: Event, numbers: Numbers) -> Plan:
    rescues = [one for one in schedule.events if one.placed.role == "rescue"]
    if not rescues:
        return plan
    one = rescues[numbers[0] * len(rescues) // 1000]
    block, cycle, _ = _where(one)
    on, every = date.fromordinal(one.day + numbers[1] % 4), INTERVALS[numbers[2] % len(INTERVALS)]
    wish = Otherwise(block, cycle, one.placed.order.id, on, numbers[3] % 1440, "150 mg", every, Why("toxicity", "", 3))
    return give_otherwise(plan, schedule, AGENTS, wish)


def _defer(plan: Plan, schedule: Schedule, event: Event, numbers: Numbers) -> Plan:
    scope = list(Scope)[numbers[2] % 4]
    return editing.defer(plan, schedule, Deferral(*_where(event), numbers[1] % 22 - 5, scope, "other"))


def _weekday(plan: Plan, schedule: Schedule, event: Event, numbers: Numbers) -> Plan:
    scope = (Scope.CYCLE, Scope.FOLLOWING)[numbers[2] % 2]
    order = event.placed.order.id
    return editing.defer(plan, schedule, Deferral(*_where(event), numbers[1] % 13 - 6, scope, "other", order=order))


def _stop(plan: Plan, schedule: Schedule, event: Event, numbers: Numbers) -> Plan:
    whole = numbers[1] % 2
    scope = (Scope.CYCLE, Scope.FOLLOWING)[numbers[2] % 2]
    order, closes = "" if whole else event.placed.order.id, bool(whole and numbers[3] % 2)
    return pausing.stop(plan, schedule, Stop(*_where(event), scope, "other", order=order, closes=closes))


def _hold(plan: Plan, schedule: Schedule, event: Event, numbers: Numbers) -> Plan:
    order = "" if numbers[1] % 2 else event.placed.order.id
    return pausing.hold(plan, schedule, Hold(*_where(event), "infection", order=order))


def _skip(plan: Plan, schedule: Schedule, event: Event, numbers: Numbers) -> Plan:
    return pausing.skip(plan, schedule, Skip(*_where(event)[:2], "other", closes=bool(numbers[1] % 2)))


def _omit(plan: Plan, schedule: Schedule, event: Event, _: Numbers) -> Plan:
    return editing.omit(plan, schedule, Omission(*_where(event), event.placed.order.id, "other"))


_MAKERS = {
    "repeat": _repeat,
    "back": _back,
    "remove": _remove,
    "hang": _hang,
    "follow": _follow,
    "give": _give,
    "raise": _raise,
    "weekday": _weekday,
    "defer": _defer,
    "stop": _stop,
    "hold": _hold,
    "skip": _skip,
    "omit": _omit,
}


def look(plan: Plan) -> None:
    """What holds of every plan: it can be written, what was given stands once, and no rescue stands beside another."""
    assert decode(encode(plan), "plan.json") == plan
    schedule = scheduled(plan)
    recorded = Counter((one.block, one.cycle, one.day, one.order) for one in plan.given)
    drawn = Counter(_key(one) for one in schedule.events if one.state is State.GIVEN)
    assert drawn == recorded
    for at, names in _rescues(schedule).items():
        assert len(names) == 1, (at, names)


def _rescues(schedule: Schedule) -> dict[tuple[object, ...], set[str]]:
    """The orders of one drug that are due as a rescue at one hour with a raised one, by its cycle and that hour."""
    found: dict[tuple[object, ...], set[str]] = {}
    raised = [one for one in schedule.events if one.placed.role == "rescue" and _is_raised(one)]
    for one in raised:
        if one.state is not State.PLANNED:
            continue
        for other in schedule.events:
            same = (other.placed.block.id, other.placed.cycle, other.placed.agent, other.day, other.minute) == (
                *(one.placed.block.id, one.placed.cycle, one.placed.agent, one.day),
                one.minute,
            )
            if same and other.placed.role == "rescue" and other.state is State.PLANNED:
                found.setdefault((*_where(one)[:2], one.placed.agent, *one[:2]), set()).add(other.placed.order.id)
    return {at: names for at, names in found.items() if len(names) > 1}


def _is_raised(event: Event) -> bool:
    order = event.placed.order
    return isinstance(order, TemplateOrder) and bool(order.anchor) and not order.references


@settings(deadline=None, max_examples=25)
@given(st.sampled_from(PROTOCOLS), st.lists(steps, min_size=1, max_size=8))
def test_what_was_given_stands_once_whatever_is_done_around_it(protocol: str, chain: list[tuple[str, Numbers]]) -> None:
    check(protocol, chain)


@pytest.mark.slow
@pytest.mark.timeout(36000)
@settings(deadline=None, max_examples=5_000)
@given(st.sampled_from(PROTOCOLS), st.lists(steps, min_size=4, max_size=20))
def test_thousands_of_wide_chains_hold(protocol: str, chain: list[tuple[str, Numbers]]) -> None:
    check(protocol, chain)


def check(protocol: str, chain: list[tuple[str, Numbers]]) -> None:
    plan = plan_of(protocol)
    for kind, numbers in chain:
        after = step(plan, kind, numbers)
        if after is not plan:
            look(after)
        plan = after
