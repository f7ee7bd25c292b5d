"""Doses that nobody entered, where a rule means those from so many mg/m2 on: it cannot be told."""

from planner.model.finding import FindingStatus
from tests.checking.judging import find, rule

NSAID = {"agents": ["methotrexate IV from 500 mg/m2 a day"], "others": ["class:nsaid"]}


def test_a_dose_to_enter_beside_a_medicine_cannot_be_told():
    kind = rule("interaction", severity="contraindicated", **NSAID, contraindicated_others=["class:nsaid"])
    (one,) = find(kind, "8 methotrexate ? IV", co_medications=["ibuprofen 1-"])
    assert (one.status, one.missing) == (FindingStatus.CANNOT_CHECK, "dose per m2")
    assert one.message.endswith("no end recorded); whether it is 500 mg/m2 or more is not known.")


def test_known_and_unknown_doses_of_a_block_are_told_apart():
    kind = rule("interaction", severity="contraindicated", **NSAID)
    lines = ("8 methotrexate 1000 mg/m2 IV", "18 methotrexate ? IV", "28 methotrexate 100 mg/m2 IV")
    found = {one.status: one.count for one in find(kind, *lines, co_medications=["ibuprofen 1-"])}
    assert found == {FindingStatus.OPEN: 1, FindingStatus.CANNOT_CHECK: 1}


def test_without_a_bound_the_dose_does_not_matter():
    kind = rule("interaction", agents=["methotrexate IV"], others=["class:nsaid"])
    (one,) = find(kind, "8 methotrexate ? IV", co_medications=["ibuprofen 1-"])
    assert one.status is FindingStatus.OPEN


def test_a_dose_given_in_part_is_no_change_of_the_order():
    steady = rule("steady_dose", agents=["mercaptopurine"], at_least_days=14)
    changed = ("1-5 mercaptopurine 50 mg PO", "6-9 mercaptopurine 25 mg PO full=50", "10-20 mercaptopurine 50 mg PO")
    assert len(find(steady, *changed)) == 1
