"""What is odd in a site's agent files: a slip in a class silences rules, a unit nobody doses in rounds nothing."""

import pytest

from planner.services.catalogue import problems_of_file, remarks_on_file
from tests.golden.cases import library

AGENT = '[[agents]]\nid = "mine"\nname = "Mine"\nclasses = ["{tag}"]\nreference = "House"\n'
CHANGE = '[[changes]]\nid = "vincristine"\nusual_unit = "{unit}"\nround_to = "0.1"\nround_reference = "House"\n'
BANDS = """dose_bands = [
  {{ at_least = "1.5", below = "1.8", dose = "1.7" }},
  {{ at_least = "{least}", below = "2.1", dose = "2" }},
]
bands_reference = "House"
"""


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
        (
            CHANGE.format(unit="mg").replace('"0.1"', '"10"'),
            ["agent vincristine: rounded to 10 mg; a protocol here gives an adult 2.38 mg (1.4 mg/m2)"],
        ),
        (
            CHANGE.format(unit="mg") + BANDS.format(least="1.9"),
            ["agent vincristine: no dose band for 1.8 to below 1.9; the step rounds these"],
        ),
        (CHANGE.format(unit="mg") + BANDS.format(least="1.8"), []),
    ],
)
def test_what_is_odd_is_told(tmp_path, text, expected):
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    assert [one.removeprefix(f"{path}: ") for one in remarks_on_file(path, library())] == expected


@pytest.mark.parametrize("slip", ["[changes]", "[[change]]", "[change]"])
def test_a_slip_in_the_head_is_named_and_makes_no_protocol_of_the_file(tmp_path, slip):
    """It was read as a protocol, of which all eight keys are missing."""
    path = tmp_path / "mine.toml"
    path.write_text(f"# ours\n{CHANGE.format(unit='mg').replace('[[changes]]', slip)}", encoding="utf-8")
    (problem,) = problems_of_file(path, library())
    assert str(problem) == f"{path}:2: {slip} is written [[changes]] here"


@pytest.mark.parametrize("line", ["[agent]", "[agent] = one", "[[change]]"])
def test_a_line_of_a_text_in_quotes_is_no_head(tmp_path, line):
    """One with "=" behind it ended the check with a traceback, one without made a protocol a file of agents."""
    path = tmp_path / "mine.toml"
    text = library().protocols["pomp"].pin.text
    path.write_text(text.replace('summary = "', f'extra = """\n{line}\n"""\nsummary = "', 1), "utf-8")
    (problem,) = problems_of_file(path, library())
    assert problem.message.startswith("is not a key of this format")
