"""What a change does not name stays: dates under a change of doses, doses under a change of dates, all that was given.

On shipped protocols, after random chains of other verbs.
"""

from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.errors import Refusal
from planner.model.cycle_content import State
from planner.model.plan import Addition, Deferral, DoseChange, Hold, Omission, Plan, Replacement, Scope, Skip, Stop
from planner.model.protocol import TemplateOrder
from planner.model.schedule import Event, Schedule
from planner.services.verbs import editing, pausing, redosing
from tests.golden.cases import library
from tests.services.courses_at_hand import AGENTS, plan_of, scheduled
from tests.services.verbs.test_wide_chains import Numbers, step, steps

Make = Callable[[Plan, Schedule, Event, Numbers], Plan]
PROTOCOLS = sorted(library().protocols)


def _where(event: Event) -> tuple[str, int, int]:
    return event.placed.block.id, event.placed.cycle, event.cycle_day


def _dosed(event: Event, numbers: Numbers, **more: object) -> DoseChange:
    scope = list(Scope)[numbers[2] % 4]
    return DoseChange(
        *_where(event),
        event.placed.order.id,
        scope,
        "toxicity",
        alone=bool(numbers[3] % 2),
        **more,  # type: ignore[arg-type]
    )


def _replacement(event: Event, numbers: Numbers) -> Replacement:
    agent = "imatinib" if event.placed.route == "PO" else "etoposide"
    scope = list(Scope)[numbers[2] % 4]
    return Replacement(*_where(event), event.placed.order.id, scope, agent, "toxicity", dose="33 mg")


def _stop(event: Event, numbers: Numbers) -> Stop:
    scope = (Scope.CYCLE, Scope.FOLLOWING, Scope.ALL)[numbers[2] % 3]
    return Stop(*_where(event), scope, "other", order="" if numbers[1] % 2 else event.placed.order.id)


OF_DOSES: dict[str, Make] = {
    "reduce": lambda plan, now, event, numbers: redosing.reduce(
        plan, now, _dosed(event, numbers, percent=25 + numbers[1] % 70)
    ),
    "full": lambda plan, now, event, numbers: redosing.full_dose(plan, now, _dosed(event, numbers)),
    "enter": lambda plan, now, event, numbers: redosing.enter_dose(
        plan, now, _dosed(event, numbers, dose=f"{1 + numbers[1] % 90} mg")
    ),
    "replace": lambda plan, now, event, numbers: redosing.replace_agent(
        plan, now, AGENTS, _replacement(event, numbers)
    ),
}
"""Changes of what is given: no date and no state is another one."""
OF_STATES: dict[str, Make] = {
    "omit": lambda plan, now, event, _: editing.omit(plan, now, Omission(*_where(event), "", "other")),
    "hold": lambda plan, now, event, _: pausing.hold(plan, now, Hold(*_where(event), "infection")),
    "skip": lambda plan, now, event, _: pausing.skip(plan, now, Skip(*_where(event)[:2], "other")),
    "stop": lambda plan, now, event, numbers: pausing.stop(plan, now, _stop(event, numbers)),
}
"""Changes that leave doses out: no date and no dose is another one."""


def _days(schedule: Schedule) -> Counter[object]:
    return Counter((one.placed.id, one.cycle_day, one.day, one.minute) for one in schedule.events)


def _states(schedule: Schedule) -> Counter[object]:
    return Counter((one.placed.id, one.cycle_day, one.day, one.state) for one in schedule.events)


def _doses(schedule: Schedule) -> Counter[object]:
    found: Counter[object] = Counter()
    for one in schedule.events:
        if one.dose:
            found[one.placed.id, one.cycle_day, one.minute, one.dose.value, one.dose.unit] += 1
    return found


def _given(schedule: Schedule) -> Counter[object]:
    told = ((one.placed.id, one.cycle_day, one.day, one.dose) for one in schedule.events if one.state is State.GIVEN)
    return Counter((*place, dose and (dose.value, dose.unit)) for *place, dose in told)


def _recorded(plan: Plan) -> Counter[object]:
    return Counter(
        (f"{one.block}/{one.cycle}/{one.order}", one.day, one.on and one.on.toordinal(), (one.dose, one.unit))
        for one in plan.given
    )


def keeps_the_rest(protocol: str, chain: list[tuple[str, Numbers]], kind: str, numbers: Numbers) -> None:
    plan = plan_of(protocol)
    for verb, at in chain:
        plan = step(plan, verb, at)
    before = scheduled(plan)
    doses = [one for one in before.events if isinstance(one.placed.order, TemplateOrder)]
    if not doses:
        return
    event = doses[numbers[0] * len(doses) // 1000]
    try:
        changed = (OF_DOSES | OF_STATES)[kind](plan, before, event, numbers)
    except Refusal:
        return
    after = scheduled(changed)
    assert _days(after) == _days(before)
    assert (_states if kind in OF_DOSES else _doses)(after) == (_states if kind in OF_DOSES else _doses)(before)
    assert _given(after) == _recorded(changed)
    assert editing.take_back(changed, len(changed.modifications)) == plan


CASES = (
    st.sampled_from(PROTOCOLS),
    st.lists(steps, max_size=4),
    st.sampled_from(sorted(OF_DOSES | OF_STATES)),
    st.tuples(*[st.integers(0, 999)] * 4),
)


@settings(deadline=None, max_examples=40)
@given(*CASES)
def test_a_change_leaves_alone_what_it_does_not_name(
    protocol: str, chain: list[tuple[str, Numbers]], kind: str, numbers: Numbers
) -> None:
    keeps_the_rest(protocol, chain, kind, numbers)


@pytest.mark.slow
@pytest.mark.timeout(14400)
@settings(deadline=None, max_examples=10_000)
@given(*CASES)
def test_ten_thousand_changes_leave_alone_what_they_do_not_name(
    protocol: str, chain: list[tuple[str, Numbers]], kind: str, numbers: Numbers
) -> None:
    keeps_the_rest(protocol, chain, kind, numbers)


@settings(deadline=None, max_examples=25)
@given(st.sampled_from(PROTOCOLS), st.tuples(*[st.integers(0, 999)] * 4))
def test_what_is_put_off_and_brought_forward_again_is_as_it_was(protocol: str, numbers: Numbers) -> None:
    plan = plan_of(protocol)
    before = scheduled(plan)
    doses = [one for one in before.events if isinstance(one.placed.order, TemplateOrder)]
    event, scope = doses[numbers[0] * len(doses) // 1000], (Scope.DAY, Scope.CYCLE, Scope.FOLLOWING)[numbers[2] % 3]
    change = Deferral(*_where(event), 1 + numbers[1] % 14, scope, "other")
    try:
        late = editing.defer(plan, before, change)
        back = editing.defer(late, scheduled(late), Deferral(*_where(event), -change.days, scope, "other"))
    except Refusal:
        return
    assert (_days(scheduled(back)), _doses(scheduled(back))) == (_days(before), _doses(before))


def test_an_added_order_moves_nothing() -> None:
    for protocol in PROTOCOLS:
        plan = plan_of(protocol)
        before = scheduled(plan)
        event = next((one for one in before.events if isinstance(one.placed.order, TemplateOrder)), None)
        if event is None:
            continue
        new = Addition(
            *_where(event)[:2], "extra", "paracetamol", "supportive", "PO", (event.cycle_day,), "other", dose="1 g"
        )
        after = scheduled(redosing.add_order(plan, before, AGENTS, new))
        own = Counter(one.placed.id for one in after.events if one.placed.order.id == "extra")
        assert sum((_days(after) - _days(before)).values()) == own.total() == 1
        assert not _days(before) - _days(after)
        assert not _states(before) - _states(after)
