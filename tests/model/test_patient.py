"""A patient's earlier treatment: total doses that can be meant."""

from decimal import Decimal

import pytest

from planner.model.patient import PriorExposure


@pytest.mark.parametrize(
    ("agent", "dose", "unit", "is_meant"),
    [
        ("daunorubicin", 2000, "mg/m2", True),
        ("Daunorubicin", 2001, "mg/m2", False),
        ("idarubicin", 5001, "mg", False),
        ("methotrexate", 144_000, "mg/m2", True),
        ("methotrexate", 250_001, "mg/m2", False),
        ("pegaspargase", 900_000, "units", True),
    ],
)
def test_a_total_dose_that_cannot_be_meant_says_so(agent: str, dose: int, unit: str, is_meant: bool) -> None:
    problem = PriorExposure(agent, Decimal(dose), unit).problem
    assert (problem == "") is is_meant
    assert is_meant or agent in problem
