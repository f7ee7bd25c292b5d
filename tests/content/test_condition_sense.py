"""Conditions that never hold, numbers in another unit, bands nobody reaches, caps that cut all, days too far off."""

import pytest

from planner.content.condition_sense import beyond_belief, never_holds, unreached
from planner.model.condition import parse_condition
from planner.services.catalogue import problems_of_file
from tests.cli.test_bad_input import GOOD
from tests.golden.cases import library


@pytest.mark.parametrize(
    "text",
    [
        "weight > 45 and weight < 40",
        "weight > 45 and weight <= 45",
        "ph = positive and ph = negative",
        "cns in CNS1 | CNS2 and cns = CNS3",
        "ph = positive and ph != positive",
        "age < 18 or weight > 45 and weight < 40",
        "age >= 18 and weight > 45 and age < 18",
    ],
)
def test_what_never_holds(text):
    assert "never holds" in never_holds(parse_condition(text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "weight > 40 and weight < 45",
        "weight >= 45 and weight <= 45",
        "weight > 45 or weight < 40",
        "cns in CNS1 | CNS2 and cns != CNS2",
        "ph != positive and ph != negative",
        "age < 18 and ph = positive",
    ],
)
def test_what_can_hold(text):
    assert never_holds(parse_condition(text)) == ""


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("platelets >= 75000", "10^9/L"),
        ("anc >= 1000 and platelets >= 75000", "10^9/L"),
        ("age >= 180", "never above 130"),
        ("weight < 4000", "never above 400"),
        ("crs >= 6", "grade"),
        ("creatinine > 120", "mg/dL"),
        ("direct-bilirubin > 85", "mg/dL"),
    ],
)
def test_numbers_that_cannot_be_meant(text, unit):
    assert unit in "".join(map(beyond_belief, parse_condition(text).clauses))


@pytest.mark.parametrize(
    "text", ["platelets >= 75", "age >= 18", "weight < 40", "crs >= 4", "ph = positive", "alc < 50000"]
)
def test_numbers_that_can(text):
    assert "".join(map(beyond_belief, parse_condition(text).clauses)) == ""


@pytest.mark.parametrize(
    ("bands", "found"),
    [
        (["weight >= 45", "weight >= 50"], [(1, 0)]),
        (["weight >= 45", "weight > 45 and ph = positive"], [(1, 0)]),
        (["weight >= 45", "weight >= 45"], [(1, 0)]),
        (["weight >= 45", "weight < 45"], []),
        (["weight > 45", "weight >= 45"], []),
        (["weight >= 50", "weight >= 45"], []),
        (["cns in CNS1 | CNS2", "cns = CNS1"], [(1, 0)]),
        (["cns = CNS1", "cns in CNS1 | CNS2"], []),
        (["ph != negative", "ph = positive"], []),
        (["ph = positive and age < 18", "ph = positive"], []),
        (["age < 18 or weight < 45", "weight < 40", "age < 10 or weight < 30"], [(1, 0), (2, 0)]),
        (["age < 18", "age > 20 and age < 19"], []),
        (["", "age < 18"], []),
        (["age < 18", ""], []),
    ],
)
def test_bands_that_nobody_reaches(bands, found):
    assert list(unreached([parse_condition(text) for text in bands])) == found


BAND = '[[phases.orders.bands]]\nwhen = "{}"\ndose = "{}"\n'
ONE = 'dose = "1.4 mg/m2"\ncap = "2 mg"\n'


def _banded(*bands: tuple[str, str]) -> str:
    assert ONE in GOOD
    return GOOD.replace(ONE, "") + "".join(BAND.format(*band) for band in bands)


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        (_banded(("weight > 45 and weight < 40", "1 mg")), "bands[0].when", "never holds"),
        (_banded(("weight >= 45", "1 mg"), ("weight >= 50", "2 mg")), "bands[1].when", "nobody reaches this band"),
        (_banded(("platelets >= 75000", "1 mg")), "bands[0].when", "10^9/L"),
        (GOOD.replace('dose = "1.4 mg/m2"', 'dose = "4 mg"'), "orders[0].cap", "below the dose"),
        (GOOD.replace('dose = "1.4 mg/m2"', 'dose = "15 mg/m2"'), "orders[0].cap", "below the dose"),
        (
            GOOD.replace("cycle_days = 21", 'cycle_days = 21\nends = [{ until = "2 years after one day 99" }]'),
            "until",
            "day 99",
        ),
    ],
)
def test_a_protocol_that_cannot_be_meant_is_told_with_its_place(tmp_path, text, place, says):
    path = tmp_path / "mine.toml"
    path.write_text(text, "utf-8")
    found = problems_of_file(path, library())
    assert [(one.place.endswith(place), says in one.message, one.line > 0) for one in found] == [(True, True, True)], (
        found
    )


def test_what_can_be_meant_passes(tmp_path):
    for text in (GOOD, _banded(("weight >= 45", "1 mg"), ("weight < 45", "2 mg"))):
        path = tmp_path / "mine.toml"
        path.write_text(text, "utf-8")
        assert problems_of_file(path, library()) == ()
