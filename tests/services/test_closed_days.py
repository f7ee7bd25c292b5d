"""Closed days: what moves, how far, and what stays with its reason."""

from datetime import date

import pytest
from msgspec.structs import replace

from planner.errors import InputProblem
from planner.model.finding import Finding, FindingStatus
from planner.model.plan import Plan
from planner.services.closed_days import Cleared, Closed, clear_closed, public_holidays
from planner.services.evaluation import evaluate
from tests.golden.cases import library
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


def _inotuzumab(closed: Closed) -> tuple[Cleared, list[tuple[str, int, str]]]:
    """What was told of day 8 of the first cycle, and what stands there then: order, days moved, state."""
    plan = plan_of("inotuzumab-rr")
    found = clear_closed(plan, scheduled(plan), closed)
    return found, [
        (one.placed.order.id, one.day - one.due_day, one.state)
        for one in events(found.plan, "cycle-1")
        if one.cycle_day == 8
    ]


def _day_eight() -> date:
    plan = plan_of("inotuzumab-rr")
    return next(one.date for one in events(plan, "cycle-1") if one.cycle_day == 8)


def test_premedication_moves_off_a_holiday_with_its_drug_and_is_not_said_to_stay() -> None:
    found, rows = _inotuzumab(Closed(days=frozenset({_day_eight()})))
    assert {name for name, *_ in rows} >= {"inotuzumab-days-8-15", "premedication-dexamethasone", "liver"}
    assert {days for _, days, _ in rows} == {1}
    assert not found.left


def test_what_follows_a_dose_to_another_closed_day_is_named_with_that_day() -> None:
    plan = plan_of("tisa-cel")
    (cells,) = events(plan, "infusion", "tisa-cel")
    closed = Closed(days=frozenset({cells.date, date.fromordinal(cells.day + 4)}))
    found = clear_closed(plan, scheduled(plan), closed)
    assert (cells, 1) in found.moved
    assert [(one.placed.order.id, one.cycle_day, one.date, why) for one, why in found.left] == [
        ("daily-watch-week", 3, date.fromordinal(cells.day + 4), "it follows a dose that moves")
    ]
    assert {one.day - one.due_day for one in events(found.plan, "infusion")} == {1}


def _marrow(plan: Plan) -> int:
    (marrow,) = [one for one in events(plan, "blinatumomab") if one.placed.order.id == MRD]
    return marrow.day


def _judged(plan: Plan, barred: tuple[int, ...], closed: Closed, severity: str = "warning", **named: object) -> Cleared:
    """Closed days cleared where a rule speaks against the marrow on these days."""

    def judge(tried: Plan) -> list[Finding]:
        (marrow,) = [one for one in events(tried, "blinatumomab") if one.placed.order.id == MRD]
        known = {"days": (marrow.day,), "orders": (marrow.placed.id,), **named}
        return [_finding(severity, **known)] if marrow.day in barred else []

    return clear_closed(plan, scheduled(plan), closed, judge=judge)


def _finding(severity: str, **named: object) -> Finding:
    return Finding(
        id="XX-01:it", rule="XX-01", title="A rule", severity=severity, status=FindingStatus.OPEN, message="It is.",
        inputs=(), arithmetic="", statement="", source="", url="", evidence="trial", **named,
    )  # fmt: skip


def test_a_day_that_brings_a_warning_is_passed_over_for_the_next_nearest() -> None:
    plan = plan_of("d-alba")
    day = _marrow(plan)
    closed = Closed(days=frozenset({date.fromordinal(day)}))
    assert _marrow(_judged(plan, (), closed).plan) == day + 1
    assert _marrow(_judged(plan, (day + 1,), closed).plan) == day + 2
    assert _marrow(_judged(plan, (day + 1,), closed, "advice").plan) == day + 1


def test_where_every_open_day_brings_a_warning_it_stays_and_the_rule_is_named() -> None:
    plan = plan_of("d-alba")
    day = _marrow(plan)
    closed = Closed(days=frozenset({date.fromordinal(day)}))
    found = _judged(plan, tuple(range(day - 60, day + 61)), closed)
    assert _marrow(found.plan) == day + 1, "what was found before speaks against no day"
    others = tuple(one for one in range(day - 60, day + 61) if one != day)
    found = _judged(plan, others, closed)
    assert found.plan == plan
    (why,) = [why for event, why in found.left if event.placed.order.id == MRD]
    assert why.startswith("XX-01 speaks against")


def test_a_finding_that_names_something_else_is_traced_to_the_move_that_brought_it() -> None:
    plan = plan_of("d-alba")
    day = _marrow(plan)
    found = _judged(plan, (day + 1,), Closed(days=frozenset({date.fromordinal(day)})), orders=("another",))
    assert _marrow(found.plan) == day + 2
    assert found.brought == ()


def test_a_finding_that_no_single_move_brings_is_told() -> None:
    plan = plan_of("hyper-cvad-ponatinib")

    def judge(tried: Plan) -> list[Finding]:
        return [_finding("warning", days=(1,), orders=("another",))] if tried.modifications else []

    weekend = Closed(weekdays=frozenset({5, 6}))
    found = clear_closed(plan, scheduled(plan), weekend, judge=judge)
    assert [one.rule for one in found.brought] == ["XX-01"]
    assert found.moved == clear_closed(plan, scheduled(plan), weekend).moved


@pytest.mark.parametrize("name", ["hyper-cvad-ponatinib", "flag-ida"])
def test_clearing_weekends_and_mondays_brings_no_new_warning(name: str) -> None:
    """Vincristine nearer than 7 days (VC-02), and examinations behind their decision (ST-01, ST-02) came with moves."""
    plan = plan_of(name)

    def grave(tried: Plan) -> dict[str, int]:
        return {one.id: one.count for one in judge(tried) if one.severity != "advice" and one.status == "open"}

    def judge(tried: Plan) -> tuple[Finding, ...]:
        return evaluate(tried, library()).findings

    before = grave(plan)
    brings = 0
    for closed in (Closed(weekdays=frozenset({5, 6})), Closed(weekdays=frozenset({0}))):
        found = clear_closed(plan, scheduled(plan), closed, judge=judge)
        assert [name for name, count in grave(found.plan).items() if count > before.get(name, 0)] == []
        blindly = grave(clear_closed(plan, scheduled(plan), closed).plan)
        brings += sum(count > before.get(name, 0) for name, count in blindly.items())
    assert brings
