"""Around a graft dates are mended by moving what counts from the cells, and nothing is left out or moved by weeks."""

import pytest

from tests.checking.shipped import rules

PTCY = "cyclophosphamide 50 mg/kg IV protocol=ptcy-gvhd block=ptcy zero=10"
CONDITIONING = "cyclophosphamide 60 mg/kg IV protocol=hsct-cy-tbi block=conditioning zero=17"
CELLS = "haematopoietic-stem-cells ? IV role=cell-therapy block=conditioning zero=17"


def test_cyclophosphamide_after_transplant_goes_to_the_graft_that_was_put_off(case):
    """The donor came a week late: nobody offered the one right change."""
    fixes = case(rules()["CY-03B"], f"13-14 {PTCY}", f"17 {CELLS}")
    assert [fix.id for fix in fixes] == ["move-block:ptcy:+7"]


def test_a_conditioning_that_meets_the_days_after_transplant_is_not_moved_by_weeks(case):
    assert case(rules()["CY-03"], f"13-14 {PTCY}", f"15 {CONDITIONING}", f"17 {CELLS}") == ()


def test_a_dose_on_a_wrong_day_after_transplant_is_moved_alone(case):
    (fix,) = case(rules()["CY-03"], f"13 {PTCY}", f"15 {PTCY}")
    assert fix.title.startswith("Bring forward Cyclophosphamide C1 D5")


@pytest.mark.parametrize("block", ["ptcy", "other"])
def test_a_steroid_of_the_first_days_is_left_out_and_not_moved(case, block):
    steroid = f"dexamethasone 8 mg IV role=supportive protocol=ptcy-gvhd block={block} zero=10 id=nausea"
    (fix,) = case(rules()["CY-06"], f"13-14 {PTCY}", f"11 {steroid}")
    assert fix.title == "Leave out Dexamethasone C1 D1 (1 dose)"


def test_treatment_of_the_block_that_counts_from_the_cells_is_moved_by_days_alone(case):
    """Only a dose that was given stands there, and the block was offered another start for it."""
    steroid = "methylprednisolone 100 mg IV role=antineoplastic protocol=ptcy-gvhd block=ptcy zero=10"
    fixes = case(rules()["CY-06"], f"13-14 {PTCY}", f"11 {steroid}")
    assert {fix.id.split(":")[0] for fix in fixes} <= {"move-day"}


def test_what_two_blocks_around_a_graft_both_give_is_not_left_out(case):
    fixes = case(rules()["ST-07"], f"13-14 {PTCY}", f"14 {CONDITIONING}", f"17 {CELLS}")
    assert not [fix for fix in fixes if fix.title.startswith("Leave out")]
