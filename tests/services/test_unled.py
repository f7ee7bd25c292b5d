"""What an author of a protocol is told of days on which no dose leads to a timed order."""

import pytest

from planner.paths import resources
from planner.services.catalogue import problems_of_file, remarks_on_file
from planner.services.unled import unled_days
from tests.golden.cases import library

GUIDE = (resources() / "protocols" / "README.md").read_text("utf-8").partition("```toml\n")[2].partition("```")[0]
RESCUE = """
[[phases.orders]]
id = "leucovorin"
agent = "leucovorin"
role = "rescue"
route = "IV"
dose = "15 mg"
{}
evidence = "unverified"
references = ["G1"]

[[phases.assessments]]
"""


@pytest.fixture
def told(tmp_path):
    """The remarks on the guide's example with a rescue of these days and this timing."""

    def read(lines):
        path = tmp_path / "mine.toml"
        text = GUIDE.replace('duration = "10 min"', 'duration = "24 h"')
        path.write_text(text.replace("[[phases.assessments]]\n", RESCUE.format(lines).lstrip(), 1), "utf-8")
        assert problems_of_file(path, library()) == ()
        remarks = [one.removeprefix(f"{path}: ") for one in remarks_on_file(path, library())]
        return [one for one in remarks if "its timing" in one]

    return read


TIMED = 'timing = "24 h after end of vincristine"\nfrequency = "every 6 h x 6"\n'


def test_a_rescue_that_was_put_a_day_too_early_is_told_with_the_day_it_falls_on(told):
    assert told(f'{TIMED}days = "2, 10"') == [
        "phase induction, order leucovorin: its timing gives day 2 no clock time; it falls on day 3, 10, 17, 24"
    ]
    assert told(f'{TIMED}days = "3, 10, 17, 24"') == []


def test_a_dose_that_follows_one_to_the_end_of_the_cycle_is_led_there_too(told):
    timed = 'timing = "1 h after start of prednisone"\n'
    assert told(f'{timed}days = "5, 28"') == []


def test_a_timing_that_reaches_no_day_of_the_phase_says_so(told):
    (one,) = told('timing = "2000 h after start of vincristine"\ndays = "2"')
    assert one.endswith("its timing gives day 2 no clock time; it falls on no day of this phase")


def test_no_shipped_protocol_has_such_a_day():
    assert [told for one in library().protocols.values() for told in unled_days(one.protocol)] == []


def test_an_agent_file_has_no_remarks(tmp_path):
    path = tmp_path / "agents.toml"
    path.write_text((resources() / "agents" / "README.md").read_text("utf-8").split("```toml\n")[1].split("```")[0])
    assert remarks_on_file(path, library()) == ()
