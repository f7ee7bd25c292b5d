"""A deferral of everything reaches what begins later, whichever block was placed first."""

from datetime import date, timedelta

import pytest

from planner.model.plan import BlockStart, Deferral, Given, GivenRecord, Plan, Scope
from planner.services.verbs.editing import defer, move_block, take_back
from planner.services.verbs.placing import add_protocol
from planner.services.verbs.recording import shift_by_given
from tests.golden.cases import library
from tests.services.courses_at_hand import events, plan_of, scheduled

CELLS, BRIDGE = date(2026, 4, 6), date(2026, 3, 2)
DEPLETION, CYCLE = "lymphodepletion", "cycle-1"


def bridged(cells_first: bool = True) -> Plan:
    """CAR T cells from April, and a bridging cycle from March, each on a date of its own."""
    if cells_first:
        return add_protocol(
            plan_of("obe-cel", start=CELLS), library().protocols["inotuzumab-rr"], BlockStart(on=BRIDGE)
        )
    return add_protocol(plan_of("inotuzumab-rr", start=BRIDGE), library().protocols["obe-cel"], BlockStart(on=CELLS))


def later(plan: Plan, block: str, days: int = 7) -> Plan:
    return defer(plan, scheduled(plan), Deferral(block, 1, _first(plan, block), days, Scope.ALL, "infection"))


def _first(plan: Plan, block: str) -> int:
    return min(one.cycle_day for one in events(plan, block) if one.placed.role == "antineoplastic")


def both(plan: Plan) -> tuple[str, str]:
    """The first days of treatment."""
    return _date(plan, CYCLE), _date(plan, DEPLETION)


def _date(plan: Plan, block: str) -> str:
    return min(one.date for one in events(plan, block) if one.placed.role == "antineoplastic").isoformat()


@pytest.mark.parametrize("cells_first", [True, False])
def test_what_begins_later_moves_and_what_began_before_stays(cells_first: bool) -> None:
    plan = bridged(cells_first)
    assert both(later(plan, CYCLE)) == ("2026-03-09", "2026-04-13")
    assert both(later(plan, DEPLETION)) == ("2026-03-02", "2026-04-13")


@pytest.mark.parametrize("cells_first", [True, False])
def test_one_deferral_after_the_other_and_each_taken_back(cells_first: bool) -> None:
    plan = bridged(cells_first)
    two = later(later(plan, CYCLE), DEPLETION)
    assert both(two) == ("2026-03-09", "2026-04-20")
    assert both(take_back(two, 2)) == ("2026-03-09", "2026-04-13")
    assert both(take_back(two, 1)) == ("2026-03-02", "2026-04-13")
    assert both(later(two, CYCLE)) == ("2026-03-16", "2026-04-27")
    assert both(take_back(take_back(two, 2), 1)) == both(plan)


def test_one_moved_in_front_of_the_other_is_reached_as_it_stands_now() -> None:
    plan = move_block(bridged(), CYCLE, 42)
    assert both(later(plan, CYCLE)) == ("2026-04-20", "2026-04-06")
    assert both(later(plan, DEPLETION)) == ("2026-04-20", "2026-04-13")


def test_a_block_that_was_put_off_itself_counts_by_the_day_on_which_it_begins_now() -> None:
    plan = bridged()
    first = _first(plan, CYCLE)
    late = defer(plan, scheduled(plan), Deferral(CYCLE, 1, first, 42, Scope.FOLLOWING, "infection"))
    assert both(late) == ("2026-04-13", "2026-04-06")
    assert both(later(late, DEPLETION)) == ("2026-04-20", "2026-04-13")
    assert both(later(late, CYCLE)) == ("2026-04-20", "2026-04-06")


def test_what_follows_a_dose_given_late_goes_by_the_same_reach() -> None:
    plan = bridged()
    dose = next(one for one in events(plan, CYCLE) if one.placed.agent == "inotuzumab")
    place = CYCLE, 1, dose.cycle_day, dose.placed.order.id, 0
    record = GivenRecord(*place, Given.GIVEN, dose.date + timedelta(2), dose.dose.value, dose.dose.unit, "A nurse")
    assert _date(shift_by_given(plan, scheduled(plan), record, Scope.ALL), DEPLETION) == "2026-04-08"
