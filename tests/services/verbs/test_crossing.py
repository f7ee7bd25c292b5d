"""A deferral stays clear of the other blocks of its protocol, also where these have dates of their own."""

from datetime import date

import pytest

from planner.assembly.assemble import assemble
from planner.errors import Refusal
from planner.model.plan import Deferral, Scope
from planner.model.site import Site
from planner.services.verbs import editing
from tests.assembly.texts import HEAD, order, phase
from tests.builders import placed
from tests.golden.cases import PATIENTS
from tests.services.courses_at_hand import AGENTS, plan_of, scheduled
from tests.services.verbs.test_lasting import PH_POSITIVE


def put_off(plan, days, scope, day=1):
    return editing.defer(plan, scheduled(plan), Deferral("part-b", 2, day, days, scope, "infection"))


@pytest.fixture(scope="module")
def pinned():
    """Part A 3 stands on a date of its own, behind part B 2 as the protocol has it."""
    plan = plan_of("hyper-cvad", PH_POSITIVE)
    block = next(one for one in scheduled(plan).blocks if one.id == "part-a-2")
    return editing.start_block_on(plan, "part-a-2", date.fromordinal(block.begins))


def last_dose(plan, block_id):
    events = scheduled(plan).events
    return max(one.day for one in events if one.placed.block.id == block_id and one.placed.role == "antineoplastic")


def test_what_follows_may_not_run_into_a_block_with_a_date_of_its_own(pinned):
    begins = scheduled(pinned).block("part-a-2").begins
    last = max(
        one.day
        for one in scheduled(pinned).events
        if one.placed.block.id == "part-b" and one.placed.role in ("antineoplastic", "intrathecal")
    )
    room = begins - 1 - last
    with pytest.raises(Refusal, match=f'would run into Part A 3, .* at most {room} days.*scope "all"') as refused:
        put_off(pinned, room + 1, Scope.FOLLOWING)
    assert refused.value.nearest == str(room)
    assert last_dose(put_off(pinned, room, Scope.FOLLOWING), "part-b") < begins
    everything = put_off(pinned, room + 1, Scope.ALL)
    assert scheduled(everything).block("part-a-2").begins == begins + room + 1


def test_what_hangs_on_it_may_not_run_into_one_either():
    plan = plan_of("hyper-cvad", PH_POSITIVE)
    block = next(one for one in scheduled(plan).blocks if one.id == "part-b-2")
    plan = editing.start_block_on(plan, "part-b-2", date.fromordinal(block.begins))
    with pytest.raises(Refusal, match="Part A 3 would run into Part B 4"):
        put_off(plan, 20, Scope.FOLLOWING)


def test_where_all_follows_nothing_is_in_the_way():
    plan = plan_of("hyper-cvad", PH_POSITIVE)
    assert put_off(plan, 40, Scope.FOLLOWING).modifications


@pytest.mark.parametrize("scope", [Scope.DAY, Scope.CYCLE, Scope.FOLLOWING, Scope.ALL])
def test_no_day_jumps_back_over_the_block_before(scope):
    plan = plan_of("hyper-cvad", PH_POSITIVE)
    first = scheduled(plan).block("part-b").begins
    events = [one for one in scheduled(plan).events if one.placed.block.id == "part-a" and one.placed.route != "PO"]
    last = max(one.day for one in events if one.placed.role in ("antineoplastic", "intrathecal"))
    with pytest.raises(Refusal, match=f"at most {first - last - 1} days earlier") as refused:
        put_off(plan, last - first, scope)
    assert refused.value.nearest == str(last - first + 1)


SECOND_DOSE = (
    HEAD
    + phase("first", order("x", days="1, 8, 12"), start="protocol start", cycle_days=14)
    + phase("second", order("y"), start="first day 10 + 7 days")
    + phase("third", order("z"), start="after second")
)
"""The second block starts 7 days after Day 10 of the first one, on its Day 17; the third one gets a date of its own."""


@pytest.mark.parametrize(("day", "title", "room"), [(12, "First", 25), (8, "Second", 20)])
def test_what_hangs_on_a_day_goes_along_where_that_day_moves(day, title, room):
    """The third block begins on 11 February: Day 12 of the first is 16 January, the second block's dose 21 January."""
    plan, protocols = placed(SECOND_DOSE, PATIENTS["adult"], date(2026, 1, 5))
    plan = editing.start_block_on(plan, "third", date(2026, 2, 11))
    schedule = assemble(plan, protocols, AGENTS, Site())

    def put(days):
        return editing.defer(plan, schedule, Deferral("first", 1, day, days, Scope.FOLLOWING, "infection"))

    assert put(room).modifications
    with pytest.raises(Refusal, match=f"{title} would run into Third, .* at most {room} days") as refused:
        put(room + 1)
    assert refused.value.nearest == str(room)
