"""How a finding stands, in words: what nobody could check reads neither as found nor as passed."""

import pytest
from msgspec.structs import replace

from planner.model.finding import SEVERITIES, Finding, FindingStatus

ONE = Finding("X", "XX-01", "t", "warning", FindingStatus.OPEN, "m", (), (), (), "", "s", "r", "", "label")


@pytest.mark.parametrize("severity", SEVERITIES)
def test_the_first_word_tells_what_is_known(severity):
    stands = {status: replace(ONE, severity=severity, status=status).standing for status in FindingStatus}
    assert stands[FindingStatus.OPEN] == severity
    assert stands[FindingStatus.ACKNOWLEDGED] == f"{severity}, acknowledged"
    assert stands[FindingStatus.CANNOT_CHECK] == f"CANNOT CHECK ({severity} if broken)"
