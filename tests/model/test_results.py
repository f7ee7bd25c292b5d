"""Laboratory results as facts: units, the newest on or before a day, and the clearance computed from creatinine."""

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from planner.model.patient import LabResult
from planner.model.results import RESULTS, in_its_unit
from tests.builders import DAY_ONE, day, example_patient


def result(code, value, unit, number=1):
    return LabResult(date.fromordinal(day(number)), code, Decimal(value), unit)


@pytest.mark.parametrize(
    ("code", "value", "unit", "expected"),
    [
        ("bilirubin", "1.2", "mg/dL", ("bilirubin", "1.2")),
        ("Bilirubin", "34.2", "µmol/L", ("bilirubin", "2")),
        ("bilirubin", "34.2", "micromol / L", ("bilirubin", "2")),
        ("bilirubin", "2.5", "x ULN", ("bilirubin-xuln", "2.5")),
        ("bilirubin", "2.5", "× ULN", ("bilirubin-xuln", "2.5")),
        ("creatinine", "88.4", "mcmol/L", ("creatinine", "1")),
        ("anc", "1500", "cells/mm3", ("anc", "1.5")),
        ("anc", "1.5", "10^9/L", ("anc", "1.5")),
        ("platelets", "50000", "/mcL", ("platelets", "50")),
        ("alc", "0.3", "10^9 cells/L", ("alc", "300")),
        ("cd4", "200", "cells/mcL", ("cd4", "200")),
        ("crs", "2", "", ("crs", "2")),
        ("bilirubin", "20", "mmol", None),
        ("magnesium", "0.8", "mmol/L", None),
        ("magnesium", "0.8", "xULN", None),
    ],
)
def test_each_result_in_its_unit(code, value, unit, expected):
    read = in_its_unit(result(code, value, unit))
    assert (read and (read[0], read[1].quantize(Decimal("0.001")))) == (
        expected and (expected[0], Decimal(expected[1]).quantize(Decimal("0.001")))
    )


@pytest.mark.parametrize("code", RESULTS)
def test_every_code_reads_its_own_unit(code):
    assert in_its_unit(result(code, "3", RESULTS[code][0])) == (code, 3)


def test_the_newest_result_on_or_before_the_day_counts():
    labs = (result("anc", "2", "10^9/L", 8), result("anc", "1", "10^9/L", 1), result("anc", "3", "10^9/L", 8))
    patient = replace(example_patient(), labs=labs)
    values = [patient.facts_on(date.fromordinal(day(number))).get("anc") for number in (0, 1, 7, 8, 100)]
    assert values == [None, 1, 1, 3, 3]


@pytest.mark.parametrize(
    ("facts", "clearance"),
    [
        ({"age": "60", "sex": "male", "creatinine": "1"}, "77.8"),
        ({"age": "60", "creatinine": "1"}, "66.1"),
        ({"age": "60", "creatinine": "1", "crcl": "45"}, "45"),
        ({"age": "60", "creatinine day 5": "1", "crcl": "45"}, "45"),
        ({"age": "60", "creatinine day 0": "1"}, "66.1"),
        ({"age": "60", "creatinine day 9": "1"}, "66.1"),  # the first creatinine comes after the day
        ({"age": "17", "creatinine": "1"}, None),
        ({"sex": "other", "creatinine": "1"}, None),
        ({"weight": "", "creatinine": "1"}, None),
        ({"creatinine": "0"}, None),
        ({"anc": "1"}, None),
        ({}, None),
    ],
)
def test_the_clearance(facts, clearance):
    found = example_patient(facts.items()).facts_on(DAY_ONE).get("crcl")
    assert found == (clearance and Decimal(clearance))


@pytest.mark.parametrize(("height", "clearance"), [("168", "49.0"), ("150", "44.5")])
def test_the_clearance_of_somebody_obese_goes_by_the_adjusted_weight(height, clearance):
    """At 150 cm Devine's formula has ended: its least ideal weight, 45.5 kg, gives 82.5 kg."""
    facts = {"age": "35", "weight": "138", "height": height, "creatinine": "2.3"}
    patient = example_patient(facts.items())
    assert patient.facts_on(DAY_ONE)["crcl"] == Decimal(clearance)
    assert "adjusted weight" in patient.clearance_weight_on(DAY_ONE).words
    measured = example_patient({**facts, "crcl": "45"}.items())
    assert measured.clearance_weight_on(DAY_ONE) is None


def test_a_newer_creatinine_replaces_an_older_measured_clearance():
    patient = example_patient({"age": "60", "crcl": "45", "creatinine day 5": "1"}.items())
    assert patient.facts_on(date.fromordinal(day(5)))["crcl"] == Decimal("66.1")
