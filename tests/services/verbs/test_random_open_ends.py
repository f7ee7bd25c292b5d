"""Random verbs on drugs that go on behind their drawn days, against the second opinion."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.model.plan import Hold, Scope
from planner.services.verbs import pausing
from tests.services.verbs.chain_checks import check, check_course
from tests.services.verbs.random_verbs import BEHIND, START, Course, Verb

ORDER = """
[[phases.orders]]
id = "{id}"
agent = "{agent}"
role = "antineoplastic"
route = "PO"
days = "{days}"
dose = "5 mg/kg"
evidence = "secondary"
references = ["X1"]
{more}
"""
HEAD = """
id = "open"
title = "Open"
version = "1"
status = "draft"
disease = "none"
population = "anybody"
references.X1 = { text = "invented", url = "" }
"""
PHASE = """
[[phases]]
id = "{id}"
title = "{id}"
cycle_days = 20
cycles = 2
first_day = {first}
"""
UNTIL = 'until = "counts recover"'
MORE = ('frequency = "twice daily"', 'frequency = "every 6 h x 3"', "", "stays = true", 'goes_with = "other"')


@st.composite
def courses(draw: st.DrawFn) -> str:
    """Two phases that give one drug until somebody says when it ends, drawn on some of its days, and another one."""
    first = draw(st.sampled_from([1, 0]))
    text = HEAD
    for name in ("a", "b"):
        days = draw(st.sampled_from(["1", "1:3", "2, 5", "1:9/4"]))
        more = f"{UNTIL}\n{draw(st.sampled_from(MORE))}"
        text += PHASE.format(id=name, first=first)
        text += ORDER.format(id="other", agent="vincristine", days="1, 8, 15", more="")
        text += ORDER.format(id="open", agent="dasatinib", days=days, more=more)
    return text


KINDS = (*BEHIND, *BEHIND, "resume", "resume", "defer", "give", "omit", "shift", "weigh")
numbers = st.tuples(
    st.integers(0, 1), st.integers(0, 1), *[st.integers(0, 11)] * 2, st.integers(-9, 25), st.integers(1, 99)
)
chains: st.SearchStrategy[list[Verb]] = st.lists(st.tuples(st.sampled_from(KINDS), numbers), min_size=2, max_size=8)


@settings(deadline=None, max_examples=100)
@given(courses(), chains)
def test_what_goes_on_unsaid_is_changed_as_the_second_opinion_says(text: str, chain: list[Verb]) -> None:
    check(text, chain)


@pytest.mark.parametrize(("scope", "again"), [(Scope.FOLLOWING, 30), (Scope.ALL, 30), (Scope.FOLLOWING, 12)])
def test_a_hold_that_ends_behind_the_drawn_days_of_a_later_cycle_is_drawn_there(scope: Scope, again: int) -> None:
    """The random chains go on within 20 days, so none of them reached the second cycle of a drug drawn on its first."""
    text = HEAD + PHASE.format(id="a", first=1) + ORDER.format(id="open", agent="dasatinib", days="1:3", more=UNTIL)
    course, on = Course(text), START + timedelta(again)
    place = {"block": "a", "cycle": 1, "day": 5, "order": "open", "scope": str(scope)}
    course.plan = pausing.hold(course.plan, course.schedule(), Hold("a", 1, 5, "other", order="open", scope=scope))
    course.plan = pausing.resume(course.plan, course.schedule(), {}, ("a", "open"), on).plan
    course.told = [{"kind": "hold", **place, "until": on.isoformat()}]
    check_course(course)
    (drawn,) = [one for one in course.schedule().events if one.date == on]
    assert (drawn.placed.cycle, drawn.cycle_day, drawn.state) == (1 + again // 20, 1 + again % 20, "planned")
