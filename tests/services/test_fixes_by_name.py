"""Single fixes by their words: what exactly is offered, and what never is."""

import pytest

from planner.model.plan import Addition, Deferral, DoseChange, Omission, Scope
from tests.checking.judging import rule
from tests.checking.shipped import rules


def _titles(fixes):
    return [fix.title for fix in fixes]


def test_a_dose_is_capped_at_the_limit_of_its_rule(case):
    (fix,) = case(rules()["VC-06"], "1 vincristine 2.6 mg IV", "8 vincristine 2.6 mg IV", "15 vincristine 2.6 mg IV")
    assert fix.title == "Cap at 2 mg: Vincristine C1 D1 and 2 more days"
    days = [(change.day, change.dose, change.scope) for change in fix.changes]
    assert days == [(1, "2 mg", Scope.DAY), (8, "2 mg", Scope.DAY), (15, "2 mg", Scope.DAY)]


def test_only_the_doses_above_the_limit_are_lowered(case):
    (fix,) = case(rules()["VC-06"], "1-15/7 vincristine 2.6 mg IV", "22 vincristine 1 mg IV")
    assert fix.changes == (DoseChange("block", 1, 1, "vincristine-0", Scope.CYCLE, "other", "VC-06", dose="2 mg"),)


def test_a_limit_that_only_tells_products_apart_is_no_cap(case):
    assert case(rules()["VC-11"], "1 vincristine 2.25 mg/m2 IV") == ()


def test_what_the_rule_itself_gives_is_added_with_its_dose(case):
    fix, other = case(
        rules()["BL-06"],
        "1-7 blinatumomab 9 mcg/day IV protocol=blinatumomab-rr",
        "8-28 blinatumomab 28 mcg/day IV protocol=blinatumomab-rr",
        "1 dexamethasone 16 mg PO role=premedication protocol=blinatumomab-rr",
    )
    assert fix.title == "Add Dexamethasone 20 mg IV 1 h before: Blinatumomab C1 D8"
    assert fix.changes == (
        Addition(
            "block", 1, "dexamethasone-bl-06", "dexamethasone", "premedication", "IV", (8,), "other",
            "BL-06: 1 h before, as the rule gives it", dose="20 mg",
        ),
    )  # fmt: skip
    assert other.title == "Add Dexamethasone 16 mg PO in the 1 h before: Blinatumomab C1 D8"  # as its protocol gives it


def test_where_neither_rule_nor_protocol_gives_an_order_none_is_made_up(case):
    assert case(rules()["BL-08"], "1-5 blinatumomab 28 mcg/day IV", "8-28 blinatumomab 28 mcg/day IV cycle=1") == ()
    assert case(rules()["CY-02"], "1 cyclophosphamide 2000 mg/m2 IV") == ()


def test_a_long_course_is_not_added_as_one_dose(case):
    """A TKI after a transplant is months of tablets: no dose of the protocol's stands for it."""
    ponatinib = "1 ponatinib 30 mg PO"
    assert (
        case(rules()["TK-10b"], ponatinib, "30 haematopoietic-stem-cells 1 cells IV", patient=(("ph", "positive"),))
        == ()
    )


def test_reductions_are_in_percent_of_the_protocols_dose(case):
    (fix,) = case(rules()["VC-09"], "8 vincristine 2 mg IV", patient=(("direct-bilirubin", "3.5"),))
    assert [(change.percent, change.dose) for change in fix.changes] == [(50, "")]


def test_the_second_of_two_is_left_out_last_of_all(case):
    fixes = case(rules()["AS-01"], "1 pegaspargase 2000 units/m2 IV", "14 pegaspargase 2000 units/m2 IV")
    assert _titles(fixes)[-1] == "Leave out Pegaspargase C1 D14, the second of the two (1 dose)"
    assert fixes[-1].changes == (Omission("block", 1, 14, "pegaspargase-1", "other", "AS-01"),)


def test_treatment_is_never_left_out_for_a_clash_with_support(case):
    fixes = case(
        rules()["GC-02"],
        "2 pegfilgrastim 6 mg SC role=growth-factor",
        "2 cytarabine 100 mg/m2 IV",
    )
    left_out = [change for fix in fixes for change in fix.changes if isinstance(change, Omission)]
    assert {change.order for change in left_out} == {"pegfilgrastim-0"}


def test_a_collection_is_postponed_past_its_washout(case):
    fixes = case(rules()["CT-12"], "1 vincristine 2 mg IV block=a", "14 procedure leukapheresis block=b")
    assert "Postpone leukapheresis to Thu 15-Jan-2026" in _titles(fixes)


def test_a_dose_on_a_barred_weekday_is_moved(case):
    weekdays = rule("weekdays", agents=["vincristine"], allowed=["Monday"])
    fixes = case(weekdays, "1 vincristine 2 mg IV", "12 vincristine 2 mg IV")  # a Thursday, and a Monday
    assert "Bring forward Vincristine C1 D1, with all that is given on that day, to Mon 29-Dec-2025" in _titles(fixes)


def test_a_dose_on_a_closed_day_is_moved(case):
    closed = rule("closed_days", agents=["vincristine"], weekdays=["Saturday", "Sunday"])
    fixes = case(closed, "3 vincristine 2 mg IV")
    assert "Bring forward Vincristine C1 D1, with all that is given on that day, to Fri 02-Jan-2026" in _titles(fixes)


def test_a_dose_too_late_is_brought_forward(case):
    late = rule("maximum_interval", agents=["vincristine"], at_most="7 days")
    fixes = case(late, "1 vincristine 2 mg IV", "10 vincristine 2 mg IV")
    assert "Bring forward Vincristine C1 D10, with all that is given on that day, to Thu 08-Jan-2026" in _titles(fixes)


def test_a_cycle_too_late_is_brought_forward(case):
    apart = rule("cycle_interval", agents=["vincristine"], after=["vincristine"], at_least="21 days", at_most="28 days")
    fixes = case(apart, "1 vincristine 2 mg IV", "31 vincristine 2 mg IV cycle=2")
    assert Deferral("block", 2, 1, -2, Scope.FOLLOWING, "other", "XX-01") in [
        one for fix in fixes for one in fix.changes
    ]


def test_a_cycle_too_early_is_deferred(case):
    apart = rule("cycle_interval", agents=["vincristine"], after=["vincristine"], at_least="21 days", at_most="28 days")
    fixes = case(apart, "1 vincristine 2 mg IV", "15 vincristine 2 mg IV cycle=2")
    assert Deferral("block", 2, 1, 7, Scope.FOLLOWING, "other", "XX-01") in [
        one for fix in fixes for one in fix.changes
    ]


def test_what_is_missing_too_often_is_left_to_the_protocol(case):
    doses = [f"{day} blinatumomab {9 if day % 2 else 28} mcg/day IV protocol=blinatumomab-rr" for day in range(1, 28)]
    assert case(rules()["BL-06"], *doses) == ()


def test_an_added_order_takes_a_free_name(case, monkeypatch):
    twice = (
        "1 blinatumomab 28 mcg/day IV protocol=blinatumomab-rr",
        "30 blinatumomab 28 mcg/day IV cycle=2 protocol=blinatumomab-rr",
    )
    (fix,) = case(rules()["BL-06"], *twice)
    assert [(change.order, change.cycle) for change in fix.changes] == [
        ("dexamethasone-bl-06", 1),
        ("dexamethasone-bl-06-2", 2),
    ]
    assert fix.title == "Add Dexamethasone 20 mg IV 1 h before: Blinatumomab C1 D1 and 1 more"


def test_the_window_of_a_rule_stands_in_its_fix(case):
    before = rule(
        "companion", agents=["vincristine"], needs=["ondansetron"], earliest="-60 min", latest="-30 min",
        add=["ondansetron 8 mg IV"],
    )  # fmt: skip
    assert "1 h before" in case(before, "1 vincristine 2 mg IV")[0].title
    other = rule("companion", agents=["vincristine"], needs=["ondansetron"], earliest="-60 min", latest="-30 min")
    (fix,) = case(other, "1 ondansetron 8 mg IV role=premedication", "8 vincristine 2 mg IV")
    assert fix.title == "Add Ondansetron 8 mg IV 30 min to 1 h before: Vincristine C1 D8"


@pytest.mark.parametrize(
    ("earliest", "latest", "days", "words"),
    [
        ("1 days", "2 days", (9,), "1 day to 2 days after"),
        ("-2 days", "-1 days", (7,), "1 day to 2 days before"),
        ("0 days", "0 days", (8,), "on the same day"),
        ("-1 days", "1 days", (8,), "from 1 day before to 1 day after"),
    ],
)
def test_days_around_a_dose(case, earliest, latest, days, words):
    asked = rule("companion", agents=["vincristine"], needs=["mesna"], earliest=earliest, latest=latest)
    (fix,) = case(asked, "20 mesna 400 mg IV role=supportive", "8 vincristine 2 mg IV", "1 ondansetron 8 mg IV")
    assert fix.title == f"Add Mesna 400 mg IV {words}: Vincristine C1 D8"
    assert fix.changes[0].days == days


def test_an_order_of_the_rule_that_is_not_what_is_missing_is_not_added(case):
    asked = rule("companion", agents=["vincristine"], needs=["ondansetron"], add=["mesna 400 mg IV"])
    assert case(asked, "8 vincristine 2 mg IV") == ()


@pytest.mark.parametrize("dose", ["?", "09:00 ondansetron 8 mg IV"])
def test_an_order_of_the_protocol_that_is_more_than_a_plain_dose_is_not_repeated(case, dose):
    asked = rule("companion", agents=["vincristine"], needs=["ondansetron"])
    line = f"1 {dose}" if "IV" in dose else f"1 ondansetron {dose} IV"
    assert case(asked, line, "8 vincristine 2 mg IV") == ()


def test_a_limit_of_the_day_that_several_orders_pass_is_no_cap(case):
    limit = rule("dose_limit", agents=["ponatinib"], unit="mg", of="day", at_most=45)
    assert case(limit, "1 ponatinib 30 mg PO", "1 ponatinib 30 mg PO") == ()


def test_a_dose_below_its_limit_is_not_raised(case):
    limit = rule("dose_limit", agents=["ponatinib"], unit="mg", at_least=45)
    assert case(limit, "1 ponatinib 30 mg PO") == ()


def test_more_changes_than_anybody_reads_are_not_offered(case):
    limit = rule("dose_limit", agents=["ponatinib"], unit="mg", at_most=15)
    days = [f"{day} ponatinib {amount} mg PO" for day in range(1, 45) for amount in (30,)]
    assert case(limit, *days) == ()


def test_a_dose_that_must_not_be_given_is_not_reduced_to_nothing(case):
    none = rule("reduced_dose", agents=["fludarabine"], to_percent=0)
    assert case(none, "1 fludarabine 25 mg/m2 IV") == ()


def test_several_amounts_are_told(case):
    steps = rule("reduced_dose", agents=["dasatinib"], steps={"140": 40, "100": 20})
    (fix,) = case(steps, "1 dasatinib 140 mg PO", "2 dasatinib 100 mg PO")
    assert fix.title == "Reduce to 40 mg and 1 other amount: Dasatinib C1 D1 and 1 more day"


def test_two_doses_of_one_day_are_told_as_doses(case):
    """Both parts of the methotrexate of hyper-CVAD lie on one day: "1 more day" sent readers looking for another."""
    least = rule("reduced_dose", agents=["methotrexate"], to_percent=50)
    (fix,) = case(least, "1 09:00 methotrexate 200 mg/m2 IV", "1 11:00 methotrexate 800 mg/m2 IV")
    assert fix.title == "Reduce to 50 %: Methotrexate C1 D1 and 1 more dose"


def test_what_passes_a_sum_over_the_course_is_left_out(case):
    kind = rule("cumulative_dose", agents=["doxorubicin"], limit=100)
    (fix,) = case(kind, *(f"{day} doxorubicin 40 mg/m2 IV" for day in (1, 22, 43, 64)))
    assert fix.title == "Leave out Doxorubicin C1 D43 and 1 more, beyond the limit (2 doses)"
    assert [(change.day, change.order) for change in fix.changes] == [(43, "doxorubicin-2"), (64, "doxorubicin-3")]


def test_what_only_comes_near_a_sum_is_not_left_out(case):
    kind = rule("cumulative_dose", severity="contraindicated", agents=["doxorubicin"], limit=100)
    assert case(kind, "1 doxorubicin 45 mg/m2 IV", "22 doxorubicin 45 mg/m2 IV") == ()


def test_a_long_stretch_beyond_a_sum_is_another_course(case):
    kind = rule("cumulative_dose", agents=["doxorubicin"], limit=10)
    assert case(kind, *(f"{day} doxorubicin 10 mg/m2 IV" for day in range(1, 11))) == ()


def test_a_sum_of_a_cycle_has_no_such_fix(case):
    kind = rule("cumulative_dose", agents=["doxorubicin"], limit=50, over="cycle")
    assert case(kind, "1 doxorubicin 30 mg/m2 IV", "8 doxorubicin 30 mg/m2 IV") == ()


def test_support_that_does_not_go_with_a_treatment_is_left_out_or_moved(case):
    kind = rule("interaction", agents=["vincristine"], others=["fluconazole"])
    fixes = case(kind, "1 vincristine 2 mg IV", "1 fluconazole 400 mg PO role=supportive")
    assert "leave-out:block:1:fluconazole-1" in {fix.id for fix in fixes}


def test_what_the_patient_takes_all_along_is_nothing_to_move(case):
    kind = rule("interaction", agents=["vincristine"], others=["fluconazole"])
    assert case(kind, "8 vincristine 2 mg IV", co_medications=("fluconazole 1-10",)) == ()
