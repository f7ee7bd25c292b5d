"""Where a finding has no fix: what would be a course of its own, and what nobody knows the dose of."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from planner.checking.fixes.add_order import dose_text
from planner.checking.fixes.case import Case
from planner.checking.fixes.stop_drug import propose_after
from planner.model.condition import ALWAYS, parse_condition
from planner.model.evidence import Evidence
from planner.model.plan import DoseChange, Scope
from planner.model.protocol import Days, DoseBand, TemplateOrder
from planner.model.quantity import parse_dose
from planner.model.rule import RuleExample
from planner.services import evaluation, fixing
from planner.services.evaluation import evaluate
from planner.services.verbs import redosing
from tests.checking.judging import rule
from tests.checking.shipped import library, rules
from tests.example_courses import plan_of_example
from tests.golden.cases import PATIENTS
from tests.golden.cases import library as shelf
from tests.services.courses_at_hand import plan_of

PH = (("ph", "positive"),)
GOES_ON = replace(library(), rules=(rules()["TK-11"],))
BLINATUMOMAB = "1-28 blinatumomab 28 mcg/day IV"


def test_many_doses_without_their_examination_are_a_matter_for_the_protocol(case):
    asked = rule("companion", agents=["vincristine"], needs=["assessment:ecg"], earliest="-1 days", latest="0 days")
    weekly = "1-{last}/1 vincristine 1.5 mg/m2 IV"
    (fix,) = case(asked, weekly.format(last=12))
    assert sum(len(change.days) for change in fix.changes) == 12
    assert case(asked, weekly.format(last=13)) == ()


def test_treatment_is_never_added_as_the_company_of_another_drug():
    """Dexamethasone of an induction, by mouth, was offered to a grown-up as the premedication of blinatumomab."""
    shown = evaluate(plan_of("aall1731", PATIENTS["older"]), shelf())
    findings = [one for one in shown.findings if one.rule == "BL-07"]
    assert findings
    assert [fixing.offered_fixes(shown, one.id, shelf()) for one in findings] == [() for _ in findings]


def test_a_long_course_given_twice_is_not_left_out_dose_by_dose(case):
    """A month of days is the most; the second block is moved away all the same."""
    both = "1-{last} prednisone 40 mg/m2 PO block=a", "1-{last} prednisone 40 mg/m2 PO block=b"
    short, long = (
        [fix.id.partition(":")[0] for fix in case(rules()["ST-07"], *(line.format(last=last) for line in both))]
        for last in (31, 32)
    )
    assert short.count("leave-out") == 2
    assert "leave-out" not in long


def test_more_cycles_beyond_their_number_than_a_fix_empties_are_another_course(case):
    def cycles(number):
        return [f"{1 + 28 * n}-{15 + 28 * n}/7 inotuzumab 0.5 mg/m2 IV cycle={n + 1}" for n in range(number)]

    (fix,) = case(rules()["IO-02"], *cycles(12))
    assert len(fix.changes) == 6
    assert case(rules()["IO-02"], *cycles(13)) == ()


def test_tablets_every_third_day_do_not_go_on_where_the_rule_asks_for_each_day(case):
    lines = ("1-13/3 dasatinib 140 mg PO", "15-28 dasatinib 140 mg PO")
    assert case(rules()["TK-11"], BLINATUMOMAB, *lines, patient=PH) == ()


@pytest.fixture
def tablets(monkeypatch):
    """A month of tablets with a day missing, each with what `order` makes of it; what is shown, and the order's id."""

    def make(known, **order):
        lines = (BLINATUMOMAB, "1-14 dasatinib 140 mg PO", "16-28 dasatinib 140 mg PO")
        plan, made = plan_of_example(RuleExample(1, lines, patient=PH))
        ((text, protocol),) = made.items()
        (phase,) = protocol.phases
        orders = tuple(replace(one, **order) if one.agent == "dasatinib" else one for one in phase.orders)
        protocol = replace(protocol, phases=(replace(phase, orders=orders),))
        monkeypatch.setattr(evaluation, "pinned_protocol", {text: protocol}.__getitem__)
        return evaluate(plan, known), next(one.id for one in orders if one.agent == "dasatinib")

    return make


def fixes(shown, known):
    (finding,) = shown.findings
    return fixing.offered_fixes(shown, finding.id, known)


def test_tablets_without_a_dose_are_not_gone_on_with(tablets):
    shown, _ = tablets(GOES_ON, bands=(DoseBand(ALWAYS, None, note="no source gives it"),))
    assert fixes(shown, GOES_ON) == ()


def test_tablets_at_a_dose_somebody_lowered_go_on_at_that_dose(tablets):
    shown, order = tablets(GOES_ON)
    lowered = DoseChange("block", 1, 1, order, Scope.CYCLE, "toxicity", "cytopenia", dose="100 mg")
    (fix,) = fixes(evaluate(redosing.reduce(shown.plan, shown.schedule, lowered), GOES_ON), GOES_ON)
    assert [change.dose for change in fix.changes] == ["100 mg"]


def test_several_single_doses_above_a_limit_of_the_day_are_not_capped_one_by_one(tablets):
    """The rule limits what a day's doses are together; what each of them becomes is for the prescriber."""
    limit = rule("dose_limit", agents=["dasatinib"], unit="mg", of="day", at_most=100, as_cap=True)
    known = replace(library(), rules=(limit,))
    shown, _ = tablets(known, at=(480, 1200), bands=(DoseBand(ALWAYS, parse_dose("70 mg")),), doses_per_day=2)
    assert fixes(shown, known) == ()
    shown, _ = tablets(known, at=(480,), bands=(DoseBand(ALWAYS, parse_dose("140 mg")),))
    assert [fix.title for fix in fixes(shown, known)] == ["Cap at 100 mg: Dasatinib C1 D1 and what follows of it"]


BANDS = (
    DoseBand(parse_condition("age < 3"), parse_dose("8 mg")),
    DoseBand(parse_condition("age >= 3 and age < 18"), parse_dose("12 mg")),
)


@pytest.mark.parametrize(
    ("order", "age", "wanted"),
    [
        ({}, 2, "8 mg"),
        ({}, 5, "12 mg"),
        ({}, 40, None),  # no band is the patient's
        ({"every_hours": 6}, 5, None),
        ({"at": (480,)}, 5, None),
        ({"bands": (DoseBand(ALWAYS, None, note="the site's own"),)}, 5, None),
        ({"bands": (DoseBand(ALWAYS, parse_dose("12 mg"), cap=Decimal(10)),)}, 5, None),
    ],
)
def test_a_protocols_dose_is_added_only_where_it_is_one_plain_dose(order, age, wanted):
    sample = TemplateOrder("it", "methotrexate", "intrathecal", "IT", BANDS, Days((1,)), Evidence.LABEL, ("L1",))
    assert dose_text(replace(sample, **order), {"age": Decimal(age)}) == wanted


def test_a_finding_that_names_no_dose_stops_no_drug(monkeypatch):
    barred = rule("after_event", agents=["blinatumomab"], events=["seizure"], from_grade=1)
    plan, protocols = plan_of_example(RuleExample(1, (BLINATUMOMAB,), patient=(("seizure day 3", "3"),)))
    monkeypatch.setattr(evaluation, "pinned_protocol", protocols.__getitem__)
    shown = evaluate(plan, replace(library(), rules=(barred,)))
    (finding,) = shown.findings
    cases = [
        Case(one, barred, plan, shown.schedule, library().agents) for one in (finding, replace(finding, orders=()))
    ]
    assert [[fix.id for fix in propose_after(case)] for case in cases] == [["stop:after"], []]


@pytest.mark.parametrize(("drug", "offered"), [("tacrolimus", 0), ("ondansetron", 1)])
def test_what_keeps_a_graft_is_not_left_out_for_another_medicine(case, drug, offered):
    kind = rule("interaction", agents=[drug], others=["class:azole"])
    fixes = case(kind, f"8 {drug} 2 mg PO role=supportive", co_medications=("posaconazole 1-10",))
    assert [fix.id.partition(":")[0] for fix in fixes] == ["leave-out"] * offered


def test_of_what_clashes_with_the_block_of_a_graft_only_the_other_block_is_moved(case):
    """Cyclophosphamide of a conditioning put off by a week was to move by a month, or to be left out."""
    lines = (
        "14-15 cyclophosphamide 60 mg/kg IV block=bmt zero=17",
        "17 haematopoietic-stem-cells ? IV role=cell-therapy block=bmt zero=17",
        "13-14 cyclophosphamide 50 mg/kg IV protocol=ptcy-gvhd block=ptcy zero=10",
    )
    assert case(rules()["ST-07"], *lines) == ()
    assert case(rules()["CY-03"], *lines) == ()
    assert [fix.id for fix in case(rules()["CY-03B"], *lines)] == ["move-block:ptcy:+7"]


def test_no_dose_is_moved_ahead_of_treatment_given_before_the_plan(case):
    """It was offered to the day before, where the rule was silent because that treatment is always the earlier one."""
    asked, prior = rule("minimum_interval", agents=["vincristine"], at_least="7 days"), ("vincristine 8 mg until 3",)
    fixes = case(asked, "5 vincristine 1.5 mg/m2 IV", prior=prior)
    assert [fix.id.rpartition(":")[2] for fix in fixes if fix.id.startswith("move")] == ["+5", "+5"]


def test_the_antidote_of_methotrexate_is_not_left_out_as_support(case):
    """Entered as supportive it was offered to be left out, because leucovorin came an hour after it."""
    lines = "3 10:00 glucarpidase 50 units/kg IV role=supportive", "3 11:00 leucovorin 100 mg IV role=supportive"
    assert not [fix.id for fix in case(rules()["MT-16"], *lines) if fix.id.startswith("leave-out")]
