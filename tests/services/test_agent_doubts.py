"""What is odd in a site's agent files: a slip in a class silences rules, a unit nobody doses in rounds nothing."""

import pytest

from planner.services.catalogue import remarks_on_file
from tests.golden.cases import library

AGENT = '[[agents]]\nid = "mine"\nname = "Mine"\nclasses = ["{tag}"]\nreference = "House"\n'
CHANGE = '[[changes]]\nid = "vincristine"\nusual_unit = "{unit}"\nround_to = "0.1"\nround_reference = "House"\n'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            AGENT.format(tag="alkilator"),
            ['agent mine: no other agent is of the class "alkilator"; did you mean "alkylator"?'],
        ),
        (AGENT.format(tag="qqqq"), ['agent mine: no other agent is of the class "qqqq"']),
        (AGENT.format(tag="alkylator"), []),
        (CHANGE.format(unit="mcg"), ["agent vincristine: rounded in mcg; the protocols here dose it in mg"]),
        (CHANGE.format(unit="mg"), []),
    ],
)
def test_what_is_odd_is_told(tmp_path, text, expected):
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    assert [one.removeprefix(f"{path}: ") for one in remarks_on_file(path, library())] == expected
