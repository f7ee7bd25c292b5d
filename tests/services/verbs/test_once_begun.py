"""Drugs that keep their days: they end with their cycle, and "once begun" goes along until its first dose."""

from collections import Counter
from datetime import date, timedelta

import pytest

from planner.assembly.assemble import assemble
from planner.errors import Refusal
from planner.model.cycle_content import State
from planner.model.plan import Deferral, Examination, Hold, Plan, Scope, Skip, Stop
from planner.model.protocol import TemplateOrder
from planner.model.site import Site
from planner.services.verbs import editing, pausing
from planner.services.verbs.examining import add_examination
from planner.services.verbs.rest_of_day import rest_of
from tests.assembly.texts import HEAD, order, phase
from tests.builders import placed
from tests.golden.cases import PATIENTS
from tests.services.courses_at_hand import AGENTS, events, plan_of, scheduled
from tests.services.verbs.test_lasting import as_given

COURSE = date(2026, 2, 2)
"""Day 1 of Part B 2, the second course of hyper-CVAD with dasatinib."""


def days_of(plan: Plan, agent: str, block: str = "", state: State | None = None) -> list[date]:
    return sorted(
        one.date
        for one in scheduled(plan).events
        if one.placed.agent == agent and block in ("", one.placed.block.id) and state in (None, one.state)
    )


def deferred(plan: Plan, *change: object) -> Plan:
    return editing.defer(plan, scheduled(plan), Deferral(*change, "infection"))


@pytest.mark.parametrize(
    ("protocol", "block", "cycle", "day", "days"),
    [
        ("d-alba", "induction", 1, 60, -5),
        ("d-alba", "blinatumomab", 1, 35, -3),
        ("hyper-cvad-ponatinib", "part-b", 2, 15, -4),
        ("graaph-2014", "vincristine-cycle", 1, 26, -2),
    ],
)
def test_a_course_that_comes_earlier_gives_nobody_tablets_twice(protocol, block, cycle, day, days):
    plan = plan_of(protocol)
    earlier = deferred(plan, block, cycle, day, days, Scope.FOLLOWING)
    orders = [one.placed.order for one in scheduled(plan).events]
    agents = {one.agent for one in orders if isinstance(one, TemplateOrder) and one.keeps_its_days}
    for agent in agents:
        before, after = Counter(days_of(plan, agent)), Counter(days_of(earlier, agent))
        assert max(after.values()) == max(before.values())
        assert sum(before.values()) - sum(after.values()) == -days * max(before.values())
        assert max(before) - max(after) == timedelta(-days)


def test_tablets_of_the_days_that_fall_away_stay_where_they_were_taken():
    plan = plan_of("d-alba")
    schedule = scheduled(plan)
    last = events(plan, "induction", agent="dasatinib")[-1]
    taken = as_given(plan, schedule, last)
    earlier = deferred(taken, "induction", 1, 60, -5, Scope.FOLLOWING)
    assert last.date in days_of(earlier, "dasatinib", "induction", State.GIVEN)


def test_fourteen_days_of_a_course_go_with_the_course():
    plan = plan_of("hyper-cvad-dasatinib")
    before = days_of(plan, "dasatinib", "part-b")
    assert len(before) == 14
    start = before[0]
    week = timedelta(7)
    assert days_of(deferred(plan, "part-b", 2, 1, 7, Scope.FOLLOWING), "dasatinib", "part-b") == [
        day + week for day in before
    ]
    assert days_of(deferred(plan, "part-b", 2, 2, 3, Scope.FOLLOWING), "dasatinib", "part-b") == before
    assert days_of(deferred(plan, "part-b", 2, 1, 7, Scope.CYCLE), "dasatinib", "part-b")[0] == start + week


def test_the_rest_of_a_first_day_leaves_tablets_that_were_taken():
    plan = plan_of("hyper-cvad-dasatinib")
    first = events(plan, "part-b", agent="dasatinib")[0]
    taken = as_given(plan, scheduled(plan), first)
    rest = rest_of(taken, Deferral("part-b", 2, 1, 3, Scope.FOLLOWING, "counts"))
    later = editing.defer(taken, scheduled(taken), rest)
    assert days_of(later, "dasatinib", "part-b") == days_of(plan, "dasatinib", "part-b")
    with pytest.raises(Refusal):
        deferred(taken, "part-b", 2, 1, 3, Scope.FOLLOWING)


def test_a_course_left_out_takes_its_tablets_along():
    plan = plan_of("hyper-cvad-dasatinib")
    days = days_of(plan, "dasatinib", "part-b")
    skipped = pausing.skip(plan, scheduled(plan), Skip("part-b", 2, "toxicity"))
    assert days_of(skipped, "dasatinib", "part-b", State.OMITTED) == days
    held = pausing.hold(plan, scheduled(plan), Hold("part-b", 2, 1, "toxicity"))
    assert days_of(held, "dasatinib", "part-b", State.HELD) == days
    later = pausing.hold(plan, scheduled(plan), Hold("part-b", 2, 3, "toxicity"))
    assert days_of(later, "dasatinib", "part-b", State.HELD) == []
    stopped = pausing.stop(plan, scheduled(plan), Stop("part-b", 2, 1, Scope.CYCLE, "toxicity"))
    assert days_of(stopped, "dasatinib", "part-b", State.STOPPED) == days


def test_a_change_beside_it_moves_no_dose_off_its_weekday_to_a_day_that_is_cut():
    """The phase ends on Monday 9 February: Saturday's dose found no accepted day before, and was gone afterwards."""
    text = (
        HEAD
        + phase("first", order("x"), start="protocol start", cycle_days=29)
        + phase(
            "second",
            order("y", days="1 or 2 or 3", stays="once begun", not_on="Sat, Sun"),
            start="after first",
            ends='[{ until = "1 months after first day 1" }]',
        )
    )
    plan, protocols = placed(text, PATIENTS["adult"], date(2026, 1, 9))

    def given(plan: Plan) -> list[date]:
        events = assemble(plan, protocols, AGENTS, Site()).events
        return [one.date for one in events if one.placed.order.id == "y"]

    schedule = assemble(plan, protocols, AGENTS, Site())
    counted = add_examination(plan, schedule, Examination("second", 1, "count", "Blood count", (1,), "other"))
    assert given(counted) == given(plan) == [date(2026, 2, 7)]
