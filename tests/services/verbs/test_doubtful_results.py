"""Results that nobody would report so are asked about."""

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from planner.model.patient import LabResult
from planner.model.results import RESULTS
from planner.services.verbs.reported import PLAUSIBLE, doubtful_result, result_doubts
from tests.golden.cases import PATIENTS

ON = date(2026, 11, 29)
NOBODY = replace(PATIENTS["adult"], labs=())


def _doubt(code, value, unit, patient=NOBODY):
    return doubtful_result(patient, LabResult(ON, code, Decimal(value), unit))


@pytest.mark.parametrize(
    ("code", "value", "unit"),
    [
        ("creatinine-xuln", "90", "xULN"),  # micromol/L
        ("bilirubin-xuln", "171", "xULN"),
        ("crs", "2.5", "grade"),
        ("seizure", "6", "grade"),
        ("platelets", "3.5e6", "/mcL"),
        ("bilirubin", "34", "mg/dL"),  # micromol/L
        ("bilirubin", "17", "mg/dL"),
        ("bilirubin", "2", "micromol/L"),  # mg/dL
        ("bilirubin", "4.5", "umol/L"),
        ("bilirubin", "0", "mg/dL"),
        ("direct-bilirubin", "34", "mg/dL"),
        ("direct-bilirubin", "0.8", "micromol/L"),
        ("creatinine", "9.8", "mg/dL"),  # the point one place off
        ("creatinine", "0.12", "mg/dL"),
        ("creatinine-xuln", "0.1", "xULN"),
        ("lipase-xuln", "240", ""),  # U/L
        ("lipase-xuln", "45", "xULN"),
        ("amylase-xuln", "60", "xULN"),
        ("alt-xuln", "35", "xULN"),
        ("ast-xuln", "200", "xULN"),
        ("anc", "1.2", "/mcL"),  # 10^9/L
        ("wbc", "4.5", "/mcL"),
        ("platelets", "75", "/mcL"),
        ("platelets", "0.15", "10^9/L"),
        ("platelets", "1800", "10^9/L"),
        ("alc", "1.2", "/mcL"),
        ("alc", "800000", "/mcL"),
        ("cd3", "0.2", "/mcL"),
        ("cd4", "150.5", "/mcL"),
        ("circulating-blasts", "0.5", "/mcL"),
        ("marrow-blasts", "0.05", "%"),  # 5 %
        ("marrow-blasts", "0.8", "%"),
        ("crcl", "1.5", "mL/min"),  # mL/s
        ("methotrexate-level", "0.0005", "micromol/L"),
        ("methotrexate-level", "5000", "micromol/L"),
        ("busulfan-auc", "4.9", ""),  # mg x h/L
        ("busulfan-auc", "20", "micromol/L x min"),
        ("urine-ph", "3.5", "pH"),
    ],
)
def test_asked_about(code, value, unit):
    assert "is the unit right" in _doubt(code, value, unit)


@pytest.mark.parametrize(
    ("code", "value", "unit"),
    [
        ("creatinine-xuln", "1.5", "xULN"),
        ("bilirubin-xuln", "12", "xULN"),
        ("crs", "2", "grade"),
        ("crs", "2.0", "grade"),
        ("seizure", "3", "grade"),
        ("seizure", "0", "grade"),
        ("platelets", "150000", "/mcL"),
        ("platelets", "9", "10^9/L"),
        ("vod", "5", "grade"),
        ("bilirubin", "0.2", "mg/dL"),
        ("bilirubin", "11", "mg/dL"),
        ("bilirubin", "3", "micromol/L"),
        ("bilirubin", "171", "micromol/L"),
        ("direct-bilirubin", "2", "micromol/L"),
        ("lipase-xuln", "6", "xULN"),
        ("alt-xuln", "0", "xULN"),
        ("anc", "0", "10^9/L"),
        ("anc", "20", "/mcL"),
        ("anc", "45", "10^9/L"),
        ("wbc", "450", "10^9/L"),
        ("alc", "0.4567", "10^9/L"),
        ("circulating-blasts", "80000", "/mcL"),
        ("marrow-blasts", "0", "%"),
        ("marrow-blasts", "4.5", "%"),
        ("bcr-abl1", "0.0032", "%"),
        ("creatinine", "0.2", "mg/dL"),
        ("creatinine", "450", "micromol/L"),
        ("methotrexate-level", "0", "micromol/L"),
        ("methotrexate-level", "0.04", "micromol/L"),
        ("methotrexate-level", "900", "micromol/L"),
        ("busulfan-auc", "1350", "micromol/L x min"),
        ("busulfan-auc", "5000", "micromol/L x min"),
        ("crcl", "12", "mL/min"),
    ],
)
def test_not_asked_about(code, value, unit):
    assert not _doubt(code, value, unit)


def test_every_result_has_bounds():
    assert set(PLAUSIBLE) == set(RESULTS)


@pytest.mark.parametrize(
    ("code", "was", "now", "asked"),
    [
        ("creatinine", "0.6 mg/dL", "6 mg/dL", True),
        ("creatinine", "60 micromol/L", "6 mg/dL", True),
        ("creatinine", "2 mg/dL", "0.4 mg/dL", True),
        ("crcl", "110 mL/min", "11 mL/min", True),
        ("creatinine", "0.6 mg/dL", "2.3 mg/dL", False),
        ("bilirubin", "0.6 mg/dL", "6 mg/dL", False),
        ("anc", "0.1 10^9/L", "4 10^9/L", False),
    ],
)
def test_a_jump_of_what_hardly_changes_is_asked_about(code, was, now, asked):
    earlier, value = was.split(" ", 1), now.split(" ", 1)
    before = replace(NOBODY, labs=(LabResult(date(2026, 11, 1), code, Decimal(earlier[0]), earlier[1]),))
    assert (f"and {was} on 01-Nov-2026" in _doubt(code, *value, before)) is asked
    long_ago = replace(before, labs=(replace(before.labs[0], date=date(2026, 8, 1)),))
    assert not _doubt(code, *value, long_ago)


def test_the_newest_results_of_a_patients_file_are_told():
    """A file is never refused for it: scripts rely on that."""
    labs = (
        LabResult(date(2026, 10, 1), "bilirubin", Decimal(34), "mg/dL"),
        LabResult(date(2026, 11, 1), "lipase-xuln", Decimal(240), "xULN"),
        LabResult(ON, "bilirubin", Decimal(2), "mg/dL"),
    )
    (told,) = result_doubts(replace(NOBODY, labs=labs))
    assert told.startswith("lipase-xuln 240 xULN: is the unit right")
