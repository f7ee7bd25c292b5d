"""A weekly drug on another weekday from a day on: which doses move, what is refused, what is told."""

from dataclasses import dataclass

import pytest

from planner.errors import Refusal
from planner.model.civil import WEEKDAYS
from planner.model.plan import Deferral, Given, GivenRecord, Plan, Scope
from planner.model.site import Site
from planner.services.evaluation import evaluate
from planner.services.telling.change_words import change_words
from planner.services.telling.unlisted import unlisted
from planner.services.verbs.editing import defer, take_back
from planner.services.verbs.recording import record_given
from tests.golden.cases import library
from tests.services.courses_at_hand import events, plan_of, scheduled

BLOCK, MTX = "first-year", "methotrexate-oral"


def moved(plan: Plan, days: int = 2, cycle: int = 2, day: int = 15, order: str = MTX, **more) -> Plan:
    scope = more.pop("scope", Scope.FOLLOWING)
    block = more.pop("block", BLOCK)
    return defer(plan, scheduled(plan), Deferral(block, cycle, day, days, scope, "patient choice", order=order))


def weekdays(plan: Plan, block: str = BLOCK) -> list[tuple[int, int, str]]:
    """Cycle, day number and weekday of each dose."""
    here = [one for one in events(plan, block) if one.placed.order.id == MTX]
    return [(one.placed.cycle, one.cycle_day, WEEKDAYS[one.date.weekday()]) for one in here]


def test_it_moves_from_that_day_on_in_all_cycles_of_the_block_and_nothing_else_does() -> None:
    plan = plan_of("pomp")
    home = weekdays(plan)[0][2]
    away = WEEKDAYS[(WEEKDAYS.index(home) + 2) % 7]
    after = moved(plan)
    for cycle, day, weekday in weekdays(after):
        assert weekday == (away if (cycle, day) >= (2, 15) else home)
    rest = [[one.day for one in events(each, BLOCK) if one.placed.order.id != MTX] for each in (plan, after)]
    assert rest[0] == rest[1]
    assert weekdays(after, "later") == weekdays(plan, "later")
    assert [(one.id, one.begins, one.end) for one in scheduled(after).blocks] == [
        (one.id, one.begins, one.end) for one in scheduled(plan).blocks
    ]
    assert take_back(after, 1) == plan


def test_scope_cycle_moves_the_rest_of_the_cycle_and_a_second_step_adds_up() -> None:
    plan = plan_of("pomp")
    home = weekdays(plan)[0][2]
    after = moved(plan, scope=Scope.CYCLE)
    assert {weekday for cycle, _, weekday in weekdays(after) if cycle > 2} == {home}
    again = moved(moved(plan), -1, 3, 1)
    one, two = (WEEKDAYS[(WEEKDAYS.index(home) + step) % 7] for step in (1, 2))
    assert {weekday for cycle, _, weekday in weekdays(again) if cycle >= 3} == {one}
    assert {weekday for cycle, day, weekday in weekdays(again) if (2, 15) <= (cycle, day) < (3, 1)} == {two}


def test_it_is_said_how_far_it_goes_and_where_the_drug_stays() -> None:
    plan = plan_of("pomp")
    after = moved(plan)
    assert change_words(after.modifications[-1]) == (
        "Deferred methotrexate-oral by +2 days from C2 D15 of first-year on (patient choice)"
    )
    told = unlisted(evaluate(plan, library(), Site()), evaluate(after, library(), Site()))
    assert any("Methotrexate stays on its days in POMP from cycle 13" in line for line in told), told


def test_another_order_of_the_drug_that_stays_on_its_days_is_told() -> None:
    """Methotrexate of day 29 is an order of its own, which stood 5 days after the one before it."""
    plan = plan_of("calgb-10403")
    after = moved(plan, order="methotrexate-oral", block="maintenance", cycle=2, day=15)
    told = unlisted(evaluate(plan, library(), Site()), evaluate(after, library(), Site()))
    assert any("stays on its days: move it by its own name too" in line and "day-29" in line for line in told), told


@dataclass
class Case:
    said: dict
    says: str


@pytest.mark.parametrize(
    "case",
    [
        Case({"days": 7}, "by at most 6 days"),
        Case({"days": -7}, "by at most 6 days"),
        Case({"scope": Scope.ALL}, "scope cycle or following"),
        Case({"order": "mercaptopurine"}, "more often than once a week"),
        Case({"order": "prednisone", "day": 1}, "more often than once a week"),
        Case({"day": 16}, "C2 D16 does not hold methotrexate-oral"),
    ],
)
def test_what_is_no_change_of_weekday_is_refused(case) -> None:
    with pytest.raises(Refusal) as refused:
        moved(plan_of("pomp"), **case.said)
    assert case.says in str(refused.value)


def test_no_dose_passes_the_one_before_it() -> None:
    plan = moved(plan_of("pomp"), 3)
    with pytest.raises(Refusal, match="on or before"):
        moved(moved(plan, -6, 4, 1), -6, 4, 1)


def test_what_was_given_later_is_not_moved_any_more() -> None:
    plan = plan_of("pomp")
    one = next(one for one in events(plan, BLOCK) if one.placed.order.id == MTX and one.placed.cycle == 3)
    assert one.dose is not None
    record = GivenRecord(BLOCK, 3, one.cycle_day, MTX, 0, Given.GIVEN, one.date, one.dose.value, one.dose.unit, "A. P.")
    given = record_given(plan, scheduled(plan), record, one.date)
    with pytest.raises(Refusal, match="is recorded as given; begin after it"):
        moved(given)
    assert weekdays(moved(given, cycle=4, day=1))[:12] == weekdays(plan)[:12]
