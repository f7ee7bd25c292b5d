"""CAR T cells and leukapheresis against the facts sheet: doses, days, windows, and what was not read."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from planner.model.evidence import Evidence
from planner.model.patient import LabResult
from tests.resources.reading import START, drugs_of, given, patient, plan_of, protocol, schedule_of


def cells(course):
    """Infused cells as (day, amount), in order."""
    return [(event.cycle_day, event.dose.value) for event in course.events if event.placed.kind == "cell_infusion"]


def days_before(course, agent, product):
    """Whole days from each dose of the agent to the first infusion of the product."""
    infused = given(course, product)[0].day
    return [infused - event.day for event in given(course, agent)]


@pytest.mark.parametrize(
    ("burden", "doses", "evidence"),
    [
        ("high", [(1, 10_000_000), (10, 400_000_000)], Evidence.UNVERIFIED),
        ("low", [(1, 100_000_000), (10, 310_000_000)], Evidence.SECONDARY),
    ],
)
def test_obe_cel_splits_410_million_cells_by_burden_and_says_that_the_split_was_not_read(burden, doses, evidence):
    course = schedule_of(plan_of("obe-cel", patient(age=40), burden=burden, second_dose="give"))
    assert cells(course) == doses
    assert sum(amount for _, amount in doses) == 410_000_000
    infused = given(course, "obe-cel")
    assert infused[1].day - infused[0].day == 9
    assert {event.placed.evidence for event in infused} == {evidence}
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


@pytest.mark.parametrize(("kg", "dose", "capped"), [("70", 70_000_000, False), ("110", 100_000_000, True)])
def test_brexu_cel_gives_1_million_cells_per_kg_up_to_100_million(kg, dose, capped):
    course = schedule_of(plan_of("brexu-cel", patient(age=40, kg=kg)))
    assert cells(course) == [(0, dose)]
    assert given(course, "brexu-cel")[0].dose.capped is capped


def test_brexu_cel_lymphodepletion_is_that_of_all_and_not_of_mantle_cell_lymphoma():
    course = schedule_of(plan_of("brexu-cel", patient(age=40)))
    assert drugs_of("brexu-cel", "lymphodepletion") == {
        ("fludarabine", "IV"): ([-4, -3, -2], {"25 mg/m2"}),
        ("cyclophosphamide", "IV"): ([-2], {"900 mg/m2"}),
    }
    assert days_before(course, "fludarabine", "brexu-cel") == [4, 3, 2]
    assert days_before(course, "cyclophosphamide", "brexu-cel") == [2]
    assert given(course, "brexu-cel")[0].placed.duration_h == Decimal("0.5")


@pytest.mark.parametrize(
    ("creatinine", "dose"),
    [("1.1", "25 mg/m2"), ("1.6", "20 mg/m2"), ("2.5", "15 mg/m2"), ("4.0", "")],
)
def test_brexu_cel_fludarabine_follows_the_fludara_scale_only_where_chosen(creatinine, dose):
    """70 kg, 40 years, male: 88.4, 60.8, 38.9 and 24.3 mL/min."""
    who = replace(patient(age=40), labs=(LabResult(START, "creatinine", Decimal(creatinine), "mg/dL"),))
    scaled = schedule_of(plan_of("brexu-cel", who, {"fludarabine-dose": "fludara-scale"}))
    assert [event.dose.protocol_dose for event in given(scaled, "fludarabine")] == [dose] * 3
    if not dose:
        assert {event.dose.value for event in given(scaled, "fludarabine")} == {None}
    full = schedule_of(plan_of("brexu-cel", who))
    assert [event.dose.protocol_dose for event in given(full, "fludarabine")] == ["25 mg/m2"] * 3


def test_tisa_cel_follows_lymphodepletion_within_2_to_14_days():
    course = schedule_of(plan_of("tisa-cel", patient(age=12, kg="40")))
    assert drugs_of("tisa-cel", "lymphodepletion") == {
        ("fludarabine", "IV"): ([-6, -5, -4, -3], {"30 mg/m2"}),
        ("cyclophosphamide", "IV"): ([-6, -5], {"500 mg/m2"}),
    }
    assert days_before(course, "fludarabine", "tisa-cel") == [6, 5, 4, 3]
    window = given(course, "tisa-cel")[0].placed.order.window
    assert (3 - window.earlier, 3 + window.later) == (2, 14)


@pytest.mark.parametrize(
    ("kg", "range_read"), [("50", (10**7, 25 * 10**7)), ("40", (8 * 10**6, 20 * 10**7)), ("51", (10**7, 25 * 10**7))]
)
def test_tisa_cel_range_is_told_and_no_dose_is_made_of_it(kg, range_read):
    infused = given(schedule_of(plan_of("tisa-cel", patient(age=12, kg=kg))), "tisa-cel")
    assert [event.dose.value for event in infused] == [None]
    assert (infused[0].dose.least, infused[0].dose.most) == range_read


def test_tisa_cel_without_lymphodepletion_is_infused_on_the_first_day():
    course = schedule_of(plan_of("tisa-cel", patient(age=12, kg="40"), {"lymphodepletion": "left-out"}))
    assert given(course, "fludarabine") == given(course, "cyclophosphamide") == []
    assert [event.day for event in given(course, "tisa-cel")] == [START.toordinal()]


@pytest.mark.parametrize("product", ["obe-cel", "brexu-cel", "tisa-cel"])
def test_no_steroid_stands_in_a_car_t_course_and_premedication_has_no_invented_dose(product):
    found = protocol(product)
    orders = [order for phase in found.phases for order in phase.orders]
    assert {order.agent for order in orders if order.role == "premedication"} == {"paracetamol", "diphenhydramine"}
    for order in orders:
        if order.role == "premedication":
            assert order.evidence is Evidence.LOCAL
            assert order.bands[0].dose is None


@pytest.mark.parametrize(
    ("choices", "marks"),
    [
        ({}, {"chemotherapy-stop": -14, "steroid-stop": -3}),
        (
            {"chemotherapy-stop": "3-weeks", "steroid-stop": "7-days"},
            {"cyclophosphamide-methotrexate-stop": -21, "chemotherapy-stop": -14, "steroid-limit": -7},
        ),
    ],
)
def test_leukapheresis_marks_the_last_days_that_were_read(choices, marks):
    course = schedule_of(plan_of("leukapheresis", patient(age=40), choices))
    day_0 = START.toordinal()
    found = {event.placed.order.id: event.day - day_0 for event in course.events}
    always = {
        "long-stops": -42,
        "immunosuppression-stop": -28,
        "other-stops": -28,
        "proteasome-inhibitor-stop": -21,
        "irradiated-blood": -7,
        "virus-screen": -1,
        "counts": 0,
        "leukapheresis": 0,
    }
    assert found == always | marks
    assert all(event.cycle_day == event.day - day_0 for event in course.events)


def test_leukapheresis_holds_no_tki_by_a_number_nobody_read():
    marks = protocol("leukapheresis").phase("collection").assessments
    naming = [mark for mark in marks if "TKI" in f"{mark.title} {mark.note}"]
    assert [(mark.id, mark.evidence) for mark in naming] == [("other-stops", Evidence.LOCAL)]
    assert not any(character.isdigit() for character in naming[0].title + naming[0].note)
