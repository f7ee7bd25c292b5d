"""Test vectors of facts-cellular-and-rules.md, part C, computed there from the formulas."""

from decimal import Decimal

import pytest

from planner.assembly import calculators

BODIES = [("170", "70"), ("178", "110"), ("110", "18"), ("155", "120")]
SURFACES = {
    "mosteller": ["1.818", "2.332", "0.742", "2.273"],
    "dubois": ["1.810", "2.267", "0.741", "2.128"],
    "haycock": ["1.826", "2.371", "0.740", "2.352"],
    "gehan-george": ["1.831", "2.356", "0.758", "2.324"],
    "boyd": ["1.835", "2.377", "0.755", "2.390"],
}


def number(text):
    return Decimal(text)


@pytest.mark.parametrize(
    ("formula", "body", "surface"),
    [(name, body, value) for name, values in SURFACES.items() for body, value in zip(BODIES, values, strict=True)],
)
def test_body_surface(formula, body, surface):
    height, weight = map(number, body)
    assert calculators.body_surface(height, weight, formula).value == number(surface)


def test_every_surface_formula_has_vectors():
    assert set(calculators.SURFACE_FORMULAS) == set(SURFACES)


@pytest.mark.parametrize(("sex", "clearance"), [("male", "77.8"), ("female", "66.1")])
def test_cockcroft_gault(sex, clearance):
    found = calculators.creatinine_clearance(60, number("70"), number("1.0"), sex)
    assert (found.value, found.unit) == (number(clearance), "mL/min")


@pytest.mark.parametrize(
    ("height", "weight", "clearance", "by"),
    [
        (None, "138", "74.4", "by the actual weight; with the height, obesity is taken into account"),
        ("168", "138", "49.0", "adjusted weight 91 kg, body mass index 48.9"),
        ("168", "84.7", "37.6", "adjusted weight 69.7 kg, body mass index 30"),
        ("168", "84", "45.3", "actual weight 84 kg"),
    ],
)
def test_cockcroft_gault_of_somebody_obese(height, weight, clearance, by):
    """By 138 kg kidneys that clear 49 mL/min were called 74, and full doses passed."""
    tall = number(height) if height else None
    found = calculators.creatinine_clearance(35, number(weight), number("2.3"), "female", tall)
    assert (found.value, found.notes) == (number(clearance), (by,))


@pytest.mark.parametrize(
    ("age", "creatinine", "sex", "rate"),
    [(60, "1.0", "male", "86.2"), (60, "1.0", "female", "64.5"), (30, "0.6", "female", "123.8")],
)
def test_ckd_epi_2021(age, creatinine, sex, rate):
    assert calculators.ckd_epi_2021(age, number(creatinine), sex).value == number(rate)


def test_low_creatinine_is_pointed_out():
    low, usual = (calculators.creatinine_clearance(60, number("70"), number(one), "male") for one in ("0.69", "0.7"))
    assert [note for note in low.notes if "at least 0.7 mg/dL" in note]
    assert not [note for note in usual.notes if "at least 0.7 mg/dL" in note]


def test_bedside_schwartz():
    assert calculators.bedside_schwartz(7, number("120"), number("0.5")).value == number("99.1")


def test_index_is_taken_off_by_multiplying_with_the_body_surface():
    assert calculators.without_index(number("86.2"), number("1.818")).value == number("90.6")


@pytest.mark.parametrize(
    ("auc", "clearance", "dose"), [("5", "90", "575"), ("4", "180", "600"), ("5", "126", "750"), ("6", "125", "900")]
)
def test_calvert(auc, clearance, dose):
    assert calculators.calvert(number(auc), number(clearance)).value == number(dose)


def test_calvert_says_when_it_capped_and_when_to_measure():
    assert "capped at 125" in " ".join(calculators.calvert(number("5"), number("126")).notes)
    assert "capped" not in " ".join(calculators.calvert(number("5"), number("125")).notes)
    assert "measured" in " ".join(calculators.calvert(number("6.5"), number("90")).notes)


@pytest.mark.parametrize(
    ("height", "sex", "weight"), [("170", "male", "65.9"), ("170", "female", "61.4"), ("178", "male", "73.2")]
)
def test_ideal_weight(height, sex, weight):
    assert calculators.ideal_weight(number(height), sex).value == number(weight)


def test_adjusted_weight():
    found = calculators.adjusted_weight(number("178"), number("110"), "male")
    assert (found.value, found.notes) == (number("87.9"), ())
    assert calculators.adjusted_weight(number("178"), number("80"), "male").notes


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: calculators.body_surface(number("1.70"), number("70")),
        lambda: calculators.body_surface(number("170"), number("0")),
        lambda: calculators.creatinine_clearance(17, number("70"), number("1"), "male"),
        lambda: calculators.creatinine_clearance(60, number("70"), number("88.4"), "male"),
        lambda: calculators.creatinine_clearance(60, number("70"), number("1"), "other"),
        lambda: calculators.ckd_epi_2021(121, number("1"), "male"),
        lambda: calculators.bedside_schwartz(19, number("170"), number("1")),
        lambda: calculators.calvert(number("50"), number("90")),
        lambda: calculators.ideal_weight(number("150"), "female"),
        lambda: calculators.adjusted_weight(number("178"), number("60"), "male"),
    ],
)
def test_impossible_inputs_are_refused(wrong):
    with pytest.raises(ValueError, match=r"\d|female"):
        wrong()
