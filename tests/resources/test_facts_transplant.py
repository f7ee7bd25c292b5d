"""Conditioning and GVHD prophylaxis against the facts sheet: doses, days counted to the graft on Day 0, totals."""

from decimal import Decimal

import pytest

from planner.content.protocol_file import make_pin
from planner.model.evidence import Evidence
from planner.model.library import ShelvedProtocol
from planner.services.evaluation import evaluate
from planner.services.verbs.placing import add_protocol
from tests.golden.cases import library
from tests.resources.reading import (
    START,
    agents,
    drugs_of,
    given,
    patient,
    plan_of,
    protocol,
    protocol_text,
    schedule_of,
    with_markers,
)

PTCY = {
    ("cyclophosphamide", "IV"): ([3, 4], {"50 mg/kg"}),
    ("mesna", "IV"): ([3, 4], {"50 mg/kg/day"}),
    ("intravenous-fluids", "IV"): ([3, 4], {"none"}),
    ("mycophenolate", "PO"): ([*range(5, 36)], {"15 mg/kg"}),
    ("sirolimus", "PO"): ([*range(5, 36)], {"6 mg", "2 mg"}),
}


def test_ptcy_as_the_nih_table_gives_it_and_nothing_else():
    adult = {"age": Decimal(36)}
    assert drugs_of("ptcy-gvhd", "ptcy", facts=adult) == PTCY
    assert drugs_of("ptcy-gvhd", "sirolimus", facts=adult) == {("sirolimus", "PO"): ([*range(36, 181)], {"2 mg"})}


def test_ptcy_gives_children_the_sirolimus_of_the_column_for_children():
    child = {"age": Decimal(11)}
    assert drugs_of("ptcy-gvhd", "ptcy", facts=child)[("sirolimus", "PO")][1] == {"3 mg/m2", "1 mg/m2"}
    assert drugs_of("ptcy-gvhd", "sirolimus", facts=child)[("sirolimus", "PO")][1] == {"1 mg/m2"}
    caps = {
        band.cap.value
        for phase in protocol("ptcy-gvhd").phases
        for order in phase.orders
        for band in order.bands
        if order.agent == "sirolimus" and band.cap
    }
    assert caps == {6, 2}


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


def test_nothing_but_cyclophosphamide_mesna_and_fluids_stands_before_day_5():
    found = protocol("ptcy-gvhd")
    early = [order for phase in found.phases for order in phase.orders if order.days.numbers[0] < 5]
    assert {order.agent for order in early} == {"cyclophosphamide", "mesna", "intravenous-fluids"}
    assert {order.days.numbers for order in early} == {(3, 4)}


def test_the_lower_cyclophosphamide_dose_has_no_invented_mesna():
    course = schedule_of(plan_of("ptcy-gvhd", patient(), {"cyclophosphamide-dose": "25-mg-kg"}))
    assert [event.dose.value for event in given(course, "cyclophosphamide")] == [1750, 1750]
    assert [event.dose.value for event in given(course, "mesna")] == [None, None]


@pytest.mark.parametrize(("partner", "dose"), [("tacrolimus", None), ("ciclosporin", Decimal(105))])
def test_other_partners_start_on_day_5_and_show_no_end_nobody_read(partner, dose):
    course = schedule_of(plan_of("ptcy-gvhd", patient(), {"partner": partner}))
    doses = [(event.cycle_day, event.dose.value) for event in given(course, partner)]
    assert doses[:-28] == [(5, dose)] * (2 if partner == "ciclosporin" else 1)
    assert doses[-28:] == [(day, None) for day in range(36, 64)]
    assert given(course, "sirolimus") == []
    mycophenolate = given(course, "mycophenolate")
    assert [(event.cycle_day, event.dose.value) for event in mycophenolate] == [
        (day, 1000) for day in range(5, 36) for _ in range(3)
    ]
    weakest = Evidence.SECONDARY if partner == "ciclosporin" else Evidence.UNVERIFIED
    assert {event.placed.evidence for event in mycophenolate} == {weakest}


@pytest.mark.parametrize("partner", ["tacrolimus", "ciclosporin"])
def test_from_day_36_on_the_site_enters_its_calcineurin_inhibitor_in_a_block_without_an_end(partner):
    """Past Day 35 no block held it, so it could not be drawn at all."""
    course = schedule_of(plan_of("ptcy-gvhd", patient(), {"partner": partner}))
    ptcy, after = course.blocks
    assert (after.phase.id, after.start, after.phase.open_end) == ("calcineurin-inhibitor", ptcy.end, True)
    (order,) = {event.placed.order.id for event in course.events if event.placed.block.id == after.id}
    assert order == partner
    assert {event.placed.evidence for event in given(course, partner)[-28:]} == {Evidence.LOCAL}


CONDITIONING = {  # mesna and fluids from the New Zealand regimen library, the rest from the trial
    "hsct-cy-tbi": {
        ("total-body-irradiation", "radiation"): ([-7, -6, -5, -4], {"none"}),
        ("cyclophosphamide", "IV"): ([-3, -2], {"60 mg/kg/day"}),
        ("mesna", "IV"): ([-3, -2], {"60 mg/kg/day"}),
        ("intravenous-fluids", "IV"): ([-3, -2], {"none"}),
        ("haematopoietic-stem-cells", "IV"): ([0], {"none"}),
    },
    "hsct-bu-cy": {
        ("busulfan", "IV"): ([-7, -6, -5, -4], {"130 mg/m2/day"}),
        ("antiseizure-medicine", "PO"): ([-8, -7, -6, -5, -4, -3], {"none"}),
        ("cyclophosphamide", "IV"): ([-3, -2], {"60 mg/kg/day"}),
        ("mesna", "IV"): ([-3, -2], {"60 mg/kg/day"}),
        ("intravenous-fluids", "IV"): ([-3, -2], {"none"}),
        ("haematopoietic-stem-cells", "IV"): ([0], {"none"}),
    },
    "hsct-bu-flu": {
        ("busulfan", "IV"): ([-5, -4, -3, -2], {"130 mg/m2/day"}),
        ("fludarabine", "IV"): ([-5, -4, -3, -2], {"30 mg/m2/day"}),
        ("antiseizure-medicine", "PO"): ([-6, -5, -4, -3, -2, -1], {"none"}),
        ("haematopoietic-stem-cells", "IV"): ([0], {"none"}),
    },
    "hsct-flu-bu-ric": {
        ("fludarabine", "IV"): ([-6, -5, -4, -3, -2], {"30 mg/m2/day"}),
        ("busulfan", "IV"): ([-5, -4], {"3.2 mg/kg/day"}),
        ("antiseizure-medicine", "PO"): ([-6, -5, -4, -3], {"none"}),
        ("haematopoietic-stem-cells", "IV"): ([0], {"none"}),
    },
}


@pytest.mark.parametrize("block", CONDITIONING)
def test_conditioning_gives_every_drug_on_its_days_and_no_other_drug(block):
    assert drugs_of(block, "conditioning", facts={"age": Decimal(36)}) == CONDITIONING[block]


@pytest.mark.parametrize(("block", "days"), [("hsct-bu-cy", (-8, -3)), ("hsct-bu-flu", (-6, -1))])
def test_clonazepam_is_drawn_only_where_the_site_chose_it_and_not_for_children(block, days):
    """Which medicine holds off seizures is the site's to say: unasked, it stands there without drug or dose."""
    first, last = days
    unasked = [
        (event.cycle_day, event.placed.evidence, event.dose.value)
        for event in given(schedule_of(plan_of(block, patient())), "antiseizure-medicine")
    ]
    assert unasked == [(day, Evidence.LOCAL, None) for day in range(first, last + 1)]
    course = schedule_of(plan_of(block, patient(), {"seizure-prophylaxis": "clonazepam"}))
    found = [event.cycle_day for event in given(course, "clonazepam")]
    assert found == sorted([first, last, *range(first + 1, last), *range(first + 1, last)])
    child = drugs_of(block, "conditioning", facts={"age": Decimal(11), "variant.seizure-prophylaxis": "clonazepam"})
    assert child[("antiseizure-medicine", "PO")] == ([*range(first, last + 1)], {"none"})
    assert ("clonazepam", "PO") not in child


@pytest.mark.parametrize("block", CONDITIONING)
def test_days_of_conditioning_count_to_the_graft_on_day_0(block):
    course = schedule_of(plan_of(block, patient()))
    graft = given(course, "haematopoietic-stem-cells")
    assert [event.cycle_day for event in graft] == [0]
    assert {event.day - event.cycle_day for event in course.events} == {graft[0].day}


BY_WEIGHT = {"busulfan-dose": "daily-by-weight"}


@pytest.mark.parametrize(
    ("block", "choices", "agent", "total"),
    [
        ("hsct-cy-tbi", {}, "cyclophosphamide", "120"),
        ("hsct-bu-cy", {}, "cyclophosphamide", "120"),
        ("hsct-bu-cy", BY_WEIGHT, "busulfan", "12.8"),
        ("hsct-bu-flu", BY_WEIGHT, "busulfan", "12.8"),
        ("hsct-flu-bu-ric", {}, "busulfan", "6.4"),
    ],
)
def test_totals_per_kg_are_those_of_the_trial(block, choices, agent, total):
    """Somebody below the ideal weight, 66.4 kg by busulfan's label, for whom every weight is the actual one."""
    found = given(schedule_of(plan_of(block, patient(kg="65"), choices)), agent)
    assert sum(event.dose.value for event in found) == Decimal(total) * 65


@pytest.mark.parametrize(("block", "doses"), [("hsct-bu-flu", 4), ("hsct-flu-bu-ric", 5)])
def test_fludarabine_totals_120_and_150_mg_per_m2(block, doses):
    found = given(schedule_of(plan_of(block, patient())), "fludarabine")
    assert [event.dose.protocol_dose for event in found] == ["30 mg/m2/day"] * doses


def test_busulfan_of_the_label_form_is_16_doses_on_the_labels_weight_with_the_level_at_dose_9():
    course = schedule_of(plan_of("hsct-bu-cy", patient(kg="70"), {"busulfan-dose": "every-6-hours"}))
    found = given(course, "busulfan")
    assert [event.dose.value for event in found] == [Decimal("53.1")] * 16, "0.8 × (50 + 0.91 × 18)"
    assert {event.placed.evidence for event in found} == {Evidence.LABEL}
    level = next(event for event in course.events if event.placed.order.id == "busulfan-level")
    assert level.cycle_day == found[8].cycle_day == -5
    assert found[7].cycle_day == -6


CHILDREN = [("8.9", "8.9"), ("9", "10.8"), ("15.9", "19.1"), ("16", "17.6"), ("23", "25.3"), ("23.1", "21.9")]
CHILDREN += [("3", "3"), ("12", "14.4"), ("22.9", "25.2"), ("34", "32.3"), ("34.1", "27.3"), ("50", "40"), ("75", "60")]


@pytest.mark.parametrize(("kg", "dose"), CHILDREN)
def test_children_get_busulfan_by_actual_weight_in_five_steps(kg, dose):
    """Two copies of the European text and two abstracts of the trial; the adult's weight of the label is not theirs."""
    child = patient(kg=kg, age=8)
    course = schedule_of(plan_of("hsct-bu-cy", child, {"busulfan-dose": "every-6-hours"}))
    found = given(course, "busulfan")
    assert [(event.dose.value, event.placed.order.duration_h) for event in found] == [(Decimal(dose), 2)] * 16
    assert {event.placed.evidence for event in found} == {Evidence.LABEL}
    level = next(event for event in course.events if event.placed.order.id == "busulfan-level")
    assert level.cycle_day == found[8].cycle_day == -5


@pytest.mark.parametrize(("kg", "height_cm", "age"), [("30", "138", 8), ("70", "155", 14)])
@pytest.mark.parametrize(
    ("block", "choices"),
    [
        *((block, choices) for block in ("hsct-bu-cy", "hsct-bu-flu") for choices in ({}, BY_WEIGHT)),
        ("hsct-flu-bu-ric", {}),
    ],
)
def test_no_child_gets_busulfan_by_the_surface_or_the_weight_of_a_trial_in_adults(block, choices, kg, height_cm, age):
    """By surface 139 mg for 30 kg, not 114; by the adults' weight 169 mg for 70 kg, not 224."""
    found = given(schedule_of(plan_of(block, patient(age, kg=kg, height_cm=height_cm), choices)), "busulfan")
    assert [event.dose.value for event in found] == [None] * (2 if block == "hsct-flu-bu-ric" else 4)
    assert {event.placed.evidence for event in found} == {Evidence.LOCAL}
    assert all("the ideal weight is not defined" not in event.note for event in found)


@pytest.mark.parametrize("block", ["hsct-bu-cy", "hsct-bu-flu"])
def test_busulfan_by_surface_totals_520_mg_per_m2(block):
    course = schedule_of(plan_of(block, patient()))
    assert [event.dose.protocol_dose for event in given(course, "busulfan")] == ["130 mg/m2/day"] * 4


@pytest.mark.parametrize(
    ("block", "choices"), [("hsct-bu-cy", BY_WEIGHT), ("hsct-bu-flu", BY_WEIGHT), ("hsct-flu-bu-ric", {})]
)
def test_busulfan_by_weight_tells_that_the_weight_was_not_read(block, choices):
    found = given(schedule_of(plan_of(block, patient(), choices)), "busulfan")
    assert {event.placed.evidence for event in found} == {Evidence.UNVERIFIED}
    assert all("The weight the trial used was not read: CHECK" in event.note for event in found)


@pytest.mark.parametrize("block", ["hsct-bu-cy", "hsct-bu-flu", "hsct-flu-bu-ric"])
def test_no_paracetamol_is_planned_with_busulfan(block):
    found = protocol(block)
    assert "paracetamol" not in {order.agent for phase in found.phases for order in phase.orders}


@pytest.mark.parametrize("block", ["hsct-cy-tbi", "hsct-bu-flu", "hsct-flu-bu-ric"])
def test_after_inotuzumab_the_liver_is_tested_every_week_of_the_first_month(block):
    plain = schedule_of(plan_of(block, patient()))
    assert {one.phase.id for one in plain.blocks} == {"conditioning"}
    watched = schedule_of(plan_of(block, patient(), {"prior-inotuzumab": "yes"}))
    tests = [event for event in watched.events if event.placed.order.id == "liver-tests"]
    graft = given(watched, "haematopoietic-stem-cells")[0].day
    assert [event.day - graft for event in tests] == [7, 14, 21, 28]


def test_bu_cy_is_not_entered_after_inotuzumab():
    found = protocol("hsct-bu-cy")
    assert any("Not after inotuzumab" in text for _, text in found.entry)
    assert "prior-inotuzumab" not in {variant.id for variant in found.variants}


@pytest.mark.parametrize("block", CONDITIONING)
@pytest.mark.parametrize(("ph", "marks"), [("positive", [100]), ("negative", [])])
def test_a_tki_after_transplant_is_a_line_to_fill_without_an_end_or_a_dose(block, ph, marks):
    """It was one day long, so that no inhibitor could be drawn in it."""
    who = with_markers(patient(), ph=ph)
    course = schedule_of(plan_of(block, who, {"tki-after": "prophylactic"}))
    graft = given(course, "haematopoietic-stem-cells")[0].day
    assert [event.day - graft for event in course.events if event.placed.order.id == "tki-start"] == marks
    taken = given(course, "kinase-inhibitor")
    assert [event.day - graft for event in taken] == (list(range(100, 128)) if marks else [])
    assert {event.dose.value for event in taken} <= {None}
    assert protocol(block).phase("tki").open_end
    named = {order.agent for phase in protocol(block).phases for order in phase.orders}
    assert {agent for agent in named if "tki" in agents()[agent].classes} == {"kinase-inhibitor"}


# ---------------------------------------------------------------- GVHD prophylaxis of the site


def test_gvhd_prophylaxis_without_ptcy_is_a_place_on_the_days_of_the_graft_and_gives_no_dose():
    """After Day 0 there was no block to which the site could add ciclosporin and methotrexate."""
    course = plan_of("hsct-cy-tbi", patient())
    text = protocol_text("gvhd-prophylaxis")
    shelved = ShelvedProtocol(make_pin(text), protocol("gvhd-prophylaxis"), "shipped")
    found = schedule_of(add_protocol(course, shelved, course.blocks[0].start))
    (graft,) = given(found, "haematopoietic-stem-cells")
    (medicine,) = given(found, "gvhd-medicine")
    assert (medicine.day - graft.day, medicine.dose.value, medicine.placed.evidence) == (-1, None, Evidence.LOCAL)
    assert found.block("gvhd-prophylaxis").end - 1 - graft.day == 100
    assert agents()["gvhd-medicine"].classes == ("immunosuppressant",)


@pytest.mark.parametrize("block", ["hsct-bu-flu", "hsct-flu-bu-ric"])
def test_busulfan_with_fludarabine_is_for_adults(block):
    """A label says that it was not established below 18 years; a child's plan met no word of it."""
    asked = [when for when, _ in protocol(block).entry if when]
    assert [when.holds({"age": Decimal(age)}) for when in asked for age in (17, 18)] == [False, True]


@pytest.mark.parametrize("block", ["hsct-bu-cy", "hsct-cy-tbi", "ptcy-gvhd"])
def test_fluids_stand_beside_each_high_dose_of_cyclophosphamide_and_move_with_it(block):
    """The library names saline before and after it; the protocols that give it drew none, and rule CY-12 asked."""
    found = evaluate(plan_of(block, patient(), {}), library())
    assert {"CY-12", "CY-02"}.isdisjoint({one.rule for one in found.findings})
    days = {event.day for event in given(found.schedule, "cyclophosphamide")}
    fluids = given(found.schedule, "intravenous-fluids")
    assert ({event.day for event in fluids}, {event.dose.value for event in fluids}) == (days, {None})
    assert all(event.placed.order.goes_with for event in fluids)
