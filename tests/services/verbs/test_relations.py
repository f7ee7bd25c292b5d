"""Courses that must come to the same: two small steps and one large, a change and its taking back.

Nobody has to know the right dates for this: each relation compares two ways to one course. Where a way is refused, and
many are near a course's other treatment days, there is nothing to compare.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import pytest
from msgspec.structs import replace

from planner.errors import Refusal
from planner.model.patient import Measurement
from planner.model.plan import (
    DecisionTaken,
    Deferral,
    DoseChange,
    Given,
    GivenRecord,
    Omission,
    Plan,
    Scope,
    Stop,
)
from planner.model.schedule import Event, Schedule
from planner.services.verbs import deciding, editing, pausing, recording, redosing
from planner.storage.plan_codec import decode, encode
from tests.golden.cases import PATIENTS, START, library
from tests.services.courses_at_hand import plan_of, protocols_of, scheduled

FAR = date(2100, 1, 1)
FEW = ("inotuzumab-rr", "hsct-bu-cy", "blinatumomab-mrd", "mini-hyper-cvd-inotuzumab", "d-alba")
PICKED = 3
"""Doses of each course that the usual suite tries."""
TRIED = 120
"""Doses of each course that the large run tries, where there are so many."""

Rows = Counter[tuple[object, ...]]
Way = Callable[[], Plan]
Relation = tuple[str, Way, Way]


def rows(schedule: Schedule, late: int = 0) -> Rows:
    """Every event as it reads, so many days later; that its day was deferred is not told apart."""
    return Counter(
        (
            one.date + timedelta(late),
            one.minute,
            one.placed.id,
            one.cycle_day,
            one.placed.agent,
            one.dose and one.dose.value,
            str(one.state).replace("deferred", "planned"),
        )
        for one in schedule.events
    )


def picked(schedule: Schedule, count: int) -> list[Event]:
    """Doses of all orders, so many and always the same ones."""
    first = {
        (one.placed.id, part): one
        for one in reversed(schedule.events)
        if one.dose
        for part in ("any", one.cycle_day > 1)
    }
    doses = [*first.values()]
    random.Random(7).shuffle(doses)
    return doses[:count]


def last_taken_back(plan: Plan) -> Plan:
    return editing.take_back(plan, len(plan.modifications))


def off(plan: Plan, event: Event, days: int, scope: Scope, order: str = "") -> Plan:
    """The plan with the day of a dose put off, or with `order` that dose alone."""
    placed = event.placed
    one = Deferral(placed.block.id, placed.cycle, event.cycle_day, days, scope, "other", order=order)
    return editing.defer(plan, scheduled(plan), one)


def dosed(plan: Plan, event: Event, scope: Scope, percent: int) -> Plan:
    """The plan with so many percent of a dose."""
    placed = event.placed
    change = DoseChange(
        placed.block.id, placed.cycle, event.cycle_day, placed.order.id, scope, "other", percent=percent
    )
    return (redosing.full_dose if percent == 100 else redosing.reduce)(plan, scheduled(plan), change)


def put_off(base: Plan, event: Event) -> Iterator[Relation]:
    """What must come to the same where the day of a dose moves."""
    for scope in Scope:
        twice = partial(off, event=event, scope=scope)
        yield f"{scope}: 2 and 3 days are 5", partial(both, base, twice, 2, 3), partial(twice, base, days=5)
        yield f"{scope}: 4 days and back", partial(both, base, twice, 4, -4), lambda: base
    alone = partial(off, event=event, scope=Scope.FOLLOWING, order=event.placed.order.id)
    yield "one order from there on: 2 and 1 days are 3", partial(both, base, alone, 2, 1), partial(alone, base, days=3)
    yield "put off, taken back", lambda: last_taken_back(off(base, event, 5, Scope.FOLLOWING)), lambda: base


def both(plan: Plan, verb: Callable[..., Plan], first: int, second: int) -> Plan:
    return verb(verb(plan, days=first), days=second)


def of_a_dose(base: Plan, schedule: Schedule, event: Event) -> Iterator[Relation]:
    """What must come to the same about one dose and its day."""
    yield from put_off(base, event)
    for scope in Scope:
        half = partial(dosed, event=event, scope=scope, percent=50)
        later = partial(off, event=event, days=3, scope=Scope.CYCLE)
        yield (
            f"{scope}: halved and put off, in either order",
            lambda half=half, later=later: later(half(base)),
            lambda half=half, later=later: half(later(base)),
        )
        whole = partial(dosed, event=event, scope=scope, percent=100)
        yield f"{scope}: halved, the full dose again", lambda half=half, whole=whole: whole(half(base)), lambda: base
        yield f"{scope}: halved, taken back", lambda half=half: last_taken_back(half(base)), lambda: base
    place = event.placed.block.id, event.placed.cycle, event.cycle_day
    omission = Omission(*place, event.placed.order.id, "other")
    stop = Stop(*place, Scope.FOLLOWING, "other", order=event.placed.order.id)
    yield "left out, taken back", lambda: last_taken_back(editing.omit(base, schedule, omission)), lambda: base
    yield "stopped, taken back", lambda: last_taken_back(pausing.stop(base, schedule, stop)), lambda: base
    yield "given, forgotten", lambda: replace(given(base, schedule, event), given=()), lambda: base


def given(plan: Plan, schedule: Schedule, event: Event) -> Plan:
    """The dose recorded as planned."""
    value, unit = (event.dose.value, event.dose.unit) if event.dose and event.dose.value is not None else (None, "")
    place = event.placed.block.id, event.placed.cycle, event.cycle_day, event.placed.order.id
    record = GivenRecord(*place, 0, Given.GIVEN, event.date, value, unit, "A.")
    return recording.record_given(plan, schedule, record, FAR)


def of_a_course(protocol: str, base: Plan, schedule: Schedule) -> Iterator[Relation]:
    """What must come to the same about a course, its blocks and its answers."""
    yield "written and read", lambda: decode(encode(base), "plan.json"), lambda: base
    for block in base.blocks:
        moved = partial(editing.move_block, block_id=block.id)
        yield f"{block.id}: there and back", partial(both, base, moved, 5, -5), lambda: base
        yield f"{block.id}: 2 and 3 days are 5", partial(both, base, moved, 2, 3), partial(moved, base, days=5)
    heavier = Measurement(START - timedelta(1), Decimal(170), Decimal(84))
    patient = replace(PATIENTS["adult"], measurements=(*PATIENTS["adult"].measurements, heavier))
    yield (
        "measured before and placed after, or placed before",
        lambda: recording.measure(base, heavier, FAR),
        lambda: plan_of(protocol, patient),
    )
    for asked in schedule.decisions:
        for choice in asked.decision.choices:
            taken = DecisionTaken(asked.group, asked.decision.id, choice.id, START, "A.")
            yield (
                f"{asked.decision.id} = {choice.id}, reopened",
                lambda taken=taken: reopened(answered(base, taken), taken),
                lambda: base,
            )
            yield (
                f"{asked.decision.id} = {choice.id}, reopened and answered again",
                lambda taken=taken: answered(reopened(answered(base, taken), taken), taken),
                lambda taken=taken: answered(base, taken),
            )


def answered(plan: Plan, taken: DecisionTaken) -> Plan:
    return editing.decide(plan, protocols_of(plan), taken)


def reopened(plan: Plan, taken: DecisionTaken) -> Plan:
    return deciding.reopen(plan, taken.group, taken.decision, "other", "A.", START)


def compared(relations: Iterator[Relation], where: str) -> int:
    """How many of the relations there was something to compare for; each holds."""
    count = 0
    for name, one, other in relations:
        try:
            first, second = rows(scheduled(one())), rows(scheduled(other()))
        except Refusal:
            continue
        count += 1
        left, right = [[*map(str, (first - second).elements())], [*map(str, (second - first).elements())]]
        assert (sorted(left)[:3], sorted(right)[:3]) == ([], []), f"{where}: {name}"
    return count


def of_all(protocol: str, count: int) -> int:
    base = plan_of(protocol)
    schedule = scheduled(base)
    found = compared(of_a_course(protocol, base, schedule), protocol)
    for event in picked(schedule, count):
        found += compared(of_a_dose(base, schedule, event), f"{protocol} {event.placed.id} D{event.cycle_day}")
    return found


@pytest.mark.parametrize("protocol", FEW)
def test_two_ways_to_one_course_come_to_the_same(protocol: str) -> None:
    assert of_all(protocol, PICKED) >= 4 * PICKED


@pytest.mark.parametrize("protocol", FEW)
def test_a_course_that_starts_four_weeks_later_is_the_same_four_weeks_later(protocol: str) -> None:
    """Whole weeks, so that no weekday changes; the patient has no birthday in between."""
    later = plan_of(protocol, start=START + timedelta(28))
    assert rows(scheduled(later)) == rows(scheduled(plan_of(protocol)), 28)


@pytest.mark.parametrize("protocol", FEW)
def test_an_answer_leaves_what_comes_before_its_question(protocol: str) -> None:
    base = plan_of(protocol)
    schedule = scheduled(base)
    for asked in schedule.decisions:
        for choice in asked.decision.choices:
            taken = DecisionTaken(asked.group, asked.decision.id, choice.id, START, "A.")
            after = scheduled(answered(base, taken))
            assert before(after, asked.day) == before(schedule, asked.day), f"{asked.decision.id} = {choice.id}"


def before(schedule: Schedule, day: int) -> Counter[tuple[object, ...]]:
    """Every event before that day, whether or not it hangs on an answer."""
    return Counter({one[:-1]: count for one, count in rows(schedule).items() if one[0] < date.fromordinal(day)})


@pytest.mark.slow
@pytest.mark.timeout(36000)
@pytest.mark.parametrize("protocol", sorted(library().protocols))
def test_many_ways_to_one_course_come_to_the_same(protocol: str) -> None:
    assert of_all(protocol, TRIED)
