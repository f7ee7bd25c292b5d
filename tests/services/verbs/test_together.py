"""Several things changed as one edit."""

from collections import Counter
from datetime import date, timedelta
from hashlib import sha256

import pytest
from msgspec.structs import replace

from planner.content.protocol_file import build_protocol
from planner.errors import Refusal
from planner.model.cycle_content import State
from planner.model.library import ShelvedProtocol
from planner.model.plan import BlockStart, Given, GivenRecord, ProtocolPin
from planner.model.schedule import number_of_day
from planner.paths import resources
from planner.services.catalogue import load_for_first_look
from planner.services.demo import demo_plan, demo_site
from planner.services.evaluation import evaluate
from planner.services.verbs.placing import add_protocol, new_plan
from planner.services.verbs.recording import record_given
from planner.services.verbs.together import (
    Picked,
    Why,
    give_together,
    leaders,
    move_together,
    moving_doses,
    omit_together,
    to_record,
)
from tests.golden.cases import library
from tests.services.courses_at_hand import plan_of

WHY = Why("capacity", "bank holiday")


LIBRARY = load_for_first_look(demo_plan(resources()), resources())


def _look(plan):
    return evaluate(plan, LIBRARY, demo_site(resources()))


@pytest.fixture(scope="module")
def demo():
    return _look(demo_plan(resources()))


def _schedule_of(plan):
    return _look(plan).schedule


def _days(schedule):
    return {
        (one.placed.id, one.cycle_day, one.sequence, one.minute): one.day
        for one in schedule.events
        if one.placed.kind != "bag"
    }


def test_blocks_that_follow_a_picked_block_move_once(demo):
    blocks = tuple(block.id for block in demo.plan.blocks)
    hanging = {block.id for block in demo.plan.blocks if block.start.after}
    assert hanging, "the demo must hold a block that starts after another one"
    assert not set(leaders(demo.plan, blocks)) & hanging
    moved = _look(move_together(demo.plan, _schedule_of, Picked(blocks), 5, WHY))
    before, after = _days(demo.schedule), _days(moved.schedule)
    assert {after[key] - day for key, day in before.items()} == {5}
    assert move_together(moved.plan, _schedule_of, Picked(blocks), -5, WHY) == demo.plan


def test_doses_of_a_picked_block_are_not_moved_twice(demo):
    block = demo.plan.blocks[0].id
    doses = tuple(one for one in demo.schedule.events if one.dose)
    left = moving_doses(demo.plan, Picked((block,), doses))
    taken = {one.placed.block.id for one in doses} - {one.placed.block.id for one in left}
    assert block in taken
    moved = _look(move_together(demo.plan, _schedule_of, Picked((block,), tuple(set(doses) - set(left))), 3, WHY))
    assert not moved.plan.modifications[len(demo.plan.modifications) :]


def _alone(demo):
    """The doses of days that hold one order which falls neither the day before nor after, with room around them."""
    doses = [one for one in demo.schedule.events if one.dose and one.state is State.PLANNED]
    days = {(one.placed.id, one.day) for one in doses}
    return [one for one in doses if not {(one.placed.id, one.day - 1), (one.placed.id, one.day + 1)} & days]


def test_leaving_out_several_doses_leaves_out_exactly_these(demo):
    picked = _alone(demo)[:4]
    plan = omit_together(demo.plan, demo.schedule, picked, WHY)
    added = plan.modifications[len(demo.plan.modifications) :]
    places = {(one.placed.block.id, one.placed.cycle, one.cycle_day, one.placed.order.id) for one in picked}
    assert {(one.block, one.cycle, one.day, one.order) for one in added} == places
    assert {(one.reason, one.note) for one in added} == {("capacity", "bank holiday")}
    after = _look(plan).schedule
    gone = {
        (one.placed.block.id, one.placed.cycle, one.cycle_day, one.placed.order.id)
        for one in after.events
        if one.state is State.OMITTED
    }
    already = {
        (one.placed.block.id, one.placed.cycle, one.cycle_day, one.placed.order.id)
        for one in demo.schedule.events
        if one.state is State.OMITTED
    }
    assert gone == places | already
    assert _days(after) == _days(demo.schedule)
    again = [one for one in after.events if one.state is State.OMITTED]
    with pytest.raises(Refusal, match="no dose"):
        omit_together(plan, after, again, WHY)


@pytest.fixture(scope="module")
def course():
    """A course of many single days: the first eight cycles of hyper-CVAD."""
    file = resources() / "protocols" / "all" / "hyper-cvad.toml"
    text = file.read_text("utf-8")
    pin = ProtocolPin("hyper-cvad", "1", sha256(text.encode()).hexdigest(), text)
    shelved = ShelvedProtocol(pin, build_protocol(text), "shipped")
    plan = add_protocol(new_plan("p", demo_plan(resources()).patient), shelved, BlockStart(on=date(2026, 12, 7)))
    return _look(plan)


@pytest.mark.parametrize("days", [1, -1, 3, 30])
def test_doses_move_by_exactly_these_days_or_none_does(course, days):
    """Whole days and single doses, one and two at a time: what is not refused has moved, nothing by other days."""
    outcomes = []
    alone = _alone(course)
    for first, second in [*zip(alone[:20:2], alone[:20:2], strict=True), *zip(alone[::7], alone[3::7], strict=False)]:
        picked = tuple(one for one in alone if one.day in (first.day, second.day))[:: 1 if len(outcomes) % 2 else 2]
        try:
            plan = move_together(course.plan, _schedule_of, Picked((), picked), days, WHY)
        except Refusal:
            outcomes.append(False)
            continue
        outcomes.append(True)
        before, after = _days(course.schedule), _days(_look(plan).schedule)
        moved = {key: after[key] - day for key, day in before.items() if after.get(key) != day}
        assert set(moved.values()) == {days}
        assert {(one.placed.id, one.cycle_day, one.sequence, one.minute) for one in picked} <= set(moved)
    assert any(outcomes) == (days < 30)
    assert not all(outcomes)


def test_a_dose_that_hangs_on_another_is_refused_and_not_moved_by_nothing(demo):
    """Dexamethasone before blinatumomab goes with the infusion, which runs daily and has no day to move."""
    dose = next(one for one in _alone(demo) if one.placed.order.id == "premedication-dexamethasone")
    with pytest.raises(Refusal, match="does not move alone"):
        move_together(demo.plan, _schedule_of, Picked((), (dose,)), 1, WHY)


def test_nothing_by_no_days(demo):
    with pytest.raises(Refusal, match="at least one day"):
        move_together(demo.plan, _schedule_of, Picked((demo.plan.blocks[0].id,)), 0, WHY)


def _first_open(demo):
    """The first day on which a dose is due of which nothing is recorded."""
    return next(one.day for one in demo.schedule.events if one.dose and one.dose.value and one.state is State.PLANNED)


def test_several_doses_are_recorded_each_on_its_day_as_planned_and_no_other(demo):
    first = _first_open(demo)
    today = date.fromordinal(first + 9)
    picked = [one for one in demo.schedule.events if one.dose and one.day <= first + 20]
    due = to_record(picked, today)
    assert 3 < len(due) < len(picked)
    plan = give_together(demo.plan, demo.schedule, picked, "Ana Ruiz", today)
    assert len(plan.given) == len(demo.plan.given) + len(due)
    assert all(one.as_planned and one.by == "Ana Ruiz" for one in plan.given[len(demo.plan.given) :])
    after = {(one.placed.id, one.cycle_day, one.sequence, one.minute): one for one in _look(plan).schedule.events}
    recorded = {(one.placed.id, one.cycle_day, one.sequence, one.minute) for one in due}
    for one in demo.schedule.events:
        now = after[one.placed.id, one.cycle_day, one.sequence, one.minute]
        assert (now.day, now.dose and now.dose.value) == (one.day, one.dose and one.dose.value)
        key = one.placed.id, one.cycle_day, one.sequence, one.minute
        assert now.state is (State.GIVEN if key in recorded else one.state)


@pytest.mark.parametrize(("protocol", "a_day"), [("hsct-bu-cy", 4), ("gmall-07-03", 2)])
def test_every_dose_of_a_day_without_clock_times_is_recorded_and_none_for_another(protocol, a_day):
    plan = plan_of(protocol, **({"busulfan-dose": "every-6-hours"} if a_day > 2 else {}))
    before = evaluate(plan, replace(library(), rules=()))
    events = before.schedule.events
    lines = Counter((one.placed.id, one.cycle_day) for one in events if one.dose and one.dose.value)
    line, day = next(key for key, count in lines.items() if count == a_day)
    doses = [one for one in events if (one.placed.id, one.cycle_day) == (line, day)]
    single = next(one for one in doses if number_of_day(one) == 2)
    today = single.date + timedelta(2)
    # The second dose is recorded alone, as given a day late: it stays the second, whatever is recorded of the others.
    where = single.placed.block.id, single.placed.cycle, day, single.placed.order.id, 1
    late = GivenRecord(*where, Given.GIVEN, single.date + timedelta(1), single.dose.value, single.dose.unit, "Ana Ruiz")
    once = record_given(plan, before.schedule, late, today)
    then = evaluate(once, replace(library(), rules=())).schedule
    done = give_together(once, then, [one for one in then.events if one.day == single.day], "Ana Ruiz", today)
    of_day = [one for one in done.given if (one.order, one.day) == (single.placed.order.id, day)]
    assert sorted(one.number for one in of_day) == list(range(a_day))
    assert [one for one in of_day if one.number == 1] == [replace(late, as_planned=False)]
    after = evaluate(done, replace(library(), rules=())).schedule.events
    left = [one for one in after if (one.placed.id, one.cycle_day) == (line, day) and one.state is not State.GIVEN]
    assert left == []


def test_what_is_settled_or_due_later_is_not_recorded_by_the_way(demo):
    first = _first_open(demo)
    today = date.fromordinal(first)
    later = [one for one in demo.schedule.events if one.day > first]
    with pytest.raises(Refusal, match="still to be recorded"):
        give_together(demo.plan, demo.schedule, later, "Ana Ruiz", today)
    now = [one for one in demo.schedule.events if one.dose and one.day == first]
    given = _look(give_together(demo.plan, demo.schedule, now, "Ana Ruiz", today))
    assert to_record([one for one in given.schedule.events if one.day == first], today) == ()
    with pytest.raises(Refusal, match="needs the name"):
        give_together(demo.plan, demo.schedule, now, " ", today)
