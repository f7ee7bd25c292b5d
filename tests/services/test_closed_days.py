"""Closed days: what moves, how far, and what stays with its reason."""

from datetime import date

import pytest
from msgspec.structs import replace

from planner.errors import InputProblem
from planner.services.closed_days import Closed, clear_closed, public_holidays
from tests.services.courses_at_hand import days, events, plan_of, scheduled

MRD = "mrd-after-cycle-2"


def test_an_examination_moves_to_the_nearest_open_day_of_its_window_and_nothing_else_moves() -> None:
    plan = plan_of("d-alba")
    (marrow,) = [one for one in events(plan, "blinatumomab") if one.placed.order.id == MRD]
    found = clear_closed(plan, scheduled(plan), Closed(days=frozenset({marrow.date})))
    assert (marrow, 1) in found.moved
    (moved,) = [one for one in events(found.plan, "blinatumomab") if one.placed.order.id == MRD]
    assert moved.day == marrow.day + 1
    assert days(found.plan, "tki-maintenance") == days(plan, "tki-maintenance")
    two = Closed(days=frozenset({marrow.date, date.fromordinal(marrow.day + 1)}))
    (moved,) = [
        one
        for one in events(clear_closed(plan, scheduled(plan), two).plan, "blinatumomab")
        if one.placed.order.id == MRD
    ]
    assert moved.day == marrow.day + 2


def test_what_has_no_window_stays_and_is_named() -> None:
    plan = plan_of("calgb-10403")
    found = clear_closed(plan, scheduled(plan), Closed(days=frozenset({date(2026, 1, 12)})))
    named = {event.placed.order.id: why for event, why in found.left}
    assert named["vincristine"] == "its order has no other day"
    assert "prednisone" not in named, "tablets are taken at home"
    assert found.plan == plan


def test_a_window_without_an_open_day_is_said() -> None:
    plan = plan_of("d-alba")
    found = clear_closed(plan, scheduled(plan), Closed(weekdays=frozenset(range(7))))
    assert not found.moved
    assert "its order's other days are closed too" in {why for _, why in found.left}


def test_every_weekend_is_cleared_or_named() -> None:
    plan = plan_of("mini-hyper-cvd-inotuzumab")
    weekend = Closed(weekdays=frozenset({5, 6}))
    found = clear_closed(plan, scheduled(plan), weekend)
    after = clear_closed(found.plan, scheduled(found.plan), weekend)
    assert not after.moved
    assert {(event.placed.id, event.cycle_day) for event, _ in after.left} == {
        (event.placed.id, event.cycle_day) for event, _ in found.left
    }
    assert len(scheduled(found.plan).events) == len(scheduled(plan).events)
    assert replace(found.plan, modifications=()) == plan


def test_the_optional_library_is_asked_for_by_name() -> None:
    holidays = pytest.importorskip("holidays")
    assert holidays
    assert date(2026, 12, 25) in public_holidays("DE", "BY", [2026])
    with pytest.raises(InputProblem, match="--country"):
        public_holidays("XX", "", [2026])
