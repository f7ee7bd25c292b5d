"""Random verbs on random protocols: nothing lost or doubled, every step undone again, and a second opinion agrees."""

from collections import Counter
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from planner.model.plan import Deferral, Given, GivenRecord, Repetition, Scope
from planner.services.verbs import editing
from planner.services.verbs.recording import record_given
from planner.services.verbs.repeating import repeat_cycle
from planner.storage.plan_codec import decode, encode
from tests.assembly.random_protocols import protocols
from tests.services.verbs.chain_checks import by_planner, check, check_chain, check_course
from tests.services.verbs.random_verbs import Course, Numbers, Verb, do, verbs

CHAINS = 4
"""Chains tried on each random protocol of the large count."""


@settings(deadline=None)
@given(protocols(), st.lists(verbs, min_size=1, max_size=6))
def test_random_verbs_agree_with_the_second_opinion(text: str, chain: list[Verb]) -> None:
    check(text, chain)


@settings(deadline=None, max_examples=60)
@given(protocols(timed=True, longest=21), st.lists(verbs, min_size=1, max_size=6))
def test_orders_timed_by_others_change_as_the_second_opinion_says(text: str, chain: list[Verb]) -> None:
    check(text, chain)


@pytest.mark.slow
@pytest.mark.timeout(36000)
@settings(deadline=None, max_examples=100_000 // CHAINS)
@given(
    protocols(timed=True, longest=35),
    st.lists(st.lists(verbs, min_size=1, max_size=8), min_size=CHAINS, max_size=CHAINS),
)
def test_a_hundred_thousand_random_verb_chains_agree(text: str, chains: list[list[Verb]]) -> None:
    check(text, *chains)


@settings(deadline=None)
@given(protocols(), st.lists(verbs, max_size=3), st.tuples(*[st.integers(0, 11)] * 4, st.just(0), st.integers(0, 9)))
def test_a_repeated_cycle_is_there_once_more_and_nothing_else_is(text: str, chain: list[Verb], at: Numbers) -> None:
    course = Course(text)
    for verb in chain:
        do(course, verb)
    found = course.place(at)
    if found is None or any(block.start.day for block in course.plan.blocks):
        return
    block, cycle, _ = found
    plan = repeat_cycle(course.plan, course.schedule(), Repetition("", block.id, cycle.number, "other"), at[5])
    assert decode(encode(plan), "plan.json") == plan
    again = next(one for one in plan.blocks if one.id not in {b.id for b in course.plan.blocks})
    assert again.cycles == (cycle.number,)
    held = replace(plan, modifications=(), given=())
    cycles = Counter((one.phase, number) for one in plan.blocks for number in one.cycles)
    before = Counter((one.phase, number) for one in course.plan.blocks for number in one.cycles)
    before[again.phase, cycle.number] += 1
    assert cycles == before
    placed = course.schedule(held).blocks
    spans = sorted((one.start, one.end) for one in placed if one.phase.id == again.phase)
    assert all(first[1] <= second[0] for first, second in pairwise(spans))


TWO_RUNS = """
id = "two-runs"
title = "Two runs"
version = "1"
status = "draft"
disease = "none"
population = "anybody"
references.X1 = { text = "invented", url = "" }
[[phases]]
id = "block"
title = "Block"
cycle_days = 8
cycles = 1
start = "protocol start"
[[phases.orders]]
id = "infusion"
agent = "methotrexate"
role = "antineoplastic"
route = "IV"
days = "1"
duration = "24 h"
dose = "5 mg"
evidence = "secondary"
references = ["X1"]
[[phases.orders]]
id = "before"
agent = "prednisone"
role = "premedication"
route = "IV"
days = "1:2"
frequency = "every 12 h x 6"
timing = "30 min before infusion"
dose = "5 mg"
evidence = "secondary"
references = ["X1"]
"""


def test_of_one_day_what_has_no_clock_time_is_counted_before_what_has_one() -> None:
    course = Course(TWO_RUNS)
    at = "block", 1, 2, "before", 0
    record = GivenRecord(*at, Given.NOT_GIVEN, None, None, "", "A nurse", "toxicity")
    course.plan = record_given(course.plan, course.schedule(), record, date(2100, 1, 1))
    told = {"kind": "give", "block": "block", "cycle": 1, "day": 2, "order": "before", "missed": True}
    course.told = [{**told, "on": str(course.plan.given[-1].on)}]
    day = [one for one in course.schedule().events if (one.placed.order.id, one.cycle_day) == ("before", 2)]
    assert [(one.minute, str(one.state)) for one in day] == [
        (-1, "omitted"),
        (-1, "planned"),
        (8 * 60 + 30, "planned"),
        (20 * 60 + 30, "planned"),
    ]
    check_course(course)


def test_a_dose_that_was_not_given_is_due_again_where_it_is_put_off() -> None:
    course = Course(TWO_RUNS)
    places = ((n, course.place((0, 0, n, 0, 0, 0))) for n in range(12))
    at = next(n for n, found in places if found and found[2].cycle_day == 3)
    check_chain(course, [("miss", (0, 0, at, 0, 0, 0)), ("defer", (0, 0, at, 2, 4, 0))])
    assert [(one["kind"], one["day"]) for one in course.told] == [("give", 3), ("defer", 3)]
    here = [one for one in course.schedule().events if one.cycle_day == 3]
    assert "omitted" not in {str(one.state) for one in here}
    assert any(note.startswith("not given on ") for one in here for note in one.notes)


def test_a_dose_that_was_not_given_outlives_a_stop_that_closes_up_from_its_day() -> None:
    course = Course(TWO_RUNS)
    places = ((n, course.place((0, 0, n, 0, 0, 0))) for n in range(12))
    at = next(n for n, found in places if found and found[2].cycle_day == 3)
    chain: list[Verb] = [("miss", (0, 0, at, 0, 0, 0)), ("stop", (0, 0, at, 9, 0, 0))]
    check_chain(course, chain)
    assert [(one["kind"], one["day"]) for one in course.told] == [("give", 3), ("stop", 3)]
    assert course.told[1]["closes"]
    left = [one for one in course.schedule().events if one.cycle_day >= 3]
    assert [(one.cycle_day, str(one.state), one.notes[0]) for one in left] == [(3, "omitted", "not given: toxicity")]


def phase(name: str, only_if: str = "") -> str:
    return f"""
[[phases]]
id = "{name}"
title = "{name}"
cycle_days = 14
cycles = 1
{only_if}
[[phases.orders]]
id = "vcr"
agent = "vincristine"
role = "antineoplastic"
route = "IV"
days = "1, 8"
dose = "2 mg"
evidence = "secondary"
references = ["X1"]
"""


ASKED = """
[[decisions]]
id = "answer"
question = "More?"
phase = "first"
cycle = 1
day = 14
expected = "yes"
choices = [{ id = "yes", title = "Yes" }, { id = "no", title = "No" }]
evidence = "secondary"
references = ["X1"]
"""
HEAD = TWO_RUNS[: TWO_RUNS.index("[[phases]]")]
ANSWERED = HEAD + phase("first", 'start = "protocol start"') + phase("more", 'only_if = "decision.answer = yes"')
ANSWERED += phase("last", 'only_if = "decision.answer = no"') + phase("end") + ASKED


@pytest.mark.parametrize(("verb", "numbers"), [("replace", (1, 0, 0, 3, 0, 5)), ("stop", (1, 0, 0, 7, 0, 0))])
def test_a_change_of_the_whole_plan_reaches_on_past_an_answer_that_leaves_its_block_out(
    verb: str, numbers: Numbers
) -> None:
    course = Course(ANSWERED)
    check_chain(course, [(verb, numbers), ("answer", (0, 0, 0, 1, 0, 0))])
    assert [one["kind"] for one in course.told] == [verb, "answer"]
    untouched = {one.placed.block.id for one in course.schedule().events if one.placed.agent == "vincristine"}
    reached = [one for one in course.schedule().events if one.placed.agent == "etoposide" or one.state == "stopped"]
    assert {one.placed.block.id for one in reached} == {"last", "end"}
    assert "first" in untouched


def test_what_a_deferral_brings_forward_from_behind_the_cut_is_there_also_off_weekends() -> None:
    """Day 9 fell on the Sunday of day 1 and the doses of the days behind it were gone."""
    short = phase("first", 'start = "protocol start"').replace("cycle_days = 14", "cycle_days = 27")
    late = phase("late", 'ends = [{ until = "1 month after first day 1" }]').replace(
        'days = "1, 8"', 'days = "1, 9:end"\nnot_on = "Sat, Sun"\nwindow = "-1/+1"'
    )
    course = Course(HEAD + short + late)
    change = Deferral("late", 1, 2, -8, Scope.FOLLOWING, "other")
    course.plan = editing.defer(course.plan, course.schedule(), change)
    course.told = [
        {"kind": "defer", "block": "late", "cycle": 1, "day": 2, "order": "", "days": -8, "scope": "following"}
    ]
    check_course(course)
    assert {one.cycle_day for one in course.schedule().events if one.placed.block.id == "late"} > {9, 10}


def test_what_is_cut_leads_nothing_also_where_something_else_of_its_cycle_changes() -> None:
    """A blood count added to a cycle that an end rule cuts took doses away: they hung on one behind the cut."""
    short = phase("first", 'start = "protocol start"').replace("cycle_days = 14", "cycle_days = 23")
    late = phase("late", 'ends = [{ until = "1 month after first day 1" }]').replace(
        'days = "1, 8"', 'days = "3, 9:end"'
    )
    timed = TWO_RUNS[TWO_RUNS.rindex("[[phases.orders]]") :].replace('days = "1:2"', 'days = "1:8"')
    timed = timed.replace("every 12 h x 6", "every 6 h x 4").replace("30 min before infusion", "90 h before vcr")
    course = Course(HEAD + short + late + timed.replace('id = "before"', 'id = "hung"'))
    planned = {one for one in by_planner(course) if one[0][4] == "prednisone"}
    assert planned
    check_chain(course, [("examine", (1, 0, 0, 0, 0, 2))])
    assert course.told
    assert planned == {one for one in by_planner(course) if one[0][4] == "prednisone"}
