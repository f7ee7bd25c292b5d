"""Drugs that go on behind their drawn days are stopped, held, resumed, reduced and replaced from any day on."""

from datetime import timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from planner.errors import Refusal
from planner.model.cycle_content import State
from planner.model.going_on import may_go_on
from planner.model.plan import DoseChange, Given, GivenRecord, Hold, Plan, Replacement, Scope, Stop
from planner.services.verbs import pausing, redosing
from planner.services.verbs.going import going_doses
from planner.services.verbs.recording import record_given
from planner.services.verbs.refusing import find_place
from tests.golden.cases import START
from tests.services.courses_at_hand import AGENTS, events, plan_of, scheduled

WHERE = ("ptcy", 1, 22)
CICLO = "ciclosporin"


def course() -> Plan:
    """Ciclosporin is drawn on Day 5 alone and goes on until the site enters its last day; that day was given."""
    plan = plan_of("ptcy-gvhd", partner=CICLO)
    for number, one in enumerate(events(plan, "ptcy", CICLO)):
        assert one.dose is not None
        place = ("ptcy", 1, 5, CICLO, number)
        record = GivenRecord(*place, Given.GIVEN, one.date, one.dose.value, one.dose.unit, "A. P.")
        plan = record_given(plan, scheduled(plan), record, one.date)
    return plan


def goes_on(plan: Plan) -> list[int]:
    """The day numbers (Day 0 is the first) on which ciclosporin may go on."""
    block = next(one for one in scheduled(plan).blocks if one.id == "ptcy")
    going = may_go_on(plan, scheduled(plan).events)
    days = [day for day, some in going.items() if any(one.placed.agent == CICLO for one in some)]
    return [block.phase.day_at(day - block.cycles[0].start) for day in sorted(days)]


def drawn(plan: Plan) -> list[tuple[int, str]]:
    here = [one for one in events(plan, "ptcy") if one.placed.order.id == CICLO]
    return sorted({(one.cycle_day, str(one.state)) for one in here})


def amounts(plan: Plan) -> list[Decimal]:
    """The amounts of ciclosporin in the order of its days, each once as long as it stays."""
    found = [one.dose.value for one in events(plan, "ptcy", CICLO) if one.dose and one.dose.value]
    return [one for number, one in enumerate(found) if not number or found[number - 1] != one]


def test_it_goes_on_to_the_end_of_its_block_until_somebody_stops_it() -> None:
    plan = course()
    assert goes_on(plan) == list(range(6, 36))
    after = pausing.stop(plan, scheduled(plan), Stop(*WHERE, Scope.FOLLOWING, "toxicity", order=CICLO))
    assert goes_on(after) == list(range(6, 22))
    place = find_place(after, scheduled(after), "ptcy", 1)
    assert going_doses(after, scheduled(after), place, 30, CICLO) == ()


def test_a_hold_is_drawn_on_its_day_and_the_day_on_which_it_goes_on_too() -> None:
    plan = course()
    held = pausing.hold(plan, scheduled(plan), Hold(*WHERE, "toxicity", order=CICLO))
    assert drawn(held) == [(5, "given"), (22, "held")]
    assert goes_on(held) == list(range(6, 22))
    on = events(plan, "ptcy", CICLO)[0].date + timedelta(25)
    again = pausing.resume(held, scheduled(held), AGENTS, ("ptcy", CICLO), on).plan
    assert drawn(again) == [(5, "given"), (22, "omitted"), (30, "planned")]
    assert goes_on(again) == [*range(6, 22), *range(31, 36)]


def test_another_dose_holds_from_its_day_on_and_can_be_taken_back_from_a_later_one() -> None:
    plan = course()
    half = DoseChange(*WHERE, CICLO, Scope.FOLLOWING, "toxicity", percent=50)
    less = redosing.reduce(plan, scheduled(plan), half)
    full, lower = amounts(less)
    assert lower == full / 2
    assert drawn(less) == [(5, "given"), (22, "planned")]
    assert goes_on(less) == [*range(6, 22), *range(23, 36)]
    whole = redosing.full_dose(less, scheduled(less), replace(half, day=29, percent=100))
    assert amounts(whole) == [full, lower, full]
    with pytest.raises(Refusal, match="Ciclosporin C1 D5 was given"):
        redosing.reduce(plan, scheduled(plan), replace(half, day=5))


def test_another_drug_stands_in_from_its_day_on() -> None:
    plan = course()
    other = Replacement(*WHERE, CICLO, Scope.FOLLOWING, "tacrolimus", "toxicity", dose="1 mg", route="PO")
    after = redosing.replace_agent(plan, scheduled(plan), AGENTS, other)
    agents = dict.fromkeys(one.placed.agent for one in events(after, "ptcy") if one.placed.order.id == CICLO)
    assert list(agents) == [CICLO, "tacrolimus"]
    assert goes_on(after) == list(range(6, 22))


def test_only_what_goes_on_there_is_drawn_or_changed_there() -> None:
    plan = course()
    place = find_place(plan, scheduled(plan), "ptcy", 1)
    assert [one.cycle_day for one in going_doses(plan, scheduled(plan), place, 22, CICLO)] == [5, 5]
    for day, order in ((36, CICLO), (5, CICLO), (4, CICLO), (22, "cyclophosphamide-50"), (22, "nothing")):
        assert going_doses(plan, scheduled(plan), place, day, order) == ()
    short = DoseChange(*WHERE, "cyclophosphamide-50", Scope.FOLLOWING, "toxicity", percent=50)
    with pytest.raises(Refusal, match="is not planned from Day 22"):
        redosing.reduce(plan, scheduled(plan), short)


def test_a_change_of_an_earlier_cycle_draws_nothing_in_a_later_one() -> None:
    """Filgrastim goes on in each course until counts recover; half of it from the first course on is half of all."""
    plan = plan_of("flag-ida")
    block = plan.blocks[0].id
    of_course = [one for one in scheduled(plan).events if one.placed.agent == "filgrastim"]
    first = of_course[0]
    place = (block, first.placed.cycle, max(one.cycle_day for one in of_course if one.placed.block.id == block) + 2)
    change = DoseChange(*place, first.placed.order.id, Scope.ALL, "other", percent=50)
    less = redosing.reduce(plan, scheduled(plan), change)
    after = [one for one in scheduled(less).events if one.placed.agent == "filgrastim"]
    assert len(after) == len(of_course) + 1
    assert {one.state for one in after} <= {State.PLANNED, State.PROVISIONAL}
    assert after[0].date >= START - timedelta(1)


def test_a_day_that_its_block_does_not_have_is_refused() -> None:
    plan = plan_of("flag-ida")
    filgrastim = next(one for one in scheduled(plan).events if one.placed.agent == "filgrastim").placed
    place = find_place(plan, scheduled(plan), filgrastim.block.id, 1)
    assert going_doses(plan, scheduled(plan), place, 0, filgrastim.order.id) == ()
