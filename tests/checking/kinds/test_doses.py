"""dose_limit, cumulative_dose, cycle_count and dose_entered at their edges."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from planner.checking.hits import beside
from planner.model.finding import FindingStatus
from tests.builders import day
from tests.checking.judging import find, rule
from tests.checking.shipped import library

TWO = rule("dose_limit", agents=["vincristine"], unit="mg", at_most=2, contraindicated_above=Decimal("2.5"))


@pytest.mark.parametrize(
    ("dose", "severity"), [("2", None), ("2.01", "warning"), ("2.5", "warning"), ("2.51", "contraindicated")]
)
def test_single_dose(dose, severity):
    found = find(TWO, f"1 vincristine {dose} mg IV")
    assert [one.severity for one in found] == ([severity] if severity else [])


def test_a_limit_shows_what_the_dose_is_made_of():
    (found,) = find(TWO, "1 vincristine 1.4 mg/m2 IV")
    assert found.arithmetic == "2.55, above 2 mg"
    assert dict(found.inputs)["made of"] == "1.4 mg/m2"


def test_the_doses_of_a_day_are_added_up():
    wanted = rule("dose_limit", agents=["dasatinib"], unit="mg", of="day", at_most=140)
    (found,) = find(
        wanted, "1 dasatinib 70 mg PO", "1 dasatinib 71 mg PO", "2 dasatinib 70 mg PO", "2 dasatinib 70 mg PO"
    )
    assert (found.arithmetic, found.days) == ("141, above 140 mg", (day(1),))
    assert "141 mg a day, at most 140 mg a day" in found.message


def test_a_least_dose():
    wanted = rule("dose_limit", agents=["dasatinib"], unit="mg", at_least=100)
    (found,) = find(wanted, "1 dasatinib 99 mg PO", "2 dasatinib 100 mg PO")
    assert found.arithmetic == "99, below 100 mg"


@pytest.mark.parametrize(
    ("facts", "finds"),
    [
        ({"weight": "44", "weight day 5": "46 stays"}, 0),
        ({"weight": "44", "weight day 5": "44 stays"}, 1),
        ({"weight": "44", "weight day 5": "44"}, 1),
        ({"weight": "44", "weight day 5": "46 stays", "weight day 7": "43"}, 1),
        ({"weight": "44", "weight day 9": "46 stays"}, 1),
        ({"weight": "", "weight day 9": "44"}, 1),
        ({"weight": "30", "weight day 5": "40 stays"}, 1),
        ({"weight": "30", "weight day 5": "45 stays"}, 0),
    ],
)
def test_a_dose_that_the_newest_weight_allows_is_let_be_where_doses_were_to_stay(facts, finds):
    limits = [{"when": "weight < 45", "value": 15}]
    wanted = {"agents": ["blinatumomab"], "unit": "mcg", "of": "day", "at_most_per_m2": limits}
    dose, size = "8 blinatumomab 28 mcg/day IV", {"height": "170"} | facts
    assert len(find(rule("dose_limit", **wanted, newest_weight=True), dose, facts=size)) == finds
    assert len(find(rule("dose_limit", **wanted), dose, facts=size)) == 1


def test_a_dose_per_surface_is_held_against_the_surface_of_the_newest_weight():
    wanted = rule("dose_limit", agents=["blinatumomab"], unit="mcg", at_most_per_m2=15, newest_weight=True)
    facts = {"weight": "30", "height": "138", "weight day 5": "40 stays"}
    assert [len(find(wanted, f"8 blinatumomab {dose} mcg IV", facts=facts)) for dose in (16, 18, 19, 20)] == [
        0,
        0,
        0,
        1,
    ]
    assert len(find(wanted, "4 blinatumomab 18 mcg IV", facts=facts)) == 1


def test_the_newest_weight_lifts_no_limit_that_holds_at_every_weight():
    limits = [{"when": "weight < 45", "value": 9}, {"when": "weight >= 45", "value": 28}]
    wanted = rule("dose_limit", agents=["blinatumomab"], unit="mcg", of="day", at_most=limits, newest_weight=True)
    facts = {"weight": "44", "weight day 5": "46 stays"}
    assert [len(find(wanted, f"8 blinatumomab {dose} mcg/day IV", facts=facts)) for dose in (28, 29)] == [0, 1]


def test_a_limit_of_the_newest_weight_that_cannot_be_told_lifts_none():
    limits = [{"when": "weight < 45", "value": 9}, {"when": "mrd = positive", "value": 28}]
    wanted = rule("dose_limit", agents=["blinatumomab"], unit="mcg", of="day", at_most=limits, newest_weight=True)
    facts = {"weight": "44", "weight day 5": "46 stays"}
    found = [find(wanted, "8 blinatumomab 28 mcg/day IV", facts=facts | more) for more in ({}, {"mrd": "negative"})]
    assert list(map(len, found)) == [1, 0]


def test_a_limit_per_kg_follows_the_weight_of_the_day():
    wanted = rule(
        "dose_limit", agents=["vincristine"], unit="mg", at_most_per_kg=[{"when": "age < 18", "value": Decimal("0.05")}]
    )
    facts = {"age": "1", "height": "68", "weight": "7", "weight day 20": "8"}
    doses = ("0.36", "0.37", "0.42", "0.43")
    told = [[len(find(wanted, f"{day} vincristine {dose} mg IV", facts=facts)) for dose in doses] for day in (8, 20)]
    assert told == [[0, 1, 1, 1], [0, 0, 0, 1]]
    (one,) = find(wanted, "8 vincristine 0.5 mg IV", facts=facts)
    assert one.message.endswith("0.5 mg, at most 0.35 mg by weight 7 kg.")
    (unknown,) = find(wanted, "8 vincristine 0.5 mg IV", facts={"age": "1", "weight": ""})
    assert unknown.missing == "weight"
    assert find(wanted, "8 vincristine 0.5 mg IV", facts={"age": "40", "weight": "7"}) == ()


def test_a_limit_per_kg_lets_be_what_the_newest_weight_allows():
    wanted = rule("dose_limit", agents=["vincristine"], unit="mg", at_most_per_kg=Decimal("0.05"), newest_weight=True)
    facts = {"age": "1", "height": "68", "weight": "7", "weight day 5": "8 stays"}
    assert [len(find(wanted, f"8 vincristine {dose} mg IV", facts=facts)) for dose in ("0.42", "0.43")] == [0, 1]


@pytest.mark.parametrize(("dose", "finds"), [("2625", 0), ("2626", 1)])
def test_a_dose_per_surface_may_be_rounded_by_five_per_cent(dose, finds):
    wanted = rule("dose_limit", agents=["pegaspargase"], unit="units", at_most_per_m2=2500)
    assert len(find(wanted, f"1 pegaspargase {dose} units/m2 IV")) == finds


@pytest.mark.parametrize(
    ("limits", "missing"), [([{"when": "ph = positive", "value": 2}], "Philadelphia chromosome"), (2, None)]
)
def test_a_limit_that_hangs_on_an_unknown_fact(limits, missing):
    wanted = rule("dose_limit", agents=["vincristine"], unit="mg", at_most=limits)
    found = find(wanted, "1 vincristine 1 mg IV")
    assert [dict(one.inputs)["missing"] for one in found] == ([missing] if missing else [])


def test_a_limit_for_nobody_like_this_is_none():
    wanted = rule("dose_limit", agents=["vincristine"], unit="mg", at_most=[{"when": "age < 18", "value": 1}])
    assert find(wanted, "1 vincristine 9 mg IV") == ()


@pytest.mark.parametrize(
    ("line", "facts", "missing"),
    [
        ("1 vincristine ? IV", {}, "dose"),
        ("1 vincristine 1.4 mg/m2 IV", {"weight": ""}, "dose"),
        ("1 vincristine 2 mg IV", {"weight": ""}, "dose per m2"),
        ("1 vincristine 2 mL IV", {}, "dose in mg"),
    ],
)
def test_a_dose_that_cannot_be_compared(line, facts, missing):
    wanted = rule("dose_limit", agents=["vincristine"], unit="mg", at_most_per_m2=2)
    (found,) = find(wanted, line, facts=facts)
    assert found.status is FindingStatus.CANNOT_CHECK
    assert dict(found.inputs)["missing"] == missing


HEART = rule(
    "cumulative_dose",
    "contraindicated",
    agents=["class:anthracycline"],
    limit=550,
    doxorubicin_equivalents=True,
    lower_limit=400,
    lower_with=["cyclophosphamide"],
)


@pytest.mark.parametrize(
    ("lines", "prior", "expected"),
    [
        (["1-5 doxorubicin 88 mg/m2 IV"], [], None),
        (["1-5 doxorubicin 88.1 mg/m2 IV"], [], "warning"),
        (["1-5 doxorubicin 110 mg/m2 IV"], [], "warning"),
        (["1-5 doxorubicin 110.1 mg/m2 IV"], [], "contraindicated"),
        (["1-5 daunorubicin 110.1 mg/m2 IV"], [], None),
        (["1 doxorubicin 60 mg/m2 IV", "1 cyclophosphamide 1 mg IV"], ["doxorubicin 340 mg/m2"], "warning"),
        (["1 doxorubicin 61 mg/m2 IV", "1 cyclophosphamide 1 mg IV"], ["Adriamycin 340 mg/m2"], "contraindicated"),
        (["1 mitoxantrone 12 mg/m2 IV"], ["daunorubicin 600 mg/m2"], "warning"),
    ],
)
def test_lifetime_sum(lines, prior, expected):
    found = find(HEART, *lines, prior=prior)
    assert [one.severity for one in found] == ([expected] if expected else [])


def test_the_sum_is_shown_and_the_first_dose_beyond_named():
    (found,) = find(HEART, "1-3 doxorubicin 100 mg/m2 IV", prior=["daunorubicin 500 mg/m2"])
    assert found.arithmetic == (
        "earlier daunorubicin 500 × 0.6 = 300; doxorubicin 300 × 1 = 300; sum 600 mg/m2 = 109 % of 550 mg/m2"
    )
    assert found.days == (day(3),)
    assert "passes 550 mg/m2 on 03-Jan-2026: 600 mg/m2 at the end of the plan (109 %)" in found.message


def test_a_limit_already_passed_before_the_plan_names_every_dose():
    (found,) = find(HEART, "1-3 doxorubicin 1 mg/m2 IV", prior=["doxorubicin 600 mg/m2"])
    assert found.days == (day(1), day(2), day(3))


@pytest.mark.parametrize(
    ("lines", "prior", "missing"),
    [
        (["1 doxorubicin ? IV"], [], "dose per m2 of Doxorubicin"),
        (["1 doxorubicin 50 mg/m2 IV"], ["doxorubicin 100 mg"], "dose in mg/m2, not mg, of earlier doxorubicin"),
        (["1 doxorubicin 50 units IV"], [], "dose per m2 of Doxorubicin"),
    ],
)
def test_what_cannot_be_added_is_named(lines, prior, missing):
    (found,) = find(HEART, *lines, prior=prior)
    assert found.status is FindingStatus.CANNOT_CHECK
    assert dict(found.inputs)["missing"] == missing


def test_an_anthracycline_without_factor_is_named_and_the_rest_is_still_judged():
    agents = dict(library().agents)
    agents["idarubicin"] = replace(agents["idarubicin"], doxorubicin_factor=None)
    found = find(
        HEART,
        "1 idarubicin 12 mg/m2 IV",
        "2-8 doxorubicin 100 mg/m2 IV",
        prior=["idarubicin 36 mg/m2"],
        agents=agents,
    )
    assert [(one.severity, str(one.status)) for one in found] == [
        ("contraindicated", "open"),
        ("contraindicated", "cannot_check"),
    ]
    assert dict(found[1].inputs)["missing"] == "a factor of earlier idarubicin; a factor of Idarubicin"


def test_a_sum_that_is_near_is_less_grave():
    near = rule("cumulative_dose", agents=["daunorubicin"], limit=100, near_severity="advice", near_percent=50)
    (found,) = find(near, "1 daunorubicin 51 mg/m2 IV")
    assert (found.severity, found.count) == ("advice", 1)
    assert "comes within reach of 100 mg/m2" in found.message


def test_a_limit_nobody_gave_for_this_patient_cannot_be_checked():
    children = rule("cumulative_dose", agents=["daunorubicin"], limit=[{"when": "age > 60", "value": 100}])
    (found,) = find(children, "1 daunorubicin 51 mg/m2 IV")
    assert dict(found.inputs)["missing"] == "a limit for this patient"
    asked = rule("cumulative_dose", agents=["daunorubicin"], limit=[{"when": "chest = no", "value": 100}])
    (found,) = find(asked, "1 daunorubicin 51 mg/m2 IV")
    assert dict(found.inputs)["missing"] == "chest"


def test_an_agent_the_library_lost_has_no_factor():
    (found,) = find(
        rule("cumulative_dose", agents=["any"], limit=1, doxorubicin_equivalents=True), "1 dragonwort 5 mg IV"
    )
    assert dict(found.inputs)["missing"] == "a factor of Dragonwort"


@pytest.mark.parametrize(("scheme", "total"), [("", ": 36 mg/m2"), ("cog", ": 60 mg/m2")])
def test_a_rule_may_take_the_factors_of_another_scheme(scheme, total):
    more = {"scheme": scheme} if scheme else {}
    wanted = rule("cumulative_dose", agents=["class:anthracycline"], limit=29, doxorubicin_equivalents=True, **more)
    (found,) = find(wanted, "1 daunorubicin 60 mg/m2 IV")
    assert total in found.message


COURSES = rule("cycle_count", agents=["blinatumomab"], at_most=2)


@pytest.mark.parametrize(
    ("cycles", "prior", "finds"),
    [(2, [], 0), (3, [], 1), (1, ["blinatumomab 1 cycles"], 0), (1, ["Blincyto 2 cycles"], 1)],
)
def test_cycle_count(cycles, prior, finds):
    lines = [
        f"{number * 42}-{number * 42 + 27} blinatumomab 28 mcg/day IV cycle={number}" for number in range(1, cycles + 1)
    ]
    assert len(find(COURSES, *lines, prior=prior)) == finds


def test_cycle_count_names_the_cycles_beyond():
    lines = [f"{number * 42} blinatumomab 28 mcg/day IV cycle={number}" for number in range(1, 5)]
    (found,) = find(COURSES, *lines)
    assert found.days == (day(126), day(168))
    assert found.arithmetic == "0 + 4 = 4, above 2"
    (found,) = find(COURSES, *lines, prior=["blinatumomab 5 cycles"])
    assert len(found.days) == 4


def test_dose_entered_counts_the_doses_of_an_order():
    (found,) = find(rule("dose_entered"), "1-8 leucovorin ? PO", "1 vincristine 2 mg IV")
    assert found.count == 8
    assert found.message == (
        "Leucovorin C1 D1 (01-Jan-2026) has no dose: no sourced dose: enter the site's own. 8 times in this series."
    )
    assert find(rule("dose_entered", protocols=["other"]), "1 leucovorin ? PO") == ()


@pytest.mark.parametrize(
    ("amount", "limit", "shown"),
    [
        ("2500.276", "2000", "2500"),
        ("2000.0004", "2000", "2000.0004"),
        ("1.4004", "1.4", "1.4004"),
        ("26.119", "15", "26.12"),
        ("0.0123456", "0.01", "0.01235"),
        ("1999.99996", "2000", "1999.99996"),
        ("5", "5", "5.000"),
        ("1.00000000000000000001", "1", "1.00000000000000000001"),
    ],
)
def test_an_amount_beside_its_limit_has_four_figures_and_never_reads_as_the_limit(amount, limit, shown):
    assert str(beside(Decimal(amount), Decimal(limit))) == shown


@pytest.mark.parametrize(
    ("dose", "said"), [("2000 mcg", None), ("2100 mcg", "2.1, above 2 mg"), ("0.0021 g", "2.1, above 2 mg")]
)
def test_a_dose_in_another_unit_of_mass_is_converted(dose, said):
    found = find(TWO, f"1 vincristine {dose} IV")
    assert [one.arithmetic for one in found] == ([said] if said else [])


def test_the_doses_of_a_day_are_added_up_in_the_unit_of_the_limit():
    wanted = rule("dose_limit", agents=["dasatinib"], unit="mg", of="day", at_most=140)
    (found,) = find(wanted, "1 dasatinib 70 mg PO", "1 dasatinib 71000 mcg PO")
    assert found.arithmetic == "141, above 140 mg"


@pytest.mark.parametrize(("facts", "told"), [({"crcl": "60"}, 0), ({"crcl": "20"}, 1), ({}, 1)])
def test_a_dose_nobody_entered_is_told_where_a_limit_may_hold(facts, told):
    weak = rule("dose_limit", agents=["daunorubicin"], unit="mg", at_most_per_kg=[{"when": "crcl < 30", "value": 1}])
    found = find(weak, "1 daunorubicin ? IV", facts=facts)
    assert [one.status for one in found] == [FindingStatus.CANNOT_CHECK] * told


def test_a_limit_that_hangs_on_a_fact_names_what_is_missing() -> None:
    """ "The limit cannot be told" told nobody what to record."""
    wanted = rule("dose_limit", agents=["ponatinib"], unit="mg", at_most=[{"when": "child-pugh in A | B", "value": 30}])
    (found,) = find(wanted, "1 ponatinib 45 mg PO")
    assert found.message.endswith("cannot be compared with its limit: Child-Pugh class not recorded.")
