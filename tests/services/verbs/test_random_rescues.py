"""Random chains with raised rescues: a second computation of what they take the place of agrees, to the minute."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.assembly import raised
from planner.assembly.raised import Hours
from planner.model.plan import Replacement, Scope
from planner.services.verbs import editing, redosing
from tests.assembly.random_protocols import protocols
from tests.services.verbs.chain_checks import check, check_course
from tests.services.verbs.random_verbs import KNOWN, Course, Verb, do, verbs

raises = st.tuples(st.just("raise"), st.tuples(*[st.integers(0, 11)] * 4, st.integers(-9, 25), st.integers(1, 99)))
small = protocols(timed=True, longest=12, rescues=True)
chains = st.lists(
    st.tuples(st.lists(verbs, max_size=2), st.lists(raises, min_size=1, max_size=3), st.lists(verbs, max_size=2)).map(
        lambda parts: [one for part in parts for one in part]
    ),
    min_size=3,
    max_size=3,
)
"""Chains on one protocol: one to three raises, with other verbs before and behind."""


@settings(deadline=None, max_examples=20)
@given(small, chains)
def test_raised_rescues_take_the_place_of_others_as_the_second_opinion_says(text: str, some: list[list[Verb]]) -> None:
    check(text, *some)


@pytest.mark.slow
@pytest.mark.timeout(14400)
@settings(deadline=None, max_examples=10_000)
@given(small, chains)
def test_thirty_thousand_chains_with_raised_rescues_agree(text: str, some: list[list[Verb]]) -> None:
    check(text, *some)


METHOTREXATE = """
id = "high-dose"
title = "High dose"
version = "1"
status = "draft"
disease = "none"
population = "anybody"
decisions = []

[references]
X1 = { text = "invented", url = "" }

[[phases]]
id = "course"
title = "Course"
cycle_days = 14
start = "protocol start"

[[phases.orders]]
id = "methotrexate"
agent = "methotrexate"
role = "antineoplastic"
route = "IV"
days = "1, 8"
duration = "4 h"
dose = "1 g/m2"
evidence = "secondary"
references = ["X1"]

[[phases.orders]]
id = "leucovorin"
agent = "leucovorin"
role = "rescue"
route = "IV"
days = "2, 9"
frequency = "every 6 h x 6"
timing = "24 h after start of methotrexate"
until = "levels are low"
dose = "15 mg"
evidence = "secondary"
references = ["X1"]
"""
RAISED = ("raise", (3, 0, 0, 1, 0, 29))
"""From 14:30 on the second day of the first rescue: 29 mg every 4 h."""


def _late(fault, monkeypatch):
    """A fault of one hour, made in the product."""
    reach, doses = raised._reach, Hours.doses_of
    if fault == "its own doses":
        monkeypatch.setattr(Hours, "doses_of", lambda self, order, led: [one + 60 for one in doses(self, order, led)])
    else:
        more = {"begins": 4 * 60} if fault == "the first dose it replaces" else {"ends": 25 * 60}

        def late(*told):
            found = reach(*told)
            return found._replace(**{name: getattr(found, name) + by for name, by in more.items()})

        monkeypatch.setattr(raised, "_reach", late)


def test_without_a_fault_both_agree():
    check(METHOTREXATE, [RAISED])


@pytest.mark.parametrize(
    ("fault", "dose"), [("its own doses", "16"), ("the first dose it replaces", "17"), ("the next dose", "18")]
)
def test_a_fault_of_an_hour_is_found(fault, dose, monkeypatch):
    """Dates alone do not show it: of 61 raised rescues that were an hour late none was told."""
    _late(fault, monkeypatch)
    text = METHOTREXATE.replace("15 mg", f"{dose} mg")  # a cycle that was drawn before is remembered
    with pytest.raises(AssertionError):
        check(text, [RAISED])


@pytest.mark.parametrize("later", [1, 3, 6])
def test_a_raised_rescue_is_there_as_long_wherever_its_dose_falls(later):
    """A block put off by three days brings methotrexate of Mondays to another day of it: the plan did not open."""
    weekly = METHOTREXATE.replace('days = "1, 8"', 'days = "1:14"\nweekdays = "Mon"')
    course = Course(weekly)
    do(course, RAISED)
    before = _doses(course)
    assert before
    course.plan = editing.move_block(course.plan, "course", later)
    course.told.append({"kind": "shift", "block": "course", "cycle": 1, "day": 1, "order": "", "days": later})
    assert _doses(course) == before
    check_course(course)


def _doses(course):
    """When each dose of the raised rescue comes, in days and minutes behind the first of methotrexate before it."""
    events = course.schedule().events
    raised_ones = [one for one in events if one.placed.order.id.startswith("leucovorin-every")]
    led = [one for one in events if one.placed.order.id == "methotrexate" and one.day <= raised_ones[0].day]
    return [(one.day - led[-1].day, one.minute - led[-1].minute) for one in raised_ones]


def test_a_raised_rescue_takes_the_place_of_its_own_drug_alone():
    """A rescue that was changed to another drug on its second day: those doses stay beside the raised one."""
    course = Course(METHOTREXATE)
    told = {"block": "course", "cycle": 1, "day": 3, "order": "leucovorin"}
    change = Replacement(*told.values(), Scope.DAY, "etoposide", "other", dose="64 mg")
    course.plan = redosing.replace_agent(course.plan, course.schedule(), KNOWN, change)
    course.told.append({"kind": "replace", **told, "scope": "day", "agent": "etoposide", "dose": "64 mg", "times": 0})
    do(course, RAISED)
    assert {str(one.state) for one in course.schedule().events if one.placed.agent == "etoposide"} == {"planned"}
    check_course(course)
