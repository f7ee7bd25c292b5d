"""Kinds that compare doses with one another, with levels in the blood and with the calendar, at their edges."""

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from planner.checking.check import check
from planner.model.finding import FindingStatus
from planner.model.patient import Measurement
from planner.model.plan import BlockStart
from planner.model.rule_kinds import conditions_of
from planner.services.evaluation import evaluate
from planner.services.verbs.placing import add_protocol, new_plan
from tests.builders import example_plan, example_schedule
from tests.checking.judging import find, rule
from tests.checking.shipped import library, rules
from tests.golden import cases

UNKNOWN = FindingStatus.CANNOT_CHECK


def test_weekdays_and_holidays():
    kind = rule("closed_days", agents=["vincristine"], weekdays=["Sunday"], holidays=[date(2026, 1, 1)])
    found = find(kind, "1-8 vincristine 2 mg IV")  # 1 January 2026 was a Thursday
    assert [(one.count, one.days) for one in found] == [(2, tuple(date(2026, 1, on).toordinal() for on in (1, 4)))]
    assert found[0].arithmetic == "Thu 01-Jan-2026"


def test_two_days_early_and_three():
    kind = rule("moved_early", agents=["vincristine"], at_most_days=2)
    assert find(kind, "8 vincristine 2 mg IV due=10") == ()
    (one,) = find(kind, "8 vincristine 2 mg IV due=11")
    assert one.arithmetic == "11-Jan-2026 − 08-Jan-2026 = 3 days, above 2"


def test_a_dose_nobody_entered_is_neither_capped_nor_changed_nor_rounded():
    lines = ("1 mercaptopurine ? PO", "2 mercaptopurine 60 mg/m2 PO", "3 mercaptopurine ? PO")
    assert find(rule("capped_dose", agents=["mercaptopurine"]), *lines) == ()
    assert find(rule("steady_dose", agents=["mercaptopurine"], at_least_days=14), *lines) == ()
    assert find(rule("dose_rounding", agents=["mercaptopurine"], percent=0), *lines[:1]) == ()


def test_only_a_changed_order_is_a_change():
    kind = rule("steady_dose", agents=["mercaptopurine", "thioguanine"], at_least_days=14)
    facts = {"weight day 5": "90"}
    assert find(kind, "1-9 mercaptopurine 60 mg/m2 PO", "9 thioguanine 40 mg/m2 PO", facts=facts) == ()
    (one,) = find(kind, "1-3 mercaptopurine 60 mg PO", "4-5 mercaptopurine 50 mg PO", "6-9 mercaptopurine 60 mg PO")
    assert one.arithmetic == "06-Jan-2026 − 04-Jan-2026 = 2 days, below 14 days"


@pytest.mark.parametrize(
    ("line", "finds"),
    [
        ("1 etoposide 1 mg/kg IV gives=63", 0),
        ("1 etoposide 1 mg/kg IV gives=62", 1),
        ("1 etoposide 1,000 mg/m2 IV gives=1638", 0),
        ("1 etoposide 100 mg IV gives=10", 0),
        ("1 etoposide 1 mg/kg IV gives=10 capped=yes", 0),
        ("1 etoposide 35 mg/m2 IV full=70", 0),
    ],
)
def test_rounding_against_the_computed_dose(line, finds):
    kind = rule("dose_rounding", agents=["etoposide"], percent=10)
    plain = line.replace(",", "")
    assert len(find(kind, plain)) == finds


def test_rounding_of_a_dose_in_parts_of_a_day():
    kind = rule("dose_rounding", agents=["etoposide"], percent=0)
    assert find(kind, "1 etoposide 60 mg/kg/day IV gives=2100 parts=2") == ()
    assert len(find(kind, "1 etoposide 60 mg/kg/day IV gives=4200 parts=2")) == 1


def test_rounding_without_a_limit_or_a_weight():
    by_age = rule("dose_rounding", agents=["etoposide"], percent=[{"when": "crcl < 30", "value": 5}])
    (one,) = find(by_age, "1 etoposide 100 mg/m2 IV")
    assert (one.status, dict(one.inputs)["missing"]) == (UNKNOWN, "creatinine clearance")
    assert find(by_age, "1 etoposide 100 mg/m2 IV gives=10", facts={"crcl": "60"}) == ()
    assert find(rule("dose_rounding", agents=["etoposide"], percent=5), "1 etoposide 1 mg/m2 IV gives=9") != ()


def test_a_dose_by_another_weight_is_compared_with_what_that_weight_gives():
    """168 cm and 70.4 kg: busulfan by the label goes by 59.6 kg, 15 % less than by the actual weight."""
    shelved = cases.library().protocols["hsct-flu-bu-ric"]
    patient = replace(
        cases.PATIENTS["adult"],
        sex="female",
        measurements=(Measurement(cases.START, Decimal(168), Decimal("70.4")),),
    )
    plan = add_protocol(new_plan("p", patient), shelved, BlockStart(on=cases.START))
    found = evaluate(plan, cases.library())
    doses = {one.dose.value for one in found.schedule.events if one.placed.agent == "busulfan" and one.dose}
    assert doses == {Decimal(191)}
    assert not [one.message for one in found.findings if one.rule in ("GE-06", "GE-07")]


def test_a_dose_that_is_known_is_not_told_as_missing_beside_one_to_be_entered():
    kind = rule("reduced_dose", agents=["vincristine"], to_percent=[{"when": "direct-bilirubin > 3", "value": 50}])
    found = find(kind, "1 vincristine 2 mg IV", "8 vincristine ? IV", "15 vincristine 2 mg IV")
    missing = {dict(one.inputs)["missing"]: [date.fromordinal(day).day for day in one.days] for one in found}
    assert missing == {"direct bilirubin": [1, 15], "dose": [8]}


@pytest.mark.parametrize(
    "patient",
    [cases.PATIENTS["child"], *(cases.person(born, "178", "80", "male") for born in (1995, 1981, 1960))],
)
def test_the_arm_of_nelarabine_in_first_line_is_no_fault_of_its_own(patient):
    """Two courses in one consolidation warned on ten days, and tablets rounded to halves 28 times by bands for bags.

    Adults in it get the dose that the label has for children.
    """
    shelved = cases.library().protocols["nelarabine-t-all"]
    plan = add_protocol(new_plan("p", patient), shelved, BlockStart(on=cases.START), {"setting": "first-line"})
    found = evaluate(plan, cases.library())
    assert {one.placed.agent for one in found.schedule.events} >= {"nelarabine", "mercaptopurine"}
    assert not [one.message for one in found.findings if one.rule in ("NE-03", "GE-07")]


def test_rounding_where_no_weight_is_recorded():
    kind = rule("dose_rounding", agents=["etoposide"], percent=5)
    lines = ("1 etoposide 1 mg/m2 IV gives=9",)
    assert find(kind, *lines, facts={"weight": ""}) == ()


@pytest.mark.parametrize(
    ("first", "second", "missing"),
    [("?", "50 mg", "dose"), ("500 mg", "0 mg", "dose"), ("500 mg", "50 mg", "creatinine clearance")],
)
def test_a_ratio_that_cannot_be_told(first, second, missing):
    ratio = [{"when": "crcl >= 40", "value": 10}]
    kind = rule(
        "dose_ratio",
        agents=["dexrazoxane"],
        to=["doxorubicin"],
        ratio=ratio if missing == "creatinine clearance" else 10,
    )
    (one,) = find(kind, f"1 dexrazoxane {first} IV", f"1 doxorubicin {second} IV")
    assert (one.status, dict(one.inputs)["missing"]) == (UNKNOWN, missing)


def test_a_ratio_nobody_asks_for():
    ratio = [{"when": "crcl >= 40", "value": 10}]
    kind = rule("dose_ratio", agents=["dexrazoxane"], to=["doxorubicin"], ratio=ratio)
    assert find(kind, "1 dexrazoxane 1 mg IV", "1 doxorubicin 50 mg IV", facts={"crcl": "30"}) == ()


def test_the_sum_counts_what_can_be_counted():
    kind = rule("needs_from_sum", agents=["class:anthracycline IV"], needs=["dexrazoxane"], from_per_m2=100)
    lines = ("1 doxorubicin 60 mg/m2 IV", "2 doxorubicin ? IV", "3 doxorubicin 40 mg/m2 IV", "4 doxorubicin 1 mg IV")
    (one,) = find(kind, *lines, prior=["doxorubicin 50 mg"])
    assert one.count == 1
    assert one.arithmetic == "100 mg/m2 ≥ 100 mg/m2"


@pytest.mark.parametrize(
    ("dose", "beside", "finds"), [("planned", "held", 1), ("held", "held", 0), ("planned", "planned", 0)]
)
def test_a_protecting_dose_on_hold_protects_no_dose_that_is_not(dose, beside, finds):
    kind = rule("needs_from_sum", agents=["class:anthracycline IV"], needs=["dexrazoxane"], from_per_m2=100)
    lines = (f"3 doxorubicin 40 mg/m2 IV state={dose}", f"3 dexrazoxane 400 mg/m2 IV state={beside}")
    assert len(find(kind, "1 doxorubicin 100 mg/m2 IV", *lines)) == finds


def test_a_sum_in_units():
    kind = rule("cumulative_dose", agents=["bleomycin"], limit=50, unit="units")
    (one,) = find(kind, "1-3 bleomycin 20 units IV")
    assert "passes 50 units" in one.message
    (lacking,) = find(kind, "1 bleomycin 20 mg IV")
    assert dict(lacking.inputs)["missing"] == "dose in units of Bleomycin"
    assert "0 units" in lacking.message


def test_a_level_of_another_day_calls_for_nothing():
    kind = rule(
        "after_level",
        agents=["methotrexate"],
        result="methotrexate-level",
        levels={"2": 5},
        needs=["leucovorin"],
        at_least=100,
    )
    dose = "1 methotrexate 1000 mg IV"
    assert find(kind, dose, facts={"methotrexate-level day 2": "9"}) == ()
    assert find(kind, dose) == ()
    (one,) = find(kind, dose, "3 leucovorin ? IV", facts={"methotrexate-level day 3": "9"})
    assert one.message.endswith(
        "level 9 micromol/L on 03-Jan-2026, above 5 micromol/L, and no leucovorin of 100 mg and more after it."
    )


@pytest.mark.parametrize(("level", "found"), [("4.99", 0), ("5", 1), ("5.01", 1)])
def test_a_level_on_the_line_counts_where_the_rule_says_so(level, found):
    kind = rule(
        "after_level",
        agents=["methotrexate"],
        result="methotrexate-level",
        levels={"2": 5},
        needs=["leucovorin"],
        or_equal=True,
    )
    told = find(kind, "1 methotrexate 1000 mg IV", facts={"methotrexate-level day 3": level})
    assert len(told) == found
    assert all(
        "5 micromol/L or more" in one.message and one.arithmetic.endswith(", 5 micromol/L or more") for one in told
    )


def test_the_rescue_of_each_of_two_doses():
    kind = rule(
        "rescue_until",
        agents=["methotrexate"],
        needs=["leucovorin"],
        result="methotrexate-level",
        below=Decimal("0.05"),
    )
    lines = ("1 08:00 methotrexate 1000 mg IV", "1 20:00 methotrexate 1000 mg IV", "2-3 leucovorin 15 mg PO")
    later = ("15 methotrexate 1000 mg IV", "16-18 leucovorin 15 mg PO")
    levels = {"methotrexate-level day 3": "0.01", "methotrexate-level day 18": "0.05"}
    (one,) = find(kind, *lines, *later, facts=levels)
    assert "the last rescue drawn is Leucovorin" in one.message
    assert dict(one.inputs)["level"] == "0.05 micromol/L on 18-Jan-2026"
    assert find(kind, "1 methotrexate 1000 mg IV") == ()


@pytest.mark.parametrize(
    ("levels", "status", "said"),
    [
        ({"day 4": "0.3"}, "open", "the last rescue drawn is Leucovorin C1 D2 (02-Jan-2026), but"),
        ({"day 4": "0.05", "day 6": "0.01"}, "open", "0.05 micromol/L on 04-Jan-2026"),
        ({"day 4": "0.04", "day 6": "0.3"}, "cannot_check", "was 0.04 micromol/L on 04-Jan-2026 does not tell"),
        ({"day 1": "0.01"}, "cannot_check", "no methotrexate level is recorded by the last rescue"),
        ({"day 30": "0.3"}, "cannot_check", "no methotrexate level is recorded by the last rescue"),  # past 28 days
    ],
)
def test_a_level_after_the_rescue_tells_only_where_it_is_high(levels, status, said):
    wanted = {"agents": ["methotrexate"], "needs": ["leucovorin"], "result": "methotrexate-level"}
    kind = rule("rescue_until", below=Decimal("0.05"), **wanted)
    lines = ("1 methotrexate 1000 mg IV", "2 leucovorin 15 mg PO")
    facts = {f"methotrexate-level {day}": value for day, value in levels.items()}
    (one,) = find(kind, *lines, facts=facts)
    assert one.status == status
    assert said in one.message


@pytest.mark.parametrize(
    ("parameters", "problem"),
    [({"weekdays": ["Caturday"]}, "weekdays are"), ({"weekdays": ["Monday"], "holidays": ["2026-12-25"]}, "dates")],
)
def test_days_that_do_not_exist(parameters, problem):
    with pytest.raises(AssertionError, match=problem):
        rule("closed_days", agents=["any"], **parameters)


def test_every_condition_of_a_rule_is_known():
    asked = [
        *conditions_of(
            rule("patient_state", agents=["any"], must="anc >= 1", only_where="wbc < 1", within_days=7).parameters
        ),
        *conditions_of(rule("reduced_dose", agents=["any"], to_percent=[{"when": "crcl < 9", "value": 1}]).parameters),
        *conditions_of(rule("cycle_shape", agents=["any"], shapes=[{"when": "age < 9", "doses": "1 5 mg"}]).parameters),
    ]
    assert {clause.subject for one in asked for clause in one.clauses} == {"anc", "wbc", "crcl", "age"}


@pytest.mark.parametrize(
    ("line", "finds"),
    [
        ("1 ponatinib 25 mg PO", 1),
        ("1 ponatinib 45 mg PO", 0),
        ("1 ponatinib ? PO", 0),
        ("1 ponatinib 0 mg PO", 0),
        ("1 ponatinib 7 units PO", 0),
        ("1 methotrexate 7 mg PO", 0),  # one strength only is known
        ("1 dragonwort 7 mg PO", 0),
    ],
)
def test_tablets_of_one_strength(line, finds):
    assert len(find(rule("one_strength", agents=["any PO"]), line)) == finds


def test_missing_facts_of_many_doses_are_told_once():
    kind = rule("dose_limit", agents=["ponatinib"], unit="mg", at_most=[{"when": "bcr-abl1 < 1", "value": 15}])
    (one,) = find(kind, "1-28 ponatinib 45 mg PO block=a", "29-30 ponatinib 45 mg PO block=b")
    assert (one.status, one.count, len(one.days)) == (UNKNOWN, 30, 30)


def test_a_decision_of_another_protocol_is_not_asked():
    shipped = replace(rules()["ST-11"], protocols=("elsewhere",))
    example = shipped.examples[0]
    plan = example_plan(example)
    schedule = example_schedule(example.events, plan.patient)
    assert check(plan, schedule, [rules()["ST-11"]], library().agents)[0] != ()
    assert check(plan, schedule, [shipped], library().agents)[0] == ()


def test_nothing_is_overdue_before_anything_was_given():
    assert find(rule("decision_overdue"), "1 decision MRD negative?", "9 vincristine 2 mg IV") == ()


HEAVY = {"weight": "110", "height": "170", "sex": "male"}
"""Ideal 65.9 kg, with 0.4 of the rest 83.6 kg."""


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("60 mg/kg IV", "is computed on 110 kg (actual weight), not 83.6 kg"),
        ("50 mg/kg IV full=60", "is 5,500 mg; on 83.6 kg (adjusted weight: ideal + 0.4 × the rest) it would be 5,01"),
        ("48 mg/kg IV full=60", "is 5,280 mg; on 83.6 kg"),
        ("47.8 mg/kg IV full=60", ""),  # 5 % above 45.6 mg/kg
        ("30 mg/kg IV full=60", ""),
    ],
)
def test_a_dose_that_somebody_lowered_by_the_weight_asked_for_is_not_told(line, said):
    kind = rule("dosing_weight", agents=["cyclophosphamide"], weight="adjusted")
    found = find(kind, f"1-2 cyclophosphamide {line}", facts=HEAVY)
    assert [said in one.message for one in found] == [True] * bool(said)


def test_of_a_cycle_the_dose_that_was_not_lowered_is_told():
    kind = rule("dosing_weight", agents=["cyclophosphamide"], weight="adjusted")
    lines = ("1 cyclophosphamide 40 mg/kg IV full=60", "2-3 cyclophosphamide 60 mg/kg IV")
    (one,) = find(kind, *lines, facts=HEAVY)
    assert (one.count, "02-Jan-2026" in one.message) == (1, True)
