"""An answer that nothing stands under, and a window that reaches the next dose, told to the author of a file."""

import pytest

from planner.content.protocol_file import read_protocol
from planner.paths import resources
from planner.services.catalogue import load_library, remarks_on_file
from planner.services.idle_answers import idle_answers, idle_cycles, wide_windows
from tests.services.courses_at_hand import AGENTS

GUIDE = (resources() / "protocols" / "README.md").read_text("utf-8").split("```toml\n")[1].split("```")[0]


def _read(*changes):
    text = GUIDE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    protocol, problems = read_protocol(text, "own.toml", AGENTS)
    assert not problems
    return protocol


def test_an_answer_without_anything_under_it_is_told_and_what_to_write():
    (told,) = idle_answers(_read())
    assert told.startswith("decision response, answer no-cr: nothing stands under it")
    assert 'only_if = "decision.response = no-cr"' in told


@pytest.mark.parametrize("asks", ["decision.response != cr", "decision.response in cr | no-cr"])
def test_an_answer_that_some_condition_takes_is_not_told(asks):
    marrow = ('id = "marrow"\ntitle', f'id = "marrow"\nwhen = "{asks}"\ntitle')
    assert idle_answers(_read(marrow)) == ()


def test_a_decision_that_no_condition_asks_for_is_told_once():
    (told,) = idle_answers(_read(('only_if = "decision.response = cr"', "")))
    assert told.startswith("decision response: no condition asks for its answer")


@pytest.mark.parametrize(
    ("window", "told"), [("-1/+3", False), ("-6/+6", False), ("-0/+7", True), ("-7/+0", True), ("-2/+9", True)]
)
def test_a_window_that_reaches_the_day_of_the_next_dose_is_told(window, told):
    found = wide_windows(_read(('days = "1, 8, 15, 22"', f'days = "1, 8, 15, 22"\nwindow = "{window}"')))
    assert bool(found) is told
    assert all("order vincristine: its window lets the dose of day 1 fall on day 8" in one for one in found)


def test_days_in_a_row_may_shift_together():
    assert wide_windows(_read(('days = "1:28"', 'days = "1:28"\nwindow = "-2/+2"'))) == ()


def test_validate_says_both(tmp_path):
    own = tmp_path / "own.toml"
    own.write_text(GUIDE.replace("1, 8, 15, 22", '1, 8, 15, 22"\nwindow = "-0/+7'), encoding="utf-8")
    told = " ".join(remarks_on_file(own, load_library(resources(), None)))
    assert "fall on day 8" in told
    assert "answer no-cr" in told


def test_an_exemption_from_a_rule_that_is_nowhere_is_told(tmp_path):
    """ "GC-2" for GC-02 exempted nothing, without a word."""
    own = tmp_path / "own.toml"
    for rule, told in (("GC-02", False), ("GC-2", True)):
        exempt = f'status = "draft"\nexemptions = [{{ rule = "{rule}", because = "by design" }}]'
        own.write_text(GUIDE.replace('status = "draft"', exempt), encoding="utf-8")
        said = " ".join(remarks_on_file(own, load_library(resources(), None)))
        assert (f"there is no rule {rule}" in said) is told


@pytest.mark.parametrize(
    ("slip", "told"),
    [
        (("cycles = 4  ", "cycles = 2  "), True),
        (("cycles = 4  ", "cycles = 4  "), False),
    ],
)
def test_what_stands_in_no_cycle_of_the_course_is_told(slip, told):
    """A marrow and a decision of cycle 4 were drawn in no plan where the course had been forgotten."""
    later = ('days = "1"\nevidence = "local"', 'days = "1"\ncycles = "3-4"\nevidence = "local"')
    found = idle_cycles(_read(slip, later))
    assert (found == ("phase maintenance, order vincristine: the course places no cycle of it (3, 4)",)) is told
    assert bool(found) is told


def test_a_decision_after_a_cycle_that_is_not_placed_is_told():
    moved = ('phase = "induction"\nday = 29', 'phase = "maintenance"\ncycle = 6\nday = 29')
    always = ('only_if = "decision.response = cr"', "")
    assert idle_cycles(_read(moved, always)) == (
        "decision response: asked after cycle 6 of maintenance, which the course does not place",
    )


def test_all_that_is_shipped_stands_in_a_cycle_of_its_course():
    found = {name: idle_cycles(one.protocol) for name, one in load_library(resources(), None).protocols.items()}
    assert {name: told for name, told in found.items() if told} == {}
