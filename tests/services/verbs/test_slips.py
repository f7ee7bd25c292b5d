"""What is nearly always a slip, or cannot be given, is refused with what to do; what moves a little is told."""

from datetime import date
from decimal import Decimal

import pytest

from planner.errors import Refusal
from planner.model.patient import Measurement
from planner.model.plan import DoseChange, Plan, Replacement, Scope, Stop
from planner.services.telling.dose_moves import dose_moves, small_moves
from planner.services.telling.placed_after import far_from_the_rest, far_from_today
from planner.services.verbs import pausing, recording, redosing
from planner.services.verbs.drugs import read_dose
from tests.services.courses_at_hand import AGENTS, events, plan_of, scheduled


def by_drops(plan: Plan, percent: int) -> Plan:
    drop = next(one for one in scheduled(plan).events if one.dose and one.dose.unit == "drop")
    change = DoseChange(
        drop.placed.block.id,
        drop.placed.cycle,
        drop.cycle_day,
        drop.placed.order.id,
        Scope.CYCLE,
        "toxicity",
        percent=percent,
    )
    return redosing.reduce(plan, scheduled(plan), change)


def test_half_a_drop_is_no_dose() -> None:
    with pytest.raises(Refusal, match="a part of a drop cannot be given"):
        by_drops(plan_of("flag-ida"), 50)


@pytest.mark.parametrize("text", ["5e2 mg", "1e3 mg/m2", "2.5e1 mg/kg"])
def test_only_cells_are_written_with_an_exponent(text: str) -> None:
    with pytest.raises(Refusal, match="write the number out"):
        read_dose(text)
    assert read_dose("1e8 cells").amount


def oral(plan: Plan, route: str) -> Plan:
    """The weekly methotrexate by mouth of POMP, by another route from its second cycle on."""
    place = "first-year", 2, 1, "methotrexate-oral"
    change = Replacement(*place, Scope.FOLLOWING, "methotrexate", "toxicity", dose="30 mg", route=route)
    return redosing.replace_agent(plan, scheduled(plan), AGENTS, change)


def test_a_drug_may_be_replaced_by_itself_under_the_skin() -> None:
    plan = plan_of("pomp")
    was = {
        (one.cycle_day, one.day) for one in events(plan, "first-year", "methotrexate", 2) if one.placed.route == "PO"
    }
    after = oral(plan, "SC")
    now = [one for one in events(after, "first-year", "methotrexate", 2) if one.placed.route == "SC"]
    assert {(one.cycle_day, one.day) for one in now} == was
    assert {one.dose.value for one in now if one.dose} == {30}
    assert not [one for one in events(after, "first-year", "methotrexate", 1) if one.placed.route == "SC"]
    for route in ("", "PO"):
        with pytest.raises(Refusal, match="already"):
            oral(plan, route)


def test_a_stop_behind_the_drawn_days_of_what_has_no_end_says_how() -> None:
    plan = plan_of("d-alba")
    block = next(one for one in scheduled(plan).blocks if one.phase.open_end)
    order = block.phase.orders[0].id
    number = block.cycles[-1].number
    with pytest.raises(Refusal, match="draw it on first") as found:
        pausing.stop(plan, scheduled(plan), Stop(block.id, number, 600, Scope.FOLLOWING, "toxicity", order=order))
    assert found.value.nearest == str(block.cycles[-1].end - block.cycles[-1].start)


def test_doses_that_move_by_little_are_counted_and_the_next_is_named() -> None:
    plan = plan_of("inotuzumab-rr")
    before = scheduled(plan)
    known = plan.patient.measurements[-1]
    on = date.fromordinal(before.blocks[0].start)
    lighter = Measurement(on, known.height_cm, known.weight_kg * Decimal("0.97"))
    after = scheduled(recording.measure(plan, lighter, date(2028, 1, 1)))
    moves = dose_moves(before, after)
    (told,) = small_moves(before, after, moves)
    first = next(one for one in after.events if one.placed.agent == "inotuzumab")
    assert told.startswith("and ")
    assert " by less than 5 %, first on " in told
    assert first.label in told
    assert list(small_moves(before, before, ())) == []


@pytest.mark.parametrize(("year", "asked"), [(1999, True), (2024, False), (2030, False), (2099, True)])
def test_a_first_day_years_away_from_the_course_is_asked_about(year: int, asked: bool) -> None:
    plan = plan_of("calgb-10403")
    told = far_from_the_rest(scheduled(plan), date(year, 6, 1))
    assert bool(told) is asked
    assert ("is the year right?" in told) is asked


@pytest.mark.parametrize(("year", "asked"), [(2016, True), (2023, True), (2024, False), (2029, False), (2062, True)])
def test_a_new_plan_that_begins_years_from_today_is_told(year: int, asked: bool) -> None:
    told = far_from_today(date(year, 6, 1), date(2026, 12, 1))
    assert bool(told) is asked
    assert ("from today, Tue 01-Dec-2026: is the year right?" in told) is asked
