"""Results that nobody would report so are asked about."""

from datetime import date
from decimal import Decimal

import pytest

from planner.model.patient import LabResult
from planner.services.verbs.reported import doubtful_result


@pytest.mark.parametrize(
    ("code", "value", "unit"),
    [
        ("creatinine-xuln", "90", "xULN"),  # micromol/L
        ("bilirubin-xuln", "171", "xULN"),
        ("crs", "2.5", "grade"),
        ("seizure", "6", "grade"),
        ("platelets", "3.5e6", "/mcL"),
    ],
)
def test_asked_about(code, value, unit):
    assert "is the unit right" in doubtful_result(LabResult(date(2026, 11, 29), code, Decimal(value), unit))


@pytest.mark.parametrize(
    ("code", "value", "unit"),
    [
        ("creatinine-xuln", "1.5", "xULN"),
        ("bilirubin-xuln", "12", "xULN"),
        ("crs", "2", "grade"),
        ("crs", "2.0", "grade"),
        ("seizure", "3", "grade"),
        ("platelets", "150000", "/mcL"),
        ("vod", "5", "grade"),
    ],
)
def test_not_asked_about(code, value, unit):
    assert not doubtful_result(LabResult(date(2026, 11, 29), code, Decimal(value), unit))
