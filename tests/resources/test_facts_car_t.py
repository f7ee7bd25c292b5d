"""CAR T cells and leukapheresis against the facts sheet: doses, days, windows, and what was not read."""

import pytest

from planner.model.evidence import Evidence
from tests.resources.reading import given, patient, plan_of, protocol, schedule_of


def cells(course):
    """Infused cells as (day, amount), in order."""
    return [(event.cycle_day, event.dose.value) for event in course.events if event.placed.kind == "cell_infusion"]


def days_before(course, agent, product):
    """Whole days from each dose of the agent to the first infusion of the product."""
    infused = given(course, product)[0].day
    return [infused - event.day for event in given(course, agent)]


@pytest.mark.parametrize(
    ("burden", "doses"),
    [("high", [(1, 10_000_000), (10, 400_000_000)]), ("low", [(1, 100_000_000), (10, 310_000_000)])],
)
def test_obe_cel_splits_410_million_cells_by_burden_and_says_that_the_split_was_not_read(burden, doses):
    course = schedule_of(plan_of("obe-cel", patient(age=40), burden=burden, second_dose="give"))
    assert cells(course) == doses
    assert sum(amount for _, amount in doses) == 410_000_000
    infused = given(course, "obe-cel")
    assert infused[1].day - infused[0].day == 9
    assert {event.placed.evidence for event in infused} == {Evidence.UNVERIFIED}
    assert all("NOT READ" in event.note for event in infused)


def test_obe_cel_counts_no_day_0_and_infuses_3_days_after_the_last_fludarabine():
    course = schedule_of(plan_of("obe-cel", patient(age=40)))
    assert 0 not in {event.cycle_day for event in course.events}
    assert [event.cycle_day for event in given(course, "fludarabine")] == [-6, -5, -4, -3]
    assert [event.cycle_day for event in given(course, "cyclophosphamide")] == [-6, -5]
    assert days_before(course, "fludarabine", "obe-cel") == [6, 5, 4, 3]
    assert {event.dose.protocol_dose for event in given(course, "fludarabine")} == {"30 mg/m2"}
    assert {event.dose.protocol_dose for event in given(course, "cyclophosphamide")} == {"500 mg/m2"}


def test_obe_cel_second_dose_has_2_days_either_way_and_none_after_severe_crs():
    found = protocol("obe-cel")
    second = [order for order in found.phase("second-dose").orders if order.agent == "obe-cel"]
    assert {(order.window.earlier, order.window.later) for order in second} == {(2, 2)}
    without = schedule_of(plan_of("obe-cel", patient(age=40), burden="high", second_dose="no"))
    assert cells(without) == [(1, 10_000_000)]
    later = schedule_of(plan_of("obe-cel", patient(age=40), burden="high", second_dose="postpone"))
    assert [day for day, _ in cells(later)] == [1, 10]


def test_obe_cel_marrow_comes_within_7_days_before_lymphodepletion():
    course = schedule_of(plan_of("obe-cel", patient(age=40)))
    marrow = next(event for event in course.events if event.placed.order.id == "marrow-blasts")
    first = given(course, "fludarabine")[0].day
    window = marrow.placed.order.window
    assert (first - marrow.day, window.earlier, window.later) == (1, 6, 0)


@pytest.mark.parametrize("product", ["obe-cel"])
def test_no_steroid_stands_in_a_car_t_course_and_premedication_has_no_invented_dose(product):
    found = protocol(product)
    orders = [order for phase in found.phases for order in phase.orders]
    assert {order.agent for order in orders if order.role == "premedication"} == {"paracetamol", "diphenhydramine"}
    for order in orders:
        if order.role == "premedication":
            assert order.evidence is Evidence.LOCAL
            assert order.bands[0].dose is None
