"""Conditioning and GVHD prophylaxis against the facts sheet: doses, days counted to the graft on Day 0, totals."""

from decimal import Decimal

import pytest

from planner.model.evidence import Evidence
from tests.resources.reading import START, drugs_of, given, patient, plan_of, protocol, schedule_of

PTCY = {
    ("cyclophosphamide", "IV"): ([3, 4], {"50 mg/kg"}),
    ("mesna", "IV"): ([3, 4], {"50 mg/kg/day"}),
    ("mycophenolate", "PO"): ([*range(5, 36)], {"15 mg/kg"}),
    ("sirolimus", "PO"): ([*range(5, 36)], {"6 mg", "2 mg/day"}),
}


def test_ptcy_as_the_nih_table_gives_it_and_nothing_else():
    assert drugs_of("ptcy-gvhd", "ptcy") == PTCY
    assert drugs_of("ptcy-gvhd", "sirolimus") == {("sirolimus", "PO"): ([*range(36, 181)], {"2 mg/day"})}


def test_ptcy_days_count_from_the_graft_through_both_phases():
    course = schedule_of(plan_of("ptcy-gvhd", patient()))
    assert {event.day - event.cycle_day for event in course.events} == {START.toordinal()}
    sirolimus = given(course, "sirolimus")
    assert [event.cycle_day for event in sirolimus] == [*range(5, 181)]
    assert [event.dose.value for event in sirolimus] == [6] + [2] * 175


@pytest.mark.parametrize(("kg", "dose", "capped"), [("60", 900, False), ("70", 1000, True)])
def test_mycophenolate_is_given_three_times_a_day_and_no_dose_passes_1_g(kg, dose, capped):
    found = given(schedule_of(plan_of("ptcy-gvhd", patient(kg=kg))), "mycophenolate")
    assert len(found) == 31 * 3
    assert {(event.dose.value, event.dose.capped) for event in found} == {(dose, capped)}


def test_nothing_but_cyclophosphamide_and_mesna_stands_before_day_5():
    found = protocol("ptcy-gvhd")
    early = [order for phase in found.phases for order in phase.orders if order.days.numbers[0] < 5]
    assert {order.agent for order in early} == {"cyclophosphamide", "mesna"}
    assert {order.days.numbers for order in early} == {(3, 4)}


def test_the_lower_cyclophosphamide_dose_has_no_invented_mesna():
    course = schedule_of(plan_of("ptcy-gvhd", patient(), {"cyclophosphamide-dose": "25-mg-kg"}))
    assert [event.dose.value for event in given(course, "cyclophosphamide")] == [1750, 1750]
    assert [event.dose.value for event in given(course, "mesna")] == [None, None]


@pytest.mark.parametrize(("partner", "dose"), [("tacrolimus", None), ("ciclosporin", Decimal(210))])
def test_other_partners_start_on_day_5_and_show_no_end_nobody_read(partner, dose):
    course = schedule_of(plan_of("ptcy-gvhd", patient(), {"partner": partner}))
    assert [(event.cycle_day, event.dose.value) for event in given(course, partner)] == [(5, dose)]
    assert given(course, "sirolimus") == []
    mycophenolate = given(course, "mycophenolate")
    assert {event.placed.evidence for event in mycophenolate} <= {Evidence.UNVERIFIED, Evidence.LOCAL}
