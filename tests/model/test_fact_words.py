"""Facts and conditions in plain words."""

from decimal import Decimal

import pytest

from planner.content.facts import MARKERS, NUMBERS
from planner.model.condition import parse_condition
from planner.model.fact_words import condition_words, fact_name, fact_words, names_of
from planner.model.rule_kinds import conditions_of
from tests.checking.shipped import rules


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("hbsag = positive", "HBsAg positive"),
        ("ph != positive", "Philadelphia chromosome not positive"),
        ("cns in CNS1 | CNS2", "CNS status CNS1 or CNS2"),
        ("crcl > 60 and age >= 18", "creatinine clearance above 60 mL/min and age at least 18 years"),
        ("bilirubin-xuln <= 1.5 or bilirubin < 3", "bilirubin at most 1.5 × ULN or bilirubin below 3 mg/dL"),
        ("thrombosis < 1", "thrombosis below grade 1"),
        ("anc >= 1", "neutrophils at least 1 × 10⁹/L"),
        ("urine-ph >= 7", "urine pH at least 7"),
        ("circulating-blasts <= 10000", "blasts in blood at most 10,000 /mcL"),
        ("remission = no", "no remission"),
        ("acute-infection != yes", "no acute infection"),
        ("trial = yes", "treatment in a trial"),
        ("third-space != no", "fluid in a third space"),
        ("variant.it-interim = day-21", 'variant "it interim" day 21'),
        ("decision.cmr-1 = yes", 'decision "cmr 1" yes'),
        ("cns in CNS1 | CNS2 and age >= 18", "CNS status CNS1 or CNS2, and age at least 18 years"),
        (
            "age >= 60 and ph = positive or age >= 70",
            "age at least 60 years and Philadelphia chromosome positive; or age at least 70 years",
        ),
        ("", ""),
    ],
)
def test_a_condition_in_words(written, said):
    assert condition_words(parse_condition(written)) == said


@pytest.mark.parametrize(
    ("subject", "fact", "said"),
    [
        ("creatinine-xuln", None, "creatinine (in × ULN) not recorded"),
        ("hbsag", "positive", "HBsAg positive"),
        ("crcl", Decimal("45.00049"), "creatinine clearance 45 mL/min"),
        ("gvhd", Decimal(2), "graft-versus-host disease grade 2"),
        ("platelets", None, "platelets not recorded"),
        ("hiv", "", "HIV test not recorded"),
        ("down-syndrome", "no", "no Down syndrome"),
    ],
)
def test_a_fact_in_words(subject, fact, said):
    assert fact_words(subject, fact) == said


def test_what_is_missing_is_named_once_each():
    assert names_of(["crcl", "clock times", "crcl", "dose per m2"]) == "creatinine clearance, clock times, dose per m2"


def test_no_short_name_of_a_fact_shows():
    """Every fact that can be asked for has a name without signs of a short name."""
    asked = {
        clause.subject
        for rule in rules().values()
        for condition in (rule.when, rule.unless, *conditions_of(rule.parameters))
        for clause in condition.clauses
    }
    for subject in sorted({*NUMBERS, *MARKERS, *asked}):
        name = fact_name(subject)
        assert "xuln" not in name, subject
        assert "_" not in name, subject
        assert name != subject or subject.isalpha(), subject


def test_no_rule_tells_people_a_short_name():
    """What to do and what is asked is said in the words of the form; a site's setting names its own file."""
    short = {name for name in {*NUMBERS, *MARKERS} if not name.isalpha()} | {"crcl", "hbsag", "anc", "wbc"}
    for rule in rules().values():
        words = f"{rule.title} {rule.statement} {'' if rule.site_setting else rule.advice}".replace("(", " ")
        told = {word.strip(".,;:)") for word in words.split()} & short
        assert not told - {"cd19", "cd20", "cd22"}, (rule.id, told)
