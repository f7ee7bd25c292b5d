"""How findings say what they look for."""

import pytest

from planner.checking.hits import spoken
from tests.checking.shipped import rules


@pytest.mark.parametrize(
    ("rule_id", "words"),
    [("MP-03", "trimethoprim-sulfamethoxazole"), ("HS-17", "mTOR inhibitor"), ("AC-06", "steroid eye drops")],
)
def test_drugs_and_classes_are_said_as_people_write_them(rule_id, words):
    assert words in spoken(rules()[rule_id].parameters["needs"])
