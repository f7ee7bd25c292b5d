"""The kinds about weight, facts, decisions, co-medications and overlapping blocks."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from planner.checking.check import check
from planner.model.finding import FindingStatus
from planner.model.plan import Addition, DoseChange, Plan, Replacement, Scope
from planner.services.evaluation import evaluate
from planner.services.verbs.redosing import reduce
from tests.builders import day, example_patient, example_schedule
from tests.checking.judging import find, rule
from tests.checking.shipped import library
from tests.golden.cases import START
from tests.golden.cases import library as shipped
from tests.services.courses_at_hand import plan_of, scheduled

FRESH = rule("weight_age", max_age_days=28)


@pytest.mark.parametrize(("start", "finds"), [(29, 0), (30, 1)])
def test_weight_age(start, finds):
    found = find(FRESH, f"{start} daunorubicin 25 mg/m2 IV")
    assert len(found) == finds
    if finds:
        assert found[0].arithmetic == "30-Jan-2026 − 01-Jan-2026 = 29 days, above 28 days"
        assert dict(found[0].inputs)["weight"] == "70 kg on 01-Jan-2026"


def test_weight_age_counts_cycles_and_takes_the_newest_weight():
    lines = [f"{number} daunorubicin 25 mg/m2 IV cycle={number}" for number in (40, 70, 100)]
    (found,) = find(FRESH, *lines, facts={"weight day 60": "69"})
    assert (found.count, found.days) == (2, (day(40), day(100)))


def test_weight_age_without_any_weight():
    (found,) = find(FRESH, "40 daunorubicin 25 mg/kg IV", facts={"weight": ""})
    assert found.status is FindingStatus.CANNOT_CHECK
    assert dict(found.inputs)["missing"] == "height and weight"


def test_fixed_doses_need_no_weight():
    assert find(FRESH, "40 vincristine 2 mg IV", "41 leucovorin ? PO") == ()
    assert find(rule("weight_age", protocols=["x"], max_age_days=1), "40 daunorubicin 25 mg/m2 IV") == ()


CHANGED = rule("weight_change", percent=[{"when": "age >= 18", "value": 10}])
LINES = ("1 daunorubicin 25 mg/m2 IV", "29 daunorubicin 25 mg/m2 IV cycle=2")


@pytest.mark.parametrize(("later", "finds"), [("77", 1), ("76.9", 0), ("63", 1), ("63.1", 0)])
def test_weight_change(later, finds):
    found = find(CHANGED, *LINES, facts={"weight day 20": later})
    assert len(found) == finds


def test_weight_change_says_how_much():
    (found,) = find(CHANGED, *LINES, facts={"weight day 20": "60"})
    assert found.message == "Weight down by 14.3 % on 20-Jan-2026 against the start of the plan."
    assert found.days == (day(20),)
    assert dict(found.inputs)["next doses by weight"] == "Daunorubicin C2 D1 (29-Jan-2026)"


def test_the_cycle_that_runs_on_by_the_weight_of_its_start_is_named_beside_the_doses_to_come():
    lines = ("1-22/7 daunorubicin 25 mg/m2 IV", "29 daunorubicin 25 mg/m2 IV cycle=2 block=next")
    (found,) = find(CHANGED, *lines, facts={"weight day 20": "60"})
    assert dict(found.inputs)["goes on as it began"] == "block"
    (before,) = find(CHANGED, *lines, facts={"weight day 23": "60"})
    assert "goes on as it began" not in dict(before.inputs)


def test_a_weight_beside_doses_that_were_kept_is_compared_with_what_they_follow():
    """80, then 68 that doses follow, then 80 with "doses stay": the doses ahead are those of 68 kg."""
    patient = example_patient((), (), ())
    first = patient.measurements[0]
    sizes = (
        replace(first, weight_kg=Decimal(80)),
        replace(first, date=date(2026, 1, 10), weight_kg=Decimal(68)),
        replace(first, date=date(2026, 1, 20), weight_kg=Decimal(80), for_doses=False),
    )
    patient = replace(patient, measurements=sizes)
    found, _ = check(Plan("p", patient), example_schedule(LINES, patient, ()), [CHANGED], library().agents)
    assert sorted(one.message for one in found) == [
        "Weight down by 15 % on 10-Jan-2026 against the start of the plan.",
        "Weight up by 17.6 % on 20-Jan-2026 against the weight of 10-Jan-2026, which doses follow.",
    ]


def test_weight_change_matters_only_with_doses_ahead():
    assert find(CHANGED, *LINES, facts={"weight day 40": "50"}) == ()
    assert find(CHANGED, "1 vincristine 2 mg IV", facts={"weight day 1": "50"}) == ()


@pytest.mark.parametrize(("when", "missing"), [("age >= 41", "a limit for this patient"), ("oedema = no", "oedema")])
def test_weight_change_whose_limit_is_not_known(when, missing):
    wanted = rule("weight_change", percent=[{"when": when, "value": 10}])
    (found,) = find(wanted, *LINES, facts={"weight day 20": "69"})
    assert found.status is FindingStatus.CANNOT_CHECK
    assert dict(found.inputs)["missing"] == missing


RECORDED = rule("facts_recorded", agents=["class:thiopurine"], facts=["tpmt", "creatinine"])


@pytest.mark.parametrize(
    ("facts", "missing"),
    [
        ({}, "TPMT metaboliser status, creatinine"),
        ({"tpmt": "normal"}, "creatinine"),
        ({"tpmt": ""}, "TPMT metaboliser status, creatinine"),
        ({"TPMT": "normal", "Creatinine day 1": "0.8"}, None),
    ],
)
def test_facts_recorded_as_marker_or_result(facts, missing):
    found = find(RECORDED, "5-20 mercaptopurine 60 mg/m2 PO", facts=facts)
    assert [dict(one.inputs)["not recorded"] for one in found] == ([missing] if missing else [])
    assert find(RECORDED, "1 vincristine 2 mg IV") == ()


def test_patient_state_by_cycle():
    wanted = rule("patient_state", agents=["rasburicase"], must="g6pd = normal and age >= 18")
    lines = ("1-3 rasburicase 6 mg IV", "30 rasburicase 6 mg IV cycle=2")
    (found,) = find(wanted, *lines, facts={"g6pd": "deficient"})
    assert (found.count, found.status) == (2, FindingStatus.OPEN)
    assert found.arithmetic == "G6PD deficient; age 40 years; asked for: G6PD normal and age at least 18 years"
    (found,) = find(wanted, *lines)
    assert found.status is FindingStatus.CANNOT_CHECK
    assert find(wanted, *lines, facts={"g6pd": "normal"}) == ()


def test_undecided_facts_by_block():
    (found,) = find(
        rule("undecided_facts"), "1 facts cns ph block=b", "1 vincristine 2 mg IV block=b", "9 vincristine 2 mg IV"
    )
    assert (found.id, found.days) == ("XX-01:b:cannot check", (day(1),))
    assert dict(found.inputs)["missing"] == "CNS status; Philadelphia chromosome"
    assert find(rule("undecided_facts", protocols=["x"]), "1 facts cns", "1 vincristine 2 mg IV") == ()


def test_unknown_medicines_are_named_once_each():
    found = find(
        rule("known_agents"),
        "1 vincristine 2 mg IV",
        co_medications=["dragonwort 1-", "dragonwort 50-", "Bactrim 1-"],
        prior=["elixir 5 mg"],
    )
    assert [dict(one.inputs)["missing"] for one in found] == ["co-medication dragonwort", "earlier treatment elixir"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("voriconazol", "Voriconazole"),
        ("Cotrimoxazol", "Trimethoprim-sulfamethoxazole"),
        ("VFEND 200 mg", "Voriconazole"),
        ("ibuprofeno", "Ibuprofen"),
        ("Pantoprazol", "Pantoprazole"),
        ("dragonwort", None),
        ("Metamizol", None),
        ("hydrocodone", None),
        ("cetuximab", None),
    ],
)
def test_an_unknown_medicine_that_is_nearly_a_known_one_is_asked_about(written, meant):
    """In another language, or with its strength behind it, a drug that rules forbid was only "not an agent"."""
    (found,) = find(rule("known_agents"), "1 vincristine 2 mg IV", co_medications=[f"{written} 1-"])
    assert dict(found.inputs).get("most like") == meant
    assert (f"Is it {meant}?" in found.message) == bool(meant)


DECIDED = rule("assessment_before_decision", mentions=["MRD"], within_days=10)


@pytest.mark.parametrize(("on", "finds"), [(19, 1), (20, 0), (30, 0), (31, 1)])
def test_the_test_comes_before_the_decision(on, finds):
    lines = ("1 vincristine 2 mg IV", "30 decision mrd negative?", f"{on} assessment mrd by flow")
    assert len(find(DECIDED, *lines)) == finds


def test_a_decision_finding_leads_to_the_decision():
    (found,) = find(DECIDED, "1 vincristine 2 mg IV", "30 decision mrd negative?", "1 assessment marrow and mrd")
    assert found.orders == ("block/1/decision-1",)
    assert found.arithmetic == (
        "last before it: marrow and mrd C1 D1 (01-Jan-2026); needed from 20-Jan-2026 to 30-Jan-2026"
    )


def test_decisions_that_ask_something_else_or_are_taken():
    assert find(DECIDED, "1 vincristine 2 mg IV", "30 decision donor found?") == ()
    assert find(DECIDED, "1 vincristine 2 mg IV", "30 decision mrd negative? choice=yes") == ()
    other = rule("assessment_before_decision", protocols=["x"], mentions=["MRD"], within_days=10)
    assert find(other, "1 vincristine 2 mg IV", "30 decision mrd negative?") == ()


def test_the_examination_left_out_does_not_count():
    lines = ("1 vincristine 2 mg IV", "30 decision mrd negative?", "29 assessment mrd state=omitted")
    assert len(find(DECIDED, *lines)) == 1


TOGETHER = rule("interaction", agents=["class:tki"], others=["class:azole", "allopurinol"])


@pytest.mark.parametrize(("span", "count"), [("10-20", 11), ("40-50", 3), ("43-50", 0), ("1-", 42), ("42-42", 1)])
def test_interaction_counts_the_days_together(span, count):
    found = find(TOGETHER, "1-42 dasatinib 140 mg PO", co_medications=[f"Vfend {span}"])
    assert sum(one.count for one in found) == count


@pytest.mark.parametrize(("tki", "azole", "days"), [("", " state=held", 2), (" state=held", "", 0), ("", "", 4)])
def test_what_is_on_hold_meets_nothing_on_its_days(tki, azole, days):
    azoles = ("5-6 voriconazole 200 mg PO role=supportive", f"7-8 voriconazole 200 mg PO role=supportive{azole}")
    found = find(TOGETHER, f"1-42 dasatinib 140 mg PO{tki}", *azoles)
    assert sum(one.count for one in found) == days


def test_interaction_by_block_agent_and_medicine():
    found = find(
        TOGETHER,
        "1-42 dasatinib 140 mg PO block=a",
        "43-60 ponatinib 30 mg PO block=b",
        "5-7 allopurinol 300 mg PO block=a role=supportive",
        co_medications=["voriconazole 40-50"],
    )
    assert {one.id: one.count for one in found} == {
        "XX-01:a/dasatinib/voriconazole": 3,
        "XX-01:b/ponatinib/voriconazole": 8,
        "XX-01:a/dasatinib/allopurinol": 3,
    }
    planned = next(one for one in found if one.id.endswith("allopurinol"))
    assert dict(planned.inputs)["together with"] == "Allopurinol of the plan"
    assert dict(planned.inputs)["days"] == "05-Jan-2026 to 07-Jan-2026, 3 days"
    assert planned.orders == ("a/1/dasatinib-0", "a/1/allopurinol-2")


def test_an_agent_does_not_meet_itself_and_doses_apart_do_not_meet():
    wanted = rule("interaction", agents=["class:tki"], others=["class:tki"])
    assert find(wanted, "1-42 dasatinib 140 mg PO") == ()
    assert find(TOGETHER, "1-4 dasatinib 140 mg PO", "5 allopurinol 300 mg PO") == ()
    assert find(TOGETHER, "1 vincristine 2 mg IV", co_medications=["voriconazole 1-"]) == ()


TWICE = rule("duplicate")


@pytest.mark.parametrize(
    ("lines", "days"),
    [
        (("1-30 dasatinib 140 mg PO block=a", "30-60 dasatinib 140 mg PO block=b"), 1),
        (("1-30 dasatinib 140 mg PO block=a", "31-60 dasatinib 140 mg PO block=b"), 0),
        (("1-31/2 dasatinib 140 mg PO block=a", "2-30/2 dasatinib 140 mg PO block=b"), 0),
        (("1-30 dasatinib 140 mg PO block=a", "1-30 ponatinib 30 mg PO block=b"), 0),
        (("1-5 dasatinib 140 mg PO block=a", "1-5 dasatinib 70 mg PO block=a"), 0),
    ],
)
def test_duplicate_across_blocks(lines, days):
    found = find(TWICE, *lines)
    assert sum(one.count for one in found) == days


def test_duplicate_of_a_protocol_that_is_not_meant():
    lines = ("1-5 dasatinib 140 mg PO block=a protocol=x", "1-5 dasatinib 140 mg PO block=b protocol=y")
    assert len(find(TWICE, *lines)) == 1
    assert find(rule("duplicate", protocols=["not x"]), *lines) == ()


def test_route_names_the_dangerous_one_in_full():
    (found,) = find(
        rule("route", agents=["class:vinca"], only=["IV"]), "1 vincristine 2 mg IT", "2 vincristine 2 mg IV"
    )
    assert found.message == "Vincristine IT C1 D1 (01-Jan-2026) is planned INTRATHECAL; allowed: IV."


def allergic(*texts, lines=("1 pegaspargase 2500 units/m2 IM", "22 pegaspargase 2500 units/m2 IM"), **more):
    facts = {"allergies": ", ".join(texts)}
    return [dict(one.inputs) for one in find(rule("no_allergy", agents=["any"]), *lines, facts=facts, **more)]


@pytest.mark.parametrize(
    "text", ["Pegaspargase", "PEG-ASPARAGINASE (rash)", "Oncaspar grade 3", "asparaginases", "peg asparaginase"]
)
def test_an_allergy_is_found_however_it_is_written(text):
    (found,) = allergic("latex", text)
    assert found["allergy"] == text
    assert found["dose"].startswith("Pegaspargase C1 D1")


@pytest.mark.parametrize("text", ["none known", "asparagus", "cytotoxic", "penicillin", "oncasparol", "food (nuts)"])
def test_what_names_no_drug_of_the_plan_is_no_allergy_of_it(text):
    assert allergic(text) == []


def test_nothing_written_is_said_once_and_as_something_that_cannot_be_checked():
    lines = ("1 vincristine 2 mg IV", "1 pegaspargase 2500 units/m2 IM", "90 pegaspargase 2500 units/m2 IM block=later")
    (one,) = find(rule("no_allergy", agents=["any"]), *lines, co_medications=["Bactrim 1-"])
    assert (one.status, one.count, one.days, one.missing) == (FindingStatus.CANNOT_CHECK, 1, (), "allergies")
    assert find(rule("no_allergy", agents=["any"]), "1 vincristine 2 mg IV state=omitted") == ()


def test_a_dose_that_was_given_is_not_spoken_of_any_more():
    lines = ("1 pegaspargase 2500 units/m2 IM state=given", "22 pegaspargase 2500 units/m2 IM")
    (found,) = allergic("Oncaspar", lines=lines)
    assert "D22" in found["dose"]


def test_other_medicines_are_looked_at_too_and_unknown_ones_let_be():
    found = allergic("Bactrim", lines=("1 vincristine 2 mg IV",), co_medications=["Bactrim 1-", "dragonwort 1-"])
    assert found == [{"co-medication": "Bactrim", "allergy": "Bactrim"}]


def test_a_weight_past_the_band_is_told_once_a_cycle_but_for_doses_typed_for_the_new_weight():
    plan = plan_of("blinatumomab-mrd")
    first = plan.patient.measurements[0]
    sizes = (
        replace(first, weight_kg=Decimal(47)),
        replace(first, date=START + timedelta(days=30), weight_kg=Decimal(43), for_doses=False),
    )
    plan = replace(plan, patient=replace(plan.patient, measurements=sizes))

    def told(one):
        return [found.count for found in evaluate(one, shipped()).findings if found.rule == "BL-18"]

    assert told(plan) == [3]
    change = DoseChange("consolidation", 3, 1, "blinatumomab", Scope.FOLLOWING, "other", dose="21 mcg/day")
    assert told(reduce(plan, scheduled(plan), change)) == [1]
    assert told(reduce(plan, scheduled(plan), replace(change, dose="", percent=90))) == [3]


def test_without_doses_of_the_label_and_without_a_known_dose_every_kept_dose_is_told():
    sizes = {"weight": "47", "weight day 40": "43 stays"}
    kept = rule("weight_band", agents=["blinatumomab"], from_kg=45)
    labelled = rule("weight_band", agents=["any IV"], from_kg=45, doses_below=["blinatumomab 21 mcg/day IV"])
    lines = ("1-28 blinatumomab 28 mcg/day IV", "43-70 blinatumomab 21 mcg/day IV cycle=2")
    assert len(find(kept, *lines, facts=sizes)) == 1
    assert find(labelled, *lines, facts=sizes) == ()
    assert len(find(labelled, "43 blinatumomab ? IV", facts=sizes)) == 1
    assert len(find(labelled, "43 vincristine 21 mcg IV", "44 blinatumomab 21 mg IV", facts=sizes)) == 2


@pytest.mark.parametrize(
    ("block", "cycle", "day", "agent", "role", "route", "finds"),
    [
        ("part-b", 2, 2, "methotrexate", "intrathecal", "IT", 1),
        ("part-a", 1, 4, "vincristine", "antineoplastic", "IV", 1),
        ("part-a", 1, 4, "methotrexate", "intrathecal", "IT", 0),  # another day than the cycle's own
        ("part-b", 2, 2, "methotrexate", "antineoplastic", "PO", 0),  # another route
        ("part-b", 2, 3, "leucovorin", "rescue", "IV", 0),  # more of a rescue is another question
    ],
)
def test_a_cancer_drug_that_was_added_beside_that_of_its_cycle(block, cycle, day, agent, role, route, finds):
    plan = plan_of("hyper-cvad")
    change = Addition(block, cycle, "more", agent, role, route, (day,), "other", dose="1 mg")
    plan = replace(plan, modifications=(change,))
    found = [one for one in evaluate(plan, shipped()).findings if one.rule == "ST-07"]
    assert len(found) == finds
    assert all("was added on a day on which its cycle gives" in one.message for one in found)


def test_of_two_added_orders_the_pair_is_told_once():
    change = Addition("part-a", 1, "more", "nelarabine", "antineoplastic", "IV", (4, 5), "other", dose="1 mg")
    changes = (change, replace(change, order="again", days=(5, 6)))
    plan = replace(plan_of("hyper-cvad"), modifications=changes)
    (found,) = (one for one in evaluate(plan, shipped()).findings if one.rule == "ST-07")
    assert found.count == 1


@pytest.mark.parametrize(
    ("order", "day", "agent", "route", "finds"),
    [
        ("vincristine-day-4-11", 4, "doxorubicin", "", 1),
        ("vincristine-day-4-11", 4, "doxorubicin", "IT", 0),  # another route
        ("vincristine-day-4-11", 11, "doxorubicin", "", 0),  # a day without the other
        ("vincristine-day-4-11", 4, "daunorubicin", "", 0),
        ("dexamethasone", 1, "cyclophosphamide", "IV", 1),
    ],
)
def test_a_drug_put_in_the_place_of_another_that_its_cycle_gives_already(order, day, agent, route, finds):
    change = Replacement("part-a", 1, day, order, Scope.DAY, agent, "other", dose="1 mg/m2", route=route)
    plan = replace(plan_of("hyper-cvad"), modifications=(change,))
    found = [one for one in evaluate(plan, shipped()).findings if one.rule == "ST-07"]
    assert len(found) == finds
    assert all("was put in the place of another drug on a day" in one.message for one in found)
