"""Kinds that look at the patient's state: results, reduced doses, units, entry criteria, and silencing by a fact."""

import pytest
from msgspec.structs import replace

from planner.model.condition import parse_condition
from planner.model.finding import FindingStatus
from tests.builders import day
from tests.checking.judging import find, rule
from tests.checking.shipped import rules

UNKNOWN = FindingStatus.CANNOT_CHECK
ALLOPURINOL = ["allopurinol 1-10"]


def reduced(**more):
    return rule("reduced_dose", agents=["mercaptopurine"], **more)


def test_a_result_is_shown_with_its_unit_and_day():
    kind = rule("patient_state", agents=["fludarabine"], must="crcl >= 30 and age < 60")
    (one,) = find(kind, "8 fludarabine 25 mg/m2 IV", facts={"crcl day 3": "25"})
    assert one.message.endswith(
        "is planned; the patient: creatinine clearance 25 mL/min (result of 03-Jan-2026); age 40 years."
    )


def test_nothing_recorded_is_one_finding_over_all_blocks():
    kind = rule("patient_state", agents=["fludarabine"], must="crcl >= 30")
    (one,) = find(kind, "1 fludarabine 25 mg/m2 IV block=a", "1 fludarabine 25 mg/m2 IV block=b")
    assert (one.status, one.count) == (UNKNOWN, 2)


def test_an_old_result_is_not_recorded():
    kind = rule("patient_state", agents=["fludarabine"], must="anc >= 1", within_days=7)
    events = ("9 fludarabine 25 mg/m2 IV",)
    assert [one.status for one in find(kind, *events, facts={"anc day 1": "2"})] == [UNKNOWN]
    assert find(kind, *events, facts={"anc day 2": "2"}) == ()


AGED = {"must": "crcl > 60 and creatinine-xuln <= 1", "clears_for_days": 7, "scope": "each dose"}


def test_an_old_good_result_clears_nothing_and_is_named_with_its_age():
    kind = rule("patient_state", agents=["fludarabine"], **AGED)
    facts = {"crcl day 1": "95", "creatinine-xuln day 1": "0.9"}
    (one,) = find(kind, "8 fludarabine 25 mg/m2 IV", "9 fludarabine 25 mg/m2 IV", "20 fludarabine ? IV", facts=facts)
    assert (one.status, one.count, one.missing) == (
        UNKNOWN,
        2,
        "newer creatinine clearance; newer creatinine (in × ULN)",
    )
    told = "to be looked at again: creatinine clearance 95 mL/min, creatinine 0.9 × ULN of 01-Jan-2026"
    assert f"{told}, more than 7 days before; asked for" in one.message


def test_what_is_old_and_what_is_not_recorded_are_told_apart():
    kind = rule("patient_state", agents=["fludarabine"], **AGED)
    (one,) = find(kind, "20 fludarabine 25 mg/m2 IV", facts={"crcl day 1": "95"})
    assert one.missing == "newer creatinine clearance; creatinine (in × ULN)"
    assert "95 mL/min of 01-Jan-2026, more than 7 days before; creatinine (in × ULN) not recorded; asked" in one.message


def test_an_old_bad_result_keeps_its_finding():
    kind = rule("patient_state", agents=["fludarabine"], **AGED)
    facts = {"crcl day 1": "45", "creatinine-xuln day 1": "0.9"}
    (one,) = find(kind, "80 fludarabine 25 mg/m2 IV", facts=facts)
    assert one.status is FindingStatus.OPEN


def test_a_fact_without_a_date_is_an_advice_to_look_again():
    kind = rule("patient_state", agents=["fludarabine"], must="third-space = no", look_again=True)
    events = ("1 fludarabine 25 mg/m2 IV block=a", "1 fludarabine 25 mg/m2 IV block=b")
    (one,) = find(kind, *events, facts={"third-space": "no"})
    assert (one.status, one.severity, one.count) == (FindingStatus.OPEN, "advice", 2)
    assert [each.severity for each in find(kind, *events, facts={"third-space": "yes"})] == ["warning"] * 2
    assert [each.status for each in find(kind, *events)] == [UNKNOWN]


def test_a_dose_that_an_old_result_lets_stand_cannot_be_told():
    kind = reduced(to_percent=[{"when": "bilirubin > 3 or crcl < 30", "value": 50}], clears_for_days=7)
    dose = "8-9 mercaptopurine 60 mg/m2 PO"
    (one,) = find(kind, dose, facts={"bilirubin day 1": "1", "crcl day 5": "90"})
    assert (one.status, one.count, one.missing) == (UNKNOWN, 1, "newer bilirubin")
    assert one.message.endswith("(to be looked at again: bilirubin 1 mg/dL of 01-Jan-2026, more than 7 days before).")
    (bad,) = find(kind, dose, facts={"bilirubin day 1": "4", "crcl day 5": "90"})
    assert (bad.status, bad.count) == (FindingStatus.OPEN, 2)
    half = dose.replace("60", "30") + " full=60"
    assert find(kind, half, facts={"bilirubin day 1": "1", "crcl day 5": "20"}) == ()


@pytest.mark.parametrize(
    ("platelets", "status"), [("", UNKNOWN), ("10", None), ("30", FindingStatus.OPEN), ("60", None)]
)
def test_only_where_leaves_days_out(platelets, status):
    kind = rule("patient_state", agents=["any IT"], must="platelets >= 50", only_where="platelets >= 20")
    found = find(kind, "1 methotrexate 15 mg IT", facts={"platelets": platelets} if platelets else {})
    assert [one.status for one in found] == [status] * bool(status)


def test_where_it_cannot_be_told_whether_it_is_asked():
    kind = rule("patient_state", agents=["any IT"], must="platelets >= 50", only_where="wbc < 10")
    (one,) = find(kind, "1 methotrexate 15 mg IT", facts={"platelets": "60"})
    assert dict(one.inputs)["missing"] == "white cells"


@pytest.mark.parametrize(("grade", "severity"), [("1", "warning"), ("3", "contraindicated")])
def test_a_worse_state_is_contraindicated(grade, severity):
    kind = rule("patient_state", agents=["ponatinib"], must="crs < 1", contraindicated_where="crs >= 3")
    assert [one.severity for one in find(kind, "1 ponatinib 30 mg PO", facts={"crs": grade})] == [severity]


def test_what_makes_it_contraindicated_is_told_with_it():
    kind = rule("patient_state", agents=["ponatinib"], must="alt-xuln <= 3", contraindicated_where="bilirubin-xuln > 2")
    (one,) = find(kind, "1 ponatinib 30 mg PO", facts={"alt-xuln": "4", "bilirubin-xuln": "2.5"})
    assert "ALT 4 × ULN" in one.message
    assert "bilirubin 2.5 × ULN" in one.message
    (one,) = find(kind, "1 ponatinib 30 mg PO", facts={"alt-xuln": "4", "bilirubin-xuln": "2"})
    assert "bilirubin" not in one.message


def test_a_reduced_dose_without_a_dose_cannot_be_told():
    (one,) = find(reduced(others=["allopurinol"], to_percent=33), "1 mercaptopurine ? PO", co_medications=ALLOPURINOL)
    assert (one.status, dict(one.inputs)["missing"]) == (UNKNOWN, "dose")


def test_a_limit_of_zero_is_told_as_none():
    limits = [{"when": "crcl < 30", "value": 0}]
    (one,) = find(reduced(to_percent=limits), "1 mercaptopurine 60 mg/m2 PO", facts={"crcl": "20"})
    assert "at most none" in one.message
    assert "creatinine clearance 20 mL/min" in one.message


def test_a_state_that_is_not_recorded_cannot_be_told():
    limits = [{"when": "crcl < 30", "value": 10}]
    kind = reduced(at_most_per_m2=limits)
    (one,) = find(kind, "1-3 mercaptopurine 60 mg/m2 PO")
    assert (one.status, one.count) == (UNKNOWN, 3)
    assert find(kind, "1 mercaptopurine 60 mg/m2 PO", facts={"crcl": "30"}) == ()
    (found,) = find(kind, "1 mercaptopurine 60 mg PO", facts={"crcl": "20", "weight": ""})
    assert dict(found.inputs)["missing"] == "dose per m2"
    assert find(kind, "1 mercaptopurine 0 mg PO", facts={"crcl": "20"}) == ()


def test_a_reduction_of_nothing_asks_nothing():
    assert find(reduced(others=["allopurinol"]), "1 mercaptopurine 60 mg PO", co_medications=ALLOPURINOL) == ()


def test_an_open_co_medication_is_told_as_such():
    kind = reduced(others=["allopurinol"], to_percent=33)
    (one,) = find(kind, "5 mercaptopurine 60 mg PO", co_medications=["allopurinol 1-"])
    assert "with no end recorded" in one.message


@pytest.mark.parametrize(("creatinine", "found"), [("1", 0), ("4", 1)])
def test_what_clears_an_old_result_clears_no_new_one_of_another_kind(creatinine, found):
    asked = "direct-bilirubin > 3", "creatinine > 3"
    limits = [{"when": one, "value": 50} for one in asked]
    kind = reduced(to_percent=limits, clears="bilirubin <= 3", clears_for_days=7)
    facts = {"direct-bilirubin": "4", "creatinine": "1", "bilirubin day 30": "1", "creatinine day 30": creatinine}
    assert len(find(kind, "31 mercaptopurine 60 mg PO", facts=facts)) == found


def test_a_step_is_told_in_the_unit_of_the_dose():
    kind = rule("reduced_dose", agents=["dasatinib"], others=["posaconazole"], steps={"140": 40})
    (one,) = find(kind, "1 dasatinib 140 mg PO", co_medications=["posaconazole 1-3"])
    assert one.arithmetic == "140 mg, above 40 mg"


def test_a_unit_of_a_dose_nobody_entered_cannot_be_told():
    (one,) = find(rule("dose_unit", agents=["glucarpidase"], only=["units"]), "1 glucarpidase ? IV")
    assert one.status is UNKNOWN


def test_entry_is_asked_once_for_a_placement():
    kind = rule("entry_criteria")
    (one,) = find(kind, "1 vincristine 2 mg IV block=a entry=age<40", "9 vincristine 2 mg IV block=b entry=age<40")
    assert "age 40 years" in one.message
    elsewhere = rule("entry_criteria", protocols=["x"])
    assert find(elsewhere, "1 vincristine 2 mg IV entry=age<40") == ()


@pytest.mark.parametrize(("given", "count"), [({}, 1), ({"said": "no"}, 1), ({"said": "yes"}, 0)])
def test_unless_silences_only_what_is_known(given, count):
    kind = replace(rule("route", agents=["vincristine"], only=["IV"]), unless=parse_condition("said = yes"))
    assert len(find(kind, "1 vincristine 2 mg IT", facts=given)) == count


def test_both_anywhere_in_the_plan():
    kind = rule("interaction", agents=["bleomycin"], others=["brentuximab"], combined="plan")
    assert len(find(kind, "1 bleomycin 10 units IV", "20 brentuximab 100 mg IV")) == 1
    assert len(find(kind, "1 bleomycin 10 units IV", co_medications=["brentuximab 20-20"])) == 1
    assert find(kind, "1 bleomycin 10 units IV") == ()


def test_some_others_are_contraindicated():
    others = ["ibuprofen", "omeprazole"]
    kind = rule("interaction", agents=["methotrexate"], others=others, contraindicated_others=["ibuprofen"])
    found = find(kind, "1 methotrexate 1 mg IV", "1 ibuprofen 400 mg PO", co_medications=["omeprazole 1-"])
    assert sorted((one.severity, one.count) for one in found) == [("contraindicated", 1), ("warning", 1)]


def test_a_cover_before_and_after():
    kind = rule("cover_span", agents=["busulfan"], needs=["phenytoin"], max_gap_days=0, ahead=1, beyond=1)
    events = ("5-8 busulfan 100 mg IV",)
    assert find(kind, *events, co_medications=["phenytoin 4-9"]) == ()
    (one,) = find(kind, *events, co_medications=["phenytoin 5-8"])
    assert one.count == 2
    assert "1 day before and 1 day after" in dict(one.inputs)["runs"]


def test_a_long_run_of_a_co_medication_is_looked_at_too():
    kind = rule("cover_span", agents=["class:steroid"], needs=["pentamidine"], max_gap_days=0, from_days=5)
    (one,) = find(kind, "1 vincristine 2 mg IV", co_medications=["prednisone 1-6"])
    assert dict(one.inputs)["first dose without"] == "another medicine"
    assert len(find(kind, "20 vincristine 2 mg IV", co_medications=["prednisone 1-"])) == 1
    assert find(kind, "1 vincristine 2 mg IV", co_medications=["prednisone 1-5"]) == ()
    assert find(kind, "1-3 prednisone 60 mg PO", co_medications=["prednisone 2-5"]) == ()


BY_GENES = [
    {"when": "tpmt = poor or nudt15 = poor", "value": 10},
    {"when": "tpmt = intermediate or nudt15 = intermediate", "value": 80},
]


@pytest.mark.parametrize(
    ("facts", "dose", "status"),
    [
        ({"nudt15": "intermediate"}, "60", "open"),
        ({"tpmt": "intermediate"}, "60", "open"),
        ({"nudt15": "intermediate"}, "48", UNKNOWN),
        ({"nudt15": "normal"}, "60", UNKNOWN),
        ({}, "60", UNKNOWN),
    ],
)
def test_a_dose_above_all_that_may_hold_is_too_much_whatever_is_missing(facts, dose, status):
    """One intermediate gene asks for 80 % at most; that the other one is not recorded silenced it."""
    (one,) = find(reduced(to_percent=BY_GENES), f"1 mercaptopurine {dose} mg PO full=60", facts=facts)
    assert one.status == status
    assert ("at most 80 % of 60 mg" in one.message) is (status == "open")


DAPSONE = {"agents": ["dapsone"], "must": "g6pd != deficient", "co_medications": True}
VINCA = "1 vincristine 2 mg IV"


def test_another_medicine_is_held_against_the_patient_too():
    kind = rule("patient_state", **DAPSONE)
    (one,) = find(kind, VINCA, facts={"g6pd": "deficient"}, co_medications=["dapsone 5-9"])
    taken = "dapsone (from 05-Jan-2026 to 09-Jan-2026)"
    assert one.message == f"{taken} is taken; the patient: G6PD deficient; asked for: G6PD not deficient."
    assert (one.status, one.days, dict(one.inputs)["medicine"]) == (FindingStatus.OPEN, (), taken)
    assert find(kind, VINCA, facts={"g6pd": "normal"}, co_medications=["dapsone 5-9"]) == ()
    assert (
        find(rule("patient_state", **{**DAPSONE, "co_medications": False}), VINCA, co_medications=["dapsone 5-9"]) == ()
    )


def test_of_another_medicine_it_is_said_what_nobody_recorded():
    (one,) = find(rule("patient_state", **DAPSONE), VINCA, co_medications=["dapsone 5-"])
    assert (one.status, one.missing) == (UNKNOWN, "G6PD")
    assert "dapsone (from 05-Jan-2026 with no end recorded) is taken; G6PD not recorded" in one.message
    assert find(rule("patient_state", **DAPSONE, unrecorded="passes"), VINCA, co_medications=["dapsone 5-"]) == ()


def test_a_medicine_and_an_order_of_it_are_two_findings():
    kind = rule("patient_state", **DAPSONE)
    found = find(kind, "1 dapsone 100 mg PO", facts={"g6pd": "deficient"}, co_medications=["dapsone 5-"])
    assert [one.id for one in found] == ["XX-01:beside dapsone", "XX-01:block/dapsone"]


def test_a_dose_that_nobody_entered_is_not_told_as_a_high_one():
    """Escalating methotrexate "to enter" was contraindicated in weak kidneys, as if it were 500 mg/m2."""
    kind = rule("patient_state", "contraindicated", agents=["methotrexate IV from 500 mg/m2 a day"], must="crcl > 60")
    (one,) = find(kind, "1 methotrexate ? IV", facts={"crcl": "37"})
    assert (one.status, one.missing) == (FindingStatus.CANNOT_CHECK, "dose per m2")
    assert one.message.endswith("Whether it is 500 mg/m2 or more is not known.")
    (known,) = find(kind, "1 methotrexate 500 mg/m2 IV", facts={"crcl": "37"})
    assert known.status is FindingStatus.OPEN


def test_a_dose_within_a_day_of_those_of_another_rule_is_left_to_it():
    kind = rule(
        "patient_state", agents=["methotrexate IV from 100 mg/m2"], must="crcl >= 50", scope="each dose",
        but_not=["methotrexate IV from 500 mg/m2 a day"],
    )  # fmt: skip
    together = ("8 09:00 methotrexate 200 mg/m2 IV", "8 11:00 methotrexate 800 mg/m2 IV")
    assert find(kind, *together, facts={"crcl": "40"}) == ()
    (one,) = find(kind, *together, "16 methotrexate 200 mg/m2 IV", facts={"crcl": "40"})
    assert "16-Jan-2026" in one.message


@pytest.mark.parametrize(("asked", "told"), [("", 3), ("several", 2), ("one", 1)])
def test_a_level_of_one_of_several_doses_a_day_is_not_that_of_a_dose_once_a_day(asked, told):
    kind = rule("patient_state", agents=["busulfan"], must="busulfan-auc < 1500", scope="each dose", doses_a_day=asked)
    events = ("1 09:00 busulfan 60 mg IV", "1 15:00 busulfan 60 mg IV", "2 busulfan 240 mg IV")
    assert sum(one.count for one in find(kind, *events, facts={"busulfan-auc": "4800"})) == told


def test_a_level_of_the_course_before_asks_for_no_lower_dose():
    """A methotrexate level of January lowered the cytarabine of March, April and June."""
    courses = [f"{day} cytarabine 3000 mg/m2 IV protocol=hyper-cvad" for day in (8, 50)]
    facts = {"creatinine day 7": "1", "creatinine day 49": "1", "methotrexate-level day 8": "28"}
    told, unknown = find(rules()["AC-03B"], *courses, facts=facts)
    assert (told.status, told.days) == (FindingStatus.OPEN, (day(8),))
    assert (unknown.status, unknown.days) == (FindingStatus.CANNOT_CHECK, (day(50),))
    assert "methotrexate level not known" in unknown.message
