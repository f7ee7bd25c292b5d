"""What a change of dates leaves or loses: a dose before Day 1, a deferral, the wait for an answer."""

from msgspec.structs import replace

from planner.model.plan import Deferral, Scope, Skip
from planner.services.telling.put_off import before_its_answer, lost_with_it, stays_before
from planner.services.verbs.editing import defer
from tests.services.courses_at_hand import plan_of, scheduled

AWAY = Deferral("first-year", 2, 1, 9, Scope.ALL, "holiday")


def test_what_stands_before_the_first_day_of_a_deferred_cycle_is_named() -> None:
    plan = plan_of("flag-ida", version="children")
    events = scheduled(plan).events
    early = next(one for one in events if one.cycle_day < 0 and one.dose)
    first = Deferral(early.placed.block.id, early.placed.cycle, 1, 7, Scope.FOLLOWING, "infection")
    (told,) = stays_before(scheduled(plan), first)
    assert told.startswith(f"{early.placed.agent_name} of D{early.cycle_day} stays on ")
    assert stays_before(scheduled(plan), replace(first, day=early.cycle_day)) == ()
    assert stays_before(scheduled(plan), replace(first, day=2)) == ()
    assert stays_before(scheduled(plan), replace(first, scope=Scope.DAY)) == ()
    assert stays_before(scheduled(plan), replace(first, block="nothing")) == ()
    after = defer(plan, scheduled(plan), first)
    stays = next(one for one in scheduled(after).events if one.placed.id == early.placed.id)
    assert stays.day == early.day


def test_a_deferral_that_goes_with_a_skipped_cycle_is_told() -> None:
    plan = plan_of("pomp")
    away = replace(plan, modifications=(AWAY,))
    skip = Skip("first-year", 2, "other", closes=True)
    (told,) = lost_with_it(away, skip)
    assert told.startswith("the deferral by +9 days goes with the cycle")
    for other in (replace(skip, closes=False), replace(skip, cycle=3)):
        assert lost_with_it(away, other) == ()
    assert lost_with_it(replace(plan, modifications=(replace(AWAY, scope=Scope.CYCLE),)), skip) == ()


def test_a_block_that_begins_before_its_question_is_told() -> None:
    plan = plan_of("d-alba")
    schedule = scheduled(plan)
    assert before_its_answer(schedule) == ()
    waits = next(
        block
        for block in schedule.blocks
        for clause in block.phase.only_if.clauses
        if clause.subject.startswith("decision.") and not block.waits
    )
    days = waits.begins - schedule.blocks[0].begins - 1
    blocks = tuple(
        replace(one, start=replace(one.start, gap_days=one.start.gap_days - days)) if one.id == waits.id else one
        for one in plan.blocks
    )
    told = before_its_answer(scheduled(replace(plan, blocks=blocks)))
    assert any(one.startswith(f"{waits.title} begins on ") for one in told)
