"""Every row of the sheet of sequencing rules on backbones and general matters is a rule, or has its reason here."""

import re

import pytest

from planner.content.library import build_rules_and_agents
from planner.model.plan import Plan
from planner.paths import resources
from tests.checking.judging import find
from tests.checking.shipped import rules
from tests.golden.cases import cases, schedule_of

ROWS = {
    "TK": 14,
    "VC": 11,
    "AN": 10,
    "AC": 4,
    "MT": 17,
    "FL": 3,
    "NE": 4,
    "CL": 1,
    "AS": 13,
    "MP": 4,
    "GC": 3,
    "HB": 4,
    "PJ": 3,
    "VX": 2,
    "LP": 2,
    "RB": 1,
    "GE": 25,
}
"""How many rows each family has."""
FURTHER = ("CY-01", "CY-02", "CY-08")

NO_RULES = {
    "TK-04": "do not flag: acid suppressants are fine with ponatinib; see test_shipped_protocols",
    "AN-03": "how AN-01 sums: every anthracycline counts; see test_every_anthracycline_counts",
    "GE-01": "a check of the engine; see test_a_day_0_stands_only_where_the_phase_counts_from_it",
    "GE-05": "the exceptions to GE-04; see test_caps_of_these_agents_are_no_finding",
    "GE-20": "relative dose intensity needs the course as the protocol had it; the counters show it",
    "GE-21": "one formula a plan: see test_a_plan_has_one_formula",
    "GE-24": "two sign-offs of two people are part of issuing a plan, not of its dates",
}


@pytest.mark.parametrize(
    "row", [f"{family}-{number:02d}" for family, count in ROWS.items() for number in range(1, count + 1)] + [*FURTHER]
)
def test_each_row_ships(row):
    assert (row in rules()) != (row in NO_RULES)


def test_site_settings_say_that_they_are_not_set():
    """Every rule without a number is one that a site can set, and none of them passes in silence."""
    library = build_rules_and_agents(resources())
    waiting = {rule.id for rule in library.rules if rule.evidence == "local" and rule.site_setting}
    assert {"AC-04", "CL-01", "GE-03", "GE-16", "GE-17", "GE-18", "GE-19", "MT-09", "MT-14", "VC-04"} <= waiting
    for rule in (rules()[one] for one in sorted(waiting)):
        assert any(example.finds for example in rule.examples), rule.id


@pytest.mark.parametrize("agent", ["doxorubicin", "daunorubicin", "epirubicin", "mitoxantrone"])
def test_every_anthracycline_counts(agent):
    """AN-03: a sum in which one of several agents is left out would be too low."""
    (found,) = find(rules()["AN-01"], f"1 {agent} 10 mg/m2 IV", prior=["doxorubicin 549 mg/m2"])
    assert found.severity == "contraindicated"
    assert agent in found.arithmetic


@pytest.mark.parametrize("case", [case for case in cases() if case.name.endswith(".adult")], ids=lambda case: case.name)
def test_a_day_0_stands_only_where_the_phase_counts_from_it(case):
    """GE-01: chemotherapy counts from Day 1 and has no Day 0; transplant and most cell infusions count from Day 0."""
    with_zero = {event.placed.block.phase.id for event in schedule_of(case).events if event.cycle_day == 0}
    phases = {block.phase.id: block.phase for block in schedule_of(case).blocks}
    assert all(phases[one].first_day <= 0 for one in with_zero)


@pytest.mark.parametrize(
    "line",
    [
        "1 vincristine 1.4 mg/m2 IV gives=2 capped=yes",
        "1 bleomycin 20 units/m2 IV gives=30 capped=yes",
        "1 pegaspargase 2500 units/m2 IV gives=3750 capped=yes",
        "1 carboplatin 500 mg/m2 IV gives=750 capped=yes",
    ],
)
def test_caps_of_these_agents_are_no_finding(line):
    """GE-05."""
    assert find(rules()["GE-04"], line) == ()


def test_a_plan_has_one_formula():
    """GE-21: the formula is a word of the plan, so that no two doses of it can rest on different ones."""
    assert isinstance(Plan("p", None).bsa_formula, str)


@pytest.mark.parametrize("medicine", ["fluconazole", "micafungin", "isavuconazole"])
def test_azoles_that_are_not_meant_with_vincristine(medicine):
    found = find(rules()["VC-03"], "8 vincristine 2 mg IV", co_medications=[f"{medicine} 1-"])
    assert found == ()


def test_ids_are_a_family_and_a_number():
    assert all(re.fullmatch(r"[A-Z]{2}-\w+", one) for one in rules())
